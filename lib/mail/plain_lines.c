#include "mail/plain_lines.h"

#include <string.h>

#include "base/utf8.h"
#include "mail/text.h"

/* Private characters at the start of a line. */
#define WRAP "\xef\xa3\xb1"      /* wrap this one */
#define UNDERLINE "\xef\xa3\xb0" /* as long as the marked one before it */
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

/* Copy set lines until one where the unset line stands. */
static bool
copy_until(struct buf *out, struct str set, size_t *at, struct str unset)
{
	struct str line;

	while (!matches(set, at, unset)) {
		if (!next_line(set, at, &line) || has_tag(line))
			return false;
		buf_addstr(out, line);
		buf_addc(out, '\n');
	}
	buf_adds(out, WRAP);
	buf_addstr(out, unset);
	buf_addc(out, '\n');
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

static void
copy_underline(struct buf *out, struct str set, size_t *at)
{
	struct str line;
	size_t i = *at;

	if (!next_line(set, &i, &line) || !is_underline(line))
		return;
	*at = i;
	buf_adds(out, UNDERLINE);
	buf_addc(out, line.p[0]);
	buf_addc(out, '\n');
}

bool
plain_lines_merge(struct buf *out, struct str set, struct str unset)
{
	struct str line;
	size_t at = 0, from = 0;

	if (memmem(set.p, set.n, MARK, strlen(MARK)) != NULL)
		return false;
	while (next_line(unset, &from, &line)) {
		if (!has_tag(line))
			continue;
		if (!copy_until(out, set, &at, line))
			return false;
		copy_underline(out, set, &at);
	}
	if (at >= set.n)
		return true;
	line = (struct str){set.p + at, set.n - at};
	buf_addstr(out, line);
	return !has_tag(line);
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

void
plain_lines_finish(struct buf *out, struct str text, int width)
{
	size_t at = 0, from = out->len, widest;
	struct str line = {0};
	const char *mark;

	while ((mark = memmem(text.p + at, text.n - at, MARK, strlen(MARK))) !=
	       NULL) {
		buf_add(out, text.p + at, (size_t)(mark - text.p) - at);
		at = (size_t)(mark - text.p);
		next_line(text, &at, &line);
		if (memcmp(mark, WRAP, MARK_BYTES) == 0) {
			from = out->len;
			text_wrap(out,
			    (struct str){
				line.p + MARK_BYTES, line.n - MARK_BYTES},
			    width);
			continue;
		}
		widest =
		    widest_line((struct str){out->p + from, out->len - from});
		memset(buf_reserve(out, widest), mark[MARK_BYTES], widest);
		out->len += widest;
		buf_addc(out, '\n');
	}
	buf_add(out, text.p + at, text.n - at);
}
