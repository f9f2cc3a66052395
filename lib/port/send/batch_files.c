#include "port/send/batch_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/crypto.h"
#include "base/file.h"
#include "base/mem.h"
#include "mail/record/plan.h"

struct batch_files {
	char **files;
	int count;
	bool *keep;
};

struct batch_files *
batch_files_new(char **files, int count)
{
	struct batch_files *b = mem_new(sizeof(*b));

	b->files = files;
	b->count = count;
	b->keep = mem_new((size_t)count * sizeof(*b->keep));
	return b;
}

void
batch_files_free(struct batch_files *b)
{
	if (b == NULL)
		return;
	free(b->keep);
	free(b);
}

static bool
is_stdin(const char *file)
{
	return strcmp(file, "-") == 0;
}

static int
hash_file(const char *path, struct buf *hex, struct fail *f)
{
	unsigned char piece[65536], digest[CRYPTO_SHA256];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct crypto_hash *h;
	ssize_t n;

	if (fd < 0)
		return fail_errno(f, "%s: cannot open", path);
	h = crypto_hash_new();
	while ((n = read(fd, piece, sizeof(piece))) > 0 ||
	       (n < 0 && errno == EINTR)) {
		if (n > 0)
			crypto_hash_add(h, piece, (size_t)n);
	}
	crypto_hash_finish(h, digest);
	if (n < 0)
		fail_errno(f, "%s: cannot read", path);
	(void)close(fd);
	crypto_hex(hex, digest, sizeof(digest));
	return n < 0 ? -1 : 0;
}

static int
check_one(const struct plan *p, const char *name, const char *file,
    struct buf *hex, struct fail *f)
{
	const char *slash = strrchr(file, '/');
	const struct plan_batch *batch;

	if (is_stdin(file))
		return fail_system(
		    f, "%s: standard input is in no plan: name files", name);
	batch = plan_find(p, str_of(slash != NULL ? slash + 1 : file));
	if (batch == NULL)
		return fail_system(f, "%s: names no batch %s", name, file);
	buf_reset(hex);
	if (hash_file(file, hex, f) < 0)
		return -1;
	if (!str_eq(batch->sha256, buf_str(hex)))
		return fail_system(
		    f, "%s: is not the batch that %s speaks of", file, name);
	return 0;
}

int
batch_files_check(struct batch_files *b, const char *name, struct fail *f)
{
	struct arena *arena = arena_new();
	struct buf text = {0}, hex = {0};
	struct plan p;
	int rc = file_read(&text, name, PLAN_MAX, NULL, f);

	if (rc == 0 && plan_parse(&p, buf_str(&text), arena, f) < 0)
		rc = fail_system(f, "%s: %s", name, f->text);
	if (rc == 0 && b->count == 0)
		rc = check_one(&p, name, "-", &hex, f);
	for (int i = 0; rc == 0 && i < b->count; i++)
		rc = check_one(&p, name, b->files[i], &hex, f);
	buf_free(&text);
	buf_free(&hex);
	arena_free(arena);
	return rc;
}

void
batch_files_keep(struct batch_files *b, const char *file)
{
	for (int i = 0; i < b->count; i++) {
		if (file == NULL || strcmp(b->files[i], file) == 0)
			b->keep[i] = true;
	}
}

int
batch_files_remove(struct batch_files *b, struct fail *f)
{
	for (int i = 0; i < b->count; i++) {
		if (b->keep[i] || is_stdin(b->files[i]))
			continue;
		if (unlink(b->files[i]) < 0 && errno != ENOENT)
			return fail_errno(f, "%s: cannot remove", b->files[i]);
		file_sync_parent(b->files[i]);
	}
	return 0;
}
