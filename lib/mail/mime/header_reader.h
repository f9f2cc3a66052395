/*
 * Reads header fields (RFC 5322 2.2) line by line, whatever their quality.
 */
#ifndef MAIL_MIME_HEADER_READER_H
#define MAIL_MIME_HEADER_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

#define HEADER_READER_FIELD 16384 /* bytes of a field; the rest is dropped */
#define HEADER_READER_FIELDS 1000 /* further fields are dropped */

/* Name and unfolded value, without white space around; for this call only. */
typedef void header_reader_fn(void *ctx, struct str name, struct str value);

/* Ready when zeroed; ready for another header after header_reader_end(). */
struct header_reader {
	struct buf field; /* the field that further lines may continue */
	size_t colon;     /* its place in the field */
	size_t count;
};

/*
 * Take a line without its line end. False, and nothing is taken, for a line
 * that cannot stand in a header: an empty one, or one that neither is a field
 * nor continues one.
 */
bool header_reader_line(
    struct header_reader *, struct str line, header_reader_fn *, void *ctx);

/* Hand over the last field. */
void header_reader_end(struct header_reader *, header_reader_fn *, void *ctx);
void header_reader_free(struct header_reader *);

#endif
