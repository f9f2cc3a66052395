#include <stdlib.h>

#include "base/buf.h"
#include "base/csv.h"
#include "unit.h"

#define TEXT(literal)                        \
	{                                    \
		literal, sizeof(literal) - 1 \
	}

/*
 * Append "LINE:field|field;" for each row of a text, "LINE!;" for each row that
 * is refused, and "LINE?;" where the text is.
 */
static void
read_all(struct buf *got, struct str text)
{
	FILE *file = fmemopen((void *)text.p, text.n, "r");
	struct csv *c = csv_new(file);
	struct csv_row row;
	struct fail f;
	int rc;

	while ((rc = csv_next(c, &row, &f)) != 0) {
		buf_printf(got, "%lu", row.line);
		if (rc < 0) {
			buf_adds(got, f.kind == FAIL_DATA ? "!;" : "?;");
			continue;
		}
		for (size_t i = 0; i < row.count; i++) {
			buf_addc(got, i == 0 ? ':' : '|');
			buf_addstr(got, row.fields[i]);
			if (strlen(row.fields[i].p) != row.fields[i].n)
				buf_adds(got, "(no NUL)");
		}
		buf_addc(got, ';');
	}
	if (csv_next(c, &row, &f) != 0)
		buf_adds(got, "(goes on)");
	csv_free(c);
	fclose(file);
}

static const struct {
	struct str text;
	const char *want;
} cases[] = {
    {TEXT("a,b\n1,2\n"), "1:a|b;2:1|2;"},
    {TEXT("a,b\r\n1,2\r\n"), "1:a|b;2:1|2;"},
    {TEXT("a,b\r\n1,2"), "1:a|b;2:1|2;"},
    {TEXT("\xEF\xBB\xBF"
	  "a,b\n"),
	"1:a|b;"},
    {TEXT("\xEF\xBB\xBF\"a\",b\n"), "1:a|b;"},
    {TEXT("\xEF\xBB\xBF"), ""},
    {TEXT("\n"), ""},
    {TEXT("\n\r\n\na\n\n\nb\n\n"), "4:a;7:b;"},
    {TEXT(","), "1:|;"},
    {TEXT(",\n,,\n"), "1:|;2:||;"},
    {TEXT("a,\n"), "1:a|;"},
    {TEXT("\"\"\n"), "1:;"},
    {TEXT("\"\",\"\"\n"), "1:|;"},
    {TEXT(" a , b \n"), "1: a | b ;"},
    {TEXT("\"a,b\",c\n"), "1:a,b|c;"},
    {TEXT("\"a\"\"b\"\n"), "1:a\"b;"},
    {TEXT("\"\"\"\"\n"), "1:\";"},
    {TEXT("\"\"\"a\"\"\"\r\nb"), "1:\"a\";2:b;"},
    {TEXT("\"a\nb\",c\nd,e\n"), "1:a\nb|c;3:d|e;"},
    {TEXT("\"a\r\nb\r\n\"\r\nd\n"), "1:a\r\nb\r\n;4:d;"},
    {TEXT("\"a\rb\"\n"), "1:a\rb;"},
    {TEXT("\"last\""), "1:last;"},
    {TEXT("\"last\"\r\n"), "1:last;"},
    {TEXT("\xC3\xA9,\xE6\x97\xA5\xE6\x9C\xAC,\xF0\x9F\x98\x80\n"),
	"1:\xC3\xA9|\xE6\x97\xA5\xE6\x9C\xAC|\xF0\x9F\x98\x80;"},
    {TEXT("a\n\xEF\xBB\xBF"
	  "b\n"),
	"1:a;2:\xEF\xBB\xBF"
	"b;"},
    {TEXT("a;b\tc\n"), "1:a;b\tc;"},
    {TEXT("a\\,b\n"), "1:a\\|b;"},
    /* A broken quote: the line where it is opened, and nothing after it. */
    {TEXT("a\"b\nc\n"), "1?;"},
    {TEXT("\"a\"b\nc\n"), "1?;"},
    {TEXT("\"a\" ,b\nc\n"), "1?;"},
    {TEXT(" \"a\"\nc\n"), "1?;"},
    {TEXT("a,b\"\"c\nc\n"), "1?;"},
    {TEXT("\"a\"\"\nc\n"), "1?;"},
    {TEXT("a\n\"open\nb\nc\n"), "1:a;2?;"},
    {TEXT("a\n\"open\nb,\"x\"\nc\n"), "1:a;2?;"},
    {TEXT("a\nb,\"x\ny\",\"open\nb,\"x\"\nc\n"), "1:a;3?;"},
    {TEXT("a\n\"open"), "1:a;2?;"},
    {TEXT("\""), "1?;"},
    {TEXT("a,\""), "1?;"},
    {TEXT("\"a\"\rb\nc\n"), "1?;"},
    {TEXT("\"a\"\r"), "1?;"},
    {TEXT("a\rb\"c\nd\"\n"), "1?;"},
    {TEXT("ok\n\"x\"y\nok\n"), "1:ok;2?;"},
    {TEXT("ok\n\"\0\n\"y\"\nok\n"), "1:ok;2?;"},
    {TEXT("ok\n\xFF,a\"\n\"\n"), "1:ok;2?;"},
    {TEXT("\xFF\xFE"
	  "a\0,\0\n\0b\0"),
	"0?;"},
    {TEXT("\xFE\xFF\0a"), "0?;"},
    /* Another fault refuses the row, which ends where its quotes say. */
    {TEXT("a\rb\nc\n"), "1!;2:c;"},
    {TEXT("a\r"), "1!;"},
    {TEXT("a\0b,c\nd\n"), "1!;2:d;"},
    {TEXT("\"a\0b\",c\nd\n"), "1!;2:d;"},
    {TEXT("\0"), "1!;"},
    {TEXT("a,\xFF\nb\n"), "1!;2:b;"},
    {TEXT("\"a\n\xC3\"\nb\n"), "1!;3:b;"},
    {TEXT("a,\"\xFF\nforged,\"\"x\"\"\n\nz\"\r\nb\n"), "1!;5:b;"},
    {TEXT("a,\"\0\nforged\nz\",\"\nforged\n\",b\nc\n"), "1!;6:c;"},
    {TEXT("\0,\"\nforged\n\"\nc\n"), "1!;4:c;"},
    {TEXT("a\rb,\"\nforged\n\"\nc\n"), "1!;4:c;"},
    {TEXT("\"last\0\nforged\""), "1!;"},
};

