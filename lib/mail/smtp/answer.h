/*
 * What a relay has said about one person's message, as breaker.h and outage.h
 * count it. Persons, domains and words are kept as hashes.
 */
#ifndef MAIL_SMTP_ANSWER_H
#define MAIL_SMTP_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "mail/smtp/reply_model.h"
#include "mail/smtp/retry.h"

enum answer_kind {
	ANSWER_NONE, /* no answer about a person */
	ANSWER_TAKEN,
	ANSWER_NO_MAILBOX, /* by words or a code about a missing mailbox */
	ANSWER_PERSONAL,   /* about the mailbox: full, locked, unwilling */
	ANSWER_GREY,       /* greylisting */
	ANSWER_REFUSED,    /* any other refusal or deferral */
};

struct answer {
	enum answer_kind kind;
	bool again;      /* 4xx: the relay asks for another try */
	bool probe;      /* asked to learn whether an outage has ended */
	uint64_t print;  /* the fingerprint of the words; 0: taken */
	uint64_t who;    /* of the recipient's key */
	uint64_t domain; /* of its domain */
	int64_t at;      /* ms since 1970 */
};

/* FNV-1a, 64 bits; never 0. */
uint64_t answer_hash(struct str);

/* The kind of a reply with this code, judged as this action. */
enum answer_kind answer_kind_of(
    enum retry_action, const struct reply_model *, int code);

/* Append a line without its newline; read one: false if it has another form. */
void answer_put(struct buf *, const struct answer *);
bool answer_parse(struct answer *, struct str line);

#endif
