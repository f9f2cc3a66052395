#include "mail/mime/header_field.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/utf8.h"
#include "unit.h"

static uint64_t seed = 88172645463325252u;

static unsigned
random_below(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 33) % n;
}

/* Decode one encoded-word; false if it breaks a rule of RFC 2047. */
static bool
decode_word(struct buf *out, const char *p, size_t n)
{
	struct buf word = {0};
	struct fail f;
	bool good;
	size_t i;

	if (n > 75 || n < 12 || memcmp(p, "=?utf-8?", 8) != 0 ||
	    memcmp(p + n - 2, "?=", 2) != 0)
		return false;
	if (p[8] == 'B') {
		good = crypto_unbase64(
			   &word, (struct str){p + 10, n - 12}, &f) == 0;
	} else {
		for (i = 10; i < n - 2; i++) {
			if (p[i] == '_') {
				buf_addc(&word, ' ');
			} else if (p[i] == '=') {
				char hex[3] = {p[i + 1], p[i + 2], '\0'};

				buf_addc(&word, (char)strtol(hex, NULL, 16));
				i += 2;
			} else {
				buf_addc(&word, p[i]);
			}
		}
		good = true;
	}
	good = good && utf8_valid(word.p, word.len) == word.len;
	buf_addstr(out, buf_str(&word));
	buf_free(&word);
	return good;
}

/* Unfold and decode a field's body; false if its form is wrong. */
static bool
decode_field(struct buf *out, struct str field, const char *name)
{
	const char *p = field.p, *end = field.p + field.n, *line = p;
	bool after_word = false, has_word = false;

	if (field.n < 4 || memcmp(end - 2, "\r\n", 2) != 0)
		return false;
	p += strlen(name) + 1;
	while (p < end) {
		if (*p == '\r') {
			if (p - line > (has_word ? 76 : 78))
				return false;
			p += 2;
			line = p;
			has_word = false;
			if (p < end && *p != ' ')
				return false;
			continue;
		}
		if (p + 1 < end && p[0] == '=' && p[1] == '?') {
			size_t n = strcspn(p, " \r");

			if (after_word && out->len > 0 &&
			    out->p[out->len - 1] == ' ')
				out->len--;
			if (!decode_word(out, p, n))
				return false;
			p += n;
			after_word = has_word = true;
			continue;
		}
		if (*p != ' ')
			after_word = false;
		if (*p < 0x20 || *p > 0x7e)
			return false;
		buf_addc(out, *p++);
	}
	/* Drop the space after the colon. */
	memmove(out->p, out->p + 1, --out->len);
	return true;
}

static void
test_text(void)
{
	static const struct {
		const char *text, *field; /* checked by Python's email.header */
	} vectors[] = {
	    {"Week 3 is open", "Subject: Week 3 is open\r\n"},
	    {"", "Subject: \r\n"},
	    {"  trimmed  ", "Subject: trimmed\r\n"},
	    {"Caf\xc3\xa9", "Subject: =?utf-8?B?Q2Fmw6k=?=\r\n"},
	    {"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
		"Subject: =?utf-8?B?5pel5pys6Kqe?=\r\n"},
	    {"=?utf-8?Q?x?=",
		"Subject: =?utf-8?Q?=3D=3Futf-8=3FQ=3Fx=3F=3D?=\r\n"},
	    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa "
	     "bbbbbbbbbbb c",
		"Subject: "
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"\r\n bbbbbbbbbbb c\r\n"},
	};
	size_t i;

	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		struct buf b = {0};

		header_field_text(&b, "Subject", str_of(vectors[i].text));
		same(buf_str(&b), vectors[i].field, "subject");
		buf_free(&b);
	}
}

static void
test_mailbox(void)
{
	static const struct {
		const char *name, *field;
	} vectors[] = {
	    {"", "To: a@b.org\r\n"},
	    {"Ann", "To: \"Ann\" <a@b.org>\r\n"},
	    {"O'Neil, Ann", "To: \"O'Neil, Ann\" <a@b.org>\r\n"},
	    {"\"Q\" \\ Z", "To: \"\\\"Q\\\" \\\\ Z\" <a@b.org>\r\n"},
	    {"a@b", "To: \"a@b\" <a@b.org>\r\n"},
	    {"Zo\xc3\xab, X", "To: =?utf-8?B?Wm/DqywgWA==?= <a@b.org>\r\n"},
	    {"=?utf-8?Q?x?=",
		"To: =?utf-8?Q?=3D=3Futf-8=3FQ=3Fx=3F=3D?= <a@b.org>\r\n"},
	};
	size_t i;

	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		struct buf b = {0};

		header_field_mailbox(
		    &b, "To", str_of(vectors[i].name), STR("a@b.org"));
		same(buf_str(&b), vectors[i].field, "mailbox");
		buf_free(&b);
	}
}

