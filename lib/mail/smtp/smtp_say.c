#include "mail/smtp/smtp_say.h"

#include "mail/smtp/dots.h"

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

/* Append the next command of the envelope; false if it has to wait. */
static bool
say_envelope(struct smtp *s)
{
	if (s->judged || s->command > CMD_DATA)
		return false;
	if (s->awaited_count > 0 && !smtp_state_pipelines(s))
		return false;
	if (s->has_dotted && s->probe.use != PIPELINING_FULL)
		return false;
	if (s->needs_rset && s->command == CMD_MAIL) {
		buf_adds(&s->out, "RSET\r\n");
		smtp_state_await(s, CMD_RSET);
		s->needs_rset = false;
		return true;
	}
	if (s->command == CMD_MAIL) {
		if (smtp_state_pipelines(s))
			s->probe.group = s->has_dotted ? PIPELINING_BEHIND
						       : PIPELINING_ALONE;
		say_mail(s);
	} else if (s->command == CMD_RCPT) {
		buf_adds(&s->out, "RCPT TO:<");
		buf_addstr(&s->out, s->current.recipient);
		buf_adds(&s->out, ">\r\n");
	} else {
		buf_adds(&s->out, "DATA\r\n");
	}
	smtp_state_await(s, s->command++);
	return true;
}

static bool
say_body(struct smtp *s)
{
	struct str t = s->current.text;

	if (s->encoded < t.n) {
		s->encoded += dots_stuff(&s->out, t, s->encoded);
		return true;
	}
	if (t.n > 0 && t.p[t.n - 1] != '\n')
		buf_adds(&s->out, "\r\n");
	s->phase = PHASE_GATE;
	smtp_event_push(&s->events, SMTP_READY, s->current.owner, STAGE_BODY);
	return true;
}

static bool
say_gate(struct smtp *s)
{
	if (!s->open)
		return false;
	buf_adds(&s->out, ".\r\n");
	s->dot_at = s->sent + (s->out.len - s->out_sent);
	smtp_state_await(s, CMD_DOT);
	s->dotted = s->current;
	s->has_dotted = true;
	smtp_state_advance(s);
	return true;
}

/* Append one command or piece of a body; false if nothing may be sent. */
static bool
say_next(struct smtp *s)
{
	if (!s->has_current) {
		if (!s->quitting || s->awaited_count > 0)
			return false;
		buf_adds(&s->out, "QUIT\r\n");
		smtp_state_await(s, CMD_QUIT);
		s->quitting = false;
		return true;
	}
	if (s->phase == PHASE_ENVELOPE)
		return say_envelope(s);
	return s->phase == PHASE_BODY ? say_body(s) : say_gate(s);
}

void
smtp_say_fill(struct smtp *s)
{
	while (!s->over && !s->abandoned &&
	       s->out.len - s->out_sent < DOTS_CHUNK && say_next(s))
		;
}

bool
smtp_say_undo(struct smtp *s)
{
	size_t commands = 0;

	if (s->has_dotted || s->phase != PHASE_ENVELOPE || s->out_sent > 0)
		return false;
	for (size_t i = 0; i < s->out.len; i++)
		commands += s->out.p[i] == '\n';
	if (commands != s->awaited_count)
		return false;
	buf_reset(&s->out);
	s->awaited_count = 0;
	return true;
}
