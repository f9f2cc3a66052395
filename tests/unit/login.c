/*
 * The login without a socket. Scripts have the exact bytes of both sides; the
 * matrix plays every mixture of mechanisms that work, are refused or broken
 * against a server of its own, with a model that walks down the list.
 */
#include "mail/smtp/login.h"

#include <stdlib.h>

#include "base/buf.h"
#include "crlf.h"
#include "unit.h"

#define DEFAULT_ORDER "PLAIN,LOGIN,CRAM-MD5,XOAUTH2,OAUTHBEARER"
/* RFC 2195's example. */
#define USER "tim"
#define PASSWORD "tanstaaftanstaaf"
#define CHALLENGE "PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+"
#define CRAM "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw"
/* Made by Python's base64. */
#define PLAIN "AHRpbQB0YW5zdGFhZnRhbnN0YWFm"
#define B64_USER "dGlt"
#define B64_PASSWORD "dGFuc3RhYWZ0YW5zdGFhZg=="
#define XOAUTH2 "dXNlcj10aW0BYXV0aD1CZWFyZXIgeWEyOS50b2sBAQ=="
#define BEARER                                                                \
	"bixhPXRpbSwBaG9zdD1teC5leGFtcGxlAXBvcnQ9NTg3AWF1dGg9QmVhcmVyIHlhMjk" \
	"udG9rAQE="

struct line {
	/* C: the output since the line before, S: input, B: byte by byte. */
	char who;
	const char *text; /* "|" stands for CRLF */
};

struct script {
	const char *name;
	const char *order, *auth;
	const char *token; /* NULL: by password */
	bool renewable;
	struct line lines[14];
	const char *seen; /* state, code, text */
};

