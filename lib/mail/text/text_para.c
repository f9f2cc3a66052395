/* Inline text: white space (W1 to W5 of the rules) and line ends. */
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "mail/text/text_flow.h"
#include "mail/text/text_link.h"

static void
forget_space(struct text_para *p)
{
	p->space = p->other = false;
	p->nbsp = 0;
}

/* What was due before the next word. */
static void
put_space(struct text_flow *f, bool before_target)
{
	struct text_para *p = &f->para;
	char c = ' ';

	if (p->space && p->last != 0) {
		if (p->nbsp == 1 && !p->other && !p->target && !before_target)
			c = MARK_GLUE;
		buf_addc(&p->text, c);
		if (f->link != NULL && f->link->text.len > 0)
			buf_addc(&f->link->text, ' ');
	}
	forget_space(p);
	p->target = false;
}

/* Joiners stay between two characters of scripts that use them. */
static void
put_joiner(struct text_flow *f, uint32_t next)
{
	struct text_para *p = &f->para;

	if (p->joiner != 0 && p->last > 0x7f && next > 0x7f && !p->space)
		utf8_put(&p->text, p->joiner);
	p->joiner = 0;
}

static void
put_char(struct text_flow *f, uint32_t c)
{
	struct text_para *p = &f->para;

	put_joiner(f, c);
	if (f->link != NULL && f->link->alt) {
		p->space = p->other = true;
		f->link->alt = false;
	}
	put_space(f, false);
	utf8_put(&p->text, c);
	if (f->link != NULL)
		utf8_put(&f->link->text, c);
	p->last = c;
}

/* A blank of preformatted text. */
static void
put_fixed_space(struct text_flow *f, unsigned n)
{
	struct text_para *p = &f->para;

	put_space(f, false);
	for (unsigned i = 0; i < n; i++)
		buf_addc(&p->text, MARK_GLUE);
	if (p->last == 0)
		p->last = ' ';
}

/* To the next multiple of 8; marks count for blanks. */
static void
put_tab(struct text_flow *f)
{
	struct text_para *p = &f->para;
	struct str since = {p->text.p + p->tab, p->text.len - p->tab};
	struct buf plain = {0};

	for (size_t i = 0; i < since.n; i++)
		buf_addc(&plain, since.p[i] == MARK_GLUE ? ' ' : since.p[i]);
	p->columns += text_fill_columns(&f->job->html.fields, buf_str(&plain));
	p->tab = p->text.len;
	put_fixed_space(f, (unsigned)(8 - p->columns % 8));
	buf_free(&plain);
}

static void
white_space(struct text_flow *f, uint32_t c, unsigned style)
{
	struct text_para *p = &f->para;

	if (c == '\n' && (style & STYLE_WHITE) != 0) {
		text_para_line_end(f);
	} else if ((style & (STYLE_PRE | STYLE_PRE_WRAP)) == 0) {
		p->space = true;
		p->nbsp += c == 0xa0;
		p->other = p->other || c != 0xa0;
	} else if (c == '\t') {
		put_tab(f);
	} else if ((style & STYLE_PRE_WRAP) != 0 && p->last != 0 &&
		   p->last != ' ') {
		p->space = p->other = true;
		p->last = ' ';
	} else {
		put_fixed_space(f, 1);
	}
}

static void
put_any(struct text_flow *f, uint32_t c, unsigned style)
{
	struct text_para *p = &f->para;

	switch (c) {
	case ' ':
	case '\t':
	case '\n':
	case 0xa0:
		white_space(f, c, style);
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
		put_char(f, c);
		break;
	}
}

void
text_para_text(struct text_flow *f, struct str s, unsigned style)
{
	size_t i = 0;

	if ((style & STYLE_TINY) != 0)
		return;
	while (i < s.n)
		put_any(f, utf8_next(s.p, s.n, &i), style);
	if ((style & STYLE_PRE) != 0)
		f->para.fixed = true;
}

void
text_para_word(struct text_flow *f, struct str s)
{
	text_para_text(f, s, 0);
}

/* A link's target: one word, held together. */
void
text_para_target(struct text_flow *f, struct str shown)
{
	struct text_para *p = &f->para;

	p->joiner = 0;
	put_space(f, true);
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
put_line(void *ctx, struct str line)
{
	text_flow_line(ctx, line);
}

void
text_para_flush(struct text_flow *f)
{
	struct text_para *p = &f->para;
	struct text_filler filler = {.fields = &f->job->html.fields,
	    .width = f->width,
	    .put = put_line,
	    .ctx = f};
	struct buf text = p->text;
	bool fixed = p->fixed, any = has_content(p);

	*p = (struct text_para){0};
	if (any)
		text_fill(&filler, buf_str(&text), fixed);
	buf_reset(&text);
	p->text = text;
}

/* One ends a line; on an empty line it makes a blank one. */
void
text_para_line_end(struct text_flow *f)
{
	enum gap gap = has_content(&f->para) ? GAP_LINE : GAP_BLANK;

	text_para_flush(f);
	if (gap > f->gap)
		f->gap = gap;
}
