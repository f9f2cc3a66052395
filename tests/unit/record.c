#include "mail/record/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/json_get.h"
#include "mail/record/message.h"
#include "mail/record/outcome.h"
#include "mail/record/outcome_class.h"
#include "mail/record/recipient.h"
#include "unit.h"

#define CONTENT \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct arena *arena;

static const struct {
	const char *line, *email, *name, *user_id, *course_id, *error;
} recipients[] = {
    {"{\"email\":\"a@b.org\"}", "a@b.org", NULL, NULL, NULL, NULL},
    {"{\"name\":\"Zo\\u00eb\",\"email\":\"a@b.org\",\"user_id\":\"u7\","
     "\"course_id\":\"course-v1:U+C+1\",\"x\":[1]}",
	"a@b.org", "Zo\xc3\xab", "u7", "course-v1:U+C+1", NULL},
    {"{\"email\":\"a@b.org\",\"user_id\":9007199254740993}", "a@b.org", NULL,
	"9007199254740993", NULL, NULL},
    {"{\"email\":\"a@b.org\",\"user_id\":-1}", "a@b.org", NULL, "-1", NULL,
	NULL},
    {"{\"email\":\"a@b.org\",\"user_id\":null,\"name\":null}", "a@b.org", NULL,
	NULL, NULL, NULL},
    {"{\"email\":\"a@b.org\",\"user_id\":\"\",\"name\":\"\"}", "a@b.org", "",
	NULL, NULL, NULL},
    {"{}", NULL, NULL, NULL, NULL, "\"email\" is missing"},
    {"{\"email\":null}", NULL, NULL, NULL, NULL, "\"email\" is missing"},
    {"{\"email\":\"\"}", NULL, NULL, NULL, NULL, "\"email\" is empty"},
    {"{\"email\":7}", NULL, NULL, NULL, NULL, "\"email\" is not a string"},
    {"{\"email\":\"a@b.org\",\"name\":[]}", NULL, NULL, NULL, NULL,
	"\"name\" is not a string"},
    {"{\"email\":\"a@b.org\",\"user_id\":1.0}", NULL, NULL, NULL, NULL,
	"\"user_id\" is no string or integer"},
    {"{\"email\":\"a@b.org\",\"user_id\":1e3}", NULL, NULL, NULL, NULL,
	"\"user_id\" is no string or integer"},
    {"{\"email\":\"a@b.org\",\"user_id\":true}", NULL, NULL, NULL, NULL,
	"\"user_id\" is no string or integer"},
    {"{\"email\":\"a@b.org\",\"user_id\":\"a\\nb\"}", NULL, NULL, NULL, NULL,
	"\"user_id\" has a control character"},
    {"{\"email\":\"a@b.org\",\"course_id\":\"\"}", NULL, NULL, NULL, NULL,
	"the course id is empty"},
    {"{\"email\":\"a@b.org\",\"course_id\":\"a\\tb\"}", NULL, NULL, NULL, NULL,
	"the course id has a control character"},
};

static bool
is_text(struct str got, const char *want)
{
	return want == NULL ? got.p == NULL : got.p && str_is(got, want);
}

static void
test_recipients(void)
{
	size_t i;

	for (i = 0; i < sizeof(recipients) / sizeof(recipients[0]); i++) {
		struct recipient r;
		struct fail f = {0};
		int rc =
		    recipient_parse(&r, str_of(recipients[i].line), arena, &f);

		if (recipients[i].error != NULL) {
			ok(rc == -1 && f.kind == FAIL_DATA &&
				strcmp(f.text, recipients[i].error) == 0,
			    "%s: %s", recipients[i].line, f.text);
			continue;
		}
		ok(rc == 0 && is_text(r.email, recipients[i].email) &&
			is_text(r.name, recipients[i].name) &&
			is_text(r.user_id, recipients[i].user_id) &&
			is_text(r.course_id, recipients[i].course_id),
		    "%s", recipients[i].line);
	}
}

#define HEAD                                                              \
	"{\"email_id\":\"w3\",\"course_id\":\"C\",\"email\":\"a@b.org\"," \
	"\"content\":\"" CONTENT "\","