static const struct script scripts[] = {
    {"PLAIN", DEFAULT_ORDER, "LOGIN CRAM-MD5 PLAIN", NULL, false,
	{{'C', "AUTH PLAIN " PLAIN "|"}, {'S', "235 hi|"}}, "in 0 "},
    {"byte by byte, in two lines", DEFAULT_ORDER, "PLAIN", NULL, false,
	{{'C', "AUTH PLAIN " PLAIN "|"}, {'B', "235-2.7.0 hi|235 2.7.0 you|"}},
	"in 0 "},
    {"LOGIN never has an initial response", DEFAULT_ORDER, "LOGIN", NULL, false,
	{{'C', "AUTH LOGIN|"}, {'S', "334 VXNlcm5hbWU6|"}, {'C', B64_USER "|"},
	    {'S', "334 UGFzc3dvcmQ6|"}, {'C', B64_PASSWORD "|"},
	    {'S', "235 hi|"}},
	"in 0 "},
    {"CRAM-MD5, RFC 2195", DEFAULT_ORDER, "cram-md5", NULL, false,
	{{'C', "AUTH CRAM-MD5|"}, {'S', "334 " CHALLENGE "|"}, {'C', CRAM "|"},
	    {'S', "235 hi|"}},
	"in 0 "},
    {"the order of the setting", "cram-md5 plain", "PLAIN CRAM-MD5", NULL,
	false, {{'C', "AUTH CRAM-MD5|"}}, "talks 0 "},

    /* Prompts of LOGIN. */
    {"plain prompts", DEFAULT_ORDER, "LOGIN", NULL, false,
	{{'C', "AUTH LOGIN|"}, {'S', "334 Username:|"}, {'C', B64_USER "|"},
	    {'S', "334 Password:|"}, {'C', B64_PASSWORD "|"}},
	"talks 0 "},
    {"bare prompts", DEFAULT_ORDER, "LOGIN", NULL, false,
	{{'C', "AUTH LOGIN|"}, {'S', "334|"}, {'C', B64_USER "|"},
	    {'S', "334 |"}, {'C', B64_PASSWORD "|"}},
	"talks 0 "},
    {"prompts with a tail", DEFAULT_ORDER, "LOGIN", NULL, false,
	{{'C', "AUTH LOGIN|"}, {'S', "334 VXNlcm5hbWU6 (or mail address)|"},
	    {'C', B64_USER "|"}, {'S', "334 UGFzc3dvcmQ6 (of the user)|"},
	    {'C', B64_PASSWORD "|"}},
	"talks 0 "},
    {"prompts in other words", DEFAULT_ORDER, "LOGIN", NULL, false,
	{{'C', "AUTH LOGIN|"}, {'S', "334 QmVudXR6ZXI6|"}, {'C', B64_USER "|"},
	    {'S', "334 S2VubndvcnQ6|"}, {'C', B64_PASSWORD "|"}},
	"talks 0 "},
    {"the user's name asked for twice", DEFAULT_ORDER, "LOGIN", NULL, false,
	{{'C', "AUTH LOGIN|"}, {'S', "334 VXNlcm5hbWU6|"}, {'C', B64_USER "|"},
	    {'S', "334 VXNlcm5hbWU6|"}, {'C', "*|"}, {'S', "501 oh|"}},
	"denied 501 oh"},
    {"and in words that mean the same", DEFAULT_ORDER, "LOGIN", NULL, false,
	{{'C', "AUTH LOGIN|"}, {'S', "334 VXNlcm5hbWU6|"}, {'C', B64_USER "|"},
	    {'S', "334 Your login, please|"}, {'C', "*|"}},
	"talks 0 "},
    {"and in words that nobody knows", DEFAULT_ORDER, "LOGIN", NULL, false,
	{{'C', "AUTH LOGIN|"}, {'S', "334 QmVudXR6ZXI6|"}, {'C', B64_USER "|"},
	    {'S', "334 QmVudXR6ZXI6|"}, {'C', "*|"}},
	"talks 0 "},
    {"a third prompt", DEFAULT_ORDER, "LOGIN PLAIN", NULL, false,
	{{'C', "AUTH PLAIN " PLAIN "|"}, {'S', "504 no|"}, {'C', "AUTH LOGIN|"},
	    {'S', "334 VXNlcm5hbWU6|"}, {'C', B64_USER "|"},
	    {'S', "334 UGFzc3dvcmQ6|"}, {'C', B64_PASSWORD "|"},
	    {'S', "334 more|"}, {'C', "*|"}, {'S', "535 no|"},
	    {'C', "AUTH PLAIN|"}, {'S', "504 no|"}},
	"denied 504 no"},
    {"a prompt with a control character is no text", DEFAULT_ORDER, "LOGIN",
	NULL, false,
	{{'C', "AUTH LOGIN|"}, {'S', "334 cGFzcwE=|"}, {'C', B64_USER "|"},
	    {'S', "334 cGFzc38=|"}, {'C', B64_PASSWORD "|"}},
	"talks 0 "},
    {"wherever it stands", DEFAULT_ORDER, "LOGIN", NULL, false,
	{{'C', "AUTH LOGIN|"}, {'S', "334 AXBhc3M=|"}, {'C', B64_USER "|"}},
	"talks 0 "},
    {"words behind other words in base64", DEFAULT_ORDER, "LOGIN", NULL, false,
	{{'C', "AUTH LOGIN|"}, {'S', "334 S2VubndvcnQ6 password|"},
	    {'C', "*|"}},
	"talks 0 "},
    {"nor one that is no UTF-8", DEFAULT_ORDER, "LOGIN", NULL, false,
	{{'C', "AUTH LOGIN|"}, {'S', "334 cGFzc/8=|"}, {'C', B64_USER "|"}},
	"talks 0 "},
    {"the password asked for first", DEFAULT_ORDER, "LOGIN", NULL, false,
	{{'C', "AUTH LOGIN|"}, {'S', "334 UGFzc3dvcmQ6|"}, {'C', "*|"}},
	"talks 0 "},
    {"a server that ignores the asterisk", DEFAULT_ORDER, "LOGIN", NULL, false,
	{{'C', "AUTH LOGIN|"}, {'S', "334 UGFzc3dvcmQ6|"}, {'C', "*|"},
	    {'S', "334 UGFzc3dvcmQ6|"}, {'C', ""}},
	"later 0 the relay does not end a login"},

    /* PLAIN. */
    {"an initial response that is ignored", DEFAULT_ORDER, "PLAIN", NULL, false,
	{{'C', "AUTH PLAIN " PLAIN "|"}, {'S', "334 |"}, {'C', PLAIN "|"},
	    {'S', "235 hi|"}},
	"in 0 "},
    {"and then once more", DEFAULT_ORDER, "PLAIN", NULL, false,
	{{'C', "AUTH PLAIN " PLAIN "|"}, {'S', "334 |"}, {'C', PLAIN "|"},
	    {'S', "334 |"}, {'C', "*|"}, {'S', "501 no|"}},
	"denied 501 no"},
    {"an initial response that is refused", DEFAULT_ORDER, "PLAIN LOGIN", NULL,
	false,
	{{'C', "AUTH PLAIN " PLAIN "|"}, {'S', "501 5.5.4 no|"},
	    {'C', "AUTH PLAIN|"}, {'S', "334 |"}, {'C', PLAIN "|"},
	    {'S', "235 hi|"}},
	"in 0 "},
    {"a line that is too long", DEFAULT_ORDER, "PLAIN", NULL, false,
	{{'C', "AUTH PLAIN " PLAIN "|"}, {'S', "500 5.5.2 line|"},
	    {'C', "AUTH PLAIN|"}},
	"talks 0 "},
    {"PLAIN that speaks as LOGIN does", DEFAULT_ORDER, "PLAIN", NULL, false,
	{{'C', "AUTH PLAIN " PLAIN "|"}, {'S', "334 VXNlcm5hbWU6|"},
	    {'C', "*|"}},
	"talks 0 "},
    {"without, and asked for the user's name", DEFAULT_ORDER, "PLAIN", NULL,
	false,
	{{'C', "AUTH PLAIN " PLAIN "|"}, {'S', "501 no|"}, {'C', "AUTH PLAIN|"},
	    {'S', "334 VXNlcm5hbWU6|"}, {'C', "*|"}},
	"talks 0 "},
    {"a wrong password costs two refusals", DEFAULT_ORDER,
	"PLAIN LOGIN CRAM-MD5", NULL, false,
	{{'C', "AUTH PLAIN " PLAIN "|"}, {'S', "535 5.7.8 one|"},
	    {'C', "AUTH LOGIN|"}, {'S', "334 VXNlcm5hbWU6|"},
	    {'C', B64_USER "|"}, {'S', "334 UGFzc3dvcmQ6|"},
	    {'C', B64_PASSWORD "|"}, {'S', "535 5.7.8 two|"}, {'C', ""}},
	"denied 535 two"},
    {"the refusal is told, not what is broken", DEFAULT_ORDER, "PLAIN LOGIN",
	NULL, false,
	{{'C', "AUTH PLAIN " PLAIN "|"}, {'S', "535 who?|"},
	    {'C', "AUTH LOGIN|"}, {'S', "502 no|"}, {'C', "AUTH PLAIN|"},
	    {'S', "504 no|"}},
	"denied 535 who?"},
    {"454 is no refusal", DEFAULT_ORDER, "PLAIN LOGIN", NULL, false,
	{{'C', "AUTH PLAIN " PLAIN "|"}, {'S', "454 4.7.0 wait|"}, {'C', ""}},
	"later 454 wait"},
    {"421", DEFAULT_ORDER, "LOGIN", NULL, false,
	{{'C', "AUTH LOGIN|"}, {'S', "334 UGFzc3dvcmQ6|"}, {'C', "*|"},
	    {'S', "421 bye|"}},
	"later 421 bye"},
    {"no SMTP", DEFAULT_ORDER, "LOGIN", NULL, false,
	{{'C', "AUTH LOGIN|"}, {'S', "+OK|"}, {'C', ""}},
	"later 0 the answer to AUTH is no SMTP"},
    {"a success that is none", DEFAULT_ORDER, "LOGIN", NULL, false,
	{{'C', "AUTH LOGIN|"}, {'S', "334 UGFzc3dvcmQ6|"}, {'C', "*|"},
	    {'S', "235 hi|"}},
	"denied 235 hi"},
    {"a challenge that is no base64", DEFAULT_ORDER, "CRAM-MD5", NULL, false,
	{{'C', "AUTH CRAM-MD5|"}, {'S', "334 <1.2@x>|"}, {'C', "*|"},
	    {'S', "501 no|"}},
	"denied 501 no"},
    {"a challenge of one byte", DEFAULT_ORDER, "CRAM-MD5", NULL, false,
	{{'C', "AUTH CRAM-MD5|"}, {'S', "334 YQ==|"},
	    {'C', "dGltIDMwNGM2ZDQ2MmUyYjIzNWMwYjkyYWExYjJkYTA1NTAx|"}},
	"talks 0 "},
    {"no challenge", DEFAULT_ORDER, "CRAM-MD5", NULL, false,
	{{'C', "AUTH CRAM-MD5|"}, {'S', "334|"}, {'C', "*|"}}, "talks 0 "},
    {"two challenges", DEFAULT_ORDER, "CRAM-MD5", NULL, false,
	{{'C', "AUTH CRAM-MD5|"}, {'S', "334 " CHALLENGE "|"}, {'C', CRAM "|"},
	    {'S', "334 " CHALLENGE "|"}, {'C', "*|"}},
	"talks 0 "},

    /* Replies that repeat what they must not. */
    {"the response in the reply", DEFAULT_ORDER, "PLAIN", NULL, false,
	{{'C', "AUTH PLAIN " PLAIN "|"}, {'S', "454 what is " PLAIN "?|"}},
	"later 454 what is ****************************?"},
    {"the password in the reply", DEFAULT_ORDER, "LOGIN", NULL, false,
	{{'C', "AUTH LOGIN|"}, {'S', "334 VXNlcm5hbWU6|"}, {'C', B64_USER "|"},
	    {'S', "334 UGFzc3dvcmQ6|"}, {'C', B64_PASSWORD "|"},
	    {'S', "535-" PASSWORD " or|535 " B64_PASSWORD "|"}, {'C', ""}},
	"denied 535 **************** or ************************"},
    {"the response to another mechanism in the reply", DEFAULT_ORDER,
	"PLAIN LOGIN", NULL, false,
	{{'C', "AUTH PLAIN " PLAIN "|"}, {'S', "504 no|"}, {'C', "AUTH LOGIN|"},
	    {'S', "454 once " PLAIN "|"}, {'C', ""}},
	"later 454 once ****************************"},
    {"CRAM-MD5's response in the reply", DEFAULT_ORDER, "CRAM-MD5", NULL, false,
	{{'C', "AUTH CRAM-MD5|"}, {'S', "334 " CHALLENGE "|"}, {'C', CRAM "|"},
	    {'S', "454 what is " CRAM "|"}},
	"later 454 what is "
	"************************************************"},
    {"the password in base64, where PLAIN was said", DEFAULT_ORDER, "PLAIN",
	NULL, false,
	{{'C', "AUTH PLAIN " PLAIN "|"}, {'S', "454 not " B64_PASSWORD "|"}},
	"later 454 not ************************"},
    {"a prompt before the token", DEFAULT_ORDER, "XOAUTH2", "ya29.tok", false,
	{{'C', "AUTH XOAUTH2 " XOAUTH2 "|"}, {'S', "501 no|"},
	    {'C', "AUTH XOAUTH2|"}, {'S', "334 eyJhIjoxfQ==|"},
	    {'C', XOAUTH2 "|"}, {'S', "235 hi|"}},
	"in 0 "},
    {"the token in the reply", DEFAULT_ORDER, "XOAUTH2", "ya29.tok", false,
	{{'C', "AUTH XOAUTH2 " XOAUTH2 "|"}, {'S', "454 not ya29.tok|"}},
	"later 454 not ********"},

    /* Tokens. */
    {"XOAUTH2", DEFAULT_ORDER, "PLAIN OAUTHBEARER XOAUTH2", "ya29.tok", false,
	{{'C', "AUTH XOAUTH2 " XOAUTH2 "|"}, {'S', "235 hi|"}}, "in 0 "},
    {"OAUTHBEARER, RFC 7628", DEFAULT_ORDER, "PLAIN OAUTHBEARER", "ya29.tok",
	false, {{'C', "AUTH OAUTHBEARER " BEARER "|"}, {'S', "235 hi|"}},
	"in 0 "},
    {"the provider's reason", DEFAULT_ORDER, "XOAUTH2", "ya29.tok", true,
	{{'C', "AUTH XOAUTH2 " XOAUTH2 "|"},
	    {'S', "334 eyJzdGF0dXMiOiI0MDAifQ==|"}, {'C', "|"},
	    {'S', "535 5.7.8 no|"}, {'C', ""}},
	"stale 535 no ({\"status\":\"400\"})"},
    {"the same of OAUTHBEARER", DEFAULT_ORDER, "OAUTHBEARER", "ya29.tok", true,
	{{'C', "AUTH OAUTHBEARER " BEARER "|"},
	    {'S', "334 eyJzdGF0dXMiOiI0MDAifQ==|"}, {'C', "AQ==|"},
	    {'S', "535 5.7.8 no|"}, {'C', ""}},
	"stale 535 no ({\"status\":\"400\"})"},
    {"a reason twice", DEFAULT_ORDER, "XOAUTH2", "ya29.tok", false,
	{{'C', "AUTH XOAUTH2 " XOAUTH2 "|"}, {'S', "334 eyJhIjoxfQ==|"},
	    {'C', "|"}, {'S', "334 eyJhIjoxfQ==|"}, {'C', "*|"}},
	"talks 0 "},
    {"a token that nobody renews, two mechanisms", DEFAULT_ORDER,
	"XOAUTH2 OAUTHBEARER", "ya29.tok", false,
	{{'C', "AUTH XOAUTH2 " XOAUTH2 "|"}, {'S', "535 one|"},
	    {'C', "AUTH OAUTHBEARER " BEARER "|"}, {'S', "535 two|"},
	    {'C', ""}},
	"denied 535 two"},
    {"an initial response with a token that is ignored", DEFAULT_ORDER,
	"XOAUTH2", "ya29.tok", false,
	{{'C', "AUTH XOAUTH2 " XOAUTH2 "|"}, {'S', "334|"}, {'C', XOAUTH2 "|"},
	    {'S', "334 eyJhIjoxfQ==|"}, {'C', "|"}, {'S', "535 no|"},
	    {'C', ""}},
	"denied 535 no ({\"a\":1})"},

    /* Nothing that fits. */
    {"no AUTH", DEFAULT_ORDER, "", NULL, false, {{'C', ""}},
	"denied 0 a login is set, but the relay offers none"},
    {"SCRAM only", DEFAULT_ORDER, "SCRAM-SHA-256", NULL, false, {{'C', ""}},
	"denied 0 the relay offers only SCRAM-SHA-256, which bm does not "
	"speak"},
    {"three unknown ones", DEFAULT_ORDER, "NTLM GSSAPI DIGEST-MD5", NULL, false,
	{{'C', ""}},
	"denied 0 the relay offers only NTLM, GSSAPI and DIGEST-MD5, which bm "
	"does not speak"},
    {"a name of one letter", DEFAULT_ORDER, "NTLM X", NULL, false, {{'C', ""}},
	"denied 0 the relay offers only NTLM and X, which bm does not speak"},
    {"a password, and they want a token", DEFAULT_ORDER, "XOAUTH2", NULL, false,
	{{'C', ""}},
	"denied 0 the relay offers only XOAUTH2, which takes a token "
	"(EMAIL_HOST_TOKEN), not a password"},
    {"a token, and they want a password", DEFAULT_ORDER, "PLAIN", "ya29.tok",
	false, {{'C', ""}},
	"denied 0 the relay offers only PLAIN, which takes no token "
	"(EMAIL_HOST_TOKEN)"},
    {"left out", "CRAM-MD5", "PLAIN LOGIN", NULL, false, {{'C', ""}},
	"denied 0 the relay offers only PLAIN and LOGIN, of which "
	"AUTH_MECHANISMS allows none"},
};

