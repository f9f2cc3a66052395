#include "port/open/store_open_file.h"

#include "port/db/db.h"
#include "port/store_sqlite/sqlite_store.h"

int
store_open_file(struct store **out, const char *path, enum store_mode mode,
    struct waiting waiting, struct fail *f)
{
	return sqlite_store_open_file(out, path, mode, waiting, f);
}

void
store_open_file_library(struct buf *b)
{
	db_library(b);
}
