/* bm-report: what happened to a mailing. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/filter.h"
#include "base/near.h"
#include "mail/report.h"
#include "mail/report_rows.h"
#include "mail/report_text.h"
#include "port/db.h"
#include "port/ledger.h"
#include "port/stats.h"

#define PROGRAM "bm-report"
#define RECOVER_MS 3000 /* longest wait to fold what the dead have left */

struct args {
	const char *id, *db, *state;
	bool status, json, records, csv;
};

/* What is open while the program works. */
struct run {
	const struct args *args;
	struct stats *stats;
	struct filter *out;
	struct arena *arena;
	struct report report;
};

static int
unknown_id(struct run *r, struct fail *f)
{
	struct near near = {.name = r->report.id};
	struct report *list;
	size_t count;

	if (stats_mailings(r->stats, &list, &count, r->arena, f) == -1)
		return -1;
	for (size_t i = 0; i < count; i++)
		near_offer(&near, list[i].id);
	if (near.best.p != NULL)
		return fail_data(f, "no mailing is called %s; did you mean %s?",
		    r->args->id, near.best.p);
	return fail_data(f, "no mailing is called %s", r->args->id);
}

/* The locale is asked for nothing else: all programs speak UTF-8. */
static bool
is_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value == NULL || value[0] == '\0')
			continue;
		return strcasestr(value, "utf-8") != NULL ||
		       strcasestr(value, "utf8") != NULL;
	}
	return false;
}

static struct report_style
style_of_terminal(void)
{
	struct report_style style = {.width = 80, .ascii = !is_utf8()};
	const char *columns = getenv("COLUMNS"), *term = getenv("TERM");
	struct winsize size;
	int given = columns != NULL ? atoi(columns) : 0;

	if (given > 0)
		style.width = (size_t)given;
	else if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
		 size.ws_col > 0)
		style.width = size.ws_col;
	if (style.width < 20)
		style.width = 20;
	style.color = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL &&
		      (term == NULL || strcmp(term, "dumb") != 0);
	return style;
}

static int
write_out(struct run *r, struct buf *b)
{
	int result = filter_write(r->out, buf_str(b));

	buf_free(b);
	return result;
}

static int
list_mailings(struct run *r, struct fail *f)
{
	struct report_style style = style_of_terminal();
	struct report *list;
	struct buf b = {0};
	size_t count;

	if (stats_mailings(r->stats, &list, &count, r->arena, f) == -1)
		return -1;
	if (r->args->json) {
		for (size_t i = 0; i < count; i++)
			report_json_brief(&b, &list[i]);
	} else if (count > 0) {
		report_list(&b, list, count, &style);
	} else {
		filter_note(PROGRAM, "there are no mailings yet");
	}
	return write_out(r, &b);
}

static int
put_row(void *ctx, const struct report_row *row, struct fail *f)
{
	struct run *r = ctx;
	struct buf b = {0};

	if (r->args->csv)
		report_csv(&b, row, r->report.course_id);
	else
		report_record(&b, row, r->report.course_id);
	*f = (struct fail){0}; /* filter.c reports */
	return write_out(r, &b);
}

/* "failed,deferred" as a set. */
static int
parse_states(const char *s, unsigned *states, struct fail *f)
{
	*states = 0;
	if (s == NULL) {
		*states = ~0u;
		return 0;
	}
	for (;;) {
		struct str name = {s, strcspn(s, ",")};
		int state = report_state_parse(name);

		if (state == -1)
			return fail_system(f,
			    "--state: %.*s is none of sent, failed, deferred, "
			    "in_doubt, skipped, claimed",
			    (int)name.n, name.p);
		*states |= 1u << state;
		if (s[name.n] == '\0')
			return 0;
		s += name.n + 1;
	}
}

static int
list_rows(struct run *r, struct fail *f)
{
	struct buf head = {0};
	unsigned states;

	if (parse_states(r->args->state, &states, f) == -1)
		return -1;
	if (r->args->csv) {
		report_csv_head(&head);
		if (write_out(r, &head) == -1)
			return -1;
	}
	return stats_rows(r->stats, r->report.id, states, put_row, r, f);
}

