#include "mail/mime/mime_reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "mail/mime/header_reader.h"
#include "mail/mime/mime_decode.h"
#include "mail/mime/mime_field.h"

#define LINE_MAX_BYTES 65536 /* a longer line is taken in pieces */

/* A part that is open: its header is read, or its body. */
struct level {
	struct mime_reader_part part;
	struct mime_field_type type;
	bool multipart;
	bool divided; /* its boundary has come */
};

struct mime_reader {
	struct mime_reader_handler handler;
	struct level levels[MIME_READER_DEPTH + 1];
	int top;
	bool in_header, continues, after_cr, after_line, first;
	struct header_reader header;
	struct mime_decode decode;
	struct buf line, decoded;
	struct buf last; /* the line before, if it may be a boundary */
	size_t size;
};

static struct level *
open_level(struct mime_reader *r, bool returned)
{
	struct level *l = &r->levels[++r->top];

	*l = (struct level){.part = {.depth = r->top, .returned = returned}};
	r->in_header = true;
	r->after_line = false;
	return l;
}

struct mime_reader *
mime_reader_new(const struct mime_reader_handler *handler)
{
	struct mime_reader *r = mem_new(sizeof(*r));

	r->handler = *handler;
	r->top = -1;
	r->first = true;
	open_level(r, false);
	return r;
}

void
mime_reader_free(struct mime_reader *r)
{
	if (r == NULL)
		return;
	header_reader_free(&r->header);
	buf_free(&r->line);
	buf_free(&r->decoded);
	buf_free(&r->last);
	free(r);
}

size_t
mime_reader_size(const struct mime_reader *r)
{
	return r->size;
}

static void
pass_field(void *ctx, struct str name, struct str value)
{
	struct mime_reader *r = ctx;
	struct level *l = &r->levels[r->top];

	mime_field_read(&l->type, name, value);
	r->handler.field(r->handler.ctx, &l->part, name, value);
}

/*
 * A message/rfc822 begins with a header of its own. One that is encoded, which
 * RFC 2046 5.2.1 forbids, is left to the caller as bytes.
 */
static void
end_header(struct mime_reader *r)
{
	struct level *l = &r->levels[r->top];

	header_reader_end(&r->header, pass_field, r);
	r->header.count = 0;
	mime_field_finish(&l->type);
	memcpy(l->part.type, l->type.type, sizeof(l->part.type));
	memcpy(l->part.report, l->type.report, sizeof(l->part.report));
	mime_decode_start(&r->decode, l->type.encoding);
	r->in_header = false;
	r->after_line = false;
	l->multipart = strncmp(l->part.type, "multipart/", 10) == 0 &&
		       l->type.boundary_length > 0 &&
		       r->top < MIME_READER_DEPTH;
	r->handler.begin(r->handler.ctx, &l->part);
	if ((strcmp(l->part.type, "message/rfc822") == 0 ||
		strcmp(l->part.type, "message/global") == 0) &&
	    l->type.encoding == MIME_DECODE_PLAIN && r->top < MIME_READER_DEPTH)
		open_level(r, true);
}

static void
put_bytes(struct mime_reader *r, struct str bytes)
{
	const struct level *l = &r->levels[r->top];

	if (bytes.n > 0)
		r->handler.bytes(r->handler.ctx, &l->part, bytes);
}

/* The line end before a boundary belongs to the boundary (RFC 2046 5.1.1). */
static void
take_body(struct mime_reader *r, struct str line, bool whole)
{
	buf_reset(&r->decoded);
	if (r->after_line)
		mime_decode_put(&r->decode, STR("\n"), &r->decoded);
	mime_decode_put(&r->decode, line, &r->decoded);
	r->after_line = whole;
	put_bytes(r, buf_str(&r->decoded));
}

static void
end_part(struct mime_reader *r)
{
	while (r->in_header)
		end_header(r);
	buf_reset(&r->decoded);
	mime_decode_finish(&r->decode, &r->decoded);
	put_bytes(r, buf_str(&r->decoded));
}

