#include "port/send/letter_check.h"

#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/crypto.h"
#include "base/utf8.h"

int
letter_check_sender(
    struct letter *l, struct str otherwise, int addr_policy, struct fail *f)
{
	struct message *m = &l->message;
	struct addr sender;

	if (m->sender.p == NULL)
		m->sender = otherwise;
	if (m->sender.p == NULL)
		return fail_data(f,
		    "\"sender\" is missing, and BM_ENVELOPE_SENDER is not set");
	if (m->sender.n == 0)
		return 0;
	if (addr_parse(&sender, m->sender, addr_policy, l->arena, f) < 0)
		return fail_prefix(f, "sender");
	m->sender = sender.wire;
	return 0;
}

#define KEY_MAX 254 /* bytes; RFC 5321, 4.5.3.1.3 */

/*
 * The key of an address that is refused: that of the address where there is
 * one, else the text, cut, with a hash of all of it.
 */
static struct str
make_refused_key(struct letter *l)
{
	struct str text = l->message.email;
	unsigned char digest[CRYPTO_SHA256];
	struct buf key = {0};
	struct fail ignored;
	struct addr a;
	size_t n = utf8_cut(text, KEY_MAX);

	if (addr_parse(&a, text, ADDR_RESERVED, l->arena, &ignored) == 0)
		return a.key;
	buf_adds(&key, "refused:");
	for (size_t i = 0; i < n; i++)
		buf_addc(&key, ascii_lower(text.p[i]));
	if (text.n > KEY_MAX) {
		crypto_sha256(text.p, text.n, digest);
		crypto_hex(&key, digest, sizeof(digest));
	}
	text = arena_str(l->arena, buf_str(&key));
	buf_free(&key);
	return text;
}

int
letter_check_address(struct letter *l, int addr_policy, struct fail *f)
{
	if (addr_parse(&l->to, l->message.email, addr_policy, l->arena, f) == 0)
		return 0;
	l->to = (struct addr){.key = make_refused_key(l)};
	l->refused = arena_str(l->arena, str_of(f->text));
	return -1;
}
