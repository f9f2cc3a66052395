#include "mail/optout/page.h"

#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "mail/mime/addr.h"
#include "mail/optout/form.h"

#define RANGES_MAX 30 /* of Accept-Language that are looked at */

static const char *const act_names[] = {
    [PAGE_SHOW] = "show",
    [PAGE_STOP_COURSE] = "stop-course",
    [PAGE_STOP_ALL] = "stop-all",
    [PAGE_START_COURSE] = "start-course",
    [PAGE_START_ALL] = "start-all",
};

const char *
page_act_name(enum page_act act)
{
	return act_names[act];
}

static bool
is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '-' && s.p[i] != '_')
			return false;
	}
	return s.n > 0 && s.n <= PAGE_TOKEN_MAX;
}

/* From "?t=TOKEN" or "/TOKEN"; absent when there is none, or two. */
static struct str
find_token(const struct page_request *r, struct arena *arena)
{
	struct form form;
	struct str token = {0}, path = r->path;

	if (r->query.n > PAGE_TOKEN_MAX || path.n > PAGE_TOKEN_MAX ||
	    !form_parse_query(&form, r->query, arena))
		return token;
	token = form_get(&form, "t");
	if (path.n > 1) {
		if (token.p != NULL || *path.p != '/')
			return (struct str){0};
		token = (struct str){path.p + 1, path.n - 1};
	}
	return is_token(token) ? token : (struct str){0};
}

static bool
find_act(struct page_order *o, const struct form *form)
{
	struct str act = form_get(form, "do");

	if (str_is(form_get(form, "List-Unsubscribe"), "One-Click")) {
		o->act = PAGE_STOP_COURSE;
		o->one_click = true;
		return true;
	}
	if (!str_is(form_get(form, "confirm"), "1"))
		return false;
	for (int i = PAGE_STOP_COURSE; i <= PAGE_START_ALL; i++) {
		if (str_is(act, act_names[i])) {
			o->act = (enum page_act)i;
			return true;
		}
	}
	return false;
}

void
page_read(
    struct page_order *o, const struct page_request *r, struct arena *arena)
{
	bool post = str_is(r->method, "POST");
	struct form form;

	*o = (struct page_order){.status = 200};
	if (str_is(r->method, "OPTIONS")) {
		o->status = 204;
		return;
	}
	if (!post && !str_is(r->method, "GET") && !str_is(r->method, "HEAD")) {
		o->status = 405;
		return;
	}
	o->token = find_token(r, arena);
	if (o->token.p == NULL)
		o->status = 404;
	else if (post && (!form_parse(&form, r->type, r->body, arena) ||
			     !find_act(o, &form)))
		o->status = 400;
}

/* One range of Accept-Language: a tag in lower case and its weight. */
struct range {
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

/* False for anything but letters, digits and hyphens: it names a file. */
static bool
parse_range(struct range *r, struct str s)
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

static const char *
try_tag(char *tag, const struct page_texts *texts, struct arena *arena)
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
page_language(
    struct str accept, const struct page_texts *texts, struct arena *arena)
{
	const char *best = "en", *found;
	int best_weight = 0;

	for (int i = 0; accept.n > 0 && i < RANGES_MAX; i++) {
		struct range r;

		if (parse_range(&r, str_take(&accept, STR(","))) &&
		    r.weight > best_weight &&
		    (found = try_tag(r.tag, texts, arena)) != NULL) {
			best = found;
			best_weight = r.weight;
		}
	}
	return best;
}

void
page_mask(struct buf *b, struct str key, struct arena *arena)
{
	const char *at = memrchr(key.p, '@', key.n);
	struct str domain = {0};

	if (at != NULL) {
		domain = (struct str){at + 1, key.n - (size_t)(at + 1 - key.p)};
		key.n = (size_t)(at - key.p);
	}
	buf_add(b, key.p, utf8_grapheme(key.p, key.n, 0));
	buf_adds(b, "\xE2\x80\xA6");
	if (at != NULL) {
		buf_addc(b, '@');
		buf_addstr(b, addr_shown(domain, arena));
	}
}
