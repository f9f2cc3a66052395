/*
 * The mechanisms of AUTH (RFC 4954) that bm speaks: their names, and
 * what the client says in each.
 */
#ifndef MAIL_SMTP_LOGIN_MECHANISM_H
#define MAIL_SMTP_LOGIN_MECHANISM_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fail.h"

enum login_mechanism {
	LOGIN_MECHANISM_PLAIN,       /* RFC 4616 */
	LOGIN_MECHANISM_LOGIN,       /* draft-murchison-sasl-login */
	LOGIN_MECHANISM_CRAM_MD5,    /* RFC 2195 */
	LOGIN_MECHANISM_XOAUTH2,     /* Google's */
	LOGIN_MECHANISM_OAUTHBEARER, /* RFC 7628 */
	LOGIN_MECHANISMS,            /* their number; as a value: none */
};

/* The account that logs in; the strings are borrowed. */
struct login_account {
	const char *user;
	const char *password; /* NULL if there is a token */
	const char *token;    /* OAuth 2.0, or NULL */
	const char *host;     /* the relay, which OAUTHBEARER names */
	int port;
};

const char *login_mechanism_name(enum login_mechanism);

/* LOGIN_MECHANISMS if bm does not speak it; names have no case. */
enum login_mechanism login_mechanism_find(struct str name);

/* True if the mechanism proves a token, and not a password. */
bool login_mechanism_takes_token(enum login_mechanism);

/* True if the client speaks first: its response may stand behind AUTH. */
bool login_mechanism_is_client_first(enum login_mechanism);

/* Append the response of a mechanism that is client-first, not encoded. */
void login_mechanism_respond(
    enum login_mechanism, const struct login_account *, struct buf *);

/* Append CRAM-MD5's response to a decoded challenge. DATA. */
int login_mechanism_respond_cram(const struct login_account *,
    struct str challenge, struct buf *, struct fail *);

#endif
