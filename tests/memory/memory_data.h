/*
 * What a memory store keeps, and how its parts get at it.
 */
#ifndef MEMORY_DATA_H
#define MEMORY_DATA_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "mail/ledger/ledger_state.h"
#include "mail/report/report_row.h"
#include "memory/memory_store.h"
#include "port/bounce/bounce_row.h"
#include "port/ledger/ledger_decision.h"
#include "port/optout/optout.h"
#include "port/relay/relay_memory.h"
#include "port/relay/relay_stop.h"

struct memory_text {
	struct relay_memory_topic topic;
	struct str text;
	int64_t at;
};

/* slice MEMORY_NEXT: the pace's next time; span 0: the factor, and its time. */
#define MEMORY_NEXT INT64_MIN
struct memory_grant {
	struct str relay, account;
	int64_t span, slice, n;
};

/* cleared: when; 0: it counts. */
struct memory_bounce {
	struct bounce_row row;
	int64_t cleared;
};

struct memory_mailing {
	struct str id, course_id, content, subject;
	enum ledger_state state;
	int64_t created;
	bool uncertain;
};

/* What is shown of a claimed row is what it was before. */
struct memory_row {
	struct report_row shown;
	bool claimed, prior, intent, withdrawn;
	int owner;       /* 0: none */
	long long tried; /* number of the attempt under way */
	int64_t tried_at, first;
	uint64_t print;
};

/* The lives of owners, which no transaction changes; owner 1 is the first. */
#define MEMORY_OWNERS 64
struct memory_lives {
	bool alive[MEMORY_OWNERS + 1];
	int count;
};

/* Arrays of each kind; their strings live in the place's arena. */
struct memory_data {
	struct optout *optouts;
	size_t optout_count, optout_cap;
	struct memory_bounce *bounces;
	size_t bounce_count, bounce_cap;
	int64_t bounce_changes;
	struct memory_text *texts;
	size_t text_count, text_cap;
	struct relay_stop *stops;
	size_t stop_count, stop_cap;
	struct memory_grant *grants;
	size_t grant_count, grant_cap;
	struct memory_mailing *mailings;
	size_t mailing_count, mailing_cap;
	struct memory_row *rows;
	size_t row_count, row_cap;
	struct ledger_decision_plan *plans;
	size_t plan_count, plan_cap;
};

/* What the process sees now: with what its transaction has written. */
struct memory_data *memory_data_of(struct store *);
struct arena *memory_data_arena(struct store *);
struct memory_lives *memory_data_lives(struct store *);
enum memory_fault memory_data_fault(const struct store *);

/* A copy that lasts; an absent string stays absent. */
struct str memory_data_keep(struct store *, struct str);

struct ledger_store *memory_ledger_new(struct store *);
struct optouts *memory_optouts_new(struct store *);
struct bounce_register *memory_bounces_new(struct store *);
struct rate_book *memory_rates_new(struct store *);
struct relay_memory *memory_relay_new(struct store *);
struct relay_stops *memory_stops_new(struct store *);

#endif
