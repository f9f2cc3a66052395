/* backup: a copy of the database, with what dead senders have left. */
#include "port/db/backup.h"

#include "base/clock.h"
#include "base/program.h"
#include "optout/optout.h"
#include "optout/subcommand.h"
#include "port/ledger/ledger.h"
#include "port/open/store_open.h"

static int
write_backup(struct subcommand *s, void *ctx, struct fail *f)
{
	const char *program = PROGRAM;
	const struct recovery_notes notes = {program_note_by, &program};
	const char *path = s->o->operands[0];
	struct store *store;
	int rc;

	(void)ctx;
	if (store_open(&store, s->db, f) < 0)
		return -1;
	rc = ledger_recover(store, &notes, f);
	store_close(store);
	if (rc < 0 || backup_write(s->db, path, clock_wall_ms(), f) < 0)
		return -1;
	program_note(PROGRAM, "%s is a copy of %s", path, db_path(s->db));
	return 0;
}

int
optout_backup(int argc, char **argv)
{
	const char *db = NULL;
	struct option_spec specs[] = {DB_OPTION(db), {0}};
	struct options o = {.program = PROGRAM,
	    .synopsis = "backup [--db FILE] FILE",
	    .purpose = "Copy the database, while it is in use.",
	    .specs = specs,
	    .operands_min = 1,
	    .operands_max = 1};

	return subcommand_run(&o, argc, argv, DB_WRITE, write_backup, NULL);
}
