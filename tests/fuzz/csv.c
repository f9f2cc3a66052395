/*
 * Any bytes as CSV: the reader sees the rows and cells that a plain reader
 * sees, which has all bytes at hand and decides one by one. So no row begins
 * inside a quoted field, whatever is wrong with it, and reading ends.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/csv.h"
#include "base/utf8.h"

/* The plain reader: where it is, and the cells of its row, each with a NUL. */
struct plain {
	struct str in;
	size_t at;
	unsigned long line, quote; /* where the row and its last quote begin */
	struct buf cells;
	bool bad, broken;
};

/* The byte at an offset from here, or -1 behind the end. */
static int
peek(const struct plain *p, size_t i)
{
	return p->at + i < p->in.n ? (unsigned char)p->in.p[p->at + i] : -1;
}

static size_t
line_end(const struct plain *p)
{
	if (peek(p, 0) == '\r' && peek(p, 1) == '\n')
		return 2;
	return peek(p, 0) == '\n';
}

static void
read_quoted(struct plain *p, unsigned long *line)
{
	p->quote = *line;
	for (p->at++; peek(p, 0) >= 0; p->at++) {
		if (peek(p, 0) == '"' && peek(p, 1) != '"') {
			p->at++;
			p->broken = peek(p, 0) >= 0 && peek(p, 0) != ',' &&
				    line_end(p) == 0;
			return;
		}
		p->at += peek(p, 0) == '"';
		p->bad |= peek(p, 0) == '\0';
		*line += peek(p, 0) == '\n';
		buf_addc(&p->cells, (char)peek(p, 0));
	}
	p->broken = true;
}

static void
read_bare(struct plain *p, unsigned long line)
{
	while (peek(p, 0) >= 0 && peek(p, 0) != ',' && line_end(p) == 0) {
		if (peek(p, 0) == '"') {
			p->quote = line;
			p->broken = true;
			return;
		}
		p->bad |= peek(p, 0) == '\0' || peek(p, 0) == '\r';
		buf_addc(&p->cells, (char)peek(p, 0));
		p->at++;
	}
}

/* Read a row that begins at *line; its next line is left there. */
static void
read_row(struct plain *p, unsigned long *line)
{
	size_t start;

	buf_reset(&p->cells);
	p->bad = false;
	p->line = *line;
	for (size_t cells = 1;; cells++) {
		start = p->cells.len;
		if (peek(p, 0) == '"')
			read_quoted(p, line);
		else
			read_bare(p, *line);
		p->bad |= p->cells.len - start > CSV_FIELD_MAX ||
			  cells > CSV_FIELDS_MAX;
		buf_addc(&p->cells, '\0');
		if (p->broken || peek(p, 0) != ',')
			break;
		p->at++;
	}
	*line += line_end(p) > 0;
	p->at += line_end(p);
	p->bad |= utf8_valid(p->cells.p, p->cells.len) != p->cells.len;
}

/* The next row of the plain reader; false at the end. */
static bool
read_next(struct plain *p, unsigned long *line)
{
	for (; line_end(p) > 0; ++*line)
		p->at += line_end(p);
	if (peek(p, 0) < 0)
		return false;
	read_row(p, line);
	return true;
}

static bool
is_same(const struct plain *p, const struct csv_row *row)
{
	const char *at = p->cells.p;

	for (size_t i = 0; i < row->count; i++) {
		struct str s = row->fields[i];

		if (s.n != strlen(at) || memcmp(s.p, at, s.n + 1) != 0)
			return false;
		at += s.n + 1;
	}
	return row->line == p->line && at == p->cells.p + p->cells.len;
}

static bool
is_right(const struct plain *p, const struct csv_row *row, int rc,
    const struct fail *f)
{
	if (p->broken)
		return rc < 0 && f->kind == FAIL_SYSTEM &&
		       row->line == p->quote;
	if (p->bad)
		return rc < 0 && f->kind == FAIL_DATA && row->line == p->line;
	return rc > 0 && is_same(p, row);
}

static void
compare(struct csv *c, struct str in)
{
	struct plain p = {.in = in};
	struct csv_row row;
	struct fail f = {0};
	unsigned long line = 1;

	if (str_starts(in, "\xEF\xBB\xBF"))
		p.at = 3;
	while (!p.broken && read_next(&p, &line)) {
		int rc = csv_next(c, &row, &f);

		if (!is_right(&p, &row, rc, &f))
			abort();
	}
	if (csv_next(c, &row, &f) != 0)
		abort();
	buf_free(&p.cells);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size};
	FILE *file = fmemopen((void *)(uintptr_t)data, size, "r");
	struct csv *c;

	if (file == NULL)
		return 0;
	c = csv_new(file);
	if (!str_starts(in, "\xFF\xFE") && !str_starts(in, "\xFE\xFF"))
		compare(c, in);
	csv_free(c);
	fclose(file);
	return 0;
}
