/*
 * The dialogue before the login. A case is a script of lines, "|" for CRLF, and
 * the state after it.
 */
#include "mail/smtp/opening.h"

#include "base/buf.h"
#include "crlf.h"
#include "unit.h"

struct line {
	char who; /* C: the client, S: the server */
	const char *text;
};

static const struct {
	const char *name;
	struct line lines[12];
	const char *seen; /* stage, code, flags; text of a refusal */
} cases[] = {
    {"nothing heard", {{0}}, "connect 0"},
    {"a greeting", {{'S', "220 mx ESMTP|"}}, "greeting 220"},
    {"EHLO without an answer", {{'S', "220 mx|"}, {'C', "EHLO c|"}}, "ehlo 0"},
    {"extensions",
	{{'S', "220 mx|"}, {'C', "EHLO c|"}, {'S', "250-SMTPUTF8 mx|"},
	    {'S', "250-PIPELINING|"}, {'S', "250 8BITMIME|"}},
	"ehlo 250 pipelining 8bitmime"},
    {"those of the last EHLO count",
	{{'C', "EHLO c|"}, {'S', "250-mx|250-PIPELINING|"},
	    {'S', "250 STARTTLS|"}, {'C', "STARTTLS|"}, {'S', "220 go|"},
	    {'C', "EHLO c|"}, {'S', "250-mx|"}, {'S', "250 8BITMIME|"}},
	"ehlo 250 8bitmime"},
    {"HELO after EHLO was refused",
	{{'C', "EHLO c|"}, {'S', "502 what|"}, {'C', "HELO c|"},
	    {'S', "250 mx|"}},
	"ehlo 250"},
    {"a refused EHLO offers nothing",
	{{'C', "EHLO c|"}, {'S', "550-mx|"}, {'S', "550 PIPELINING|"}},
	"ehlo 550 mx PIPELINING"},
    {"421 to EHLO, and HELO into the void",
	{{'C', "EHLO c|"}, {'S', "421 4.3.2 closing|"}, {'C', "HELO c|"}},
	"ehlo 421"},
    {"STARTTLS without an answer", {{'C', "STARTTLS|"}}, "tls 0"},
    {"AUTH in its forms",
	{{'C', "EHLO c|"}, {'S', "250-mx|250-auth plain  Login|"},
	    {'S', "250-AUTH=CRAM-MD5|250 Auth\tX|"}},
	"ehlo 250 auth plain Login CRAM-MD5 X"},
    {"names of one letter", {{'C', "EHLO c|"}, {'S', "250-mx|250 AUTH X Y|"}},
	"ehlo 250 auth X Y"},
    {"AUTH of the last EHLO only",
	{{'C', "EHLO c|"}, {'S', "250-mx|250 AUTH LOGIN|"}, {'C', "EHLO c|"},
	    {'S', "250-mx|250 auth=PLAIN|"}},
	"ehlo 250 auth PLAIN"},
    {"a name that begins with AUTH",
	{{'C', "EHLO c|"}, {'S', "250-mx|250-AUTHX PLAIN|250 PIPELINING=1|"}},
	"ehlo 250"},
    {"235 to EHLO", {{'C', "EHLO c|"}, {'S', "235 hi|"}}, "ehlo 235"},
    {"a reply in pieces", {{'S', "220 m"}, {'S', "x|"}}, "greeting 220"},
    {"no SMTP", {{'S', "SSH-2.0-OpenSSH|"}}, "greeting 0 babbles"},
};

/* Pass the lines one by one, as libcurl does. */
static void
hear_lines(struct opening *l, struct str s)
{
	const char *lf;

	while ((lf = memchr(s.p, '\n', s.n)) != NULL) {
		size_t n = (size_t)(lf - s.p) + 1;

		opening_heard(l, (struct str){s.p, n});
		s = (struct str){s.p + n, s.n - n};
		if (s.n == 0)
			return;
	}
	opening_heard(l, s);
}

