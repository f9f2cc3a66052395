/*
 * Errors are values: a function returns -1 and fills a struct fail, and the
 * caller decides. The text is one sentence without a final dot.
 */
#ifndef BASE_FAIL_H
#define BASE_FAIL_H

enum fail_kind {
	FAIL_NONE,
	FAIL_DATA,   /* this record is invalid; the next may be valid */
	FAIL_TEMP,   /* the same call may succeed later */
	FAIL_SYSTEM, /* usage, settings, input or output: stop */
};

struct fail {
	enum fail_kind kind;
	char text[1000]; /* UTF-8, and harmless to a terminal */
};

/* Each fills *f and returns -1, for "return fail_data(f, ...)". */
int fail_data(struct fail *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
int fail_temp(struct fail *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
int fail_system(struct fail *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* As fail_system(), followed by ": " and the text of errno. */
int fail_errno(struct fail *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Put a text before the present one: "FILE: reason"; the kind stays. */
int fail_prefix(struct fail *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * The exit status of a program that stops for this failure (bm.7):
 * 1 for DATA, 75 for TEMP, 2 for SYSTEM.
 */
int fail_status(const struct fail *f);

#endif
