#include "base/csv.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"

#define CHUNK 65536                /* bytes asked for by one read */
#define ROW_MAX (16 * 1024 * 1024) /* bytes of the fields of one row */

struct csv {
	FILE *file;
	char *in;       /* CHUNK raw bytes */
	size_t at, len; /* the next byte, and the end */
	bool begun;     /* the byte order mark is behind us */
	bool ended;     /* the file has no more bytes */
	unsigned long line;
	struct buf text; /* decoded fields, each with a NUL behind it */
	size_t start;    /* of the current field in the text */
	struct str *fields;
	size_t count, cap;
	const char *bad;      /* the first reason to refuse the row, or NULL */
	unsigned long broken; /* the line of the broken quote */
};

/* The end of a field: a separator, the end of its row, or a broken quote. */
enum stop { STOP_BROKEN, STOP_FIELD, STOP_ROW };

struct csv *
csv_new(FILE *file)
{
	struct csv *c = mem_new(sizeof(*c));

	c->file = file;
	c->in = mem_new(CHUNK);
	c->line = 1;
	return c;
}

void
csv_free(struct csv *c)
{
	if (c == NULL)
		return;
	buf_free(&c->text);
	free(c->fields);
	free(c->in);
	free(c);
}

/* Have n bytes at hand; false if the file ends before. */
static bool
has_bytes(struct csv *c, size_t n)
{
	size_t got;

	while (c->len - c->at < n && !c->ended) {
		memmove(c->in, c->in + c->at, c->len - c->at);
		c->len -= c->at;
		c->at = 0;
		got = fread(c->in + c->len, 1, CHUNK - c->len, c->file);
		c->len += got;
		c->ended = got == 0;
	}
	return c->len - c->at >= n;
}

static bool
sees_bytes(struct csv *c, const char *what, size_t n)
{
	return has_bytes(c, n) && memcmp(c->in + c->at, what, n) == 0;
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
	c->at = c->len;
	c->ended = true;
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

	while (has_bytes(c, 1)) {
		for (i = c->at; i < c->len && !ends[(unsigned char)c->in[i]];)
			i++;
		add_bytes(c, c->in + c->at, i - c->at);
		c->at = i;
		if (i < c->len)
			return true;
	}
	return false;
}

/* At the byte behind a field; opened is the line of its quote. */
static enum stop
read_stop(struct csv *c, unsigned long opened, struct fail *f)
{
	if (!has_bytes(c, 1))
		return STOP_ROW;
	if (c->in[c->at] == ',') {
		c->at++;
		return STOP_FIELD;
	}
	if (c->in[c->at] == '\n' || sees_bytes(c, "\r\n", 2)) {
		c->at += c->in[c->at] == '\n' ? 1 : 2;
		c->line++;
		return STOP_ROW;
	}
	return refuse_file(c, opened, "text behind a closing quote", f);
}

/* At the opening quote. */
static enum stop
read_quoted(struct csv *c, struct fail *f)
{
	static const bool ends[256] = {['"'] = true, ['\n'] = true, [0] = true};
	unsigned long opened = c->line;

	c->at++;
	while (read_run(c, ends)) {
		char ch = c->in[c->at++];

		if (ch == '\0') {
			spoil_row(c, "NUL byte");
			continue;
		}
		if (ch == '"' && !sees_bytes(c, "\"", 1))
			return read_stop(c, opened, f);
		if (ch == '"')
			c->at++;
		else
			c->line++;
		add_bytes(c, &ch, 1);
	}
	return refuse_file(c, opened, "quote is never closed", f);
}

static enum stop
read_plain(struct csv *c, struct fail *f)
{
	static const bool ends[256] = {[','] = true,
	    ['\n'] = true,
	    ['\r'] = true,
	    ['"'] = true,
	    [0] = true};

	while (read_run(c, ends)) {
		char ch = c->in[c->at];

		if (ch == '"')
			return refuse_file(c, c->line,
			    "quote inside a field without quotes", f);
		if (ch == ',' || ch == '\n' || sees_bytes(c, "\r\n", 2))
			break;
		spoil_row(c, ch == '\0' ? "NUL byte" : "stray carriage return");
		c->at++;
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
	stop = sees_bytes(c, "\"", 1) ? read_quoted(c, f) : read_plain(c, f);
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
	if (!c->begun && sees_bytes(c, "\xEF\xBB\xBF", 3))
		c->at += 3;
	c->begun = true;
	for (;;) {
		if (sees_bytes(c, "\n", 1))
			c->at++;
		else if (sees_bytes(c, "\r\n", 2))
			c->at += 2;
		else
			return has_bytes(c, 1);
		c->line++;
	}
}

static int
parse_row(struct csv *c, struct fail *f)
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
	if (utf8_valid(c->text.p, c->text.len) != c->text.len)
		spoil_row(c, "invalid UTF-8");
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
	return !c->begun &&
	       (sees_bytes(c, "\xFF\xFE", 2) || sees_bytes(c, "\xFE\xFF", 2));
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
	if (rc > 0 && parse_row(c, f) < 0)
		rc = -1;
	if (ferror(c->file)) {
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
