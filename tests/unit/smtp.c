/*
 * The dialogue without a socket. A case is a script of lines: input of the
 * server, the exact output since the line before, the next event, or a call of
 * the owner. After the last line no event may be left.
 */
#include "mail/smtp/smtp.h"

#include <stdint.h>

#include "base/buf.h"
#include "crlf.h"
#include "unit.h"

#define ALL "PIPELINING|8BITMIME|SMTPUTF8|SIZE 1000"
#define ENV1 "MAIL FROM:<s@x> SIZE=4|RCPT TO:<a@x>|DATA|"
#define ENV2 "MAIL FROM:<s@x> SIZE=4|RCPT TO:<b@x>|DATA|"

struct line {
	/*
	 * S: the server sends (B: byte by byte), C: the output, E: the event;
	 * + offer, ! release, A abandon, X closed, Q quit.
	 */
	char what;
	const char *text; /* "|" stands for CRLF */
};

struct script {
	const char *name;
	const char *ehlo;
	struct line lines[40];
};

static const char *const event_names[] = {
    "ready", "reply", "unsent", "noreply", "goodbye"};

static const struct script scripts[] = {
    {"one message, pipelined", "PIPELINING|SIZE",
	{{'+', "a"}, {'C', ENV1}, {'S', "250 ok|250 ok|354 go|"},
	    {'E', "ready a"}, {'C', "hi|"}, {'!', "b"}, {'C', ""}, {'!', "a"},
	    {'C', ".|"}, {'S', "250 2.0.0 Ok: queued as 4F|"},
	    {'E', "reply a dot 250 2.0.0 Ok: queued as 4F"}}},
    {"the next envelope leaves with the dot", "PIPELINING|SIZE",
	{{'+', "a"}, {'C', ENV1}, {'+', "b"}, {'C', ""},
	    {'S', "250 ok|250 ok|354 go|"}, {'E', "ready a"}, {'!', "a"},
	    {'C', "hi|.|" ENV2}, {'S', "250 ok|250 ok|250 ok|354 go|"},
	    {'E', "reply a dot 250  ok"}, {'E', "ready b"}, {'!', "b"},
	    {'C', "hi|.|"}, {'S', "250 ok|"}, {'E', "reply b dot 250  ok"},
	    {'Q', ""}, {'C', "QUIT|"}, {'S', "221 bye|"},
	    {'E', "goodbye 221 bye"}}},
    {"offered behind the dot: its envelope leaves at once", "PIPELINING|SIZE",
	{{'+', "a"}, {'C', ENV1}, {'S', "250 ok|250 ok|354 go|"},
	    {'E', "ready a"}, {'!', "a"}, {'C', "hi|.|"}, {'+', "b"},
	    {'C', ENV2}, {'S', "451 4.3.0 no|250 ok|"},
	    {'E', "reply a dot 451 4.3.0 no"}, {'S', "250 ok|354 go|"},
	    {'E', "ready b"}}},
    {"step by step without PIPELINING", "SIZE",
	{{'+', "a"}, {'+', "b"}, {'C', "MAIL FROM:<s@x> SIZE=4|"},
	    {'S', "250 ok|"}, {'C', "RCPT TO:<a@x>|"}, {'S', "250 ok|"},
	    {'C', "DATA|"}, {'S', "354 go|"}, {'E', "ready a"}, {'!', "a"},
	    {'C', "hi|.|"}, {'S', "250 ok|"}, {'E', "reply a dot 250  ok"},
	    {'C', "MAIL FROM:<s@x> SIZE=4|"}}},
    {"step by step: MAIL refused, no RSET", "SIZE",
	{{'+', "a"}, {'+', "b"}, {'C', "MAIL FROM:<s@x> SIZE=4|"},
	    {'S', "550 5.7.1 no|"}, {'E', "reply a mail 550 5.7.1 no"},
	    {'C', "MAIL FROM:<s@x> SIZE=4|"}}},
    {"step by step: RCPT refused, RSET before the next", "SIZE",
	{{'+', "a"}, {'+', "b"}, {'C', "MAIL FROM:<s@x> SIZE=4|"},
	    {'S', "250 ok|"}, {'C', "RCPT TO:<a@x>|"}, {'S', "550 5.1.1 no|"},
	    {'E', "reply a rcpt 550 5.1.1 no"}, {'C', "RSET|"},
	    {'S', "250 ok|"}, {'C', "MAIL FROM:<s@x> SIZE=4|"}}},
    {"RCPT refused and none behind it: QUIT without RSET", "SIZE",
	{{'+', "a"}, {'C', "MAIL FROM:<s@x> SIZE=4|"}, {'S', "250 ok|"},
	    {'C', "RCPT TO:<a@x>|"}, {'S', "550 5.1.1 no|"},
	    {'E', "reply a rcpt 550 5.1.1 no"}, {'C', ""}, {'Q', ""},
	    {'C', "QUIT|"}}},
    {"pipelined: RCPT and DATA refused", "PIPELINING|SIZE",
	{{'+', "a"}, {'+', "b"}, {'C', ENV1}, {'S', "250 ok|550 5.1.1 no|"},
	    {'E', "reply a rcpt 550 5.1.1 no"}, {'C', ""},
	    {'S', "503 bad sequence|"}, {'C', "RSET|" ENV2},
	    {'S', "250 ok|250 ok|250 ok|354 go|"}, {'E', "ready b"}}},
    {"RCPT refused and 354: a lone dot, its reply is nobody's",
	"PIPELINING|SIZE",
	{{'+', "a"}, {'+', "b"}, {'C', ENV1},
	    {'S', "250 ok|550 5.1.1 no|354 go|"},
	    {'E', "reply a rcpt 550 5.1.1 no"}, {'C', ".|"},
	    {'S', "250 2.0.0 queued|"}, {'C', ENV2},
	    {'S', "250 ok|250 ok|354 go|"}, {'E', "ready b"}}},
    {"the second RCPT refused with 354 behind a dot", "PIPELINING|SIZE",
	{{'+', "a"}, {'+', "b"}, {'C', ENV1}, {'S', "250 ok|250 ok|354 go|"},
	    {'E', "ready a"}, {'!', "a"}, {'C', "hi|.|" ENV2},
	    {'S', "250 ok|250 ok|550 no|354 go|"}, {'E', "reply a dot 250  ok"},
	    {'E', "reply b rcpt 550  no"}, {'C', ".|"},
	    {'S', "554 no valid recipients|"}, {'C', ""}}},
    {"MAIL refused, RCPT taken and 354: no dot may leave", "PIPELINING|SIZE",
	{{'+', "a"}, {'C', ENV1}, {'S', "550 no|250 ok|354 go|"},
	    {'E', "reply a mail 550  no"}, {'E', "goodbye 0 "}, {'C', ""}}},
    {"MAIL refused: the first reply counts", "PIPELINING|SIZE",
	{{'+', "a"}, {'+', "b"}, {'C', ENV1},
	    {'S', "450 4.1.8 who|503 no|503 no|"},
	    {'E', "reply a mail 450 4.1.8 who"}, {'C', ENV2}}},
    {"DATA refused: RSET", "PIPELINING|SIZE",
	{{'+', "a"}, {'+', "b"}, {'C', ENV1}, {'S', "250 ok|250 ok|451 no|"},
	    {'E', "reply a data 451  no"}, {'C', "RSET|" ENV2}}},
    {"RSET refused: the connection is of no use", "PIPELINING|SIZE",
	{{'+', "a"}, {'+', "b"}, {'C', ENV1}, {'S', "250 ok|250 ok|451 no|"},
	    {'E', "reply a data 451  no"}, {'C', "RSET|" ENV2},
	    {'S', "502 what|"}, {'E', "goodbye 502 what"}, {'C', ""}, {'X', ""},
	    {'E', "unsent b mail"}}},
    {"parting words on an idle connection", "PIPELINING|SIZE",
	{{'S', "421 4.4.2 idle|"}, {'E', "goodbye 421 idle"}, {'X', ""}}},
    {"parting words that cross with MAIL", "PIPELINING|SIZE",
	{{'+', "a"}, {'C', ENV1}, {'S', "451 4.4.2 timeout|"},
	    {'E', "reply a mail 451 4.4.2 timeout"}, {'X', ""}}},
    {"parting words during the body", "PIPELINING|SIZE",
	{{'+', "a"}, {'C', ENV1}, {'S', "250 ok|250 ok|354 go|"},
	    {'E', "ready a"}, {'S', "421 4.4.2 timeout|"},
	    {'E', "reply a body 421 4.4.2 timeout"},
	    {'E', "goodbye 421 timeout"}, {'!', "a"}, {'C', ""}, {'X', ""}}},
    {"421 to MAIL", "PIPELINING|SIZE",
	{{'+', "a"}, {'+', "b"}, {'C', ENV1}, {'S', "421 closing|"},
	    {'E', "reply a mail 421  closing"}, {'E', "goodbye 421 closing"},
	    {'X', ""}, {'E', "unsent b mail"}}},
    {"421 to the dot", "PIPELINING|SIZE",
	{{'+', "a"}, {'C', ENV1}, {'S', "250 ok|250 ok|354 go|"},
	    {'E', "ready a"}, {'!', "a"}, {'C', "hi|.|"}, {'S', "421 closing|"},
	    {'E', "reply a dot 421  closing"}, {'E', "goodbye 421 closing"},
	    {'X', ""}}},
    {"closed before the dot", "PIPELINING|SIZE",
	{{'+', "a"}, {'C', ENV1}, {'S', "250 ok|250 ok|354 go|"},
	    {'E', "ready a"}, {'X', ""}, {'E', "unsent a body"}}},
    {"closed before any reply", "PIPELINING|SIZE",
	{{'+', "a"}, {'C', ENV1}, {'X', ""}, {'E', "unsent a mail"}}},
    {"closed at RCPT", "PIPELINING|SIZE",
	{{'+', "a"}, {'C', ENV1}, {'S', "250 ok|"}, {'X', ""},
	    {'E', "unsent a rcpt"}}},
    {"closed behind the dot", "PIPELINING|SIZE",
	{{'+', "a"}, {'+', "b"}, {'C', ENV1}, {'S', "250 ok|250 ok|354 go|"},
	    {'E', "ready a"}, {'!', "a"}, {'C', "hi|.|" ENV2}, {'X', ""},
	    {'E', "noreply a dot"}, {'E', "unsent b mail"}}},
    {"half a reply to the dot is none", "PIPELINING|SIZE",
	{{'+', "a"}, {'C', ENV1}, {'S', "250 ok|250 ok|354 go|"},
	    {'E', "ready a"}, {'!', "a"}, {'C', "hi|.|"}, {'S', "250 ok"},
	    {'X', ""}, {'E', "noreply a dot"}}},
    {"garbage in place of a reply to the dot", "PIPELINING|SIZE",
	{{'+', "a"}, {'C', ENV1}, {'S', "250 ok|250 ok|354 go|"},
	    {'E', "ready a"}, {'!', "a"}, {'C', "hi|.|"}, {'S', "+OK|"},
	    {'E', "goodbye 0 "}, {'X', ""}, {'E', "noreply a dot"}}},
    {"250 in place of 354", "PIPELINING|SIZE",
	{{'+', "a"}, {'C', ENV1}, {'S', "250 ok|250 ok|250 ok|"},
	    {'E', "goodbye 0 "}, {'C', ""}, {'X', ""}, {'E', "unsent a data"}}},
    {"354 in place of 250", "PIPELINING|SIZE",
	{{'+', "a"}, {'C', ENV1}, {'S', "354 ok|"}, {'E', "goodbye 0 "},
	    {'X', ""}, {'E', "unsent a mail"}}},
    {"replies of several lines, byte by byte", "PIPELINING|SIZE",
	{{'+', "a"}, {'C', ENV1},
	    {'B', "250-2.1.0 one|250 two|550-5.1.1 no|"
		  "550-5.1.1 such|550 5.1.1 user|"},
	    {'E', "reply a rcpt 550 5.1.1 no such user"}}},
    {"abandoned with a dot out: its reply is awaited", "PIPELINING|SIZE",
	{{'+', "a"}, {'+', "b"}, {'C', ENV1}, {'S', "250 ok|250 ok|354 go|"},
	    {'E', "ready a"}, {'!', "a"}, {'C', "hi|.|" ENV2}, {'A', ""},
	    {'E', "unsent b mail"}, {'C', ""}, {'S', "250 ok|250 ok|"},
	    {'E', "reply a dot 250  ok"}, {'E', "goodbye 0 "}, {'X', ""}}},
    {"abandoned before the dot", "PIPELINING|SIZE",
	{{'+', "a"}, {'C', ENV1}, {'S', "250 ok|250 ok|354 go|"},
	    {'E', "ready a"}, {'A', ""}, {'E', "unsent a body"},
	    {'E', "goodbye 0 "}, {'!', "a"}, {'C', ""}, {'X', ""}}},
    {"abandoned at RCPT", "PIPELINING|SIZE",
	{{'+', "a"}, {'C', ENV1}, {'S', "250 ok|"}, {'A', ""},
	    {'E', "unsent a rcpt"}, {'E', "goodbye 0 "}, {'X', ""}}},
    {"abandoned while a refused message drains", "PIPELINING|SIZE",
	{{'+', "a"}, {'+', "b"}, {'C', ENV1}, {'S', "250 ok|550 no|"},
	    {'E', "reply a rcpt 550  no"}, {'A', ""}, {'E', "unsent b mail"},
	    {'S', "354 go|"}, {'C', ".|"}, {'S', "554 no|"}, {'Q', ""},
	    {'C', "QUIT|"}}},
    {"abandoned before the next envelope is sent", "PIPELINING|SIZE",
	{{'+', "a"}, {'+', "b"}, {'C', ENV1}, {'S', "550 no|503 no|503 no|"},
	    {'E', "reply a mail 550  no"}, {'A', ""}, {'E', "unsent b mail"},
	    {'Q', ""}, {'C', "QUIT|"}}},
    {"abandoned before the first command is sent", "",
	{{'+', "a"}, {'A', ""}, {'E', "unsent a mail"}, {'Q', ""},
	    {'C', "QUIT|"}}},
    {"null sender, nothing offered", "", {{'+', "n"}, {'C', "MAIL FROM:<>|"}}},
    {"8-bit and SMTPUTF8", ALL,
	{{'+', "u"}, {'C', "MAIL FROM:<s@x> SIZE=4 BODY=8BITMIME SMTPUTF8|"
			   "RCPT TO:<\xc3\xbc@x>|DATA|"}}},
    {"dots are stuffed, the last line is ended", ALL,
	{{'+', "d"}, {'C', "MAIL FROM:<s@x> SIZE=24|RCPT TO:<d@x>|DATA|"},
	    {'S', "250 ok|250 ok|354 go|"}, {'E', "ready d"}, {'!', "d"},
	    {'C', "..a|..|b.|....||..end|.|"}}},
    {"an empty message", ALL,
	{{'+', "e"}, {'C', "MAIL FROM:<s@x> SIZE=0|RCPT TO:<e@x>|DATA|"},
	    {'S', "250 ok|250 ok|354 go|"}, {'E', "ready e"}, {'!', "e"},
	    {'C', ".|"}}},
};

