/*
 * A text file of any encoding as a stream of UTF-8. Its byte order mark tells
 * the encoding, else the caller does.
 */
#ifndef BASE_DECODE_H
#define BASE_DECODE_H

#include <stdio.h>

#include "base/fail.h"
#include "base/str.h"

struct decode;

/*
 * Begin to read the file, which is borrowed. The encoding is a name that
 * iconv(3) knows, or NULL: UTF-8, or what a byte order mark says. SYSTEM for a
 * name that is not known, for one that the mark contradicts, for UTF-16 without
 * a mark, and for a file that is no text but a workbook, a page or an archive;
 * the text names the remedy.
 */
int decode_open(struct decode **, FILE *, const char *encoding, struct fail *);
void decode_close(struct decode *);

/*
 * The stream, without byte order marks at its beginning. What is not valid in
 * the encoding is the byte FF, which UTF-8 does not have. A read error of the
 * file is one of the stream.
 */
FILE *decode_stream(struct decode *);

/* The first bytes of the stream, those of 64 KiB of the file; borrowed. */
struct str decode_head(const struct decode *);

/* For people: "UTF-8", "UTF-8 with a byte order mark", "UTF-16LE" ... */
const char *decode_name(const struct decode *);

#endif