static const struct {
	const char *line, *error; /* error NULL: the line is valid */
} messages[] = {
    {HEAD "\"message\":\"A: b\\r\\n\\r\\nx\\r\\n\"}", NULL},
    {HEAD "\"message\":\"A: b\\r\\n\\r\\nx\"}",
	"\"message\" does not end with CRLF"},
    {HEAD "\"message\":\"A: b\\r\\n\\nx\\r\\n\"}", "\"message\" has a bare LF"},
    {HEAD "\"message\":\"\\nx\\r\\n\"}", "\"message\" has a bare LF"},
    {HEAD "\"message\":\"A: b\\rx\\r\\n\"}", "\"message\" has a bare CR"},
    {HEAD "\"message\":\"A: b\\r\\r\\n\"}", "\"message\" has a bare CR"},
    {HEAD "\"message\":\"\"}", "\"message\" is empty"},
    {HEAD "\"message\":\".\\r\\n\"}",
	"\"message\" does not begin with a header field"},
    {HEAD "\"message\":\"\\r\\nA: b\\r\\n\"}",
	"\"message\" does not begin with a header field"},
    {HEAD "\"message\":\" A: b\\r\\n\"}",
	"\"message\" does not begin with a header field"},
    {HEAD "\"message\":\"From me Mon: b\\r\\n\"}",
	"\"message\" does not begin with a header field"},
    {HEAD "\"message\":\": b\\r\\n\"}",
	"\"message\" does not begin with a header field"},
    {HEAD "\"message\":\"A\\r\\n\"}",
	"\"message\" does not begin with a header field"},
    {HEAD "\"message\":\"A: x\\r\\n\",\"expires\":\"2026-12-01T00:00:00Z\"}",
	NULL},
    {HEAD "\"message\":\"A: x\\r\\n\",\"expires\":null}", NULL},
    {HEAD "\"message\":\"A: x\\r\\n\",\"expires\":5}",
	"\"expires\" is not a string"},
    {"{\"email_id\":\"w3\",\"course_id\":\"C\",\"email\":\"a@b.org\","
     "\"content\":\"0A\",\"message\":\"A: x\\r\\n\"}",
	"\"content\" is no SHA-256 in lower-case hexadecimal"},
    {"{\"email_id\":\"-w\",\"course_id\":\"C\",\"email\":\"a@b.org\","
     "\"content\":\"" CONTENT "\",\"message\":\"A: x\\r\\n\"}",
	"the email id begins with '-'"},
    {"{\"course_id\":\"C\"}", "\"email_id\" is missing"},
};

static void
test_messages(void)
{
	size_t i;

	for (i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		struct message m;
		struct fail f = {0};
		int rc = message_parse(&m, str_of(messages[i].line), arena, &f);

		if (messages[i].error == NULL)
			ok(rc == 0, "%s", messages[i].line);
		else
			ok(rc == -1 && strcmp(f.text, messages[i].error) == 0,
			    "%s: %s", messages[i].line, f.text);
	}
}

/* RFC 5322, 2.1.1: 998 bytes and CRLF, in the header and in the body. */
static void
test_lines(void)
{
	static const char *const places[][2] = {{"A: ", "\\r\\n\\r\\nx\\r\\n"},
	    {"A: b\\r\\n\\r\\n123", "\\r\\n"},
	    {"A: b\\r\\n\\r\\n123", "\\r\\nx\\r\\n"}};
	char text[1000];

	memset(text, 'x', sizeof(text));
	for (size_t i = 0; i < 2 * sizeof(places) / sizeof(*places); i++) {
		struct buf b = {0};
		struct message m;
		struct fail f = {0};
		bool good = i % 2 == 0;

		text[good ? 995 : 996] = '\0';
		buf_adds(&b, HEAD "\"message\":\"");
		buf_printf(
		    &b, "%s%s%s", places[i / 2][0], text, places[i / 2][1]);
		buf_adds(&b, "\"}");
		text[995] = 'x';
		ok(message_parse(&m, buf_str(&b), arena, &f) ==
			    (good ? 0 : -1) &&
			(good || strcmp(f.text, "\"message\" has a line of 999 "
						"bytes, 998 allowed") == 0),
		    "%s %s", places[i / 2][0], f.text);
		buf_free(&b);
	}
}

static void
test_ids(void)
{
	static const struct {
		const char *id;
		bool good;
	} ids[] = {
	    {"week3", true},
	    {"A.b_c-9", true},
	    {"", false},
	    {".a", false},
	    {"-a", false},
	    {"a b", false},
	    {"a/b", false},
	    {"\xc3\xa4", false},
	    {CONTENT, true},
	    {CONTENT "0", false},
	};
	struct fail f;
	size_t i;

	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		ok((record_check_email_id(str_of(ids[i].id), &f) == 0) ==
			ids[i].good,
		    "email id \"%s\"", ids[i].id);
}

