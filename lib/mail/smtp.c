#include "mail/smtp.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mail/dots.h"

#define AWAITED_MAX 8

/* What has been said and not been answered yet, oldest first. */
enum command {
	CMD_RSET,
	CMD_MAIL,
	CMD_RCPT,
	CMD_DATA,
	CMD_DOT,
	CMD_LONE_DOT,
	CMD_QUIT,
};

enum phase { PHASE_ENVELOPE, PHASE_BODY, PHASE_GATE };

struct smtp {
	struct ehlo ext;
	struct reply_reader reader;

	/*
	 * dotted: its dot is sent. current: between MAIL and dot. next: not
	 * begun.
	 */
	struct smtp_message dotted, current, next;
	bool has_dotted, has_current, has_next;

	enum phase phase;     /* of current */
	enum command command; /* the next one to say in PHASE_ENVELOPE */
	bool judged;          /* current's fate is told; what is left drains */
	bool accepted;        /* its recipient */
	bool eightbit;
	bool open;       /* current's gate */
	size_t encoded;  /* bytes of current's text */
	bool needs_rset; /* a transaction was begun and not ended */

	enum command awaited[AWAITED_MAX];
	size_t awaited_count;

	struct buf out;
	size_t out_sent;
	unsigned long long sent;   /* bytes, since the beginning */
	unsigned long long dot_at; /* bytes up to the end of the last dot */

	struct smtp_event *events;
	size_t event_count, event_cap, event_next;

	bool quitting;
	bool abandoned; /* only the reply to the dot is awaited */
	bool over;      /* nothing is said any more */
};

struct smtp *
smtp_new(const struct ehlo *ext)
{
	struct smtp *s = mem_new(sizeof(*s));

	s->ext = *ext;
	return s;
}

void
smtp_free(struct smtp *s)
{
	if (s == NULL)
		return;
	reply_end(&s->reader);
	buf_free(&s->out);
	free(s->events);
	free(s);
}

static struct smtp_event *
push(struct smtp *s, enum smtp_event_type type, void *owner,
    enum reply_stage stage)
{
	struct smtp_event *e;

	if (s->event_count == s->event_cap) {
		s->event_cap = s->event_cap > 0 ? 2 * s->event_cap : 4;
		s->events =
		    mem_grow(s->events, s->event_cap, sizeof(*s->events));
	}
	e = &s->events[s->event_count++];
	e->type = type;
	e->owner = owner;
	e->stage = stage;
	e->reply.code = 0;
	e->reply.enhanced[0] = e->reply.text[0] = '\0';
	return e;
}

bool
smtp_event(struct smtp *s, struct smtp_event *out)
{
	if (s->event_next == s->event_count) {
		s->event_next = s->event_count = 0;
		return false;
	}
	*out = s->events[s->event_next++];
	return true;
}

/* --- what is offered --- */

static void
begin_current(struct smtp *s, const struct smtp_message *m)
{
	s->current = *m;
	s->has_current = true;
	s->phase = PHASE_ENVELOPE;
	s->command = CMD_MAIL;
	s->judged = s->accepted = s->open = false;
	s->encoded = 0;
	s->eightbit = ehlo_is_8bit(m->text);
}

int
smtp_room(const struct smtp *s)
{
	if (s->over || s->quitting || s->abandoned || s->has_next)
		return 0;
	return s->has_current ? 1 : 2;
}

void
smtp_offer(struct smtp *s, const struct smtp_message *m)
{
	if (!s->has_current) {
		begin_current(s, m);
		return;
	}
	s->next = *m;
	s->has_next = true;
}

/* The place of current is free: the next message moves up. */
static void
move_up(struct smtp *s)
{
	s->has_current = false;
	if (!s->has_next)
		return;
	s->has_next = false;
	begin_current(s, &s->next);
}

/* --- what is said --- */

static void
await(struct smtp *s, enum command c)
{
	s->awaited[s->awaited_count++] = c;
}

static void
say_mail(struct smtp *s)
{
	const struct smtp_message *m = &s->current;
	bool ends = m->text.n >= 2 && m->text.p[m->text.n - 1] == '\n';

	buf_adds(&s->out, "MAIL FROM:<");
	buf_addstr(&s->out, m->sender);
	buf_addc(&s->out, '>');
	if (s->ext.has_size)
		buf_printf(&s->out, " SIZE=%zu",
		    m->text.n + (ends || m->text.n == 0 ? 0 : 2));
	if (s->eightbit || m->needs_smtputf8)
		buf_adds(&s->out, " BODY=8BITMIME");
	if (m->needs_smtputf8)
		buf_adds(&s->out, " SMTPUTF8");
	buf_adds(&s->out, "\r\n");
}

