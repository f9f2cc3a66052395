#include "base/csv.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/csv_input.h"
#include "base/mem.h"
#include "base/utf8.h"

#define ROW_MAX (16 * 1024 * 1024) /* bytes of the fields of one row */
#define LOOK_MAX (1024 * 1024)     /* bytes before a closing quote */

struct csv {
	struct csv_input in;
	struct csv_dialect dialect;
	bool ends_plain[256]; /* bytes that end a run in a field without quotes
			       */
	bool begun;           /* the byte order mark is behind us */
	unsigned long line;
	struct buf text; /* decoded fields, each with a NUL behind it */
	size_t start;    /* of the current field in the text */
	struct str *fields;
	size_t count, cap;
	bool cut;             /* the last row has no line end */
	bool gap;             /* empty lines before the row */
	const char *bad;      /* the first reason to refuse the row, or NULL */
	unsigned long broken; /* the line of the broken quote */
};

/* The end of a field: a separator, the end of its row, or a broken quote. */
enum stop { STOP_BROKEN, STOP_FIELD, STOP_ROW };

struct csv *
csv_new(FILE *file)
{
	struct csv *c = mem_new(sizeof(*c));

	csv_input_init(&c->in, file);
	c->line = 1;
	csv_set_dialect(c, &(struct csv_dialect){.separator = ','});
	return c;
}

void
csv_set_dialect(struct csv *c, const struct csv_dialect *dialect)
{
	static const char others[] = {'\n', '\r', '"', '\0'};

	memset(c->ends_plain, 0, sizeof(c->ends_plain));
	for (size_t i = 0; i < sizeof(others); i++)
		c->ends_plain[(unsigned char)others[i]] = true;
	c->ends_plain[(unsigned char)dialect->separator] = true;
	c->dialect = *dialect;
}

void
csv_free(struct csv *c)
{
	if (c == NULL)
		return;
	buf_free(&c->text);
	free(c->fields);
	csv_input_free(&c->in);
	free(c);
}

/*
 * The row is refused, and reading goes on: its end is where the quotes say,
 * so that no cell of it is ever taken for a row.
 */
static void
spoil_row(struct csv *c, const char *reason)
{
	if (c->bad == NULL)
		c->bad = reason;
}

/* Behind a broken quote the beginnings of rows are unknown. */
static enum stop
refuse_file(
    struct csv *c, unsigned long line, const char *reason, struct fail *f)
{
	c->broken = line;
	c->in.at = c->in.len;
	c->in.ended = true;
	fail_system(f, "%s", reason);
	return STOP_BROKEN;
}

static void
add_bytes(struct csv *c, const char *p, size_t n)
{
	if (c->bad != NULL)
		return;
	if (c->text.len - c->start + n > CSV_FIELD_MAX)
		spoil_row(c, "field is longer than 1 MiB");
	else if (c->text.len + n > ROW_MAX)
		spoil_row(c, "row is longer than 16 MiB");
	else
		buf_add(&c->text, p, n);
}

/* Add the bytes before the next that ends a run; false at the file's end. */
static bool
read_run(struct csv *c, const bool ends[256])
{
	size_t i;

	while (csv_input_has(&c->in, 1)) {
		for (i = c->in.at;
		     i < c->in.len && !ends[(unsigned char)c->in.p[i]];)
			i++;
		add_bytes(c, c->in.p + c->in.at, i - c->in.at);
		c->in.at = i;
		if (i < c->in.len)
			return true;
	}
	return false;
}

/* Does a row of as many fields as it must have begin at the offset, or none? */
static bool
is_full_row(struct csv *c, size_t i)
{
	size_t fields = 1, start = i;
	bool quoted = false;

	for (; i < LOOK_MAX && csv_input_has(&c->in, i + 1); i++) {
		char ch = c->in.p[c->in.at + i];

		if (ch == '"')
			quoted = !quoted;
		else if (!quoted && (ch == '\n' || ch == '\r'))
			break;
		else if (!quoted && ch == c->dialect.separator)
			fields++;
	}
	return i == start || fields == c->dialect.full_row;
}

