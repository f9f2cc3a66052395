#include "mail/smtp/smtp_probe.h"

#include "mail/smtp/smtp_state.h"

void
smtp_probe_set(
    struct smtp *s, enum pipelining_use use, enum pipelining_group proved)
{
	s->probe.use = use;
	s->probe.proved = proved;
}

enum pipelining_group
smtp_probe_awaited(const struct smtp *s)
{
	if (!s->has_current || s->has_dotted || s->awaited_count == 0 ||
	    s->awaited[0] > CMD_DATA || s->out_sent < s->out.len ||
	    s->probe.group <= s->probe.proved)
		return PIPELINING_NO_GROUP;
	return s->probe.group;
}

enum pipelining_group
smtp_probe_risked(const struct smtp *s)
{
	if (!s->has_dotted || !s->has_current || s->sent <= s->dot_at ||
	    s->probe.group <= s->probe.proved)
		return PIPELINING_NO_GROUP;
	return s->probe.group;
}

enum pipelining_group
smtp_probe_refused(const struct smtp *s)
{
	return s->probe.refused;
}

enum pipelining_group
smtp_probe_answered(const struct smtp *s)
{
	return s->probe.answered;
}
