#include "port/send/breaker_close.h"

#include "port/ledger/ledger_recipient.h"
#include "port/relay/answer_store.h"

struct closing {
	struct store *store;
	struct str relay;
	int64_t now;
};

/* As an answer_store_fn. */
static int
reopen_domain(
    void *ctx, struct str domain, const struct outage *o, struct fail *f)
{
	const struct closing *c = ctx;
	struct ledger_decision_reopen r = {.relay = c->relay,
	    .domain = domain,
	    .since = o->since,
	    .now = c->now};

	return o->since != 0 && ledger_recipient_reopen(c->store, &r, f) < 0
		   ? -1
		   : 0;
}

static int
close_all(struct closing *c, struct answer_store *store, struct fail *f)
{
	struct ledger_decision_reopen r = {.relay = c->relay, .now = c->now};
	struct breaker b;

	if (answer_store_load(store, &b, f) < 0)
		return -1;
	r.print = b.open;
	r.since = b.since;
	if ((b.open != 0 && ledger_recipient_reopen(c->store, &r, f) < 0) ||
	    answer_store_each_domain(store, reopen_domain, c, f) < 0)
		return -1;
	return answer_store_clear(store, f);
}

int
breaker_close(struct store *store, struct str relay, struct str account,
    int64_t now, struct fail *f)
{
	struct closing c = {store, relay, now};
	struct answer_store *answers =
	    answer_store_new(store->memory, relay, account);
	int rc = store_begin(store, false, f);

	if (rc == 0)
		rc = store_finish(store, close_all(&c, answers, f), f);
	answer_store_free(answers);
	return rc;
}
