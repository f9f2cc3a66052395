#include "mail/optout/token.h"

#include "base/arena.h"
#include "base/buf.h"
#include "unit.h"

/* 64 bytes 0, 1, 2 ... and 64 bytes 255, 254 ... in base64. */
#define KEY_UP                                                             \
	"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v" \
	"MDEyMzQ1Njc4OTo7PD0+Pw=="
#define KEY_DOWN                                                           \
	"//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eDf3t3c29rZ2NfW1dTT0tHQ" \
	"z87NzMvKycjHxsXEw8LBwA=="

/* Made with RFC 5297 in Python on top of AES-256-ECB. */
#define TOKEN                                                              \
	"BylVNpxZ6S91gZPb8I86MZ4ST3vX6P8v_Q_4k7LqMBqzr_kW7qP0phQagPXdaj5M" \
	"twjBPbAZBdFIYcg"

static const struct token person = {{"a@example.com", 13}, {"42", 2},
    {"course-v1:UniX+CS101+2026", 25}, TOKEN_LINK};

static bool
is_person(const struct token *t)
{
	return str_eq(t->key, person.key) &&
	       str_eq(t->user_id, person.user_id) &&
	       str_eq(t->course_id, person.course_id);
}

static bool
is_read_as_person(const char *keys_text, struct str token, struct arena *a)
{
	struct token_keys keys;
	struct token t;
	struct fail f = {0};

	if (token_keys_parse(&keys, str_of(keys_text), a, &f) < 0)
		return false;
	if (token_read(&t, &keys, token, a, &f) == 0)
		return is_person(&t);
	if (f.kind != FAIL_DATA || strcmp(f.text, "not a valid token") != 0)
		ok(false, "another failure: %s", f.text);
	return false;
}

static void
test_vector(struct arena *a)
{
	struct token_keys keys;
	struct buf b = {0};
	struct fail f;

	ok(token_keys_parse(&keys, STR("7 " KEY_UP "\n"), a, &f) == 0, "key");
	ok(token_make(&b, &keys, &person, &f) == 0, "made");
	same(buf_str(&b), TOKEN, "as the oracle makes it");
	ok(is_read_as_person("7 " KEY_UP, STR(TOKEN), a), "read");
	buf_free(&b);
}

static void
test_rotation(struct arena *a)
{
	struct token_keys keys;
	struct buf b = {0};
	struct fail f;

	ok(is_read_as_person("8 " KEY_DOWN "\n7 " KEY_UP "\n", STR(TOKEN), a),
	    "an older key reads its tokens");
	ok(!is_read_as_person("8 " KEY_DOWN "\n", STR(TOKEN), a),
	    "but not without it");
	ok(!is_read_as_person("7 " KEY_DOWN "\n", STR(TOKEN), a),
	    "nor another of its id");
	ok(!is_read_as_person("8 " KEY_UP "\n", STR(TOKEN), a),
	    "nor it with another id");
	ok(token_keys_parse(&keys, STR("8 " KEY_DOWN "\n7 " KEY_UP), a, &f) ==
		0,
	    "two keys");
	ok(token_make(&b, &keys, &person, &f) == 0 &&
		!str_is(buf_str(&b), TOKEN) &&
		is_read_as_person("8 " KEY_DOWN, buf_str(&b), a),
	    "the first makes new tokens");
	buf_free(&b);
}

static void
test_tampering(struct arena *a)
{
	static const char *const variants[] = {TOKEN "=", TOKEN "A", "A" TOKEN,
	    " " TOKEN, TOKEN "\n", TOKEN "%", "", "B", "Bw", "=", TOKEN TOKEN};
	struct buf raw = {0}, text = {0};
	struct fail f;
	size_t taken = 0;
	const char *digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuv"
			     "wxyz0123456789-_+/=% .~";

	crypto_unbase64url(&raw, STR(TOKEN), &f);
	for (size_t bit = 0; bit < raw.len * 8; bit++) {
		raw.p[bit / 8] ^= (char)(1 << bit % 8);
		buf_reset(&text);
		crypto_base64url(&text, raw.p, raw.len);
		taken += is_read_as_person("7 " KEY_UP, buf_str(&text), a);
		raw.p[bit / 8] ^= (char)(1 << bit % 8);
	}
	ok(taken == 0, "no flipped bit of %zu", raw.len * 8);
	for (size_t n = 0; n < sizeof(TOKEN) - 1; n++)
		taken +=
		    is_read_as_person("7 " KEY_UP, (struct str){TOKEN, n}, a);
	ok(taken == 0, "no shorter token");
	for (size_t i = 0; i < sizeof(TOKEN) - 1; i++) {
		for (const char *d = digits; *d != '\0'; d++) {
			char copy[] = TOKEN;

			if (copy[i] == *d)
				continue;
			copy[i] = *d;
			taken +=
			    is_read_as_person("7 " KEY_UP, str_of(copy), a);
		}
		arena_reset(a);
	}
	ok(taken == 0, "no other character anywhere");
	for (size_t i = 0; i < sizeof(variants) / sizeof(*variants); i++)
		ok(!is_read_as_person("7 " KEY_UP, str_of(variants[i]), a),
		    "no variant %zu", i);
	ok(!is_read_as_person("7 " KEY_UP, (struct str){"B\0w", 3}, a),
	    "no NUL");
	buf_free(&raw);
	buf_free(&text);
}

