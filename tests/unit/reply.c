#include "mail/smtp/reply.h"

#include "base/buf.h"
#include "unit.h"

/* Read whole and byte by byte, with the same result. */
static const struct {
	const char *in;
	int code;
	const char *enhanced, *text;
} replies[] = {
    {"250 ok\r\n", 250, "", "ok"},
    {"250\r\n", 250, "", ""},
    {"250 \r\n", 250, "", ""},
    {"250 bare LF\n", 250, "", "bare LF"},
    {"550 5.1.1 no such user\r\n", 550, "5.1.1", "no such user"},
    {"550-5.1.1 The account\r\n550-5.1.1 does not\r\n550 5.1.1 exist\r\n", 550,
	"5.1.1", "The account does not exist"},
    {"550-one\r\n550 5.7.1 two\r\n", 550, "5.7.1", "one two"},
    {"450-4.2.1 a\r\n550 b\r\n", 550, "4.2.1", "a b"},
    {"421 5.7.32 odd\r\n", 421, "5.7.32", "odd"},
    {"550 5.2.251 three digits\r\n", 550, "5.2.251", "three digits"},
    {"550 5.1.1\r\n", 550, "5.1.1", ""},
    {"550 5.1.1.2 four parts\r\n", 550, "", "5.1.1.2 four parts"},
    {"550 5.1.1234 long\r\n", 550, "", "5.1.1234 long"},
    {"550 3.1.1 class 3\r\n", 550, "", "3.1.1 class 3"},
    {"550 5..1 x\r\n", 550, "", "5..1 x"},
    {"550 see 5.1.1 inside\r\n", 550, "", "see 5.1.1 inside"},
    {"550 5.1.1x\r\n", 550, "", "5.1.1x"},
    {"550 \x1b[31mred\x7f\r\n", 550, "", "?[31mred?"},
    {"550 \xc3\xbc \xff\xfe \xc3\r\n", 550, "", "\xc3\xbc ?? ?"},
    {"550 5.7.1 \xc2\x9b"
     "31mEVIL\xc2\x9d"
     "0;t\xc2\x9c \xe2\x80\xaeRLO\r\n",
	550, "5.7.1", "?31mEVIL?0;t? ?RLO"},
    {"550 a\tb\xe2\x80\xa8"
     "c\xe2\x81\xa6"
     "d\x9b\r\n",
	550, "", "a b?c?d?"},
    {"250-\r\n250-\r\n250 end\r\n", 250, "", "end"},
};

static const char *const garbage[] = {"\r\n", "+OK\r\n", "25\r\n",
    "150 early\r\n", "650 late\r\n", "2500 long\r\n", "250ok\r\n", "2a0 ok\r\n",
    "HTTP/1.1 400 Bad Request\r\n", "\x16\x03\x01\r\n", "250-ok\r\nok\r\n"};

static const struct {
	const char *text, *id;
} queue_ids[] = {
    {"Ok: queued as 4VbQ2n1LpZz9sT9", "4VbQ2n1LpZz9sT9"},
    {"OK id=1rABCD-0001Xy-2z", "1rABCD-0001Xy-2z"},
    {"3AGHqL012345 Message accepted for delivery", "3AGHqL012345"},
    {"Ok 010001937c5f7b1c-3f6e-000000", "010001937c5f7b1c-3f6e-000000"},
    {"Ok: queued as <x@y>; thanks", "<x@y"},
    {"OK  1732400000 af79cd - gsmtp", NULL},
    {"Ok thanks a lot", NULL},
    {"Ok", NULL},
    {"", NULL},
};

static bool
read_in_pieces(const char *in, size_t n, size_t piece, struct reply *out)
{
	struct reply_reader r = {0};
	enum reply_result result = REPLY_MORE;
	size_t i;

	for (i = 0; i < n && result == REPLY_MORE; i += piece) {
		struct str s = {in + i, n - i < piece ? n - i : piece};

		result = reply_read(&r, &s);
	}
	*out = r.reply;
	reply_free(&r);
	return result == REPLY_WHOLE;
}

static void
test_replies(void)
{
	size_t i, piece;

	for (i = 0; i < sizeof(replies) / sizeof(*replies); i++) {
		for (piece = 1; piece < 5000; piece += 4998) {
			struct reply r;
			bool whole = read_in_pieces(
			    replies[i].in, strlen(replies[i].in), piece, &r);

			ok(whole && r.code == replies[i].code &&
				strcmp(r.enhanced, replies[i].enhanced) == 0,
			    "reply %zu, pieces of %zu", i, piece);
			same(str_of(r.text), replies[i].text, "its text");
		}
	}
}

static void
test_garbage(void)
{
	size_t i;

	for (i = 0; i < sizeof(garbage) / sizeof(*garbage); i++) {
		struct reply_reader r = {0};
		struct str s = str_of(garbage[i]);

		ok(reply_read(&r, &s) == REPLY_GARBAGE, "garbage %zu", i);
		reply_free(&r);
	}
}

static void
test_monsters(void)
{
	struct reply_reader r = {0};
	struct buf b = {0};
	struct reply reply;
	struct str in;
	size_t i;

	buf_adds(&b, "250 ");
	for (i = 0; i < 100000; i++)
		buf_adds(&b, "\xe2\x82\xac");
	buf_adds(&b, "\r\n");
	ok(read_in_pieces(b.p, b.len, 777, &reply) && reply.code == 250 &&
		strlen(reply.text) == 999,
	    "a line of 300 kB is cut between characters");
	buf_reset(&b);
	for (i = 0; i < 5000; i++)
		buf_adds(&b, "550-5.1.1 and so on\r\n");
	buf_adds(&b, "550 end\r\n");
	ok(read_in_pieces(b.p, b.len, 777, &reply) &&
		strlen(reply.text) == 1000,
	    "5,001 lines are cut");
	buf_reset(&b);
	for (i = 0; i < 100000; i++)
		buf_adds(&b, "250-never ends\r\n");
	in = buf_str(&b);
	ok(reply_read(&r, &in) == REPLY_GARBAGE,
	    "a reply over 1 MiB is garbage");
	reply_free(&r);
	ok(read_in_pieces("550 a\0b\r\n", 9, 3, &reply) &&
		strcmp(reply.text, "a?b") == 0,
	    "NUL");
	buf_free(&b);
}

static void
test_queue_ids(void)
{
	size_t i;

	for (i = 0; i < sizeof(queue_ids) / sizeof(*queue_ids); i++) {
		struct str id = reply_queue_id(str_of(queue_ids[i].text));

		ok(queue_ids[i].id != NULL ? str_is(id, queue_ids[i].id)
					   : id.p == NULL,
		    "queue id in [%s]", queue_ids[i].text);
	}
}

static void
test_two(void)
{
	struct reply_reader r = {0};
	struct str in = STR("250 2.0.0 a\r\n550 b\r\n354 c");

	ok(reply_read(&r, &in) == REPLY_WHOLE && r.reply.code == 250 &&
		reply_read(&r, &in) == REPLY_WHOLE && r.reply.code == 550 &&
		r.reply.enhanced[0] == '\0' && strcmp(r.reply.text, "b") == 0 &&
		reply_read(&r, &in) == REPLY_MORE && in.n == 0,
	    "two replies and a half in one piece");
	reply_free(&r);
}

int
main(void)
{
	test_replies();
	test_garbage();
	test_monsters();
	test_queue_ids();
	test_two();
	return unit_end();
}
