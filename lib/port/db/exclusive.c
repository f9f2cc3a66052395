#include "port/db/exclusive.h"

#include <poll.h>

#include "base/clock.h"
#include "port/db/db_state.h"

#define PAUSE_MS 50

int
exclusive_leave(struct db *db, struct fail *f)
{
	if (db_exec(db, "PRAGMA locking_mode = NORMAL", f) < 0)
		return -1;
	return db_exec(db, "PRAGMA journal_mode = WAL", f);
}

int
exclusive_enter(struct db *db, struct fail *f)
{
	int64_t end = clock_mono_ms() + db->waiting.limit_ms;
	struct fail ignored;

	if (db_exec(db, "PRAGMA locking_mode = EXCLUSIVE", f) < 0)
		return -1;
	while (db_exec(db, "PRAGMA journal_mode = DELETE", f) < 0) {
		if (f->kind == FAIL_TEMP && clock_mono_ms() < end) {
			(void)poll(NULL, 0, PAUSE_MS);
			continue;
		}
		(void)exclusive_leave(db, &ignored);
		if (f->kind != FAIL_TEMP)
			return -1;
		return fail_temp(f,
		    "%s is in use by another program of bm; end bm-send, or "
		    "wait for its end, and run this again",
		    db_path(db));
	}
	return 0;
}