static const char *const state_names[] = {
    "talks", "in", "later", "stale", "denied"};

static struct login_account
account_of(const char *password, const char *token)
{
	return (struct login_account){.user = USER,
	    .password = token == NULL ? password : NULL,
	    .token = token,
	    .host = "mx.example",
	    .port = 587};
}

/* Take all output, in two pieces. */
static void
take_output(struct login *l, struct buf *b)
{
	struct str s = login_output(l);

	buf_addstr(b, (struct str){s.p, s.n / 2});
	login_sent(l, s.n / 2);
	s = login_output(l);
	if (s.n > 0)
		buf_addstr(b, s);
	login_sent(l, s.n);
}

static void
hear(struct login *l, struct str s, size_t step)
{
	while (s.n > 0) {
		size_t n = step < s.n ? step : s.n;

		login_input(l, (struct str){s.p, n});
		s = (struct str){s.p + n, s.n - n};
	}
}

static void
play_script(const struct script *script)
{
	struct login_account account = account_of(PASSWORD, script->token);
	struct login_memory memory = {0};
	struct login_order order;
	struct login l;
	struct buf b = {0}, out = {0};
	struct fail f;

	ok(login_order_parse(&order, script->order, &f) == 0, "an order");
	login_begin(
	    &l, &account, &order, &memory, script->auth, script->renewable);
	for (size_t i = 0; script->lines[i].who != 0; i++) {
		struct str s = crlf(&b, script->lines[i].text);

		if (script->lines[i].who != 'C') {
			hear(&l, s, script->lines[i].who == 'B' ? 1 : s.n);
			continue;
		}
		buf_reset(&out);
		take_output(&l, &out);
		same(buf_str(&out), buf_cstr(&b), script->name);
	}
	buf_reset(&b);
	buf_printf(
	    &b, "%s %d %s", state_names[l.state], l.reply.code, l.reply.text);
	same(buf_str(&b), script->seen, script->name);
	login_free(&l);
	buf_free(&b);
	buf_free(&out);
}