/* Random words, runs of spaces and clusters decode to themselves. */
static void
test_random(void)
{
	static const char *const units[] = {"a", "Word", " ", "  ", "=?",
	    "?=", "\"", "\\", ",", "\xc3\xa4", "\xe6\x97\xa5",
	    "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d"
	    "\xf0\x9f\x91\xa7",
	    "e\xcc\x81\xcc\x81", "\xd8\xb9\xd9\x85", "_", "=",
	    "longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglong"
	    "longlonglonglonglonglong"};
	static const char *const names[] = {"Subject", "X",
	    ("A-Long-Header-Name"
	     "-That-Leaves-Hardly-Any-Room-For-A-Word-At-All")};
	struct buf text = {0}, field = {0}, got = {0};
	int i, bad = 0;

	for (i = 0; i < 30000; i++) {
		const char *name = names[random_below(3)];
		unsigned n = 1 + random_below(60), kinds = 2 + random_below(16);

		buf_reset(&text);
		buf_reset(&field);
		buf_reset(&got);
		while (n-- > 0)
			buf_adds(&text, units[random_below(kinds)]);
		while (text.len > 0 && text.p[text.len - 1] == ' ')
			text.len--;
		while (text.len > 0 && text.p[0] == ' ')
			memmove(text.p, text.p + 1, --text.len);
		header_field_text(&field, name, buf_str(&text));
		if (decode_field(&got, buf_str(&field), name) &&
		    str_eq(buf_str(&got), buf_str(&text)))
			continue;
		if (bad++ == 0)
			printf("# [%.*s]\n# [%.*s]\n", (int)text.len, text.p,
			    (int)field.len, field.p);
	}
	ok(bad == 0, "random fields decode to themselves: %d did not", bad);
	buf_free(&text);
	buf_free(&field);
	buf_free(&got);
}

/* A cluster larger than a word is cut between characters. */
static void
test_giant_cluster(void)
{
	struct buf text = {0}, field = {0}, got = {0};
	int i;

	buf_adds(&text, "e");
	for (i = 0; i < 200; i++)
		buf_adds(&text, "\xcc\x81");
	header_field_text(&field, "Subject", buf_str(&text));
	ok(decode_field(&got, buf_str(&field), "Subject") &&
		str_eq(buf_str(&got), buf_str(&text)),
	    "a giant cluster");
	buf_free(&text);
	buf_free(&field);
	buf_free(&got);
}

static void
test_clean(void)
{
	static const struct {
		const char *text, *want; /* NULL: DATA */
	} cases[] = {
	    {" Ann  Lee ", "Ann  Lee"},
	    {"a\tb", "a b"},
	    {"\xe2\x80\xae"
	     "evil",
		"evil"},
	    {"a\xe2\x80\x8b"
	     "b",
		"ab"},
	    {"\xd9\x85\xe2\x80\x8c\xd8\xa7", "\xd9\x85\xe2\x80\x8c\xd8\xa7"},
	    {"a\r\nBcc: v@e.org", NULL},
	    {"a\nb", NULL},
	    {"a\xe2\x80\xa8"
	     "b",
		NULL},
	    {"a\xc2\x85"
	     "b",
		NULL},
	    {"a\x07"
	     "b",
		NULL},
	    {"a\x7f"
	     "b",
		NULL},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf b = {0};
		struct fail f = {0};
		int rc =
		    header_field_clean(&b, "name", str_of(cases[i].text), &f);

		if (cases[i].want == NULL)
			ok(rc == -1 && f.kind == FAIL_DATA, "%s", f.text);
		else
			same(buf_str(&b), cases[i].want, "cleaned");
		buf_free(&b);
	}
}

static void
test_date(void)
{
	static const struct {
		int64_t ms;
		const char *date; /* date -u -R */
	} dates[] = {
	    {0, "Thu, 1 Jan 1970 00:00:00 +0000"},
	    {1795494481000, "Tue, 24 Nov 2026 04:28:01 +0000"},
	    {1709164799999, "Wed, 28 Feb 2024 23:59:59 +0000"},
	    {1709164800000, "Thu, 29 Feb 2024 00:00:00 +0000"},
	};
	size_t i;

	for (i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		struct buf b = {0};

		header_field_date(&b, dates[i].ms);
		same(buf_str(&b), dates[i].date, "date");
		buf_free(&b);
	}
}

static void
test_parameter(void)
{
	static const struct {
		const char *value, *want;
	} cases[] = {
	    {"a.pdf", ";\r\n filename=\"a.pdf\""},
	    {"a \"b\".pdf", ";\r\n filename*=utf-8''a%20%22b%22.pdf"},
	    {"a\\b", ";\r\n filename*=utf-8''a%5Cb"},
	    {"r\xc3\xa9sum\xc3\xa9.pdf",
		";\r\n filename*=utf-8''r%C3%A9sum%C3%A9.pdf"},
	    {"\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5"
	     "\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5",
		";\r\n filename*0*=utf-8''%E6%97%A5%E6%97%A5%E6%97%A5%E6%97%A5"
		"%E6%97%A5;\r\n filename*1*=%E6%97%A5%E6%97%A5%E6%97%A5"},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf b = {0};

		header_field_parameter(&b, "filename", str_of(cases[i].value));
		same(buf_str(&b), cases[i].want, "parameter");
		buf_free(&b);
	}
}

int
main(void)
{
	test_text();
	test_mailbox();
	test_random();
	test_giant_cluster();
	test_clean();
	test_date();
	test_parameter();
	return unit_end();
}