static void
test_put_message(void)
{
	struct message m = {.email_id = STR("w3"),
	    .course_id = STR("C"),
	    .email = STR("a@b.org"),
	    .content = STR(CONTENT),
	    .expires = 1764547200042,
	    .message = STR("A: \"b\"\r\n\r\n\xc3\xa4\r\n")};
	struct message back;
	struct buf b = {0};
	struct fail f;

	message_put(&b, &m);
	same(buf_str(&b),
	    "{\"email_id\":\"w3\",\"course_id\":\"C\",\"user_id\":null,"
	    "\"email\":\"a@b.org\",\"sender\":null,\"content\":\"" CONTENT
	    "\",\"expires\":\"2025-12-01T00:00:00.042Z\","
	    "\"message\":\"A: \\\"b\\\"\\r\\n\\r\\n\xc3\xa4\\r\\n\"}\n",
	    "message written");
	ok(message_parse(&back, buf_str(&b), arena, &f) == 0 &&
		str_eq(back.message, m.message) && back.expires == m.expires,
	    "message read back");
	buf_free(&b);
}

static void
test_put_outcome(void)
{
	struct outcome o = {.email_id = STR("w3"),
	    .course_id = STR("C"),
	    .email = STR("a@b.org"),
	    .status = OUTCOME_FAILED,
	    .class = "bad_mailbox",
	    .stage = "rcpt",
	    .code = 550,
	    .enhanced = STR("5.1.1"),
	    .reply = {"a\0b\xff\xc3\xa4", 6},
	    .attempt = 2,
	    .ms = 0,
	    .at = 1764547200000};
	struct buf b = {0};

	outcome_put(&b, &o);
	same(buf_str(&b),
	    "{\"email_id\":\"w3\",\"course_id\":\"C\",\"user_id\":null,"
	    "\"email\":\"a@b.org\",\"status\":\"failed\","
	    "\"class\":\"bad_mailbox\",\"stage\":\"rcpt\",\"code\":550,"
	    "\"enhanced\":\"5.1.1\",\"reply\":\"a\xef\xbf\xbd"
	    "b\xef\xbf\xbd\xc3\xa4\",\"queue_id\":null,\"message_id\":null,"
	    "\"relay\":null,\"attempt\":2,\"ms\":0,"
	    "\"at\":\"2025-12-01T00:00:00.000Z\",\"next_try\":null}\n",
	    "outcome written, its reply made valid");
	buf_reset(&b);
	o = (struct outcome){.status = OUTCOME_SKIPPED, .was = STR("sent")};
	outcome_put(&b, &o);
	same(buf_str(&b),
	    "{\"email_id\":null,\"course_id\":null,\"user_id\":null,"
	    "\"email\":null,\"status\":\"skipped\",\"class\":null,"
	    "\"stage\":null,\"code\":null,\"enhanced\":null,\"reply\":null,"
	    "\"queue_id\":null,\"message_id\":null,\"relay\":null,"
	    "\"attempt\":null,\"ms\":0,\"at\":null,\"next_try\":null,"
	    "\"was\":\"sent\"}\n",
	    "all members present, null where unknown");
	buf_free(&b);
}

/* The place where the reply is cut, read back with the JSON parser. */
static void
test_reply_cut(void)
{
	static const struct {
		const char *unit;
		size_t count, want;
	} cuts[] = {
	    {"x", 999, 999}, {"x", 1000, 1000}, {"x", 5000, 1000},
	    {"\xc3\xa4", 1000, 1000}, {"\xe2\x82\xac", 1000, 999},
	    {"\xf0\x9f\x98\x80", 1000, 1000},
	    {"\xff", 1000, 999}, /* U+FFFD is three bytes */
	    {"\x01", 1000, 500}, /* six bytes each when escaped */
	};
	size_t i, k;

	for (i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		struct outcome o = {.email_id = STR("w3")};
		struct buf reply = {0}, b = {0};
		struct json_object all;
		struct fail f = {0};
		struct str line, got = {0};

		for (k = 0; k < cuts[i].count; k++)
			buf_adds(&reply, cuts[i].unit);
		o.reply = buf_str(&reply);
		buf_adds(&b, "before");
		outcome_put(&b, &o);
		line = (struct str){b.p + 6, b.len - 6};
		if (json_parse(&all, line, arena, &f) == 0)
			got = json_get_decoded(*json_get(&all, "reply"), arena);
		ok(got.n == cuts[i].want && line.n <= 4096,
		    "reply %zu: %zu bytes, line %zu %s", i, got.n, line.n,
		    f.text);
		buf_free(&reply);
		buf_free(&b);
	}
}

