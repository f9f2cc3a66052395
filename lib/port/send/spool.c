#include "port/send/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/mem.h"

#define WRITE_SIZE (256 * 1024) /* bytes buffered for one write(2) */

/* A batch that is written and synced, but not published. */
struct complete_batch {
	long long count;
	char sha256[65];
};

struct spool {
	struct spool_params params;
	struct buf dir; /* in the form that goes before each name */
	int folder;     /* its descriptor; holds the lock */

	int fd; /* of the batch being written, or -1 */
	long long count;
	struct buf pending; /* bytes not yet written to fd */
	struct crypto_hash *hash;

	long long published;
	struct complete_batch
	    *complete; /* these follow the published batches */
	size_t complete_count;
};

static void
final_name(char out[32], long long number)
{
	snprintf(out, 32, "%06lld.ndjson", number);
}

static void
part_name(char out[32], long long number)
{
	snprintf(out, 32, ".%06lld.part", number);
}

/* The number in "000001.ndjson" or ".000001.part", or 0. */
static long long
parse_batch_name(const char *name, const char *prefix, const char *suffix)
{
	size_t n = strlen(prefix), digits;
	char *end;
	long long number;

	if (strncmp(name, prefix, n) != 0)
		return 0;
	digits = strspn(name + n, "0123456789");
	if (digits < 6 || digits > 18)
		return 0;
	number = strtoll(name + n, &end, 10);
	return strcmp(end, suffix) == 0 ? number : 0;
}

/* Remove all batches above a number, and all parts. */
static int
remove_batches(struct spool *s, bool parts, long long above, struct fail *f)
{
	int fd = fcntl(s->folder, F_DUPFD_CLOEXEC, 0);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *e;
	int result = 0;

	if (d == NULL)
		return fail_errno(f, "%s: cannot list", s->params.dir);
	rewinddir(d);
	while (result == 0 && (e = readdir(d)) != NULL) {
		long long n = parts
				  ? parse_batch_name(e->d_name, ".", ".part")
				  : parse_batch_name(e->d_name, "", ".ndjson");

		if (n > above && unlinkat(s->folder, e->d_name, 0) < 0)
			result = fail_errno(f, "%s/%s: cannot remove",
			    s->params.dir, e->d_name);
	}
	closedir(d);
	return result;
}

/* With the lock, remove the parts of a killed run. */
static int
lock_folder(struct spool *s, struct fail *f)
{
	const char *dir = s->params.dir;

	if (flock(s->folder, LOCK_EX | LOCK_NB) == 0)
		return remove_batches(s, true, 0, f);
	if (errno == EWOULDBLOCK)
		fail_temp(
		    f, "%s: the folder is in use by another process", dir);
	else
		fail_errno(f, "%s: cannot lock the folder", dir);
	close(s->folder);
	s->folder = -1;
	return -1;
}

/* 1: open and locked; 0: missing, and not needed; -1: TEMP or SYSTEM. */
static int
open_folder(struct spool *s, bool needed, struct fail *f)
{
	const char *dir = s->params.dir;

	if (needed && folder_make(dir, f) < 0)
		return -1;
	s->folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->folder < 0 && errno == ENOENT && !needed)
		return 0;
	if (s->folder < 0)
		return fail_errno(f, "%s: cannot open the folder", dir);
	return lock_folder(s, f) == 0 ? 1 : -1;
}

int
spool_open(
    struct spool **out, const struct spool_params *params, struct fail *f)
{
	struct spool *s = mem_new(sizeof(*s));
	size_t n = strlen(params->dir);

	s->params = *params;
	s->fd = s->folder = -1;
	while (n > 1 && params->dir[n - 1] == '/')
		n--;
	/* "-x/..." would be an option to programs that get it. */
	if (params->dir[0] == '-')
		buf_adds(&s->dir, "./");
	buf_add(&s->dir, params->dir, n);
	s->params.dir = buf_cstr(&s->dir);
	if (open_folder(s, false, f) < 0) {
		spool_close(s);
		return -1;
	}
	*out = s;
	return 0;
}

static long long
current_number(const struct spool *s)
{
	return s->published + (long long)s->complete_count + 1;
}

static int
write_failed(struct spool *s, struct fail *f)
{
	char name[32];

	final_name(name, current_number(s));
	return fail_errno(f, "%s/%s: cannot write", s->params.dir, name);
}

