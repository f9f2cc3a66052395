#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/file.h"
#include "port/mailbox/mailbox.h"

/* The folder and the three in it; others may have made them. */
static int
make_folders(const char *dir, struct fail *f)
{
	static const char *const names[] = {"", "/tmp", "/new", "/cur"};
	struct buf path = {0};
	int rc = 0;

	for (int i = 0; rc == 0 && i < 4; i++) {
		buf_reset(&path);
		buf_printf(&path, "%s%s", dir, names[i]);
		if (mkdir(buf_cstr(&path), 0700) < 0 && errno != EEXIST)
			rc = fail_errno(
			    f, "%s: cannot make it", buf_cstr(&path));
	}
	buf_free(&path);
	return rc;
}

static int
copy_stdin(int fd, const char *path, struct fail *f)
{
	char piece[65536];
	ssize_t n;

	while ((n = read(STDIN_FILENO, piece, sizeof(piece))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_errno(f, "stdin: cannot read");
		if (file_write(fd, (struct str){piece, (size_t)n}) < 0)
			return fail_errno(f, "%s: cannot write", path);
	}
	return fsync(fd) < 0 ? fail_errno(f, "%s: cannot sync", path) : 0;
}

/* No two messages have one name, on whatever host and at whatever time. */
static void
put_name(struct buf *b)
{
	unsigned char random[10];

	crypto_random(random, sizeof(random));
	buf_printf(b, "%010lld.", (long long)clock_wall_ms() / 1000);
	crypto_base32(b, random, sizeof(random));
	buf_adds(b, ".bm");
}

int
mailbox_store(const char *dir, struct fail *f)
{
	struct buf name = {0}, tmp = {0}, new = {0};
	int rc = make_folders(dir, f), fd = -1;

	put_name(&name);
	buf_printf(&tmp, "%s/tmp/%s", dir, buf_cstr(&name));
	buf_printf(&new, "%s/new/%s", dir, buf_cstr(&name));
	if (rc == 0) {
		fd = open(buf_cstr(&tmp),
		    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd < 0)
			rc = fail_errno(f, "%s: cannot make", buf_cstr(&tmp));
	}
	if (rc == 0)
		rc = copy_stdin(fd, buf_cstr(&tmp), f);
	if (fd >= 0 && close(fd) < 0 && rc == 0)
		rc = fail_errno(f, "%s: cannot write", buf_cstr(&tmp));
	if (rc == 0 && rename(buf_cstr(&tmp), buf_cstr(&new)) < 0)
		rc = fail_errno(f, "%s: cannot rename", buf_cstr(&tmp));
	if (rc == 0)
		file_sync_parent(buf_cstr(&new));
	else if (fd >= 0)
		unlink(buf_cstr(&tmp));
	buf_free(&name);
	buf_free(&tmp);
	buf_free(&new);
	return rc;
}
