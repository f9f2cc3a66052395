#include "port/roster/slices.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/progress.h"
#include "port/db/transaction.h"
#include "port/roster/roster_changes.h"

#define SIZE_FIRST 500 /* ids in the first transaction */
#define SIZE_MIN 50
#define SIZE_MAX_IDS 4000
#define SLICE_US 8000 /* after a longer slice the next ones are smaller */

struct slice {
	struct buf last; /* the last id of the slices so far */
	struct arena *arena;
	struct str *ids; /* in the arena */
	size_t count, size;
};

/* No SELECT may be open across a COMMIT: it would keep the old snapshot. */
static int
fetch_slice(
    struct db *db, const struct slices *w, struct slice *s, struct fail *f)
{
	int r;

	arena_reset(s->arena);
	s->count = 0;
	s->ids = arena_alloc(s->arena, s->size * sizeof(*s->ids));
	db_bind(w->next, 1, buf_str(&s->last));
	db_bind_int(w->next, 2, (int64_t)s->size);
	while ((r = db_step(db, w->next, f)) == 1)
		s->ids[s->count++] = arena_str(s->arena, db_text(w->next, 0));
	if (s->count > 0) {
		buf_reset(&s->last);
		buf_addstr(&s->last, s->ids[s->count - 1]);
	}
	return r;
}

/* SQLite ignores a value for a parameter that a statement does not have. */
static int
apply_id(struct db *db, const struct slices *w, struct str id, struct fail *f)
{
	for (size_t i = 0; i < SLICES_STATEMENTS && w->apply[i] != NULL; i++) {
		db_bind(w->apply[i], 1, id);
		db_bind(w->apply[i], 2, w->course_id);
		db_bind(w->apply[i], 3, w->role);
		if (db_step(db, w->apply[i], f) < 0)
			return -1;
	}
	return 0;
}

static int
apply_slice(
    struct db *db, const struct slices *w, struct slice *s, struct fail *f)
{
	int64_t start, took;

	if (transaction_begin(db, f) < 0)
		return -1;
	start = clock_mono_us();
	for (size_t i = 0; i < s->count; i++) {
		if (apply_id(db, w, s->ids[i], f) < 0) {
			transaction_rollback(db);
			return -1;
		}
	}
	if (roster_changes_raise(db, f) < 0) {
		transaction_rollback(db);
		return -1;
	}
	took = clock_mono_us() - start;
	if (took > SLICE_US && s->size > SIZE_MIN)
		s->size /= 2;
	else if (took < SLICE_US / 2 && s->size < SIZE_MAX_IDS)
		s->size *= 2;
	return transaction_commit(db, f);
}

int
slices_apply(struct db *db, const struct slices *w, struct fail *f)
{
	struct slice s = {.arena = arena_new(), .size = SIZE_FIRST};
	int r;

	while ((r = fetch_slice(db, w, &s, f)) == 0 && s.count > 0) {
		r = apply_slice(db, w, &s, f);
		if (r < 0)
			break;
		if (w->progress != NULL)
			progress_add(w->progress, (long long)s.count);
	}
	arena_free(s.arena);
	buf_free(&s.last);
	return r;
}
