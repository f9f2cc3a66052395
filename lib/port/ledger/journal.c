#include "port/ledger/journal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/mem.h"

#define SUFFIX ".log"
#define OWNER_MAX 64
#define RESERVE ((off_t)128 * 1024) /* bytes at a time */

struct journal {
	int dirfd;
	int fd;
	char owner[OWNER_MAX];
	size_t size;
	off_t reserved; /* length of the file: zeros follow the lines */
	bool broken;    /* a write or sync has failed */
};

/* fchmod: the umask must not keep the other users of the group out. */
static int
open_dir(const char *dir, struct fail *f)
{
	int fd;

	if (mkdir(dir, 0770) == 0)
		(void)chmod(dir, 02770);
	else if (errno != EEXIST)
		return fail_errno(f, "%s", dir);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fail_errno(f, "%s", dir);
	return fd;
}

static int
sync_dir(int dirfd, struct fail *f)
{
	if (fsync(dirfd) < 0)
		return fail_errno(f, "journal folder: fsync");
	return 0;
}

/* With time and random bits, since process ids are used again. */
static void
name_owner(char owner[OWNER_MAX])
{
	struct timespec ts;
	uint32_t salt;

	clock_gettime(CLOCK_REALTIME, &ts);
	crypto_random(&salt, sizeof(salt));
	snprintf(owner, OWNER_MAX, "%ld-%lld%03ld-%08x", (long)getpid(),
	    (long long)ts.tv_sec, ts.tv_nsec / 1000000, (unsigned)salt);
}

/*
 * Locks the file before it gets its name: a file with the suffix and without a
 * lock has a dead owner.
 */
