#include "base/columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/harmless.h"
#include "base/mem.h"
#include "base/utf8.h"

#define INDENT 2    /* columns before the first cell */
#define GAP 2       /* columns between cells */
#define NARROWEST 4 /* columns that a cut cell keeps */

/* Ends text from right to left, so that the next cell keeps its place. */
#define LEFT_TO_RIGHT_MARK "\xe2\x80\x8e"

struct columns {
	const char *columns; /* a letter for each */
	size_t column_count;
	struct arena *arena;
	struct str *cells;
	size_t count, cap;
};

struct columns *
columns_new(const char *columns)
{
	struct columns *t = mem_new(sizeof(*t));

	t->columns = columns;
	t->column_count = strlen(columns);
	t->arena = arena_new();
	return t;
}

void
columns_free(struct columns *t)
{
	if (t == NULL)
		return;
	arena_free(t->arena);
	free(t->cells);
	free(t);
}

/* The end of the leading clusters that fit into width columns. */
static size_t
fit_clusters(struct str s, size_t width)
{
	size_t i = 0, used = 0;

	while (i < s.n) {
		size_t end = utf8_grapheme(s.p, s.n, i);
		size_t w = utf8_columns((struct str){s.p + i, end - i});

		if (used + w > width)
			break;
		used += w;
		i = end;
	}
	return i;
}

static void
add_cut(struct buf *b, struct str s, size_t width, bool ascii)
{
	struct str mark = STR(LEFT_TO_RIGHT_MARK);

	if (utf8_columns(s) <= width) {
		buf_addstr(b, s);
		return;
	}
	if (width == 0)
		return;
	buf_add(b, s.p, fit_clusters(s, width - 1));
	buf_adds(b, ascii ? "~" : "\xe2\x80\xa6");
	if (s.n >= mark.n && memcmp(s.p + s.n - mark.n, mark.p, mark.n) == 0)
		buf_addstr(b, mark);
}

static void
add_harmless(struct buf *b, struct str s)
{
	size_t i = b->len;
	bool rtl = false;

	buf_addstr(b, s);
	b->len = i + harmless_text(b->p + i, s.n);
	while (!rtl && i < b->len)
		rtl = utf8_is_rtl(utf8_next(b->p, b->len, &i));
	if (rtl)
		buf_adds(b, LEFT_TO_RIGHT_MARK);
}

void
columns_clean(struct buf *b, struct str s, size_t width, bool ascii)
{
	struct buf clean = {0};

	add_harmless(&clean, s);
	add_cut(b, buf_str(&clean), width, ascii);
	buf_free(&clean);
}

void
columns_cell(struct columns *t, struct str s)
{
	struct buf clean = {0};

	add_harmless(&clean, s);
	t->cells = mem_more(t->cells, t->count, &t->cap, sizeof(*t->cells));
	t->cells[t->count++] = arena_str(t->arena, buf_str(&clean));
	buf_free(&clean);
}

void
columns_text(struct columns *t, const char *s)
{
	columns_cell(t, str_of(s));
}

void
columns_group(struct buf *b, long long n)
{
	char digits[32];
	int length = snprintf(digits, sizeof(digits), "%lld", n);

	for (int i = 0; i < length; i++) {
		buf_addc(b, digits[i]);
		if (digits[i] != '-' && i + 1 < length &&
		    (length - 1 - i) % 3 == 0)
			buf_addc(b, ',');
	}
}

void
columns_number(struct columns *t, long long n)
{
	struct buf b = {0};

	columns_group(&b, n);
	columns_cell(t, buf_str(&b));
	buf_free(&b);
}

static size_t
measure_column(const struct columns *t, size_t column)
{
	size_t widest = 0;

	for (size_t i = column; i < t->count; i += t->column_count) {
		size_t w = utf8_columns(t->cells[i]);

		widest = w > widest ? w : widest;
	}
	return widest;
}

/* Narrow the widest column that may be cut until the table fits. */
static void
shrink_columns(const struct columns *t, size_t *widths, size_t width)
{
	size_t total = INDENT;

	for (size_t c = 0; c < t->column_count; c++)
		total += widths[c] + (c > 0 ? GAP : 0);
	while (total > width) {
		size_t widest = t->column_count;

		for (size_t c = 0; c < t->column_count; c++) {
			if (t->columns[c] != 'l' || widths[c] <= NARROWEST)
				continue;
			if (widest == t->column_count ||
			    widths[c] > widths[widest])
				widest = c;
		}
		if (widest == t->column_count)
			return;
		widths[widest]--;
		total--;
	}
}

static void
put_cell(
    const struct columns *t, struct buf *b, size_t i, size_t width, bool ascii)
{
	size_t column = i % t->column_count;
	bool last = column + 1 == t->column_count;
	struct buf cell = {0};
	size_t pad;

	add_cut(&cell, t->cells[i], width, ascii);
	pad = utf8_columns(buf_str(&cell));
	pad = pad < width ? width - pad : 0;
	if (t->columns[column] == 'r')
		buf_printf(b, "%*s", (int)pad, "");
	buf_addstr(b, buf_str(&cell));
	if (t->columns[column] != 'r' && !last)
		buf_printf(b, "%*s", (int)pad, "");
	buf_free(&cell);
}

void
columns_put(const struct columns *t, struct buf *b, size_t width, bool ascii)
{
	size_t *widths;

	if (t->column_count == 0)
		return;
	widths = mem_new(t->column_count * sizeof(*widths));
	for (size_t c = 0; c < t->column_count; c++)
		widths[c] = measure_column(t, c);
	shrink_columns(t, widths, width);
	for (size_t i = 0; i < t->count; i++) {
		size_t column = i % t->column_count;

		buf_printf(b, "%*s", column == 0 ? INDENT : GAP, "");
		put_cell(t, b, i, widths[column], ascii);
		if (column + 1 < t->column_count)
			continue;
		while (b->len > 0 && b->p[b->len - 1] == ' ')
			b->len--;
		buf_addc(b, '\n');
	}
	free(widths);
}

/* U+2588 is a full block, U+258F one eighth of it. */
void
columns_bar(
    struct buf *b, long long value, long long total, size_t width, bool ascii)
{
	size_t eighths;

	if (value <= 0 || total <= 0 || width == 0)
		return;
	eighths = (size_t)((double)value / (double)total * (double)width * 8);
	if (eighths == 0)
		eighths = 1;
	if (ascii) {
		for (size_t i = 0; i < (eighths + 7) / 8; i++)
			buf_addc(b, '#');
		return;
	}
	for (; eighths >= 8; eighths -= 8)
		utf8_put(b, 0x2588);
	if (eighths > 0)
		utf8_put(b, 0x2590 - (uint32_t)eighths);
}
