/*
 * A TCP proxy that makes a connection as slow as a distant one:
 *   delay PORT MS
 * listens on a free port of 127.0.0.1, which it prints, and forwards to PORT
 * there. Every byte arrives MS/2 after it was sent; nothing else is limited.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

#define CHUNK 65536
#define AHEAD 256 /* chunks on the way in one direction */
#define MOST 1024 /* connections */

struct chunk {
	struct chunk *next;
	int64_t due;
	size_t n, at;
	char bytes[];
};

/* One direction of a connection. */
struct way {
	int from, to;
	struct chunk *head, *tail;
	size_t count;
	bool ended; /* nothing more is to be read */
};

struct pair {
	int fds[2];
	struct way ways[2];
};

struct proxy {
	int listener, port;
	int64_t delay;
	struct pair pairs[MOST];
	struct pollfd polls[1 + 2 * MOST];
	size_t count;
};

static int
die(const char *what)
{
	perror(what);
	exit(2);
}

static struct sockaddr_in
loopback(int port)
{
	return (struct sockaddr_in){.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void
prepare(int fd)
{
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	fcntl(fd, F_SETFL, O_NONBLOCK);
}

static void
take(struct proxy *p)
{
	struct sockaddr_in to = loopback(p->port);
	struct pair *pair = &p->pairs[p->count];
	int a = accept(p->listener, NULL, NULL), b;

	if (a < 0)
		return;
	b = socket(AF_INET, SOCK_STREAM, 0);
	if (p->count == MOST || b < 0 ||
	    connect(b, (struct sockaddr *)&to, sizeof(to)) < 0) {
		close(a);
		close(b);
		return;
	}
	prepare(a);
	prepare(b);
	*pair = (struct pair){.fds = {a, b},
	    .ways = {{.from = a, .to = b}, {.from = b, .to = a}}};
	p->count++;
}

static void
receive(struct way *w, int64_t due)
{
	struct chunk *c = malloc(sizeof(*c) + CHUNK);
	ssize_t n;

	if (c == NULL)
		die("malloc");
	n = read(w->from, c->bytes, CHUNK);
	if (n <= 0) {
		w->ended = n == 0 || (errno != EAGAIN && errno != EINTR);
		free(c);
		return;
	}
	*c = (struct chunk){.due = due, .n = (size_t)n};
	*(w->tail != NULL ? &w->tail->next : &w->head) = c;
	w->tail = c;
	w->count++;
}

/* Forward what is due; false when the other side takes no more. */
static bool
forward(struct way *w, int64_t now)
{
	struct chunk *c;
	ssize_t n;

	while ((c = w->head) != NULL && c->due <= now) {
		n = send(w->to, c->bytes + c->at, c->n - c->at, MSG_NOSIGNAL);
		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		c->at += (size_t)n;
		if (c->at < c->n)
			return true;
		w->head = c->next;
		if (w->head == NULL)
			w->tail = NULL;
		w->count--;
		free(c);
	}
	return !w->ended || w->head != NULL;
}

static void
end_pair(struct proxy *p, size_t i)
{
	struct pair *pair = &p->pairs[i];
	struct chunk *c;

	for (int k = 0; k < 2; k++) {
		while ((c = pair->ways[k].head) != NULL) {
			pair->ways[k].head = c->next;
			free(c);
		}
		close(pair->fds[k]);
	}
	*pair = p->pairs[--p->count];
}

/* Milliseconds until the first chunk is due; -1: there is none. */
static int
patience(const struct proxy *p, int64_t now)
{
	int64_t first = -1;

	for (size_t i = 0; i < 2 * p->count; i++) {
		const struct chunk *c = p->pairs[i / 2].ways[i % 2].head;

		if (c != NULL && (first < 0 || c->due < first))
			first = c->due;
	}
	if (first < 0)
		return -1;
	return first > now ? (int)(first - now) : 1;
}

static void
turn(struct proxy *p)
{
	size_t i, n = p->count;
	int64_t now;

	p->polls[0] = (struct pollfd){.fd = p->listener, .events = POLLIN};
	for (i = 0; i < 2 * n; i++) {
		const struct way *w = &p->pairs[i / 2].ways[i % 2];
		bool full = w->ended || w->count >= AHEAD;

		p->polls[1 + i] = (struct pollfd){
		    .fd = full ? -1 : w->from, .events = POLLIN};
	}
	if (poll(p->polls, 1 + 2 * n, patience(p, clock_mono_ms())) < 0 &&
	    errno != EINTR)
		die("poll");
	now = clock_mono_ms();
	for (i = 0; i < 2 * n; i++) {
		if (p->polls[1 + i].revents != 0)
			receive(&p->pairs[i / 2].ways[i % 2], now + p->delay);
	}
	for (i = n; i-- > 0;) {
		if (!forward(&p->pairs[i].ways[0], now) ||
		    !forward(&p->pairs[i].ways[1], now))
			end_pair(p, i);
	}
	if (p->polls[0].revents != 0)
		take(p);
}

int
main(int argc, char **argv)
{
	struct sockaddr_in at = loopback(0);
	socklen_t n = sizeof(at);
	struct proxy *p;

	if (argc != 3)
		return 2;
	p = mem_new(sizeof(*p));
	p->port = atoi(argv[1]);
	p->delay = atoi(argv[2]) / 2;
	p->listener = socket(AF_INET, SOCK_STREAM, 0);
	if (p->listener < 0 ||
	    bind(p->listener, (struct sockaddr *)&at, sizeof(at)) < 0 ||
	    listen(p->listener, MOST) < 0 ||
	    getsockname(p->listener, (struct sockaddr *)&at, &n) < 0)
		die("delay");
	printf("%d\n", ntohs(at.sin_port));
	fflush(stdout);
	for (;;)
		turn(p);
}
