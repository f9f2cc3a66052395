#include "mail/bounce/bounce_judge.h"

#include "mail/bounce/ses_event.h"

/* The object at the start: SNS puts a sentence of its own behind it. */
static struct str
cut_object(struct str text)
{
	size_t i, depth = 0;
	bool quoted = false;

	for (i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (quoted) {
			i += c == '\\';
			quoted = c != '"';
		} else if (c == '"') {
			quoted = true;
		} else if (c == '{') {
			depth++;
		} else if (c == '}' && --depth == 0) {
			return (struct str){text.p, i + 1};
		}
	}
	return (struct str){text.p, 0};
}

void
bounce_judge(
    struct bounces *out, const struct bounce_mail *m, struct arena *arena)
{
	struct str text =
	    str_strip(bounce_mail_text(m, BOUNCE_NOTICE), " \t\n");
	struct fail f;

	if (text.n > 0 && text.p[0] == '{' &&
	    ses_event_read(out, cut_object(text), arena, &f) == 0)
		return;
	bounce_read(out, m, arena);
	out->at = m->date;
}