static const struct {
	char key;
	const char *sender, *recipient, *text;
	bool utf8;
} messages[] = {
    {'a', "s@x", "a@x", "hi\r\n", false},
    {'b', "s@x", "b@x", "hi\r\n", false},
    {'n', "", "a@x", "hi\r\n", false},
    {'u', "s@x", "\xc3\xbc@x", "hi\r\n", true},
    {'d', "s@x", "d@x", ".a\r\n.\r\nb.\r\n...\r\n\r\n.end", false},
    {'e', "s@x", "e@x", "", false},
};

static void
offer_message(struct smtp *s, char key)
{
	struct smtp_message m;
	size_t i;

	for (i = 0; messages[i].key != key; i++)
		;
	m = (struct smtp_message){str_of(messages[i].sender),
	    str_of(messages[i].recipient), str_of(messages[i].text),
	    messages[i].utf8, (void *)(uintptr_t)key};
	smtp_offer(s, &m);
}

static void
put_event(struct buf *b, const struct smtp_event *e)
{
	buf_reset(b);
	buf_adds(b, event_names[e->type]);
	if (e->owner != NULL)
		buf_printf(b, " %c", (int)(uintptr_t)e->owner);
	if (e->type == SMTP_REPLY)
		buf_printf(b, " %s %d %s %s", reply_stage_name(e->stage),
		    e->reply.code, e->reply.enhanced, e->reply.text);
	else if (e->type == SMTP_GOODBYE)
		buf_printf(b, " %d %s", e->reply.code, e->reply.text);
	else if (e->type != SMTP_READY)
		buf_printf(b, " %s", reply_stage_name(e->stage));
}