/* --- the matrix --- */

enum conduct {
	ABSENT,
	WORKS,
	IGNORES_INITIAL,
	REFUSES_INITIAL, /* 501 */
	DENIES_INITIAL,  /* 535, PLAIN only */
	RAW_PROMPTS,
	UNKNOWN, /* 504 */
	MOODY,   /* 553 */
	DEAD,    /* 535 for everybody */
	ASKS_USER,
	LATER, /* 454 */
	CONDUCTS,
};

struct server {
	enum conduct conducts[3];
	bool right;  /* the client's password is */
	int running; /* the mechanism, or -1 */
	int asked;   /* prompts of it */
	bool expects_password;
	int refusals, errors;
	bool leaked;
};

static int
decode(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = strchr(digits, c);

	return c == '\0' || at == NULL ? -1 : (int)(at - digits);
}

/* True if a word of the line is the password, or decodes to what has it. */
static bool
has_password(const char *line)
{
	char plain[400] = "";
	size_t n = 0;
	unsigned bits = 0;
	int have = 0;

	if (strstr(line, "tansta") != NULL || strstr(line, "other!") != NULL)
		return true;
	line = strrchr(line, ' ') != NULL ? strrchr(line, ' ') + 1 : line;
	for (; *line != '\0' && n < sizeof(plain) - 1; line++) {
		int d = decode(*line);

		if (d < 0)
			break;
		bits = bits << 6 | (unsigned)d;
		have += 6;
		if (have >= 8) {
			have -= 8;
			plain[n] = (char)(bits >> have & 255);
			n += plain[n] != '\0';
		}
	}
	plain[n] = '\0';
	return strstr(plain, "tansta") != NULL ||
	       strstr(plain, "other!") != NULL;
}

