#include "bounce/bounce_store.h"

#include "base/program.h"
#include "bounce/bounce.h"
#include "port/ledger/ledger.h"
#include "port/open/store_open_file.h"

#define WAIT_MS 60000 /* for the lock of the database */

int
bounce_store_open(
    struct store **out, const char *path, enum store_mode mode, struct fail *f)
{
	const char *program = PROGRAM;
	const struct recovery_notes notes = {program_note_by, &program};

	if (store_open_file(out, path, mode,
		waiting_told(WAIT_MS, program_tell, PROGRAM), f) < 0)
		return -1;
	return mode == STORE_WRITE ? ledger_recover(*out, &notes, f) : 0;
}
