#include "port/relay/session.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "mail/smtp/smtp_probe.h"
#include "port/relay/connection.h"
#include "port/relay/connection_bytes.h"

#define IDLE_MS 5000   /* Amazon SES closes after 10 s */
#define LIFE_MS 300000 /* relays limit the age of a connection */
#define BROKEN_MS 5000 /* wait for replies sent before the break */
#define RECEIVE_SIZE ((size_t)16 * 1024)

struct session {
	const struct relay_params *params;
	struct pipelining *pipelining; /* of the run */
	struct connections *connections;
	struct connection *connection;
	struct smtp *smtp;
	enum session_state state;
	int given; /* messages offered */
	int done;  /* messages that a reply ended before the last event */
	bool ends; /* the last event is such a reply */
	bool stopped;
	bool blocked;     /* the socket takes no more bytes for now */
	bool broken;      /* the socket takes no more bytes at all */
	bool gated;       /* a gate was opened, and its dot is still here */
	bool probed;      /* a probe of PIPELINING has failed */
	bool compares;    /* it was opened because a probe had failed */
	bool late;        /* a reply to an envelope's command was */
	int64_t patience; /* ms for a probe's reply */
	int64_t up_at;
	int64_t progress; /* when a byte was last sent or received */
	const char *why;
};

struct session *
session_open(struct connections *connections, const struct relay_params *params,
    struct pipelining *pipelining, int64_t now)
{
	struct session *s = mem_new(sizeof(*s));

	s->params = params;
	s->pipelining = pipelining;
	s->connections = connections;
	s->progress = now;
	s->why = "the connection was closed";
	s->connection = connections_add(connections);
	return s;
}

void
session_close(struct session *s)
{
	connections_remove(s->connections, s->connection);
	smtp_free(s->smtp);
	free(s);
}

enum session_state
session_state(const struct session *s)
{
	return s->state;
}

const struct connection_error *
session_error(const struct session *s)
{
	return connection_error(s->connection);
}

int
session_room(const struct session *s)
{
	int left = s->params->per_connection - s->given;
	int room;

	if (s->state != SESSION_UP || s->stopped || !smtp_is_due(s->smtp))
		return 0;
	room = smtp_room(s->smtp);
	return room < left ? room : left;
}

enum ehlo_result
session_check(const struct session *s, const struct smtp_message *m)
{
	return ehlo_check(connection_ehlo(s->connection), m->sender,
	    m->recipient, m->text, m->needs_smtputf8);
}

void
session_offer(struct session *s, const struct smtp_message *m, int64_t now)
{
	if (smtp_idle(s->smtp))
		s->progress = now;
	s->given++;
	smtp_probe_set(s->smtp, s->pipelining->use, s->pipelining->proved);
	smtp_offer(s->smtp, m);
}

void
session_release(struct session *s, const void *owner)
{
	if (s->state != SESSION_UP)
		return;
	smtp_release(s->smtp, owner);
	s->gated = true;
}

void
session_stop(struct session *s)
{
	s->stopped = true;
}

static void
mark_gone(struct session *s, const char *why)
{
	if (s->state != SESSION_UP && s->state != SESSION_LEAVING)
		return;
	s->why = why;
	s->state = SESSION_GONE;
	smtp_closed(s->smtp);
}

void
session_abandon(struct session *s)
{
	s->stopped = true;
	if (s->state != SESSION_UP || smtp_idle(s->smtp))
		return;
	smtp_abandon(s->smtp);
}

static void
check_connection(struct session *s, int64_t now)
{
	switch (connection_state(s->connection)) {
	case CONNECTION_OPENING:
		return;
	case CONNECTION_FAILED:
		s->state = SESSION_FAILED;
		return;
	case CONNECTION_UP:
		s->state = SESSION_UP;
		s->up_at = s->progress = now;
		s->smtp = smtp_new(connection_ehlo(s->connection));
		s->compares = s->pipelining->suspected;
		s->patience =
		    pipelining_patience(connection_slowest(s->connection));
	}
}

/* An old or idle session ends with QUIT before the relay closes it. */
static void
check_age(struct session *s, int64_t now)
{
	if (now - s->up_at >= LIFE_MS)
		s->stopped = true;
	if (s->state != SESSION_UP || !smtp_idle(s->smtp))
		return;
	if (!s->stopped && s->given < s->params->per_connection &&
	    now - s->progress < IDLE_MS)
		return;
	s->state = SESSION_LEAVING;
	s->progress = now;
	smtp_quit(s->smtp);
}

static void
fail_probe(struct session *s, enum pipelining_group group)
{
	pipelining_failed(s->pipelining, group);
	s->probed = true;
	mark_gone(s, "what was pipelined was not answered");
}

/* A group that is not answered contains no dot, so it can be said again. */
static void
check_probe(struct session *s, int64_t now)
{
	enum pipelining_group group = smtp_probe_awaited(s->smtp);

	if (group > s->pipelining->proved && now - s->progress >= s->patience)
		fail_probe(s, group);
}