static int
show(struct run *r)
{
	struct report_style style = style_of_terminal();
	struct buf b = {0};

	if (r->args->json)
		report_json(&b, &r->report);
	else
		report_text(&b, &r->report, &style);
	return write_out(r, &b);
}

static int
show_mailing(struct run *r, struct fail *f)
{
	const struct args *a = r->args;
	bool brief = a->status || a->records || a->csv;
	int found = stats_report(
	    r->stats, str_of(a->id), brief, &r->report, r->arena, f);

	if (found == -1)
		return -1;
	if (found == 0) {
		unknown_id(r, f);
		if (a->status && f->kind == FAIL_DATA)
			f->kind = FAIL_TEMP;
		return -1;
	}
	if (a->status)
		filter_raise(r->out, report_status(&r->report));
	if (a->records || a->csv)
		return list_rows(r, f);
	return a->status && !a->json ? 0 : show(r);
}

/*
 * Somebody who may only read sees the same numbers but for claims of dead
 * processes, so that this is no failure.
 */
static void
recover(const char *path)
{
	struct ledger *ledger;
	struct fail f;
	struct db *db;

	if (db_open(&db, path, DB_WRITE, RECOVER_MS, &f) == -1)
		return;
	if (ledger_open(&ledger, db, LEDGER_POWER, &f) == 0)
		ledger_close(ledger, &f);
	db_close(db);
}

static int
open_ledgers(struct run *r, const struct options *o, struct fail *f)
{
	const char *path;
	const char *const *paths = (const char *const *)o->operands;
	size_t count = (size_t)o->operand_count;

	if (count == 0) {
		if (settings_need(o->settings, "BM_DB", &path, f) == -1)
			return -1;
		paths = &path;
		count = 1;
	}
	for (size_t i = 0; i < count; i++)
		recover(paths[i]);
	return stats_open(&r->stats, paths, count, f);
}

static int
run(const struct args *a, const struct options *o)
{
	struct run r = {.args = a, .arena = arena_new()};
	struct fail f = {0};
	int result;

	r.out = filter_new(PROGRAM, NULL, 0);
	result = open_ledgers(&r, o, &f);
	if (result == 0)
		result = a->id != NULL ? show_mailing(&r, &f)
				       : list_mailings(&r, &f);
	if (result == -1 && f.kind != FAIL_NONE)
		filter_raise(r.out, filter_die(PROGRAM, &f));
	stats_close(r.stats);
	arena_free(r.arena);
	return filter_end(r.out);
}

int
main(int argc, char **argv)
{
	struct args a = {0};
	struct option_spec specs[] = {
	    {"id", 0, OPTION_STRING, &a.id, "ID", NULL, 0, 0,
		"the mailing; without it all are listed"},
	    {"db", 0, OPTION_STRING, &a.db, "FILE", "BM_DB", 0, 0,
		"the database with the ledger"},
	    {"status", 0, OPTION_FLAG, &a.status, NULL, NULL, 0, 0,
		"end with the mailing's exit status and print nothing"},
	    {"json", 0, OPTION_FLAG, &a.json, NULL, NULL, 0, 0,
		"print one JSON object a mailing"},
	    {"records", 0, OPTION_FLAG, &a.records, NULL, NULL, 0, 0,
		"print one record a recipient"},
	    {"csv", 0, OPTION_FLAG, &a.csv, NULL, NULL, 0, 0,
		"print one line of CSV a recipient"},
	    {"state", 0, OPTION_STRING, &a.state, "STATE,...", NULL, 0, 0,
		"only recipients in these states"},
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .synopsis = "[--db FILE] [--json] [LEDGER...]\n"
			"--id ID [--status] [--json | --records | --csv] "
			"[LEDGER...]",
	    .purpose = "Tell what happened to a mailing.",
	    .specs = specs,
	    .operands_max = STATS_LEDGERS};
	int status = filter_options(&o, argc, argv);

	if (status != -1)
		return status;
	status = run(&a, &o);
	options_free(&o);
	return status;
}
