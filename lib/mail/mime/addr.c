#include "mail/mime/addr.h"

#include <idn2.h>
#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "mail/mime/addr_look.h"
#include "mail/mime/addr_reserved.h"

#define LOCAL_MAX 64
#define DOMAIN_MAX 253
#define ADDRESS_MAX 254 /* RFC 5321 4.5.3.1.3 less the angle brackets */
#define LABEL_MAX 63

static bool
is_unicode_control(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp <= 0x9F) || cp == 0x2028 ||
	       cp == 0x2029;
}

/* Reject the characters that are allowed in no part of an address. */
static int
check_characters(struct str s, struct fail *f)
{
	size_t i = utf8_printable(s.p, s.n);

	if (memchr(s.p, ' ', i) != NULL)
		return fail_data(f, "the address has white space");
	if (utf8_valid(s.p + i, s.n - i) != s.n - i)
		return fail_data(f, "the address is not valid UTF-8");
	while (i < s.n) {
		uint32_t cp = utf8_next(s.p, s.n, &i);

		if (is_unicode_control(cp))
			return fail_data(
			    f, "the address has a control character");
		if (utf8_is_space(cp))
			return fail_data(f, "the address has white space");
		if (utf8_is_invisible(cp))
			return fail_data(
			    f, "the address has an invisible character");
	}
	return 0;
}

static int
check_local_char(char c, struct fail *f)
{
	if ((unsigned char)c >= 0x80 || ascii_is_alnum(c))
		return 0;
	if (c == '%' || c == '!')
		return fail_data(f, "the local part has '%c' (routing)", c);
	if (strchr(".#$&'*+-/=?^_`{|}~", c) == NULL)
		return fail_data(f, "the local part has the character '%c'", c);
	return 0;
}

static int
check_local(struct str s, struct fail *f)
{
	size_t i;

	if (s.n == 0)
		return fail_data(f, "the address has no local part");
	if (s.p[0] == '"')
		return fail_data(f, "quoted local parts are not supported");
	for (i = 0; i < s.n; i++) {
		if (check_local_char(s.p[i], f) < 0)
			return -1;
		if (s.p[i] == '.' &&
		    (i == 0 || i + 1 == s.n || s.p[i + 1] == '.'))
			return fail_data(f, "the local part has a stray dot");
	}
	if (s.n > LOCAL_MAX)
		return fail_data(
		    f, "the local part is longer than %d bytes", LOCAL_MAX);
	return str_is_ascii(s) ? 0 : addr_look_check(s, f);
}

static int
check_domain_label(struct str s, struct fail *f)
{
	size_t i;

	if (s.n == 0)
		return fail_data(f, "the domain has an empty label");
	if (s.n > LABEL_MAX)
		return fail_data(f,
		    "the domain has a label longer than %d bytes", LABEL_MAX);
	if (s.p[0] == '-' || s.p[s.n - 1] == '-')
		return fail_data(
		    f, "the domain has a label with '-' at an end");
	for (i = 0; i < s.n; i++) {
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '-')
			return fail_data(
			    f, "the domain has the character '%c'", s.p[i]);
	}
	return 0;
}

/* Read the label at *at and move *at past its dot. */
static bool
next_label(struct str domain, size_t *at, struct str *label)
{
	const char *dot;

	if (*at > domain.n)
		return false;
	*label = (struct str){domain.p + *at, domain.n - *at};
	dot = memchr(label->p, '.', label->n);
	if (dot != NULL)
		label->n = (size_t)(dot - label->p);
	*at += label->n + 1;
	return true;
}

static int
check_domain(struct str domain, struct fail *f)
{
	struct str label = {0};
	size_t at = 0, count = 0, i;

	for (; next_label(domain, &at, &label); count++) {
		if (check_domain_label(label, f) < 0)
			return -1;
	}
	if (domain.n > DOMAIN_MAX)
		return fail_data(
		    f, "the domain is longer than %d bytes", DOMAIN_MAX);
	if (count == 1 && !str_is(domain, "localhost"))
		return fail_data(f, "the domain has no dot");
	for (i = 0; i < label.n; i++) {
		if (!ascii_is_digit(label.p[i]))
			return 0;
	}
	return fail_data(f, "the domain is an IP address");
}

static bool
needs_idna(struct str domain)
{
	struct str label;
	size_t at = 0;

	if (!str_is_ascii(domain))
		return true;
	while (next_label(domain, &at, &label)) {
		if (label.n >= 4 &&
		    str_is_nocase((struct str){label.p, 4}, "xn--"))
			return true;
	}
	return false;
}

/*
 * STD3 rules stay off: with them libidn2 2.3 drops the forbidden characters,
 * and the result names another domain. check_domain() finds those characters,
 * since Punycode leaves ASCII unchanged.
 */
static int
convert_to_a_labels(struct str *domain, struct arena *a, struct fail *f)
{
	const char *in = arena_dup(a, domain->p, domain->n);
	char *out = NULL;
	int rc =
	    idn2_to_ascii_8z(in, &out, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);

	if (rc != IDN2_OK)
		return fail_data(f,
		    "the domain is not a valid international name: %s",
		    idn2_strerror(rc));
	*domain = str_of(arena_dup(a, out, strlen(out)));
	idn2_free(out);
	return 0;
}

static int
parse_domain(struct str *out, struct str text, int policy, struct arena *a,
    struct fail *f)
{
	char *p;
	size_t i;

