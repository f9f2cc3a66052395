#include "mail/record/journal_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_get.h"
#include "base/json_put.h"
#include "base/mem.h"
#include "base/num.h"
#include "mail/record/journal_record.h"

#define HEADER_FACT "journal"

void
journal_text_header(struct buf *b, struct str owner, int64_t generation)
{
	size_t start = b->len;

	buf_addc(b, '{');
	json_put(b, "fact", STR(HEADER_FACT));
	json_put(b, "owner", owner);
	json_put_int(b, "generation", generation);
	buf_adds(b, "}\n");
	journal_line_frame(b, start, journal_line_seed(owner), 0, 0);
}

/* The generation, or 0 if the line is no header. */
static int64_t
parse_header(struct str line, struct arena *a)
{
	struct json_object o;
	const struct json_value *v;
	struct fail ignored;
	long long n;

	if (json_parse(&o, line, a, &ignored) < 0 ||
	    !str_is(json_get_string(&o, "fact", a), HEADER_FACT) ||
	    (v = json_get(&o, "generation")) == NULL ||
	    num_parse(v->raw, 1, INT64_MAX, &n, &ignored) < 0)
		return 0;
	return n;
}

/* Damage at a place; facts before doubt_end may have lost their successors. */
static void
add_damage(struct journal_text *t, int64_t at, int64_t doubt_end)
{
	if (!t->damaged || at < t->damage_at)
		t->damage_at = at;
	if (doubt_end > t->doubt_end)
		t->doubt_end = doubt_end;
	t->damaged = true;
}

static bool
skip_zeros(struct str *rest)
{
	while (rest->n > 0 && rest->p[0] == '\0') {
		rest->p++;
		rest->n--;
	}
	return rest->n > 0;
}

/* Where the last line of a text begins whose newlines are lost. */
static struct str
last_start(struct str text)
{
	static const char start[] = "{\"fact\":\"";
	const char *end = text.p + text.n, *found = NULL, *p = text.p;

	while ((p = memmem(p, (size_t)(end - p), start, sizeof(start) - 1)) !=
	       NULL)
		found = p++;
	if (found == NULL)
		return (struct str){end, 0};
	return (struct str){found, (size_t)(end - found)};
}

static bool
read_line(struct journal_line *line, struct str text, uint32_t seed)
{
	return journal_line_parse(line, text, seed) ||
	       journal_line_parse(line, last_start(text), seed);
}

/*
 * Gathers the whole lines. One that stands elsewhere than it says is damage,
 * since no crash moves bytes.
 */
static void
gather_lines(struct journal_text *t, struct str content, uint32_t seed)
{
	struct str rest = content, text;
	size_t cap = 0;

	while (skip_zeros(&rest)) {
		const char *newline = memchr(rest.p, '\n', rest.n);
		struct journal_line line;
		int64_t at;

		if (newline == NULL)
			return;
		text = (struct str){rest.p, (size_t)(newline - rest.p)};
		rest.p += text.n + 1;
		rest.n -= text.n + 1;
		if (!read_line(&line, text, seed))
			continue;
		at = line.text.p - content.p;
		if (line.offset != at)
			add_damage(t, at < line.offset ? at : line.offset,
			    line.offset + (int64_t)line.text.n + 1);
		t->lines =
		    mem_more(t->lines, t->count, &cap, sizeof(*t->lines));
		t->lines[t->count++] = line;
	}
}

static int
compare_offsets(const void *a, const void *b)
{
	const struct journal_line *x = a, *y = b;

	return (x->offset > y->offset) - (x->offset < y->offset);
}

/* Sorts by offset, once each; the greatest offset known to be good. */
static int64_t
sort_lines(struct journal_text *t)
{
	int64_t good = 0;
	size_t kept = 0;

	if (t->count > 0)
		qsort(t->lines, t->count, sizeof(*t->lines), compare_offsets);
	for (size_t i = 0; i < t->count; i++) {
		if (t->lines[i].good > good)
			good = t->lines[i].good;
		if (kept == 0 ||
		    t->lines[i].offset != t->lines[kept - 1].offset)
			t->lines[kept++] = t->lines[i];
	}
	t->count = kept;
	return good;
}

