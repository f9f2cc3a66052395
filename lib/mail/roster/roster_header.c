#include "mail/roster/roster_header.h"

#include <string.h>

#include "base/buf.h"
#include "base/field_name.h"
#include "base/near.h"
#include "base/num.h"
#include "base/trim.h"
#include "base/utf8.h"
#include "mail/roster/roster_merges.h"

#define SHOWN 60   /* bytes of a title in a list */
#define LISTED 600 /* bytes of such a list */

/* What is known of the columns while the header is parsed. */
struct parsing {
	struct roster_columns *columns;
	struct arena *arena;
	struct str *folded; /* titles */
	struct str *names;  /* that --column gives to merge fields */
	bool *used;         /* no merge field */
	struct best {
		enum roster_surety surety;
		size_t rank;
		bool chosen; /* by --column */
	} best[ROSTER_COLUMNS];
};

static void
begin_parsing(struct parsing *p, struct roster_columns *c,
    const struct str *header, size_t count, struct arena *arena)
{
	*c = (struct roster_columns){.count = count};
	*p = (struct parsing){.columns = c, .arena = arena};
	for (size_t i = 0; i < ROSTER_COLUMNS; i++)
		c->at[i] = -1;
	c->merges = arena_alloc(arena, count * sizeof(*c->merges));
	c->titles = arena_alloc(arena, count * sizeof(*c->titles));
	c->notes = arena_alloc(arena, count * sizeof(*c->notes));
	p->folded = arena_alloc(arena, count * sizeof(*p->folded));
	p->names = arena_alloc(arena, count * sizeof(*p->names));
	p->used = arena_alloc(arena, count * sizeof(*p->used));
	for (size_t i = 0; i < count; i++) {
		c->titles[i] = arena_str(arena, trim_text(header[i]));
		p->folded[i] = roster_synonyms_fold(c->titles[i], arena);
		c->systems |= roster_synonyms_system(p->folded[i]);
	}
}

/* "a", "b" and 3 more */
static void
list_titles(struct buf *b, const struct roster_columns *c)
{
	size_t i;

	for (i = 0; i < c->count && b->len < LISTED; i++)
		buf_printf(b, "%s\"%.*s\"", i > 0 ? ", " : "",
		    (int)utf8_cut(c->titles[i], SHOWN), c->titles[i].p);
	if (i < c->count)
		buf_printf(b, " and %zu more", c->count - i);
}

/* The column of this title, or -1; exactly this one before another spelling. */
static int
find_title(const struct parsing *p, struct str title)
{
	struct str folded = roster_synonyms_fold(title, p->arena);
	size_t count = p->columns->count;
	long long number;
	struct fail f;

	for (size_t i = 0; i < count; i++) {
		if (str_eq(p->columns->titles[i], trim_text(title)))
			return (int)i;
	}
	for (size_t i = 0; i < count; i++) {
		if (folded.n > 0 && str_eq(p->folded[i], folded))
			return (int)i;
	}
	if (title.n > 1 && title.p[0] == '#' &&
	    num_parse((struct str){title.p + 1, title.n - 1}, 1,
		(long long)count, &number, &f) == 0)
		return (int)number - 1;
	return -1;
}

static int
refuse_choice(const struct parsing *p, const struct roster_columns_choice *c,
    struct fail *f)
{
	struct near near = {.name = c->title};
	struct buf b = {0};

	list_titles(&b, p->columns);
	for (size_t i = 0; i < p->columns->count; i++)
		near_offer(&near, p->columns->titles[i]);
	fail_data(f, "--column: there is no column \"%.*s\"",
	    (int)utf8_cut(c->title, SHOWN), c->title.p);
	if (near.best.p != NULL)
		fail_data(f, "%s; did you mean \"%.*s\"?", f->text,
		    (int)utf8_cut(near.best, SHOWN), near.best.p);
	else
		fail_data(f, "%s; the columns are %s", f->text, buf_cstr(&b));
	buf_free(&b);
	return -1;
}

static int
take_choice(
    struct parsing *p, const struct roster_columns_choice *c, struct fail *f)
{
	enum roster_column field = roster_synonyms_field(c->field);
	int at = find_title(p, c->title);

	if (at < 0)
		return refuse_choice(p, c, f);
	if (field == ROSTER_COLUMNS) {
		p->names[at] = c->field;
		p->used[at] = true;
		return 0;
	}
	p->columns->at[field] = at;
	p->best[field] = (struct best){.chosen = true};
	p->used[at] =
	    p->used[at] || (field != ROSTER_FIRST && field != ROSTER_LAST);
	return 0;
}

static int
refuse_two(const struct parsing *p, enum roster_column field, int one,
    size_t other, struct fail *f)
{
	const struct str *t = p->columns->titles;
	const char *name = roster_synonyms_name(field);

	return fail_data(f,
	    "columns %d \"%.*s\" and %zu \"%.*s\" both give the same thing "
	    "(%s): say --column %s='#%d' or --column %s='#%zu'",
	    one + 1, (int)utf8_cut(t[one], SHOWN), t[one].p, other + 1,
	    (int)utf8_cut(t[other], SHOWN), t[other].p, name, name, one + 1,
	    name, other + 1);
}

