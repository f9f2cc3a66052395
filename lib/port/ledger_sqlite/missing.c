#include "port/ledger_sqlite/missing.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "port/optout/hidden_key.h"

static const char SQL_MAILING[] =
    "INSERT INTO emails(id, course_id, content, subject, created)"
    " VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
static const char SQL_ROW[] =
    "SELECT 1 FROM deliveries WHERE email_id=?1 AND key=?2";
static const char SQL_ADD[] =
    "INSERT INTO deliveries(email_id, key, email, state, owner)"
    " VALUES(?1, ?2, ?2, 'claimed', ?3)";
/* sent is final; any other state may have been left since. */
static const char SQL_TAKE[] =
    "UPDATE deliveries SET prior=state, state='claimed', owner=?3"
    " WHERE email_id=?1 AND key=?2 AND owner IS NULL AND state<>'sent'"
    " AND (?4 OR coalesce(at, 0)<=?5)";

struct missing {
	struct db *db;
	struct db_statement *mailing, *row, *add, *take;
};

int
missing_open(struct missing **out, struct db *db, struct fail *f)
{
	struct missing *m = mem_new(sizeof(*m));
	const struct db_sql list[] = {
	    {&m->mailing, SQL_MAILING},
	    {&m->row, SQL_ROW},
	    {&m->add, SQL_ADD},
	    {&m->take, SQL_TAKE},
	};

	m->db = db;
	if (db_prepare_all(db, list, sizeof(list) / sizeof(*list), f) < 0) {
		missing_close(m);
		return -1;
	}
	*out = m;
	return 0;
}

void
missing_close(struct missing *m)
{
	free(m);
}

/* 1 with a row, which is reset; 0 without. */
static int
step_and_reset(struct missing *m, struct db_statement *st, struct fail *f)
{
	int rc = db_step(m->db, st, f);

	if (rc < 0)
		return db_fail(m->db, f, "ledger");
	db_reset(st);
	return rc;
}

static int
add_mailing(struct missing *m, const struct journal_record *record,
    struct str course_id, struct fail *f)
{
	db_bind(m->mailing, 1, record->email_id);
	db_bind(m->mailing, 2, course_id);
	db_bind(m->mailing, 3, record->content);
	db_bind(m->mailing, 4, record->subject);
	db_bind_int(m->mailing, 5, record->at);
	return step_and_reset(m, m->mailing, f);
}

int
missing_add_mailing(
    struct missing *m, const struct journal_record *record, struct fail *f)
{
	return add_mailing(m, record, record->course_id, f);
}

static int
has_row(struct missing *m, const struct journal_record *record, struct str key,
    struct fail *f)
{
	db_bind(m->row, 1, record->email_id);
	db_bind(m->row, 2, key);
	return step_and_reset(m, m->row, f);
}

static int
is_erased(
    struct missing *m, const struct journal_record *record, struct fail *f)
{
	struct buf key = {0};
	int rc;

	hidden_key_put(&key, record->key);
	rc = has_row(m, record, buf_str(&key), f);
	buf_free(&key);
	return rc;
}

/* The line with the course is lost if the mailing is still unknown. */
static int
make_row(struct missing *m, const char *owner,
    const struct journal_record *record, struct fail *f)
{
	int erased = is_erased(m, record, f);

	if (erased != 0)
		return erased < 0 ? -1 : 0;
	if (add_mailing(m, record, STR(""), f) < 0)
		return -1;
	db_bind(m->add, 1, record->email_id);
	db_bind(m->add, 2, record->key);
	db_bind(m->add, 3, str_of(owner));
	return step_and_reset(m, m->add, f);
}

int
missing_take(struct missing *m, const char *owner,
    const struct journal_record *record, struct fail *f)
{
	bool sent = record->kind == JOURNAL_OUTCOME &&
		    record->outcome.status == OUTCOME_SENT;
	int exists;

	if (record->kind == JOURNAL_RELEASE)
		return 0;
	exists = has_row(m, record, record->key, f);
	if (exists < 0)
		return -1;
	if (!exists)
		return make_row(m, owner, record, f);
	db_bind(m->take, 1, record->email_id);
	db_bind(m->take, 2, record->key);
	db_bind(m->take, 3, str_of(owner));
	db_bind_int(m->take, 4, sent);
	db_bind_int(m->take, 5, record->at);
	return step_and_reset(m, m->take, f);
}
