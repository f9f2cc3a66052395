/*
 * Settings (bm.conf.5): NAME=value from /etc/bm/bm.conf, then the user's
 * file, then the environment, then the command line; later ones win.
 * BM_CONFIG or --config names one file that is read instead of the first two.
 */
#ifndef BASE_SETTINGS_H
#define BASE_SETTINGS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fail.h"

struct settings;

/*
 * Read all sources; config is the --config argument or NULL. A line that is
 * not NAME=value, an unknown name, or a file that holds a secret and may be
 * read by others or written by its group is SYSTEM.
 */
int settings_open(struct settings **, const char *config, struct fail *);
void settings_free(struct settings *);

/* Borrowed; the setting's default when unset; NULL when it has none. */
const char *settings_get(const struct settings *, const char *name);

/* The value came from a file, the environment or the command line. */
bool settings_is_set(const struct settings *, const char *name);

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
 * command NAME_COMMAND, or of the credential NAME in systemd's
 * CREDENTIALS_DIRECTORY; one final newline is cut. *out is NULL when none is
 * set; the caller frees it.
 */
int settings_secret(
    const struct settings *, const char *name, char **out, struct fail *);

/* A value from the command line. */
void settings_override(struct settings *, const char *name, const char *value);

/* --print-config: "NAME=value  # origin" for each, secrets masked. */
void settings_print(const struct settings *, struct buf *);

#endif
