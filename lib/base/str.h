/*
 * Borrowed bytes with their length: comparing and cutting. Nothing is copied.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

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

/*
 * Cut *s at the first stop: returns the bytes before it and leaves those
 * behind it in *s. Without a stop everything is returned and *s is empty.
 */
struct str str_take(struct str *s, struct str stop);

/*
 * Take the next line off *rest, without its newline; the last line needs none.
 * False when *rest is empty.
 */
bool str_line(struct str *rest, struct str *line);

#endif
