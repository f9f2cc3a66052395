#include "port/db/generation.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/file.h"
#include "port/db/db_files.h"
#include "port/db/db_state.h"

#define LOOKS 5 /* of a reader who sees that the file does not fit, and */
#define LOOK_NS 20000000 /* between two of them */

static const char SQL_READ[] =
    "SELECT id, counter, at, copied IS NOT NULL FROM generation";
static const char SQL_RAISE[] =
    "UPDATE generation SET id=?1, counter=?2, at=?3, copied=NULL";
static const char SQL_MAILINGS[] = "SELECT id, course_id, content FROM emails";

/* How the database stands to the file. */
enum standing {
	STANDING_NEW,  /* nothing that counts has happened, and no file yet */
	STANDING_GOOD, /* as new as the file, or newer */
	STANDING_OLDER,
	STANDING_MISSING, /* the file is */
	STANDING_FOREIGN, /* the file is another database's */
};

struct reading {
	struct generation_file db, file;
	bool copied; /* the database is a copy made by backup.c */
	enum standing standing;
};

static int
read_database(struct db *db, struct reading *r, struct fail *f)
{
	struct db_statement *st;
	struct str id;
	int rc;

	if (db_prepare(db, &st, SQL_READ, f) < 0 ||
	    (rc = db_step(db, st, f)) < 0)
		return -1;
	id = db_text(st, 0);
	if (rc == 1 && id.n == GENERATION_ID) {
		memcpy(r->db.id, id.p, GENERATION_ID);
		r->db.counter = db_int(st, 1);
		r->db.at = db_int(st, 2);
		r->copied = db_int(st, 3) != 0;
	}
	db_reset(st);
	if (rc != 1 || r->db.id[0] == '\0')
		return fail_system(
		    f, "%s is damaged (no generation)", db->path);
	return 0;
}

/* The file that the lock is on may have lost its name. */
static bool
has_lost_name(const struct db *db)
{
	struct stat open, named;

	return fstat(db->lock, &open) < 0 || stat(db->lock_path, &named) < 0 ||
	       open.st_dev != named.st_dev || open.st_ino != named.st_ino;
}

static enum standing
judge_standing(const struct reading *r, bool there)
{
	if (!there)
		return r->db.counter == 0 && !r->copied ? STANDING_NEW
							: STANDING_MISSING;
	if (strcmp(r->db.id, r->file.id) != 0)
		return STANDING_FOREIGN;
	return r->db.counter < r->file.counter ? STANDING_OLDER : STANDING_GOOD;
}

static int
read_both(struct db *db, struct reading *r, struct fail *f)
{
	int there = 0;

	*r = (struct reading){0};
	if (read_database(db, r, f) < 0)
		return -1;
	if (!has_lost_name(db))
		there = generation_file_read(db->lock, &r->file, f);
	if (there < 0)
		return fail_prefix(f, "%s", db->lock_path);
	r->standing = judge_standing(r, there == 1);
	return 0;
}

int
generation_list(
    struct db *db, const struct generation_file_mailing *m, struct fail *f)
{
	if (has_lost_name(db))
		return 0; /* the next claim is refused for that */
	if (generation_file_list(db->lock, m, !db->lazy, f) < 0)
		return fail_prefix(f, "%s", db->lock_path);
	return 0;
}

static int
list_all(struct db *db, struct fail *f)
{
	struct db_statement *st;
	int rc;

	if (db_prepare(db, &st, SQL_MAILINGS, f) < 0)
		return -1;
	while ((rc = db_step(db, st, f)) == 1) {
		struct generation_file_mailing m = {
		    db_text(st, 0), db_text(st, 1), db_text(st, 2)};

		if (generation_list(db, &m, f) < 0)
			break;
	}
	db_reset(st);
	return rc == 0 ? 0 : -1;
}

/* Before the counter leaves 0, so that its file is never looked for in vain. */
static int
make_file(struct db *db, const struct generation_file *g, struct fail *f)
{
	if (generation_file_write(db->lock, g, f) < 0)
		return fail_prefix(f, "%s", db->lock_path);
	if (list_all(db, f) < 0)
		return -1;
	if (db->lazy)
		return 0;
	if (fsync(db->lock) < 0)
		return fail_errno(f, "cannot sync %s", db->lock_path);
	file_sync_parent(db->lock_path);
	return 0;
}

static int
set_generation(struct db *db, const char *id, int64_t counter, struct fail *f)
{
	struct generation_file *g = &db->raised;
	struct db_statement *st;

	*g =
	    (struct generation_file){.counter = counter, .at = clock_wall_ms()};
	snprintf(g->id, sizeof(g->id), "%s", id);
	if (db_prepare(db, &st, SQL_RAISE, f) < 0)
		return -1;
	db_bind(st, 1, str_of(g->id));
	db_bind_int(st, 2, g->counter);
	db_bind_int(st, 3, g->at);
	return db_step(db, st, f) < 0 ? -1 : 0;
}

static int
raise_counter(struct db *db, const struct reading *r, struct fail *f)
{
	if (r->standing == STANDING_NEW && make_file(db, &r->db, f) < 0)
		return -1;
	return set_generation(db, r->db.id, r->db.counter + 1, f);
}