static bool
is_output(struct smtp *s, const char *want)
{
	struct buf b = {0};
	struct str out;
	bool good;

	crlf(&b, want);
	out = smtp_output(s);
	good = str_eq(out, buf_str(&b));
	if (!good)
		printf("# sent: [%.*s]\n", (int)out.n, out.p);
	smtp_sent(s, out.n);
	buf_free(&b);
	return good;
}

static bool
is_event(struct smtp *s, const char *want)
{
	struct smtp_event e;
	struct buf b = {0};
	bool good = smtp_event(s, &e);

	if (good)
		put_event(&b, &e);
	good = good && str_is(buf_str(&b), want);
	if (!good)
		printf("# event: [%.*s]\n", (int)b.len, b.p != NULL ? b.p : "");
	buf_free(&b);
	return good;
}

static void
send_reply(struct smtp *s, const char *text, size_t piece)
{
	struct buf b = {0};
	size_t i;

	crlf(&b, text);
	for (i = 0; i < b.len; i += piece)
		smtp_input(s, (struct str){b.p + i,
				  b.len - i < piece ? b.len - i : piece});
	buf_free(&b);
}

/* Perform or check one line; false if the check fails. */
static bool
play_line(struct smtp *s, struct line line)
{
	switch (line.what) {
	case '+':
		offer_message(s, line.text[0]);
		return true;
	case '!':
		smtp_release(s, (void *)(uintptr_t)line.text[0]);
		return true;
	case 'S':
		send_reply(s, line.text, 10000);
		return true;
	case 'B':
		send_reply(s, line.text, 1);
		return true;
	case 'A':
		smtp_abandon(s);
		return true;
	case 'X':
		smtp_closed(s);
		return true;
	case 'Q':
		smtp_quit(s);
		return true;
	case 'C':
		return is_output(s, line.text);
	default:
		return is_event(s, line.text);
	}
}