/*
 * Looks for gaps between the lines. At one that is no damage the text ends: a
 * crash has cut it off there, and nothing behind it was acted on.
 */
static void
find_gaps(struct journal_text *t, int64_t good)
{
	size_t kept = 0;
	int64_t end = 0;

	for (size_t i = 0; i < t->count; i++) {
		const struct journal_line *l = &t->lines[i];

		if (l->offset > end && end >= good && !t->damaged)
			break;
		if (l->offset > end)
			add_damage(t, end, l->offset);
		if (l->offset + (int64_t)l->text.n + 1 > end)
			end = l->offset + (int64_t)l->text.n + 1;
		kept++;
	}
	if (end < good)
		add_damage(t, end, good);
	t->count = kept;
	t->size = end;
}

/* The first line is the header, which is synced before the file has a name. */
static void
read_generation(
    struct journal_text *t, struct journal_known known, struct arena *a)
{
	if (t->count > 0 && t->lines[0].offset == 0)
		t->generation = parse_header(t->lines[0].text, a);
	if (t->generation == 0)
		add_damage(t, 0, 1);
	else if (t->generation < known.generation) /* an older copy */
		add_damage(t, 0, INT64_MAX);
}

/*
 * A journal of schema 2 has no frames. The ledger knows each journal that has,
 * unless its owner had claimed nobody yet, or the ledger is an older copy.
 */
static bool
is_unframed(struct str content, struct arena *a)
{
	struct journal_record record;
	struct fail ignored;
	struct str line;

	return memchr(content.p, '\n', content.n) != NULL &&
	       str_line(&content, &line) && !journal_line_is_framed(line) &&
	       journal_record_parse(&record, line, a, &ignored) == 0;
}

/* The lines up to the first that is none, as bm of schema 2 read them. */
static void
gather_unframed(struct journal_text *t, struct str content, struct arena *a)
{
	struct str rest = content;
	struct journal_record record;
	struct fail ignored;
	size_t cap = 0;

	t->unframed = true;
	while (memchr(rest.p, '\n', rest.n) != NULL) {
		struct journal_line line = {.offset = rest.p - content.p};

		(void)str_line(&rest, &line.text);
		if (journal_record_parse(&record, line.text, a, &ignored) < 0)
			break;
		t->size = rest.p - content.p;
		t->lines =
		    mem_more(t->lines, t->count, &cap, sizeof(*t->lines));
		t->lines[t->count++] = line;
	}
}

/* Moves the lines, but for the first ones, from the heap to the arena. */
static void
keep_lines(struct journal_text *t, size_t first, struct arena *a)
{
	struct journal_line *lines = t->lines;

	t->count -= first;
	t->lines = arena_alloc(a, t->count * sizeof(*lines) + 1);
	if (t->count > 0)
		memcpy(t->lines, lines + first, t->count * sizeof(*lines));
	free(lines);
}

void
journal_text_read(struct journal_text *t, struct str owner, struct str content,
    struct journal_known known, struct arena *a)
{
	int64_t good;

	*t = (struct journal_text){0};
	if (content.n == 0) {
		if (known.generation > 0)
			add_damage(t, 0, INT64_MAX);
		return;
	}
	if (known.generation == 0 && is_unframed(content, a)) {
		gather_unframed(t, content, a);
		keep_lines(t, 0, a);
		return;
	}
	gather_lines(t, content, journal_line_seed(owner));
	good = sort_lines(t);
	read_generation(t, known, a);
	if (t->generation == 0 || t->generation == known.generation)
		good = known.size > good ? known.size : good;
	find_gaps(t, good);
	keep_lines(t, t->generation > 0, a);
}
