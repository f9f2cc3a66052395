#include "mail/mime/mime_decode.h"

#include "base/ascii.h"
#include "base/num.h"

void
mime_decode_start(struct mime_decode *d, enum mime_decode_form form)
{
	*d = (struct mime_decode){.form = form};
}

static int
value_of(char c)
{
	if (ascii_is_upper(c))
		return c - 'A';
	if (ascii_is_letter(c))
		return c - 'a' + 26;
	if (ascii_is_digit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static void
put_base64(struct mime_decode *d, char c, struct buf *b)
{
	int value = value_of(c);

	if (value < 0)
		return;
	d->bits = d->bits << 6 | (uint32_t)value;
	if (++d->count < 4)
		return;
	buf_addc(b, (char)(d->bits >> 16));
	buf_addc(b, (char)(d->bits >> 8));
	buf_addc(b, (char)d->bits);
	d->count = 0;
}

/* What "=" did not make an escape of. */
static void
flush_held(struct mime_decode *d, struct buf *b)
{
	buf_add(b, d->held, (size_t)d->held_count);
	d->held_count = 0;
}

static void
put_qp(struct mime_decode *d, char c, struct buf *b)
{
	int byte;

	if (d->held_count == 0) {
		if (c == '=')
			d->held[d->held_count++] = c;
		else
			buf_addc(b, c);
		return;
	}
	if (c == '\n') {
		d->held_count = 0; /* a soft line break */
		return;
	}
	/* White space that a relay put behind a soft line break. */
	if (d->held_count == 1 && (c == ' ' || c == '\t'))
		return;
	d->held[d->held_count++] = c;
	if (d->held_count < 3)
		return;
	byte = num_hex_byte(d->held + 1, d->held + 3);
	if (byte < 0) {
		flush_held(d, b);
		return;
	}
	d->held_count = 0;
	buf_addc(b, (char)byte);
}

void
mime_decode_put(struct mime_decode *d, struct str s, struct buf *b)
{
	if (d->form == MIME_DECODE_PLAIN) {
		buf_addstr(b, s);
		return;
	}
	for (size_t i = 0; i < s.n; i++) {
		if (d->form == MIME_DECODE_QP)
			put_qp(d, s.p[i], b);
		else
			put_base64(d, s.p[i], b);
	}
}

void
mime_decode_finish(struct mime_decode *d, struct buf *b)
{
	if (d->form == MIME_DECODE_QP)
		flush_held(d, b);
	if (d->form == MIME_DECODE_BASE64 && d->count > 1) {
		d->bits <<= 6 * (4 - d->count);
		buf_addc(b, (char)(d->bits >> 16));
		if (d->count > 2)
			buf_addc(b, (char)(d->bits >> 8));
	}
	d->count = 0;
}
