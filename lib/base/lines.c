#include "base/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

#define PIECE (128 * 1024) /* bytes asked for by one read */

struct lines {
	char **files;
	int count;
	int next; /* index into files */
	lines_wait_fn *wait;
	void *ctx;

	const char *name; /* of the open file */
	int fd;           /* -1: the next file is to be opened */
	bool eof;
	unsigned long number;
	struct buf in;
	size_t start; /* of the line that comes next */
	size_t seen;  /* no newline before this */
};

struct lines *
lines_new(char **files, int count, lines_wait_fn *wait, void *ctx)
{
	struct lines *l = mem_new(sizeof(*l));

	l->files = files;
	l->count = count;
	l->wait = wait;
	l->ctx = ctx;
	l->fd = -1;
	return l;
}

void
lines_free(struct lines *l)
{
	if (l == NULL)
		return;
	if (l->fd > STDIN_FILENO)
		close(l->fd);
	buf_free(&l->in);
	free(l);
}

static const char *
next_name(const struct lines *l)
{
	if (l->next >= (l->count > 0 ? l->count : 1))
		return NULL;
	return l->count > 0 ? l->files[l->next] : "-";
}

/* 0 when the next file is open, 1 when there is none, -1 for an error. */
static int
open_next(struct lines *l, struct fail *f)
{
	l->name = next_name(l);
	if (l->name == NULL)
		return 1;
	l->next++;
	l->number = 0;
	l->eof = false;
	if (strcmp(l->name, "-") == 0) {
		l->name = "stdin";
		l->fd = STDIN_FILENO;
		return 0;
	}
	l->fd = open(l->name, O_RDONLY | O_CLOEXEC);
	return l->fd != -1 ? 0 : fail_errno(f, "%s: cannot open", l->name);
}

/* Keep the beginning of a line that is not whole yet, at the front. */
static void
make_room(struct lines *l)
{
	size_t rest = l->in.len - l->start;

	if (l->start > 0 && rest > 0)
		memmove(l->in.p, l->in.p + l->start, rest);
	l->in.len = rest;
	l->seen -= l->start;
	l->start = 0;
	buf_reserve(&l->in, PIECE);
}

static int
read_more(struct lines *l, struct fail *f)
{
	struct pollfd ready = {.fd = l->fd, .events = POLLIN};
	ssize_t n;

	if (poll(&ready, 1, 0) == 0 && l->wait(l->ctx, f) == -1)
		return -1;
	make_room(l);
	do
		n = read(l->fd, l->in.p + l->in.len, PIECE);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		return fail_errno(f, "%s: cannot read", l->name);
	l->eof = n == 0;
	l->in.len += (size_t)n;
	return 0;
}

static int
broken(const struct lines *l, const char *reason, struct fail *f)
{
	return fail_system(f, "%s:%lu: %s", l->name, l->number + 1, reason);
}

static int
end_of_file(struct lines *l, struct fail *f)
{
	if (l->in.len > l->start)
		return broken(l,
		    "the last line does not end in a newline: the input is "
		    "cut off",
		    f);
	if (l->fd != STDIN_FILENO)
		close(l->fd);
	l->fd = -1;
	return 0;
}

static bool
take(struct lines *l, struct line *line)
{
	size_t rest = l->in.len - l->seen;
	const char *from = l->in.p + l->seen;
	const char *end = rest > 0 ? memchr(from, '\n', rest) : NULL;

	if (end == NULL) {
		l->seen = l->in.len;
		return false;
	}
	line->text.p = l->in.p + l->start;
	line->text.n = (size_t)(end - line->text.p);
	if (line->text.n > LINES_MAX)
		return false;
	line->file = l->name;
	line->number = ++l->number;
	l->start = l->seen = (size_t)(end - l->in.p) + 1;
	return true;
}

int
lines_next(struct lines *l, struct line *line, struct fail *f)
{
	for (;;) {
		int opened = l->fd == -1 ? open_next(l, f) : 0;

		if (opened != 0)
			return opened == 1 ? 0 : -1;
		if (take(l, line))
			return 1;
		if (l->in.len - l->start > LINES_MAX)
			return broken(l, "the line is over 64 MiB", f);
		if (l->eof && end_of_file(l, f) == -1)
			return -1;
		if (!l->eof && read_more(l, f) == -1)
			return -1;
	}
}

/* A line that is whole, or a file that is not open yet, needs no waiting. */
static int
awaited(const struct lines *l)
{
	size_t rest = l->in.len - l->seen;
	const char *name = next_name(l);

	if (rest > 0 && memchr(l->in.p + l->seen, '\n', rest) != NULL)
		return -1;
	if (l->fd == -1 && name != NULL && strcmp(name, "-") == 0)
		return STDIN_FILENO;
	return l->fd;
}

bool
lines_ready(const struct lines *l)
{
	struct pollfd in = {.fd = awaited(l), .events = POLLIN};

	return in.fd == -1 || poll(&in, 1, 0) != 0;
}

void
lines_wait(const struct lines *l, int other, int ms)
{
	struct pollfd fds[] = {
	    {.fd = awaited(l), .events = POLLIN},
	    {.fd = other, .events = POLLIN},
	};

	if (fds[0].fd != -1)
		(void)poll(fds, 2, ms);
}
