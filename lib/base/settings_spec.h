/*
 * The settings that exist: the table behind bm.conf.5.
 */
#ifndef BASE_SETTINGS_SPEC_H
#define BASE_SETTINGS_SPEC_H

enum settings_kind {
	SETTINGS_TEXT,
	SETTINGS_NUMBER,
	SETTINGS_BOOL,
	SETTINGS_SECRET, /* can also be given as NAME_FILE or NAME_COMMAND */
};

struct settings_spec {
	const char *name;
	enum settings_kind kind;
	const char *fallback; /* the value if unset, or NULL */
	const char *help;     /* one line */
	const char *unit;     /* of the value, or NULL */
	long long min, max;   /* of a number */
};

/* All settings, in the order of --print-config; the last name is NULL. */
const struct settings_spec *settings_spec_all(void);

/* The setting of that name, which must be there. */
const struct settings_spec *settings_spec_find(const char *name);

#endif