/* The level whose boundary the line is, or -1; *last: it is the final one. */
static int
find_boundary(const struct mime_reader *r, struct str line, bool *last)
{
	int i;

	if (line.n < 3 || line.p[0] != '-' || line.p[1] != '-')
		return -1;
	for (i = r->top; i >= 0; i--) {
		const struct mime_field_type *t = &r->levels[i].type;
		size_t n = t->boundary_length;

		if (!r->levels[i].multipart || line.n < n + 2 ||
		    memcmp(line.p + 2, t->boundary, n) != 0)
			continue;
		line = str_trim((struct str){line.p + n + 2, line.n - n - 2});
		*last = str_starts(line, "--");
		if (line.n == 0 || *last)
			return i;
		return -1;
	}
	return -1;
}

static bool
take_boundary(struct mime_reader *r, struct str line)
{
	bool last, returned;
	int i = find_boundary(r, line, &last);

	if (i < 0)
		return false;
	end_part(r);
	r->top = i;
	r->levels[i].divided = true;
	returned = r->levels[i].part.returned;
	r->in_header = r->after_line = false;
	mime_decode_start(&r->decode, MIME_DECODE_PLAIN);
	if (!last)
		open_level(r, returned);
	return true;
}

/*
 * A message whose Content-Type is lost, or names another boundary, shows it: a
 * line that is one stands before a field Content-Type.
 */
static bool
guess_boundary(struct mime_reader *r, struct str line)
{
	struct level *l = &r->levels[0];
	struct str name = line, last = buf_str(&r->last);

	name = str_take(&name, STR(":"));
	if (r->top > 0 || r->in_header || l->divided ||
	    (l->type.given && !l->multipart) ||
	    !str_is_nocase(name, "Content-Type") || last.n < 3 ||
	    last.n >= sizeof(l->type.boundary) || !str_starts(last, "--"))
		return false;
	l->type.boundary_length = last.n - 2;
	memcpy(l->type.boundary, last.p + 2, last.n - 2);
	l->multipart = true;
	return take_boundary(r, last);
}

static void
keep_last(struct mime_reader *r, struct str line)
{
	buf_reset(&r->last);
	if (r->top == 0 && line.n < 256 && str_starts(line, "--"))
		buf_addstr(&r->last, line);
}

static void
divide_line(struct mime_reader *r, struct str line, bool whole)
{
	bool first = r->first;

	r->first = false;
	if (!r->continues && take_boundary(r, line))
		return;
	if (guess_boundary(r, line)) {
		divide_line(r, line, whole);
		return;
	}
	keep_last(r, line);
	/* The envelope line of a mailbox file, the rest of a long field. */
	if ((first && str_starts(line, "From ")) ||
	    (r->in_header && r->continues))
		return;
	if (r->in_header && header_reader_line(&r->header, line, pass_field, r))
		return;
	if (r->in_header) {
		end_header(r);
		if (line.n == 0)
			return;
		if (r->in_header) {
			divide_line(r, line, whole);
			return;
		}
	}
	take_body(r, line, whole);
}

static void
end_line(struct mime_reader *r, bool whole)
{
	struct str line = buf_str(&r->line);

	divide_line(r, line, whole);
	buf_reset(&r->line);
	r->continues = !whole;
}

void
mime_reader_add(struct mime_reader *r, struct str bytes)
{
	const char *p = bytes.p, *end, *stop, *cr;
	size_t room = r->size < MIME_READER_MAX ? MIME_READER_MAX - r->size : 0;

	r->size += bytes.n;
	end = p + (bytes.n < room ? bytes.n : room);
	while (p < end) {
		if (r->after_cr && *p == '\n')
			p++;
		r->after_cr = false;
		stop = memchr(p, '\n', (size_t)(end - p));
		if (stop == NULL)
			stop = end;
		cr = memchr(p, '\r', (size_t)(stop - p));
		if (cr != NULL)
			stop = cr;
		buf_add(&r->line, p, (size_t)(stop - p));
		p = stop;
		if (p < end) {
			r->after_cr = *p++ == '\r';
			end_line(r, true);
		} else if (r->line.len >= LINE_MAX_BYTES) {
			end_line(r, false);
		}
	}
}

void
mime_reader_finish(struct mime_reader *r)
{
	if (r->line.len > 0)
		end_line(r, false);
	end_part(r);
}
