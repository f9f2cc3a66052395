/*
 * Growing bytes. The caller owns the struct, the buffer owns the bytes.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>

#include "base/str.h"

/* A zeroed struct is an empty buffer; buf_free() releases its bytes. */
struct buf {
	char *p;
	size_t len;
	size_t cap;
};

void buf_free(struct buf *);
void buf_reset(struct buf *);

/* Room for n more bytes behind len; the caller adds to len what it wrote. */
char *buf_reserve(struct buf *, size_t n);

void buf_add(struct buf *, const void *p, size_t n);
void buf_addc(struct buf *, char c);
void buf_adds(struct buf *, const char *s);
void buf_addstr(struct buf *, struct str);
void buf_addint(struct buf *, long long);
void buf_printf(struct buf *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The content as borrowed bytes; dead after the next change. */
struct str buf_str(const struct buf *);

/* The content NUL-terminated (the NUL is not counted); borrowed likewise. */
const char *buf_cstr(struct buf *);

#endif