int
generation_raise(struct db *db, struct fail *f)
{
	struct reading r;

	if (db->raised.counter > 0)
		return 0;
	if (read_both(db, &r, f) < 0)
		return -1;
	if (r.standing != STANDING_NEW && r.standing != STANDING_GOOD)
		return 0;
	return raise_counter(db, &r, f);
}

/* Appends why a claim is refused; nothing if it is not. */
static void
put_refusal(struct buf *b, enum standing standing, const char *path,
    const char *lock_path)
{
	static const char remedy[] =
	    "people may have got mail that this ledger does not know of; put "
	    "the newest files back, or let bm-send --accept-older-ledger hold "
	    "those people in doubt";

	switch (standing) {
	case STANDING_OLDER:
		buf_printf(b,
		    "%s is older than %s says it was (an older copy was put "
		    "back): %s",
		    path, lock_path, remedy);
		break;
	case STANDING_FOREIGN:
		buf_printf(b, "%s is not the database of %s: %s", path,
		    lock_path, remedy);
		break;
	case STANDING_MISSING:
		buf_printf(b,
		    "%s does not tell how new %s is (it was deleted, emptied "
		    "or replaced, or a copy was put back without it): %s",
		    lock_path, path, remedy);
		break;
	case STANDING_NEW:
	case STANDING_GOOD:
		break;
	}
}

int
generation_claim(struct db *db, struct fail *f)
{
	struct buf why = {0};
	struct reading r;
	int rc = 0;

	if (db->raised.counter > 0)
		return 0;
	if (read_both(db, &r, f) < 0)
		return -1;
	put_refusal(&why, r.standing, db->path, db->lock_path);
	if (why.len > 0)
		rc = fail_system(f, "%s", buf_cstr(&why));
	buf_free(&why);
	return rc < 0 ? -1 : raise_counter(db, &r, f);
}

/* The file first: the database is never behind what it has said. */
static int
look_at_both(
    struct db *db, const char *lock_path, struct reading *r, struct fail *f)
{
	int fd = open(lock_path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), there = 0;

	*r = (struct reading){0};
	if (fd < 0 && errno != ENOENT)
		return fail_errno(f, "cannot open %s", lock_path);
	if (fd >= 0) {
		there = generation_file_read(fd, &r->file, f);
		close(fd);
	}
	if (there < 0)
		return fail_prefix(f, "%s", lock_path);
	if (read_database(db, r, f) < 0)
		return -1;
	r->standing = judge_standing(r, there == 1);
	return 0;
}

/* Again for a while, since the file may be about to be written. */
int
generation_check(struct db *db, struct buf *why, bool *copy, struct fail *f)
{
	char *lock_path = db_files_beside(db->path, "-lock");
	struct reading r;
	int rc;

	for (int i = 0;; i++) {
		rc = look_at_both(db, lock_path, &r, f);
		if (rc < 0 || r.standing == STANDING_NEW ||
		    r.standing == STANDING_GOOD || i == LOOKS)
			break;
		nanosleep(&(struct timespec){0, LOOK_NS}, NULL);
	}
	*copy = rc == 0 && r.copied && r.standing == STANDING_MISSING;
	if (rc == 0 && !*copy)
		put_refusal(why, r.standing, db->path, lock_path);
	free(lock_path);
	return rc;
}

int
generation_write(struct db *db, struct fail *f)
{
	struct generation_file g = db->raised;

	db->raised.counter = 0;
	if (g.counter == 0 || has_lost_name(db))
		return 0;
	if (generation_file_write(db->lock, &g, f) < 0)
		return fail_prefix(f, "%s", db->lock_path);
	return 0;
}

static void
make_id(char id[GENERATION_ID + 1])
{
	unsigned char random[GENERATION_ID / 2];
	struct buf hex = {0};

	crypto_random(random, sizeof(random));
	crypto_hex(&hex, random, sizeof(random));
	snprintf(id, GENERATION_ID + 1, "%s", buf_cstr(&hex));
	buf_free(&hex);
}

/*
 * Under a new id, since the newer database may turn up again. The list stays;
 * a missing file is made before the database is committed.
 */
int
generation_accept(struct db *db, generation_file_fn *fn, void *ctx,
    struct generation_age *age, struct fail *f)
{
	struct generation_file g = {0};
	struct reading r;

	if (read_both(db, &r, f) < 0)
		return -1;
	if (r.standing == STANDING_NEW || r.standing == STANDING_GOOD)
		return 0;
	if (has_lost_name(db))
		return fail_system(
		    f, "%s was replaced meanwhile; try again", db->lock_path);
	*age = (struct generation_age){r.standing != STANDING_OLDER, r.db.at};
	make_id(g.id);
	g.counter =
	    r.db.counter > r.file.counter ? r.db.counter : r.file.counter;
	if (generation_file_each(db->lock, fn, ctx, f) < 0)
		return -1;
	if (r.standing == STANDING_MISSING ? make_file(db, &g, f) < 0
					   : list_all(db, f) < 0)
		return -1;
	return set_generation(db, g.id, g.counter + 1, f) < 0 ? -1 : 1;
}
