#include "port/ledger_sqlite/journal.h"

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
#include "base/folder.h"
#include "base/map.h"
#include "base/mem.h"
#include "mail/record/journal_line.h"
#include "mail/record/journal_text.h"
#include "port/ledger_sqlite/journal_dir.h"

#define RESERVE ((size_t)128 * 1024) /* bytes at a time */
#define OUTCOME_ROOM ((size_t)2048)  /* bytes of its line, with a long reply */
#define TRIES 100 /* to make a file, while others sweep those of the dead */

struct journal {
	int dirfd;
	int fd;
	char owner[JOURNAL_DIR_OWNER_MAX];
	uint32_t seed; /* of the lines' CRC */
	int64_t generation;
	bool durable;
	size_t size;      /* of the lines in the file */
	size_t good;      /* of those that have been synced, if durable */
	off_t reserved;   /* length of the file: zeros follow the lines */
	size_t room;      /* bytes of it for outcomes to come */
	bool broken;      /* a write or sync has failed */
	int dropped;      /* errno of a record without a place, not yet told */
	int lost;         /* errno of an outcome without a place */
	struct buf fresh; /* lines that are not in the file yet */

	struct map *mailings; /* those whose course the file has */
	struct buf mailing;   /* the last one's key in the map */
};

/* In a shared folder the umask must not keep the group's others out. */
static int
open_dir(const char *dir, struct fail *f)
{
	int fd;

	bool made = mkdir(dir, 0770) == 0;

	if (made && folder_shared(dir))
		(void)chmod(dir, 02770);
	else if (!made && errno != EEXIST)
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
name_owner(char owner[JOURNAL_DIR_OWNER_MAX])
{
	struct timespec ts;
	uint32_t salt;

	clock_gettime(CLOCK_REALTIME, &ts);
	crypto_random(&salt, sizeof(salt));
	snprintf(owner, JOURNAL_DIR_OWNER_MAX, "%ld-%lld%03ld-%08x",
	    (long)getpid(), (long long)ts.tv_sec, ts.tv_nsec / 1000000,
	    (unsigned)salt);
}

/* A file system that cannot reserve shows a full disk in the write. */
static int
reserve_range(int fd, size_t at, size_t n)
{
	int rc = 0;

	do
		rc = n > 0 ? fallocate(fd, 0, (off_t)at, (off_t)n) : 0;
	while (rc < 0 && errno == EINTR);
	return rc < 0 && errno != EOPNOTSUPP && errno != ENOSYS ? -1 : 0;
}

/*
 * A descriptor with the lock, the text and room behind it; -1 and, in errno,
 * EAGAIN: swept.
 */
static int
make_locked(
    int dirfd, const char *tmp, const char *name, struct str text, size_t room)
{
	int fd =
	    openat(dirfd, tmp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0660);
	struct stat folder;
	int error;

	if (fd < 0)
		return -1;
	if (fstat(dirfd, &folder) == 0 && (folder.st_mode & S_ISGID) != 0)
		(void)fchmod(fd, 0660);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 &&
	    write(fd, text.p, text.n) == (ssize_t)text.n &&
	    reserve_range(fd, text.n, room) == 0 && fsync(fd) == 0) {
		if (renameat(dirfd, tmp, dirfd, name) == 0)
			return fd;
		errno = errno == ENOENT ? EAGAIN : errno;
	}
	error = errno;
	(void)unlinkat(dirfd, tmp, 0);
	(void)close(fd);
	errno = error;
	return -1;
}

/*
 * Locks the file before it gets its name: a file with the suffix and without a
 * lock has a dead owner. Between its creation and the lock another process can
 * take it for one that a dead process has left.
 */
