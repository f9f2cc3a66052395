#include "mail/smtp/ehlo.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

#include "base/ascii.h"

/* Append the words of a line, each after a space; a word is never cut. */
static void
add_auth(struct ehlo *e, struct str words)
{
	size_t used = strlen(e->auth);
	struct str word;

	for (words = str_trim(words); words.n > 0; words = str_trim(words)) {
		size_t n = 0;

		while (n < words.n && words.p[n] != ' ' && words.p[n] != '\t')
			n++;
		word = (struct str){words.p, n};
		words = (struct str){words.p + n, words.n - n};
		if (used + word.n + 1 > EHLO_AUTH || !str_is_ascii(word))
			continue;
		if (used > 0)
			e->auth[used++] = ' ';
		memcpy(e->auth + used, word.p, word.n);
		used += word.n;
		e->auth[used] = '\0';
	}
}

static void
set_size(struct ehlo *e, struct str digits)
{
	size_t i;

	e->has_size = true;
	e->size = 0;
	for (i = 0; i < digits.n && ascii_is_digit(digits.p[i]) &&
		    e->size < ULLONG_MAX / 16;
	     i++)
		e->size = e->size * 10 + (unsigned)(digits.p[i] - '0');
}

/* The length of the keyword, which ends at a blank or at "=". */
static size_t
keyword_length(struct str line)
{
	size_t n = 0;

	while (n < line.n && strchr(" \t=", line.p[n]) == NULL)
		n++;
	return n;
}

void
ehlo_add_line(struct ehlo *e, struct str line)
{
	struct str keyword = {line.p, keyword_length(line)}, rest = {0};

	if (keyword.n < line.n)
		rest = (struct str){
		    line.p + keyword.n + 1, line.n - keyword.n - 1};
	if (str_is_nocase(keyword, "AUTH"))
		add_auth(e, rest);
	else if (keyword.n < line.n && line.p[keyword.n] == '=')
		return;
	else if (str_is_nocase(keyword, "PIPELINING"))
		e->pipelining = true;
	else if (str_is_nocase(keyword, "8BITMIME"))
		e->eightbitmime = true;
	else if (str_is_nocase(keyword, "SMTPUTF8"))
		e->smtputf8 = true;
	else if (str_is_nocase(keyword, "SIZE"))
		set_size(e, str_trim(rest));
}

static bool *
find_ignored(struct ehlo_ignored *i, struct str name)
{
	const struct {
		const char *name;
		bool *flag;
	} all[] = {{"PIPELINING", &i->pipelining}, {"SIZE", &i->size},
	    {"8BITMIME", &i->eightbitmime}, {"SMTPUTF8", &i->smtputf8}};

	for (size_t k = 0; k < sizeof(all) / sizeof(*all); k++) {
		if (str_is_nocase(name, all[k].name))
			return all[k].flag;
	}
	return NULL;
}

int
ehlo_ignored_parse(struct ehlo_ignored *i, const char *list, struct fail *f)
{
	struct str rest = str_of(list), name;
	bool *flag;

	*i = (struct ehlo_ignored){0};
	while (rest.n > 0) {
		name = str_trim(str_take(&rest, STR(",")));
		flag = find_ignored(i, name);
		if (name.n == 0)
			continue;
		if (str_is_nocase(name, "STARTTLS") ||
		    str_is_nocase(name, "AUTH"))
			return fail_system(f,
			    "%.*s cannot be ignored: EMAIL_USE_TLS and "
			    "EMAIL_HOST_USER say whether it is used",
			    (int)name.n, name.p);
		if (flag == NULL)
			return fail_system(f,
			    "%.*s is not one of PIPELINING, SIZE, 8BITMIME "
			    "and SMTPUTF8",
			    (int)name.n, name.p);
		*flag = true;
	}
	return 0;
}

void
ehlo_ignore(struct ehlo *e, const struct ehlo_ignored *i)
{
	e->pipelining = e->pipelining && !i->pipelining;
	e->eightbitmime = e->eightbitmime && !i->eightbitmime;
	e->smtputf8 = e->smtputf8 && !i->smtputf8;
	if (!i->size)
		return;
	e->has_size = false;
	e->size = 0;
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

/* 1 if c is a NUL, or a CR or LF without the other beside it. */
static unsigned char
is_unclean(char before, char c)
{
	return (unsigned char)(((before == '\r') ^ (c == '\n')) | (c == '\0'));
}

/*
 * No NUL, CR and LF in pairs only. Blocks of a fixed size let the compiler
 * compare many bytes at once: half the time of memchr() for each line.
 */
static bool
is_clean_text(struct str s)
{
	enum { BLOCK = 64 }; /* bytes */
	unsigned char unclean;
	size_t i;

	if (s.n == 0)
		return true;
	unclean = is_unclean('\0', s.p[0]) | (s.p[s.n - 1] == '\r');
	for (i = 1; s.n - i >= BLOCK; i += BLOCK) {
		for (size_t j = 0; j < BLOCK; j++)
			unclean |= is_unclean(s.p[i + j - 1], s.p[i + j]);
	}
	for (; i < s.n; i++)
		unclean |= is_unclean(s.p[i - 1], s.p[i]);
	return unclean == 0;
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