static void
test_script(const struct script *script)
{
	struct smtp_event e;
	struct ehlo ehlo = {0};
	struct buf b = {0};
	const char *p, *q;
	struct smtp *s;
	size_t i;
	bool good = true;

	for (p = script->ehlo; *p != '\0'; p = q + (*q == '|')) {
		q = strchrnul(p, '|');
		ehlo_add_line(&ehlo, (struct str){p, (size_t)(q - p)});
	}
	s = smtp_new(&ehlo);
	for (i = 0; script->lines[i].what != '\0' && good; i++) {
		good = play_line(s, script->lines[i]);
		if (!good)
			printf("# line %zu: %c %s\n", i, script->lines[i].what,
			    script->lines[i].text);
	}
	if (good && smtp_event(s, &e)) {
		good = false;
		printf("# one event too many: %s\n", event_names[e.type]);
	}
	ok(good, "%s", script->name);
	smtp_free(s);
	buf_free(&b);
}

static void
test_check(void)
{
	static const struct {
		const char *ehlo, *sender, *recipient, *text;
		size_t n; /* of text; 0: strlen */
		bool utf8;
		enum ehlo_result want;
		const char *name;
	} cases[] = {
	    {"", "", "a@x", "hi\r\n", 0, false, EHLO_FITS, "plain"},
	    {"", "", "", "hi\r\n", 0, false, EHLO_BAD_ADDRESS, "empty"},
	    {"", "", "a@x>\r\nRCPT TO:<b", "", 0, false, EHLO_BAD_ADDRESS,
		"commands in the recipient"},
	    {"", "a\r\nDATA", "a@x", "", 0, false, EHLO_BAD_ADDRESS,
		"commands in the sender"},
	    {"", "", "a b@x", "", 0, false, EHLO_BAD_ADDRESS, "space"},
	    {"", "", "a<b@x", "", 0, false, EHLO_BAD_ADDRESS, "a bracket"},
	    {"", "", "\x80@x", "", 0, false, EHLO_BAD_ADDRESS, "the byte 80"},
	    {"", "", "\xc3\xbc@x", "", 0, false, EHLO_BAD_ADDRESS,
		"8-bit address without SMTPUTF8"},
	    {"", "", "\xc3\xbc@x", "", 0, true, EHLO_NEEDS_UTF8,
		"SMTPUTF8 not offered"},
	    {"SMTPUTF8", "", "\xc3\xbc@x", "", 0, true, EHLO_NEEDS_UTF8,
		"SMTPUTF8 without 8BITMIME"},
	    {"smtputf8|8bitmime", "", "\xc3\xbc@x", "", 0, true, EHLO_FITS,
		"SMTPUTF8 offered"},
	    {"", "", "a@x", "x\n.\nMAIL", 0, false, EHLO_BAD_CONTENT,
		"bare LF"},
	    {"", "", "a@x", "\nx", 0, false, EHLO_BAD_CONTENT,
		"LF at the front"},
	    {"", "", "a@x", "x\ry", 0, false, EHLO_BAD_CONTENT, "bare CR"},
	    {"", "", "a@x", "x\r", 0, false, EHLO_BAD_CONTENT, "CR at the end"},
	    {"", "", "a@x", "x\0y", 3, false, EHLO_BAD_CONTENT, "NUL"},
	    {"", "", "a@x", "\xc3\xbc", 0, false, EHLO_BAD_CONTENT,
		"8-bit without 8BITMIME"},
	    {"8BITMIME", "", "a@x", "\xc3\xbc", 0, false, EHLO_FITS,
		"8-bit with 8BITMIME"},
	    {"SIZE 3", "", "a@x", "hi\r\n", 0, false, EHLO_TOO_BIG, "SIZE 3"},
	    {"SIZE 4", "", "a@x", "hi\r\n", 0, false, EHLO_FITS, "SIZE 4"},
	    {"SIZE 1", "", "a@x", "hi", 0, false, EHLO_TOO_BIG, "SIZE 1"},
	    {"SIZE 100|SIZE 3", "", "a@x", "hi\r\n", 0, false, EHLO_TOO_BIG,
		"the last SIZE counts"},
	    {"SIZE 0", "", "a@x", "hi\r\n", 0, false, EHLO_FITS, "SIZE 0"},
	    {"SIZE", "", "a@x", "hi\r\n", 0, false, EHLO_FITS, "bare SIZE"},
	    {"SIZE 99999999999999999999999999", "", "a@x", "hi\r\n", 0, false,
		EHLO_FITS, "SIZE beyond any number"},
	    {"SIZES 3", "", "a@x", "hi\r\n", 0, false, EHLO_FITS, "SIZES"},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ehlo ehlo = {0};
		const char *p, *q;
		size_t n = cases[i].n > 0 ? cases[i].n : strlen(cases[i].text);

		for (p = cases[i].ehlo; *p != '\0'; p = q + (*q == '|')) {
			q = strchrnul(p, '|');
			ehlo_add_line(&ehlo, (struct str){p, (size_t)(q - p)});
		}
		ok(ehlo_check(&ehlo, str_of(cases[i].sender),
		       str_of(cases[i].recipient),
		       (struct str){cases[i].text, n},
		       cases[i].utf8) == cases[i].want,
		    "check: %s", cases[i].name);
	}
}

