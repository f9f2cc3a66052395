#include "mail/message/lint_report.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "mail/html/html_tags.h"

#define WORDS_MAX 60 /* bytes of a finding's own words */

/* In Markdown, text is found by itself and a tag as source_line() does it. */
static size_t
find_line_of(const struct lint *l, size_t at)
{
	struct str markdown = l->source->markdown;
	struct str text = {l->html.p + at, l->html.n - at};
	const char *hit = NULL;

	if (markdown.p == NULL || text.n == 0 || *text.p == '<')
		return source_line(l->source, at);
	for (text.n = text.n < 24 ? text.n : 24; text.n > 3 && hit == NULL;
	     text.n--)
		hit = memmem(markdown.p, markdown.n, text.p, text.n);
	return hit != NULL
		   ? html_tags_line(markdown, (size_t)(hit - markdown.p))
		   : 1;
}

void
lint_report(struct lint *l, size_t at, const char *text)
{
	if (!l->full)
		l->full = !l->report(
		    l->ctx, l->source->name, find_line_of(l, at), text);
}

void
lint_report_words(struct lint *l, size_t at, const char *text, struct str words)
{
	struct buf b = {0};

	if (words.n > WORDS_MAX)
		words.n = utf8_cut(words, WORDS_MAX);
	buf_printf(&b, "%s: ", text);
	for (size_t i = 0; i < words.n; i++)
		buf_addc(
		    &b, (unsigned char)words.p[i] < 0x20 ? ' ' : words.p[i]);
	lint_report(l, at, buf_cstr(&b));
	buf_free(&b);
}
