/*
 * A growing buffer. The caller owns the struct, the buffer owns the bytes.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>

#include "base/str.h"

/* A zeroed struct is an empty buffer. */
struct buf {
	char *p;
	size_t len;
	size_t cap;
};

/* Release the bytes; the buffer is empty and may be used again. */
void buf_free(struct buf *);

/* Make the buffer empty, but keep its memory; wipe: overwrite a secret, too. */
void buf_reset(struct buf *);
void buf_wipe(struct buf *);

/* Room for n bytes behind len; the caller writes them and increases len. */
char *buf_reserve(struct buf *, size_t n);

/* Append bytes, a character, a string, a decimal number or formatted text. */
void buf_add(struct buf *, const void *p, size_t n);
void buf_addc(struct buf *, char c);
void buf_adds(struct buf *, const char *s);
void buf_addstr(struct buf *, struct str);
void buf_addint(struct buf *, long long);
void buf_printf(struct buf *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The content, borrowed until the next change; p is never NULL. */
struct str buf_str(const struct buf *);

/* The content with a NUL behind it, borrowed until the next change. */
const char *buf_cstr(struct buf *);

#endif
