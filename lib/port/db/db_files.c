#include "port/db/db_files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/folder.h"
#include "port/db/filesystem.h"

/*
 * Call before SQLite opens the file: closing the descriptor later would drop
 * SQLite's locks. SQLite gives -wal and -shm the same mode.
 */
int
db_files_make(const char *path, struct fail *f)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0660);

	if (fd < 0 && errno == EEXIST)
		return 0;
	if (fd < 0 || (folder_shared(path) && fchmod(fd, 0660) < 0)) {
		fail_errno(f, "cannot make %s", path);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	close(fd);
	return 0;
}

/* -wal, -lock and -run lie beside the name, so a second name has others. */
static int
refuse_names(const char *path, const struct stat *st, struct fail *f)
{
	if (st->st_nlink > 1)
		return fail_system(f,
		    "%s has %lu names (hard links), and each would be a ledger "
		    "of its own; remove the others (find DIR -samefile %s)",
		    path, (unsigned long)st->st_nlink, path);
	return 0;
}

/* As "docker run -v bm.db:/db/bm.db" makes it; an old kernel does not tell. */
static bool
is_mount(const char *path)
{
	struct statx sx;

	return statx(AT_FDCWD, path, 0, STATX_TYPE, &sx) == 0 &&
	       (sx.stx_attributes_mask & sx.stx_attributes &
		   STATX_ATTR_MOUNT_ROOT) != 0;
}

int
db_files_check(const char *path, bool write, struct fail *f)
{
	struct stat st;

	if (stat(path, &st) < 0 && errno == ENOENT)
		return fail_system(f,
		    "%s does not exist "
		    "(bm-import --create or bm-optout init makes it)",
		    path);
	if (access(path, write ? R_OK | W_OK : R_OK) < 0)
		return fail_errno(f, "cannot open %s", path);
	if (stat(path, &st) < 0)
		return fail_errno(f, "cannot open %s", path);
	if (!S_ISREG(st.st_mode))
		return fail_system(f, "%s is not a file", path);
	if (filesystem_is_remote(path))
		return fail_system(f,
		    "%s is on a network file system; the "
		    "database must be on a local disk",
		    path);
	if (is_mount(path))
		return fail_system(f,
		    "%s is mounted as a single file, so its journals would "
		    "not be beside it; mount its folder instead",
		    path);
	return refuse_names(path, &st, f);
}

int
db_files_identify(const char *path, struct db_files_id *id, struct fail *f)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return fail_errno(f, "cannot open %s", path);
	*id = (struct db_files_id){st.st_dev, st.st_ino};
	return 0;
}

int
db_files_same(const char *path, const struct db_files_id *id, struct fail *f)
{
	struct stat st;

	bool gone = stat(path, &st) < 0;

	if (gone && errno != ENOENT)
		return fail_errno(f, "cannot look at %s", path);
	if (gone || st.st_dev != id->dev || st.st_ino != id->ino)
		return fail_system(f,
		    "%s was deleted, renamed or replaced while it was in use; "
		    "put the file back that was there, then go on",
		    path);
	return refuse_names(path, &st, f);
}

char *
db_files_beside(const char *path, const char *suffix)
{
	struct buf b = {0};

	buf_adds(&b, path);
	buf_adds(&b, suffix);
	buf_cstr(&b);
	return b.p;
}

int
db_files_run_dir(const char *path, struct fail *f)
{
	if (mkdir(path, 0770) < 0)
		return errno == EEXIST ? 0
				       : fail_errno(f, "cannot make %s", path);
	if (folder_shared(path) && chmod(path, 02770) < 0)
		return fail_errno(f, "cannot set up %s", path);
	return 0;
}
