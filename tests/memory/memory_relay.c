#include "base/mem.h"
#include "memory/memory_data.h"

static bool
is_same_relay(
    const struct memory_text *t, const struct relay_memory_topic *topic)
{
	return str_eq(t->topic.relay, topic->relay) &&
	       str_eq(t->topic.account, topic->account);
}

static bool
is_answer(const struct memory_text *t)
{
	return t->topic.kind == RELAY_MEMORY_WINDOW ||
	       t->topic.kind == RELAY_MEMORY_OUTAGE;
}

/* The text of the topic, or NULL. */
static struct memory_text *
find_text(struct relay_memory *m, const struct relay_memory_topic *topic)
{
	struct memory_data *d = memory_data_of(m->store);
	bool one = memory_data_fault(m->store) == MEMORY_FAULT_TOPICS;

	for (size_t i = 0; i < d->text_count; i++) {
		struct memory_text *t = &d->texts[i];

		if (is_same_relay(t, topic) &&
		    (one || (t->topic.kind == topic->kind &&
				(topic->kind != RELAY_MEMORY_OUTAGE ||
				    str_eq(t->topic.domain, topic->domain)))))
			return t;
	}
	return NULL;
}

static int
get_copy(struct relay_memory *m, const struct relay_memory_topic *topic,
    struct buf *text, int64_t *at, struct fail *f)
{
	const struct memory_text *t = find_text(m, topic);

	(void)f;
	*at = 0;
	if (t == NULL)
		return 0;
	buf_addstr(text, t->text);
	*at = t->at;
	return 0;
}

static void
remove_text(struct memory_data *d, struct memory_text *t)
{
	*t = d->texts[--d->text_count];
}

static int
set_copy(struct relay_memory *m, const struct relay_memory_topic *topic,
    struct str text, int64_t at, struct fail *f)
{
	struct memory_data *d = memory_data_of(m->store);
	struct memory_text *t = find_text(m, topic);
	bool keep =
	    text.n > 0 || memory_data_fault(m->store) == MEMORY_FAULT_EMPTY;

	(void)f;
	if (t != NULL && !keep)
		remove_text(d, t);
	if (!keep)
		return 0;
	if (t == NULL) {
		d->texts = mem_more(
		    d->texts, d->text_count, &d->text_cap, sizeof(*d->texts));
		t = &d->texts[d->text_count++];
		t->topic.kind = topic->kind;
		t->topic.relay = memory_data_keep(m->store, topic->relay);
		t->topic.account = memory_data_keep(m->store, topic->account);
		t->topic.domain = memory_data_keep(m->store, topic->domain);
	}
	t->text = memory_data_keep(m->store, text);
	t->at = at;
	return 0;
}

static int
find_any(struct relay_memory *m, const struct relay_memory_topic *topic,
    struct fail *f)
{
	const struct memory_data *d = memory_data_of(m->store);

	(void)f;
	for (size_t i = 0; i < d->text_count; i++) {
		if (is_same_relay(&d->texts[i], topic) &&
		    is_answer(&d->texts[i]))
			return 1;
	}
	return 0;
}

static int
visit_outages(struct relay_memory *m, const struct relay_memory_topic *topic,
    relay_memory_fn *fn, void *ctx, struct fail *f)
{
	const struct memory_data *d = memory_data_of(m->store);
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < d->text_count; i++) {
		const struct memory_text *t = &d->texts[i];

		if (is_same_relay(t, topic) &&
		    t->topic.kind == RELAY_MEMORY_OUTAGE)
			rc = fn(ctx, t->topic.domain, t->text, f);
	}
	return rc;
}

static int
clear_answers(struct relay_memory *m, const struct relay_memory_topic *topic,
    struct fail *f)
{
	struct memory_data *d = memory_data_of(m->store);
	bool all = memory_data_fault(m->store) == MEMORY_FAULT_CLEAR;

	(void)f;
	for (size_t i = d->text_count; i > 0; i--) {
		struct memory_text *t = &d->texts[i - 1];

		if (is_same_relay(t, topic) && (all || is_answer(t)))
			remove_text(d, t);
	}
	return 0;
}

static const struct relay_memory_ops operations = {
    .get = get_copy,
    .set = set_copy,
    .any = find_any,
    .each = visit_outages,
    .clear = clear_answers,
};

struct relay_memory *
memory_relay_new(struct store *store)
{
	struct relay_memory *m = mem_new(sizeof(*m));

	*m = (struct relay_memory){&operations, store};
	return m;
}
