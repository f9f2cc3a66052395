#include "port/roster/import_turn.h"

#include <unistd.h>

#include "base/buf.h"
#include "port/db/lock.h"

#define WAIT_MS (10 * 60 * 1000) /* a large import takes some minutes */

int
import_turn_take(
    const struct db *db, waiting_fn *tell, const char *program, struct fail *f)
{
	struct waiting wait = waiting_told(WAIT_MS, tell, program);
	struct buf path = {0};
	int fd;

	buf_printf(&path, "%s/import.lock", db_run_dir(db));
	fd = lock_open(buf_cstr(&path), f);
	if (fd >= 0 && lock_take(fd, buf_cstr(&path), &wait, f) < 0) {
		close(fd);
		fd = fail_prefix(f, "another import");
	}
	buf_free(&path);
	return fd;
}
