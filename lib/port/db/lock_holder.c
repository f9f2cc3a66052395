#include "port/db/lock_holder.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "port/db/db_files.h"

#define FILE_MAX (4 << 20) /* bytes of a file of proc(5) */

/* 0, or the process of this line if its lock fits; a waiter's has an arrow. */
static long
match_line(const char *line, const char *kind, const struct stat *st)
{
	char its_kind[16], access[16];
	unsigned int major_number, minor_number;
	unsigned long inode;
	long pid;

	if (sscanf(line, "%*d: %15s %*s %15s %ld %x:%x:%lu", its_kind, access,
		&pid, &major_number, &minor_number, &inode) != 6 ||
	    strcmp(its_kind, kind) != 0 || strcmp(access, "WRITE") != 0 ||
	    inode != st->st_ino || major_number != major(st->st_dev) ||
	    minor_number != minor(st->st_dev))
		return 0;
	return pid > 0 && pid != getpid() ? pid : 0;
}

/* 0 if no other process is listed. */
static long
find_holder(const char *kind, const struct stat *st)
{
	struct buf b = {0};
	struct fail ignored;
	const char *line;
	long pid = 0;

	if (file_read(&b, "/proc/locks", FILE_MAX, NULL, &ignored) == 0) {
		line = buf_cstr(&b);
		while (pid == 0 && line != NULL) {
			pid = match_line(line, kind, st);
			line = strchr(line, '\n');
			line = line != NULL ? line + 1 : NULL;
		}
	}
	buf_free(&b);
	return pid;
}

static void
name_process(char out[LOCK_HOLDER_SIZE], long pid)
{
	char path[LOCK_HOLDER_SIZE];
	struct buf name = {0};
	struct fail ignored;

	if (pid == 0) {
		strcpy(out, "another process");
		return;
	}
	snprintf(path, sizeof(path), "/proc/%ld/comm", pid);
	if (file_read(&name, path, FILE_MAX, NULL, &ignored) == 0 &&
	    name.len > 1)
		snprintf(out, LOCK_HOLDER_SIZE, "process %ld (%.*s)", pid,
		    (int)name.len - 1, name.p);
	else
		snprintf(out, LOCK_HOLDER_SIZE, "process %ld", pid);
	buf_free(&name);
}

void
lock_holder_flock(char out[LOCK_HOLDER_SIZE], int fd)
{
	struct stat st;

	name_process(out, fstat(fd, &st) == 0 ? find_holder("FLOCK", &st) : 0);
}

/* By stat(2): to open and close the files would drop locks of our own. */
void
lock_holder_sqlite(char out[LOCK_HOLDER_SIZE], const char *path)
{
	char *shm = db_files_beside(path, "-shm");
	struct stat st;
	long pid = 0;

	if (stat(shm, &st) == 0)
		pid = find_holder("POSIX", &st);
	if (pid == 0 && stat(path, &st) == 0)
		pid = find_holder("POSIX", &st);
	free(shm);
	name_process(out, pid);
}