static int
create_locked(int dirfd, const char *owner, struct str lines, struct fail *f)
{
	char tmp[OWNER_MAX + 8], name[OWNER_MAX + 8];
	int fd;

	snprintf(tmp, sizeof(tmp), "%s.tmp", owner);
	snprintf(name, sizeof(name), "%s" SUFFIX, owner);
	fd = openat(dirfd, tmp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0660);
	if (fd < 0)
		return fail_errno(f, "journal %s", tmp);
	(void)fchmod(fd, 0660);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0 ||
	    (lines.n > 0 && write(fd, lines.p, lines.n) != (ssize_t)lines.n) ||
	    fsync(fd) < 0 || renameat(dirfd, tmp, dirfd, name) < 0) {
		fail_errno(f, "journal %s", tmp);
		(void)unlinkat(dirfd, tmp, 0);
		(void)close(fd);
		return -1;
	}
	if (sync_dir(dirfd, f) < 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

int
journal_open(struct journal **out, const char *dir, struct fail *f)
{
	struct journal *j = mem_new(sizeof(*j));

	j->fd = -1;
	name_owner(j->owner);
	j->dirfd = open_dir(dir, f);
	if (j->dirfd >= 0)
		j->fd = create_locked(j->dirfd, j->owner, (struct str){0}, f);
	if (j->fd < 0) {
		journal_close(j, false);
		return -1;
	}
	*out = j;
	return 0;
}

void
journal_close(struct journal *j, bool remove)
{
	char name[OWNER_MAX + 8];

	if (j == NULL)
		return;
	if (remove) {
		snprintf(name, sizeof(name), "%s" SUFFIX, j->owner);
		(void)unlinkat(j->dirfd, name, 0);
	}
	if (j->fd >= 0)
		(void)close(j->fd);
	if (j->dirfd >= 0)
		(void)close(j->dirfd);
	free(j);
}

const char *
journal_owner(const struct journal *j)
{
	return j->owner;
}

size_t
journal_size(const struct journal *j)
{
	return j->size;
}

/*
 * Syncing a line into reserved space takes the disk half as long as growing
 * the file. A failure shows in the write.
 */
static void
reserve_space(struct journal *j, size_t n)
{
	off_t end = (off_t)(j->size + n);

	if (end <= j->reserved)
		return;
	(void)fallocate(j->fd, 0, (off_t)j->size, (off_t)n + RESERVE);
	j->reserved = end + RESERVE;
}

int
journal_write(struct journal *j, struct str lines, bool durable, struct fail *f)
{
	ssize_t n;

	if (j->broken)
		return fail_system(
		    f, "journal %s: an earlier write failed", j->owner);
	if (lines.n == 0)
		return 0;
	reserve_space(j, lines.n);
	j->broken = true;
	do
		n = write(j->fd, lines.p, lines.n);
	while (n < 0 && errno == EINTR);
	if (n >= 0 && (size_t)n < lines.n)
		errno = ENOSPC; /* the cause of a short write to a file */
	if (n != (ssize_t)lines.n)
		return fail_errno(f, "journal %s: write", j->owner);
	if (durable && fdatasync(j->fd) < 0)
		return fail_errno(f, "journal %s: fdatasync", j->owner);
	j->size += lines.n;
	j->broken = false;
	return 0;
}

int
journal_rewrite(struct journal *j, struct str lines, struct fail *f)
{
	int fd = create_locked(j->dirfd, j->owner, lines, f);

	if (fd < 0)
		return -1;
	(void)close(j->fd);
	j->fd = fd;
	j->size = lines.n;
	j->reserved = 0;
	return 0;
}

/* Reads up to the first zero, where reserved space begins. */
static int
read_lines(int fd, const char *name, struct buf *b, struct fail *f)
{
	off_t at = 0;
	const char *zero;

	for (;;) {
		ssize_t n = pread(fd, buf_reserve(b, 65536), 65536, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_errno(f, "journal %s: read", name);
		zero = n > 0 ? memchr(b->p + b->len, '\0', (size_t)n) : NULL;
		if (zero != NULL)
			n = zero - (b->p + b->len);
		b->len += (size_t)n;
		at += n;
		if (n == 0 || zero != NULL)
			return 0;
	}
}

int
journal_read(struct journal *j, struct buf *b, struct fail *f)
{
	return read_lines(j->fd, j->owner, b, f);
}

/*
 * The locked descriptor of a dead owner's journal; -1 when the owner lives or
 * the name has another file by now (rewritten, or removed by a process that
 * was faster).
 */
static int
lock_dead(int dirfd, const char *name)
{
	struct stat here, there;
	int fd = openat(dirfd, name, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &here) == 0 &&
	    fstatat(dirfd, name, &there, 0) == 0 &&
	    here.st_ino == there.st_ino && here.st_dev == there.st_dev)
		return fd;
	(void)close(fd);
	return -1;
}

static void
copy_owner(char owner[OWNER_MAX], const char *name)
{
	snprintf(owner, OWNER_MAX, "%.*s", (int)(strlen(name) - strlen(SUFFIX)),
	    name);
}

static int
visit_dead(
    int dirfd, const char *name, journal_fn *fn, void *ctx, struct fail *f)
{
	char owner[OWNER_MAX];
	struct buf content = {0};
	int fd = lock_dead(dirfd, name), rc;

	if (fd < 0)
		return 0;
	copy_owner(owner, name);
	rc = read_lines(fd, owner, &content, f);
	if (rc == 0)
		rc = fn(ctx, owner, buf_str(&content), f);
	if (rc == 0 && unlinkat(dirfd, name, 0) < 0)
		rc = fail_errno(f, "journal %s", name);
	buf_free(&content);
	(void)close(fd);
	return rc;
}

static bool
is_journal(const char *name)
{
	size_t n = strlen(name), s = strlen(SUFFIX);

	return n > s && n - s < OWNER_MAX && strcmp(name + n - s, SUFFIX) == 0;
}

/* A journal that its owner has just removed is skipped. */
static int
visit_any(
    int dirfd, const char *name, journal_fn *fn, void *ctx, struct fail *f)
{
	char owner[OWNER_MAX];
	struct buf content = {0};
	int fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return fail_errno(f, "journal %s", name);
	copy_owner(owner, name);
	rc = read_lines(fd, owner, &content, f);
	if (rc == 0)
		rc = fn(ctx, owner, buf_str(&content), f);
	buf_free(&content);
	(void)close(fd);
	return rc;
}

typedef int visit_fn(
    int dirfd, const char *name, journal_fn *, void *ctx, struct fail *);

static int
visit_each(
    const char *dir, visit_fn *visit, journal_fn *fn, void *ctx, struct fail *f)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int rc = 0;

	if (d == NULL && errno == ENOENT)
		return 0;
	if (d == NULL)
		return fail_errno(f, "%s", dir);
	while (rc == 0 && (e = readdir(d)) != NULL) {
		if (is_journal(e->d_name))
			rc = visit(dirfd(d), e->d_name, fn, ctx, f);
	}
	(void)closedir(d);
	return rc;
}

int
journal_each_dead(const char *dir, journal_fn *fn, void *ctx, struct fail *f)
{
	return visit_each(dir, visit_dead, fn, ctx, f);
}

int
journal_each(const char *dir, journal_fn *fn, void *ctx, struct fail *f)
{
	return visit_each(dir, visit_any, fn, ctx, f);
}

bool
journal_exists(const char *dir, const char *owner)
{
	struct buf path = {0};
	bool found;

	buf_printf(&path, "%s/%s" SUFFIX, dir, owner);
	found = access(buf_cstr(&path), F_OK) == 0;
	buf_free(&path);
	return found;
}
