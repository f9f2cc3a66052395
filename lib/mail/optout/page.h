/*
 * What a request to the opt-out page asks for. Only a POST with RFC 8058's
 * field, or with the page's own, asks for a change.
 */
#ifndef MAIL_OPTOUT_PAGE_H
#define MAIL_OPTOUT_PAGE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

#define PAGE_TOKEN_MAX 1024 /* bytes of a query or path */
#define PAGE_BODY_MAX 4096  /* bytes of a request's body */

/* As the web server passes it; absent where the server passes nothing. */
struct page_request {
	struct str method;
	struct str query;     /* without the question mark */
	struct str path;      /* after the program's own, as in "/TOKEN" */
	struct str type;      /* Content-Type of the body */
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

struct page_order {
	int status; /* 200: act on the token; 204 (OPTIONS), 400, 404, 405 */
	enum page_act act;
	bool one_click;   /* List-Unsubscribe=One-Click (RFC 8058) */
	struct str token; /* not verified; in the request or the arena */
};

/* Every failure is a status of the order. */
void page_read(
    struct page_order *, const struct page_request *, struct arena *);

/* For the log: "stop-course" ... */
const char *page_act_name(enum page_act);

#endif
