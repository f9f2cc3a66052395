/*
 * What a relay has said lately to one account, as all processes have counted
 * it; a store keeps it (store->memory).
 */
#ifndef PORT_RELAY_ANSWER_STORE_H
#define PORT_RELAY_ANSWER_STORE_H

#include <stdbool.h>

#include "base/fail.h"
#include "mail/smtp/breaker.h"
#include "mail/smtp/outage.h"
#include "port/store/store.h"

struct answer_store;

/* relay and account are borrowed. */
struct answer_store *answer_store_new(
    struct relay_memory *, struct str relay, struct str account);
void answer_store_free(struct answer_store *);

/* 1: there are answers of this relay; 0: none are kept. -1. */
int answer_store_any(struct answer_store *, struct fail *);

/* The window; what is kept about a domain. Clean if nothing is kept. */
int answer_store_load(struct answer_store *, struct breaker *, struct fail *);
int answer_store_load_domain(
    struct answer_store *, struct str domain, struct outage *, struct fail *);

/* In a write transaction; what is clean is removed. */
int answer_store_save(
    struct answer_store *, const struct breaker *, struct fail *);
int answer_store_save_domain(struct answer_store *, struct str domain,
    const struct outage *, struct fail *);

/* Calls fn for each domain of which something is kept, until it is not 0. */
typedef int answer_store_fn(
    void *ctx, struct str domain, const struct outage *, struct fail *);
int answer_store_each_domain(
    struct answer_store *, answer_store_fn *, void *ctx, struct fail *);

/* Forget all of relay and account, in a write transaction. */
int answer_store_clear(struct answer_store *, struct fail *);

#endif