/* One odd byte at each place of texts of many lengths. */
static void
test_clean(void)
{
	static const char odd[] = {'\r', '\n', '\0', 'x'};
	struct ehlo ehlo = {0};
	char text[200];
	int wrong = 0;

	for (size_t n = 1; n <= sizeof(text); n++) {
		for (size_t at = 0; at < n; at++) {
			for (size_t k = 0; k < sizeof(odd); k++) {
				memset(text, 'x', sizeof(text));
				text[at] = odd[k];
				wrong += ehlo_check(&ehlo, STR(""), STR("a@x"),
					     (struct str){text, n}, false) !=
					 (odd[k] == 'x' ? EHLO_FITS
							: EHLO_BAD_CONTENT);
			}
			if (at == 0)
				continue;
			memset(text, 'x', sizeof(text));
			text[at - 1] = '\r';
			text[at] = '\n';
			wrong += ehlo_check(&ehlo, STR(""), STR("a@x"),
				     (struct str){text, n}, false) != EHLO_FITS;
		}
	}
	ok(wrong == 0, "%d texts with one odd byte judged wrong", wrong);
}

/* As many names as there is room for; a name that is too long is left out. */
static void
test_auth_room(void)
{
	char line[EHLO_AUTH + 10];
	struct ehlo ehlo = {0};
	size_t n = (size_t)snprintf(line, sizeof(line), "AUTH A ");

	memset(line + n, 'B', EHLO_AUTH);
	ehlo_add_line(&ehlo, (struct str){line, n + EHLO_AUTH - 2});
	ok(strlen(ehlo.auth) == EHLO_AUTH, "names that fill the room");
	ehlo = (struct ehlo){0};
	ehlo_add_line(&ehlo, (struct str){line, n + EHLO_AUTH - 1});
	same(str_of(ehlo.auth), "A", "a name that is longer by one");
}

