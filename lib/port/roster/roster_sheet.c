#include "port/roster/roster_sheet.h"

#include <string.h>

#include "base/csv.h"
#include "base/trim.h"
#include "mail/roster/roster_header.h"

#define ROWS_MAX 30     /* that may be the header line */
#define SAMPLES_MAX 500 /* rows that are looked at */

/* Files are read by the first of these for want of a header line. */
static const char separators[] = {',', ';', '\t', '|'};

/* How the first rows look with one separator. */
struct view {
	bool has_header;
	size_t row, fields; /* of the header line; of the first row without */
};

/* The rows of the first bytes; closed with close_sample(). */
struct sample {
	FILE *file;
	struct csv *csv;
};

static struct csv_dialect
make_dialect(char separator, bool cr_ends)
{
	return (struct csv_dialect){.separator = separator,
	    .loose_quotes = separator == '\t',
	    .guards = true,
	    .cr_ends = cr_ends};
}

static bool
open_sample(struct sample *s, struct str head, const struct csv_dialect *d)
{
	s->file = head.n > 0 ? fmemopen((void *)head.p, head.n, "r") : NULL;
	if (s->file == NULL)
		return false;
	s->csv = csv_new(s->file);
	csv_set_dialect(s->csv, d);
	return true;
}

static void
close_sample(struct sample *s)
{
	csv_free(s->csv);
	fclose(s->file);
}

/* The next row that can be read; false at the end or where quoting breaks. */
static bool
next_sample(struct sample *s, struct csv_row *row)
{
	struct fail f;
	int rc;

	do
		rc = csv_next(s->csv, row, &f);
	while (rc < 0 && f.kind == FAIL_DATA);
	return rc > 0;
}

static struct view
view_rows(struct str head, const struct csv_dialect *d, size_t skip,
    const struct roster_columns_choices *choices, struct arena *arena)
{
	struct view v = {.row = skip};
	struct sample s;
	struct csv_row row;

	if (!open_sample(&s, head, d))
		return v;
	for (size_t i = 0; i < ROWS_MAX && next_sample(&s, &row); i++) {
		if (i < skip)
			continue;
		if (i == skip)
			v.fields = row.count;
		/* A word alone above a table is a heading of it. */
		if ((i > skip && row.count < 2) ||
		    !roster_header_is_likely(
			row.fields, row.count, choices, arena))
			continue;
		v = (struct view){true, i, row.count};
		break;
	}
	close_sample(&s);
	return v;
}

static bool
is_better(const struct view *a, const struct view *b)
{
	if (a->has_header != b->has_header)
		return a->has_header;
	if (a->has_header && a->row != b->row)
		return a->row < b->row;
	return a->fields > b->fields && a->fields > 1;
}

/* Is the first line end outside quotes a carriage return alone? */
static bool
is_cr_file(struct str head)
{
	bool quoted = false;

	for (size_t i = 0; i < head.n; i++) {
		if (head.p[i] == '"')
			quoted = !quoted;
		if (quoted || (head.p[i] != '\r' && head.p[i] != '\n'))
			continue;
		return head.p[i] == '\r' &&
		       (i + 1 == head.n || head.p[i + 1] != '\n');
	}
	return false;
}

/*
 * "sep=;" as Excel writes it, and "#TYPE ..." of PowerShell: the lines before
 * the header line that are no text.
 */
static size_t
read_directives(struct str head, char *separator)
{
	size_t count = 0;

	for (;;) {
		size_t n = 0;
		struct str line;

		while (n < head.n && head.p[n] != '\r' && head.p[n] != '\n')
			n++;
		line = str_strip((struct str){head.p, n}, "\"");
		if (line.n == 5 &&
		    str_is_nocase((struct str){line.p, 4}, "sep="))
			*separator = line.p[4];
		else if (!str_starts(line, "#TYPE "))
			return count;
		count++;
		while (n < head.n && (head.p[n] == '\r' || head.p[n] == '\n'))
			n++;
		head.p += n;
		head.n -= n;
	}
}

/* Choose the separator and find the header line. */
static void
look_at(struct roster_sheet *sheet, const struct roster_sheet_params *params,
    struct arena *arena)
{
	struct str head = decode_head(sheet->decode);
	bool cr_ends = is_cr_file(head);
	char said = 0;
	size_t skip = read_directives(head, &said);
	struct view best = {.row = skip};

	if (params->separator != 0)
		said = params->separator;
	sheet->dialect = make_dialect(said != 0 ? said : ',', cr_ends);
	for (size_t i = 0; i < sizeof(separators); i++) {
		struct csv_dialect d =
		    make_dialect(said != 0 ? said : separators[i], cr_ends);
		struct view v =
		    view_rows(head, &d, skip, &params->choices, arena);

		if (i > 0 && !is_better(&v, &best))
			continue;
		best = v;
		sheet->dialect = d;
	}
	sheet->before = best.row;
	sheet->preamble = best.row - skip;
}

int
roster_sheet_open(struct roster_sheet *sheet,
    const struct roster_sheet_params *params, struct arena *arena,
    struct fail *f)
{
	bool standard = strcmp(params->path, "-") == 0;

	*sheet = (struct roster_sheet){0};
	sheet->in = standard ? stdin : fopen(params->path, "re");
	if (sheet->in == NULL)
		return fail_errno(f, "%s: cannot open", params->path);
	if (decode_open(&sheet->decode, sheet->in, params->encoding, f) < 0) {
		fail_prefix(f, "%s", standard ? "stdin" : params->path);
		return -1;
	}
	look_at(sheet, params, arena);
	return 0;
}

void
roster_sheet_close(struct roster_sheet *sheet)
{
	decode_close(sheet->decode);
	if (sheet->in != NULL && sheet->in != stdin)
		fclose(sheet->in);
}

enum roster_time_order
roster_sheet_order(const struct roster_sheet *sheet, size_t column)
{
	enum roster_time_order order = ROSTER_TIME_UNKNOWN, told;
	struct sample s;
	struct csv_row row;
	bool clash = false;

	if (!open_sample(&s, decode_head(sheet->decode), &sheet->dialect))
		return order;
	for (size_t i = 0; i < SAMPLES_MAX && next_sample(&s, &row); i++) {
		if (column >= row.count)
			continue;
		told = roster_time_tells(trim_text(row.fields[column]));
		clash =
		    clash || (order != ROSTER_TIME_UNKNOWN &&
				 told != ROSTER_TIME_UNKNOWN && told != order);
		if (told != ROSTER_TIME_UNKNOWN)
			order = told;
	}
	close_sample(&s);
	return clash ? ROSTER_TIME_UNKNOWN : order;
}

int
roster_sheet_addresses(const struct roster_sheet *sheet)
{
	struct sample s;
	struct csv_row row;
	int found = -1;

	if (!open_sample(&s, decode_head(sheet->decode), &sheet->dialect))
		return -1;
	for (size_t i = 0;
	     found < 0 && i < SAMPLES_MAX && next_sample(&s, &row); i++) {
		for (size_t k = 0; found < 0 && k < row.count; k++) {
			if (i > sheet->before && memchr(row.fields[k].p, '@',
						     row.fields[k].n) != NULL)
				found = (int)k;
		}
	}
	close_sample(&s);
	return found;
}
