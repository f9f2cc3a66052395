/*
 * Settings (bm.conf.5): NAME=value from /etc/bm/bm.conf, then the user's
 * file, then the environment, then the command line; later ones win.
 * BM_CONFIG or --config names one file that is read instead of the first two.
 */
#ifndef BASE_SETTINGS_H
#define BASE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/fail.h"

enum settings_kind {
	SETTINGS_TEXT,
	SETTINGS_NUMBER,
	SETTINGS_BOOL,
	SETTINGS_SECRET, /* NAME_FILE and NAME_COMMAND are names as well */
};

/* What bm.conf.5 lists. */
struct settings_spec {
	const char *name;
	enum settings_kind kind;
	const char *fallback; /* the value when unset, or NULL */
	const char *help;     /* one line */
};

/* Ends with a NULL name. */
const struct settings_spec *settings_specs(void);

struct settings;

/*
 * Read all sources; config is the --config argument or NULL. A line that is
 * not NAME=value, an unknown name, or a file that holds a secret and may be
 * read by others or written by its group is SYSTEM.
 */
int settings_new(struct settings **, const char *config, struct fail *);
void settings_free(struct settings *);

/*
 * Borrowed; the setting's default when unset; NULL when it has none. An empty
 * value counts as unset. The name must be one of settings_specs().
 */
const char *settings_get(const struct settings *, const char *name);

/* The value came from a file, the environment or the command line. */
bool settings_is_set(const struct settings *, const char *name);

/* Where it comes from: "FILE:LINE", "environment", "command line", "default" */
const char *settings_origin(const struct settings *, const char *name);

/* SYSTEM, naming setting and origin, when the value is no boolean/number. */
int settings_bool(
    const struct settings *, const char *name, bool *, struct fail *);
int settings_number(const struct settings *, const char *name, long long min,
    long long max, long long *, struct fail *);

/* SYSTEM with "NAME is not set: ..." when there is no value. */
int settings_need(
    const struct settings *, const char *name, const char **, struct fail *);

/*
 * The secret NAME, or the content of the file NAME_FILE, or the output of the
 * command NAME_COMMAND, whichever was set by the later source, else the
 * credential NAME in systemd's CREDENTIALS_DIRECTORY; one final newline is
 * cut. *out is NULL when none is set; the caller frees it.
 */
int settings_secret(
    const struct settings *, const char *name, char **out, struct fail *);

/* A value from the command line. */
void settings_override(struct settings *, const char *name, const char *value);

/* --print-config: "NAME=value  # origin" for each, secrets masked. */
void settings_print(const struct settings *, struct buf *);

#endif
