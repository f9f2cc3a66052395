#include "port/roster/roster_csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/mem.h"
#include "base/trim.h"
#include "base/utf8.h"
#include "mail/roster/roster_header.h"
#include "port/roster/roster_rows.h"

#define SHOWN 60 /* bytes of a title */

struct roster_csv {
	const char *name;
	const struct roster_sheet_params *params;
	struct roster_sheet sheet;
	struct csv *csv;
	unsigned long header_line;
	struct roster_columns columns;
	struct roster_csv_skipped skipped;
	struct roster_rows rows;
	struct arena *run, *row;
};

static int
prefix_place(const struct roster_csv *p, unsigned long line, struct fail *f)
{
	if (line == 0)
		return fail_prefix(f, "%s", p->name);
	return fail_prefix(f, "%s:%lu", p->name, line);
}

static int
refuse_file(const struct roster_csv *p, unsigned long line, struct fail *f)
{
	if (line > 0)
		fail_system(f, "%s: " CSV_REMEDY, f->text);
	return prefix_place(p, line, f);
}

/* Bytes that are not UTF-8: most likely the file is what Excel writes. */
static void
add_encoding(
    const struct roster_csv *p, const struct csv_row *row, struct fail *f)
{
	const char *likely =
	    p->sheet.dialect.cr_ends ? "macintosh" : "windows-1252";

	if (row->bad_utf8 && p->params->encoding == NULL)
		fail_data(f,
		    "%s: the file looks like %s (--encoding %s reads it so)",
		    f->text, likely, likely);
	else if (row->bad_utf8)
		fail_data(f, "a character that %s does not have",
		    decode_name(p->sheet.decode));
}

/* Name the column that has addresses where no title says so. */
static void
add_addresses(const struct roster_csv *p, struct fail *f)
{
	int at = roster_sheet_addresses(&p->sheet);
	struct str title;

	if (at < 0 || (size_t)at >= p->columns.count ||
	    strstr(f->text, "--") != NULL)
		return;
	title = p->columns.titles[at];
	fail_data(f,
	    "%s; there are addresses in column %d: say --column "
	    "email='%.*s'",
	    f->text, at + 1, (int)utf8_cut(title, SHOWN), title.p);
}

static int
parse_header(struct roster_csv *p, const struct csv_row *row, struct fail *f)
{
	int login;

	p->header_line = row->line;
	if (roster_header_parse(&p->columns, row->fields, row->count,
		&p->params->choices, p->run, f) < 0) {
		if (p->columns.at[ROSTER_EMAIL] < 0)
			add_addresses(p, f);
		return -1;
	}
	login = p->columns.at[ROSTER_LOGIN];
	if (login >= 0)
		p->columns.time_order =
		    roster_sheet_order(&p->sheet, (size_t)login);
	return 0;
}

/* Without a usable header the file is useless: SYSTEM. */
static int
read_header(struct roster_csv *p, struct fail *f)
{
	struct csv_row row = {.line = 1};
	int r = 1;

	/* A line before it that cannot be read is no worse than the others. */
	for (size_t i = 0; i <= p->sheet.before && r != 0; i++) {
		do
			r = csv_next(p->csv, &row, f);
		while (r < 0 && f->kind == FAIL_DATA && p->sheet.before > 0);
		if (r < 0)
			break;
	}
	if (r == 0)
		fail_system(f, "no header line");
	if (r < 0)
		add_encoding(p, &row, f);
	if (r == 1 && parse_header(p, &row, f) == 0)
		return 0;
	if (r < 0 && f->kind == FAIL_SYSTEM)
		return refuse_file(p, row.line, f);
	prefix_place(p, row.line, f);
	f->kind = FAIL_SYSTEM;
	return -1;
}

static int
open_rows(struct roster_csv *p, struct fail *f)
{
	if (roster_sheet_open(&p->sheet, p->params, p->run, f) < 0)
		return -1;
	p->csv = csv_new(decode_stream(p->sheet.decode));
	csv_set_dialect(p->csv, &p->sheet.dialect);
	if (read_header(p, f) < 0)
		return -1;
	p->sheet.dialect.full_row = p->columns.count;
	csv_set_dialect(p->csv, &p->sheet.dialect);
	roster_rows_init(&p->rows, p->csv, &p->columns);
	return 0;
}

