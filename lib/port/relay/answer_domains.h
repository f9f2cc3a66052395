/*
 * The recipient domains of which a relay has said that a mailbox is missing,
 * and whether a domain has lost all of them (mail/smtp/outage.h).
 */
#ifndef PORT_RELAY_ANSWER_DOMAINS_H
#define PORT_RELAY_ANSWER_DOMAINS_H

#include "mail/record/outcome.h"
#include "port/relay/answer_effect.h"
#include "port/relay/answer_store.h"
#include "port/relay/relay_stops.h"

struct answer_domains;

/* All strings are borrowed. */
struct answer_domains_of {
	struct store *store;
	struct answer_store *answers;
	struct str relay, account;
};

/* With the outages that have a stop; those without one are forgotten. */
int answer_domains_open(struct answer_domains **,
    const struct answer_domains_of *, int64_t now, struct fail *);
void answer_domains_close(struct answer_domains *);

/*
 * Count an answer, whose probe is set; true: there is an outage, and the answer
 * is part of it.
 */
bool answer_domains_add(struct answer_domains *, struct answer *,
    struct str domain, const struct outcome *);

/* As answer_share_gate(). */
enum answer_effect_gate answer_domains_gate(
    struct answer_domains *, struct str);

/* An answer that the other processes do not know. */
struct answer_domains_news {
	struct answer answer;
	struct str domain;
};

/* In a write transaction. some: the store has something of the relay. */
int answer_domains_exchange(struct answer_domains *,
    const struct answer_domains_news *, size_t count, bool some, struct fail *);

/* As answer_share_each() and answer_share_publish(). */
int answer_domains_each(struct answer_domains *, int64_t now,
    answer_effect_fn *, void *ctx, struct fail *);
int answer_domains_publish(struct answer_domains *, int64_t now,
    relay_stop_fn *, void *ctx, struct fail *);

#endif
