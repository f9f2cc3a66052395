/* What is offered, and what is said of it. */
#include "base/buf.h"
#include "mail/smtp/dots.h"
#include "mail/smtp/smtp_state.h"

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
	s->eightbit = !str_is_ascii(m->text);
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
	if (!s->ext.pipelining)
		return smtp_idle(s);
	return !s->has_current || s->open;
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

void
smtp_move_up(struct smtp *s)
{
	s->has_current = false;
	if (!s->has_next)
		return;
	s->has_next = false;
	begin_current(s, &s->next);
}

/* --- what is said --- */

void
smtp_await(struct smtp *s, enum command c)
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
		smtp_await(s, CMD_RSET);
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
	smtp_await(s, s->command++);
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
	smtp_push(s, SMTP_READY, s->current.owner, STAGE_BODY);
	return true;
}

static bool
step_gate(struct smtp *s)
{
	if (!s->open)
		return false;
	buf_adds(&s->out, ".\r\n");
	s->dot_at = s->sent + (s->out.len - s->out_sent);
	smtp_await(s, CMD_DOT);
	s->dotted = s->current;
	s->has_dotted = true;
	smtp_move_up(s);
	return true;
}

static bool
step(struct smtp *s)
{
	if (!s->has_current) {
		if (!s->quitting || s->awaited_count > 0)
			return false;
		buf_adds(&s->out, "QUIT\r\n");
		smtp_await(s, CMD_QUIT);
		s->quitting = false;
		return true;
	}
	if (s->phase == PHASE_ENVELOPE)
		return step_envelope(s);
	return s->phase == PHASE_BODY ? step_body(s) : step_gate(s);
}

void
smtp_fill(struct smtp *s)
{
	while (!s->over && !s->abandoned &&
	       s->out.len - s->out_sent < DOTS_CHUNK && step(s))
		;
}

struct str
smtp_output(struct smtp *s)
{
	smtp_fill(s);
	if (s->over || s->out_sent == s->out.len)
		return (struct str){0};
	return (struct str){s->out.p + s->out_sent, s->out.len - s->out_sent};
}

bool
smtp_unsay(struct smtp *s)
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
