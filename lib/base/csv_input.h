/*
 * The bytes of a CSV file, as many at hand as the reader wants to see at once.
 */
#ifndef BASE_CSV_INPUT_H
#define BASE_CSV_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct csv_input {
	FILE *file; /* borrowed */
	char *p;
	size_t at, len; /* the next byte, and the end */
	size_t room;
	bool ended; /* the file has no more bytes */
};

void csv_input_init(struct csv_input *, FILE *);
void csv_input_free(struct csv_input *);

/* Read until n bytes are at hand; false if the file ends before. */
bool csv_input_fill(struct csv_input *, size_t n);

/* The same, most often without reading. */
static inline bool
csv_input_has(struct csv_input *in, size_t n)
{
	return in->len - in->at >= n || csv_input_fill(in, n);
}

/* Are these the next bytes? */
static inline bool
csv_input_sees(struct csv_input *in, const char *what, size_t n)
{
	return csv_input_has(in, n) && memcmp(in->p + in->at, what, n) == 0;
}

#endif