static void
test_worst_outcome(void)
{
	char *big = malloc(10000);
	struct str s = {big, 10000};
	struct outcome o = {s, s, s, s, OUTCOME_IN_DOUBT, "no_reply", "dot",
	    250, s, s, s, s, s, 9, 9, 9, 9, s, s, false, 9};
	struct json_object all;
	struct buf b = {0};
	struct fail f = {0};

	memset(big, 1, 10000);
	outcome_put(&b, &o);
	ok(b.len <= 4096 && json_parse(&all, buf_str(&b), arena, &f) == 0 &&
		all.count == 19,
	    "the longest outcome is a line of %zu bytes %s", b.len, f.text);
	free(big);
	buf_free(&b);
}

static void
test_status(void)
{
	static const char *const names[] = {
	    "sent", "failed", "deferred", "skipped", "in_doubt"};
	int i;

	for (i = 0; i < 5; i++)
		ok(outcome_status_parse(str_of(names[i])) == i &&
			strcmp(outcome_status_name((enum outcome_status)i),
			    names[i]) == 0,
		    "status %s", names[i]);
	ok(outcome_status_parse(STR("Sent")) == -1 &&
		outcome_status_parse(STR("")) == -1,
	    "no status");
}

/* "" means that --retry takes the class. */
static void
test_retry_classes(void)
{
	static const struct {
		const char *name, *error;
	} cases[] = {
	    {"bad_mailbox", "--retry bad_mailbox needs --since TIME, as in 2d"},
	    {"refused", ""},
	    {"mailbox_full", ""},
	    {"greylisted", ""},
	    {"breaker", ""},
	    {"gave_up", ""},
	    {"optout", ""},
	    {"suppressed", ""},
	    {"expired", ""},
	    {"bad_domain", "--retry does not reopen bad_domain: "},
	    {"ok", "--retry does not reopen ok: "},
	    {"cancelled", "--retry does not reopen cancelled: "},
	    {"duplicate", "--retry does not reopen duplicate: "},
	    {"invalid", "--retry does not reopen invalid: "},
	    {"busy", "--retry does not reopen busy: "},
	    {"no_reply", "--retry does not reopen no_reply: "},
	    {"greylistd", "did you mean greylisted?"},
	    {"Refused", "did you mean refused?"},
	    {"nosuchclass",
		"\"nosuchclass\" is no class of outcomes; it takes "},
	    {"", "\"\" is no class of outcomes; it takes "},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fail f = {0};
		int rc = outcome_class_check_retry(cases[i].name, false, &f);

		ok(rc == (*cases[i].error == '\0' ? 0 : -1) &&
			strstr(f.text, cases[i].error) != NULL,
		    "--retry %s: %s", cases[i].name, f.text);
	}
}

static void
test_reopens(void)
{
	static const struct {
		const char *name;
		int64_t since;
		const char *class;
		int64_t at;
		bool reopens;
	} cases[] = {
	    {NULL, 0, "refused", 5, false},
	    {"refused", 0, "refused", 5, true},
	    {"refused", 0, "refused", 0, true},
	    {"refused", 5, "refused", 5, true},
	    {"refused", 6, "refused", 5, false},
	    {"refused", 0, "content", 5, false},
	    {"bad_mailbox", 0, "bad_mailbox", 5, false},
	    {"bad_mailbox", 5, "bad_mailbox", 5, true},
	    {"bad_mailbox", 6, "bad_mailbox", 5, false},
	    {"bad_domain", 5, "bad_domain", 5, false},
	    {"ok", 5, "ok", 5, false},
	    {"", 0, "", 5, false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ok(outcome_class_reopens(cases[i].name, cases[i].since,
		       str_of(cases[i].class), cases[i].at) == cases[i].reopens,
		    "--retry %s since %lld: %s",
		    cases[i].name != NULL ? cases[i].name : "(none)",
		    (long long)cases[i].since, cases[i].class);
	ok(outcome_class_check_retry("bad_mailbox", true, &(struct fail){0}) ==
		0,
	    "bad_mailbox with a time");
}

int
main(void)
{
	arena = arena_new();
	test_recipients();
	test_messages();
	test_lines();
	test_ids();
	test_put_message();
	test_put_outcome();
	test_reply_cut();
	test_worst_outcome();
	test_status();
	test_retry_classes();
	test_reopens();
	arena_free(arena);
	return unit_end();
}
