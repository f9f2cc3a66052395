#include "mail/smtp/login_reply.h"

#include <string.h>

#include "base/crypto.h"
#include "base/harmless.h"
#include "base/utf8.h"

#define SECRET_MIN 6 /* bytes; a shorter one may be an ordinary word */

static void
mask_secret(struct reply *reply, struct str secret)
{
	char *p, *text = reply->text;

	if (secret.n < SECRET_MIN)
		return;
	while ((p = memmem(text, strlen(text), secret.p, secret.n)) != NULL)
		memset(p, '*', secret.n);
}

/* In whatever form an earlier command of this login had the secret. */
void
login_reply_mask(const struct login *l, struct reply *reply)
{
	struct str secret =
	    str_of(l->account->token != NULL ? l->account->token
					     : l->account->password);
	struct buf plain = {0}, encoded = {0};

	mask_secret(reply, buf_str(&l->secret));
	mask_secret(reply, secret);
	buf_reserve(&plain, l->secret.cap);
	buf_reserve(&encoded, 2 * l->secret.cap);
	crypto_base64(&encoded, secret.p, secret.n);
	mask_secret(reply, buf_str(&encoded));
	for (int m = 0; m < LOGIN_MECHANISMS; m++) {
		if (!login_state_is_usable(l, (enum login_mechanism)m) ||
		    !login_mechanism_is_client_first((enum login_mechanism)m))
			continue;
		buf_wipe(&plain);
		buf_wipe(&encoded);
		login_mechanism_respond(
		    (enum login_mechanism)m, l->account, &plain);
		crypto_base64(&encoded, plain.p, plain.len);
		mask_secret(reply, buf_str(&encoded));
	}
	buf_wipe(&plain);
	buf_wipe(&encoded);
	buf_free(&plain);
	buf_free(&encoded);
}

void
login_reply_explain(const struct login *l, struct reply *reply)
{
	struct buf text = {0};
	size_t n;

	if (l->reason.len == 0)
		return;
	buf_adds(&text, reply->text);
	buf_adds(&text, text.len > 0 ? " (" : "(");
	buf_addstr(&text, buf_str(&l->reason));
	buf_addc(&text, ')');
	text.len = harmless_text(text.p, text.len);
	n = utf8_cut(buf_str(&text), REPLY_TEXT);
	memcpy(reply->text, text.p, n);
	reply->text[n] = '\0';
	buf_free(&text);
}
