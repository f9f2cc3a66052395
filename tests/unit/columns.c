#include "base/columns.h"

#include "base/buf.h"
#include "unit.h"

static void
test_table(void)
{
	struct columns *t = columns_new("lrf");
	struct buf b = {0};

	columns_text(t, "name");
	columns_text(t, "n");
	columns_text(t, "why");
	columns_text(t, "abcdefghij");
	columns_number(t, 1234567);
	columns_text(t, "\xd0\x96\xd0\xb6");
	columns_put(t, &b, 80, false);
	same(buf_str(&b),
	    "  name                n  why\n"
	    "  abcdefghij  1,234,567  \xd0\x96\xd0\xb6\n",
	    "as wide as its cells");
	buf_reset(&b);
	columns_put(t, &b, 24, false);
	same(buf_str(&b),
	    "  name            n  why\n"
	    "  abcde\xe2\x80\xa6  1,234,567  \xd0\x96\xd0\xb6\n",
	    "the left column is cut");
	buf_reset(&b);
	columns_put(t, &b, 5, true);
	same(buf_str(&b),
	    "  name          n  why\n"
	    "  abc~  1,234,567  \xd0\x96\xd0\xb6\n",
	    "down to four columns");
	columns_free(t);
	buf_free(&b);
}

static void
test_clean(void)
{
	static const struct {
		const char *in;
		size_t width;
		const char *want;
	} cases[] = {
	    {"abc", 3, "abc"},
	    {"abcd", 3, "ab\xe2\x80\xa6"},
	    {"a\x1b[31m\n\x7f", 80, "a?[31m??"},
	    {"\xc2\x9b"
	     "2J",
		80, "?2J"},
	    {"a\xe2\x80\xae"
	     "b",
		80, "a?b"},
	    {"a\xff\xc3", 80, "a??"},
	    /* Two columns each: Han. */
	    {"\xe6\xbc\xa2\xe5\xad\x97", 4, "\xe6\xbc\xa2\xe5\xad\x97"},
	    {"\xe6\xbc\xa2\xe5\xad\x97", 3, "\xe6\xbc\xa2\xe2\x80\xa6"},
	    {"\xe6\xbc\xa2\xe5\xad\x97", 2, "\xe2\x80\xa6"},
	    /* Hebrew gets a mark that keeps the next cell in its place. */
	    {"\xd7\xa9\xd7\x9c", 80, "\xd7\xa9\xd7\x9c\xe2\x80\x8e"},
	    {"", 0, ""},
	};
	struct buf b = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&b);
		columns_clean(&b, str_of(cases[i].in), cases[i].width, false);
		same(buf_str(&b), cases[i].want, "harmless, and cut");
	}
	buf_free(&b);
}

static void
test_bar(void)
{
	static const struct {
		long long value, total;
		size_t width;
		bool ascii;
		const char *want;
	} cases[] = {
	    {0, 10, 4, false, ""},
	    {10, 10, 4, true, "####"},
	    {1, 1000000, 4, true, "#"},
	    {5, 10, 4, true, "##"},
	    {10, 10, 2, false, "\xe2\x96\x88\xe2\x96\x88"},
	    {1, 1000000, 4, false, "\xe2\x96\x8f"},
	    {1, 2, 1, false, "\xe2\x96\x8c"},
	    {3, 4, 1, false, "\xe2\x96\x8a"},
	    {1, 2, 0, false, ""},
	    {1, 0, 4, false, ""},
	};
	struct buf b = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&b);
		columns_bar(&b, cases[i].value, cases[i].total, cases[i].width,
		    cases[i].ascii);
		same(buf_str(&b), cases[i].want, "bar");
	}
	buf_free(&b);
}

static void
test_group(void)
{
	static const struct {
		long long n;
		const char *want;
	} cases[] = {{0, "0"}, {999, "999"}, {1000, "1,000"}, {-1000, "-1,000"},
	    {-999, "-999"}, {1234567, "1,234,567"}};
	struct buf b = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&b);
		columns_group(&b, cases[i].n);
		same(buf_str(&b), cases[i].want, cases[i].want);
	}
	buf_free(&b);
}

int
main(void)
{
	test_table();
	test_clean();
	test_bar();
	test_group();
	return unit_end();
}
