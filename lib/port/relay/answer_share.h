/*
 * The answers of a relay to one account, shared by all processes through a
 * store: whether so many are alike that they concern us, or that a domain
 * has lost its list of mailboxes (mail/smtp/breaker.h, outage.h).
 */
#ifndef PORT_RELAY_ANSWER_SHARE_H
#define PORT_RELAY_ANSWER_SHARE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"
#include "mail/record/outcome.h"
#include "mail/smtp/answer.h"
#include "port/relay/answer_effect.h"
#include "port/relay/relay_stops.h"
#include "port/store/store.h"

struct answer_share;

/* Of a relay and account without a stop in force, which are borrowed. Times are
 * ms since 1970. */
int answer_share_open(struct answer_share **, struct store *, struct str relay,
    struct str account, int64_t now, struct fail *);
void answer_share_close(struct answer_share *);

/* Count what was said about a recipient of this domain, ANSWER_NONE included:
 * one call for each that answer_share_gate() has let go. */
enum answer_effect_part answer_share_add(struct answer_share *,
    const struct answer *, struct str domain, const struct outcome *);

/* Whether to ask for one: GO makes it one that has to be counted. */
enum answer_effect_gate answer_share_gate(struct answer_share *, struct str);

/* True if the breaker is open for replies with this fingerprint; for any. */
bool answer_share_is_open(
    const struct answer_share *, uint64_t print, int64_t now);
bool answer_share_is_stopped(const struct answer_share *, int64_t now);
/* When its victims are asked again: 0 when a person has looked. */
int64_t answer_share_next_try(const struct answer_share *);

/* True if other processes do not know all answers. */
bool answer_share_has_news(const struct answer_share *);

/* In a write transaction: tell the others, and learn from them. Outside of one:
 * skip that, if no process has had a refusal. */
int answer_share_exchange(struct answer_share *, struct fail *);
int answer_share_skip(struct answer_share *, bool *skipped, struct fail *);

/* Calls fn for each kind of victim, until it is not 0. */
int answer_share_each(struct answer_share *, int64_t now, answer_effect_fn *,
    void *ctx, struct fail *);

/* Lift the stops of what has ended; fn puts those of what has begun. */
int answer_share_publish(struct answer_share *, int64_t now, relay_stop_fn *fn,
    void *ctx, struct fail *);

#endif
