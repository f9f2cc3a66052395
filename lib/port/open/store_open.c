#include "port/open/store_open.h"

#include "port/store_sqlite/sqlite_store.h"

int
store_open(struct store **out, struct db *roster, struct fail *f)
{
	return sqlite_store_open(out, roster, f);
}
