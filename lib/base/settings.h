/*
 * Settings (bm.conf.5): NAME=value from /etc/bm/bm.conf, then the user's
 * file, then the environment, then the command line; the last source wins.
 * BM_CONFIG or --config names one file to read in place of the two.
 */
#ifndef BASE_SETTINGS_H
#define BASE_SETTINGS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fail.h"

/* Every name that a function takes must be in settings_spec_all(). */
struct settings;

/*
 * Read all sources but the command line; config is the --config argument or
 * NULL. SYSTEM for a line that is not NAME=value, an unknown name, or a file
 * that holds a secret and is not private (file_trust.h).
 */
int settings_new(struct settings **, const char *config, struct fail *);
void settings_free(struct settings *);

/* The value, borrowed; its default if not set, which may be NULL. */
const char *settings_get(const struct settings *, const char *name);

/* Make a failure SYSTEM and name setting and origin before it; returns -1. */
int settings_refuse(const struct settings *, const char *name, struct fail *);

/* The value; as settings_refuse() if its form or its size is another one. */
int settings_bool(
    const struct settings *, const char *name, bool *, struct fail *);
int settings_number(
    const struct settings *, const char *name, long long *, struct fail *);

/* SYSTEM if the setting has no value, or its boolean is false. */
int settings_need(
    const struct settings *, const char *name, const char **, struct fail *);
int settings_need_on(
    const struct settings *, const char *name, const char *what, struct fail *);

/*
 * The secret NAME, the content of NAME_FILE or the output of NAME_COMMAND, or
 * else systemd's credential NAME; NULL if unset. The caller frees it. SYSTEM.
 */
int settings_secret(
    const struct settings *, const char *name, char **out, struct fail *);

/* True if the secret comes from a file or command, and may be read again. */
bool settings_is_external(const struct settings *, const char *name);

void settings_override(struct settings *, const char *name, const char *value);
/*
 * Append "NAME=value  # origin" for each setting, secrets masked. The origin is
 * "FILE:LINE", "environment", "command line" or "default".
 */
void settings_print(const struct settings *, struct buf *);

#endif
