/*
 * Bytes with their length: struct str borrows, struct buf owns and grows.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

/* Borrowed bytes, not NUL-terminated; p is NULL when there is no value. */
struct str {
	const char *p;
	size_t n;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})

struct str str_of(const char *s);
bool str_eq(struct str, struct str);
bool str_is(struct str, const char *s);

/* Below, at or above 0: the order of the bytes, a beginning first. */
int str_order(struct str, struct str);

/* ASCII letters compare without case. */
bool str_is_nocase(struct str, const char *s);
bool str_starts(struct str, const char *prefix);
bool str_is_ascii(struct str);

/* Without the bytes of the set at both ends; str_trim(): spaces and tabs. */
struct str str_strip(struct str, const char *set);
struct str str_trim(struct str);

/* Cut *s at the first stop: what is before it; *s is what is behind it. */
struct str str_take(struct str *s, struct str stop);

/* Growing bytes; a zeroed struct is an empty one. buf_free() ends it. */
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
