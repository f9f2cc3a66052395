#include "mail/bounce/bounce_mail.h"

struct str
bounce_mail_text(const struct bounce_mail *m, enum bounce_mail_text which)
{
	return buf_str(&m->texts[which]);
}

void
bounce_mail_reset(struct bounce_mail *m)
{
	for (int i = 0; i < BOUNCE_TEXTS; i++)
		buf_reset(&m->texts[i]);
	m->answers = m->listed = false;
	m->date = 0;
	m->report[0] = '\0';
}

void
bounce_mail_free(struct bounce_mail *m)
{
	for (int i = 0; i < BOUNCE_TEXTS; i++)
		buf_free(&m->texts[i]);
}
