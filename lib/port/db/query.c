#include "port/db/query.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json_put.h"
#include "base/utf8.h"
#include "port/db/query_views.h"
#include "port/db/schema.h"

#define WAIT_MS 5000
#define STEPS 10000 /* of the virtual machine between looks at the clock */
#define VALUE_MAX (16 * 1024 * 1024) /* bytes in one value */

struct query {
	sqlite3 *handle;
	sqlite3_stmt *st;
	int64_t end; /* clock_mono_ms() when the time is up */
	bool late;
	const char *denied; /* what the authorizer refused last */
	struct buf line;
};

static int
authorize_action(void *ctx, int action, const char *a, const char *b,
    const char *c, const char *d)
{
	struct query *q = ctx;

	(void)a;
	(void)c;
	(void)d;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		if (b != NULL && strcasecmp(b, "load_extension") != 0)
			return SQLITE_OK;
		break;
	default:
		break;
	}
	q->denied = "it may only read";
	return SQLITE_DENY;
}

static int
watch_clock(void *ctx)
{
	struct query *q = ctx;

	q->late = clock_mono_ms() > q->end;
	return q->late;
}

static int
report_failure(const struct query *q, struct fail *f)
{
	int code = sqlite3_errcode(q->handle) & 0xff;

	if (q->late)
		return fail_system(
		    f, "--query was stopped: its time (--timeout) is up");
	if (q->denied != NULL)
		return fail_system(f, "--query was refused: %s", q->denied);
	if (code == SQLITE_BUSY)
		return fail_temp(f, "--query: the database is locked");
	return fail_system(f, "--query: %s", sqlite3_errmsg(q->handle));
}

/* A database of other programs has its own names, and no views. */
static int
make_views(struct query *q, struct fail *f)
{
	sqlite3_stmt *st = NULL;
	bool ours = sqlite3_prepare_v2(q->handle, "PRAGMA application_id", -1,
			&st, NULL) == SQLITE_OK &&
		    sqlite3_step(st) == SQLITE_ROW &&
		    sqlite3_column_int(st, 0) == SCHEMA_APPLICATION;

	sqlite3_finalize(st);
	if (ours &&
	    sqlite3_exec(q->handle, query_views, NULL, NULL, NULL) != SQLITE_OK)
		return report_failure(q, f);
	return 0;
}

static int
open_database(struct query *q, const char *path, struct fail *f)
{
	if (sqlite3_open_v2(path, &q->handle,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
		NULL) != SQLITE_OK ||
	    sqlite3_exec(q->handle, "PRAGMA trusted_schema = OFF", NULL, NULL,
		NULL) != SQLITE_OK)
		return fail_system(
		    f, "%s: %s", path, sqlite3_errmsg(q->handle));
	sqlite3_limit(q->handle, SQLITE_LIMIT_LENGTH, VALUE_MAX);
	sqlite3_busy_timeout(q->handle, WAIT_MS);
	if (make_views(q, f) < 0)
		return -1;
	sqlite3_set_authorizer(q->handle, authorize_action, q);
	sqlite3_progress_handler(q->handle, STEPS, watch_clock, q);
	return 0;
}

static bool
is_same_name(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* A record needs a name for each column, and no name twice. */
static int
check_columns(const struct query *q, struct fail *f)
{
	int n = sqlite3_column_count(q->st), i, j;
	bool email = false;

	for (i = 0; i < n; i++) {
		const char *name = sqlite3_column_name(q->st, i);

		if (utf8_valid(name, strlen(name)) != strlen(name))
			return fail_system(f,
			    "--query: the name of column %d is not UTF-8",
			    i + 1);
		for (j = 0; j < i; j++) {
			if (is_same_name(name, sqlite3_column_name(q->st, j)))
				return fail_system(f,
				    "--query: columns %d and %d are both "
				    "named \"%s\"",
				    j + 1, i + 1, name);
		}
		email = email || is_same_name(name, "email");
	}
	if (!email)
		return fail_system(f, "--query yields no column \"email\"");
	return 0;
}

/* True if sql has only white space, comments and semicolons. */
static bool
is_empty(const struct query *q, const char *sql)
{
	sqlite3_stmt *st = NULL;
	const char *rest;

	while (*sql != '\0') {
		if (sqlite3_prepare_v2(q->handle, sql, -1, &st, &rest) !=
			SQLITE_OK ||
		    st != NULL)
			break;
		sql = rest;
	}
	sqlite3_finalize(st);
	return *sql == '\0';
}

static int
prepare_query(struct query *q, const char *sql, struct fail *f)
{
	const char *rest;

	if (sqlite3_prepare_v2(q->handle, sql, -1, &q->st, &rest) != SQLITE_OK)
		return report_failure(q, f);
	if (q->st == NULL)
		return fail_system(f, "--query is empty");
	if (!is_empty(q, rest))
		return fail_system(f, "--query has more than one statement");
	if (!sqlite3_stmt_readonly(q->st))
		return fail_system(f, "--query was refused: it may only read");
	return check_columns(q, f);
}

static void
put_real(struct buf *b, double d)
{
	char text[40];

	snprintf(text, sizeof(text), "%.15g", d);
	if (strtod(text, NULL) < d || strtod(text, NULL) > d)
		snprintf(text, sizeof(text), "%.17g", d);
	buf_adds(b, text);
}

/* A value that JSON cannot express makes a record that is refused later. */
static void
put_column(struct buf *b, sqlite3_stmt *st, int i)
{
	struct str s;

	switch (sqlite3_column_type(st, i)) {
	case SQLITE_INTEGER:
		buf_printf(b, "%lld", (long long)sqlite3_column_int64(st, i));
		break;
	case SQLITE_FLOAT:
		if (isfinite(sqlite3_column_double(st, i)))
			put_real(b, sqlite3_column_double(st, i));
		else
			buf_adds(b, "null");
		break;
	case SQLITE_NULL:
		buf_adds(b, "null");
		break;
	default: /* text; a BLOB as its bytes */
		s.p = (const char *)sqlite3_column_blob(st, i);
		s.n = (size_t)sqlite3_column_bytes(st, i);
		json_put_string(b, s.p != NULL ? s : STR(""));
		break;
	}
}

static struct str
put_query_row(struct query *q)
{
	int n = sqlite3_column_count(q->st), i;

	buf_reset(&q->line);
	buf_addc(&q->line, '{');
	for (i = 0; i < n; i++) {
		json_put_name(&q->line, sqlite3_column_name(q->st, i));
		put_column(&q->line, q->st, i);
	}
	buf_addc(&q->line, '}');
	return buf_str(&q->line);
}

static int
visit_query_rows(struct query *q, query_fn *fn, void *ctx, struct fail *f)
{
	unsigned long number = 0;
	int code;

	while ((code = sqlite3_step(q->st)) == SQLITE_ROW) {
		if (fn(ctx, put_query_row(q), ++number, f) < 0)
			return -1;
	}
	return code == SQLITE_DONE ? 0 : report_failure(q, f);
}

int
query_each(const char *path, const char *sql, int64_t timeout_ms, query_fn *fn,
    void *ctx, struct fail *f)
{
	struct query q = {.end = clock_mono_ms() + timeout_ms};
	int r = -1;

	if (open_database(&q, path, f) == 0 && prepare_query(&q, sql, f) == 0)
		r = visit_query_rows(&q, fn, ctx, f);
	sqlite3_finalize(q.st);
	sqlite3_close(q.handle);
	buf_free(&q.line);
	return r;
}
