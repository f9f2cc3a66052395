#include "port/roster/roster_csv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/mem.h"

struct roster_csv {
	const char *name;
	FILE *in;
	struct csv *csv;
	struct roster_columns columns;
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

/* Without a usable header the file is useless: SYSTEM. */
static int
read_header(struct roster_csv *p, struct fail *f)
{
	struct csv_row row = {.line = 1};
	int r = csv_next(p->csv, &row, f);

	if (r == 0)
		fail_system(f, "no header line");
	if (r == 1 && roster_columns_parse(
			  &p->columns, row.fields, row.count, p->run, f) == 0)
		return 0;
	prefix_place(p, row.line, f);
	f->kind = FAIL_SYSTEM;
	return -1;
}

int
roster_csv_open(struct roster_csv **out, const char *path, struct fail *f)
{
	bool standard = strcmp(path, "-") == 0;
	FILE *in = standard ? stdin : fopen(path, "re");
	struct roster_csv *p;

	*out = NULL;
	if (in == NULL)
		return fail_errno(f, "%s: cannot open", path);
	p = mem_new(sizeof(*p));
	p->name = standard ? "stdin" : path;
	p->in = in;
	p->csv = csv_new(in);
	p->run = arena_new();
	p->row = arena_new();
	if (read_header(p, f) < 0) {
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
	if (p->in != stdin)
		fclose(p->in);
	arena_free(p->run);
	arena_free(p->row);
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

int
roster_csv_next(struct roster_csv *p, struct roster_row *person,
    unsigned long *line, struct fail *f)
{
	struct csv_row row;
	int r = csv_next(p->csv, &row, f);

	*person = (struct roster_row){0};
	*line = row.line;
	if (r < 0 && f->kind != FAIL_DATA)
		return refuse_file(p, row.line, f);
	if (r != 1)
		return r;
	arena_reset(p->row);
	if (roster_row_parse(
		person, &p->columns, row.fields, row.count, p->row, f) < 0)
		return -1;
	return 1;
}
