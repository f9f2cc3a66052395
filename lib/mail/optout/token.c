#include "mail/optout/token.h"

#include <string.h>

#include "base/ascii.h"
#include "base/num.h"
#include "base/utf8.h"

/* Sent links have these: they do not change. */
static struct str
associated_data(enum token_kind kind)
{
	return kind == TOKEN_TEST ? STR("bm optout test 1")
				  : STR("bm optout 1");
}

bool
token_is_char(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_';
}

static const struct token_key *
find_key(const struct token_keys *k, unsigned id)
{
	for (size_t i = 0; i < k->count; i++) {
		if (k->keys[i].id == id)
			return &k->keys[i];
	}
	return NULL;
}

/* The line has a secret key: no message may quote it. */
static int
parse_key_line(
    struct token_keys *k, struct str line, size_t number, struct fail *f)
{
	struct str id = str_take(&line, STR(" "));
	struct buf bytes = {0};
	struct token_key *key = &k->keys[k->count];
	long long n = 0;
	int rc = 0;

	if (num_parse(id, 0, 255, &n, f) < 0 ||
	    crypto_unbase64(&bytes, str_strip(line, " \t\r"), f) < 0 ||
	    bytes.len != sizeof(key->bytes)) {
		rc = fail_system(f,
		    "line %zu is not a number from 0 to 255 and the base64 of "
		    "%d bytes",
		    number, CRYPTO_SIV_KEY);
	} else if (find_key(k, (unsigned)n) != NULL) {
		rc = fail_system(
		    f, "line %zu: key %lld stands twice", number, n);
	} else {
		key->id = (unsigned char)n;
		memcpy(key->bytes, bytes.p, sizeof(key->bytes));
		k->count++;
	}
	buf_free(&bytes);
	return rc;
}

int
token_keys_parse(
    struct token_keys *k, struct str text, struct arena *arena, struct fail *f)
{
	*k = (struct token_keys){0};
	k->keys = arena_alloc(arena, 256 * sizeof(*k->keys));
	for (size_t number = 1; text.n > 0; number++) {
		struct str line =
		    str_strip(str_take(&text, STR("\n")), " \t\r");

		if (line.n > 0 && *line.p != '#' &&
		    parse_key_line(k, line, number, f) < 0)
			return -1;
	}
	if (k->count == 0)
		return fail_system(f, "there is no key in it");
	return 0;
}

static bool
has_nul(struct str s)
{
	return s.n > 0 && memchr(s.p, '\0', s.n) != NULL;
}

int
token_make(struct buf *b, const struct token_keys *k, const struct token *t,
    struct fail *f)
{
	struct buf plain = {0}, sealed = {0};
	int rc = 0;

	if (has_nul(t->key) || has_nul(t->user_id) || has_nul(t->course_id) ||
	    t->key.n == 0 || t->course_id.n == 0)
		return fail_data(f, "no opt-out token without an address and "
				    "a course, or with a NUL in them");
	buf_addstr(&plain, t->key);
	buf_addc(&plain, '\0');
	buf_addstr(&plain, t->user_id);
	buf_addc(&plain, '\0');
	buf_addstr(&plain, t->course_id);
	buf_addc(&sealed, (char)k->keys[0].id);
	crypto_seal(&sealed, k->keys[0].bytes, associated_data(t->kind),
	    buf_str(&plain));
	if (sealed.len > TOKEN_MAX / 4 * 3)
		rc = fail_data(f, "address, user id and course id are too long "
				  "for an opt-out token");
	else
		crypto_base64url(b, sealed.p, sealed.len);
	buf_free(&plain);
	buf_free(&sealed);
	return rc;
}

/* The decrypted text of a token, in the arena; absent if it is not valid. */
static struct str
unseal_token(const struct token_keys *k, struct str text, enum token_kind kind,
    struct arena *arena)
{
	struct buf raw = {0}, plain = {0};
	const struct token_key *key = NULL;
	struct str s = {0};
	struct fail f;

	if (text.n <= TOKEN_MAX && crypto_unbase64url(&raw, text, &f) == 0 &&
	    raw.len > 0)
		key = find_key(k, (unsigned char)*raw.p);
	if (key != NULL &&
	    crypto_unseal(&plain, key->bytes, associated_data(kind),
		(struct str){raw.p + 1, raw.len - 1}, &f) == 0)
		s = arena_str(arena, buf_str(&plain));
	buf_free(&raw);
	buf_free(&plain);
	return s;
}

int
token_read(struct token *t, const struct token_keys *k, struct str text,
    struct arena *arena, struct fail *f)
{
	struct str s = unseal_token(k, text, TOKEN_LINK, arena);

	t->kind = s.p != NULL ? TOKEN_LINK : TOKEN_TEST;
	if (s.p == NULL)
		s = unseal_token(k, text, TOKEN_TEST, arena);
	t->key = str_take(&s, STR("\0"));
	t->user_id = str_take(&s, STR("\0"));
	t->course_id = s;
	if (t->key.n == 0 || t->course_id.n == 0 || has_nul(s) ||
	    utf8_valid(t->key.p, t->key.n) != t->key.n ||
	    utf8_valid(s.p, s.n) != s.n)
		return fail_data(f, "not a valid token");
	return 0;
}
