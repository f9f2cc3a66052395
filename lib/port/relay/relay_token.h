/*
 * The OAuth 2.0 token of the settings.
 */
#ifndef PORT_RELAY_RELAY_TOKEN_H
#define PORT_RELAY_RELAY_TOKEN_H

#include <stdint.h>

#include "base/fail.h"
#include "base/settings.h"

/*
 * Read EMAIL_HOST_TOKEN, perhaps by its command, and at each call anew: NULL if
 * it is unset. *expires in ms since 1970; 0: unknown. SYSTEM.
 */
int relay_token_read(
    const struct settings *, char **token, int64_t *expires, struct fail *);

/* Wipe and free a token or password; NULL is allowed. */
void relay_token_free(char *);

#endif
