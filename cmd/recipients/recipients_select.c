#include "recipients/recipients_select.h"

#include <signal.h>
#include <string.h>
#include <strings.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/program.h"
#include "base/settings.h"
#include "mail/mime/addr.h"
#include "port/bounce/bounce_register.h"
#include "port/db/db_open.h"
#include "port/ledger/ledger.h"
#include "port/open/store_open.h"
#include "port/open/store_open_file.h"
#include "port/open/take_over.h"
#include "port/roster/recipient_source.h"
#include "port/roster/roster.h"

#define WAIT_MS 5000        /* longest wait for a lock */
#define QUERY_MAX (1 << 20) /* bytes of SQL in a file */
#define GRACE_S 1           /* for SQLite to stop the query by itself */

/* --ledger also counts what a crashed sender left in its journal. */
static int
fold_journals(const struct recipients_args *a, struct fail *f)
{
	const char *program = PROGRAM;
	const struct recovery_notes notes = {program_note_by, &program};
	struct store *store;
	int result;

	if (a->ledger == NULL)
		return 0;
	if (store_open_file(
		&store, a->db_path, STORE_WRITE, waiting_quiet(WAIT_MS), f) < 0)
		return -1;
	result = ledger_recover(store, &notes, f);
	store_close(store);
	return result;
}

static int
check_enabled(const struct settings *settings, struct fail *f)
{
	return settings_need_on(
	    settings, "ENABLE_INSTRUCTOR_EMAIL", "course email", f);
}

static int
open_course(
    struct recipients *r, const struct settings *settings, struct fail *f)
{
	const struct recipients_args *a = r->args;

	if (fold_journals(a, f) < 0 ||
	    take_over_once(a->db_path, settings_get(settings, "BM_KEY_FILE"),
		waiting_quiet(WAIT_MS), f) < 0 ||
	    db_open(&r->db, a->db_path, DB_READ, waiting_quiet(WAIT_MS), f) <
		0 ||
	    store_open(&r->store, r->db, f) < 0 ||
	    roster_course(
		r->db, &r->course, str_of(a->course_id), r->arena, f) < 0 ||
	    roster_check_enabled(r->db, &r->course, f) < 0)
		return -1;
	if (a->ledger == NULL)
		return 0;
	return roster_check_mailing(r->db, r->ledger_id, f);
}

static int
note_suppressed(void *ctx, enum suppression s, const struct bounce_row *last,
    long long count, struct fail *f)
{
	(void)s;
	(void)count;
	(void)f;
	*(bool *)map_put(ctx, last->key) = true;
	return 0;
}

/* Who is left out for bounces, judged once for the run. */
static int
find_suppressed(struct recipients *r, struct fail *f)
{
	r->suppressed = map_new(sizeof(bool));
	return bounce_register_each(
	    r->store->bounces, note_suppressed, r->suppressed, f);
}

static int
open_audience(
    struct recipients *r, const struct settings *settings, struct fail *f)
{
	struct audience_params params = {.course = &r->course,
	    .include_opted_out = r->args->include_opted_out,
	    .include_suppressed = r->args->include_suppressed,
	    .limit = r->args->limit,
	    .ledger = r->ledger_id,
	    .states = r->states};
	bool reserved;

	if (settings_bool(settings, "BM_ALLOW_RESERVED", &reserved, f) < 0 ||
	    find_suppressed(r, f) < 0)
		return -1;
	params.suppressed = r->suppressed;
	params.bounces = r->store->bounces;
	params.addr_policy = reserved ? ADDR_RESERVED : ADDR_STRICT;
	return audience_open(&r->audience, r->db, &params, f);
}

/*
 * SQLite checks the time between steps only, and a single SQL function can run
 * for hours. Nothing has been written yet that could be lost.
 */
static void
stop_query(int signal)
{
	static const char text[] =
	    PROGRAM ": --query was stopped: its time (--timeout) is up\n";
	ssize_t ignored = write(STDERR_FILENO, text, sizeof(text) - 1);

	(void)signal;
	(void)ignored;
	_exit(2);
}

static void
set_alarm(int64_t seconds)
{
	struct itimerval timer = {.it_value.tv_sec = seconds};

	signal(SIGALRM, seconds > 0 ? stop_query : SIG_DFL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

static int
offer_query(
    struct recipients *r, const struct recipient_source *source, struct fail *f)
{
	const struct recipients_args *a = r->args;
	struct buf sql = {0};
	int result;

	if (a->query[0] != '@')
		buf_adds(&sql, a->query);
	else if (file_read(&sql, a->query + 1, QUERY_MAX, NULL, f) < 0)
		return -1;
	set_alarm(a->timeout / 1000 + 1 + GRACE_S);
	result = recipient_source_query(source,
	    a->query_db != NULL ? a->query_db : a->db_path, buf_cstr(&sql),
	    a->timeout, f);
	set_alarm(0);
	buf_free(&sql);
	return result;
}

static bool
is_csv(const char *path)
{
	size_t n = strlen(path);

	return n > 4 && strcasecmp(path + n - 4, ".csv") == 0;
}

static int
offer_all(struct recipients *r, struct selection *s, struct fail *f)
{
	struct recipient_source source = {&r->course, r->audience, r->filter};
	const char *path = r->args->read;

	if (r->args->query != NULL)
		return offer_query(r, &source, f);
	if (path != NULL && is_csv(path))
		return recipient_source_csv(&source, path, f);
	if (path != NULL)
		return recipient_source_records(&source, f);
	return recipient_source_roster(&source, s, r->targets, r->emitted, f);
}

int
recipients_select(
    struct recipients *r, const struct settings *settings, struct fail *f)
{
	const struct recipients_args *a = r->args;
	struct selection_params params = {.targets = r->targets,
	    .target_count = r->target_count,
	    .except = r->except,
	    .except_count = r->except_count,
	    .as = str_of(a->as),
	    .reads_ledger = a->ledger != NULL};
	struct selection *s = NULL;
	int result;

	if (check_enabled(settings, f) < 0 || open_course(r, settings, f) < 0 ||
	    open_audience(r, settings, f) < 0)
		return -1;
	params.course_id = r->course.id;
	params.optouts = r->store->optouts;
	if (a->within >= 0)
		params.login_cutoff = clock_wall_ms() - a->within;
	if (a->before >= 0)
		params.login_before = clock_wall_ms() - a->before;
	params.login_never = a->never;
	r->emitted =
	    arena_alloc(r->arena, (r->target_count + 1) * sizeof(*r->emitted));
	result = selection_open(&s, r->db, &params, f);
	if (result == 0)
		result = offer_all(r, s, f);
	selection_close(s);
	return result;
}
