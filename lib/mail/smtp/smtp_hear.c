#include "mail/smtp/smtp.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "mail/smtp/smtp_state.h"

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

struct smtp_event *
smtp_push(struct smtp *s, enum smtp_event_type type, void *owner,
    enum reply_stage stage)
{
	struct smtp_event *e;

	s->events = mem_more(
	    s->events, s->event_count, &s->event_cap, sizeof(*s->events));
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

/* --- what is heard --- */

static void
say_goodbye(struct smtp *s, const struct reply *reply)
{
	struct smtp_event *e;

	if (s->over)
		return;
	s->over = true;
	e = smtp_push(s, SMTP_GOODBYE, NULL, smtp_waiting(s, &(int){0}));
	if (reply != NULL)
		e->reply = *reply;
}

static void
judge(struct smtp *s, enum reply_stage stage, const struct reply *reply)
{
	smtp_push(s, SMTP_REPLY, s->current.owner, stage)->reply = *reply;
	s->judged = true;
}

static void
heard_dot(struct smtp *s, const struct reply *reply)
{
	smtp_push(s, SMTP_REPLY, s->dotted.owner, STAGE_DOT)->reply = *reply;
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
		smtp_await(s, CMD_LONE_DOT);
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
		smtp_move_up(s);
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
	smtp_fill(s);
}

/*
 * What is not dotted ends here, the last one first. While an earlier dot is
 * unanswered nothing is known of what came behind it.
 */
static void
give_back(struct smtp *s, enum reply_stage stage)
{
	if (s->has_next)
		smtp_push(s, SMTP_UNSENT, s->next.owner, STAGE_MAIL);
	if (s->has_current && !s->judged)
		smtp_push(s, SMTP_UNSENT, s->current.owner,
		    stage == STAGE_DOT ? STAGE_MAIL : stage);
	s->has_current = s->has_next = false;
}

void
smtp_closed(struct smtp *s)
{
	enum reply_stage stage = smtp_waiting(s, &(int){0});

	s->over = true;
	if (s->has_dotted && s->sent >= s->dot_at)
		smtp_push(s, SMTP_NO_REPLY, s->dotted.owner, STAGE_DOT);
	else if (s->has_dotted)
		smtp_push(s, SMTP_UNSENT, s->dotted.owner, STAGE_BODY);
	s->has_dotted = false;
	give_back(s, stage);
}

void
smtp_abandon(struct smtp *s)
{
	enum reply_stage stage = smtp_waiting(s, &(int){0});
	bool drains = s->has_current && s->judged;
	bool goes_on = drains || smtp_unsay(s);

	if (s->over || s->abandoned)
		return;
	give_back(s, stage);
	s->has_current = drains;
	s->abandoned = !goes_on;
	if (!goes_on && !s->has_dotted)
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
