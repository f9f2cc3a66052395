/*
 * The opt-out page: what a request asks for, and what is answered. Nothing
 * but a POST with RFC 8058's field, or with the page's own, asks for a change.
 */
#ifndef MAIL_OPTOUT_PAGE_H
#define MAIL_OPTOUT_PAGE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"

#define PAGE_TOKEN_MAX 1024 /* bytes of a query or path */
#define PAGE_BODY_MAX 4096  /* bytes of a request's body */

/* As the web server gives it; absent what it does not give. */
struct page_request {
	struct str method;
	struct str query;     /* without the question mark */
	struct str path;      /* behind the program's own, as in "/TOKEN" */
	struct str type;      /* of the body */
	struct str body;      /* of a POST */
	struct str languages; /* Accept-Language */
};

enum page_act {
	PAGE_SHOW,
	PAGE_STOP_COURSE,
	PAGE_STOP_ALL,
	PAGE_START_COURSE,
	PAGE_START_ALL,
};

/* status 200: do it, if the token is valid; else this is the answer. */
struct page_order {
	int status; /* 200, 204 (OPTIONS), 400, 404 or 405 */
	enum page_act act;
	bool one_click;
	struct str token;
};

void page_read(
    struct page_order *, const struct page_request *, struct arena *);

/* For the log: "stop-course" ... */
const char *page_act_name(enum page_act);

/* Templates by name ("page.en", "page.ar" ..., "style"); absent if none. */
struct page_texts {
	struct str (*get)(void *ctx, const char *name);
	void *ctx;
};

struct str page_text(void *ctx, const char *name); /* the built-in ones */

/*
 * The language (a tag in lower case, from the arena) that Accept-Language
 * (RFC 9110 12.5.4) likes best of those that have a text; "en" else.
 */
const char *page_language(
    struct str accept, const struct page_texts *, struct arena *);

struct page_view {
	int status;        /* 200, or what went wrong */
	enum page_act act; /* done with status 200; PAGE_SHOW: nothing was */
	struct str who;    /* the address, masked */
	struct str course, platform;
	struct str mailto; /* where a person may write to; may be absent */
	bool course_out, all_out;
	const char *language;
};

/* A key as an address that only its owner recognizes: "a...@uni.example". */
void page_mask(struct buf *, struct str key, struct arena *);

/* Append the HTML. SYSTEM when a template is no Mustache. */
int page_render(struct buf *, const struct page_view *,
    const struct page_texts *, struct arena *, struct fail *);

#endif
