/*
 * What a store tells of its ledger: mailings, rows, owners and checks. Strings
 * are borrowed for the call, but where an arena is given. A function's result
 * other than 0 ends the visit and is returned.
 */
#ifndef PORT_LEDGER_LEDGER_ROW_H
#define PORT_LEDGER_LEDGER_ROW_H

#include "base/arena.h"
#include "base/fail.h"
#include "mail/ledger/ledger_state.h"
#include "mail/report/report_row.h"

struct ledger_row_mailing {
	struct str course_id, subject, content, state_name;
	enum ledger_state state;
	int64_t created; /* ms since 1970 */
	bool uncertain;  /* rows are older than what has happened */
};

typedef int ledger_row_id_fn(void *ctx, struct str email_id, struct fail *);

/*
 * Which rows, in the order of their keys or in any, and how much of each. A
 * row has what its owner has settled, if it lives: the facts that other
 * processes cannot see in the store's rows yet are in it.
 */
enum ledger_row_part {
	LEDGER_ROW_ALL,
	LEDGER_ROW_KEYS,   /* in the order of keys: state, class, key */
	LEDGER_ROW_COUNTS, /* in any order: state, class, count of rows */
};
typedef int ledger_row_fn(void *ctx, const struct report_row *, struct fail *);

/* An owner of claims: a process that sends, or one whose recovery is due. */
struct ledger_row_owner {
	struct str name;
	enum ledger_row_life {
		LEDGER_ROW_ALIVE,
		LEDGER_ROW_DEAD,
		LEDGER_ROW_LOST, /* dead, and its facts are gone */
	} life;
	long long rows; /* that it has claimed */
};
typedef int ledger_row_owner_fn(
    void *ctx, const struct ledger_row_owner *, struct fail *);

/* A promise of the ledger, and the evidence against it, or NULL. */
typedef int ledger_row_check_fn(
    void *ctx, const char *promise, const char *against, struct fail *);

#endif
