#include "mail/optout/page_language.h"

#include <stdbool.h>
#include <string.h>

#include "base/ascii.h"

#define RANGES_MAX 30 /* of Accept-Language; further ones are ignored */

/* A range of Accept-Language: a tag in lower case and its weight. */
struct language_range {
	char tag[24];
	int weight; /* 0 to 1000 */
};

static int
parse_weight(struct str s)
{
	int weight = 0, digit = 100;

	s = str_trim(s);
	if (s.n < 3 || !str_starts(s, "q="))
		return 1000;
	if (s.p[2] != '0')
		return s.p[2] == '1' ? 1000 : 0;
	for (size_t i = 4; i < s.n && i < 7 && ascii_is_digit(s.p[i]); i++) {
		weight += (s.p[i] - '0') * digit;
		digit /= 10;
	}
	return weight;
}

/*
 * False if the tag has other characters than letters, digits and hyphens: it
 * becomes part of a file name.
 */
static bool
parse_range(struct language_range *r, struct str s)
{
	struct str tag = str_trim(str_take(&s, STR(";")));

	if (tag.n < 2 || tag.n >= sizeof(r->tag))
		return false;
	for (size_t i = 0; i < tag.n; i++) {
		r->tag[i] = ascii_lower(tag.p[i]);
		if (!ascii_is_alnum(r->tag[i]) && r->tag[i] != '-')
			return false;
	}
	r->tag[tag.n] = '\0';
	r->weight = parse_weight(s);
	return true;
}

/* The longest prefix of tag, cut at a hyphen, that has a page; or NULL. */
static const char *
find_tag(char *tag, const struct page_text_source *texts, struct arena *arena)
{
	char *hyphen, *name;

	for (;;) {
		name = arena_printf(arena, "page.%s", tag);
		if (texts->get(texts->ctx, name).p != NULL)
			return arena_dup(arena, tag, strlen(tag));
		hyphen = strrchr(tag, '-');
		if (hyphen == NULL)
			return NULL;
		*hyphen = '\0';
	}
}

const char *
page_language_choose(struct str accept, const struct page_text_source *texts,
    struct arena *arena)
{
	const char *best = "en", *found;
	int best_weight = 0;

	for (int i = 0; accept.n > 0 && i < RANGES_MAX; i++) {
		struct language_range r;

		if (parse_range(&r, str_take(&accept, STR(","))) &&
		    r.weight > best_weight &&
		    (found = find_tag(r.tag, texts, arena)) != NULL) {
			best = found;
			best_weight = r.weight;
		}
	}
	return best;
}