static int
create_locked(
    int dirfd, const char *owner, struct str text, size_t room, struct fail *f)
{
	char tmp[JOURNAL_DIR_NAME_MAX], name[JOURNAL_DIR_NAME_MAX];
	int fd = -1;

	snprintf(tmp, sizeof(tmp), "%s" JOURNAL_DIR_TEMPORARY, owner);
	snprintf(name, sizeof(name), "%s" JOURNAL_DIR_SUFFIX, owner);
	errno = EAGAIN;
	for (int i = 0; fd < 0 && errno == EAGAIN && i < TRIES; i++)
		fd = make_locked(dirfd, tmp, name, text, room);
	if (fd < 0)
		return fail_errno(f, "journal %s", tmp);
	if (sync_dir(dirfd, f) < 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

int
journal_open(
    struct journal **out, const char *dir, bool durable, struct fail *f)
{
	struct journal *j = mem_new(sizeof(*j));
	struct buf header = {0};

	j->fd = -1;
	name_owner(j->owner);
	j->seed = journal_line_seed(str_of(j->owner));
	j->generation = 1;
	j->durable = durable;
	j->mailings = map_new(1);
	j->dirfd = open_dir(dir, f);
	journal_text_header(&header, str_of(j->owner), j->generation);
	if (j->dirfd >= 0)
		j->fd =
		    create_locked(j->dirfd, j->owner, buf_str(&header), 0, f);
	j->size = j->good = header.len;
	buf_free(&header);
	if (j->fd < 0) {
		journal_close(j, JOURNAL_KEEP);
		return -1;
	}
	*out = j;
	return 0;
}

void
journal_close(struct journal *j, enum journal_end end)
{
	char name[JOURNAL_DIR_NAME_MAX];

	if (j == NULL)
		return;
	snprintf(name, sizeof(name), "%s" JOURNAL_DIR_SUFFIX, j->owner);
	if (end == JOURNAL_REMOVE)
		(void)unlinkat(j->dirfd, name, 0);
	else if (end == JOURNAL_SET_ASIDE)
		(void)journal_dir_set_aside(j->dirfd, j->owner);
	if (j->fd >= 0)
		(void)close(j->fd);
	if (j->dirfd >= 0)
		(void)close(j->dirfd);
	map_free(j->mailings);
	buf_free(&j->mailing);
	buf_free(&j->fresh);
	free(j);
}

const char *
journal_owner(const struct journal *j)
{
	return j->owner;
}

struct journal_place
journal_place(const struct journal *j)
{
	return (struct journal_place){
	    j->owner, {j->generation, (int64_t)j->good}};
}

/* True for the first record of a mailing, or of another content of it. */
static bool
is_new_mailing(struct journal *j, const struct journal_record *r)
{
	size_t n = r->email_id.n;
	bool *known;

	if (r->course_id.p == NULL)
		return false;
	if (j->mailing.len == n + 1 + r->content.n &&
	    memcmp(j->mailing.p, r->email_id.p, n) == 0 &&
	    (r->content.n == 0 ||
		memcmp(j->mailing.p + n + 1, r->content.p, r->content.n) == 0))
		return false;
	buf_reset(&j->mailing);
	buf_addstr(&j->mailing, r->email_id);
	buf_addc(&j->mailing, '\0');
	buf_addstr(&j->mailing, r->content);
	known = map_put(j->mailings, buf_str(&j->mailing));
	if (*known)
		return false;
	*known = true;
	return true;
}

static void
put_framed(struct journal *j, struct buf *b,
    const struct journal_record *record, size_t size, size_t good)
{
	struct journal_record r = *record;
	size_t start = b->len;

	if (!is_new_mailing(j, record))
		r.course_id = r.content = r.subject = (struct str){0};
	journal_record_put(b, &r);
	journal_line_frame(
	    b, start, j->seed, (int64_t)(size + start), (int64_t)good);
}

/*
 * Room for n bytes behind the lines of the file. Syncing a line into reserved
 * space takes the disk half as long as growing the file, and works when the
 * disk is full.
 */
static int
reserve_space(struct journal *j, size_t n)
{
	off_t end = (off_t)(j->size + n);

	if (end <= j->reserved)
		return 0;
	if (reserve_range(j->fd, j->size, n + RESERVE) == 0)
		j->reserved = end + (off_t)RESERVE;
	else if (reserve_range(j->fd, j->size, n) == 0)
		j->reserved = end;
	else
		return -1;
	return 0;
}

void
journal_put(struct journal *j, const struct journal_record *record)
{
	size_t before = j->fresh.len;

	put_framed(j, &j->fresh, record, j->size, j->good);
	if (j->broken || reserve_space(j, j->fresh.len + j->room) == 0)
		return;
	j->fresh.len = before;
	j->dropped = errno;
	if (record->kind == JOURNAL_OUTCOME)
		j->lost = errno;
}

void
journal_keep_room(struct journal *j, size_t outcomes)
{
	j->room = outcomes * OUTCOME_ROOM;
}

bool
journal_unsynced(const struct journal *j)
{
	return j->fresh.len > 0 || j->dropped != 0 || j->lost != 0;
}

static int
append_lines(struct journal *j, struct str lines, struct fail *f)
{
	ssize_t n;

	do
		n = write(j->fd, lines.p, lines.n);
	while (n < 0 && errno == EINTR);
	if (n >= 0 && (size_t)n < lines.n)
		errno = ENOSPC; /* the cause of a short write to a file */
	if (n != (ssize_t)lines.n)
		return fail_errno(f, "journal %s: write", j->owner);
	j->size += lines.n;
	if (!j->durable)
		j->good = j->size;
	return 0;
}

static int
write_fresh(struct journal *j, struct fail *f)
{
	if (j->broken)
		return fail_system(
		    f, "journal %s: an earlier write failed", j->owner);
	if (j->fresh.len == 0)
		return 0;
	j->broken = append_lines(j, buf_str(&j->fresh), f) < 0;
	if (j->broken)
		return -1;
	buf_reset(&j->fresh);
	return 0;
}

/* A record without a place fails one call, an outcome all. */
static int
check_dropped(struct journal *j, struct fail *f)
{
	errno = j->lost != 0 ? j->lost : j->dropped;
	j->dropped = 0;
	return errno == 0 ? 0 : fail_errno(f, "journal %s: write", j->owner);
}

int
journal_write(struct journal *j, struct fail *f)
{
	return write_fresh(j, f) < 0 ? -1 : check_dropped(j, f);
}

int
journal_sync(struct journal *j, struct fail *f)
{
	if (write_fresh(j, f) < 0)
		return -1;
	if (j->good < j->size) {
		j->broken = fdatasync(j->fd) < 0;
		if (j->broken)
			return fail_errno(f, "journal %s: fdatasync", j->owner);
		j->good = j->size;
	}
	return check_dropped(j, f);
}

int
journal_renew(struct journal *j, const struct journal_record *records,
    size_t count, struct fail *f)
{
	struct buf text = {0};
	int fd;

	map_free(j->mailings);
	j->mailings = map_new(1);
	buf_reset(&j->mailing);
	journal_text_header(&text, str_of(j->owner), j->generation + 1);
	for (size_t i = 0; i < count; i++)
		put_framed(j, &text, &records[i], 0, 0);
	fd = create_locked(j->dirfd, j->owner, buf_str(&text), j->room, f);
	if (fd >= 0) {
		(void)close(j->fd);
		j->fd = fd;
		j->generation++;
		j->size = j->good = text.len;
		j->reserved = (off_t)(text.len + j->room);
	}
	buf_free(&text);
	return fd < 0 ? -1 : 0;
}

int
journal_read(struct journal *j, struct buf *b, struct fail *f)
{
	if (journal_dir_read(j->fd, b) < 0)
		return fail_errno(f, "journal %s: read", j->owner);
	return 0;
}
