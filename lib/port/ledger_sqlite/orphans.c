#include "port/ledger_sqlite/orphans.h"

#include "base/buf.h"
#include "port/db/generation.h"
#include "port/db/transaction.h"
#include "port/ledger_sqlite/journal_dir.h"
#include "port/ledger_sqlite/owners.h"

static const char SQL_OWNERS[] =
    "SELECT DISTINCT owner FROM deliveries WHERE owner IS NOT NULL";
static const char SQL_DOUBT[] =
    "UPDATE deliveries SET state='in_doubt', class='no_reply', owner=NULL,"
    " prior=NULL WHERE owner=?1";

/* Appends a note for each orphan, with a NUL. */
static int
settle_each(
    struct db *db, struct str orphans, struct buf *notes, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(db, &st, SQL_DOUBT, f) < 0)
		return -1;
	for (size_t i = 0; i < orphans.n;) {
		struct str owner = str_of(orphans.p + i);

		db_bind(st, 1, owner);
		if (db_step(db, st, f) < 0)
			return db_fail(db, f, "ledger");
		buf_printf(notes,
		    "journal %s/%s" JOURNAL_DIR_SUFFIX " is gone; its %lld "
		    "unsettled recipients are in doubt",
		    db_run_dir(db), owner.p, (long long)db_changes(db));
		buf_addc(notes, '\0');
		i += owner.n + 1;
	}
	return 0;
}

static void
tell_notes(const struct recovery_notes *to, struct str notes)
{
	for (size_t i = 0; to != NULL && i < notes.n;) {
		struct str note = str_of(notes.p + i);

		to->note(to->ctx, note.p);
		i += note.n + 1;
	}
}

/*
 * Looks again inside the transaction, where rows that another process has
 * recovered in between show.
 */
static int
settle_orphans(struct db *db, struct buf *notes, struct fail *f)
{
	struct buf orphans = {0};
	int rc = transaction_begin(db, f);

	if (rc < 0)
		return -1;
	rc = owners_find_gone(db, SQL_OWNERS, &orphans, f);
	if (rc == 0 && orphans.len > 0)
		rc = generation_raise(db, f);
	if (rc == 0)
		rc = settle_each(db, buf_str(&orphans), notes, f);
	buf_free(&orphans);
	if (rc == 0)
		return transaction_commit(db, f);
	transaction_rollback(db);
	return -1;
}

int
orphans_settle(struct db *db, const struct recovery_notes *to, struct fail *f)
{
	struct buf orphans = {0}, notes = {0};
	int rc = owners_find_gone(db, SQL_OWNERS, &orphans, f);

	if (rc == 0 && orphans.len > 0)
		rc = settle_orphans(db, &notes, f);
	if (rc == 0)
		tell_notes(to, buf_str(&notes));
	buf_free(&notes);
	buf_free(&orphans);
	return rc;
}