static void
check_timeout(struct session *s, int64_t now)
{
	int seconds;
	int64_t limit;

	(void)smtp_waiting(s->smtp, &seconds);
	limit = (int64_t)seconds * 1000;
	if (limit > s->params->timeout_ms)
		limit = s->params->timeout_ms;
	if (s->broken)
		limit = BROKEN_MS;
	if (limit > 0 && now - s->progress >= limit)
		mark_gone(s,
		    s->broken ? "the connection broke" : "no answer in time");
}

void
session_tick(struct session *s, int64_t now)
{
	if (s->state == SESSION_OPENING)
		check_connection(s, now);
	if (s->state != SESSION_UP && s->state != SESSION_LEAVING)
		return;
	check_age(s, now);
	check_probe(s, now);
	if (s->state != SESSION_GONE)
		check_timeout(s, now);
}

bool
session_poll_gate(const struct session *s, struct connection_poll *p)
{
	return s->gated && session_poll(s, p);
}

void
session_check_gate(struct session *s, bool readable, int64_t now)
{
	s->gated = false;
	if (readable)
		session_receive(s, now);
}

void
session_flush(struct session *s, int64_t now)
{
	struct str out;
	ssize_t n;

	s->blocked = false;
	if ((s->state != SESSION_UP && s->state != SESSION_LEAVING) ||
	    s->broken)
		return;
	while ((out = smtp_output(s->smtp)).n > 0) {
		n = connection_bytes_send(s->connection, out);
		if (n < 0) {
			/* Replies to earlier bytes may be there. */
			s->broken = true;
			s->progress = now;
			session_receive(s, now);
			return;
		}
		s->blocked = n == 0;
		if (s->blocked)
			return;
		s->progress = now;
		smtp_sent(s->smtp, (size_t)n);
	}
}

/* The relay's reply is awaited, and no output will carry the ACK. */
static bool
needs_ack(struct session *s)
{
	int seconds;

	(void)smtp_waiting(s->smtp, &seconds);
	return seconds > 0 && smtp_output(s->smtp).n == 0;
}

/*
 * Send the TCP ACK at once: a relay that writes its replies one by one holds
 * back the next reply until the ACK (RFC 896), for up to 40 ms.
 */
static void
send_ack(struct session *s)
{
	int on = 1;

	(void)setsockopt(connection_socket(s->connection), IPPROTO_TCP,
	    TCP_QUICKACK, &on, sizeof(on));
}

/* TLS may hold bytes that poll(2) does not show. */
static bool
may_buffer(const struct session *s)
{
	return s->params->tls != RELAY_PLAIN;
}

/* Late by the measure of a probe. */
static void
note_delay(struct session *s, int64_t now)
{
	int seconds;
	enum reply_stage stage = smtp_waiting(s->smtp, &seconds);

	if (s->pipelining->suspected && stage >= STAGE_MAIL &&
	    stage <= STAGE_DATA && now - s->progress >= s->patience)
		s->late = true;
}

void
session_receive(struct session *s, int64_t now)
{
	/* Filling it with zeros would cost a sixteenth of a message's time. */
	char in[RECEIVE_SIZE] __attribute__((uninitialized));
	ssize_t n;

	while (s->state == SESSION_UP || s->state == SESSION_LEAVING) {
		n = connection_bytes_receive(s->connection, in, sizeof(in));
		if (n < 0) {
			/* Dovecot's submission service dies of it. */
			pipelining_failed(
			    s->pipelining, smtp_probe_risked(s->smtp));
			mark_gone(s, "the connection was closed");
		}
		if (n <= 0)
			return;
		note_delay(s, now);
		s->progress = now;
		smtp_input(s->smtp, (struct str){in, (size_t)n});
		pipelining_answered(
		    s->pipelining, smtp_probe_answered(s->smtp));
		if (needs_ack(s))
			send_ack(s);
		if ((size_t)n < sizeof(in) && !may_buffer(s))
			return;
	}
}

bool
session_poll(const struct session *s, struct connection_poll *p)
{
	if (s->state != SESSION_UP && s->state != SESSION_LEAVING)
		return false;
	*p = (struct connection_poll){
	    .connection = s->connection, .want_write = s->blocked};
	return true;
}

/* The first message of a connection that came after a failed probe. */
static void
compare_steps(struct session *s)
{
	if (s->compares)
		pipelining_compared(s->pipelining, !s->late);
	s->compares = false;
}

bool
session_event(struct session *s, struct smtp_event *e)
{
	s->done += s->ends;
	s->ends = false;
	if (s->smtp == NULL || !smtp_event(s->smtp, e))
		return false;
	s->ends = e->type == SMTP_REPLY;
	/* 503 again is about something else. */
	s->late = s->late || (e->type == SMTP_REPLY && e->reply.code == 503);
	if (e->type == SMTP_READY || e->type == SMTP_REPLY)
		compare_steps(s);
	if (e->type != SMTP_GOODBYE)
		return true;
	if (smtp_probe_refused(s->smtp) != PIPELINING_NO_GROUP)
		fail_probe(s, smtp_probe_refused(s->smtp));
	mark_gone(s, "the relay ended the connection");
	return true;
}

bool
session_is_reused(const struct session *s)
{
	return s->done > 0;
}

bool
session_is_probed(const struct session *s)
{
	return s->probed;
}

const char *
session_why(const struct session *s)
{
	return s->why;
}
