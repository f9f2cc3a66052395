#include "mail/smtp/login_prompt.h"

#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "base/utf8.h"
#include "mail/smtp/login_mechanism.h"

void
login_prompt_decode(struct str text, struct buf *b)
{
	struct str word = str_take(&text, STR(" "));
	struct fail f;

	if (word.n > 0)
		(void)crypto_unbase64(b, word, &f);
}

static bool
is_printable(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return false;
	}
	return s.n > 0 && utf8_valid(s.p, s.n) == s.n;
}

/* The decoded text if there is one to read, else the text itself. */
static void
read_text(struct str text, struct buf *b)
{
	login_prompt_decode(text, b);
	if (is_printable(buf_str(b)))
		return;
	buf_reset(b);
	buf_addstr(b, text);
}

static enum login_prompt
judge_words(const char *s)
{
	static const char *const user_words[] = {
	    "user", "login", "name", "mail", "account"};
	enum login_prompt kind = LOGIN_PROMPT_OTHER;

	for (size_t i = 0; i < sizeof(user_words) / sizeof(*user_words); i++) {
		if (strcasestr(s, user_words[i]) != NULL)
			kind = LOGIN_PROMPT_USER;
	}
	if (strcasestr(s, "pass") != NULL)
		kind = LOGIN_PROMPT_PASSWORD;
	return kind;
}

/* "Your" is base64, too, of bytes that say nothing. */
enum login_prompt
login_prompt_kind(struct str text)
{
	enum login_prompt kind;
	struct buf b = {0};

	read_text(text, &b);
	kind = judge_words(buf_cstr(&b));
	if (kind == LOGIN_PROMPT_OTHER) {
		buf_reset(&b);
		buf_addstr(&b, text);
		kind = judge_words(buf_cstr(&b));
	}
	buf_free(&b);
	return kind;
}

void
login_prompt_reason(struct str text, struct buf *b)
{
	struct buf reason = {0};

	read_text(text, &reason);
	buf_addstr(b, buf_str(&reason));
	buf_free(&reason);
}

static void
join_names(struct buf *b, const char *auth)
{
	struct str rest = str_of(auth), name;
	bool first = true;

	while (rest.n > 0) {
		name = str_take(&rest, STR(" "));
		if (!first)
			buf_adds(b, rest.n > 0 ? ", " : " and ");
		buf_addstr(b, name);
		first = false;
	}
}

void
login_prompt_misfit(char *text, size_t size, const char *auth, bool has_token)
{
	struct str rest = str_of(auth);
	bool known = false, useful = false;
	const char *why = "which bm does not speak";
	struct buf names = {0};

	while (rest.n > 0) {
		enum login_mechanism m =
		    login_mechanism_find(str_take(&rest, STR(" ")));

		if (m == LOGIN_MECHANISMS)
			continue;
		known = true;
		useful = useful || login_mechanism_takes_token(m) == has_token;
	}
	if (useful)
		why = "of which AUTH_MECHANISMS allows none";
	else if (known)
		why = has_token
			  ? "which takes no token (EMAIL_HOST_TOKEN)"
			  : "which takes a token (EMAIL_HOST_TOKEN), not a "
			    "password";
	join_names(&names, auth);
	if (names.len == 0)
		snprintf(
		    text, size, "a login is set, but the relay offers none");
	else
		snprintf(text, size, "the relay offers only %s, %s",
		    buf_cstr(&names), why);
	buf_free(&names);
}
