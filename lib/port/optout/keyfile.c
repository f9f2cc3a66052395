#include "port/optout/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/mem.h"

#define FILE_MAX 65536 /* bytes; 256 keys have 24 KB */

int
keyfile_load(
    struct token_keys *k, const char *path, struct arena *arena, struct fail *f)
{
	struct buf text = {0};
	int rc = file_read_secret(&text, path, FILE_MAX, f);

	if (rc == 0 && token_keys_parse(k, buf_str(&text), arena, f) < 0) {
		fail_prefix(f, "%s", path);
		rc = -1;
	}
	buf_wipe(&text);
	buf_free(&text);
	return rc;
}

static int
sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash == NULL || slash == path ? 1 : (size_t)(slash - path);
	char *folder = mem_dup(slash == NULL ? "." : path, n);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd < 0 ? -1 : fsync(fd);

	if (fd >= 0)
		close(fd);
	free(folder);
	return rc;
}

static void
put_key(struct buf *b, int id)
{
	unsigned char key[CRYPTO_SIV_KEY];

	crypto_random(key, sizeof(key));
	buf_printf(b, "%d ", id);
	crypto_base64(b, key, sizeof(key));
	buf_addc(b, '\n');
	explicit_bzero(key, sizeof(key));
}

/* Writes a new file, synced; it must not exist. */
static int
write_new(
    const char *path, struct str text, const struct stat *like, struct fail *f)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    like != NULL ? 0600 : 0640);
	mode_t mode = like != NULL ? like->st_mode & 0640 : 0640;
	int rc = 0;

	if (fd < 0)
		return errno == EEXIST
			   ? fail_system(f, "%s exists already", path)
			   : fail_errno(f, "%s: cannot make it", path);
	if (like != NULL && fchown(fd, (uid_t)-1, like->st_gid) < 0)
		rc = fail_errno(f, "%s: cannot give it to its group", path);
	else if (((like != NULL || folder_shared(path)) &&
		     fchmod(fd, mode) < 0) ||
		 write(fd, text.p, text.n) != (ssize_t)text.n || fsync(fd) < 0)
		rc = fail_errno(f, "%s: cannot write", path);
	if (close(fd) < 0 && rc == 0)
		rc = fail_errno(f, "%s: cannot write", path);
	if (rc < 0)
		unlink(path);
	return rc;
}

int
keyfile_make(const char *path, int *id, struct fail *f)
{
	struct buf text = {0};
	int rc;

	*id = 1;
	put_key(&text, *id);
	rc = write_new(path, buf_str(&text), NULL, f);
	if (rc == 0 && sync_folder(path) < 0)
		rc = fail_errno(f, "%s: cannot sync its folder", path);
	buf_wipe(&text);
	buf_free(&text);
	return rc;
}

/* The next unused number after the newest key; -1: all are taken. */
static int
find_free_id(const struct token_keys *k)
{
	bool taken[256] = {false};

	for (size_t i = 0; i < k->count; i++)
		taken[k->keys[i].id] = true;
	for (int i = 1; i < 256; i++) {
		int id = (k->keys[0].id + i) % 256;

		if (!taken[id])
			return id;
	}
	return -1;
}

static int
replace_file(
    const char *path, struct str text, const struct stat *like, struct fail *f)
{
	struct buf aside = {0};
	int rc;

	buf_printf(&aside, "%s.new", path);
	rc = write_new(buf_cstr(&aside), text, like, f);
	if (rc == 0 &&
	    (rename(buf_cstr(&aside), path) < 0 || sync_folder(path) < 0))
		rc = fail_errno(f, "%s: cannot replace it", path);
	buf_free(&aside);
	return rc;
}

int
keyfile_rotate(const char *path, int *id, struct fail *f)
{
	struct arena *arena = arena_new();
	struct token_keys keys;
	struct buf text = {0};
	struct stat st;
	int rc = -1;

	if (keyfile_load(&keys, path, arena, f) == 0) {
		*id = find_free_id(&keys);
		if (*id < 0) {
			fail_system(f, "%s has 256 keys, no more fit", path);
		} else {
			put_key(&text, *id);
			rc = file_read(&text, path, FILE_MAX, &st, f);
			if (rc == 0)
				rc = replace_file(path, buf_str(&text), &st, f);
		}
	}
	buf_wipe(&text);
	buf_free(&text);
	arena_free(arena);
	return rc;
}
