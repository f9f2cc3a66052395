#include "mail/text/plain_lines.h"

#include <string.h>

#include "base/utf8.h"
#include "mail/text/text.h"
#include "mail/text/text_wrap.h"

/* Private characters at the start of a line. */
#define WRAP "\xef\xa3\xb1"      /* wrap this one */
#define UNDERLINE "\xef\xa3\xb0" /* as long as the heading is wide */
#define MARK "\xef\xa3"          /* how both begin */
#define MARK_BYTES 3

static bool
next_line(struct str s, size_t *at, struct str *line)
{
	const char *lf;

	if (*at >= s.n)
		return false;
	lf = memchr(s.p + *at, '\n', s.n - *at);
	line->p = s.p + *at;
	line->n = lf != NULL ? (size_t)(lf - line->p) : s.n - *at;
	*at += line->n + 1;
	return true;
}

static bool
has_tag(struct str s)
{
	return memmem(s.p, s.n, "{{", 2) != NULL;
}

static struct str
without_prefix(struct str s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '>')) {
		s.p++;
		s.n--;
	}
	return s;
}

/*
 * Does rest begin with the line, spaces aside? Then rest moves behind it;
 * lines are divided at spaces or between ideographs.
 */
static bool
consume(struct str *rest, struct str line)
{
	struct str r = *rest;
	size_t i;

	line = without_prefix(line);
	for (i = 0; i < line.n; i++) {
		if (line.p[i] == ' ')
			continue;
		while (r.n > 0 && r.p[0] == ' ') {
			r.p++;
			r.n--;
		}
		if (r.n == 0 || r.p[0] != line.p[i])
			return false;
		r.p++;
		r.n--;
	}
	while (r.n > 0 && r.p[0] == ' ') {
		r.p++;
		r.n--;
	}
	*rest = r;
	return true;
}

/* Does set at *at hold the unset line, divided? Then *at moves behind it. */
static bool
matches(struct str set, size_t *at, struct str unset)
{
	struct str rest = without_prefix(unset), line;
	size_t i = *at;

	while (rest.n > 0) {
		if (!next_line(set, &i, &line) || line.n == 0 ||
		    !consume(&rest, line))
			return false;
	}
	*at = i;
	return true;
}

static bool
is_underline(struct str line)
{
	size_t i;

	if (line.n == 0 || (line.p[0] != '=' && line.p[0] != '-'))
		return false;
	for (i = 1; i < line.n; i++) {
		if (line.p[i] != line.p[0])
			return false;
	}
	return true;
}

struct merge {
	struct buf *out;
	struct str set;
	size_t at;   /* how far it is copied */
	bool marked; /* since the last blank line there was a marked one */
};

/* A line that is set already, or the underline of a marked one. */
static bool
copy_line(struct merge *m, struct str line)
{
	if (has_tag(line))
		return false;
	if (line.n == 0)
		m->marked = false;
	if (m->marked && is_underline(line)) {
		buf_adds(m->out, UNDERLINE);
		line.n = 1;
	}
	buf_addstr(m->out, line);
	buf_addc(m->out, '\n');
	return true;
}

/* Copy set lines until one where the unset line stands. */
static bool
copy_until(struct merge *m, struct str unset)
{
	struct str line;

	while (!matches(m->set, &m->at, unset)) {
		if (!next_line(m->set, &m->at, &line) || !copy_line(m, line))
			return false;
	}
	buf_adds(m->out, WRAP);
	buf_addstr(m->out, unset);
	buf_addc(m->out, '\n');
	m->marked = true;
	return true;
}

bool
plain_lines_merge(struct buf *out, struct str set, struct str unset)
{
	struct merge m = {.out = out, .set = set};
	struct str line;
	size_t from = 0;

	if (memmem(set.p, set.n, MARK, strlen(MARK)) != NULL)
		return false;
	while (next_line(unset, &from, &line)) {
		if (has_tag(line) && !copy_until(&m, line))
			return false;
	}
	while (next_line(set, &m.at, &line)) {
		if (!copy_line(&m, line))
			return false;
	}
	return true;
}

static size_t
widest_line(struct str s)
{
	struct str line;
	size_t at = 0, widest = 0;

	while (next_line(s, &at, &line)) {
		size_t n = utf8_columns(line);

		widest = n > widest ? n : widest;
	}
	return widest;
}

/* Everything back to the blank line before it belongs to the heading. */
static void
put_underline(struct buf *out, char c)
{
	size_t from = out->len, n;

	while (
	    from > 1 && (out->p[from - 1] != '\n' || out->p[from - 2] != '\n'))
		from--;
	if (from == 1)
		from = 0;
	n = widest_line((struct str){out->p + from, out->len - from});
	memset(buf_reserve(out, n), c, n);
	out->len += n;
	buf_addc(out, '\n');
}

void
plain_lines_finish(struct buf *out, struct str text, int width)
{
	size_t at = 0;
	struct str line = {0};
	const char *mark;

	while ((mark = memmem(text.p + at, text.n - at, MARK, strlen(MARK))) !=
	       NULL) {
		buf_add(out, text.p + at, (size_t)(mark - text.p) - at);
		at = (size_t)(mark - text.p);
		next_line(text, &at, &line);
		line = (struct str){line.p + MARK_BYTES, line.n - MARK_BYTES};
		if (memcmp(mark, WRAP, MARK_BYTES) == 0)
			text_wrap(out, line, width);
		else
			put_underline(out, mark[MARK_BYTES]);
	}
	buf_add(out, text.p + at, text.n - at);
}