	if (text.n == 0)
		return fail_data(f, "the address has no domain");
	if (text.p[0] == '[')
		return fail_data(f, "address literals are not supported");
	if (text.p[text.n - 1] == '.')
		return fail_data(f, "the domain ends with a dot");
	/* A longer name cannot become valid. */
	if (text.n > 4 * DOMAIN_MAX)
		return fail_data(
		    f, "the domain is longer than %d bytes", DOMAIN_MAX);
	if (needs_idna(text) && convert_to_a_labels(&text, a, f) < 0)
		return -1;
	p = arena_dup(a, text.p, text.n);
	for (i = 0; i < text.n; i++)
		p[i] = ascii_lower(p[i]);
	*out = (struct str){p, text.n};
	if (check_domain(*out, f) < 0)
		return -1;
	return policy & ADDR_RESERVED ? 0 : addr_reserved_check(*out, f);
}

/* local@domain: its length is the sum of both and one. */
static char *
join_parts(struct str local, struct str domain, struct arena *a)
{
	char *p = arena_alloc(a, local.n + 1 + domain.n + 1);

	memcpy(p, local.p, local.n);
	p[local.n] = '@';
	memcpy(p + local.n + 1, domain.p, domain.n);
	return p;
}

static struct str
make_recipient_key(const struct addr *addr, struct arena *a)
{
	struct str local = addr->local;
	struct buf nfc = {0};
	char *p;
	size_t i;

	if (addr->needs_smtputf8) {
		utf8_nfc(&nfc, local);
		local = buf_str(&nfc);
	}
	p = join_parts(local, addr->domain, a);
	for (i = 0; i < local.n; i++)
		p[i] = ascii_lower(p[i]);
	buf_free(&nfc);
	return (struct str){p, local.n + 1 + addr->domain.n};
}

int
addr_parse(struct addr *addr, struct str text, int policy, struct arena *a,
    struct fail *f)
{
	const char *at;
	struct str local;

	*addr = (struct addr){0};
	if (text.n == 0)
		return fail_data(f, "the address is empty");
	if (check_characters(text, f) < 0)
		return -1;
	if (text.p[0] == '@' && memchr(text.p, ':', text.n) != NULL)
		return fail_data(f, "source routes are not supported");
	at = memrchr(text.p, '@', text.n);
	if (at == NULL)
		return fail_data(f, "the address has no '@'");
	local = (struct str){text.p, (size_t)(at - text.p)};
	if (check_local(local, f) < 0)
		return -1;
	if (parse_domain(&addr->domain,
		(struct str){at + 1, text.n - local.n - 1}, policy, a, f) < 0)
		return -1;
	addr->local = arena_str(a, local);
	addr->needs_smtputf8 = !str_is_ascii(local);
	addr->wire = (struct str){
	    join_parts(local, addr->domain, a), local.n + 1 + addr->domain.n};
	if (addr->wire.n > ADDRESS_MAX)
		return fail_data(
		    f, "the address is longer than %d bytes", ADDRESS_MAX);
	addr->key = make_recipient_key(addr, a);
	return 0;
}

static int
check_display_name(struct str s, struct fail *f)
{
	size_t i = 0;

	if (utf8_valid(s.p, s.n) != s.n)
		return fail_data(f, "the display name is not valid UTF-8");
	while (i < s.n) {
		if (is_unicode_control(utf8_next(s.p, s.n, &i)))
			return fail_data(
			    f, "the display name has a control character");
	}
	return 0;
}

static int
unquote_name(struct str *name, struct str s, struct arena *a, struct fail *f)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t i, n = 0;

	for (i = 1; i < s.n && s.p[i] != '"'; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n)
			i++;
		p[n++] = s.p[i];
	}
	if (i + 1 != s.n)
		return fail_data(f, "the display name is badly quoted");
	*name = (struct str){p, n};
	return 0;
}

static int
parse_display_name(
    struct str *name, struct str s, struct arena *a, struct fail *f)
{
	size_t i;

	if (check_display_name(s, f) < 0)
		return -1;
	if (s.n > 0 && s.p[0] == '"')
		return unquote_name(name, s, a, f);
	for (i = 0; i < s.n; i++) {
		if (strchr("()<>[]:;@\\,\"", s.p[i]) != NULL)
			return fail_data(f,
			    "the display name needs quotes because of '%c'",
			    s.p[i]);
	}
	if (s.n > 0)
		*name = arena_str(a, s);
	return 0;
}

int
addr_parse_mailbox(struct addr *addr, struct str *name, struct str text,
    int policy, struct arena *a, struct fail *f)
{
	const char *open;
	struct str bare;

	*name = (struct str){0};
	text = str_trim(text);
	if (text.n == 0 || text.p[text.n - 1] != '>')
		return addr_parse(addr, text, policy, a, f);
	open = memrchr(text.p, '<', text.n);
	if (open == NULL)
		return fail_data(f, "the mailbox has '>' without '<'");
	bare = (struct str){open + 1, text.n - (size_t)(open - text.p) - 2};
	if (parse_display_name(name,
		str_trim((struct str){text.p, (size_t)(open - text.p)}), a,
		f) < 0)
		return -1;
	return addr_parse(addr, bare, policy, a, f);
}

struct str
addr_shown(struct str domain, struct arena *a)
{
	const char *in = arena_dup(a, domain.p, domain.n);
	char *out = NULL;

	if (idn2_to_unicode_8z8z(in, &out, 0) != IDN2_OK)
		return str_of(in);
	in = arena_dup(a, out, strlen(out));
	idn2_free(out);
	return str_of(in);
}

void
addr_library(struct buf *b)
{
	buf_printf(b, "libidn2 %s\n", idn2_check_version(NULL));
}
