#include "port/optout/act_take.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "mail/optout/act.h"
#include "port/optout/act_scan.h"
#include "port/optout/acts_ops.h"
#include "port/optout/keyfile.h"
#include "port/optout/optouts.h"
#include "port/optout/optouts_ops.h"

#define BATCH 100 /* acts of a transaction, which is short then */

struct act_take {
	struct act_scan scan;
	const char *key_file;
	struct token_keys keys;
	struct arena *keeps, *arena; /* the keys; an act */
	int64_t next; /* when a poll looks again; ms of clock_mono_ms() */
};

struct act_take *
act_take_new(const char *db_path, const char *key_file)
{
	struct act_take *t = mem_new(sizeof(*t));

	act_scan_init(&t->scan, db_path);
	t->key_file = key_file;
	t->keeps = arena_new();
	t->arena = arena_new();
	return t;
}

void
act_take_free(struct act_take *t)
{
	if (t == NULL)
		return;
	act_scan_free(&t->scan);
	arena_free(t->keeps);
	arena_free(t->arena);
	free(t);
}

int
act_take_look(struct act_take *t, bool *waits, struct act_take_counts *counts,
    struct fail *f)
{
	if (act_scan_read(&t->scan, f) < 0)
		return -1;
	counts->garbage += t->scan.garbage;
	*waits = t->scan.count > 0 || t->scan.more;
	return 0;
}

/* 1: the text of the file; 0: it is gone, or no act; SYSTEM. */
static int
read_act(const struct act_folder *folder, const char *name, char *text,
    size_t *n, bool *gone, struct fail *f)
{
	int fd = openat(folder->fd, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;
	ssize_t got;

	*gone = fd < 0 && errno == ENOENT;
	if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
			  errno == EIO))
		return fail_errno(f, "an act of %s", folder->name);
	if (fd < 0)
		return 0;
	if (fstat(fd, &st) < 0 || !act_scan_is_file(folder, &st)) {
		close(fd);
		return 0;
	}
	got = read(fd, text, ACT_MAX + 1);
	close(fd);
	if (got < 0)
		return fail_errno(f, "an act of %s", folder->name);
	*n = (size_t)got;
	return got <= ACT_MAX;
}

/* The name belongs to the person of the token, and the link to no test. */
static bool
open_act(struct act_take *t, const struct act_entry *e, struct str text,
    struct act *act, struct token *token)
{
	struct act_name given, right;
	struct fail f;

	if (act_parse(act, text, &f) < 0 ||
	    token_read(token, &t->keys, act->token, t->arena, &f) < 0 ||
	    token->kind != TOKEN_LINK || !act_name_parse(&given, e->name))
		return false;
	act_name_mark(&right, &t->keys, token);
	return strcmp(given.key, right.key) == 0 &&
	       strcmp(given.user, right.user) == 0;
}

static int
enter_act(struct optouts *r, const struct act *act, const struct token *token,
    int64_t at, struct act_take_counts *counts, struct fail *f)
{
	bool all = act->what == PAGE_STOP_ALL || act->what == PAGE_START_ALL;
	struct optout o = {.course_id = all ? STR("*") : token->course_id,
	    .user_id = token->user_id,
	    .key = token->key,
	    .out = act->what == PAGE_STOP_COURSE || act->what == PAGE_STOP_ALL,
	    .source = act->source,
	    .at = at,
	    .link = token->course_id};
	long long count;
	int rc = o.out ? optouts_put(r, &o, NULL, f)
		       : optouts_undo(r, &o, &count, f);

	if (rc < 0 && f->kind != FAIL_DATA)
		return -1;
	counts->taken += rc == 0;
	counts->refused += rc < 0;
	return 0;
}

/* In the transaction, for another process may have taken it and forgotten. */
static int
take_act(struct act_take *t, struct optouts *r, const struct act_entry *e,
    struct act_take_counts *counts, struct fail *f)
{
	const struct act_folder *folder = &t->scan.folders[e->folder];
	char text[ACT_MAX + 1];
	struct token token;
	struct act act;
	bool is_new, gone;
	size_t n = 0;
	int rc = read_act(folder, e->name, text, &n, &gone, f);

	arena_reset(t->arena);
	if (rc < 0 || gone)
		return rc;
	if (rc == 0 || !open_act(t, e, (struct str){text, n}, &act, &token)) {
		counts->garbage++;
		return 0;
	}
	if (r->acts->add(r, str_of(folder->name), str_of(e->name), &is_new, f) <
	    0)
		return -1;
	return is_new ? enter_act(r, &act, &token, e->at, counts, f) : 0;
}

struct gone {
	const struct act_folder *folder;
	struct buf names; /* of files that are not there, each with its NUL */
};

