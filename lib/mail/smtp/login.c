#include "mail/smtp/login.h"

#include <stdio.h>
#include <string.h>

#include "mail/smtp/login_prompt.h"
#include "mail/smtp/login_reply.h"
#include "mail/smtp/login_say.h"

#define REFUSALS 2 /* 535 that end the login, before an account is locked */

static bool
is_fit(const struct login *l, enum login_mechanism m)
{
	return login_state_is_usable(l, m) && !l->memory->unfit[m];
}

/*
 * What worked before, then the first in order; in the end one that the server
 * refused along with its initial response is tried without.
 */
static enum login_mechanism
choose_mechanism(const struct login *l)
{
	struct login_memory *memory = l->memory;
	size_t i;

	if (memory->is_proved && is_fit(l, memory->proved))
		return memory->proved;
	for (i = 0; i < l->order->count; i++) {
		if (is_fit(l, l->order->list[i]))
			return l->order->list[i];
	}
	for (i = 0; i < l->order->count; i++) {
		enum login_mechanism m = l->order->list[i];

		if (!login_state_is_usable(l, m) ||
		    !login_mechanism_is_client_first(m) || memory->bare[m])
			continue;
		memory->bare[m] = true;
		memory->unfit[m] = false;
		return m;
	}
	return LOGIN_MECHANISMS;
}

static void
end_login(struct login *l, enum login_state state, const struct reply *reply)
{
	l->state = state;
	l->reply = *reply;
	login_reply_explain(l, &l->reply);
	login_reply_mask(l, &l->reply);
}

static void
end_with_text(struct login *l, enum login_state state, const char *text)
{
	struct reply reply = {0};

	snprintf(reply.text, sizeof(reply.text), "%s", text);
	end_login(l, state, &reply);
}

static void
try_next(struct login *l, const struct reply *reply)
{
	l->mechanism = choose_mechanism(l);
	if (l->mechanism != LOGIN_MECHANISMS)
		login_say_auth(l);
	else
		end_login(l, LOGIN_DENIED,
		    l->refused.code != 0 ? &l->refused : reply);
}

static bool
has_other(const struct login *l)
{
	for (int m = 0; m < LOGIN_MECHANISMS; m++) {
		if (m != (int)l->mechanism &&
		    is_fit(l, (enum login_mechanism)m))
			return true;
	}
	return false;
}

/* 535: no other reply says that it is the password or token that is wrong. */
static void
hear_refusal(struct login *l, const struct reply *reply)
{
	struct login_memory *memory = l->memory;
	bool current = l->tokens == memory->tokens;

	if (l->account->token != NULL && l->renewable &&
	    (!current || memory->refusals == 0)) {
		memory->unfit[l->mechanism] =
		    !memory->is_proved && has_other(l);
		if (current) {
			memory->refusals++;
			memory->tokens++;
			memory->is_stale = true;
		}
		end_login(l, LOGIN_STALE, reply);
		return;
	}
	memory->unfit[l->mechanism] = true;
	l->refused = *reply;
	login_reply_explain(l, &l->refused);
	buf_reset(&l->reason);
	if (++memory->refusals >= REFUSALS)
		end_login(l, LOGIN_DENIED, &l->refused);
	else
		try_next(l, reply);
}

static void
hear_failure(struct login *l, const struct reply *reply)
{
	struct login_memory *memory = l->memory;

	if (!l->cancelled && reply->code == 535) {
		hear_refusal(l, reply);
		return;
	}
	if (!l->cancelled && l->step == 1 && !memory->bare[l->mechanism] &&
	    login_mechanism_is_client_first(l->mechanism) &&
	    (reply->code == 500 || reply->code == 501))
		memory->bare[l->mechanism] = true;
	else
		memory->unfit[l->mechanism] = true;
	try_next(l, reply);
}

static void
hear_reply(struct login *l, const struct reply *reply)
{
	if (reply->code == 334 && !l->cancelled) {
		login_say_answer(l, reply);
	} else if (reply->code == 334) {
		l->memory->unfit[l->mechanism] = true;
		end_with_text(l, LOGIN_LATER, "the relay does not end a login");
	} else if (reply->code == 235 && !l->cancelled) {
		l->memory->is_proved = true;
		l->memory->proved = l->mechanism;
		l->memory->unfit[l->mechanism] = false;
		l->memory->refusals = 0;
		l->state = LOGIN_IN;
	} else if (reply->code == 421 ||
		   (reply->code / 100 == 4 && !l->cancelled)) {
		end_login(l, LOGIN_LATER, reply);
	} else {
		hear_failure(l, reply);
	}
}

/* A mechanism that AUTH_MECHANISMS leaves out counts as not offered. */
static void
note_offer(struct login *l, enum login_mechanism m)
{
	for (size_t i = 0; i < l->order->count; i++) {
		if (l->order->list[i] == m)
			l->offered[m] = true;
	}
}

void
login_begin(struct login *l, const struct login_account *account,
    const struct login_order *order, struct login_memory *memory,
    const char *auth, bool renewable)
{
	struct str words = str_of(auth);
	char text[REPLY_TEXT];

	*l = (struct login){.account = account,
	    .order = order,
	    .memory = memory,
	    .renewable = renewable,
	    .tokens = memory->tokens};
	while (words.n > 0)
		note_offer(l, login_mechanism_find(str_take(&words, STR(" "))));
	l->mechanism = choose_mechanism(l);
	if (l->mechanism != LOGIN_MECHANISMS) {
		login_say_auth(l);
		return;
	}
	login_prompt_misfit(text, sizeof(text), auth, account->token != NULL);
	end_with_text(l, LOGIN_DENIED, text);
}

struct str
login_output(const struct login *l)
{
	if (l->state != LOGIN_TALKS || l->out_sent == l->out.len)
		return (struct str){0};
	return (struct str){l->out.p + l->out_sent, l->out.len - l->out_sent};
}

void
login_sent(struct login *l, size_t n)
{
	l->out_sent += n;
}

void
login_input(struct login *l, struct str in)
{
	enum reply_result result;

	while (l->state == LOGIN_TALKS && in.n > 0) {
		result = reply_read(&l->reader, &in);
		if (result == REPLY_WHOLE)
			hear_reply(l, &l->reader.reply);
		else if (result == REPLY_GARBAGE)
			end_with_text(
			    l, LOGIN_LATER, "the answer to AUTH is no SMTP");
	}
}

void
login_free(struct login *l)
{
	buf_wipe(&l->out);
	buf_wipe(&l->secret);
	buf_free(&l->out);
	buf_free(&l->secret);
	buf_free(&l->prompt);
	buf_free(&l->reason);
	reply_free(&l->reader);
}
