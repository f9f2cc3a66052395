/*
 * The inside of a connection, for the files of this folder only.
 */
#ifndef PORT_DB_DB_STATE_H
#define PORT_DB_DB_STATE_H

#include <stdbool.h>

#include "base/waiting.h"
#include "port/db/db_files.h"
#include "port/db/generation_file.h"

struct sqlite3;
struct db_statement;

struct db {
	struct sqlite3 *handle;
	char *path;    /* real path: -wal, -shm and -lock are beside it */
	char *run_dir; /* path-run */
	int lock;      /* descriptor of path-lock, or -1 */
	char *lock_path;
	struct db_files_id file;
	struct generation_file raised; /* by this transaction; counter 0: not */
	struct waiting waiting;
	int64_t busy_since; /* monotonic ms: SQLite's lock is waited for */
	bool busy_told;
	bool lazy; /* commits are not synced */
	struct db_statement *begin, *begin_read, *commit;
	struct db_statement *statements; /* all of them, a list */
};

#endif