static const char *
finish(struct server *s, int code)
{
	s->running = -1;
	s->expects_password = false;
	s->errors += code != 235;
	s->refusals += code == 535;
	return code == 235   ? "235 hi\r\n"
	       : code == 535 ? "535 5.7.8 no\r\n"
	       : code == 504 ? "504 5.5.4 what\r\n"
	       : code == 553 ? "553 odd\r\n"
	       : code == 454 ? "454 4.7.0 wait\r\n"
			     : "501 5.5.2 no\r\n";
}

static const char *
prompt(struct server *s, const char *text, bool password)
{
	s->asked++;
	s->expects_password = password;
	return text;
}

static const char *
answer_auth(struct server *s, const char *line)
{
	static const char *const names[] = {
	    "AUTH PLAIN", "AUTH LOGIN", "AUTH CRAM-MD5"};
	enum conduct c;
	bool initial;
	int m = 0;

	while (m < 3 && strncmp(line, names[m], strlen(names[m])) != 0)
		m++;
	if (m == 3)
		return finish(s, 501);
	c = s->conducts[m];
	initial = line[strlen(names[m])] == ' ';
	s->running = m;
	s->asked = 0;
	if (initial && (m != 0 || !has_password(line)))
		s->leaked = true;
	switch (c) {
	case UNKNOWN:
		return finish(s, 504);
	case MOODY:
		return finish(s, 553);
	case LATER:
		return finish(s, 454);
	case ASKS_USER:
		return prompt(s, "334 VXNlcm5hbWU6\r\n", false);
	case REFUSES_INITIAL:
		if (initial)
			return finish(s, 501);
		break;
	case DENIES_INITIAL:
		if (initial)
			return finish(s, 535);
		break;
	case DEAD:
		if (initial)
			return finish(s, 535);
		break;
	case WORKS:
	case RAW_PROMPTS:
		if (initial)
			return finish(s, s->right ? 235 : 535);
		break;
	default:
		break;
	}
	if (m == 2)
		return prompt(s, "334 " CHALLENGE "\r\n", false);
	if (m == 1)
		return prompt(s,
		    c == RAW_PROMPTS ? "334 Username:\r\n"
				     : "334 VXNlcm5hbWU6\r\n",
		    false);
	return prompt(s, "334 \r\n", true);
}

