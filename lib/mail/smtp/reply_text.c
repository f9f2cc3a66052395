#include "mail/smtp/reply_text.h"

#include <string.h>
#include <strings.h>

#include "base/ascii.h"

#define ID_LENGTH 8 /* of letters and digits mixed; not "smtputf8" */

struct reader {
	struct str sender, recipient, own, his; /* domains: own, his */
	struct reply_text *out;
	char *words; /* where words go: out->words or out->quoted */
	size_t n, count;
	char class; /* of the basic code: '4', '5' */
};

static const char *const list_names[] = {"abuseat", "abusix",
    "barracudacentral", "blacklist", "blocklist", "cobion", "dnsbl",
    "invaluement", "ipcheck", "mail-abuse", "mailspike", "njabl", "psbl", "rbl",
    "senderbase", "senderscore", "sorbs", "spamcop", "spamhaus", "spamrats",
    "surbl", "uceprotect", "uribl"};

/* Words that begin a sentence: behind a dot without a blank they are no TLD. */
static const char *const openers[] = {"access", "address", "contact", "error",
    "greylisting", "message", "please", "relay", "sender", "service", "their",
    "there", "these", "visit"};

static bool
is_in(struct str s, const char *const *names, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strlen(names[i]) == s.n &&
		    strncasecmp(names[i], s.p, s.n) == 0)
			return true;
	}
	return false;
}

static bool
is_same(struct str a, struct str b)
{
	return a.n == b.n && a.n > 0 && strncasecmp(a.p, b.p, a.n) == 0;
}

static bool
is_within(struct str host, struct str domain)
{
	struct str end = {host.p + host.n - domain.n, domain.n};

	return host.n >= domain.n && is_same(end, domain) &&
	       (host.n == domain.n || end.p[-1] == '.');
}

static struct str
domain_of(struct str address)
{
	const char *at =
	    address.n > 0 ? memrchr(address.p, '@', address.n) : NULL;

	if (at == NULL)
		return (struct str){address.p, 0};
	return (struct str){at + 1, (size_t)(address.p + address.n - at) - 1};
}

static void
put_word(struct reader *r, struct str s)
{
	size_t i;

	if (s.n == 0)
		return;
	for (i = 0; i < s.n && r->n < 2 * REPLY_TEXT; i++)
		r->words[r->n++] = s.p[i];
	r->words[r->n++] = ' ';
	r->words[r->n] = '\0';
}

static void
put_mark(struct reader *r, char mark)
{
	put_word(r, (struct str){&mark, 1});
}

static bool
is_identifier(const char *word, size_t n)
{
	size_t i, digits = 0, letters = 0;

	for (i = 0; i < n; i++) {
		digits += ascii_is_digit(word[i]);
		letters += ascii_is_letter(word[i]);
	}
	return n >= ID_LENGTH && digits > 1 && letters > 0;
}

/* Split at punctuation, without identifiers, in lower case. */
static void
put_words(struct reader *r, struct str s)
{
	char word[REPLY_TEXT];
	size_t i, n = 0;

	for (i = 0; i <= s.n; i++) {
		char c = i < s.n ? s.p[i] : ' ';

		if (ascii_is_alnum(c) || ((unsigned char)c & 0x80) != 0) {
			word[n++] = ascii_lower(c);
		} else if (c != '\'') {
			if (!is_identifier(word, n))
				put_word(r, (struct str){word, n});
			n = 0;
		}
	}
}

static bool
is_listed(struct str host)
{
	size_t from = 0, i;

	for (i = 0; i <= host.n; i++) {
		if (i < host.n && host.p[i] != '.')
			continue;
		if (is_in((struct str){host.p + from, i - from}, list_names,
			sizeof(list_names) / sizeof(*list_names)))
			return true;
		from = i + 1;
	}
	return false;
}

static char
mark_of_host(const struct reader *r, struct str host, char other)
{
	if (is_within(host, r->his))
		return 'D';
	if (is_within(host, r->own))
		return 'O';
	return is_listed(host) ? 'L' : other;
}

static bool
is_ip(struct str s)
{
	size_t i, dots = 0, colons = 0;

	for (i = 0; i < s.n; i++) {
		dots += s.p[i] == '.';
		colons += s.p[i] == ':';
		if (strchr("0123456789abcdefABCDEF.:", s.p[i]) == NULL)
			return false;
	}
	if (colons == 0)
		return dots == 3 && strspn(s.p, "0123456789.") >= s.n;
	return colons >= 2 || (dots == 3 && colons == 1);
}

/* At least two labels; the last has letters of one case only. */
static bool
is_host(struct str s)
{
	size_t i, dots = 0, upper = 0, from = 0;

	for (i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '.') {
			if (i == from)
				return false;
			dots++;
			from = i + 1;
			upper = 0;
		} else if (!ascii_is_alnum(c) && c != '-' && c != '_') {
			return false;
		} else {
			upper += ascii_is_upper(c);
		}
	}
	s = (struct str){s.p + from, s.n - from};
	if (dots == 0 || s.n < 2 || (upper > 0 && upper < s.n))
		return false;
	for (i = 0; i < s.n; i++) {
		if (!ascii_is_letter(s.p[i]) && s.p[i] != '-')
			return false;
	}
	return !is_in(s, openers, sizeof(openers) / sizeof(*openers));
}