/* Say the next command of the envelope; false when it is not its time. */
static bool
step_envelope(struct smtp *s)
{
	if (s->judged || s->command > CMD_DATA)
		return false;
	if (!s->ext.pipelining && s->awaited_count > 0)
		return false;
	if (s->needs_rset && s->command == CMD_MAIL) {
		buf_adds(&s->out, "RSET\r\n");
		await(s, CMD_RSET);
		s->needs_rset = false;
		return true;
	}
	if (s->command == CMD_MAIL) {
		say_mail(s);
	} else if (s->command == CMD_RCPT) {
		buf_adds(&s->out, "RCPT TO:<");
		buf_addstr(&s->out, s->current.recipient);
		buf_adds(&s->out, ">\r\n");
	} else {
		buf_adds(&s->out, "DATA\r\n");
	}
	await(s, s->command++);
	return true;
}

static bool
step_body(struct smtp *s)
{
	struct str t = s->current.text;

	if (s->encoded < t.n) {
		s->encoded += dots_stuff(&s->out, t, s->encoded);
		return true;
	}
	if (t.n > 0 && t.p[t.n - 1] != '\n')
		buf_adds(&s->out, "\r\n");
	s->phase = PHASE_GATE;
	push(s, SMTP_READY, s->current.owner, STAGE_BODY);
	return true;
}

static bool
step_gate(struct smtp *s)
{
	if (!s->open)
		return false;
	buf_adds(&s->out, ".\r\n");
	s->dot_at = s->sent + (s->out.len - s->out_sent);
	await(s, CMD_DOT);
	s->dotted = s->current;
	s->has_dotted = true;
	move_up(s);
	return true;
}

static bool
step(struct smtp *s)
{
	if (!s->has_current) {
		if (!s->quitting || s->awaited_count > 0)
			return false;
		buf_adds(&s->out, "QUIT\r\n");
		await(s, CMD_QUIT);
		s->quitting = false;
		return true;
	}
	if (s->phase == PHASE_ENVELOPE)
		return step_envelope(s);
	return s->phase == PHASE_BODY ? step_body(s) : step_gate(s);
}

static void
fill(struct smtp *s)
{
	while (!s->over && !s->abandoned &&
	       s->out.len - s->out_sent < DOTS_CHUNK && step(s))
		;
}

struct str
smtp_output(struct smtp *s)
{
	fill(s);
	if (s->over || s->out_sent == s->out.len)
		return (struct str){0};
	return (struct str){s->out.p + s->out_sent, s->out.len - s->out_sent};
}

void
smtp_sent(struct smtp *s, size_t n)
{
	s->sent += n;
	s->out_sent += n;
	if (s->out_sent < s->out.len)
		return;
	buf_reset(&s->out);
	s->out_sent = 0;
}

void
smtp_release(struct smtp *s, const void *owner)
{
	if (s->has_current && s->phase == PHASE_GATE &&
	    s->current.owner == owner)
		s->open = true;
}

void
smtp_quit(struct smtp *s)
{
	s->quitting = !s->over;
}

/* --- what is heard --- */

static void
say_goodbye(struct smtp *s, const struct reply *reply)
{
	struct smtp_event *e;

	if (s->over)
		return;
	s->over = true;
	e = push(s, SMTP_GOODBYE, NULL, smtp_waiting(s, &(int){0}));
	if (reply != NULL)
		e->reply = *reply;
}

static void
judge(struct smtp *s, enum reply_stage stage, const struct reply *reply)
{
	push(s, SMTP_REPLY, s->current.owner, stage)->reply = *reply;
	s->judged = true;
}

static void
heard_dot(struct smtp *s, const struct reply *reply)
{
	push(s, SMTP_REPLY, s->dotted.owner, STAGE_DOT)->reply = *reply;
	s->has_dotted = false;
}

static void
heard_data(struct smtp *s, const struct reply *reply)
{
	if (reply->code != 354) {
		if (!s->judged)
			judge(s, STAGE_DATA, reply);
		return;
	}
	s->needs_rset = false;
	if (!s->judged) {
		s->phase = PHASE_BODY;
	} else if (s->accepted) {
		say_goodbye(s, NULL); /* a lone dot would deliver nothing */
	} else {
		buf_adds(&s->out, ".\r\n");
		await(s, CMD_LONE_DOT);
	}
}

static void
heard_envelope(struct smtp *s, enum reply_stage stage, const struct reply *r)
{
	if (r->code >= 400) {
		if (!s->judged)
			judge(s, stage, r);
	} else if (stage == STAGE_MAIL) {
		s->needs_rset = true;
	} else {
		s->accepted = true;
	}
}

