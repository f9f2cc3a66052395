/*
 * A reply from its text; a test that it is a whole one.
 */
#ifndef READ_REPLY_H
#define READ_REPLY_H

#include "base/buf.h"
#include "mail/smtp/reply.h"
#include "unit.h"

static struct reply
read_reply(const char *text)
{
	struct reply_reader reader = {0};
	struct buf b = {0};
	struct reply r;
	struct str in;

	buf_printf(&b, "%s\r\n", text);
	in = buf_str(&b);
	ok(reply_read(&reader, &in) == REPLY_WHOLE, "a reply: %s", text);
	r = reader.reply;
	reply_free(&reader);
	buf_free(&b);
	return r;
}

#endif
