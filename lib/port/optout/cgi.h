/*
 * The interface between a web server and the opt-out page (CGI/1.1, RFC 3875).
 */
#ifndef PORT_OPTOUT_CGI_H
#define PORT_OPTOUT_CGI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "mail/optout/page.h"

/*
 * Reads the request from the environment and the body of a POST from stdin:
 * CONTENT_LENGTH bytes, or all when that is absent or empty. The strings live
 * in the arena. Returns 200, or the status to answer with: 400 for an invalid
 * length or a short body, 408 when the body has not come after wait_ms, 413
 * when it is longer than PAGE_BODY_MAX.
 */
int cgi_read(struct page_request *, int wait_ms, struct arena *);

/*
 * True if the last words of the command line are those of the query: a web
 * server makes words of a query without "=" (RFC 3875, 4.4), which strangers
 * write.
 */
bool cgi_has_query_words(int argc, char *const *argv);

/*
 * Drops what a process that strangers can start should not have: environment
 * (so call cgi_read() first), core dumps, a wide umask.
 */
void cgi_harden(void);

/* Appends the header of an answer whose page is in this language. */
void cgi_put_head(struct buf *, int status, const char *language);

#endif
