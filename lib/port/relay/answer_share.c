#include "port/relay/answer_share.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "port/relay/answer_domains.h"
#include "port/relay/answer_store.h"
#include "port/relay/stop_words.h"

struct answer_share {
	struct store *store;
	struct str relay, account;
	struct answer_store *answers;
	struct answer_domains *domains;
	struct breaker breaker; /* with the news */
	struct answer_domains_news *news;
	size_t count, cap;
	bool refused;        /* the news have more than accepted messages */
	struct arena *arena; /* of the news */
	bool put;            /* the stop of the account */
	struct stop_words words;
};

/* No stop is in force, so that a breaker that is open is so no more. */
static int
begin_anew(struct answer_share *s, int64_t now, struct fail *f)
{
	if (answer_store_load(s->answers, &s->breaker, f) < 0)
		return -1;
	if (!answer_share_is_stopped(s, now))
		return 0;
	if (store_begin(s->store, false, f) < 0)
		return -1;
	breaker_half_open(&s->breaker, now);
	return store_finish(
	    s->store, answer_store_save(s->answers, &s->breaker, f), f);
}

static int
load_all(struct answer_share *s, int64_t now, struct fail *f)
{
	const struct answer_domains_of of = {
	    s->store, s->answers, s->relay, s->account};

	return begin_anew(s, now, f) < 0
		   ? -1
		   : answer_domains_open(&s->domains, &of, now, f);
}

int
answer_share_open(struct answer_share **out, struct store *store,
    struct str relay, struct str account, int64_t now, struct fail *f)
{
	struct answer_share *s = mem_new(sizeof(*s));

	s->store = store;
	s->relay = relay;
	s->account = account;
	s->arena = arena_new();
	s->answers = answer_store_new(store->memory, relay, account);
	if (load_all(s, now, f) < 0) {
		answer_share_close(s);
		return -1;
	}
	*out = s;
	return 0;
}

void
answer_share_close(struct answer_share *s)
{
	if (s == NULL)
		return;
	stop_words_free(&s->words);
	answer_domains_close(s->domains);
	answer_store_free(s->answers);
	arena_free(s->arena);
	free(s->news);
	free(s);
}

static void
add_news(struct answer_share *s, const struct answer *a, struct str domain)
{
	s->news = mem_more(s->news, s->count, &s->cap, sizeof(*s->news));
	s->news[s->count++] =
	    (struct answer_domains_news){*a, arena_str(s->arena, domain)};
	s->refused = s->refused || a->kind != ANSWER_TAKEN;
}

enum answer_effect_part
answer_share_add(struct answer_share *s, const struct answer *said,
    struct str domain, const struct outcome *o)
{
	enum answer_effect_part part = ANSWER_EFFECT_ITSELF;
	bool before = answer_share_is_stopped(s, said->at);
	struct answer a = *said;

	if (answer_domains_add(s->domains, &a, domain, o))
		part = ANSWER_EFFECT_OUTAGE;
	/* They may be the tenth together with those of other processes. */
	if (a.kind >= ANSWER_PERSONAL)
		stop_words_keep(&s->words, o);
	if (breaker_add(&s->breaker, &a)) {
		part = ANSWER_EFFECT_BREAKER;
		s->put = s->put || !before;
	}
	if (a.kind != ANSWER_NONE)
		add_news(s, &a, domain);
	return part;
}

enum answer_effect_gate
answer_share_gate(struct answer_share *s, struct str domain)
{
	return answer_domains_gate(s->domains, domain);
}

bool
answer_share_is_open(const struct answer_share *s, uint64_t print, int64_t now)
{
	return breaker_is_open(&s->breaker, print, now);
}

bool
answer_share_is_stopped(const struct answer_share *s, int64_t now)
{
	return breaker_is_open(&s->breaker, s->breaker.open, now);
}

int64_t
answer_share_next_try(const struct answer_share *s)
{
	return s->breaker.again ? s->breaker.until : 0;
}

bool
answer_share_has_news(const struct answer_share *s)
{
	return s->count > 0;
}

static void
drop_news(struct answer_share *s)
{
	s->count = 0;
	s->refused = false;
	arena_reset(s->arena);
}

int
answer_share_skip(struct answer_share *s, bool *skipped, struct fail *f)
{
	int some;

	*skipped = false;
	if (s->refused || !breaker_is_clean(&s->breaker))
		return 0;
	some = answer_store_any(s->answers, f);
	if (some < 0)
		return -1;
	*skipped = some == 0;
	if (*skipped)
		drop_news(s);
	return 0;
}

static int
exchange_window(struct answer_share *s, struct fail *f)
{
	struct breaker b;
	bool clean, stopped;

	if (answer_store_load(s->answers, &b, f) < 0)
		return -1;
	clean = breaker_is_clean(&b);
	for (size_t i = 0; i < s->count; i++) {
		const struct answer *a = &s->news[i].answer;

		stopped = breaker_is_open(&b, b.open, a->at);
		if (breaker_add(&b, a) && !stopped)
			s->put = true;
	}
	s->breaker = b;
	if (clean && breaker_is_clean(&b))
		return 0;
	return answer_store_save(s->answers, &b, f);
}

int
answer_share_exchange(struct answer_share *s, struct fail *f)
{
	int some = answer_store_any(s->answers, f);

	if (some < 0 || exchange_window(s, f) < 0 ||
	    answer_domains_exchange(
		s->domains, s->news, s->count, some > 0, f) < 0)
		return -1;
	drop_news(s);
	return 0;
}

int
answer_share_each(struct answer_share *s, int64_t now, answer_effect_fn *fn,
    void *ctx, struct fail *f)
{
	const struct breaker *b = &s->breaker;
	struct answer_effect_victims v = {.print = b->open,
	    .since = b->since,
	    .next_try = answer_share_next_try(s)};
	int rc = 0;

	if (answer_share_is_stopped(s, now))
		rc = fn(ctx, &v, f);
	return rc != 0 ? rc : answer_domains_each(s->domains, now, fn, ctx, f);
}

static int
put_stop(struct answer_share *s, int64_t now, relay_stop_fn *fn, void *ctx,
    struct fail *f)
{
	struct relay_stop stop = {.relay = s->relay,
	    .account = s->account,
	    .scope = STOP_SCOPE_ACCOUNT,
	    .class = STR("breaker"),
	    .at = now,
	    .until = s->breaker.until};

	stop_words_fill(&s->words, &stop);
	return fn(ctx, &stop, f);
}

int
answer_share_publish(struct answer_share *s, int64_t now, relay_stop_fn *fn,
    void *ctx, struct fail *f)
{
	bool put = s->put && answer_share_is_stopped(s, now);

	s->put = false;
	if (put && put_stop(s, now, fn, ctx, f) < 0)
		return -1;
	return answer_domains_publish(s->domains, now, fn, ctx, f);
}
