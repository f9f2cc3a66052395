#include "mail/smtp/opening.h"

#include <string.h>

#include "base/harmless.h"

#define GREETING_KEPT 200    /* bytes */
#define EXTENSIONS_KEPT 4000 /* bytes */

void
opening_said(struct opening *o, struct str command)
{
	if (str_starts(command, "EHLO") || str_starts(command, "HELO")) {
		o->stage = STAGE_EHLO;
		o->ehlo = (struct ehlo){0};
		o->ehlo_begun = false;
		buf_reset(&o->extensions);
	} else if (str_starts(command, "STARTTLS")) {
		o->stage = STAGE_TLS;
	}
	/* After a 421 no other reply comes: it remains the reason. */
	if (o->reply.code != 421)
		o->reply = (struct reply){0};
}

static void
read_extension(struct opening *o, struct str line)
{
	if (line.n < 5 || line.p[0] != '2')
		return;
	line = str_strip((struct str){line.p + 4, line.n - 4}, " \t\r\n");
	if (o->ehlo_begun) {
		ehlo_add_line(&o->ehlo, line);
		if (o->extensions.len + line.n < EXTENSIONS_KEPT) {
			buf_addstr(&o->extensions, line);
			buf_addc(&o->extensions, '\n');
		}
	}
	o->ehlo_begun = true;
}

static void
keep_greeting(struct opening *o, struct str line)
{
	size_t room = GREETING_KEPT - o->greeting.len;

	buf_add(&o->greeting, line.p, line.n < room ? line.n : room);
}

void
opening_heard(struct opening *o, struct str line)
{
	enum reply_result got = REPLY_MORE;

	if (o->stage == STAGE_CONNECT)
		o->stage = STAGE_GREETING;
	if (o->stage == STAGE_GREETING)
		keep_greeting(o, line);
	if (o->stage == STAGE_EHLO)
		read_extension(o, line);
	while (
	    line.n > 0 && (got = reply_read(&o->reader, &line)) == REPLY_WHOLE)
		o->reply = o->reader.reply;
	o->babbles = got == REPLY_GARBAGE;
}

bool
opening_is_odd(const struct opening *o)
{
	return o->stage == STAGE_GREETING && o->greeting.len > 0;
}

void
opening_quote_greeting(const struct opening *o, struct buf *b)
{
	size_t from = b->len + 1, i;
	struct str s = str_strip(buf_str(&o->greeting), "\r\n");

	buf_addc(b, '"');
	buf_addstr(b, s);
	for (i = from; i < b->len; i++) {
		if (strchr("\t\r\n", b->p[i]) != NULL)
			b->p[i] = ' ';
	}
	b->len = from + harmless_text(b->p + from, b->len - from);
	buf_addc(b, '"');
}

void
opening_free(struct opening *o)
{
	reply_free(&o->reader);
	buf_free(&o->greeting);
	buf_free(&o->extensions);
}