int
roster_csv_open(struct roster_csv **out,
    const struct roster_sheet_params *params, struct fail *f)
{
	struct roster_csv *p = mem_new(sizeof(*p));

	*out = NULL;
	p->name = strcmp(params->path, "-") == 0 ? "stdin" : params->path;
	p->params = params;
	p->run = arena_new();
	p->row = arena_new();
	if (open_rows(p, f) < 0) {
		roster_csv_close(p);
		return -1;
	}
	*out = p;
	return 0;
}

void
roster_csv_close(struct roster_csv *p)
{
	if (p == NULL)
		return;
	csv_free(p->csv);
	roster_sheet_close(&p->sheet);
	arena_free(p->run);
	arena_free(p->row);
	roster_rows_free(&p->rows);
	free(p);
}

const char *
roster_csv_name(const struct roster_csv *p)
{
	return p->name;
}

const struct roster_columns *
roster_csv_columns(const struct roster_csv *p)
{
	return &p->columns;
}

const struct roster_sheet *
roster_csv_sheet(const struct roster_csv *p)
{
	return &p->sheet;
}

const struct roster_csv_skipped *
roster_csv_skipped(const struct roster_csv *p)
{
	return &p->skipped;
}

const struct roster_rows_rest *
roster_csv_rest(const struct roster_csv *p)
{
	return &p->rows.rest;
}

unsigned long
roster_csv_header_line(const struct roster_csv *p)
{
	return p->header_line;
}

/* Count a row that is of nobody. */
static bool
skip_row(struct roster_csv *p, const struct csv_row *row)
{
	size_t at = (size_t)p->columns.at[ROSTER_EMAIL];
	struct str word;

	if (roster_row_is_empty(row->fields, row->count)) {
		p->skipped.empty++;
		return true;
	}
	word = roster_row_skipped(&p->columns, row->fields, row->count);
	if (word.p == NULL &&
	    roster_rows_judge(&p->rows, row) == ROSTER_TABLE_SAME)
		word = at < row->count ? trim_text(row->fields[at]) : STR("");
	if (word.p == NULL)
		return false;
	if (p->skipped.totals++ == 0) {
		p->skipped.totals_line = row->line;
		p->skipped.totals_word =
		    arena_dup(p->run, word.p, utf8_cut(word, SHOWN));
	}
	return true;
}

/* Half an address may be another person's. */
static int
check_cut(const struct roster_csv *p, const struct csv_row *row, struct fail *f)
{
	if (!row->cut || row->count >= p->columns.count)
		return 0;
	return fail_data(f,
	    "the file ends within this line, with %zu of %zu fields: it seems "
	    "to be cut off",
	    row->count, p->columns.count);
}

int
roster_csv_next(struct roster_csv *p, struct roster_row *person,
    unsigned long *line, struct fail *f)
{
	struct csv_row row;
	int r;

	*person = (struct roster_row){.dropped = ROSTER_COLUMNS};
	do
		r = roster_rows_next(&p->rows, &row, f);
	while (r == 1 && skip_row(p, &row));
	*line = row.line;
	if (r < 0 && f->kind != FAIL_DATA)
		return refuse_file(p, row.line, f);
	if (r < 0)
		add_encoding(p, &row, f);
	if (r != 1)
		return r;
	arena_reset(p->row);
	if (check_cut(p, &row, f) < 0 ||
	    roster_row_parse(
		person, &p->columns, row.fields, row.count, p->row, f) < 0)
		return -1;
	person->at_end =
	    row.cut && (size_t)p->columns.at[ROSTER_EMAIL] + 1 == row.count;
	return 1;
}

int
roster_csv_skip(struct roster_csv *p, struct str *key, struct fail *f)
{
	unsigned long line;
	int r = roster_rows_skip(&p->rows, key, &line, f);

	return r < 0 ? refuse_file(p, line, f) : r;
}