/* A greeting that libcurl waits on, and how it is shown. */
static void
test_greetings(void)
{
	static const struct {
		const char *greeting, *quoted;
	} greetings[] = {
	    {"220\n", "\"220\""},
	    {"220-mx says\r\n220-wait", "\"220-mx says  220-wait\""},
	    {"\r\n", "\"\""},
	    {"a\x1b[1m\r\n", "\"a?[1m\""},
	};
	struct buf b = {0};

	for (size_t i = 0; i < sizeof(greetings) / sizeof(*greetings); i++) {
		struct opening o = {.stage = STAGE_CONNECT};

		ok(!opening_is_odd(&o), "nothing heard is not odd");
		hear_lines(&o, str_of(greetings[i].greeting));
		ok(opening_is_odd(&o), "odd while no EHLO follows");
		buf_reset(&b);
		opening_quote_greeting(&o, &b);
		same(buf_str(&b), greetings[i].quoted, "quoted");
		opening_said(&o, STR("EHLO c\r\n"));
		ok(!opening_is_odd(&o), "EHLO has followed");
		opening_free(&o);
	}
	buf_free(&b);
}

/* Each name takes what it names, and nothing else. */
static void
test_ignored(void)
{
	static const struct {
		const char *list, *left;
	} lists[] = {
	    {"", "pipelining 8bitmime smtputf8 size 7"},
	    {"PIPELINING", "8bitmime smtputf8 size 7"},
	    {"8bitmime", "pipelining smtputf8 size 7"},
	    {"SMTPUTF8,", "pipelining 8bitmime size 7"},
	    {"Size", "pipelining 8bitmime smtputf8"},
	    {"SIZE, PIPELINING ,8BITMIME,SMTPUTF8", ""},
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		struct ehlo full = {.pipelining = true,
		    .eightbitmime = true,
		    .smtputf8 = true,
		    .has_size = true,
		    .size = 7};
		struct ehlo none = {0};
		struct ehlo_ignored ignored;
		struct buf b = {0};
		struct fail f;

		ok(ehlo_ignored_parse(&ignored, lists[i].list, &f) == 0,
		    "a list");
		ehlo_ignore(&full, &ignored);
		ehlo_ignore(&none, &ignored);
		buf_adds(&b, full.pipelining ? "pipelining " : "");
		buf_adds(&b, full.eightbitmime ? "8bitmime " : "");
		buf_adds(&b, full.smtputf8 ? "smtputf8 " : "");
		if (full.has_size || full.size != 0)
			buf_printf(&b, "size %llu", full.size);
		same(str_trim(buf_str(&b)), lists[i].left, lists[i].list);
		ok(!none.pipelining && !none.eightbitmime && !none.smtputf8 &&
			!none.has_size,
		    "what is not offered stays so");
		buf_free(&b);
	}
}

int
main(void)
{
	struct buf b = {0};
	size_t i, k;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct opening l = {.stage = STAGE_CONNECT};

		for (k = 0; cases[i].lines[k].who != 0; k++) {
			struct str s = crlf(&b, cases[i].lines[k].text);

			if (cases[i].lines[k].who == 'C')
				opening_said(&l, s);
			else
				hear_lines(&l, s);
		}
		buf_reset(&b);
		buf_printf(&b, "%s %d%s%s%s%s%s%s%s", reply_stage_name(l.stage),
		    l.reply.code, l.ehlo.pipelining ? " pipelining" : "",
		    l.ehlo.eightbitmime ? " 8bitmime" : "",
		    l.ehlo.auth[0] != '\0' ? " auth " : "", l.ehlo.auth,
		    l.babbles ? " babbles" : "", l.reply.code >= 500 ? " " : "",
		    l.reply.code >= 500 ? l.reply.text : "");
		same(buf_str(&b), cases[i].seen, cases[i].name);
		opening_free(&l);
	}
	buf_free(&b);
	test_greetings();
	test_ignored();
	return unit_end();
}
