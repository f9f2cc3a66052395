#include "mail/text/plain_lines.h"

#include <string.h>

#include "base/utf8.h"
#include "mail/text/text_wrap.h"

/* Marks at the start of a line, in private characters. */
#define WRAP "\xef\xa3\xb1"      /* the line is to be wrapped */
#define UNDERLINE "\xef\xa3\xb0" /* the line underlines a heading */
#define MARK "\xef\xa3"          /* the first bytes of both */
#define MARK_BYTES 3

static bool
has_tag(struct str s)
{
	return memmem(s.p, s.n, "{{", 2) != NULL;
}

static struct str
skip_prefix(struct str s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '>')) {
		s.p++;
		s.n--;
	}
	return s;
}

/*
 * Move rest behind the line if it starts with the line, spaces aside: lines
 * are broken at spaces or between ideographs. False if it does not.
 */
static bool
skip_line_text(struct str *rest, struct str line)
{
	struct str r = *rest;
	size_t i;

	line = skip_prefix(line);
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

/* Move *set behind the lines into which the unset line was broken, or false. */
static bool
skip_broken_line(struct str *set, struct str unset)
{
	struct str rest = skip_prefix(unset), at = *set, line;

	while (rest.n > 0) {
		if (!str_line(&at, &line) || line.n == 0 ||
		    !skip_line_text(&rest, line))
			return false;
	}
	*set = at;
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
	struct str set; /* the lines that are not copied yet */
	bool marked;    /* the current block has a marked line */
};

/* Copy a finished line; the underline of a marked one becomes a mark. */
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

/* Copy the finished lines in front of the unset line, and then that. */
static bool
copy_until(struct merge *m, struct str unset)
{
	struct str line;

	while (!skip_broken_line(&m->set, unset)) {
		if (!str_line(&m->set, &line) || !copy_line(m, line))
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

	if (memmem(set.p, set.n, MARK, strlen(MARK)) != NULL)
		return false;
	while (str_line(&unset, &line)) {
		if (has_tag(line) && !copy_until(&m, line))
			return false;
	}
	while (str_line(&m.set, &line)) {
		if (!copy_line(&m, line))
			return false;
	}
	return true;
}

static size_t
measure_widest(struct str s)
{
	struct str line;
	size_t widest = 0;

	while (str_line(&s, &line)) {
		size_t n = utf8_columns(line);

		widest = n > widest ? n : widest;
	}
	return widest;
}

/* The heading reaches back to the last blank line. */
static void
put_underline(struct buf *out, char c)
{
	size_t from = out->len, n;

	while (
	    from > 1 && (out->p[from - 1] != '\n' || out->p[from - 2] != '\n'))
		from--;
	if (from == 1)
		from = 0;
	n = measure_widest((struct str){out->p + from, out->len - from});
	memset(buf_reserve(out, n), c, n);
	out->len += n;
	buf_addc(out, '\n');
}

void
plain_lines_finish(struct buf *out, struct str text, int width)
{
	struct str line = {0};
	const char *mark;

	while ((mark = memmem(text.p, text.n, MARK, strlen(MARK))) != NULL) {
		size_t n = (size_t)(mark - text.p);

		buf_add(out, text.p, n);
		text = (struct str){mark, text.n - n};
		str_line(&text, &line);
		line = (struct str){line.p + MARK_BYTES, line.n - MARK_BYTES};
		if (memcmp(mark, WRAP, MARK_BYTES) == 0)
			text_wrap(out, line, width);
		else
			put_underline(out, mark[MARK_BYTES]);
	}
	buf_addstr(out, text);
}