static int
open_batch(struct spool *s, struct fail *f)
{
	char name[32];

	if (s->folder < 0 && open_folder(s, true, f) < 0)
		return -1;
	part_name(name, current_number(s));
	s->fd = openat(
	    s->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	if (s->fd < 0)
		return write_failed(s, f);
	s->hash = crypto_hash_new();
	return 0;
}

static int
write_pending(struct spool *s, struct fail *f)
{
	crypto_hash_add(s->hash, s->pending.p, s->pending.len);
	if (file_write(s->fd, buf_str(&s->pending)) < 0)
		return write_failed(s, f);
	buf_reset(&s->pending);
	return 0;
}

static void
add_complete(struct spool *s)
{
	unsigned char digest[CRYPTO_SHA256];
	struct buf hex = {0};
	struct complete_batch *d;

	crypto_hash_finish(s->hash, digest);
	s->hash = NULL;
	crypto_hex(&hex, digest, sizeof(digest));
	s->complete =
	    mem_grow(s->complete, s->complete_count + 1, sizeof(*s->complete));
	d = &s->complete[s->complete_count++];
	d->count = s->count;
	memcpy(d->sha256, buf_cstr(&hex), sizeof(d->sha256));
	buf_free(&hex);
	s->count = 0;
}

static int
call_back(struct spool *s, spool_fn *fn, long long number,
    const struct complete_batch *d, struct fail *f)
{
	struct spool_batch batch = {.count = d->count};
	struct buf path = {0};
	char name[32];
	int result;

	final_name(name, number);
	buf_printf(&path, "%s/%s", s->params.dir, name);
	batch.name = name;
	batch.path = buf_cstr(&path);
	memcpy(batch.sha256, d->sha256, sizeof(batch.sha256));
	result = fn(s->params.ctx, &batch, f);
	buf_free(&path);
	return result;
}

/* Write and sync the rest; the batch keeps its hidden name. */
static int
complete_batch(struct spool *s, struct fail *f)
{
	int fd = s->fd;

	if (write_pending(s, f) < 0)
		return -1;
	if (fsync(fd) < 0)
		return write_failed(s, f);
	s->fd = -1;
	if (close(fd) < 0)
		return write_failed(s, f);
	add_complete(s);
	if (s->params.written == NULL)
		return 0;
	return call_back(s, s->params.written, current_number(s) - 1,
	    &s->complete[s->complete_count - 1], f);
}

/* Rename all complete batches, sync the folder, then call back. */
static int
publish_batches(struct spool *s, struct fail *f)
{
	char from[32], to[32];

	for (size_t i = 0; i < s->complete_count; i++) {
		part_name(from, s->published + (long long)i + 1);
		final_name(to, s->published + (long long)i + 1);
		if (renameat(s->folder, from, s->folder, to) < 0)
			return fail_errno(
			    f, "%s/%s: cannot publish", s->params.dir, to);
	}
	if (fsync(s->folder) < 0)
		return fail_errno(f, "%s: cannot sync", s->params.dir);
	for (size_t i = 0; i < s->complete_count; i++) {
		if (call_back(s, s->params.published,
			s->published + (long long)i + 1, &s->complete[i],
			f) < 0)
			return -1;
	}
	s->published += (long long)s->complete_count;
	s->complete_count = 0;
	return 0;
}

int
spool_add(struct spool *s, struct str record, struct fail *f)
{
	if (s->fd < 0 && open_batch(s, f) < 0)
		return -1;
	buf_addstr(&s->pending, record);
	buf_addc(&s->pending, '\n');
	s->count++;
	if (s->count < s->params.size)
		return s->pending.len < WRITE_SIZE ? 0 : write_pending(s, f);
	if (complete_batch(s, f) < 0)
		return -1;
	return s->params.hold ? 0 : publish_batches(s, f);
}

int
spool_seal(struct spool *s, struct fail *f)
{
	return s->fd >= 0 ? complete_batch(s, f) : 0;
}

int
spool_finish(struct spool *s, struct fail *f)
{
	if (spool_seal(s, f) < 0)
		return -1;
	if (s->complete_count > 0 && publish_batches(s, f) < 0)
		return -1;
	if (s->folder < 0)
		return 0;
	if (remove_batches(s, false, s->published, f) < 0)
		return -1;
	if (fsync(s->folder) < 0)
		return fail_errno(f, "%s: cannot sync", s->params.dir);
	return 0;
}

void
spool_close(struct spool *s)
{
	unsigned char digest[CRYPTO_SHA256];
	struct fail ignored;

	if (s == NULL)
		return;
	if (s->fd >= 0)
		close(s->fd);
	if (s->hash != NULL)
		crypto_hash_finish(s->hash, digest);
	if (s->folder >= 0) {
		remove_batches(s, true, 0, &ignored);
		close(s->folder);
	}
	buf_free(&s->pending);
	buf_free(&s->dir);
	free(s->complete);
	free(s);
}
