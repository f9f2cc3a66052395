#include "import/import_sheet.h"

#include "base/buf.h"
#include "base/program.h"
#include "base/utf8.h"
#include "import/import_args.h"

#define SHOWN 60 /* bytes of a title */

static void
tell_form(const struct roster_csv *csv)
{
	const struct roster_sheet *sheet = roster_csv_sheet(csv);
	char separator[4] = {'"', sheet->dialect.separator, '"', '\0'};

	program_note(IMPORT_ARGS_PROGRAM,
	    "%s: encoding %s, separator %s, line ends %s, columns named in "
	    "line %lu",
	    roster_csv_name(csv), decode_name(sheet->decode),
	    separator[1] == '\t' ? "tab" : separator,
	    sheet->dialect.cr_ends ? "CR" : "LF or CRLF",
	    roster_csv_header_line(csv));
}

static void
add_use(struct buf *b, const char *use, const char *name)
{
	if (b->len > 0)
		buf_adds(b, " and ");
	buf_printf(b, "%s%s", use, name);
}

/* The fields of a person that the column gives. */
static void
add_fields(struct buf *b, const struct roster_columns *c, size_t column)
{
	for (int i = 0; i < ROSTER_COLUMNS; i++) {
		bool made = i == ROSTER_NAME && c->name_is_made;

		if (c->at[i] != (int)column || made)
			continue;
		add_use(b, "",
		    i == ROSTER_FIRST  ? "name (given name)"
		    : i == ROSTER_LAST ? "name (family name)"
		    : i == ROSTER_NAME && c->name_is_family
			? "name (family name)"
			: roster_synonyms_name((enum roster_column)i));
	}
}

static void
tell_column(const struct roster_csv *csv, size_t column)
{
	const struct roster_columns *c = roster_csv_columns(csv);
	struct str title = c->titles[column];
	struct buf b = {0};

	add_fields(&b, c, column);
	for (size_t i = 0; i < c->merge_count; i++) {
		if (c->merges[i].column == column)
			add_use(&b, "merge field ", c->merges[i].name);
	}
	program_note(IMPORT_ARGS_PROGRAM, "%s: column %zu \"%.*s\" -> %s",
	    roster_csv_name(csv), column + 1, (int)utf8_cut(title, SHOWN),
	    title.p, b.len > 0 ? buf_cstr(&b) : "ignored");
	buf_free(&b);
}

void
import_sheet_tell(const struct roster_csv *csv, bool all)
{
	const struct roster_columns *c = roster_csv_columns(csv);
	const struct roster_sheet *sheet = roster_csv_sheet(csv);

	if (all)
		tell_form(csv);
	if (sheet->preamble > 0)
		program_note(IMPORT_ARGS_PROGRAM,
		    "%s: %zu rows are skipped: line %lu names the columns",
		    roster_csv_name(csv), sheet->preamble,
		    roster_csv_header_line(csv));
	for (size_t i = 0; i < c->note_count; i++)
		program_note(IMPORT_ARGS_PROGRAM, "%s: %s",
		    roster_csv_name(csv), c->notes[i]);
	for (size_t i = 0; i < c->count && all; i++)
		tell_column(csv, i);
}

static void
add_part(struct buf *b, const char *name, struct str s)
{
	if (s.p != NULL)
		buf_printf(b, ", %s %.*s", name, (int)utf8_cut(s, SHOWN), s.p);
}

void
import_sheet_person(const struct roster_csv *csv, unsigned long line,
    const struct roster_row *row)
{
	struct buf b = {0};

	if (row->name.p != NULL)
		buf_printf(
		    &b, "%.*s ", (int)utf8_cut(row->name, SHOWN), row->name.p);
	buf_printf(&b, "<%.*s>", (int)row->email.n, row->email.p);
	add_part(&b, "id", row->id);
	add_part(&b, "username", row->username);
	add_part(&b, "enrollment_mode", row->mode);
	add_part(&b, "cohort", row->cohort);
	add_part(&b, "role", row->role);
	if (!row->enrolled)
		buf_adds(&b, ", not enrolled");
	if (!row->is_active)
		buf_adds(&b, ", not active");
	program_note(IMPORT_ARGS_PROGRAM, "%s:%lu: %s", roster_csv_name(csv),
	    line, buf_cstr(&b));
	buf_free(&b);
}
