#include "base/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Attempts while files are renamed, which makes openat2() answer EAGAIN. */
#define ATTEMPTS 100

static int
open_beneath(int folder, const char *path)
{
	struct open_how how = {
	    .flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
	    .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
	long fd = -1;

	for (int i = 0; i < ATTEMPTS; i++) {
		fd = syscall(SYS_openat2, folder, path, &how, sizeof(how));
		if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
			break;
	}
	return (int)fd;
}

/* A sandbox without openat2() answers EPERM. */
static int
fail_resolving(const char *folder, const char *path, struct fail *f)
{
	if (errno == EXDEV)
		return fail_system(
		    f, "%s: leads out of the folder %s", path, folder);
	if (errno == ENOSYS || errno == EPERM)
		return fail_system(f,
		    "%s: this kernel cannot keep files beneath a folder "
		    "(openat2, Linux 5.6)",
		    path);
	return fail_errno(f, "%s: cannot open", path);
}

static int
read_regular(
    struct buf *b, int fd, const char *path, size_t max, struct fail *f)
{
	struct stat st;
	ssize_t n = 1;

	if (fstat(fd, &st) < 0)
		return fail_errno(f, "%s: cannot stat", path);
	if (!S_ISREG(st.st_mode))
		return fail_system(f, "%s: not a file", path);
	for (size_t got = 0; n != 0;) {
		n = read(fd, buf_reserve(b, 65536), 65536);
		if (n < 0 && errno != EINTR)
			return fail_errno(f, "%s: cannot read", path);
		b->len += n > 0 ? (size_t)n : 0;
		got += n > 0 ? (size_t)n : 0;
		if (got > max)
			return fail_system(
			    f, "%s: larger than %zu bytes", path, max);
	}
	return 0;
}

int
beneath_read(struct buf *b, const char *folder, const char *path, size_t max,
    struct fail *f)
{
	int dir = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC), fd, rc;

	if (dir < 0)
		return fail_errno(f, "%s: cannot open", folder);
	fd = open_beneath(dir, path);
	rc = fd < 0 ? fail_resolving(folder, path, f)
		    : read_regular(b, fd, path, max, f);
	if (fd >= 0)
		close(fd);
	close(dir);
	return rc;
}
