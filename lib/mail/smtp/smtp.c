#include "mail/smtp/smtp.h"

#include <stdlib.h>

#include "base/mem.h"
#include "mail/smtp/smtp_hear.h"
#include "mail/smtp/smtp_say.h"
#include "mail/smtp/smtp_state.h"

#define SEND_TIMEOUT 180 /* seconds for a block of data */

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
	reply_free(&s->reader);
	buf_free(&s->out);
	smtp_event_free(&s->events);
	free(s);
}

int
smtp_room(const struct smtp *s)
{
	if (s->over || s->quitting || s->abandoned || s->has_next)
		return 0;
	return s->has_current ? 1 : 2;
}

bool
smtp_is_due(const struct smtp *s)
{
	if (!smtp_state_pipelines(s) || s->probe.use != PIPELINING_FULL)
		return smtp_idle(s);
	return !s->has_current || s->open;
}

void
smtp_offer(struct smtp *s, const struct smtp_message *m)
{
	if (!s->has_current) {
		smtp_state_begin(s, m);
		return;
	}
	s->next = *m;
	s->has_next = true;
}

void
smtp_release(struct smtp *s, const void *owner)
{
	if (s->has_current && s->phase == PHASE_GATE &&
	    s->current.owner == owner)
		s->open = true;
}

struct str
smtp_output(struct smtp *s)
{
	smtp_say_fill(s);
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
smtp_input(struct smtp *s, struct str in)
{
	enum reply_result result = REPLY_MORE;

	while (!s->over && in.n > 0) {
		result = reply_read(&s->reader, &in);
		if (result == REPLY_GARBAGE)
			smtp_state_goodbye(s, NULL);
		else if (result == REPLY_WHOLE)
			smtp_hear_reply(s, &s->reader.reply);
	}
	smtp_say_fill(s);
}

/*
 * The stage is the one of the oldest unanswered command. If that is an
 * earlier dot, nothing is known about the commands behind it: MAIL.
 */
static void
drop_unsent(struct smtp *s, enum reply_stage stage)
{
	if (s->has_next)
		smtp_event_push(
		    &s->events, SMTP_UNSENT, s->next.owner, STAGE_MAIL);
	if (s->has_current && !s->judged)
		smtp_event_push(&s->events, SMTP_UNSENT, s->current.owner,
		    stage == STAGE_DOT ? STAGE_MAIL : stage);
	s->has_current = s->has_next = false;
}

void
smtp_closed(struct smtp *s)
{
	enum reply_stage stage = smtp_state_stage(s);

	s->over = true;
	if (s->has_dotted && s->sent >= s->dot_at)
		smtp_event_push(
		    &s->events, SMTP_NO_REPLY, s->dotted.owner, STAGE_DOT);
	else if (s->has_dotted)
		smtp_event_push(
		    &s->events, SMTP_UNSENT, s->dotted.owner, STAGE_BODY);
	s->has_dotted = false;
	drop_unsent(s, stage);
}

bool
smtp_event(struct smtp *s, struct smtp_event *out)
{
	return smtp_event_pop(&s->events, out);
}

void
smtp_abandon(struct smtp *s)
{
	enum reply_stage stage = smtp_state_stage(s);
	bool drains = s->has_current && s->judged;
	bool is_usable = drains || smtp_say_undo(s);

	if (s->over || s->abandoned)
		return;
	drop_unsent(s, stage);
	s->has_current = drains;
	s->abandoned = !is_usable;
	if (!is_usable && !s->has_dotted)
		smtp_state_goodbye(s, NULL);
}

bool
smtp_idle(const struct smtp *s)
{
	return !s->has_dotted && !s->has_current && s->awaited_count == 0;
}

void
smtp_quit(struct smtp *s)
{
	s->quitting = !s->over;
}

enum reply_stage
smtp_waiting(const struct smtp *s, int *seconds)
{
	if (s->awaited_count > 0)
		*seconds = smtp_command_timeout(s->awaited[0]);
	else
		*seconds = s->out_sent < s->out.len ? SEND_TIMEOUT : 0;
	return smtp_state_stage(s);
}
