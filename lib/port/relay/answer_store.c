#include "port/relay/answer_store.h"

#include <stdlib.h>

#include "base/mem.h"
#include "port/relay/relay_memory.h"

struct answer_store {
	struct relay_memory *memory;
	struct str relay, account;
	struct buf text; /* scratch */
};

struct answer_store *
answer_store_new(
    struct relay_memory *memory, struct str relay, struct str account)
{
	struct answer_store *s = mem_new(sizeof(*s));

	s->memory = memory;
	s->relay = relay;
	s->account = account;
	return s;
}

void
answer_store_free(struct answer_store *s)
{
	if (s == NULL)
		return;
	buf_free(&s->text);
	free(s);
}

static struct relay_memory_topic
make_topic(const struct answer_store *s, enum relay_memory_kind kind,
    struct str domain)
{
	return (struct relay_memory_topic){s->relay, s->account, kind, domain};
}

static struct relay_memory_topic
window_of(const struct answer_store *s)
{
	return make_topic(s, RELAY_MEMORY_WINDOW, (struct str){0});
}

int
answer_store_any(struct answer_store *s, struct fail *f)
{
	struct relay_memory_topic t = window_of(s);

	return s->memory->ops->any(s->memory, &t, f);
}

/* Into s->text. */
static int
load_topic(
    struct answer_store *s, const struct relay_memory_topic *t, struct fail *f)
{
	int64_t at;

	buf_reset(&s->text);
	return s->memory->ops->get(s->memory, t, &s->text, &at, f);
}

int
answer_store_load(struct answer_store *s, struct breaker *b, struct fail *f)
{
	struct relay_memory_topic t = window_of(s);

	if (load_topic(s, &t, f) < 0)
		return -1;
	breaker_parse(b, buf_str(&s->text));
	return 0;
}

int
answer_store_load_domain(
    struct answer_store *s, struct str domain, struct outage *o, struct fail *f)
{
	struct relay_memory_topic t =
	    make_topic(s, RELAY_MEMORY_OUTAGE, domain);

	if (load_topic(s, &t, f) < 0)
		return -1;
	outage_parse(o, buf_str(&s->text));
	return 0;
}

static int
save_topic(
    struct answer_store *s, const struct relay_memory_topic *t, struct fail *f)
{
	return s->memory->ops->set(s->memory, t, buf_str(&s->text), 0, f);
}

int
answer_store_save(
    struct answer_store *s, const struct breaker *b, struct fail *f)
{
	struct relay_memory_topic t = window_of(s);

	buf_reset(&s->text);
	if (!breaker_is_clean(b))
		breaker_put(&s->text, b);
	return save_topic(s, &t, f);
}

int
answer_store_save_domain(struct answer_store *s, struct str domain,
    const struct outage *o, struct fail *f)
{
	struct relay_memory_topic t =
	    make_topic(s, RELAY_MEMORY_OUTAGE, domain);

	buf_reset(&s->text);
	if (!outage_is_clean(o))
		outage_put(&s->text, o);
	return save_topic(s, &t, f);
}

struct visit {
	answer_store_fn *fn;
	void *ctx;
};

/* As a relay_memory_fn. */
static int
visit_outage(void *ctx, struct str domain, struct str text, struct fail *f)
{
	struct visit *v = ctx;
	struct outage o;

	outage_parse(&o, text);
	return v->fn(v->ctx, domain, &o, f);
}

int
answer_store_each_domain(
    struct answer_store *s, answer_store_fn *fn, void *ctx, struct fail *f)
{
	struct relay_memory_topic t = window_of(s);
	struct visit v = {fn, ctx};

	return s->memory->ops->each(s->memory, &t, visit_outage, &v, f);
}

int
answer_store_clear(struct answer_store *s, struct fail *f)
{
	struct relay_memory_topic t = window_of(s);

	return s->memory->ops->clear(s->memory, &t, f);
}
