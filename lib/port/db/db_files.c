#include "port/db/db_files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
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
	if (fd < 0 || fchmod(fd, 0660) < 0) {
		fail_errno(f, "cannot make %s", path);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	close(fd);
	return 0;
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
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return fail_system(f, "%s is not a file", path);
	if (filesystem_is_remote(path))
		return fail_system(f,
		    "%s is on a network file system; the "
		    "database must be on a local disk",
		    path);
	return 0;
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
	if (chmod(path, 02770) < 0)
		return fail_errno(f, "cannot set up %s", path);
	return 0;
}
