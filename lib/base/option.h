/* One option of a program: its name, value, limits, setting and help. */
#ifndef BASE_OPTION_H
#define BASE_OPTION_H

#include <stddef.h>

enum option_type {
	OPTION_TYPE_FLAG,     /* bool: true if given */
	OPTION_TYPE_STRING,   /* const char *: borrowed from argv or settings */
	OPTION_TYPE_LIST,     /* struct option_list: repeatable; no setting */
	OPTION_TYPE_NUMBER,   /* long long within min..max */
	OPTION_TYPE_DURATION, /* int64_t, milliseconds */
	OPTION_TYPE_SIZE,     /* int64_t, bytes */
};

struct option_list {
	const char **items;
	size_t count;
};

struct option_spec {
	const char *name; /* long name, without the dashes */
	char letter;      /* 0 if it has none */
	enum option_type type;
	void *value; /* the type's variable, which holds the default */
	/* Or NULL; "FILE"; of "[=TIME]" min is the time that is implied. */
	const char *argument, *setting; /* what it overrides */
	long long min, max; /* OPTION_TYPE_NUMBER; max 0 means no upper bound */
	const char *help,
	    *unit; /* one line; the likely one of a time or size; or NULL */
};

/* A row: c is the letter, v the value, arg the argument, set the setting. */
#define OPTION_FLAG(name, c, v, help)                                      \
	{                                                                  \
		name, c, OPTION_TYPE_FLAG, v, NULL, NULL, 0, 0, help, NULL \
	}
#define OPTION_TEXT(name, c, v, arg, set, help)                            \
	{                                                                  \
		name, c, OPTION_TYPE_STRING, v, arg, set, 0, 0, help, NULL \
	}
#define OPTION_LIST(name, c, v, arg, help)                                \
	{                                                                 \
		name, c, OPTION_TYPE_LIST, v, arg, NULL, 0, 0, help, NULL \
	}
#define OPTION_NUMBER(name, c, v, arg, set, min, max, help)                    \
	{                                                                      \
		name, c, OPTION_TYPE_NUMBER, v, arg, set, min, max, help, NULL \
	}
#define OPTION_DURATION(name, c, v, arg, set, unit, help)                    \
	{                                                                    \
		name, c, OPTION_TYPE_DURATION, v, arg, set, 0, 0, help, unit \
	}
#define OPTION_SIZE(name, c, v, arg, set, unit, help)                    \
	{                                                                \
		name, c, OPTION_TYPE_SIZE, v, arg, set, 0, 0, help, unit \
	}

#endif
