#include "mail/smtp/smtp_state.h"

enum reply_stage
smtp_state_stage(const struct smtp *s)
{
	if (s->awaited_count > 0)
		return smtp_command_stage(s->awaited[0]);
	if (s->has_current && s->phase != PHASE_ENVELOPE)
		return STAGE_BODY;
	return s->has_current ? STAGE_MAIL : STAGE_NONE;
}

void
smtp_state_goodbye(struct smtp *s, const struct reply *reply)
{
	struct smtp_event *e;

	if (s->over)
		return;
	s->over = true;
	e = smtp_event_push(
	    &s->events, SMTP_GOODBYE, NULL, smtp_state_stage(s));
	if (reply != NULL)
		e->reply = *reply;
}

void
smtp_state_begin(struct smtp *s, const struct smtp_message *m)
{
	s->current = *m;
	s->has_current = true;
	s->phase = PHASE_ENVELOPE;
	s->command = CMD_MAIL;
	s->judged = s->accepted = s->open = false;
	s->probe.group = PIPELINING_NO_GROUP;
	s->encoded = 0;
	s->eightbit = !str_is_ascii(m->text);
}

void
smtp_state_advance(struct smtp *s)
{
	s->has_current = false;
	if (!s->has_next)
		return;
	s->has_next = false;
	smtp_state_begin(s, &s->next);
}

void
smtp_state_await(struct smtp *s, enum smtp_command c)
{
	s->awaited[s->awaited_count++] = c;
}

bool
smtp_state_pipelines(const struct smtp *s)
{
	return s->ext.pipelining && s->probe.use != PIPELINING_NONE;
}