/* Correctly sealed text that token_make() does not produce. */
static void
test_strange_content(struct arena *a)
{
	static const struct {
		const char *text;
		size_t n;
	} cases[] = {{"a@example.com", 13}, {"a@example.com\0", 14},
	    {"a@example.com\0"
	     "42\0",
		17},
	    {"\0"
	     "42\0course",
		10},
	    {"a\0b\0c\0d", 7},
	    {"\xff\0"
	     "42\0course",
		11},
	    {"a\0"
	     "42\0\xff",
		6}};
	struct token_keys keys;
	struct buf raw = {0}, text = {0};
	struct fail f;

	token_keys_parse(&keys, STR("7 " KEY_UP), a, &f);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct token t;

		buf_reset(&raw);
		buf_reset(&text);
		buf_addc(&raw, 7);
		crypto_seal(&raw, keys.keys[0].bytes, STR("bm optout 1"),
		    (struct str){cases[i].text, cases[i].n});
		crypto_base64url(&text, raw.p, raw.len);
		ok(token_read(&t, &keys, buf_str(&text), a, &f) < 0,
		    "strange content %zu", i);
	}
	buf_free(&raw);
	buf_free(&text);
}

/* A kind is sealed in: no token is taken for one of another kind. */
static void
test_kinds(struct arena *a)
{
	struct token_keys keys;
	struct token t = person, back;
	struct buf link = {0}, test = {0}, other = {0}, raw = {0};
	struct fail f;

	token_keys_parse(&keys, STR("7 " KEY_UP), a, &f);
	t.kind = TOKEN_TEST;
	ok(token_make(&link, &keys, &person, &f) == 0 &&
		token_make(&test, &keys, &t, &f) == 0 &&
		!str_eq(buf_str(&link), buf_str(&test)),
	    "two kinds, two tokens");
	ok(token_read(&back, &keys, buf_str(&link), a, &f) == 0 &&
		back.kind == TOKEN_LINK && str_eq(back.key, t.key),
	    "a learner's link");
	ok(token_read(&back, &keys, buf_str(&test), a, &f) == 0 &&
		back.kind == TOKEN_TEST && str_eq(back.key, t.key) &&
		str_eq(back.user_id, t.user_id) &&
		str_eq(back.course_id, t.course_id),
	    "a test message's link");
	buf_addc(&raw, 7);
	crypto_seal(&raw, keys.keys[0].bytes, STR("bm optout 2"),
	    STR("a@example.com\0"
		"42\0c"));
	crypto_base64url(&other, raw.p, raw.len);
	ok(token_read(&back, &keys, buf_str(&other), a, &f) < 0,
	    "a kind of another program");
	buf_free(&link);
	buf_free(&test);
	buf_free(&other);
	buf_free(&raw);
}

static void
test_lengths(struct arena *a)
{
	struct token_keys keys;
	struct token t = person, back;
	struct buf b = {0};
	struct fail f;
	char key[600];

	memset(key, 'k', sizeof(key));
	token_keys_parse(&keys, STR("255 " KEY_UP), a, &f);
	t.key = (struct str){key, 523 - 2 - 2 - t.course_id.n};
	ok(token_make(&b, &keys, &t, &f) == 0 && b.len == TOKEN_MAX &&
		token_read(&back, &keys, buf_str(&b), a, &f) == 0 &&
		str_eq(back.key, t.key),
	    "the longest token");
	buf_reset(&b);
	t.key.n++;
	ok(token_make(&b, &keys, &t, &f) < 0 && f.kind == FAIL_DATA &&
		b.len == 0,
	    "one more is too long");
	t = person;
	t.user_id = (struct str){0};
	ok(token_make(&b, &keys, &t, &f) == 0 &&
		token_read(&back, &keys, buf_str(&b), a, &f) == 0 &&
		back.user_id.n == 0 && str_eq(back.key, person.key),
	    "without a user id");
	buf_reset(&b);
	t = person;
	t.key = (struct str){"a\0b", 3};
	ok(token_make(&b, &keys, &t, &f) < 0, "NUL in the address");
	t.key = (struct str){0};
	ok(token_make(&b, &keys, &t, &f) < 0 && b.len == 0, "no address");
	buf_free(&b);
}

static void
test_key_files(struct arena *a)
{
	static const struct {
		const char *text;
		size_t count; /* 0: refused */
	} cases[] = {
	    {"7 " KEY_UP, 1},
	    {"# made in 2026\n\n 7   " KEY_UP " \r\n0 " KEY_DOWN "\n", 2},
	    {"", 0},
	    {"\n# nothing\n", 0},
	    {"7" KEY_UP "\n", 0},
	    {"256 " KEY_UP "\n", 0},
	    {"-1 " KEY_UP "\n", 0},
	    {"x " KEY_UP "\n", 0},
	    {"7 " KEY_UP "\n7 " KEY_DOWN "\n", 0},
	    {"7 AAEC\n", 0},
	    {"7 " KEY_UP "AAAA\n", 0},
	    {"7 not base64\n", 0},
	    {"7\n", 0},
	    {"7 " KEY_UP " more\n", 0},
	};
	struct token_keys keys;
	struct fail f = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int rc = token_keys_parse(&keys, str_of(cases[i].text), a, &f);

		ok(cases[i].count > 0 ? rc == 0 && keys.count == cases[i].count
				      : rc < 0 && f.kind == FAIL_SYSTEM &&
					    strstr(f.text, "AAEC") == NULL,
		    "key file %zu: %s", i, rc < 0 ? f.text : "");
	}
}

int
main(void)
{
	struct arena *a = arena_new();

	test_vector(a);
	test_rotation(a);
	test_tampering(a);
	test_strange_content(a);
	test_kinds(a);
	test_lengths(a);
	test_key_files(a);
	arena_free(a);
	return unit_end();
}
