#include "base/csv.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"

#define CHUNK 16384                /* bytes asked for by one read */
#define ROW_MAX (16 * 1024 * 1024) /* bytes in one row */

struct csv {
	FILE *file;
	struct buf in;  /* raw bytes, at least from the current row on */
	size_t row, at; /* where the row starts, and the next byte */
	bool ended;     /* the file has no more bytes */
	unsigned long line;
	struct buf text; /* decoded fields, each with a NUL behind it */
	struct str *fields;
	size_t count, cap;
};

/* What follows a field. */
enum stop { STOP_BAD, STOP_FIELD, STOP_ROW, STOP_END };

struct csv *
csv_new(FILE *file)
{
	struct csv *c = mem_new(sizeof(*c));

	c->file = file;
	c->line = 1;
	return c;
}

void
csv_free(struct csv *c)
{
	if (c == NULL)
		return;
	buf_free(&c->in);
	buf_free(&c->text);
	free(c->fields);
	free(c);
}

static bool
read_chunk(struct csv *c)
{
	size_t n;

	if (c->ended)
		return false;
	if (c->row > 0) {
		memmove(c->in.p, c->in.p + c->row, c->in.len - c->row);
		c->in.len -= c->row;
		c->at -= c->row;
		c->row = 0;
	}
	n = fread(buf_reserve(&c->in, CHUNK), 1, CHUNK, c->file);
	c->in.len += n;
	c->ended = n == 0;
	return n > 0;
}

/* The next byte, or -1 at the end. */
static int
peek_byte(struct csv *c)
{
	if (c->at == c->in.len && !read_chunk(c))
		return -1;
	return (unsigned char)c->in.p[c->at];
}

static enum stop
refuse_row(struct fail *f, const char *reason)
{
	fail_data(f, "%s", reason);
	return STOP_BAD;
}

static enum stop
read_stop(struct csv *c, struct fail *f)
{
	int ch = peek_byte(c);

	if (ch < 0)
		return STOP_END;
	c->at++;
	if (ch == ',')
		return STOP_FIELD;
	if (ch == '\r') {
		if (peek_byte(c) != '\n')
			return refuse_row(f, "stray carriage return");
		c->at++;
		return STOP_ROW;
	}
	if (ch == '\n')
		return STOP_ROW;
	return refuse_row(f, "text behind a closing quote");
}

static bool
add_byte(struct csv *c, size_t start, int ch, struct fail *f)
{
	if (ch == '\0')
		refuse_row(f, "NUL byte");
	else if (c->text.len - start >= CSV_FIELD_MAX)
		refuse_row(f, "field is longer than 1 MiB");
	else if (c->at - c->row > ROW_MAX)
		refuse_row(f, "row is longer than 16 MiB");
	else {
		buf_addc(&c->text, (char)ch);
		c->at++;
		return true;
	}
	return false;
}

/* At the opening quote. */
static enum stop
read_quoted(struct csv *c, struct fail *f)
{
	size_t start = c->text.len;
	int ch;

	c->at++;
	while ((ch = peek_byte(c)) >= 0) {
		if (ch == '"') {
			c->at++;
			if (peek_byte(c) != '"')
				return read_stop(c, f);
		}
		if (!add_byte(c, start, ch, f))
			return STOP_BAD;
	}
	return refuse_row(f, "quote is never closed");
}

static enum stop
read_plain(struct csv *c, struct fail *f)
{
	size_t start = c->text.len;
	int ch;

	while (
	    (ch = peek_byte(c)) >= 0 && ch != ',' && ch != '\n' && ch != '\r') {
		if (ch == '"')
			return refuse_row(
			    f, "quote inside a field without quotes");
		if (!add_byte(c, start, ch, f))
			return STOP_BAD;
	}
	return read_stop(c, f);
}

/* Set only the length: the text may move until the row is complete. */
static enum stop
read_field(struct csv *c, struct fail *f)
{
	size_t start = c->text.len;
	enum stop stop =
	    peek_byte(c) == '"' ? read_quoted(c, f) : read_plain(c, f);

	c->fields = mem_more(c->fields, c->count, &c->cap, sizeof(*c->fields));
	c->fields[c->count++] = (struct str){NULL, c->text.len - start};
	buf_addc(&c->text, '\0');
	return stop;
}

/* A bad row counts as one line: go on behind its first LF. */
static void
skip_line(struct csv *c)
{
	const char *lf;

	c->at = c->row;
	while (
	    (lf = memchr(c->in.p + c->at, '\n', c->in.len - c->at)) == NULL) {
		c->at = c->row = c->in.len;
		if (!read_chunk(c))
			return;
	}
	c->at = (size_t)(lf + 1 - c->in.p);
	c->line++;
}

/* True if the current row starts with these bytes. */
static bool
row_starts(struct csv *c, const char *what)
{
	size_t n = strlen(what);

	while (c->in.len - c->row < n && read_chunk(c))
		;
	return c->in.len - c->row >= n &&
	       memcmp(c->in.p + c->row, what, n) == 0;
}

/* Skip empty lines; false at the end of the file. */
static bool
skip_empty_lines(struct csv *c)
{
	if (c->line == 1 && c->at == 0 && row_starts(c, "\xEF\xBB\xBF"))
		c->at = 3;
	for (;;) {
		c->row = c->at;
		if (row_starts(c, "\n"))
			c->at++;
		else if (row_starts(c, "\r\n"))
			c->at += 2;
		else
			return c->row < c->in.len;
		c->line++;
	}
}

static void
count_lines(struct csv *c)
{
	const char *p = c->in.p + c->row, *end = c->in.p + c->at;

	while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		c->line++;
		p++;
	}
}

static int
parse_row(struct csv *c, struct fail *f)
{
	enum stop stop;
	const char *p;

	c->count = 0;
	buf_reset(&c->text);
	do
		stop = read_field(c, f);
	while (stop == STOP_FIELD);
	if (stop == STOP_BAD)
		return -1;
	if (utf8_valid(c->text.p, c->text.len) != c->text.len)
		return fail_data(f, "invalid UTF-8");
	p = c->text.p;
	for (size_t i = 0; i < c->count; i++) {
		c->fields[i].p = p;
		p += c->fields[i].n + 1;
	}
	return 0;
}

int
csv_next(struct csv *c, struct csv_row *row, struct fail *f)
{
	bool more = skip_empty_lines(c);
	int rc = 0;

	*row = (struct csv_row){.line = c->line};
	if (more)
		rc = parse_row(c, f);
	if (ferror(c->file))
		return fail_errno(f, "cannot be read");
	if (!more)
		return 0;
	if (rc < 0) {
		skip_line(c);
		return -1;
	}
	count_lines(c);
	row->fields = c->fields;
	row->count = c->count;
	return 1;
}