static void
test_cases(void)
{
	struct buf got = {0};
	char name[40];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_reset(&got);
		read_all(&got, cases[i].text);
		snprintf(name, sizeof(name), "case %zu", i);
		same(buf_str(&got), cases[i].want, name);
	}
	buf_free(&got);
}

/* Read a field of n bytes between two short rows. */
static bool
accepts_field(const char *quote, size_t n)
{
	struct buf text = {0}, got = {0};
	bool good;

	buf_printf(&text, "a\n%s", quote);
	memset(buf_reserve(&text, n), 'y', n);
	text.len += n;
	buf_printf(&text, "%s\nb\n", quote);
	read_all(&got, buf_str(&text));
	good = !str_is(buf_str(&got), "1:a;2!;3:b;");
	if (good && got.len != n + strlen("1:a;2:;3:b;"))
		abort();
	buf_free(&text);
	buf_free(&got);
	return good;
}

static void
test_long_fields(void)
{
	ok(accepts_field("", CSV_FIELD_MAX), "field of 1 MiB");
	ok(accepts_field("\"", CSV_FIELD_MAX), "field of 1 MiB in quotes");
	ok(!accepts_field("", CSV_FIELD_MAX + 1), "longer field");
	ok(!accepts_field("\"", CSV_FIELD_MAX + 1), "longer field in quotes");
	ok(!accepts_field("", 10000000), "field of 10 MB");
	ok(!accepts_field("\"", 10000000), "field of 10 MB in quotes");
}

static void
add_many(struct buf *text, char c, size_t n)
{
	memset(buf_reserve(text, n), c, n);
	text->len += n;
}

/* What a field holds behind its limit is no row either. */
static void
test_forged_rows(void)
{
	struct buf text = {0}, got = {0};

	buf_adds(&text, "a\n1,\"");
	add_many(&text, 'y', CSV_FIELD_MAX + 1);
	buf_adds(&text, "\n2,forged\n\"\"\n3,forged\n\"\nb\n");
	read_all(&got, buf_str(&text));
	same(buf_str(&got), "1:a;2!;7:b;", "rows inside a field too long");
	buf_reset(&text);
	buf_reset(&got);
	for (int i = 0; i < 17; i++) {
		add_many(&text, 'y', 1000000);
		buf_addc(&text, ',');
	}
	buf_adds(&text, "\"\nforged\n\"\nb\n");
	read_all(&got, buf_str(&text));
	same(buf_str(&got), "1!;4:b;", "rows inside a row too long");
	buf_free(&text);
	buf_free(&got);
}

/* Read a row of n fields, the last of which has two lines. */
static bool
accepts_fields(size_t n)
{
	struct buf text = {0}, got = {0};
	bool good;

	add_many(&text, ',', n - 1);
	buf_adds(&text, "\"\nx\"\nb\n");
	read_all(&got, buf_str(&text));
	good = !str_is(buf_str(&got), "1!;3:b;");
	if (good && got.len != n + strlen("1\nx;3:b;"))
		abort();
	buf_free(&text);
	buf_free(&got);
	return good;
}

static void
test_many_fields(void)
{
	ok(accepts_fields(CSV_FIELDS_MAX), "as many fields as there may be");
	ok(!accepts_fields(CSV_FIELDS_MAX + 1), "one more");
	ok(!accepts_fields(1000000), "a million");
}

static void
test_many_rows(void)
{
	struct buf text = {0};
	struct csv_row row;
	struct fail f;
	FILE *file;
	struct csv *c;
	unsigned long n = 0;

	for (int i = 0; i < 100000; i++)
		buf_printf(&text, "%d,\"quoted, %d\"\r\n", i, i);
	file = fmemopen(text.p, text.len, "r");
	c = csv_new(file);
	while (csv_next(c, &row, &f) == 1 && row.count == 2 &&
	       row.line == n + 1 && (unsigned long)atoi(row.fields[0].p) == n)
		n++;
	ok(n == 100000, "%lu of 100000 rows", n);
	csv_free(c);
	fclose(file);
	buf_free(&text);
}

int
main(void)
{
	test_cases();
	test_long_fields();
	test_forged_rows();
	test_many_fields();
	test_many_rows();
	return unit_end();
}
