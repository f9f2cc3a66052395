#include "mail/text/text_wrap.h"

#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "mail/text/text_fill.h"

struct wrap {
	struct buf *out;
	struct str first; /* before the first line */
	struct buf rest;  /* before the other lines */
	bool begun;
};

static size_t
measure_marker(struct str s)
{
	size_t n = 0;

	if (s.n > 1 && strchr("*-+", s.p[0]) != NULL && s.p[1] == ' ')
		return 2;
	while (n < s.n && ascii_is_digit(s.p[n]))
		n++;
	if (n > 0 && s.n - n > 1 && s.p[n] == '.' && s.p[n + 1] == ' ')
		return n + 2;
	return 0;
}

/*
 * Set the prefixes and return the length of the first: quote marks,
 * indentation and one marker, which is blank in the lines below.
 */
static size_t
read_prefix(struct wrap *w, struct str line)
{
	size_t i = 0, n;

	buf_reset(&w->rest);
	while (i < line.n && (line.p[i] == ' ' || line.p[i] == '>'))
		i++;
	buf_add(&w->rest, line.p, i);
	n = measure_marker((struct str){line.p + i, line.n - i});
	memset(buf_reserve(&w->rest, n), ' ', n);
	w->rest.len += n;
	w->first = (struct str){line.p, i + n};
	return i + n;
}

static void
put_wrapped_line(void *ctx, struct str line)
{
	struct wrap *w = ctx;

	if (w->begun)
		buf_addstr(w->out, buf_str(&w->rest));
	else
		buf_addstr(w->out, w->first);
	buf_addstr(w->out, line);
	buf_addc(w->out, '\n');
	w->begun = true;
}

/* Append the text with marks that keep each <...> on one line. */
static void
hold_targets(struct buf *para, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '<')
			buf_addc(para, MARK_HOLD);
		buf_addc(para, s.p[i]);
		if (s.p[i] == '>')
			buf_addc(para, MARK_FREE);
	}
}

static void
wrap_line(struct wrap *w, struct str line, int width)
{
	static const struct html_fields none;
	size_t indent = read_prefix(w, line);
	struct text_fill fill = {.fields = &none,
	    .width = width > (int)indent + 1 ? width - (int)indent : 1,
	    .put = put_wrapped_line,
	    .ctx = w};
	struct buf para = {0};

	w->begun = false;
	hold_targets(&para, (struct str){line.p + indent, line.n - indent});
	text_fill(&fill, buf_str(&para), false);
	buf_free(&para);
}

void
text_wrap(struct buf *out, struct str text, int width)
{
	struct wrap w = {.out = out};
	struct str line;

	while (str_line(&text, &line)) {
		if (width > 0 && utf8_columns(line) > (size_t)width) {
			wrap_line(&w, line, width);
		} else {
			buf_addstr(out, line);
			buf_addc(out, '\n');
		}
	}
	buf_free(&w.rest);
}
