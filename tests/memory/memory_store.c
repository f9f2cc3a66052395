#include "memory/memory_store.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "memory/memory_data.h"

struct memory_place {
	struct arena *arena;
	struct memory_data data;
	struct memory_lives lives;
	enum memory_fault fault;
	struct store *writer; /* has a write transaction */
};

struct memory_store {
	struct store store; /* the first member */
	struct memory_place *place;
	struct memory_data own; /* of the transaction */
	bool writing, reading;
};

static struct memory_store *
open_store(const struct store *s)
{
	return (struct memory_store *)s;
}

static void *
copy_array(const void *p, size_t n)
{
	void *copy = mem_new(n + 1);

	if (n > 0)
		memcpy(copy, p, n);
	return copy;
}

#define COPY(to, from, array, count) \
	((to)->array = copy_array(   \
	     (from)->array, (from)->count * sizeof(*(from)->array)))

static void
copy_data(struct memory_data *to, const struct memory_data *from)
{
	*to = *from;
	COPY(to, from, optouts, optout_count);
	COPY(to, from, bounces, bounce_count);
	COPY(to, from, texts, text_count);
	COPY(to, from, stops, stop_count);
	COPY(to, from, grants, grant_count);
	COPY(to, from, mailings, mailing_count);
	COPY(to, from, plans, plan_count);
	COPY(to, from, rows, row_count);
	to->optout_cap = to->optout_count;
	to->bounce_cap = to->bounce_count;
	to->text_cap = to->text_count;
	to->stop_cap = to->stop_count;
	to->grant_cap = to->grant_count;
	to->mailing_cap = to->mailing_count;
	to->plan_cap = to->plan_count;
	to->row_cap = to->row_count;
}

static void
free_data(struct memory_data *d)
{
	free(d->optouts);
	free(d->bounces);
	free(d->texts);
	free(d->stops);
	free(d->grants);
	free(d->mailings);
	free(d->plans);
	free(d->rows);
	*d = (struct memory_data){0};
}

struct memory_data *
memory_data_of(struct store *s)
{
	struct memory_store *m = open_store(s);
	bool own =
	    m->writing || m->reading || m->place->fault == MEMORY_FAULT_PRIVATE;

	if (m->place->fault == MEMORY_FAULT_EARLY)
		own = false;
	return own ? &m->own : &m->place->data;
}

struct arena *
memory_data_arena(struct store *s)
{
	return open_store(s)->place->arena;
}

struct memory_lives *
memory_data_lives(struct store *s)
{
	return &open_store(s)->place->lives;
}

enum memory_fault
memory_data_fault(const struct store *s)
{
	return open_store(s)->place->fault;
}

struct str
memory_data_keep(struct store *s, struct str text)
{
	return text.p == NULL ? text : arena_str(memory_data_arena(s), text);
}

static int
begin_write(struct store *s, bool lazy, struct fail *f)
{
	struct memory_store *m = open_store(s);

	(void)lazy;
	if (m->place->writer != NULL && m->place->fault != MEMORY_FAULT_CROWDED)
		return fail_temp(f, "another process writes");
	m->place->writer = s;
	m->writing = true;
	if (m->place->fault != MEMORY_FAULT_PRIVATE)
		copy_data(&m->own, &m->place->data);
	return 0;
}

static void
end_write(struct memory_store *m)
{
	if (m->place->fault != MEMORY_FAULT_PRIVATE)
		free_data(&m->own);
	m->writing = false;
	m->place->writer = NULL;
}

static int
commit_write(struct store *s, struct fail *f)
{
	struct memory_store *m = open_store(s);

	(void)f;
	if (m->place->fault != MEMORY_FAULT_PRIVATE &&
	    m->place->fault != MEMORY_FAULT_EARLY) {
		free_data(&m->place->data);
		m->place->data = m->own;
		m->own = (struct memory_data){0};
	}
	end_write(m);
	return 0;
}

static void
roll_back(struct store *s)
{
	struct memory_store *m = open_store(s);
	struct fail ignored;

	if (!m->writing)
		return;
	if (m->place->fault == MEMORY_FAULT_KEPT)
		commit_write(s, &ignored);
	else
		end_write(m);
}

static int
begin_read(struct store *s, struct fail *f)
{
	struct memory_store *m = open_store(s);

	(void)f;
	if (m->place->fault == MEMORY_FAULT_NONE) {
		m->reading = true;
		copy_data(&m->own, &m->place->data);
	}
	return 0;
}

static int
end_read(struct store *s, struct fail *f)
{
	struct memory_store *m = open_store(s);

	(void)f;
	if (m->reading)
		free_data(&m->own);
	m->reading = false;
	return 0;
}

static void
close_store(struct store *s)
{
	struct memory_store *m = open_store(s);

	roll_back(s);
	free_data(&m->own);
	free(s->ledger);
	free(s->optouts);
	free(s->bounces);
	free(s->rates);
	free(s->memory);
	free(s->stops);
	free(s);
}

static const struct store_ops operations = {
    .begin = begin_write,
    .commit = commit_write,
    .rollback = roll_back,
    .begin_read = begin_read,
    .end_read = end_read,
    .close = close_store,
};

struct memory_place *
memory_place_new(enum memory_fault fault)
{
	struct memory_place *p = mem_new(sizeof(*p));

	p->arena = arena_new();
	p->fault = fault;
	return p;
}

void
memory_place_free(struct memory_place *p)
{
	if (p == NULL)
		return;
	free_data(&p->data);
	arena_free(p->arena);
	free(p);
}

struct store *
memory_store_open(struct memory_place *p)
{
	struct memory_store *m = mem_new(sizeof(*m));

	m->place = p;
	m->store = (struct store){.ops = &operations, .name = "memory"};
	m->store.ledger = memory_ledger_new(&m->store);
	m->store.optouts = memory_optouts_new(&m->store);
	m->store.bounces = memory_bounces_new(&m->store);
	m->store.rates = memory_rates_new(&m->store);
	m->store.memory = memory_relay_new(&m->store);
	m->store.stops = memory_stops_new(&m->store);
	return &m->store;
}
