#include "mail/text/text_fill.h"

#include <string.h>

#include "base/utf8.h"

size_t
text_fill_columns(const struct html_fields *fields, struct str s)
{
	struct str before, field;
	size_t columns = 0;

	while (html_field_next(fields, &s, &before, &field))
		columns += utf8_columns(before) + utf8_columns(field);
	return columns + utf8_columns(s);
}

/* Scripts that put no spaces between words. */
static bool
is_cjk(uint32_t c)
{
	return (c >= 0x2e80 && c <= 0x303e) || (c >= 0x3041 && c <= 0x33ff) ||
	       (c >= 0x3400 && c <= 0x4dbf) || (c >= 0x4e00 && c <= 0x9fff) ||
	       (c >= 0xa000 && c <= 0xa4cf) || (c >= 0xac00 && c <= 0xd7a3) ||
	       (c >= 0xf900 && c <= 0xfaff) || (c >= 0xfe30 && c <= 0xfe6f) ||
	       (c >= 0xff00 && c <= 0xffe6) || (c >= 0x20000 && c <= 0x3fffd);
}

static bool
is_in(uint32_t c, const uint16_t *set)
{
	while (*set != 0 && *set != c)
		set++;
	return *set != 0;
}

/* Closing marks, small kana, iteration and length marks. */
static bool
must_not_begin(uint32_t c)
{
	static const uint16_t set[] = {'!', ')', ',', '.', ':', ';', '?', ']',
	    '}', '%', 0x2019, 0x201d, 0x2026, 0x2025, 0x2030, 0x203c, 0x2047,
	    0x2048, 0x2049, 0x3001, 0x3002, 0x3005, 0x3009, 0x300b, 0x300d,
	    0x300f, 0x3011, 0x3015, 0x3017, 0x3019, 0x301b, 0x301c, 0x301f,
	    0x303b, 0x3041, 0x3043, 0x3045, 0x3047, 0x3049, 0x3063, 0x3083,
	    0x3085, 0x3087, 0x308e, 0x3095, 0x3096, 0x309b, 0x309c, 0x309d,
	    0x309e, 0x30a0, 0x30a1, 0x30a3, 0x30a5, 0x30a7, 0x30a9, 0x30c3,
	    0x30e3, 0x30e5, 0x30e7, 0x30ee, 0x30f5, 0x30f6, 0x30fb, 0x30fc,
	    0x30fd, 0x30fe, 0xff01, 0xff05, 0xff09, 0xff0c, 0xff0e, 0xff1a,
	    0xff1b, 0xff1f, 0xff3d, 0xff5d, 0xff60, 0xff61, 0xff63, 0xff64,
	    0xff65, 0xff9e, 0xff9f, 0xfe50, 0xfe51, 0xfe52, 0xfe54, 0xfe55,
	    0xfe56, 0xfe57, 0xfe5a, 0xfe5c, 0xfe5e, 0xbb, 0};

	return is_in(c, set) || (c >= 0x31f0 && c <= 0x31ff) ||
	       (c >= 0xff67 && c <= 0xff70);
}

static bool
must_not_end(uint32_t c)
{
	static const uint16_t set[] = {'(', '[', '{', '$', 0xab, 0x2018, 0x201c,
	    0x3008, 0x300a, 0x300c, 0x300e, 0x3010, 0x3014, 0x3016, 0x3018,
	    0x301a, 0x301d, 0xff04, 0xff08, 0xff3b, 0xff5b, 0xff5f, 0xff62,
	    0xffe1, 0xffe5, 0xfe59, 0xfe5b, 0xfe5d, 0};

	return is_in(c, set);
}

static bool
may_break(uint32_t before, uint32_t c)
{
	if (!is_cjk(before) && !is_cjk(c))
		return false;
	if (before == 0x200d || c == 0x200d)
		return false;
	return !must_not_begin(c) && !must_not_end(before) && utf8_width(c) > 0;
}

/* A line as it grows, without marks. */
struct open_line {
	const struct text_fill *fill;
	struct buf text;
	size_t columns;
};

/* The text between two places at which a line may end. */
struct piece {
	size_t end;
	bool blank; /* a space follows, not directly the next piece */
};

static struct piece
next_piece(struct str s, size_t i)
{
	bool held = false;
	uint32_t before = 0;

	while (i < s.n) {
		size_t at = i;
		uint32_t c = utf8_next(s.p, s.n, &i);

		if (c == ' ')
			return (struct piece){at, true};
		if (c == MARK_BREAK)
			return (struct piece){at, false};
		if (c == MARK_HOLD || c == MARK_FREE)
			held = c == MARK_HOLD;
		else if (!held && before != 0 && may_break(before, c))
			return (struct piece){at, false};
		before = c;
	}
	return (struct piece){s.n, false};
}

static void
put_unmarked(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == MARK_GLUE)
			buf_addc(out, ' ');
		else if (s.p[i] > MARK_GLUE || s.p[i] < 0)
			buf_addc(out, s.p[i]);
	}
}

static void
end_line(struct open_line *l)
{
	while (l->text.len > 0 && l->text.p[l->text.len - 1] == ' ')
		l->text.len--;
	l->fill->put(l->fill->ctx, buf_str(&l->text));
	buf_reset(&l->text);
	l->columns = 0;
}

static void
add_piece(struct open_line *l, struct str piece, bool blank)
{
	size_t width = (size_t)l->fill->width, columns, from = l->text.len;

	put_unmarked(&l->text, piece);
	columns = text_fill_columns(l->fill->fields,
	    (struct str){l->text.p + from, l->text.len - from});
	if (from > 0 && width > 0 && l->columns + blank + columns > width) {
		struct buf rest = {0};

		buf_add(&rest, l->text.p + from, l->text.len - from);
		l->text.len = from;
		end_line(l);
		buf_addstr(&l->text, buf_str(&rest));
		buf_free(&rest);
	} else if (from > 0 && blank) {
		buf_addc(&l->text, ' ');
		memmove(l->text.p + from + 1, l->text.p + from,
		    l->text.len - from - 1);
		l->text.p[from] = ' ';
		l->columns++;
	}
	l->columns += columns;
}

void
text_fill(const struct text_fill *fill, struct str para, bool fixed)
{
	struct open_line l = {.fill = fill};
	bool blank = false;
	size_t i = 0;

	while (i < para.n) {
		struct piece piece = {para.n, false};

		if (!fixed)
			piece = next_piece(para, i);
		if (piece.end > i || fixed)
			add_piece(
			    &l, (struct str){para.p + i, piece.end - i}, blank);
		blank = piece.blank || (piece.end == i && blank);
		i = piece.end;
		if (i < para.n && (para.p[i] == ' ' || para.p[i] == MARK_BREAK))
			i++;
	}
	end_line(&l);
	buf_free(&l.text);
}
