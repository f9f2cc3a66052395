/*
 * Borrowed bytes with their length: comparing and cutting, without copying.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>

/* Borrowed bytes, not NUL-terminated; p is NULL for an absent value. */
struct str {
	const char *p;
	size_t n;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})

/* The bytes of a string; NULL is the absent value. */
struct str str_of(const char *s);

bool str_eq(struct str, struct str);
bool str_is(struct str, const char *s);

/* Negative, 0 or positive: the order of the bytes; a prefix comes first. */
int str_order(struct str, struct str);

/* ASCII letters are equal in upper and lower case. */
bool str_is_nocase(struct str, const char *s);

bool str_starts(struct str, const char *prefix);
bool str_starts_nocase(struct str, const char *prefix);
bool str_is_ascii(struct str);

/* Remove the bytes of a set at both ends; str_trim(): spaces and tabs. */
struct str str_strip(struct str, const char *set);
struct str str_trim(struct str);

/* The bytes behind the last c, as a domain's behind "@"; absent without c. */
struct str str_behind(struct str, char c);

/*
 * Take the bytes up to the first stop off *s: returns the bytes before the
 * stop and leaves those behind it. Without a stop, all bytes are taken.
 */
struct str str_take(struct str *s, struct str stop);

/*
 * Take the next line off *rest, without its newline; the last line may lack
 * it. False, and *line is unchanged, if *rest is empty.
 */
bool str_line(struct str *rest, struct str *line);

#endif