/* The better one of two columns for a field; contradictions are refused. */
static int
offer_column(struct parsing *p, size_t i, struct fail *f)
{
	struct roster_columns *c = p->columns;
	struct best now = {0}, *best;
	const struct roster_synonym *s = roster_synonyms_find(
	    c->titles[i], p->folded[i], c->systems, &now.surety, &now.rank);
	int *at;

	if (s == NULL || p->used[i])
		return 0;
	at = &c->at[s->column];
	best = &p->best[s->column];
	if (best->chosen)
		return 0;
	if (*at >= 0 && now.surety == best->surety &&
	    (now.surety == ROSTER_PRIME ||
		(s->column == ROSTER_EMAIL && now.surety == ROSTER_LIKELY)))
		return refuse_two(p, s->column, *at, i, f);
	if (*at >= 0 &&
	    (now.surety > best->surety ||
		(now.surety == best->surety &&
		    (now.surety != ROSTER_LIKELY || now.rank >= best->rank))))
		return 0;
	*at = (int)i;
	*best = now;
	return 0;
}

/* A column for a field by a likely name remains a merge field. */
static void
use_columns(struct parsing *p)
{
	struct roster_columns *c = p->columns;

	for (int field = 0; field < ROSTER_COLUMNS; field++) {
		const struct best *best = &p->best[field];

		c->likely[field] = c->at[field] >= 0 && !best->chosen &&
				   best->surety == ROSTER_LIKELY;
		if (c->at[field] >= 0 && !best->chosen &&
		    (!c->likely[field] || field == ROSTER_EMAIL))
			p->used[c->at[field]] = true;
	}
}

/*
 * A full name is the best; else it is made of both. Beside the German word for
 * a given name, "Name" is the family name.
 */
static void
choose_name(struct parsing *p)
{
	struct roster_columns *c = p->columns;
	const int *at = c->at;

	if (at[ROSTER_NAME] < 0 &&
	    (at[ROSTER_FIRST] >= 0 || at[ROSTER_LAST] >= 0)) {
		c->name_is_made = true;
		c->at[ROSTER_NAME] =
		    at[ROSTER_LAST] >= 0 ? at[ROSTER_LAST] : at[ROSTER_FIRST];
		return;
	}
	c->name_is_family = at[ROSTER_NAME] >= 0 && at[ROSTER_FIRST] >= 0 &&
			    at[ROSTER_LAST] < 0 &&
			    !p->best[ROSTER_NAME].chosen &&
			    str_is(p->folded[at[ROSTER_NAME]], "name") &&
			    str_starts(p->folded[at[ROSTER_FIRST]], "vorname");
}

/* A title with another separator in it may be a whole line. */
static bool
has_separator(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (memchr(",;\t|", s.p[i], 4) != NULL)
			return true;
	}
	return false;
}

static int
refuse_without_email(const struct parsing *p, struct fail *f)
{
	const struct roster_columns *c = p->columns;
	struct near near = {.name = STR("email")};
	struct buf b = {0};

	if (c->count == 1 && has_separator(c->titles[0]))
		return fail_data(f,
		    "no column is named \"email\": the line is one column "
		    "\"%.*s\"; if each line is in quotes as a whole, take "
		    "these quotes away, else say --delimiter",
		    (int)utf8_cut(c->titles[0], SHOWN), c->titles[0].p);
	list_titles(&b, c);
	for (size_t i = 0; i < c->count; i++)
		near_offer(&near, p->folded[i]);
	fail_data(f, "no column is named \"email\"; the columns are %s",
	    buf_cstr(&b));
	for (size_t i = 0; i < c->count && near.best.p != NULL; i++) {
		if (p->folded[i].p == near.best.p)
			fail_data(f,
			    "%s: say --column email='%.*s' if it has "
			    "the addresses",
			    f->text, (int)c->titles[i].n, c->titles[i].p);
	}
	buf_free(&b);
	return -1;
}

int
roster_header_parse(struct roster_columns *c, const struct str *header,
    size_t count, const struct roster_columns_choices *choices,
    struct arena *arena, struct fail *f)
{
	struct parsing p;

	begin_parsing(&p, c, header, count, arena);
	for (size_t i = 0; choices != NULL && i < choices->count; i++) {
		if (take_choice(&p, &choices->items[i], f) < 0)
			return -1;
	}
	for (size_t i = 0; i < count; i++) {
		if (offer_column(&p, i, f) < 0)
			return -1;
	}
	if (c->at[ROSTER_EMAIL] < 0)
		return refuse_without_email(&p, f);
	use_columns(&p);
	choose_name(&p);
	return roster_merges_make(c, p.names, p.used, arena, f);
}

static bool
is_address(struct str s)
{
	const char *at = s.n > 0 ? memchr(s.p, '@', s.n) : NULL;

	return at != NULL && at > s.p &&
	       memchr(at, '.', s.n - (size_t)(at - s.p)) != NULL;
}

/* Does --column say that a row like this has the addresses? */
static bool
chooses_email(
    const struct parsing *p, const struct roster_columns_choices *choices)
{
	for (size_t i = 0; choices != NULL && i < choices->count; i++) {
		if (roster_synonyms_field(choices->items[i].field) ==
			ROSTER_EMAIL &&
		    find_title(p, choices->items[i].title) >= 0)
			return true;
	}
	return false;
}

bool
roster_header_is_likely(const struct str *cells, size_t count,
    const struct roster_columns_choices *choices, struct arena *arena)
{
	struct roster_columns c;
	struct parsing p;
	enum roster_surety surety;
	size_t rank;
	bool found = false;

	begin_parsing(&p, &c, cells, count, arena);
	for (size_t i = 0; i < count; i++) {
		const struct roster_synonym *s = roster_synonyms_find(
		    c.titles[i], p.folded[i], c.systems, &surety, &rank);

		if (is_address(c.titles[i]))
			return false;
		found = found || (s != NULL && s->column == ROSTER_EMAIL &&
				     !has_separator(c.titles[i]));
	}
	return found || chooses_email(&p, choices);
}