static const char *
answer_line(struct server *s, const char *line)
{
	enum conduct c;

	if (s->running < 0)
		return answer_auth(s, line);
	if (has_password(line) && !s->expects_password)
		s->leaked = true;
	c = s->conducts[s->running];
	if (strcmp(line, "*") == 0)
		return finish(s, 501);
	if (c == ASKS_USER && s->asked < 5)
		return prompt(s, "334 VXNlcm5hbWU6\r\n", false);
	if (c == DEAD || c == ASKS_USER)
		return s->running == 1 && s->asked == 1
			   ? prompt(s, "334 UGFzc3dvcmQ6\r\n", true)
			   : finish(s, 535);
	if (s->running == 1 && s->asked == 1)
		return prompt(s,
		    c == RAW_PROMPTS ? "334 Password:\r\n"
				     : "334 UGFzc3dvcmQ6\r\n",
		    true);
	if (s->running == 2)
		return finish(s, strcmp(line, CRAM) == 0 ? 235 : 535);
	return finish(s, s->right ? 235 : 535);
}

/* Whether a login succeeds, by walking down the list with a pencil. */
static enum login_state
expect_state(const struct server *s)
{
	int refusals = 0;

	for (int m = 0; m < 3; m++) {
		switch (s->conducts[m]) {
		case ABSENT:
		case UNKNOWN:
		case MOODY:
		case ASKS_USER:
			continue;
		case LATER:
			return LOGIN_LATER;
		case DEAD:
			refusals++;
			break;
		case DENIES_INITIAL:
			if (m > 0 && s->right)
				return LOGIN_IN;
			refusals++;
			break;
		default:
			if (s->right)
				return LOGIN_IN;
			refusals++;
		}
		if (refusals == 2)
			return LOGIN_DENIED;
	}
	return s->conducts[0] == DENIES_INITIAL && s->right ? LOGIN_IN
							    : LOGIN_DENIED;
}

/* Play a whole login; the number of lines that the client sends is bounded. */
static void
log_in(struct server *s, struct login *l, struct login_account *account,
    struct login_order *order, struct login_memory *memory)
{
	static const char *const names[] = {"PLAIN", "LOGIN", "CRAM-MD5"};
	struct buf auth = {0}, line = {0};

	for (int m = 2; m >= 0; m--) {
		if (s->conducts[m] != ABSENT)
			buf_printf(
			    &auth, auth.len > 0 ? " %s" : "%s", names[m]);
	}
	s->running = -1;
	login_begin(l, account, order, memory, buf_cstr(&auth), false);
	for (int i = 0; i < 30 && l->state == LOGIN_TALKS; i++) {
		buf_reset(&line);
		take_output(l, &line);
		if (line.len < 2 || line.p[line.len - 2] != '\r')
			break;
		line.len -= 2;
		login_input(l, str_of(answer_line(s, buf_cstr(&line))));
	}
	buf_free(&auth);
	buf_free(&line);
}

