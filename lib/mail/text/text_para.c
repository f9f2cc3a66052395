#include "mail/text/text_para.h"

#include "base/utf8.h"
#include "mail/text/text_fill.h"
#include "mail/text/text_style.h"

static void
drop_space(struct text_para *p)
{
	p->space = p->other = false;
	p->nbsp = 0;
}

/* Put the white space that is due before the next word. */
static void
put_space(struct text_para *p, bool before_target)
{
	char c = ' ';

	if (p->space && p->last != 0) {
		if (p->nbsp == 1 && !p->other && !p->target && !before_target)
			c = MARK_GLUE;
		buf_addc(&p->text, c);
		if (p->label != NULL && p->label->text.len > 0)
			buf_addc(&p->label->text, ' ');
	}
	drop_space(p);
	p->target = false;
}

/* A joiner is kept between two letters beyond ASCII only. */
static void
put_joiner(struct text_para *p, uint32_t next)
{
	if (p->joiner != 0 && p->last > 0x7f && next > 0x7f && !p->space)
		utf8_put(&p->text, p->joiner);
	p->joiner = 0;
}

/* Begin or end struck-out text; the mark stands at the word. */
static void
put_struck_mark(struct text_para *p)
{
	buf_adds(&p->text, "~~");
	p->struck = !p->struck;
}

static void
put_char(struct text_para *p, uint32_t c, unsigned style)
{
	bool struck = (style & STYLE_STRUCK) != 0;

	put_joiner(p, c);
	if (p->struck && !struck)
		put_struck_mark(p);
	if (p->label != NULL && p->label->after_image) {
		p->space = p->other = true;
		p->label->after_image = false;
	}
	put_space(p, false);
	p->boxed = false;
	if (struck && !p->struck)
		put_struck_mark(p);
	utf8_put(&p->text, c);
	if (p->label != NULL)
		utf8_put(&p->label->text, c);
	p->last = c;
}

/* Put n spaces of preformatted text. */
static void
put_fixed_space(struct text_para *p, unsigned n)
{
	put_space(p, false);
	for (unsigned i = 0; i < n; i++)
		buf_addc(&p->text, MARK_GLUE);
	if (p->last == 0)
		p->last = ' ';
}

/* Put spaces up to the next multiple of 8 columns. */
static void
put_tab(struct text_para *p)
{
	struct str since = {buf_str(&p->text).p + p->tab, p->text.len - p->tab};
	struct buf plain = {0};

	for (size_t i = 0; i < since.n; i++)
		buf_addc(&plain, since.p[i] == MARK_GLUE ? ' ' : since.p[i]);
	p->columns += text_fill_columns(p->fields, buf_str(&plain));
	p->tab = p->text.len;
	put_fixed_space(p, (unsigned)(8 - p->columns % 8));
	buf_free(&plain);
}

static void
put_white_space(struct text_para *p, uint32_t c, unsigned style)
{
	if (c == '\n' && (style & STYLE_WHITE) != 0) {
		text_para_break(p);
	} else if ((style & (STYLE_PRE | STYLE_PRE_WRAP)) == 0) {
		p->space = true;
		p->nbsp += c == 0xa0;
		p->other = p->other || c != 0xa0;
	} else if (c == '\t') {
		put_tab(p);
	} else if ((style & STYLE_PRE_WRAP) != 0 && p->last != 0 &&
		   p->last != ' ') {
		p->space = p->other = true;
		p->last = ' ';
	} else {
		put_fixed_space(p, 1);
	}
}

static void
put_code_point(struct text_para *p, uint32_t c, unsigned style)
{
	switch (c) {
	case ' ':
	case '\t':
	case '\n':
	case 0xa0:
		put_white_space(p, c, style);
		break;
	case 0x200b:
	case 0xad:
		if (p->last != 0 && !p->space && !p->target)
			buf_addc(&p->text, MARK_BREAK);
		break;
	case 0x2060:
	case 0xfeff:
	case 0x34f:
		break;
	case 0x200c:
	case 0x200d:
		p->joiner = c;
		break;
	default:
		put_char(p, c, style);
		break;
	}
}

void
text_para_text(struct text_para *p, struct str s, unsigned style)
{
	size_t i = 0;

	if ((style & STYLE_TINY) != 0)
		return;
	while (i < s.n)
		put_code_point(p, utf8_next(s.p, s.n, &i), style);
	if ((style & STYLE_PRE) != 0)
		p->fixed = true;
}

void
text_para_word(struct text_para *p, struct str s)
{
	text_para_text(p, s, p->struck ? STYLE_STRUCK : 0);
}

void
text_para_sign(struct text_para *p, struct str s)
{
	drop_space(p);
	text_para_word(p, s);
}

void
text_para_target(struct text_para *p, struct str shown)
{
	p->joiner = 0;
	put_space(p, true);
	p->boxed = false;
	buf_addc(&p->text, MARK_HOLD);
	buf_addstr(&p->text, shown);
	buf_addc(&p->text, MARK_FREE);
	p->last = '>';
	p->target = true;
}

static bool
has_content(const struct text_para *p)
{
	for (size_t i = 0; i < p->text.len; i++)
		if (p->text.p[i] != ' ' && p->text.p[i] != MARK_GLUE &&
		    p->text.p[i] != MARK_BREAK)
			return true;
	return false;
}

static void
put_filled_line(void *ctx, struct str line)
{
	text_lines_add(ctx, line);
}

void
text_para_end(struct text_para *p)
{
	struct text_fill fill = {.fields = p->fields,
	    .width = p->width,
	    .put = put_filled_line,
	    .ctx = &p->lines};

	if (p->struck)
		put_struck_mark(p);
	if (has_content(p))
		text_fill(&fill, buf_str(&p->text), p->fixed);
	*p = (struct text_para){.lines = p->lines,
	    .fields = p->fields,
	    .width = p->width,
	    .label = p->label,
	    .text = p->text};
	buf_reset(&p->text);
}

void
text_para_break(struct text_para *p)
{
	enum text_gap gap = has_content(p) ? GAP_LINE : GAP_BLANK;

	text_para_end(p);
	text_lines_separate(&p->lines, gap);
}