/* As an acts_ops_fn. */
static int
find_gone(void *ctx, struct str name, struct fail *f)
{
	struct gone *g = ctx;
	struct buf path = {0};
	struct stat st;

	(void)f;
	buf_addstr(&path, name);
	if (fstatat(g->folder->fd, buf_cstr(&path), &st, AT_SYMLINK_NOFOLLOW) <
		0 &&
	    errno == ENOENT) {
		buf_addstr(&g->names, name);
		buf_addc(&g->names, '\0');
	}
	buf_free(&path);
	return 0;
}

/* Names whose files are gone, durably: the folder was synced before. */
static int
forget_gone(struct act_take *t, struct optouts *r, struct fail *f)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < t->scan.folder_count; i++) {
		struct gone g = {.folder = &t->scan.folders[i]};
		struct str folder = str_of(g.folder->name), rest;

		if (g.folder->fd < 0)
			continue;
		rc = r->acts->list(r, folder, find_gone, &g, f);
		rest = buf_str(&g.names);
		while (rc == 0 && rest.n > 0)
			rc = r->acts->remove(
			    r, folder, str_take(&rest, STR("\0")), f);
		buf_free(&g.names);
	}
	return rc;
}

static int
take_entries(struct act_take *t, struct optouts *r, size_t from, size_t to,
    struct act_take_counts *counts, struct fail *f)
{
	if (forget_gone(t, r, f) < 0)
		return -1;
	for (size_t i = from; i < to; i++) {
		if (take_act(t, r, &t->scan.entries[i], counts, f) < 0)
			return -1;
	}
	return 0;
}

static int
sync_folders(struct act_take *t, struct fail *f)
{
	for (size_t i = 0; i < t->scan.folder_count; i++) {
		if (t->scan.folders[i].fd >= 0 &&
		    fsync(t->scan.folders[i].fd) < 0)
			return fail_errno(
			    f, "%s/%s", t->scan.path, t->scan.folders[i].name);
	}
	return 0;
}

/* What was no act, too; the number of files that are gone. */
static long long
remove_files(struct act_take *t, size_t from, size_t to)
{
	long long removed = 0;

	for (size_t i = from; i < to; i++) {
		const struct act_entry *e = &t->scan.entries[i];
		int fd = t->scan.folders[e->folder].fd;

		removed += unlinkat(fd, e->name, 0) == 0 || errno == ENOENT;
	}
	return removed;
}

/* Each time: an act may be sealed with a key that is new. */
static int
load_keys(struct act_take *t, struct fail *f)
{
	arena_reset(t->keeps);
	if (t->key_file == NULL)
		return fail_system(f,
		    "opt-outs wait in %s, and BM_KEY_FILE, which opens them, "
		    "is not set",
		    t->scan.path);
	if (keyfile_load(&t->keys, t->key_file, t->keeps, f) < 0)
		return fail_prefix(f, "opt-outs wait in %s", t->scan.path);
	return 0;
}

int
act_take_turn(struct act_take *t, struct store *store,
    struct act_take_counts *counts, struct fail *f)
{
	struct optouts *r = store->optouts;

	if (t->scan.count > 0 && load_keys(t, f) < 0)
		return -1;
	for (size_t from = 0; from < t->scan.count; from += BATCH) {
		struct act_take_counts sum = *counts;
		size_t to =
		    from + BATCH < t->scan.count ? from + BATCH : t->scan.count;

		if (sync_folders(t, f) < 0 ||
		    store_begin(store, false, f) < 0 ||
		    store_finish(
			store, take_entries(t, r, from, to, &sum, f), f) < 0)
			return -1;
		*counts = sum;
		counts->removed += remove_files(t, from, to);
	}
	return 0;
}

int
act_take_all(struct act_take *t, struct store *store,
    struct act_take_counts *counts, struct fail *f)
{
	long long before;
	bool waits;

	do {
		before = counts->removed + counts->garbage;
		if (act_take_look(t, &waits, counts, f) < 0 ||
		    (waits && act_take_turn(t, store, counts, f) < 0))
			return -1;
	} while (t->scan.more && counts->removed + counts->garbage > before);
	return 0;
}

int
act_take_poll(struct act_take *t, struct store *store,
    struct act_take_counts *counts, struct fail *f)
{
	int64_t began = clock_mono_ms(), took;
	bool waits;

	if (began < t->next)
		return 0;
	if (act_take_look(t, &waits, counts, f) < 0 ||
	    (waits && act_take_turn(t, store, counts, f) < 0))
		return -1;
	took = clock_mono_ms() - began;
	t->next = began + took + 9 * took;
	if (t->next < began + ACT_TAKE_POLL_MS)
		t->next = began + ACT_TAKE_POLL_MS;
	return 0;
}