static bool
play_matrix(int a, int b, int c, bool right)
{
	struct server s = {.right = right,
	    .conducts = {(enum conduct)a, (enum conduct)b, (enum conduct)c}};
	struct login_account account =
	    account_of(right ? PASSWORD : "other!other!", NULL);
	struct login_memory memory = {0};
	struct login_order order;
	struct login l;
	struct fail f;
	bool good;

	(void)login_order_parse(&order, DEFAULT_ORDER, &f);
	log_in(&s, &l, &account, &order, &memory);
	good = l.state == expect_state(&s) && !s.leaked && s.refusals <= 2;
	good = good && (l.state != LOGIN_DENIED || l.reply.code != 535 ||
			   s.refusals > 0);
	login_free(&l);
	if (!good || expect_state(&s) != LOGIN_IN)
		return good;
	/* The mechanism that worked is remembered: the next login has no error.
	 */
	s.errors = 0;
	log_in(&s, &l, &account, &order, &memory);
	good = l.state == LOGIN_IN && s.errors == 0 && !s.leaked;
	login_free(&l);
	return good;
}

static void
test_matrix(void)
{
	int bad = 0, all = 0;

	for (int i = 0; i < CONDUCTS * CONDUCTS * CONDUCTS * 2; i++) {
		int a = i / 2 % CONDUCTS, b = i / 2 / CONDUCTS % CONDUCTS;
		int c = i / 2 / CONDUCTS / CONDUCTS;

		all++;
		if (play_matrix(a, b, c, i % 2 == 1))
			continue;
		if (bad++ < 10)
			printf("# PLAIN %d, LOGIN %d, CRAM-MD5 %d, %s\n", a, b,
			    c, i % 2 == 1 ? "right" : "wrong");
	}
	ok(bad == 0, "%d of %d mixtures differ", bad, all);
}

/* --- what one run remembers --- */

static struct login_order all_mechanisms;

static void
begin(struct login *l, const struct login_account *a, struct login_memory *m,
    const char *auth, bool renewable)
{
	login_begin(l, a, &all_mechanisms, m, auth, renewable);
}

static void
is_said(struct login *l, const char *want, const char *name)
{
	struct buf out = {0}, b = {0};

	take_output(l, &out);
	(void)crlf(&b, want);
	same(buf_str(&out), buf_cstr(&b), name);
	buf_free(&out);
	buf_free(&b);
}

/* A connection that is lost behind a refusal: the next one goes on. */
static void
test_lost(void)
{
	struct login_account account = account_of(PASSWORD, NULL);
	struct login_memory memory = {0};
	struct login l;

	begin(&l, &account, &memory, "PLAIN LOGIN", false);
	login_input(&l, STR("535 no\r\n"));
	login_free(&l);
	begin(&l, &account, &memory, "PLAIN LOGIN", false);
	is_said(&l, "AUTH LOGIN|", "the next one, over the next connection");
	login_input(&l, STR("334\r\n"));
	login_input(&l, STR("334\r\n"));
	login_input(&l, STR("535 no\r\n"));
	ok(l.state == LOGIN_DENIED && memory.refusals == 2,
	    "two refusals over two connections");
	login_free(&l);
}

/* A server that does not end a mechanism is not asked for it again. */
static void
test_endless(void)
{
	struct login_account account = account_of(PASSWORD, NULL);
	struct login_memory memory = {0};
	struct login_order order;
	struct login l;
	struct fail f;

	(void)login_order_parse(&order, "LOGIN PLAIN", &f);
	login_begin(&l, &account, &order, &memory, "LOGIN PLAIN", false);
	login_input(&l, STR("334 UGFzc3dvcmQ6\r\n334 UGFzc3dvcmQ6\r\n"));
	ok(l.state == LOGIN_LATER, "it goes on after the asterisk");
	login_free(&l);
	login_begin(&l, &account, &order, &memory, "LOGIN PLAIN", false);
	is_said(&l, "AUTH PLAIN " PLAIN "|", "the next one in the next login");
	login_free(&l);
}

/* Without its initial response a mechanism is fit for the next login, too. */
static void
test_bare(void)
{
	struct login_account account = account_of(PASSWORD, NULL);
	struct login_memory memory = {0};
	struct login l;

	begin(&l, &account, &memory, "PLAIN", false);
	login_input(&l, STR("504 no\r\n"));
	is_said(&l, "AUTH PLAIN|", "the second try");
	login_input(&l, STR("454 wait\r\n"));
	login_free(&l);
	begin(&l, &account, &memory, "PLAIN", false);
	is_said(&l, "AUTH PLAIN|", "and after a while");
	login_free(&l);
}

/* What worked goes before the order of the setting. */
static void
test_proved(void)
{
	struct login_account account = account_of(PASSWORD, NULL);
	struct login_memory memory = {0};
	struct login l;

	begin(&l, &account, &memory, "LOGIN", false);
	login_input(&l, STR("235 hi\r\n"));
	login_free(&l);
	begin(&l, &account, &memory, "PLAIN LOGIN", false);
	is_said(&l, "AUTH LOGIN|", "a mechanism that worked is the first");
	login_free(&l);
}