static void
test_ignored(void)
{
	static const struct {
		const char *list, *want; /* flags, or a part of the failure */
	} cases[] = {
	    {"", ""},
	    {"size", "S"},
	    {" SIZE, ,8BITMIME,", "S8"},
	    {"PIPELINING,SMTPUTF8", "PU"},
	    {"SIZE,x", "x is not one of"},
	    {"AUTH", "AUTH cannot be ignored"},
	    {"SIZE,STARTTLS", "STARTTLS cannot be ignored"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ehlo_ignored flags;
		struct fail f = {0};
		char got[8] = "";

		if (ehlo_ignored_parse(&flags, cases[i].list, &f) < 0) {
			ok(strstr(f.text, cases[i].want) != NULL, "ignored: %s",
			    cases[i].list);
			continue;
		}
		snprintf(got, sizeof(got), "%s%s%s%s",
		    flags.pipelining ? "P" : "", flags.size ? "S" : "",
		    flags.eightbitmime ? "8" : "", flags.smtputf8 ? "U" : "");
		same(str_of(got), cases[i].want, "ignored: flags");
	}
}

/* A large body with many dots, sent in pieces, against plain dot-stuffing. */
static void
test_large(void)
{
	struct ehlo ehlo = {.pipelining = true};
	struct smtp_event e;
	struct buf text = {0}, want = {0}, got = {0};
	struct smtp *s = smtp_new(&ehlo);
	size_t i, k;

	for (i = 0; text.len < 300000; i++) {
		size_t n = (i * 7919) % 83;

		buf_adds(&text, i % 3 == 0 ? "." : "");
		if (i % 3 == 0)
			buf_adds(&want, "..");
		for (k = 0; k < n; k++) {
			buf_addc(&text, "ab."[k % 3]);
			buf_addc(&want, "ab."[k % 3]);
		}
		buf_adds(&text, "\r\n");
		buf_adds(&want, "\r\n");
	}
	smtp_offer(s, &(struct smtp_message){
			  {0}, STR("a@x"), buf_str(&text), false, &text});
	smtp_sent(s, smtp_output(s).n);
	smtp_input(s, STR("250 a\r\n250 b\r\n354 c\r\n"));
	ok(!smtp_event(s, &e), "not ready before the body has left");
	for (i = 0; smtp_output(s).n > 0; i++) {
		struct str out = smtp_output(s);

		out.n = out.n > 1000 ? 1000 : out.n;
		buf_addstr(&got, out);
		smtp_sent(s, out.n);
	}
	ok(smtp_event(s, &e) && e.type == SMTP_READY, "ready at its end");
	ok(str_eq(buf_str(&got), buf_str(&want)), "300 kB stuffed by pieces");
	smtp_free(s);
	buf_free(&text);
	buf_free(&want);
	buf_free(&got);
}

/* The connection breaks before all bytes up to the dot are sent. */
static void
test_dot_not_sent(void)
{
	size_t n;

	for (n = 0; n <= 7; n++) {
		struct ehlo ehlo = {.pipelining = true};
		struct smtp *s = smtp_new(&ehlo);
		struct smtp_event e;

		offer_message(s, 'a');
		smtp_sent(s, smtp_output(s).n);
		smtp_input(s, STR("250 a\r\n250 b\r\n354 c\r\n"));
		ok(smtp_event(s, &e) && e.type == SMTP_READY, "at the gate");
		smtp_event(s, &e);
		smtp_release(s, (void *)(uintptr_t)'a');
		ok(smtp_output(s).n == 7, "hi and a dot");
		smtp_sent(s, n);
		smtp_closed(s);
		ok(smtp_event(s, &e) &&
			e.type == (n < 7 ? SMTP_UNSENT : SMTP_NO_REPLY),
		    "%zu of 7 bytes left us", n);
		smtp_free(s);
	}
}

static void
test_room(void)
{
	struct ehlo ehlo = {.pipelining = true};
	struct smtp *s = smtp_new(&ehlo);
	int seconds;

	ok(smtp_room(s) == 2 && smtp_idle(s) && smtp_is_due(s), "room for two");
	offer_message(s, 'a');
	ok(smtp_room(s) == 1 && !smtp_idle(s) && !smtp_is_due(s),
	    "room for one, which would have to wait");
	offer_message(s, 'b');
	ok(smtp_room(s) == 0, "no room");
	smtp_sent(s, smtp_output(s).n);
	ok(smtp_waiting(s, &seconds) == STAGE_MAIL && seconds == 300,
	    "MAIL is granted 5 minutes");
	smtp_input(s, STR("250 a\r\n250 b\r\n"));
	ok(smtp_waiting(s, &seconds) == STAGE_DATA && seconds == 120,
	    "DATA is granted 2 minutes");
	smtp_input(s, STR("354 c\r\n"));
	ok(smtp_waiting(s, &seconds) == STAGE_BODY && seconds == 180,
	    "a block is granted 3 minutes");
	smtp_sent(s, smtp_output(s).n);
	ok(smtp_waiting(s, &seconds) == STAGE_BODY && seconds == 0,
	    "before the gate we are the ones who are late");
	ok(!smtp_is_due(s), "it would still have to wait");
	smtp_release(s, (void *)(uintptr_t)'a');
	ok(smtp_is_due(s), "it would leave with the dot");
	smtp_sent(s, smtp_output(s).n);
	ok(smtp_waiting(s, &seconds) == STAGE_DOT && seconds == 600,
	    "the dot is granted 10 minutes");
	ok(smtp_room(s) == 1, "room behind the dot");
	smtp_free(s);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof(scripts) / sizeof(*scripts); i++)
		test_script(&scripts[i]);
	test_check();
	test_clean();
	test_auth_room();
	test_ignored();
	test_large();
	test_dot_not_sent();
	test_room();
	return unit_end();
}