/*
 * The length of the line end at an offset from the next byte, or 0; counted
 * are the fields of the row before it.
 */
static size_t
measure_line_end(struct csv *c, size_t i, size_t counted)
{
	const struct csv_dialect *d = &c->dialect;

	if (!csv_input_has(&c->in, i + 1))
		return 0;
	if (c->in.p[c->in.at + i] == '\n')
		return 1;
	if (c->in.p[c->in.at + i] != '\r')
		return 0;
	if (csv_input_has(&c->in, i + 2) && c->in.p[c->in.at + i + 1] == '\n')
		return 2;
	return d->cr_ends || (d->full_row > 0 && counted == d->full_row &&
				 is_full_row(c, i + 1));
}

/* Does a field end at an offset from the next byte? */
static bool
ends_field(struct csv *c, size_t i)
{
	return !csv_input_has(&c->in, i + 1) ||
	       c->in.p[c->in.at + i] == c->dialect.separator ||
	       measure_line_end(c, i, c->count + 1) > 0;
}

/*
 * At a quote that begins a field. With loose quotes it may be text: unless the
 * field ends behind the next quote that stands alone, or when another row lies
 * between the two.
 */
static bool
is_quoted(struct csv *c)
{
	bool separator = false, line = false;

	if (!c->dialect.loose_quotes)
		return true;
	for (size_t i = 1; i < LOOK_MAX && csv_input_has(&c->in, i + 1); i++) {
		char ch = c->in.p[c->in.at + i];

		separator |= ch == c->dialect.separator;
		line |= ch == '\n' || ch == '\r';
		if (separator && line)
			return false;
		if (ch != '"')
			continue;
		if (!csv_input_has(&c->in, i + 2) ||
		    c->in.p[c->in.at + i + 1] != '"')
			return ends_field(c, i + 1);
		i++;
	}
	return false;
}

/* At the byte behind a field; opened is the line of its quote. */
static enum stop
read_stop(struct csv *c, unsigned long opened, struct fail *f)
{
	size_t n;

	c->cut = !csv_input_has(&c->in, 1);
	if (c->cut)
		return STOP_ROW;
	if (c->in.p[c->in.at] == c->dialect.separator) {
		c->in.at++;
		return STOP_FIELD;
	}
	n = measure_line_end(c, 0, c->count + 1);
	if (n > 0) {
		c->in.at += n;
		c->line++;
		return STOP_ROW;
	}
	return refuse_file(c, opened, "text behind a closing quote", f);
}

/* At the opening quote. */
static enum stop
read_quoted(struct csv *c, struct fail *f)
{
	static const bool ends[256] = {
	    ['"'] = true, ['\n'] = true, ['\r'] = true, [0] = true};
	unsigned long opened = c->line;

	c->in.at++;
	while (read_run(c, ends)) {
		char ch = c->in.p[c->in.at++];

		if (ch == '\0') {
			spoil_row(c, "NUL byte");
			continue;
		}
		if (ch == '"' && !csv_input_sees(&c->in, "\"", 1))
			return read_stop(c, opened, f);
		if (ch == '"')
			c->in.at++;
		else if (ch == '\n' || (c->dialect.cr_ends &&
					   !csv_input_sees(&c->in, "\n", 1)))
			c->line++;
		add_bytes(c, &ch, 1);
	}
	return refuse_file(c, opened, "quote is never closed", f);
}

/*
 * At a quote in a field without quotes: is it text? A guard, as in ="007", has
 * one behind its equals sign and one at its end.
 */
static bool
is_text_quote(struct csv *c, bool *guard)
{
	if (c->dialect.loose_quotes)
		return true;
	if (*guard)
		return ends_field(c, 1);
	*guard = c->dialect.guards && c->bad == NULL &&
		 c->text.len == c->start + 1 && c->text.p[c->start] == '=';
	return *guard;
}

