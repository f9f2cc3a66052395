/*
 * An intent that does not stand: the letter's dot is not sent, its connection
 * ends, and the letters beside it go on. A whole run of delivery.c with the
 * ledger in memory, whose rows are taken away when the relay waits for a dot;
 * the relay is a child that tells which dots it has seen.
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mail/mime/addr.h"
#include "memory/memory_store.h"
#include "port/ledger/ledger_admin.h"
#include "port/optout/optouts.h"
#include "port/relay/relay.h"
#include "port/send/delivery.h"
#include "unit.h"

#define COURSE "c1"
#define TIMEOUT_MS 20000

/* --- the relay --- */

static void
say(int fd, const char *line)
{
	if (write(fd, line, strlen(line)) < 0)
		_exit(1);
}

static bool pipelining; /* the relay offers it (RFC 2920) */

/* Writes the first letter of each recipient whose dot has come. */
static void
talk(int fd, int dots)
{
	FILE *in = fdopen(fd, "r");
	char line[1000], to = 0;
	bool body = false;

	say(fd, "220 relay\r\n");
	while (in != NULL && fgets(line, sizeof(line), in) != NULL) {
		if (body && strcmp(line, ".\r\n") != 0)
			continue;
		if (body && write(dots, &to, 1) != 1)
			_exit(1);
		if (strncmp(line, "RCPT", 4) == 0)
			to = strchr(line, '<')[1];
		if (strncmp(line, "QUIT", 4) == 0)
			break;
		if (strncmp(line, "EHLO", 4) == 0 && pipelining)
			say(fd, "250-relay\r\n250 PIPELINING\r\n");
		else
			say(fd, strncmp(line, "DATA", 4) == 0 ? "354 go\r\n"
							      : "250 ok\r\n");
		body = strncmp(line, "DATA", 4) == 0;
	}
	fclose(in);
}

struct server {
	pid_t pid;
	int port, dots;
};

static struct server
start_server(void)
{
	struct sockaddr_in a = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0), ends[2];
	struct server s = {0};

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, n) < 0 ||
	    listen(fd, 9) < 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &n) < 0 || pipe(ends) < 0)
		exit(2);
	s.pid = fork();
	while (s.pid == 0)
		talk(accept(fd, NULL, NULL), ends[1]);
	close(fd);
	close(ends[1]);
	s.port = ntohs(a.sin_port);
	s.dots = ends[0];
	return s;
}

/* The dots that the server has seen, which is ended. */
static void
stop_server(struct server *s, char dots[10])
{
	size_t n = 0;
	ssize_t got;

	kill(s->pid, SIGTERM);
	waitpid(s->pid, NULL, 0);
	while (n < 9 && (got = read(s->dots, dots + n, 9 - n)) > 0)
		n += (size_t)got;
	dots[n] = '\0';
	close(s->dots);
}

/* --- what happens while the relay waits for the dot --- */

static struct store *other;
static struct ledger *sender;
static const char *happens;
static const struct transport_ops *real;

static void
put_optout(void)
{
	struct optout o = {.course_id = STR(COURSE),
	    .key = STR("b@uni.example"),
	    .out = true,
	    .source = STR("page"),
	    .at = 1};
	struct fail f;

	optouts_add(other->optouts, &o, NULL, &f);
}

static void
set_state(enum ledger_state state)
{
	struct fail f;

	ledger_admin_set_state(other, STR("week3"), state, &f);
}

static void
take_rows(void)
{
	struct fail f;

	memory_sender_expire(sender);
	ledger_recover(other, NULL, &f);
}

static bool
watch_event(struct transport *t, struct transport_event *ev)
{
	if (!real->event(t, ev))
		return false;
	if (ev->type != TRANSPORT_READY || ev->envelope->recipient.p[0] != 'b')
		return true;
	if (strcmp(happens, "optout") == 0)
		put_optout();
	else if (strcmp(happens, "held") == 0)
		set_state(LEDGER_HELD);
	else if (strcmp(happens, "cancelled") == 0)
		set_state(LEDGER_CANCELLED);
	else if (strcmp(happens, "busy") == 0)
		take_rows();
	return true;
}

/* --- the run --- */

static void
write_records(const char *path)
{
	FILE *out = fopen(path, "w");

	for (int i = 0; out != NULL && i < 3; i++)
		fprintf(out,
		    "{\"email_id\":\"week3\",\"course_id\":\"" COURSE
		    "\",\"user_id\":\"%d\",\"email\":\"%c@uni.example\","
		    "\"sender\":\"s@uni.example\",\"content\":\"%064d\","
		    "\"message\":\"From: "
		    "s@uni.example\\r\\n\\r\\nHi\\r\\n\"}\n",
		    i, 'a' + i, 0);
	if (out == NULL || fclose(out) != 0)
		exit(2);
}

