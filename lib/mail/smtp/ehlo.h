/*
 * The extensions that an SMTP server offers in its reply to EHLO (RFC 5321
 * 4.1.1.1), and whether it can take a message.
 */
#ifndef MAIL_SMTP_EHLO_H
#define MAIL_SMTP_EHLO_H

#include <stdbool.h>

#include "base/fail.h"
#include "base/str.h"

#define EHLO_AUTH 200 /* bytes of names of mechanisms; the rest is cut */

struct ehlo {
	bool pipelining, eightbitmime, smtputf8;
	bool has_size;
	unsigned long long size;  /* 0: no fixed maximum (RFC 1870) */
	char auth[EHLO_AUTH + 1]; /* "PLAIN LOGIN", as the server writes it */
};

/*
 * Add one line of the reply, without its code: "SIZE 35882577". Keywords have
 * no case; "AUTH=PLAIN" is the form before RFC 2554.
 */
void ehlo_add_line(struct ehlo *, struct str);

/* The extensions that BM_SMTP_IGNORE names. */
struct ehlo_ignored {
	bool pipelining, eightbitmime, smtputf8, size;
};

/* Parse a list as in "PIPELINING,SIZE"; SYSTEM for another name. */
int ehlo_ignored_parse(struct ehlo_ignored *, const char *list, struct fail *);

/* Take what is ignored from what is offered. */
void ehlo_ignore(struct ehlo *, const struct ehlo_ignored *);

enum ehlo_result {
	EHLO_FITS,
	EHLO_BAD_ADDRESS, /* would end the command early */
	EHLO_BAD_CONTENT, /* NUL, bare CR or LF; 8-bit without 8BITMIME */
	EHLO_TOO_BIG,     /* above the server's SIZE */
	EHLO_NEEDS_UTF8,  /* the server does not offer SMTPUTF8 */
};

/* Whether the server can take the message; the first reason why not. */
enum ehlo_result ehlo_check(const struct ehlo *, struct str sender,
    struct str recipient, struct str text, bool needs_smtputf8);

#endif
