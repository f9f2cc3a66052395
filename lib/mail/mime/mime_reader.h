/*
 * Reads a message (RFC 5322, 2045, 2046) as its bytes come: line ends are LF,
 * CRLF or CR; a boundary may be missing. The memory that it needs does not
 * depend on the size of the message.
 */
#ifndef MAIL_MIME_MIME_READER_H
#define MAIL_MIME_MIME_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

#define MIME_READER_DEPTH 20               /* deeper parts are not divided */
#define MIME_READER_MAX (10 * 1024 * 1024) /* bytes; the rest is dropped */

struct mime_reader_part {
	int depth;     /* 0: the message itself */
	bool returned; /* it is, or is within, a message/rfc822 */
	/* Of Content-Type, in lower case; "text/plain" if it has none. */
	char type[80];
	char report[40]; /* the parameter report-type, in lower case */
};

/* The part and the bytes are valid during the call only. */
struct mime_reader_handler {
	/* A field of a part's header; its type may not be known yet. */
	void (*field)(void *ctx, const struct mime_reader_part *,
	    struct str name, struct str value);
	/* The header of a part is complete; what the body is, is known. */
	void (*begin)(void *ctx, const struct mime_reader_part *);
	/*
	 * Decoded bytes of a body; of a multipart, what stands before and
	 * behind its parts. Line ends are LF.
	 */
	void (*bytes)(void *ctx, const struct mime_reader_part *, struct str);
	void *ctx;
};

struct mime_reader;

struct mime_reader *mime_reader_new(const struct mime_reader_handler *);
void mime_reader_free(struct mime_reader *);
void mime_reader_add(struct mime_reader *, struct str bytes);

/* After the last byte: hands over what is left. */
void mime_reader_finish(struct mime_reader *);

/* The bytes that were added. */
size_t mime_reader_size(const struct mime_reader *);

#endif
