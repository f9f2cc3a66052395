/*
 * Any bytes become a text of valid UTF-8 without control characters, trailing
 * spaces or double blank lines, with one LF at the end; a second conversion
 * gives the same text.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "mail/html/markdown.h"
#include "mail/text/text.h"
#include "mail/text/text_wrap.h"

/* Template tags come out as written, whatever they contain. */
static bool
has_tags(struct str html)
{
	static const char *const openers[] = {
	    "{{", "{%", "<%", "%%", "*|", "${"};

	for (size_t i = 0; i < sizeof(openers) / sizeof(openers[0]); i++)
		if (memmem(html.p, html.n, openers[i], 2) != NULL)
			return true;
	return false;
}

static void
check_text(struct str html, struct str text)
{
	if (utf8_valid(text.p, text.n) != text.n)
		abort();
	if (text.n == 0 || has_tags(html))
		return;
	if (text.p[text.n - 1] != '\n' || text.p[0] == '\n')
		abort();
	for (size_t i = 0; i < text.n; i++)
		if ((text.p[i] >= 0 && text.p[i] < ' ' && text.p[i] != '\n') ||
		    (i > 0 && text.p[i] == '\n' && text.p[i - 1] == ' '))
			abort();
	if (memmem(text.p, text.n, "\n\n\n", 3) != NULL ||
	    memmem(text.p, text.n, "\n\n", 2) == text.p + text.n - 2 ||
	    memmem(text.p, text.n, "\xc2\xa0", 2) != NULL)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str html = {(const char *)data, size};
	struct text_params params = {0};
	struct buf once = {0}, twice = {0};
	struct fail f;

	if (size > 0) {
		params.width = data[0] % 3 == 0 ? data[0] : 72;
		params.links = (enum text_links)(data[size - 1] % 3);
		params.preheader = data[size / 2] % 2 == 0;
	}
	if (text_from_html(&once, html, &params, &f) < 0 ||
	    text_from_html(&twice, html, &params, &f) < 0 ||
	    !str_eq(buf_str(&once), buf_str(&twice)))
		abort();
	check_text(html, buf_str(&once));
	buf_reset(&twice);
	text_wrap(&twice, buf_str(&once), params.width);
	buf_reset(&twice);
	if (markdown_to_html(&twice, html, size % 2 == 0, &f) < 0)
		abort();
	buf_free(&once);
	buf_free(&twice);
	return 0;
}