/* Runs delivery with stdout in a file; its return value. */
static int
deliver(struct delivery_params *p, char *records, const char *out)
{
	int saved, fd, rc;
	struct fail f = {0};

	fflush(stdout);
	saved = dup(STDOUT_FILENO);
	fd = open(out, O_RDWR | O_CREAT | O_TRUNC, 0600);
	dup2(fd, STDOUT_FILENO);
	close(fd);
	p->filter = filter_new("bm-send", &records, 1);
	p->batches = batch_files_new(&records, 1);
	rc = delivery_run(p, &f);
	batch_files_free(p->batches);
	filter_finish(p->filter); /* closes stdout */
	dup2(saved, STDOUT_FILENO);
	close(saved);
	if (rc < 0)
		printf("# %s\n", f.text);
	return rc;
}

/* "sent ok, skipped optout", in the order of the recipients' letters. */
static void
read_outcomes(const char *path, char text[200])
{
	FILE *in = fopen(path, "r");
	char line[5000], of[3][60] = {"", "", ""}, status[30], class[30];
	const char *p;

	while (in != NULL && fgets(line, sizeof(line), in) != NULL) {
		p = strstr(line, "\"email\":\"");
		if (p == NULL || p[9] < 'a' || p[9] > 'c' ||
		    sscanf(strstr(line, "\"status\":"),
			"\"status\":\"%29[^\"]\",\"class\":\"%29[^\"]\"",
			status, class) != 2)
			continue;
		snprintf(of[p[9] - 'a'], 60, "%s %s", status, class);
	}
	snprintf(text, 200, "%s, %s, %s", of[0], of[1], of[2]);
	if (in != NULL)
		fclose(in);
}

struct scene {
	const char *happens, *outcomes, *dots;
};

static void
play(const struct scene *c, const char *dir)
{
	struct memory_place *place = memory_place_new(MEMORY_FAULT_NONE);
	struct store *store = memory_store_open(place);
	struct server server = start_server();
	char host[] = "127.0.0.1", name[] = "me.example";
	struct relay_params relay = {.host = host,
	    .port = server.port,
	    .tls = RELAY_PLAIN,
	    .ehlo_name = name,
	    .connections = 1,
	    .per_connection = 100,
	    .max_retries = 5,
	    .retry_ms = 1000,
	    .timeout_ms = TIMEOUT_MS};
	struct delivery_params p = {
	    .store = store, .addr_policy = ADDR_RESERVED, .signals = -1};
	struct transport_ops watched;
	char records[100], out[100], text[200], dots[10];
	struct fail f;

	snprintf(records, sizeof(records), "%s/records", dir);
	snprintf(out, sizeof(out), "%s/out", dir);
	write_records(records);
	other = memory_store_open(place);
	happens = c->happens;
	if (ledger_open(&sender, store, LEDGER_PROCESS, NULL, &f) < 0 ||
	    relay_open(&p.transport, &relay, &f) < 0)
		exit(2);
	p.ledger = sender;
	real = p.transport->ops;
	watched = *real;
	watched.event = watch_event;
	p.transport->ops = &watched;
	ok(deliver(&p, records, out) == 0, "%s: the run goes on%s", c->happens,
	    pipelining ? ", pipelined" : "");
	ledger_close(sender, &f);
	stop_server(&server, dots);
	read_outcomes(out, text);
	same(str_of(text), c->outcomes, c->happens);
	same(str_of(dots), c->dots, "the dots that the relay has seen");
	store_close(other);
	store_close(store);
	memory_place_free(place);
	unlink(records);
	unlink(out);
}

int
main(void)
{
	static const struct scene scenes[] = {
	    {"nothing", "sent ok, sent ok, sent ok", "abc"},
	    {"optout", "sent ok, skipped optout, sent ok", "ac"},
	    {"held", "sent ok, deferred held, deferred held", "a"},
	    {"cancelled", "sent ok, skipped cancelled, skipped cancelled", "a"},
	    {"busy", "sent ok, deferred busy, deferred busy", "a"},
	};
	char dir[] = "/tmp/bm-unit-refused-XXXXXX";

	signal(SIGPIPE, SIG_IGN);
	if (mkdtemp(dir) == NULL)
		return 2;
	for (size_t i = 0; i < 2 * sizeof(scenes) / sizeof(*scenes); i++) {
		pipelining = i % 2 == 1;
		play(&scenes[i / 2], dir);
	}
	(void)rmdir(dir);
	return unit_end();
}
