#include "port/ledger_sqlite/journal_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK 65536

/* A visit to a folder. */
struct visit {
	const char *dir;
	int dirfd;
	journal_dir_fn *fn;
	void *ctx;
};

int
journal_dir_read(int fd, struct buf *b)
{
	off_t at = 0;

	for (;;) {
		ssize_t n = pread(fd, buf_reserve(b, CHUNK), CHUNK, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return (int)n;
		b->len += (size_t)n;
		at += n;
	}
}

static bool
ends_in(const char *name, const char *suffix)
{
	size_t n = strlen(name), s = strlen(suffix);

	return n > s && n - s < JOURNAL_DIR_OWNER_MAX &&
	       strcmp(name + n - s, suffix) == 0;
}

static void
copy_owner(char owner[JOURNAL_DIR_OWNER_MAX], const char *name)
{
	snprintf(owner, JOURNAL_DIR_OWNER_MAX, "%.*s",
	    (int)(strlen(name) - strlen(JOURNAL_DIR_SUFFIX)), name);
}

static int
fail_file(const struct visit *v, const char *name, struct fail *f)
{
	return fail_errno(f, "journal %s/%s", v->dir, name);
}

/*
 * A descriptor; -2 if there is no journal: it was removed, or the name has a
 * link, a pipe or a folder, which no sender makes; -1 if it is of a stranger.
 */
static int
open_journal(const struct visit *v, const char *name, int mode, struct fail *f)
{
	int fd =
	    openat(v->dirfd, name, mode | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st, folder;
	bool ours;

	if (fd < 0)
		return errno == ENOENT || errno == ELOOP || errno == EISDIR ||
			       errno == ENXIO
			   ? -2
			   : fail_file(v, name, f);
	if (fstat(fd, &st) < 0 || fstat(v->dirfd, &folder) < 0) {
		fail_file(v, name, f);
		(void)close(fd);
		return -1;
	}
	ours = st.st_uid == geteuid() || st.st_uid == 0 ||
	       st.st_uid == folder.st_uid || st.st_gid == folder.st_gid;
	if (S_ISREG(st.st_mode) && ours)
		return fd;
	(void)close(fd);
	if (!S_ISREG(st.st_mode))
		return -2;
	return fail_system(f,
	    "journal %s/%s: belongs to uid %lu, who has no part in this "
	    "folder; look at it, then remove it or chown it",
	    v->dir, name, (unsigned long)st.st_uid);
}

/* Reads the open file and calls the visitor. */
static int
call_visitor(const struct visit *v, int fd, const char *name, struct fail *f)
{
	char owner[JOURNAL_DIR_OWNER_MAX];
	struct buf content = {0};
	int rc;

	copy_owner(owner, name);
	rc = journal_dir_read(fd, &content);
	if (rc < 0)
		fail_file(v, name, f);
	else
		rc = v->fn(v->ctx, owner, buf_str(&content), f);
	buf_free(&content);
	return rc;
}

/*
 * 1, and *fd has the lock of a dead owner's file; 0 if the owner lives or the
 * name has another file by now (renewed, or removed by a process that was
 * faster); -1 if neither can be told.
 */
static int
lock_dead(const struct visit *v, const char *name, int *fd, struct fail *f)
{
	struct stat here, there;
	int rc = 0;

	*fd = open_journal(v, name, O_RDWR, f);
	if (*fd < 0)
		return *fd == -2 ? 0 : -1;
	if (flock(*fd, LOCK_EX | LOCK_NB) < 0)
		rc = errno == EWOULDBLOCK ? 0 : fail_file(v, name, f);
	else if (fstat(*fd, &here) < 0 ||
		 fstatat(v->dirfd, name, &there, AT_SYMLINK_NOFOLLOW) < 0)
		rc = errno == ENOENT ? 0 : fail_file(v, name, f);
	else
		rc = here.st_ino == there.st_ino && here.st_dev == there.st_dev;
	if (rc <= 0)
		(void)close(*fd);
	return rc;
}

int
journal_dir_set_aside(int dirfd, const char *owner)
{
	char from[JOURNAL_DIR_NAME_MAX], to[JOURNAL_DIR_NAME_MAX];

	snprintf(from, sizeof(from), "%s" JOURNAL_DIR_SUFFIX, owner);
	snprintf(to, sizeof(to), "%s" JOURNAL_DIR_BAD, owner);
	return renameat(dirfd, from, dirfd, to);
}

static int
visit_dead(const struct visit *v, const char *name, struct fail *f)
{
	char owner[JOURNAL_DIR_OWNER_MAX];
	int fd, rc = lock_dead(v, name, &fd, f);

	if (rc <= 0)
		return rc;
	copy_owner(owner, name);
	rc = call_visitor(v, fd, name, f);
	if ((rc == JOURNAL_DIR_REMOVE && unlinkat(v->dirfd, name, 0) < 0) ||
	    (rc == JOURNAL_DIR_SET_ASIDE &&
		journal_dir_set_aside(v->dirfd, owner) < 0))
		rc = fail_file(v, name, f);
	(void)close(fd);
	return rc < 0 ? -1 : 0;
}

/* A file without its name is that of a process that died, or is alive still. */
static int
sweep_temporary(const struct visit *v, const char *name, struct fail *f)
{
	int fd, rc = lock_dead(v, name, &fd, f);

	if (rc <= 0)
		return rc;
	rc = unlinkat(v->dirfd, name, 0);
	if (rc < 0)
		fail_file(v, name, f);
	(void)close(fd);
	return rc;
}

static int
visit_dead_or_sweep(const struct visit *v, const char *name, struct fail *f)
{
	if (ends_in(name, JOURNAL_DIR_TEMPORARY))
		return sweep_temporary(v, name, f);
	if (ends_in(name, JOURNAL_DIR_SUFFIX))
		return visit_dead(v, name, f);
	return 0;
}

/* A journal that its owner has just removed is skipped. */
static int
visit_any(const struct visit *v, const char *name, struct fail *f)
{
	int fd, rc;

	if (!ends_in(name, JOURNAL_DIR_SUFFIX))
		return 0;
	fd = open_journal(v, name, O_RDONLY, f);
	if (fd < 0)
		return fd == -2 ? 0 : -1;
	rc = call_visitor(v, fd, name, f);
	(void)close(fd);
	return rc < 0 ? -1 : 0;
}

typedef int visit_fn(const struct visit *, const char *name, struct fail *);

static int
visit_each(struct visit *v, visit_fn *visit, struct fail *f)
{
	DIR *d = opendir(v->dir);
	struct dirent *e;
	int rc = 0;

	if (d == NULL && errno == ENOENT)
		return 0;
	if (d == NULL)
		return fail_errno(f, "%s", v->dir);
	v->dirfd = dirfd(d);
	while (errno = 0, rc == 0 && (e = readdir(d)) != NULL)
		rc = visit(v, e->d_name, f);
	if (rc == 0 && errno != 0)
		rc = fail_errno(f, "%s", v->dir);
	(void)closedir(d);
	return rc;
}

int
journal_dir_each_dead(
    const char *dir, journal_dir_fn *fn, void *ctx, struct fail *f)
{
	struct visit v = {.dir = dir, .fn = fn, .ctx = ctx};

	return visit_each(&v, visit_dead_or_sweep, f);
}

int
journal_dir_each(const char *dir, journal_dir_fn *fn, void *ctx, struct fail *f)
{
	struct visit v = {.dir = dir, .fn = fn, .ctx = ctx};

	return visit_each(&v, visit_any, f);
}

static void
put_path(struct buf *path, const char *dir, const char *owner)
{
	buf_printf(path, "%s/%s" JOURNAL_DIR_SUFFIX, dir, owner);
}

bool
journal_dir_has(const char *dir, const char *owner)
{
	struct buf path = {0};
	bool found;

	put_path(&path, dir, owner);
	found = access(buf_cstr(&path), F_OK) == 0;
	buf_free(&path);
	return found;
}

bool
journal_dir_is_locked(const char *dir, const char *owner)
{
	struct buf path = {0};
	bool locked;
	int fd;

	put_path(&path, dir, owner);
	fd = open(
	    buf_cstr(&path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	locked =
	    fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
	if (fd >= 0)
		(void)close(fd);
	buf_free(&path);
	return locked;
}
