/*
 * The dialogue up to the login. A case is a script of lines, "|" for CRLF, and
 * the state after it.
 */
#include "mail/smtp/login.h"

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
    {"a login",
	{{'C', "AUTH LOGIN|"}, {'S', "334 VXNlcm5hbWU6|"}, {'C', "bWU=|"},
	    {'S', "334 UGFzc3dvcmQ6|"}, {'C', "eA==|"}, {'S', "235 hi|"}},
	"auth 235 in"},
    {"235 to EHLO is no login", {{'C', "EHLO c|"}, {'S', "235 hi|"}},
	"ehlo 235"},
    {"a refused login", {{'C', "AUTH PLAIN eA==|"}, {'S', "535 who?|"}},
	"auth 535 who?"},
    {"a server that repeats the credential",
	{{'C', "AUTH PLAIN AG1lAHNlY3JldA==|"},
	    {'S', "500 5.5.1 what is AUTH PLAIN AG1lAHNlY3JldA==?|"}},
	"auth 500 what is AUTH PLAIN ****************?"},
    {"and a line of its own",
	{{'C', "AUTH LOGIN|"}, {'S', "334 VXNlcm5hbWU6|"}, {'C', "bWU=|"},
	    {'S', "334 UGFzc3dvcmQ6|"}, {'C', "czNjcmV0LXdvcmQ=|"},
	    {'S', "535-czNjcmV0LXdvcmQ= is|535 not czNjcmV0LXdvcmQ=|"}},
	"auth 535 **************** is not ****************"},
    {"but the name of the mechanism",
	{{'C', "AUTH LOGIN|"}, {'S', "504 5.5.4 LOGIN: no|"}},
	"auth 504 LOGIN: no"},
    {"a reply in pieces", {{'S', "220 m"}, {'S', "x|"}}, "greeting 220"},
    {"no SMTP", {{'S', "SSH-2.0-OpenSSH|"}}, "greeting 0 babbles"},
};

/* Pass the lines one by one, as libcurl does. */
static void
hear_lines(struct login *l, struct str s)
{
	const char *lf;

	while ((lf = memchr(s.p, '\n', s.n)) != NULL) {
		size_t n = (size_t)(lf - s.p) + 1;

		login_heard(l, (struct str){s.p, n});
		s = (struct str){s.p + n, s.n - n};
		if (s.n == 0)
			return;
	}
	login_heard(l, s);
}

int
main(void)
{
	struct buf b = {0};
	size_t i, k;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct login l = {.stage = STAGE_CONNECT};

		for (k = 0; cases[i].lines[k].who != 0; k++) {
			struct str s = crlf(&b, cases[i].lines[k].text);

			if (cases[i].lines[k].who == 'C')
				login_said(&l, s);
			else
				hear_lines(&l, s);
		}
		buf_reset(&b);
		buf_printf(&b, "%s %d%s%s%s%s%s%s", reply_stage_name(l.stage),
		    l.reply.code, l.ehlo.pipelining ? " pipelining" : "",
		    l.ehlo.eightbitmime ? " 8bitmime" : "",
		    l.authenticated ? " in" : "", l.babbles ? " babbles" : "",
		    l.reply.code >= 500 ? " " : "",
		    l.reply.code >= 500 ? l.reply.text : "");
		same(buf_str(&b), cases[i].seen, cases[i].name);
		login_free(&l);
	}
	buf_free(&b);
	return unit_end();
}
