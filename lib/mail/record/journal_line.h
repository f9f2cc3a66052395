/*
 * The frame of a journal's line (bm-ledger.7): the last three members say
 * where the line begins in the file, up to where the file was known to be good
 * when the line was written, and the CRC-32 of the line before them and of
 * the owner's name, so that a line counts in its own journal only.
 */
#ifndef MAIL_RECORD_JOURNAL_LINE_H
#define MAIL_RECORD_JOURNAL_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

struct journal_line {
	struct str text;      /* without the newline; borrowed */
	int64_t offset, good; /* bytes */
};

/* The CRC that the lines of an owner begin with. */
uint32_t journal_line_seed(struct str owner);

/* Frame the object that begins at start and ends the buffer with "}\n". */
void journal_line_frame(
    struct buf *, size_t start, uint32_t seed, int64_t offset, int64_t good);

/* True, and the line is filled in, if the text is a whole line. */
bool journal_line_parse(struct journal_line *, struct str text, uint32_t seed);

/* True if the text has the end of a framed line, whole or not. */
bool journal_line_is_framed(struct str text);

#endif
