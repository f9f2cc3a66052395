/* The reader of messages: what it hands over for messages of any form. */
#include "mail/mime/mime_reader.h"

#include <time.h>

#include "base/buf.h"
#include "mail/mime/encoded_word_read.h"
#include "mail/mime/header_reader.h"
#include "unit.h"

struct seen {
	struct buf text;
	bool in_bytes;
	int deepest;
	size_t bytes, fields;
};

static void
see_field(void *ctx, const struct mime_reader_part *part, struct str name,
    struct str value)
{
	struct seen *s = ctx;

	buf_printf(&s->text, "%s%d%s:%.*s=%.*s\n", s->in_bytes ? "\n" : "",
	    part->depth, part->returned ? "r" : "", (int)name.n, name.p,
	    (int)value.n, value.p);
	s->in_bytes = false;
	s->fields++;
}

static void
see_begin(void *ctx, const struct mime_reader_part *part)
{
	struct seen *s = ctx;

	buf_printf(&s->text, "%s%d%s %s%s%s\n", s->in_bytes ? "\n" : "",
	    part->depth, part->returned ? "r" : "", part->type,
	    part->report[0] != '\0' ? " " : "", part->report);
	s->in_bytes = false;
	if (part->depth > s->deepest)
		s->deepest = part->depth;
}

static void
see_bytes(void *ctx, const struct mime_reader_part *part, struct str bytes)
{
	struct seen *s = ctx;

	(void)part;
	s->in_bytes = true;
	s->bytes += bytes.n;
	if (s->text.len < 100000)
		buf_addstr(&s->text, bytes);
}

/* The message in pieces of a size, its LF replaced by another line end. */
static void
feed(struct seen *s, struct str message, size_t piece, const char *end)
{
	const struct mime_reader_handler h = {
	    see_field, see_begin, see_bytes, s};
	struct mime_reader *r = mime_reader_new(&h);
	struct buf b = {0};

	for (size_t i = 0; i < message.n; i++) {
		if (message.p[i] == '\n')
			buf_adds(&b, end);
		else
			buf_addc(&b, message.p[i]);
	}
	for (size_t i = 0; i < b.len; i += piece)
		mime_reader_add(r, (struct str){b.p + i,
				       b.len - i < piece ? b.len - i : piece});
	mime_reader_finish(r);
	mime_reader_free(r);
	buf_free(&b);
}

static void
reads(const char *name, const char *message, const char *want)
{
	static const char *const ends[] = {"\n", "\r\n", "\r"};
	static const size_t pieces[] = {1, 7, 100000};

	for (size_t i = 0; i < 9; i++) {
		struct seen s = {0};

		feed(&s, str_of(message), pieces[i / 3], ends[i % 3]);
		if (!str_is(buf_str(&s.text), want) || i == 0)
			same(buf_str(&s.text), want, name);
		buf_free(&s.text);
	}
}

#define REPORT                                                           \
	"From: d@x\n"                                                    \
	"Content-Type: Multipart/Report; report-type=Delivery-Status;\n" \
	" boundary=\"a b\"\n\nfor old programs\n--a b\n\nHello\n\n--a b \n"

static void
test_forms(void)
{
	reads("no header", "Hello\nyou\n", "0 text/plain\nHello\nyou");
	reads(
	    "only a header", "A: 1\nB:\n 2\n", "0:A=1\n0:B=2\n0 text/plain\n");
	reads("the line of a mailbox file, a name with blanks",
	    "From me\nA : 1\n\nx", "0:A=1\n0 text/plain\nx");
	reads("a line that is no field ends the header", "A: 1\noops\nB: 2\n",
	    "0:A=1\n0 text/plain\noops\nB: 2");
	reads("quoted-printable, soft and broken",
	    "Content-Transfer-Encoding: quoted-printable\n\n"
	    "a=3Db= \nc=\nd=XY=4\n",
	    "0:Content-Transfer-Encoding=quoted-printable\n0 text/plain\n"
	    "a=bcd=XY=4");
	reads("base64 in any lines",
	    "Content-Transfer-Encoding: BASE64\n\nSGVs\nb G8s\nIHlvdQ==\n",
	    "0:Content-Transfer-Encoding=BASE64\n0 text/plain\nHello, you");
	reads("a report",
	    REPORT
	    "Content-Type: message/delivery-status\n\nA: b\n\n--a b\n"
	    "Content-Type: message/rfc822\n\nTo: y\n\nHi\n--a b--\nend\n",
	    "0:From=d@x\n0:Content-Type=Multipart/Report; "
	    "report-type=Delivery-Status; boundary=\"a b\"\n"
	    "0 multipart/report delivery-status\nfor old programs\n"
	    "1 text/plain\nHello\n\n1:Content-Type=message/delivery-status\n"
	    "1 message/delivery-status\nA: b\n\n"
	    "1:Content-Type=message/rfc822\n1 message/rfc822\n2r:To=y\n"
	    "2r text/plain\nHiend");
	reads("without its last boundary, cut in a header",
	    REPORT "Content-Type: text/html",
	    "0:From=d@x\n0:Content-Type=Multipart/Report; "
	    "report-type=Delivery-Status; boundary=\"a b\"\n"
	    "0 multipart/report delivery-status\nfor old programs\n"
	    "1 text/plain\nHello\n\n1:Content-Type=text/html\n1 text/html\n");
	reads("a lost Content-Type",
	    "A: 1\n\nx\n--b\nContent-Type: text/html\n\nh\n"
	    "--b--\n",
	    "0:A=1\n0 text/plain\nx\n--b\n1:Content-Type=text/html\n"
	    "1 text/html\nh");
	reads("a boundary that never comes",
	    "Content-Type: multipart/mixed; boundary=b\n\nA\nB\n",
	    "0:Content-Type=multipart/mixed; boundary=b\n0 multipart/mixed\n"
	    "A\nB");
}

