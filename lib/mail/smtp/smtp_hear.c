#include "mail/smtp/smtp_hear.h"

#include <string.h>

static void
judge_current(struct smtp *s, enum reply_stage stage, const struct reply *reply)
{
	smtp_event_push(&s->events, SMTP_REPLY, s->current.owner, stage)
	    ->reply = *reply;
	s->judged = true;
}

static void
hear_dot(struct smtp *s, const struct reply *reply)
{
	smtp_event_push(&s->events, SMTP_REPLY, s->dotted.owner, STAGE_DOT)
	    ->reply = *reply;
	s->has_dotted = false;
}

static void
hear_data(struct smtp *s, const struct reply *reply)
{
	if (reply->code != 354) {
		if (!s->judged)
			judge_current(s, STAGE_DATA, reply);
		return;
	}
	s->needs_rset = false;
	if (!s->judged) {
		s->phase = PHASE_BODY;
	} else if (s->accepted) {
		/* A lone dot would deliver an empty message. */
		smtp_state_goodbye(s, NULL);
	} else {
		buf_adds(&s->out, ".\r\n");
		smtp_state_await(s, CMD_LONE_DOT);
	}
}

static void
hear_envelope(struct smtp *s, enum reply_stage stage, const struct reply *r)
{
	if (r->code >= 400) {
		if (!s->judged)
			judge_current(s, stage, r);
	} else if (stage == STAGE_MAIL) {
		s->needs_rset = true;
	} else {
		s->accepted = true;
	}
}

/* True if no server gives this reply to c: the dialogue is out of step. */
static bool
is_absurd(enum smtp_command c, int code)
{
	if (code / 100 == 3)
		return c != CMD_DATA || code != 354;
	return c == CMD_DATA && code < 400;
}

/* Not what it means behind a command that was refused: "need MAIL first". */
static bool
refuses_pipelining(const struct smtp *s, const struct reply *reply)
{
	if (s->judged || s->probe.group <= s->probe.proved)
		return false;
	return reply->code == 503 ||
	       (reply->code >= 500 &&
		   (strcasestr(reply->text, "pipelin") != NULL ||
		       strcasestr(reply->text, "synchroni") != NULL));
}

/* The server closes the connection, possibly in the middle of a body. */
static void
hear_unasked(struct smtp *s, const struct reply *reply)
{
	if (s->has_current && s->phase != PHASE_ENVELOPE && !s->judged &&
	    reply->code >= 400)
		judge_current(s, STAGE_BODY, reply);
	smtp_state_goodbye(s, reply);
}

void
smtp_hear_reply(struct smtp *s, const struct reply *reply)
{
	enum smtp_command c;

	if (s->awaited_count == 0) {
		hear_unasked(s, reply);
		return;
	}
	c = s->awaited[0];
	if (is_absurd(c, reply->code)) {
		smtp_state_goodbye(s, NULL);
		return;
	}
	memmove(s->awaited, s->awaited + 1,
	    --s->awaited_count * sizeof(*s->awaited));
	if (c >= CMD_MAIL && c <= CMD_DATA && refuses_pipelining(s, reply)) {
		s->probe.refused = s->probe.group;
		smtp_state_goodbye(s, NULL);
		return;
	}
	if (c == CMD_DATA && s->probe.group > s->probe.answered)
		s->probe.answered = s->probe.group;
	if (c == CMD_MAIL || c == CMD_RCPT)
		hear_envelope(
		    s, c == CMD_MAIL ? STAGE_MAIL : STAGE_RCPT, reply);
	else if (c == CMD_DATA)
		hear_data(s, reply);
	else if (c == CMD_DOT)
		hear_dot(s, reply);
	if (s->abandoned && !s->has_dotted)
		smtp_state_goodbye(s, NULL);
	else if (reply->code == 421 || c == CMD_QUIT ||
		 (c == CMD_RSET && reply->code >= 400))
		smtp_state_goodbye(s, reply);
	else if (s->has_current && s->judged && s->awaited_count == 0)
		smtp_state_advance(s);
}
