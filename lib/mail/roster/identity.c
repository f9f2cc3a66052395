#include "mail/roster/identity.h"

#include <strings.h>

#include "base/utf8.h"

#define SHOWN 100 /* bytes of a name in a message */

/* Append the name with one blank between its words. */
static void
add_words(struct buf *b, struct str name)
{
	size_t i, start = b->len;

	for (i = 0; i < name.n; i++) {
		if (name.p[i] != ' ')
			buf_addc(b, name.p[i]);
		else if (b->len > start && b->p[b->len - 1] != ' ')
			buf_addc(b, ' ');
	}
	if (b->len > start && b->p[b->len - 1] == ' ')
		b->len--;
}

static bool
is_same_text(struct str a, struct str b)
{
	struct buf x = {0}, y = {0}, words = {0};
	bool same;

	if (str_eq(a, b))
		return true;
	if (utf8_valid(a.p, a.n) != a.n || utf8_valid(b.p, b.n) != b.n)
		return false;
	add_words(&words, a);
	utf8_nfc(&x, buf_str(&words));
	buf_reset(&words);
	add_words(&words, b);
	utf8_nfc(&y, buf_str(&words));
	same = x.len == y.len && strncasecmp(x.p, y.p, x.len) == 0;
	buf_free(&x);
	buf_free(&y);
	buf_free(&words);
	return same;
}

enum identity_verdict
identity_judge(const struct identity *known, const struct identity *now)
{
	const struct str pairs[][2] = {
	    {known->username, now->username}, {known->name, now->name}};
	bool told = false;

	if (str_eq(known->key, now->key))
		return IDENTITY_SAME;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (pairs[i][0].n == 0 || pairs[i][1].n == 0)
			continue;
		if (!is_same_text(pairs[i][0], pairs[i][1]))
			return IDENTITY_OTHER;
		told = true;
	}
	return told ? IDENTITY_MOVED : IDENTITY_OTHER;
}

void
identity_put(
    struct buf *b, const struct identity *i, const struct identity *other)
{
	struct str label = i->username;

	if (label.n == 0 ||
	    (i->name.n > 0 && is_same_text(label, other->username)))
		label = i->name;
	if (label.n > 0)
		buf_printf(b, "%.*s ", (int)utf8_cut(label, SHOWN), label.p);
	buf_printf(b, "<%.*s>", (int)i->email.n, i->email.p);
}
