#include "port/ledger/owners.h"

#include <stdlib.h>

#include "base/mem.h"
#include "port/ledger/journal_dir.h"

int
owners_find_gone(
    struct db *db, const char *sql, struct buf *gone, struct fail *f)
{
	struct db_statement *st;
	int rc;

	buf_reset(gone);
	if (db_prepare(db, &st, sql, f) < 0)
		return -1;
	while ((rc = db_step(db, st, f)) == 1) {
		struct str owner = db_text(st, 0);
		char *name = mem_dup(owner.p, owner.n);

		if (!journal_dir_has(db_run_dir(db), name))
			buf_add(gone, name, owner.n + 1);
		free(name);
	}
	return rc < 0 ? db_fail(db, f, "ledger") : 0;
}
