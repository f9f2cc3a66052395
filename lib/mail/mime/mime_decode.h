/*
 * Undoes transfer encodings (RFC 2045 6) piece by piece; what is malformed is
 * decoded as far as it goes.
 */
#ifndef MAIL_MIME_MIME_DECODE_H
#define MAIL_MIME_MIME_DECODE_H

#include <stdint.h>

#include "base/buf.h"

enum mime_decode_form { MIME_DECODE_PLAIN, MIME_DECODE_QP, MIME_DECODE_BASE64 };

struct mime_decode {
	enum mime_decode_form form;
	uint32_t bits; /* of base64 */
	int count;     /* characters in bits */
	char held[4];  /* of quoted-printable: "=" and what follows it */
	int held_count;
};

void mime_decode_start(struct mime_decode *, enum mime_decode_form);

/* Append the bytes of a piece; a line end is LF. */
void mime_decode_put(struct mime_decode *, struct str piece, struct buf *);

/* Append what the last piece left. */
void mime_decode_finish(struct mime_decode *, struct buf *);

#endif