/* "5.1.1": kept as the enhanced code if at the front or behind a "#". */
static bool
take_code(struct reader *r, struct str s)
{
	bool marked = s.n > 0 && s.p[0] == '#';
	size_t i, dots = 0;

	if (marked)
		s = (struct str){s.p + 1, s.n - 1};
	for (i = 0; i < s.n; i++) {
		dots += s.p[i] == '.';
		if (s.p[i] != '.' && !ascii_is_digit(s.p[i]))
			return false;
	}
	if (dots != 2 || s.n < 5 || s.n > 9 || s.p[1] != '.' ||
	    s.p[s.n - 1] == '.' || s.p[2] == '.')
		return false;
	if (r->out->enhanced[0] == '\0' && s.p[0] == r->class &&
	    r->words == r->out->words && (marked || r->count <= 2)) {
		memcpy(r->out->enhanced, s.p, s.n);
		r->out->enhanced[s.n] = '\0';
	}
	return true;
}

static char
mark_of_address(const struct reader *r, struct str s)
{
	struct str domain = domain_of(s), end = s;

	while (end.n > 0 && memchr(end.p, '=', end.n) != NULL)
		end = (struct str){end.p + 1, end.n - 1};
	if (is_same(end, r->recipient) || is_same(end, r->sender))
		s = end;
	if (is_same(s, r->recipient))
		return 'R';
	if (is_same(s, r->sender))
		return 'S';
	return is_within(domain, r->own) && !is_same(r->own, r->his) ? 'S'
								     : 'A';
}

static bool
ends_with(const struct reader *r, const char *word)
{
	size_t n = strlen(word);

	return r->n >= n && strcmp(r->words + r->n - n, word) == 0;
}

/* The recipient's name alone: in brackets, quotes, or behind such a word. */
static bool
is_name(const struct reader *r, struct str s, char before)
{
	struct str name = r->recipient;

	if (r->his.n == 0)
		return false;
	name.n -= r->his.n + 1;
	return is_same(s, name) &&
	       ((before != '\0' && strchr("<(\"'[", before) != NULL) ||
		   r->count == 1 || ends_with(r, " user ") ||
		   ends_with(r, " mailbox ") || ends_with(r, " account ") ||
		   ends_with(r, " alias ") || ends_with(r, " recipient "));
}

static void
put_token(struct reader *r, struct str s, char before)
{
	const char *url = memmem(s.p, s.n, "://", 3);
	struct str host;

	for (; s.n > 0 && strchr("':.-=", s.p[0]) != NULL; s.p++, s.n--)
		before = s.p[0];
	while (s.n > 0 && strchr(".:!?-='", s.p[s.n - 1]) != NULL)
		s.n--;
	if (s.n == 0)
		return;
	r->count++;
	host = s;
	if (url != NULL || (s.n > 4 && strncasecmp(s.p, "www.", 4) == 0)) {
		if (url != NULL)
			host = (struct str){
			    url + 3, s.n > (size_t)(url + 3 - s.p)
					 ? (size_t)(s.p + s.n - url) - 3
					 : 0};
		for (s.n = 0; s.n < host.n &&
			      (ascii_is_alnum(host.p[s.n]) ||
				  host.p[s.n] == '.' || host.p[s.n] == '-');)
			s.n++;
		s.p = host.p;
		put_mark(r, mark_of_host(r, s, 'U'));
	} else if (memchr(s.p, '@', s.n) != NULL) {
		put_mark(r, mark_of_address(r, s));
	} else if (is_name(r, s, before)) {
		put_mark(r, 'R');
	} else if (is_ip(s)) {
		put_mark(r, 'I');
	} else if (is_host(s)) {
		put_mark(r, mark_of_host(r, s, 'H'));
	} else if (!take_code(r, s)) {
		put_words(r, s);
	}
	if (r->words == r->out->words && ends_with(r, " said ")) {
		r->words = r->out->quoted;
		r->n = 1;
	}
}

static bool
is_address_byte(char c)
{
	return ascii_is_alnum(c) || c == '@' || ((unsigned char)c & 0x80) != 0;
}

/* Length of the address at p, if it is this one and nothing is joined to it. */
static size_t
find_address(const char *text, const char *p, struct str address)
{
	if (address.n == 0 || strncasecmp(p, address.p, address.n) != 0 ||
	    (p > text && is_address_byte(p[-1])) ||
	    is_address_byte(p[address.n]))
		return 0;
	return address.n;
}

void
reply_text_read(struct reply_text *t, const struct reply *reply,
    struct str sender, struct str recipient)
{
	const char *p, *q, *text = reply->text;
	struct reader r = {sender, recipient, domain_of(sender),
	    domain_of(recipient), t, t->words, 1, 0,
	    (char)('0' + reply->code / 100)};

	strcpy(t->words, " ");
	strcpy(t->quoted, " ");
	memcpy(t->enhanced, reply->enhanced, sizeof(t->enhanced));
	for (p = text; *p != '\0'; p = q) {
		size_t n = find_address(text, p, recipient);

		if (n == 0)
			n = find_address(text, p, sender);
		if (n > 0) {
			r.count++;
			put_mark(&r, mark_of_address(&r, (struct str){p, n}));
			q = p + n;
			continue;
		}
		for (q = p;
		     *q != '\0' && strchr(" \t<>()[]{}\",;|`", *q) == NULL; q++)
			;
		put_token(&r, (struct str){p, (size_t)(q - p)},
		    p > text ? p[-1] : '\0');
		q += *q != '\0';
	}
}
