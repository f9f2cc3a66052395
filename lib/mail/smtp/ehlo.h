/*
 * What an SMTP server offers in its reply to EHLO, and whether a message can
 * be sent through it.
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

/* One line of the reply, without its code: "SIZE 35882577". */
void ehlo_line(struct ehlo *, struct str);

enum ehlo_result {
	EHLO_FITS,
	EHLO_BAD_ADDRESS, /* would be a command of its own */
	EHLO_BAD_CONTENT, /* NUL, bare CR or LF; 8-bit and no 8BITMIME */
	EHLO_TOO_BIG,     /* for the server's SIZE */
	EHLO_NEEDS_UTF8,  /* and the server does not offer it */
};

enum ehlo_result ehlo_check(const struct ehlo *, struct str sender,
    struct str recipient, struct str text, bool needs_smtputf8);

#endif
