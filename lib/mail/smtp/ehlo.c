#include "mail/smtp/ehlo.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

#include "base/ascii.h"

void
ehlo_add_line(struct ehlo *e, struct str line)
{
	size_t i;

	if (str_is_nocase(line, "PIPELINING"))
		e->pipelining = true;
	else if (str_is_nocase(line, "8BITMIME"))
		e->eightbitmime = true;
	else if (str_is_nocase(line, "SMTPUTF8"))
		e->smtputf8 = true;
	if (line.n < 4 || !str_is_nocase((struct str){line.p, 4}, "SIZE") ||
	    (line.n > 4 && line.p[4] != ' '))
		return;
	e->has_size = true;
	e->size = 0;
	for (i = 5; i < line.n && ascii_is_digit(line.p[i]) &&
		    e->size < ULLONG_MAX / 16;
	     i++)
		e->size = e->size * 10 + (unsigned)(line.p[i] - '0');
}

/* True if s may stand between < and > of a command without ending it. */
static bool
is_safe_path(struct str s, bool utf8)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c <= ' ' || c == 0x7f || c == '<' || c == '>' ||
		    (c >= 0x80 && !utf8))
			return false;
	}
	return true;
}

/* True if each c in s has its mate at the given distance. */
static bool
is_paired(struct str s, char c, char mate, ptrdiff_t distance)
{
	const char *p = s.p, *end = s.p + s.n;

	while ((p = memchr(p, c, (size_t)(end - p))) != NULL) {
		if (p + distance < s.p || p + distance >= end ||
		    p[distance] != mate)
			return false;
		p++;
	}
	return true;
}

static bool
is_clean_text(struct str s)
{
	if (s.n == 0)
		return true;
	return memchr(s.p, '\0', s.n) == NULL && is_paired(s, '\n', '\r', -1) &&
	       is_paired(s, '\r', '\n', 1);
}

enum ehlo_result
ehlo_check(const struct ehlo *e, struct str sender, struct str recipient,
    struct str text, bool needs_smtputf8)
{
	/* RFC 6531 3.1: a server with SMTPUTF8 has 8BITMIME too. */
	if (needs_smtputf8 && (!e->smtputf8 || !e->eightbitmime))
		return EHLO_NEEDS_UTF8;
	if (recipient.n == 0 || !is_safe_path(recipient, needs_smtputf8) ||
	    !is_safe_path(sender, needs_smtputf8))
		return EHLO_BAD_ADDRESS;
	if (!is_clean_text(text) || (!e->eightbitmime && !str_is_ascii(text)))
		return EHLO_BAD_CONTENT;
	if (e->size > 0 && text.n > e->size)
		return EHLO_TOO_BIG;
	return EHLO_FITS;
}
