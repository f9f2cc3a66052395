/*
 * Any bytes as a message: in pieces of any size, and with any line ends, the
 * reader hands over the same; a bounce is judged of it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "mail/bounce/bounce.h"
#include "mail/bounce/bounce_reader.h"
#include "mail/bounce/ses_event.h"
#include "mail/mime/mime_reader.h"

static void
see_field(void *ctx, const struct mime_reader_part *part, struct str name,
    struct str value)
{
	buf_printf(ctx, "F%d %d", part->depth, part->returned);
	buf_addstr(ctx, name);
	buf_addstr(ctx, value);
}

static void
see_begin(void *ctx, const struct mime_reader_part *part)
{
	if (part->depth > MIME_READER_DEPTH)
		abort();
	buf_printf(ctx, "B%d %s", part->depth, part->type);
}

static void
see_bytes(void *ctx, const struct mime_reader_part *part, struct str bytes)
{
	(void)part;
	buf_addstr(ctx, bytes);
}

static void
read_pieces(struct buf *out, struct str text, size_t piece)
{
	const struct mime_reader_handler h = {
	    see_field, see_begin, see_bytes, out};
	struct mime_reader *r = mime_reader_new(&h);

	for (size_t i = 0; i < text.n; i += piece)
		mime_reader_add(
		    r, (struct str){text.p + i,
			   text.n - i < piece ? text.n - i : piece});
	mime_reader_finish(r);
	mime_reader_free(r);
}

/* What is reported is valid text, and hard only with an address. */
static void
judge(struct str text, struct arena *arena)
{
	struct bounce_mail m = {0};
	struct bounce_reader *r = bounce_reader_new(&m);
	struct bounces all;
	struct fail f;

	bounce_reader_add(r, text);
	bounce_reader_finish(r);
	bounce_read(&all, &m, arena);
	if (all.count == 0)
		abort();
	for (size_t i = 0; i < all.count; i++) {
		const struct bounce *b = &all.all[i];

		if ((b->kind == BOUNCE_HARD && b->address.n == 0) ||
		    utf8_valid(b->text.p, b->text.n) != b->text.n)
			abort();
	}
	if (ses_event_read(&all, text, arena, &f) == 0 && all.count == 0)
		abort();
	bounce_mail_free(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data + 1, size - 1};
	struct buf whole = {0}, pieces = {0};
	struct arena *arena;

	if (size == 0)
		return 0;
	read_pieces(&whole, text, text.n + 1);
	read_pieces(&pieces, text, data[0] % 32u + 1);
	if (whole.len != pieces.len ||
	    (whole.len > 0 && memcmp(whole.p, pieces.p, whole.len) != 0))
		abort();
	arena = arena_new();
	judge(text, arena);
	arena_free(arena);
	buf_free(&whole);
	buf_free(&pieces);
	return 0;
}
