/*
 * The gateway between a web server and the page (CGI/1.1, RFC 3875).
 */
#ifndef PORT_OPTOUT_CGI_H
#define PORT_OPTOUT_CGI_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "mail/optout/page.h"

/*
 * The request from the environment and, for a POST, its body from stdin: as
 * many bytes as CONTENT_LENGTH says, or all when it is absent or empty. The
 * strings live in the arena. Gives 200, or the status to answer with: 400
 * for a length that is none or a body that is cut off, 408 when it has not
 * come after wait_ms, 413 when it is longer than PAGE_BODY_MAX.
 */
int cgi_read(struct page_request *, int wait_ms, struct arena *);

/*
 * What a process that strangers can start should not have: the environment
 * (after cgi_read()), core dumps, a wide umask.
 */
void cgi_harden(void);

/* Append the header of an answer with a page of that language. */
void cgi_put_head(struct buf *, int status, const char *language);

#endif
