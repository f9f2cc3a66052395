/*
 * The extensions that an SMTP server offers in its reply to EHLO (RFC 5321
 * 4.1.1.1), and whether it can take a message.
 */
#ifndef MAIL_SMTP_EHLO_H
#define MAIL_SMTP_EHLO_H

#include <stdbool.h>

#include "base/str.h"

struct ehlo {
	bool pipelining, eightbitmime, smtputf8;
	bool has_size;
	unsigned long long size; /* 0: no fixed maximum (RFC 1870) */
};

/* Add one line of the reply, without its code: "SIZE 35882577". */
void ehlo_add_line(struct ehlo *, struct str);

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
