#include "optout/confined.h"

#include <string.h>

#include "base/buf.h"
#include "base/confine.h"

/* SQLite makes files beside the database. */
static void
put_folder(struct buf *b, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		buf_addc(b, '.');
	else
		buf_add(b, path, slash > path ? (size_t)(slash - path) : 1);
}

/* With a drop folder the database is none of the process's business; what is
 * told to the page lies beside that folder. */
int
confined_enter(const struct options *o, const char *pages, struct fail *f)
{
	const char *drop = settings_get(o->settings, "BM_OPTOUT_DROP");
	const char *db = settings_get(o->settings, "BM_DB");
	struct buf folder = {0};
	int rc;

	if (drop != NULL || db != NULL)
		put_folder(&folder, drop != NULL ? drop : db);
	rc = confine(
	    (const struct confine_path[]){
		{settings_get(o->settings, "BM_KEY_FILE"), false},
		{pages, false}, {drop, true},
		{folder.len > 0 ? buf_cstr(&folder) : NULL, drop == NULL}},
	    4, true, f);
	buf_free(&folder);
	return rc;
}
