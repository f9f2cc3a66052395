#include "base/csv_input.h"

#include <stdlib.h>

#include "base/mem.h"

#define CHUNK 65536 /* bytes asked for by one read */

void
csv_input_init(struct csv_input *in, FILE *file)
{
	*in = (struct csv_input){
	    .file = file, .p = mem_new(CHUNK), .room = CHUNK};
}

void
csv_input_free(struct csv_input *in)
{
	free(in->p);
}

bool
csv_input_fill(struct csv_input *in, size_t n)
{
	size_t got;

	while (in->len - in->at < n && !in->ended) {
		memmove(in->p, in->p + in->at, in->len - in->at);
		in->len -= in->at;
		in->at = 0;
		if (n > in->room) {
			in->room = 2 * n;
			in->p = mem_grow(in->p, in->room, 1);
		}
		got = fread(in->p + in->len, 1, in->room - in->len, in->file);
		in->len += got;
		in->ended = got == 0;
	}
	return in->len - in->at >= n;
}