/* A reply that this command never has: the dialogue is out of step. */
static bool
is_absurd(enum command c, int code)
{
	if (code / 100 == 3)
		return c != CMD_DATA || code != 354;
	return c == CMD_DATA && code < 400;
}

/* Without a question: parting words, or an early end of the body. */
static void
heard_unasked(struct smtp *s, const struct reply *reply)
{
	if (s->has_current && s->phase != PHASE_ENVELOPE && !s->judged &&
	    reply->code >= 400)
		judge(s, STAGE_BODY, reply);
	say_goodbye(s, reply);
}

static void
heard(struct smtp *s, const struct reply *reply)
{
	enum command c;

	if (s->awaited_count == 0) {
		heard_unasked(s, reply);
		return;
	}
	c = s->awaited[0];
	if (is_absurd(c, reply->code)) {
		say_goodbye(s, NULL);
		return;
	}
	memmove(s->awaited, s->awaited + 1,
	    --s->awaited_count * sizeof(*s->awaited));
	if (c == CMD_MAIL || c == CMD_RCPT)
		heard_envelope(
		    s, c == CMD_MAIL ? STAGE_MAIL : STAGE_RCPT, reply);
	else if (c == CMD_DATA)
		heard_data(s, reply);
	else if (c == CMD_DOT)
		heard_dot(s, reply);
	if (s->abandoned && !s->has_dotted)
		say_goodbye(s, NULL);
	else if (reply->code == 421 || c == CMD_QUIT ||
		 (c == CMD_RSET && reply->code >= 400))
		say_goodbye(s, reply);
	else if (s->has_current && s->judged && s->awaited_count == 0)
		move_up(s);
}

void
smtp_input(struct smtp *s, struct str in)
{
	enum reply_result result = REPLY_MORE;

	while (!s->over && in.n > 0) {
		result = reply_read(&s->reader, &in);
		if (result == REPLY_GARBAGE)
			say_goodbye(s, NULL);
		else if (result == REPLY_WHOLE)
			heard(s, &s->reader.reply);
	}
	fill(s);
}

/*
 * What is not dotted ends here, the last one first. While an earlier dot is
 * unanswered nothing is known of what came behind it.
 */
static void
give_back(struct smtp *s, enum reply_stage stage)
{
	if (s->has_next)
		push(s, SMTP_UNSENT, s->next.owner, STAGE_MAIL);
	if (s->has_current && !s->judged)
		push(s, SMTP_UNSENT, s->current.owner,
		    stage == STAGE_DOT ? STAGE_MAIL : stage);
	s->has_current = s->has_next = false;
}

void
smtp_closed(struct smtp *s)
{
	enum reply_stage stage = smtp_waiting(s, &(int){0});

	s->over = true;
	if (s->has_dotted && s->sent >= s->dot_at)
		push(s, SMTP_NO_REPLY, s->dotted.owner, STAGE_DOT);
	else if (s->has_dotted)
		push(s, SMTP_UNSENT, s->dotted.owner, STAGE_BODY);
	s->has_dotted = false;
	give_back(s, stage);
}

void
smtp_abandon(struct smtp *s)
{
	bool drains = s->has_current && s->judged;

	if (s->over || s->abandoned)
		return;
	give_back(s, smtp_waiting(s, &(int){0}));
	s->has_current = drains;
	s->abandoned = !drains;
	if (!drains && !s->has_dotted)
		say_goodbye(s, NULL);
}

bool
smtp_idle(const struct smtp *s)
{
	return !s->has_dotted && !s->has_current && s->awaited_count == 0;
}

enum reply_stage
smtp_waiting(const struct smtp *s, int *seconds)
{
	static const struct {
		enum reply_stage stage;
		int seconds;
	} patience[] = {
	    [CMD_RSET] = {STAGE_MAIL, 300},
	    [CMD_MAIL] = {STAGE_MAIL, 300},
	    [CMD_RCPT] = {STAGE_RCPT, 300},
	    [CMD_DATA] = {STAGE_DATA, 120},
	    [CMD_DOT] = {STAGE_DOT, 600},
	    [CMD_LONE_DOT] = {STAGE_DATA, 600},
	    [CMD_QUIT] = {STAGE_NONE, 5},
	};
	enum command c;

	if (s->awaited_count > 0) {
		c = s->awaited[0];
		*seconds = patience[c].seconds;
		return patience[c].stage;
	}
	*seconds = s->out_sent < s->out.len ? 180 : 0;
	if (s->has_current && s->phase != PHASE_ENVELOPE)
		return STAGE_BODY;
	return s->has_current ? STAGE_MAIL : STAGE_NONE;
}
