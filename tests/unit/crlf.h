/* Lines of a dialogue in one string: "|" stands for CRLF. */
#ifndef CRLF_H
#define CRLF_H

#include "base/buf.h"

/* In b, up to its next use. */
static struct str
crlf(struct buf *b, const char *text)
{
	buf_reset(b);
	for (; *text != '\0'; text++) {
		if (*text == '|')
			buf_adds(b, "\r\n");
		else
			buf_addc(b, *text);
	}
	return buf_str(b);
}

#endif
