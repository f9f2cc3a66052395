#include "base/guarded.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

/* May somebody write the folder of the path, besides root and us? */
static bool
is_others_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash == NULL
			   ? mem_dup(".", 1)
			   : mem_dup(path, (size_t)(slash + 1 - path));
	struct stat st;
	bool others = stat(folder, &st) < 0 ||
		      (st.st_mode & (S_IWGRP | S_IWOTH)) != 0 ||
		      (st.st_uid != 0 && st.st_uid != geteuid());

	free(folder);
	return others;
}

/* The file is emptied once it is known to be ours. */
static int
accept_file(int fd, const char *path, bool empty, struct fail *f)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return fail_errno(f, "%s: cannot stat", path);
	if (!S_ISREG(st.st_mode))
		return 0;
	if (st.st_uid != 0 && st.st_uid != geteuid() && is_others_folder(path))
		return fail_system(f,
		    "%s: is a file of somebody else in a folder that others "
		    "may write; remove it",
		    path);
	if (empty && ftruncate(fd, 0) < 0)
		return fail_errno(f, "%s: cannot be emptied", path);
	return 0;
}

int
guarded_write(const char *path, int flags, struct fail *f)
{
	const int how =
	    O_WRONLY | O_CREAT | O_NOCTTY | O_CLOEXEC | (flags & O_APPEND);
	int fd = open(path, how | O_NOFOLLOW, 0640);

	if (fd < 0 && errno == ELOOP) {
		if (is_others_folder(path))
			return fail_system(f,
			    "%s: is a link in a folder that others may write, "
			    "so it is not followed; remove it",
			    path);
		fd = open(path, how, 0640);
	}
	if (fd < 0)
		return fail_errno(f, "%s: cannot open", path);
	if (accept_file(fd, path, (flags & O_TRUNC) != 0, f) == 0)
		return fd;
	close(fd);
	return -1;
}

static int
read_content(
    int fd, struct buf *b, const char *path, size_t max, struct fail *f)
{
	size_t start = b->len;
	struct stat st;
	ssize_t n = 1;

	if (fstat(fd, &st) < 0)
		return fail_errno(f, "%s: cannot stat", path);
	if (!S_ISREG(st.st_mode))
		return fail_system(f, "%s: is not a regular file", path);
	while (n != 0 && b->len - start <= max) {
		n = read(fd, buf_reserve(b, 65536), 65536);
		if (n < 0 && errno != EINTR)
			return fail_errno(f, "%s: cannot read", path);
		b->len += n > 0 ? (size_t)n : 0;
	}
	if (b->len - start > max)
		return fail_system(f, "%s: larger than %zu bytes", path, max);
	return 0;
}

int
guarded_read(struct buf *b, const char *path, size_t max, struct fail *f)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return fail_errno(f, "%s: cannot open", path);
	rc = read_content(fd, b, path, max, f);
	close(fd);
	return rc;
}