/* A login that has ended says nothing more. */
static void
test_ended(void)
{
	struct login_account account = account_of(PASSWORD, NULL);
	struct login_memory memory = {0};
	struct login l;

	begin(&l, &account, &memory, "PLAIN", false);
	login_input(&l, STR("421 bye\r\n"));
	ok(l.state == LOGIN_LATER && login_output(&l).n == 0,
	    "nothing is sent behind the end");
	login_free(&l);
}

static void
test_tokens(void)
{
	struct login_account account = account_of(NULL, "ya29.tok");
	struct login_memory memory = {0};
	struct login l, other;

	begin(&l, &account, &memory, "XOAUTH2", true);
	login_input(&l, STR("235 hi\r\n"));
	login_free(&l);
	/* Two connections with the same token, which has run out. */
	begin(&l, &account, &memory, "XOAUTH2", true);
	begin(&other, &account, &memory, "XOAUTH2", true);
	login_input(&l, STR("535 old\r\n"));
	ok(l.state == LOGIN_STALE && memory.is_stale, "a fresh token is due");
	login_input(&other, STR("535 old\r\n"));
	ok(other.state == LOGIN_STALE && memory.refusals == 1,
	    "one token, one refusal");
	login_free(&l);
	login_free(&other);
	memory.is_stale = false;
	begin(&l, &account, &memory, "XOAUTH2", true);
	is_said(&l, "AUTH XOAUTH2 " XOAUTH2 "|", "the same way once more");
	login_input(&l, STR("535 still\r\n"));
	ok(l.state == LOGIN_DENIED, "a fresh token that is refused is the end");
	login_free(&l);
	memory = (struct login_memory){0};
	begin(&l, &account, &memory, "XOAUTH2", true);
	login_input(&l, STR("535 what\r\n"));
	login_free(&l);
	begin(&l, &account, &memory, "XOAUTH2", true);
	is_said(&l, "AUTH XOAUTH2 " XOAUTH2 "|",
	    "the only mechanism is said the same way with the fresh token");
	login_free(&l);
	memory = (struct login_memory){0};
	begin(&l, &account, &memory, "XOAUTH2 OAUTHBEARER", true);
	login_input(&l, STR("535 what\r\n"));
	ok(l.state == LOGIN_STALE, "the first token of the run");
	login_free(&l);
	begin(&l, &account, &memory, "XOAUTH2 OAUTHBEARER", true);
	is_said(&l, "AUTH OAUTHBEARER " BEARER "|",
	    "a mechanism that never worked gives way");
	login_input(&l, STR("235 hi\r\n"));
	ok(l.state == LOGIN_IN && memory.refusals == 0, "a success forgets");
	login_free(&l);
}

static void
test_orders(void)
{
	static const struct {
		const char *list, *want; /* a part of the failure, or names */
	} cases[] = {
	    {"PLAIN", "PLAIN "},
	    {"login,plain", "LOGIN PLAIN "},
	    {" xoauth2 ,\tOAuthBearer,", "XOAUTH2 OAUTHBEARER "},
	    {"", "no mechanism is named"},
	    {" , ", "no mechanism is named"},
	    {"PLAIN PLAIN", "twice"},
	    {"SCRAM-SHA-1", "does not speak SCRAM-SHA-1"},
	    {"PLAINS", "does not speak PLAINS"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct login_order order;
		struct buf b = {0};
		struct fail f = {0};

		if (login_order_parse(&order, cases[i].list, &f) < 0)
			buf_adds(&b, f.text);
		else
			for (size_t k = 0; k < order.count; k++)
				buf_printf(&b, "%s ",
				    login_mechanism_name(order.list[k]));
		ok(strstr(buf_cstr(&b), cases[i].want) != NULL, "%s",
		    cases[i].want);
		buf_free(&b);
	}
}

/* Names that would end a field of OAUTHBEARER's header. */
static void
test_saslname(void)
{
	struct login_account account = {
	    .user = "a,b=c", .token = "t", .host = "h", .port = 1};
	struct buf b = {0};

	login_mechanism_respond(LOGIN_MECHANISM_OAUTHBEARER, &account, &b);
	same(buf_str(&b),
	    "n,a=a=2Cb=3Dc,\001host=h\001port=1\001auth=Bearer t\001\001",
	    "a comma and an equals sign");
	buf_free(&b);
}

int
main(void)
{
	struct fail f;

	(void)login_order_parse(&all_mechanisms, DEFAULT_ORDER, &f);
	for (size_t i = 0; i < sizeof(scripts) / sizeof(*scripts); i++)
		play_script(&scripts[i]);
	test_matrix();
	test_lost();
	test_endless();
	test_bare();
	test_proved();
	test_ended();
	test_tokens();
	test_orders();
	test_saslname();
	return unit_end();
}
