/*
 * Errors are values: a function returns -1 with a struct fail filled, and
 * the caller decides. The text is one sentence without a final dot.
 */
#ifndef BASE_FAIL_H
#define BASE_FAIL_H

enum fail_kind {
	FAIL_NONE,
	FAIL_DATA,   /* this record is bad; the next may be good */
	FAIL_TEMP,   /* the same call may succeed later */
	FAIL_SYSTEM, /* usage, settings, input or output: cannot go on */
};

struct fail {
	enum fail_kind kind;
	char text[1000]; /* UTF-8, no control characters */
};

/* Each fills *f and returns -1, so "return fail_data(f, ...)" works. */
int fail_data(struct fail *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
int fail_temp(struct fail *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
int fail_system(struct fail *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* As fail_system(), with ": " and the text of errno added. */
int fail_errno(struct fail *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Put text before what is already there, as in "FILE: reason". */
int fail_prefix(struct fail *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * The exit status of a program that stops for this failure (bm.7):
 * 1 for DATA, 75 for TEMP, 2 for SYSTEM.
 */
int fail_status(const struct fail *f);

#endif
