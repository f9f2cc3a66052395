#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cores.h"
#include "base/file_trust.h"

#define PIECE 65536 /* bytes asked for by one read */

static int
read_all(struct buf *b, int fd, const char *path, size_t max, struct fail *f)
{
	size_t start = b->len;
	ssize_t n;

	for (;;) {
		n = read(fd, buf_reserve(b, PIECE), PIECE);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
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

	if (fd < 0)
		return fail_errno(f, "%s: cannot open", path);
	if (st != NULL && fstat(fd, st) < 0)
		result = fail_errno(f, "%s: cannot stat", path);
	else
		result = read_all(b, fd, path, max, f);
	close(fd);
	return result;
}

int
file_read_stdin(struct buf *b, size_t max, struct fail *f)
{
	return read_all(b, STDIN_FILENO, "stdin", max, f);
}

int
file_read_secret(struct buf *b, const char *path, size_t max, struct fail *f)
{
	size_t start = b->len;
	struct stat st = {0};

	cores_forbid();
	if (file_read(b, path, max, &st, f) < 0)
		return -1;
	if (file_trust_secret(path, &st, f) < 0) {
		b->len = start;
		return -1;
	}
	return 0;
}

int
file_write(int fd, struct str s)
{
	struct pollfd ready = {.fd = fd, .events = POLLOUT};

	while (s.n > 0) {
		ssize_t n = write(fd, s.p, s.n);

		if (n >= 0)
			s = (struct str){s.p + n, s.n - (size_t)n};
		else if (errno == EAGAIN)
			poll(&ready, 1, -1);
		else if (errno != EINTR)
			return -1;
	}
	return 0;
}

void
file_sync_parent(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct buf parent = {0};
	int fd;

	if (slash == NULL)
		buf_addc(&parent, '.');
	else
		buf_add(
		    &parent, path, slash > path ? (size_t)(slash - path) : 1);
	fd = open(buf_cstr(&parent), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	buf_free(&parent);
}

static int
write_special(const char *path, struct str content, struct fail *f)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), result = 0;

	if (fd < 0 || file_write(fd, content) < 0)
		result = fail_errno(f, "%s: cannot write", path);
	if (fd >= 0)
		close(fd);
	return result;
}

static int
write_aside(const char *path, struct str content, mode_t mode, struct fail *f)
{
	struct buf aside = {0};
	int fd, result = 0;

	buf_printf(&aside, "%s.%ld.part", path, (long)getpid());
	/* Somebody may have put a link there: never write through it. */
	unlink(buf_cstr(&aside));
	fd = open(aside.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0 || file_write(fd, content) < 0 || fsync(fd) < 0 ||
	    rename(aside.p, path) < 0)
		result = fail_errno(f, "%s: cannot write", path);
	if (fd >= 0)
		close(fd);
	if (result == 0)
		file_sync_parent(path);
	else
		unlink(aside.p);
	buf_free(&aside);
	return result;
}

static const char *
get_temporary_folder(void)
{
	const char *dir = getenv("TMPDIR");

	return dir != NULL && *dir != '\0' ? dir : "/var/tmp";
}

int
file_temporary(struct fail *f)
{
	const char *dir = get_temporary_folder();
	int fd = open(dir, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);

	if (fd < 0)
		return fail_errno(
		    f, "cannot make a temporary file in %s (TMPDIR)", dir);
	return fd;
}

int
file_temporary_write(int fd, struct str s, struct fail *f)
{
	if (file_write(fd, s) < 0)
		return fail_errno(f,
		    "cannot write a temporary file in %s (TMPDIR)",
		    get_temporary_folder());
	return 0;
}

bool
file_is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode) &&
	       !S_ISDIR(st.st_mode);
}

int
file_replace(const char *path, struct str content, struct fail *f)
{
	if (file_is_special(path))
		return write_special(path, content, f);
	return write_aside(path, content, 0640, f);
}

int
file_replace_private(const char *path, struct str content, struct fail *f)
{
	return write_aside(path, content, 0600, f);
}
