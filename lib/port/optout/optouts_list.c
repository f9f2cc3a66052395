#include "port/optout/optouts_list.h"

#include "base/buf.h"
#include "port/optout/hidden_key.h"

#define COLUMNS                                                 \
	"SELECT course_id, user_id, key, action='out', source," \
	" reason, at FROM optouts o "

static const char SQL_HISTORY[] =
    COLUMNS "WHERE ?1 IS NULL OR course_id=?1 ORDER BY seq";
static const char SQL_CURRENT[] =
    COLUMNS "WHERE (?1 IS NULL OR course_id=?1)"
	    " AND ((user_id IS NOT NULL AND NOT EXISTS(SELECT 1 FROM optouts n"
	    "  WHERE n.user_id=o.user_id AND n.course_id=o.course_id"
	    "  AND n.seq>o.seq))"
	    " OR (key IS NOT NULL AND NOT EXISTS(SELECT 1 FROM optouts n"
	    "  WHERE n.key=o.key AND n.course_id=o.course_id"
	    "  AND n.seq>o.seq))) ORDER BY seq";
static const char SQL_PERSON[] =
    COLUMNS "WHERE user_id=?1 OR key IN (?2, ?3) ORDER BY seq";

static int
visit_rows(struct db *db, struct db_statement *st, optouts_list_fn *fn,
    void *ctx, struct fail *f)
{
	int rc;

	while ((rc = db_step(db, st, f)) == 1) {
		struct optout o = {.course_id = db_text(st, 0),
		    .user_id = db_text(st, 1),
		    .key = db_text(st, 2),
		    .out = db_int(st, 3) != 0,
		    .source = db_text(st, 4),
		    .reason = db_text(st, 5),
		    .at = db_int(st, 6)};

		if (fn(ctx, &o, f) < 0) {
			db_reset(st);
			return -1;
		}
	}
	return rc;
}

int
optouts_list(struct db *db, struct str course_id, bool history,
    optouts_list_fn *fn, void *ctx, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(db, &st, history ? SQL_HISTORY : SQL_CURRENT, f) < 0)
		return -1;
	db_bind(st, 1, course_id);
	return visit_rows(db, st, fn, ctx, f);
}

int
optouts_list_person(struct db *db, struct str user_id, struct str key,
    optouts_list_fn *fn, void *ctx, struct fail *f)
{
	struct buf hash = {0};
	struct db_statement *st;
	int rc;

	if (db_prepare(db, &st, SQL_PERSON, f) < 0)
		return -1;
	if (key.n > 0)
		hidden_key_put(&hash, key);
	db_bind(st, 1, user_id.n > 0 ? user_id : (struct str){0});
	db_bind(st, 2, key.n > 0 ? key : (struct str){0});
	db_bind(st, 3, buf_str(&hash));
	rc = visit_rows(db, st, fn, ctx, f);
	buf_free(&hash);
	return rc;
}
