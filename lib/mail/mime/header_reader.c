#include "mail/mime/header_reader.h"

#include <string.h>

#define NAME_MAX_BYTES 76 /* a longer word before a colon is no field name */

/* The length of a field name with its colon behind it, or 0. */
static size_t
measure_name(struct str line)
{
	size_t i = 0, n;

	while (i < line.n && line.p[i] > ' ' && line.p[i] < 127 &&
	       line.p[i] != ':')
		i++;
	n = i;
	while (i < line.n && (line.p[i] == ' ' || line.p[i] == '\t'))
		i++;
	return i < line.n && line.p[i] == ':' && n <= NAME_MAX_BYTES ? n : 0;
}

static void
keep_bytes(struct header_reader *h, struct str s)
{
	size_t room = HEADER_READER_FIELD - h->field.len;

	buf_add(&h->field, s.p, s.n < room ? s.n : room);
}

void
header_reader_end(struct header_reader *h, header_reader_fn *fn, void *ctx)
{
	struct str all = buf_str(&h->field), name = {all.p, h->colon}, value;

	if (all.n > 0 && h->count++ < HEADER_READER_FIELDS) {
		value = (struct str){all.p + h->colon, all.n - h->colon};
		str_take(&value, STR(":"));
		fn(ctx, name, str_trim(value));
	}
	buf_reset(&h->field);
}

bool
header_reader_line(
    struct header_reader *h, struct str line, header_reader_fn *fn, void *ctx)
{
	size_t n;

	if (line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t')) {
		if (h->field.len == 0)
			return false;
		keep_bytes(h, line);
		return true;
	}
	n = measure_name(line);
	if (n == 0)
		return false;
	header_reader_end(h, fn, ctx);
	h->colon = n;
	keep_bytes(h, line);
	return true;
}

void
header_reader_free(struct header_reader *h)
{
	buf_free(&h->field);
}
