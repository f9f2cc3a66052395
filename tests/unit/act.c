#include "mail/optout/act.h"

#include <stdlib.h>

#include "base/arena.h"
#include "unit.h"

/* 64 bytes 0, 1, 2 ... and 64 bytes 255, 254 ... in base64. */
#define KEY_UP                                                             \
	"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v" \
	"MDEyMzQ1Njc4OTo7PD0+Pw=="
#define KEY_DOWN                                                           \
	"//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eDf3t3c29rZ2NfW1dTT0tHQ" \
	"z87NzMvKycjHxsXEw8LBwA=="

#define TEXT(literal)                          \
	{                                      \
		(literal), sizeof(literal) - 1 \
	}
#define TOKEN "Abc-9_"
#define MARK "0123456789abcdef01234567"
#define RANDOM "fedcba9876543210"

/* Only the exact bytes of an act are one. */
static void
check_files(void)
{
	static const struct {
		struct str text;
		bool good;
	} files[] = {
	    {TEXT("bm act 1 stop-course\nmail\n" TOKEN "\n"), true},
	    {TEXT("bm act 1 stop-all\npage\n" TOKEN "\n"), true},
	    {TEXT("bm act 1 start-course\none-click\n" TOKEN "\n"), true},
	    {TEXT("bm act 1 start-all\npage\n" TOKEN "\n"), true},
	    {TEXT("bm act 1 show\npage\n" TOKEN "\n"), false},
	    {TEXT("bm act 2 stop-all\npage\n" TOKEN "\n"), false},
	    {TEXT("bm act 1 stop-all \npage\n" TOKEN "\n"), false},
	    {TEXT("bm act 1 stop-all\r\npage\r\n" TOKEN "\r\n"), false},
	    {TEXT("bm act 1 stop-all\noperator\n" TOKEN "\n"), false},
	    {TEXT("bm act 1 stop-all\n\n" TOKEN "\n"), false},
	    {TEXT("bm act 1 stop-all\npage\n\n"), false},
	    {TEXT("bm act 1 stop-all\npage\n" TOKEN), false},
	    {TEXT("bm act 1 stop-all\npage\n" TOKEN "=\n"), false},
	    {TEXT("bm act 1 stop-all\npage\n" TOKEN "\0\n"), false},
	    {TEXT("bm act 1 stop-all\npage\n" TOKEN "\n\n"), false},
	    {TEXT("bm act 1 stop-all\npage\n" TOKEN "\nbm"), false},
	    {TEXT("bm act 1 stop-all\npage\n"), false},
	    {TEXT("bm act 1 stop-all\n"), false},
	    {TEXT("bm act 1 "), false},
	    {TEXT("\n\n\n"), false},
	    {{0}, false},
	};
	struct buf b = {0};
	struct fail f;
	struct act a;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		ok((act_parse(&a, files[i].text, &f) == 0) == files[i].good,
		    "file %zu", i);
		if (!files[i].good)
			continue;
		buf_reset(&b);
		act_put(&b, &a);
		ok(str_eq(buf_str(&b), files[i].text), "written %zu", i);
	}
	buf_reset(&b);
	buf_adds(&b, "bm act 1 stop-all\npage\n");
	for (int i = 0; i < TOKEN_MAX + 1; i++)
		buf_addc(&b, 'a');
	buf_addc(&b, '\n');
	ok(act_parse(&a, buf_str(&b), &f) < 0, "a token that is too long");
	buf_free(&b);
}

static void
check_names(void)
{
	static const struct {
		const char *name;
		long long number; /* 0: no name of an act */
	} names[] = {
	    {"000000001-" MARK "-" MARK "-" RANDOM, 1},
	    {"999999999-" MARK "-" MARK "-" RANDOM, 999999999},
	    {"000000000-" MARK "-" MARK "-" RANDOM, 0},
	    {"00000001-" MARK "-" MARK "-" RANDOM, 0},
	    {"0000000001-" MARK "-" MARK "-" RANDOM, 0},
	    {"-00000001-" MARK "-" MARK "-" RANDOM, 0},
	    {"+00000001-" MARK "-" MARK "-" RANDOM, 0},
	    {"00000001 -" MARK "-" MARK "-" RANDOM, 0},
	    {"000000001-" MARK "0-" MARK "-" RANDOM, 0},
	    {"000000001-" MARK "-" MARK "-" RANDOM "0", 0},
	    {"000000001-" MARK "-" MARK "-" RANDOM "-", 0},
	    {"000000001-" MARK "-" MARK "-FEDCBA9876543210", 0},
	    {"000000001-" MARK "-" MARK "-../../etc/passw", 0},
	    {"000000001-" MARK "-" MARK, 0},
	    {"tmp." RANDOM, 0},
	    {"", 0},
	};
	struct act_name n;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		bool good = act_name_parse(&n, names[i].name);

		ok(good == (names[i].number != 0) &&
			(!good || n.number == names[i].number),
		    "name %zu: %s", i, names[i].name);
	}
}

/* A mark is one person's, and a new key before the others keeps it. */
static void
check_marks(struct arena *a)
{
	struct token_keys one, two;
	struct act_name n, m;
	struct buf b = {0};
	struct fail f;
	struct token t = {.key = STR("ada@uni.example"),
	    .user_id = STR("42"),
	    .course_id = STR("c")};

	token_keys_parse(&one, STR("1 " KEY_UP "\n"), a, &f);
	token_keys_parse(&two, STR("2 " KEY_DOWN "\n1 " KEY_UP "\n"), a, &f);
	act_name_mark(&n, &one, &t);
	act_name_mark(&m, &two, &t);
	ok(strcmp(n.key, m.key) == 0 && strcmp(n.user, m.user) == 0,
	    "the same with a new key");
	t.course_id = STR("other");
	act_name_mark(&m, &one, &t);
	ok(strcmp(n.key, m.key) == 0 && strcmp(n.user, m.user) == 0,
	    "the same of another course");
	t.key = STR("42");
	act_name_mark(&m, &one, &t);
	ok(strcmp(n.key, m.key) != 0 && strcmp(m.key, m.user) != 0,
	    "an address is no user id");
	t.user_id = (struct str){0};
	act_name_mark(&m, &one, &t);
	ok(strspn(m.user, "0") == ACT_MARK, "without a user id");
	n.number = 7;
	act_name_put(&b, &n, (const unsigned char *)"\0\1\2\3\4\5\6\7");
	ok(act_name_parse(&m, buf_cstr(&b)) && m.number == 7 &&
		strcmp(m.key, n.key) == 0 && strcmp(m.user, n.user) == 0,
	    "read as written: %s", buf_cstr(&b));
	buf_free(&b);
}

int
main(void)
{
	struct arena *a = arena_new();

	check_files();
	check_names();
	check_marks(a);
	arena_free(a);
	return unit_end();
}
