#include "mail/html/html_style.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "mail/html/html_reference.h"

/* Write the character that the numeric reference &#N; stands for. */
static void
put_referred(struct buf *out, struct str reference)
{
	long code = strtol(reference.p + 2, NULL, 10);

	/* No other character has a meaning in a style. */
	buf_addc(out, code > 0 && code < 0x80 ? (char)code : '?');
}

static size_t
put_css_escape(struct buf *out, struct str s)
{
	char digits[7] = "";
	size_t n = 0;
	long code;

	while (n < 6 && n + 1 < s.n &&
	       strchr("0123456789abcdefABCDEF", s.p[n + 1]) != NULL) {
		digits[n] = s.p[n + 1];
		n++;
	}
	if (n == 0) {
		if (s.n > 1)
			buf_addc(out, ascii_lower(s.p[1]));
		return s.n > 1 ? 2 : 1;
	}
	code = strtol(digits, NULL, 16);
	buf_addc(out, code > 0 && code < 0x80 ? ascii_lower((char)code) : '?');
	n++;
	return n + (n < s.n && ascii_is_space(s.p[n]));
}

/* The text behind a comment that begins at i. */
static size_t
skip_css_comment(struct str s, size_t i)
{
	const char *end = memmem(s.p + i + 2, s.n - i - 2, "*/", 2);

	return end != NULL ? (size_t)(end - s.p) + 2 : s.n;
}

/* References decoded, as the reader of the attribute has them. */
static void
put_attribute_text(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n;) {
		struct buf reference = {0};
		size_t n = s.p[i] == '&' ? html_reference_put(&reference,
					       s.p + i, s.n - i, true)
					 : 0;

		if (n > 0)
			put_referred(out, buf_str(&reference));
		else
			buf_addc(out, s.p[i]);
		i += n > 0 ? n : 1;
		buf_free(&reference);
	}
	*buf_reserve(out, 1) = '\0';
}

/*
 * Lower case, comments and escapes resolved, white space one blank; a ";"
 * within quotes or brackets is no end of a declaration and becomes a comma.
 */
static void
put_plain_style(struct buf *out, struct str s)
{
	char quote = '\0';
	unsigned depth = 0;

	for (size_t i = 0; i < s.n;) {
		char c = s.p[i];

		if (quote == '\0' && c == '/' && i + 1 < s.n &&
		    s.p[i + 1] == '*') {
			i = skip_css_comment(s, i);
			continue;
		}
		if (c == '\\') {
			i +=
			    put_css_escape(out, (struct str){s.p + i, s.n - i});
			continue;
		}
		if (quote != '\0')
			quote = c == quote || c == '\n' ? '\0' : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (strchr("([{", c) != NULL)
			depth++;
		else if (strchr(")]}", c) != NULL && depth > 0)
			depth--;
		if (c == ';' && (quote != '\0' || depth > 0))
			c = ',';
		buf_addc(out, ascii_is_space(c) ? ' ' : ascii_lower(c));
		i++;
	}
	*buf_reserve(out, 1) = '\0';
}

void
html_style_plain(struct buf *out, struct str value)
{
	struct buf text = {0};

	put_attribute_text(&text, value);
	put_plain_style(out, buf_str(&text));
	buf_free(&text);
}