static enum stop
read_plain(struct csv *c, struct fail *f)
{
	bool guard = false;

	while (read_run(c, c->ends_plain)) {
		char ch = c->in.p[c->in.at];

		if (ch == '"' && !is_text_quote(c, &guard))
			return refuse_file(c, c->line,
			    "quote inside a field without quotes", f);
		if (ch == c->dialect.separator ||
		    measure_line_end(c, 0, c->count + 1) > 0)
			break;
		if (ch == '"')
			add_bytes(c, &ch, 1);
		else
			spoil_row(c,
			    ch == '\0' ? "NUL byte" : "stray carriage return");
		c->in.at++;
	}
	return read_stop(c, c->line, f);
}

/* Set only the length: the text may move until the row is complete. */
static enum stop
read_field(struct csv *c, struct fail *f)
{
	enum stop stop;

	c->start = c->text.len;
	if (c->count == CSV_FIELDS_MAX)
		spoil_row(c, "row has more than 16,384 fields");
	stop = csv_input_sees(&c->in, "\"", 1) && is_quoted(c)
		   ? read_quoted(c, f)
		   : read_plain(c, f);
	if (c->bad != NULL)
		return stop;
	c->fields = mem_more(c->fields, c->count, &c->cap, sizeof(*c->fields));
	c->fields[c->count++] = (struct str){NULL, c->text.len - c->start};
	buf_addc(&c->text, '\0');
	return stop;
}

/* Skip the byte order mark and empty lines; false at the end of the file. */
static bool
find_row(struct csv *c)
{
	size_t n;

	if (!c->begun && csv_input_sees(&c->in, "\xEF\xBB\xBF", 3))
		c->in.at += 3;
	c->begun = true;
	c->gap = false;
	while ((n = measure_line_end(c, 0, c->dialect.full_row)) > 0) {
		c->in.at += n;
		c->line++;
		c->gap = true;
	}
	return csv_input_has(&c->in, 1);
}

static int
parse_row(struct csv *c, struct csv_row *row, struct fail *f)
{
	enum stop stop;
	const char *p;

	c->bad = NULL;
	c->count = 0;
	buf_reset(&c->text);
	do
		stop = read_field(c, f);
	while (stop == STOP_FIELD);
	if (stop == STOP_BROKEN)
		return -1;
	row->cut = c->cut;
	if (utf8_valid(c->text.p, c->text.len) != c->text.len) {
		row->bad_utf8 = c->bad == NULL;
		spoil_row(c, "invalid UTF-8");
	}
	if (c->bad != NULL)
		return fail_data(f, "%s", c->bad);
	p = c->text.p;
	for (size_t i = 0; i < c->count; i++) {
		c->fields[i].p = p;
		p += c->fields[i].n + 1;
	}
	return 0;
}

/* Excel's "Unicode text" and PowerShell write it. */
static bool
is_utf16(struct csv *c)
{
	return !c->begun && (csv_input_sees(&c->in, "\xFF\xFE", 2) ||
				csv_input_sees(&c->in, "\xFE\xFF", 2));
}

int
csv_next(struct csv *c, struct csv_row *row, struct fail *f)
{
	int rc;

	*row = (struct csv_row){0};
	if (is_utf16(c)) {
		refuse_file(c, 0, "UTF-16: save the file as UTF-8", f);
		rc = -1;
	} else {
		rc = find_row(c);
	}
	row->line = c->line;
	row->gap = c->gap;
	if (rc > 0 && parse_row(c, row, f) < 0)
		rc = -1;
	if (ferror(c->in.file)) {
		row->line = 0;
		return fail_errno(f, "cannot be read");
	}
	if (rc > 0) {
		row->fields = c->fields;
		row->count = c->count;
	} else if (rc < 0 && f->kind == FAIL_SYSTEM) {
		row->line = c->broken;
	}
	return rc;
}
