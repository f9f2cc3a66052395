#include "port/roster/roster_rows.h"

#include <string.h>

#include "base/trim.h"
#include "base/utf8.h"
#include "mail/mime/addr.h"
#include "mail/mime/addr_cell.h"

#define SHOWN 60 /* bytes of a heading */

void
roster_rows_init(struct roster_rows *p, struct csv *csv,
    const struct roster_columns *columns)
{
	*p = (struct roster_rows){.csv = csv,
	    .columns = columns,
	    .kept = arena_new(),
	    .ahead = arena_new(),
	    .scratch = arena_new()};
}

void
roster_rows_free(struct roster_rows *p)
{
	arena_free(p->kept);
	arena_free(p->ahead);
	arena_free(p->scratch);
}

enum roster_table_row
roster_rows_judge(struct roster_rows *p, const struct csv_row *row)
{
	arena_reset(p->scratch);
	return roster_table_judge(
	    p->columns, row->fields, row->count, p->scratch);
}

/* The first cell with text, for people. */
static const char *
copy_word(struct roster_rows *p, const struct csv_row *row)
{
	struct str s = {0};

	for (size_t i = 0; i < row->count && s.n == 0; i++)
		s = trim_text(row->fields[i]);
	return arena_dup(p->kept, s.p, utf8_cut(s, SHOWN));
}

static void
find_emails(struct roster_rows *p, const struct csv_row *titles)
{
	p->rest_email = roster_table_emails(
	    p->columns, titles->fields, titles->count, p->scratch);
}

/* At the titles of another table; the held rows are its heading. */
static void
begin_rest(struct roster_rows *p, const struct csv_row *titles)
{
	const struct csv_row *first = p->held_count > 0 ? p->held : titles;

	p->rest.line = first->line;
	p->rest.word = copy_word(p, first);
	find_emails(p, titles);
	p->held_count = 0;
}

/* Keep a row that may be a heading; false for others. */
static bool
hold_row(struct roster_rows *p, const struct csv_row *row,
    enum roster_table_row kind)
{
	struct csv_row *held = &p->held[p->held_count];
	struct str *fields;

	if (p->held_count == ROSTER_ROWS_HELD ||
	    (kind != ROSTER_TABLE_HEADING &&
		(kind != ROSTER_TABLE_EMPTY || p->held_count == 0)))
		return false;
	fields = arena_alloc(p->ahead, row->count * sizeof(*fields));
	for (size_t i = 0; i < row->count; i++)
		fields[i] = arena_str(p->ahead, row->fields[i]);
	*held = *row;
	held->fields = fields;
	p->held_count++;
	return true;
}

/* As csv_next(); 0 as well before the titles of another table. */
static int
look_ahead(struct roster_rows *p, struct csv_row *row, struct fail *f)
{
	enum roster_table_row kind;
	int r;

	arena_reset(p->ahead);
	p->held_at = p->held_count = 0;
	do {
		r = csv_next(p->csv, row, f);
		kind = r == 1 ? roster_rows_judge(p, row) : ROSTER_TABLE_ROW;
		if (kind == ROSTER_TABLE_TITLES && (p->behind || row->gap)) {
			begin_rest(p, row);
			return 0;
		}
		p->behind =
		    kind == ROSTER_TABLE_EMPTY || kind == ROSTER_TABLE_HEADING;
	} while (hold_row(p, row, kind));
	if (p->held_count == 0)
		return r;
	p->has_next = true;
	p->next = *row;
	p->next_status = r;
	if (r < 0)
		p->next_fail = *f;
	*row = p->held[p->held_at++];
	return 1;
}

int
roster_rows_next(struct roster_rows *p, struct csv_row *row, struct fail *f)
{
	if (p->held_at < p->held_count) {
		*row = p->held[p->held_at++];
		return 1;
	}
	if (p->has_next) {
		p->has_next = false;
		*row = p->next;
		if (p->next_status < 0)
			*f = p->next_fail;
		return p->next_status;
	}
	return p->rest.line > 0 ? 0 : look_ahead(p, row, f);
}

/* The address of a row that is left out; false without one. */
static bool
find_key(struct roster_rows *p, const struct csv_row *row, struct str *key)
{
	struct addr_cell cell;
	struct addr addr;
	struct fail f;

	for (size_t i = 0; i < row->count; i++) {
		if ((p->rest_email >= 0 && (int)i != p->rest_email) ||
		    memchr(row->fields[i].p, '@', row->fields[i].n) == NULL ||
		    addr_cell_read(&cell, row->fields[i], p->scratch, &f) < 0 ||
		    addr_parse(
			&addr, cell.address, ADDR_RESERVED, p->scratch, &f) < 0)
			continue;
		*key = addr.key;
		return true;
	}
	return false;
}

int
roster_rows_skip(
    struct roster_rows *p, struct str *key, unsigned long *line, struct fail *f)
{
	struct csv_row row;
	int r;

	while (p->rest.line > 0 && (r = csv_next(p->csv, &row, f)) != 0) {
		enum roster_table_row kind = ROSTER_TABLE_ROW;

		if (r < 0 && f->kind != FAIL_DATA) {
			*line = row.line;
			return -1;
		}
		if (r == 1)
			kind = roster_rows_judge(p, &row);
		if (kind == ROSTER_TABLE_TITLES || kind == ROSTER_TABLE_SAME)
			find_emails(p, &row);
		if (kind != ROSTER_TABLE_ROW)
			continue;
		p->rest.rows++;
		if (r == 1 && find_key(p, &row, key))
			return 1;
	}
	return 0;
}
