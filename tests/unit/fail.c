#include <errno.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/fail.h"
#include "base/utf8.h"
#include "unit.h"

/* C0, DEL, C1, separators and bidi controls of quoted input, and bad bytes. */
static const struct {
	const char *in, *want;
} foreign[] = {
    {"plain \xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x98\x80",
	"plain \xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x98\x80"},
    {"\x1b[31m\a\r\n\x7f", "?[31m????"},
    {"\xc2\x9b"
     "31m\xc2\x9d"
     "0;t\xc2\x9c\xc2\x80\xc2\x9f",
	"?31m?0;t???"},
    {"\xc2\xa0\xc2\xa1", "\xc2\xa0\xc2\xa1"},
    {"a\xe2\x80\xa8\xe2\x80\xa9z", "a??z"},
    {"\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xac\xe2\x80\xad\xe2\x80\xae", "?????"},
    {"\xe2\x81\xa6\xe2\x81\xa7\xe2\x81\xa8\xe2\x81\xa9", "????"},
    {"\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", "???"},
    {"\x9b"
     "31m \xff \xc3 z",
	"?31m ? ? z"},
    {"\xed\xa0\x80 \xc0\x9b \xf4\x90\x80\x80", "??? ?? ????"},
};

static void
test_foreign(void)
{
	struct buf want = {0};
	struct fail f;

	for (size_t i = 0; i < sizeof(foreign) / sizeof(*foreign); i++) {
		const char *in = foreign[i].in, *clean = foreign[i].want;

		fail_data(&f, "%s", in);
		same(str_of(f.text), clean, "data");
		fail_temp(&f, "%s", in);
		same(str_of(f.text), clean, "temp");
		fail_system(&f, "%s", in);
		same(str_of(f.text), clean, "system");
		errno = ENOENT;
		fail_errno(&f, "%s", in);
		fail_prefix(&f, "%s", in);
		buf_reset(&want);
		buf_printf(
		    &want, "%s: %s: No such file or directory", clean, clean);
		same(str_of(f.text), buf_cstr(&want), "errno and prefix");
	}
	buf_free(&want);
}

/* A text that is too long ends between characters, and without a "?". */
static void
test_long(void)
{
	struct buf in = {0};
	struct fail f;

	for (size_t shift = 0; shift < 4; shift++) {
		buf_reset(&in);
		buf_add(&in, "abc", shift);
		while (in.len < sizeof(f.text) + 10)
			buf_adds(&in, "\xf0\x9f\x98\x80");
		fail_data(&f, "%s", buf_cstr(&in));
		ok(memcmp(f.text, in.p, strlen(f.text)) == 0 &&
			strlen(f.text) > sizeof(f.text) - 5 &&
			utf8_valid(f.text, strlen(f.text)) == strlen(f.text),
		    "%zu bytes of %zu", strlen(f.text), in.len);
	}
	buf_free(&in);
}

int
main(void)
{
	test_foreign();
	test_long();
	return unit_end();
}
