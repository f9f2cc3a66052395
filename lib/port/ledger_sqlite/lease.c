#include "port/ledger_sqlite/lease.h"

#include <stdlib.h>

#include "base/mem.h"

/* Rows of an owner that are claimed, or not; with a state before, or not. */
#define OF_KIND                                    \
	" WHERE owner=?1 AND (state='claimed')=?2" \
	" AND (prior IS NOT NULL)=?3"
static const char SQL_DOUBT[] =
    "UPDATE deliveries SET state='in_doubt', class='no_reply', stage=NULL,"
    " code=NULL, enhanced=NULL, reply=NULL, queue_id=NULL,"
    " next_try=NULL" OF_KIND;
static const char SQL_COUNT[] =
    "SELECT count(*) FROM deliveries WHERE owner=?1 AND state='in_doubt'";
static const char SQL_KEEP[] =
    "UPDATE deliveries SET owner=NULL, prior=NULL" OF_KIND;
static const char SQL_RESTORE[] =
    "UPDATE deliveries SET state=prior, owner=NULL, prior=NULL" OF_KIND;
static const char SQL_REMOVE[] = "DELETE FROM deliveries" OF_KIND;

struct lease {
	struct db *db;
	struct db_statement *count, *ends[LEASE_JUDGE_REMOVE + 1];
};

int
lease_open(struct lease **out, struct db *db, struct fail *f)
{
	struct lease *l = mem_new(sizeof(*l));
	const struct db_sql list[] = {
	    {&l->count, SQL_COUNT},
	    {&l->ends[LEASE_JUDGE_KEEP], SQL_KEEP},
	    {&l->ends[LEASE_JUDGE_DOUBT], SQL_DOUBT},
	    {&l->ends[LEASE_JUDGE_RESTORE], SQL_RESTORE},
	    {&l->ends[LEASE_JUDGE_REMOVE], SQL_REMOVE},
	};

	l->db = db;
	if (db_prepare_all(db, list, sizeof(list) / sizeof(*list), f) < 0) {
		lease_close(l);
		return -1;
	}
	*out = l;
	return 0;
}

void
lease_close(struct lease *l)
{
	free(l);
}

static int
end_rows(struct lease *l, const char *owner, enum lease_judge_end end,
    bool claimed, bool prior, struct lease_ended *ended, struct fail *f)
{
	struct db_statement *st = l->ends[end];

	db_bind(st, 1, str_of(owner));
	db_bind_int(st, 2, claimed);
	db_bind_int(st, 3, prior);
	if (db_step(l->db, st, f) < 0)
		return db_fail(l->db, f, "ledger");
	ended->changes += db_changes(l->db);
	return 0;
}

/* Ends the kinds of rows that come into doubt, or the others. */
static int
end_kinds(struct lease *l, const char *owner, enum lease_judge_facts facts,
    bool doubt, struct lease_ended *ended, struct fail *f)
{
	for (int kind = 0; kind < 4; kind++) {
		bool claimed = (kind & 1) != 0, prior = (kind & 2) != 0;
		enum lease_judge_end end = lease_judge(claimed, prior, facts);

		if ((end == LEASE_JUDGE_DOUBT) == doubt &&
		    end_rows(l, owner, end, claimed, prior, ended, f) < 0)
			return -1;
	}
	return 0;
}

static int
count_doubt(struct lease *l, const char *owner, struct lease_ended *ended,
    struct fail *f)
{
	int rc;

	db_bind(l->count, 1, str_of(owner));
	rc = db_step(l->db, l->count, f);
	if (rc < 0)
		return db_fail(l->db, f, "ledger");
	ended->in_doubt = db_int(l->count, 0);
	db_reset(l->count);
	return 0;
}

/* Rows that come into doubt keep their owner, to be counted first. */
int
lease_end(struct lease *l, const char *owner, enum lease_judge_facts facts,
    struct lease_ended *ended, struct fail *f)
{
	*ended = (struct lease_ended){0};
	if (end_kinds(l, owner, facts, true, ended, f) < 0 ||
	    count_doubt(l, owner, ended, f) < 0)
		return -1;
	return end_kinds(l, owner, LEASE_JUDGE_WHOLE, false, ended, f);
}
