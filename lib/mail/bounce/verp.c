#include "mail/bounce/verp.h"

#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/crypto.h"
#include "base/crypto_mac.h"

#define LOCAL_MAX 64 /* bytes (RFC 5321 4.5.3.1.1) */

int
verp_parse(struct verp *v, const char *pattern, struct fail *f)
{
	struct str text = str_of(pattern);
	const char *mark = memmem(text.p, text.n, "%s", 2);
	const char *at = memrchr(text.p, '@', text.n);

	if (mark == NULL || at == NULL || at < mark ||
	    text.p + text.n == at + 1)
		return fail_system(f,
		    "%.*s is no pattern of addresses: it needs one %%s before "
		    "the @, as in bounce+%%s@bounces.example.edu",
		    (int)text.n, text.p);
	v->before = (struct str){text.p, (size_t)(mark - text.p)};
	v->after = (struct str){mark + 2, (size_t)(text.p + text.n - mark) - 2};
	if (memchr(v->before.p, '%', v->before.n) != NULL ||
	    memchr(v->after.p, '%', v->after.n) != NULL ||
	    memchr(v->after.p, '@', v->after.n) != at ||
	    text.n != strcspn(pattern, " \t<>,;\"\r\n"))
		return fail_system(
		    f, "%.*s is no pattern of addresses", (int)text.n, text.p);
	if ((size_t)(at - text.p) - 2 + VERP_TOKEN > LOCAL_MAX)
		return fail_system(f,
		    "%.*s: with the %d characters of a token the part before "
		    "the @ is longer than %d",
		    (int)text.n, text.p, VERP_TOKEN, LOCAL_MAX);
	return 0;
}

void
verp_token(struct buf *b, const unsigned char secret[VERP_KEY],
    struct str email_id, struct str key)
{
	unsigned char bytes[VERP_BYTES], digest[CRYPTO_SHA256];
	struct buf text = {0};

	crypto_sha256(email_id.p, email_id.n, digest);
	memcpy(bytes, digest, VERP_MAILING);
	crypto_sha256(key.p, key.n, digest);
	memcpy(bytes + VERP_MAILING, digest, VERP_PERSON);
	buf_addstr(&text, email_id);
	buf_addc(&text, '\0');
	buf_addstr(&text, key);
	crypto_mac_sha256(digest, (struct str){(const char *)secret, VERP_KEY},
	    buf_str(&text));
	memcpy(bytes + VERP_MAILING + VERP_PERSON, digest,
	    VERP_BYTES - VERP_MAILING - VERP_PERSON);
	crypto_base32(b, bytes, sizeof(bytes));
	buf_free(&text);
}

void
verp_address(struct buf *b, const struct verp *v,
    const unsigned char secret[VERP_KEY], struct str email_id, struct str key)
{
	buf_addstr(b, v->before);
	verp_token(b, secret, email_id, key);
	buf_addstr(b, v->after);
}

static int
value_of(char c)
{
	if (ascii_is_letter(c))
		return ascii_lower(c) - 'a';
	return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

bool
verp_bytes(unsigned char out[VERP_BYTES], struct str token)
{
	unsigned bits = 0;
	int count = 0;
	size_t i, n = 0;

	for (i = 0; i < VERP_TOKEN; i++) {
		int value = i < token.n ? value_of(token.p[i]) : -1;

		if (value < 0)
			return false;
		bits = bits << 5 | (unsigned)value;
		count += 5;
		if (count >= 8) {
			count -= 8;
			out[n++] = (unsigned char)(bits >> count);
		}
	}
	return token.n == VERP_TOKEN;
}

/* Letters may have come back in upper case. */
static bool
has_form(const struct verp *v, struct str s)
{
	const struct str token = {s.p + v->before.n, VERP_TOKEN};
	unsigned char bytes[VERP_BYTES];

	return s.n >= v->before.n + VERP_TOKEN + v->after.n &&
	       strncasecmp(s.p, v->before.p, v->before.n) == 0 &&
	       strncasecmp(token.p + VERP_TOKEN, v->after.p, v->after.n) == 0 &&
	       verp_bytes(bytes, token);
}

bool
verp_matches(const struct verp *v, struct str address)
{
	return address.n == v->before.n + VERP_TOKEN + v->after.n &&
	       has_form(v, address);
}

struct str
verp_find(const struct verp *v, struct str text)
{
	static const struct verp any = {{"+", 1}, {"@", 1}};

	if (v == NULL)
		v = &any;
	for (; text.n > 0; text.p++, text.n--) {
		if (has_form(v, text))
			return (struct str){text.p + v->before.n, VERP_TOKEN};
	}
	return (struct str){NULL, 0};
}
