#include "mail/optout/page.h"

#include "mail/optout/form.h"
#include "mail/optout/token.h"

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
		if (!token_is_char(s.p[i]))
			return false;
	}
	return s.n > 0 && s.n <= PAGE_TOKEN_MAX;
}

/* From "?t=TOKEN" or "/TOKEN"; absent without a token, or with two. */
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