/* The outer boundary ends what is within, whatever is open there. */
static void
test_nested(void)
{
	reads("an inner multipart that is not ended",
	    "Content-Type: multipart/mixed; boundary=o\n\n--o\n"
	    "Content-Type: multipart/mixed; boundary=oi\n\n--oi\n\nx\n--o\n\n"
	    "y\n--o--\n",
	    "0:Content-Type=multipart/mixed; boundary=o\n0 multipart/mixed\n"
	    "1:Content-Type=multipart/mixed; boundary=oi\n1 multipart/mixed\n"
	    "2 text/plain\nx\n1 text/plain\ny");
}

static void
test_limits(void)
{
	struct buf b = {0};
	struct seen s = {0};
	int i;

	for (i = 0; i < 100; i++)
		buf_printf(&b,
		    "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i,
		    i);
	feed(&s, buf_str(&b), 4096, "\n");
	ok(s.deepest == MIME_READER_DEPTH, "100 levels: %d are divided",
	    s.deepest);
	buf_free(&s.text);
	s = (struct seen){0};
	buf_reset(&b);
	for (i = 0; i < 100; i++)
		buf_adds(&b, "Content-Type: message/rfc822\n\n");
	feed(&s, buf_str(&b), 4096, "\n");
	ok(s.deepest == MIME_READER_DEPTH, "100 messages: %d", s.deepest);
	buf_free(&s.text);
	s = (struct seen){0};
	buf_reset(&b);
	for (i = 0; i < 5000; i++)
		buf_adds(&b, "A: 1\n");
	buf_addc(&b, '\n');
	while (b.len < MIME_READER_MAX + 100000)
		buf_adds(&b, "0123456789012345678901234567890123456789\n");
	feed(&s, buf_str(&b), 65536, "\n");
	ok(s.fields == HEADER_READER_FIELDS, "5,000 fields: %zu", s.fields);
	ok(s.bytes < MIME_READER_MAX && s.bytes > MIME_READER_MAX - 100000,
	    "a long body: %zu bytes", s.bytes);
	buf_free(&s.text);
	s = (struct seen){0};
	buf_reset(&b);
	buf_adds(&b, "A: ");
	while (b.len < 300000)
		buf_adds(&b, "aaaaaaaaaa");
	buf_adds(&b, "\nB: 2\n\nx\n");
	feed(&s, buf_str(&b), 65536, "\n");
	ok(s.fields == 2 && s.text.len < HEADER_READER_FIELD + 40,
	    "a line of 300 KB in a header: %zu fields, %zu bytes", s.fields,
	    s.text.len);
	buf_free(&s.text);
	buf_free(&b);
}

static void
decodes(const char *value, const char *want)
{
	struct buf b = {0};

	encoded_word_read(&b, str_of(value));
	same(buf_str(&b), want, value);
	buf_free(&b);
}

/* 1 MB of beginnings of encoded-words: a search to the end takes minutes. */
static void
test_encoded_words(void)
{
	struct buf value = {0}, b = {0};
	clock_t start = clock();

	decodes("=?utf-8?Q?a_=C3=A9?= =?utf-8?b?Yg==?= c", "a \xc3\xa9"
							   "b c");
	decodes("=?x?q?open", "=?x?q?open");
	decodes("=?x?Z?a?= =?", "=?x?Z?a?= =?");
	decodes(
	    "=?x?q?"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaa?=",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaa");
	decodes(
	    "=?x?q?"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaa?=",
	    "=?x?q?"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaa?=");
	while (value.len < 1000000)
		buf_adds(&value, "=?a?Q?x");
	encoded_word_read(&b, buf_str(&value));
	ok(b.len == value.len && clock() - start < 2 * CLOCKS_PER_SEC,
	    "1 MB of words without an end");
	buf_free(&value);
	buf_free(&b);
}

int
main(void)
{
	test_forms();
	test_nested();
	test_limits();
	test_encoded_words();
	return unit_end();
}
