#include "port/open/take_over.h"

#include "port/open/store_open_file.h"

int
take_over_all(struct act_take *t, const char *db_path, struct waiting waiting,
    struct act_take_counts *counts, struct fail *f)
{
	struct store *store;
	bool waits;
	int rc;

	if (act_take_look(t, &waits, counts, f) < 0)
		return -1;
	if (!waits)
		return 0;
	if (store_open_file(&store, db_path, STORE_WRITE, waiting, f) < 0)
		return -1;
	rc = act_take_all(t, store, counts, f);
	store_close(store);
	return rc;
}

int
take_over_once(const char *db_path, const char *key_file,
    struct waiting waiting, struct fail *f)
{
	struct act_take *t = act_take_new(db_path, key_file);
	struct act_take_counts counts = {0};
	int rc = take_over_all(t, db_path, waiting, &counts, f);

	act_take_free(t);
	return rc;
}
