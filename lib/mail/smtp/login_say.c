#include "mail/smtp/login_say.h"

#include <string.h>

#include "base/crypto.h"
#include "mail/smtp/login_prompt.h"

/* No copy of the secret stays behind in memory that a buffer gave back. */
static void
reserve_room(struct login *l)
{
	const struct login_account *a = l->account;
	size_t n = 3 * strlen(a->user) + strlen(a->host) + 100;

	n += strlen(a->token != NULL ? a->token : a->password);
	buf_wipe(&l->secret);
	buf_wipe(&l->out);
	buf_reserve(&l->secret, n * 2);
	buf_reserve(&l->out, n * 2);
	l->out_sent = 0;
}

static void
say_text(struct login *l, const char *text)
{
	buf_wipe(&l->out);
	buf_adds(&l->out, text);
	buf_adds(&l->out, "\r\n");
	l->out_sent = 0;
}

/* Append the response, encoded, and keep it to be masked. */
static void
add_response(struct login *l, struct str response)
{
	buf_wipe(&l->secret);
	crypto_base64(&l->secret, response.p, response.n);
	buf_addstr(&l->out, buf_str(&l->secret));
	l->step++;
}

static void
add_client_response(struct login *l)
{
	struct buf response = {0};

	buf_reserve(&response, l->secret.cap);
	login_mechanism_respond(l->mechanism, l->account, &response);
	add_response(l, buf_str(&response));
	buf_wipe(&response);
	buf_free(&response);
}

void
login_say_auth(struct login *l)
{
	reserve_room(l);
	buf_reset(&l->prompt);
	buf_reset(&l->reason);
	l->step = 0;
	l->cancelled = false;
	buf_adds(&l->out, "AUTH ");
	buf_adds(&l->out, login_mechanism_name(l->mechanism));
	if (login_mechanism_is_client_first(l->mechanism) &&
	    !l->memory->bare[l->mechanism]) {
		buf_addc(&l->out, ' ');
		add_client_response(l);
	}
	buf_adds(&l->out, "\r\n");
}

static void
say_response(struct login *l, struct str response)
{
	reserve_room(l);
	add_response(l, response);
	buf_adds(&l->out, "\r\n");
}

static void
say_client_response(struct login *l)
{
	reserve_room(l);
	add_client_response(l);
	buf_adds(&l->out, "\r\n");
}

static void
cancel_mechanism(struct login *l)
{
	say_text(l, "*");
	l->cancelled = true;
}

static void
answer_login(struct login *l, enum login_prompt asked, bool again)
{
	if (l->step == 0 && asked != LOGIN_PROMPT_PASSWORD)
		say_response(l, str_of(l->account->user));
	else if (l->step == 1 && asked != LOGIN_PROMPT_USER && !again)
		say_response(l, str_of(l->account->password));
	else
		cancel_mechanism(l);
}

static void
answer_cram(struct login *l, const struct reply *reply)
{
	struct buf challenge = {0}, response = {0};
	struct fail f;

	login_prompt_decode(str_of(reply->text), &challenge);
	if (l->step == 0 && challenge.len > 0 &&
	    login_mechanism_respond_cram(
		l->account, buf_str(&challenge), &response, &f) == 0)
		say_response(l, buf_str(&response));
	else
		cancel_mechanism(l);
	buf_free(&challenge);
	buf_free(&response);
}

/*
 * An initial response that the server has ignored is sent once more. Of a
 * token that it refuses it says why, and waits for an empty response.
 */
static void
answer_client_first(
    struct login *l, enum login_prompt asked, const struct reply *reply)
{
	bool *bare = &l->memory->bare[l->mechanism];
	bool ignored = l->step == 1 && !*bare, first = l->step == 0 || ignored;
	bool token = login_mechanism_takes_token(l->mechanism);

	if (token && l->step > 0 && reply->text[0] != '\0' &&
	    l->reason.len == 0) {
		login_prompt_reason(str_of(reply->text), &l->reason);
		say_text(
		    l, l->mechanism == LOGIN_MECHANISM_XOAUTH2 ? "" : "AQ==");
		return;
	}
	if (!first || asked != LOGIN_PROMPT_OTHER || l->reason.len > 0) {
		cancel_mechanism(l);
		return;
	}
	if (ignored) {
		*bare = true;
		l->step = 0;
	}
	say_client_response(l);
}

void
login_say_answer(struct login *l, const struct reply *reply)
{
	enum login_prompt asked = login_prompt_kind(str_of(reply->text));
	struct str text = str_of(reply->text);
	bool again = text.n > 0 && str_eq(text, buf_str(&l->prompt));

	if (l->mechanism == LOGIN_MECHANISM_LOGIN)
		answer_login(l, asked, again);
	else if (l->mechanism == LOGIN_MECHANISM_CRAM_MD5)
		answer_cram(l, reply);
	else
		answer_client_first(l, asked, reply);
	buf_reset(&l->prompt);
	buf_addstr(&l->prompt, text);
}
