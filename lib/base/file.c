#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define PIECE 65536 /* bytes asked for by one read */

static int
read_all(struct buf *b, int fd, const char *path, size_t max, struct fail *f)
{
	size_t start = b->len;
	ssize_t n;

	for (;;) {
		n = read(fd, buf_reserve(b, PIECE), PIECE);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return fail_errno(f, "%s: cannot read", path);
		if (n == 0)
			return 0;
		b->len += (size_t)n;
		if (b->len - start > max)
			return fail_system(
			    f, "%s: larger than %zu bytes", path, max);
	}
}

int
file_read(struct buf *b, const char *path, size_t max, struct stat *st,
    struct fail *f)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int result;

	if (fd == -1)
		return fail_errno(f, "%s: cannot open", path);
	if (st != NULL && fstat(fd, st) == -1)
		result = fail_errno(f, "%s: cannot stat", path);
	else
		result = read_all(b, fd, path, max, f);
	close(fd);
	return result;
}

bool
file_is_private(const struct stat *st)
{
	return (st->st_mode & (S_IRWXO | S_IWGRP)) == 0;
}

int
file_read_secret(struct buf *b, const char *path, size_t max, struct fail *f)
{
	size_t start = b->len;
	struct stat st;

	if (file_read(b, path, max, &st, f) == -1)
		return -1;
	if (!file_is_private(&st)) {
		b->len = start;
		return fail_system(f,
		    "%s: holds a secret, but others may read it or its group "
		    "may write it (chmod o=,g-w)",
		    path);
	}
	return 0;
}
