#include "port/relay/relay_token.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "mail/smtp/oauth_token.h"

void
relay_token_free(char *secret)
{
	if (secret == NULL)
		return;
	explicit_bzero(secret, strlen(secret));
	free(secret);
}

int
relay_token_read(
    const struct settings *s, char **token, int64_t *expires, struct fail *f)
{
	struct oauth_token parsed;
	struct arena *arena;
	char *text;
	int rc;

	*token = NULL;
	*expires = 0;
	if (settings_secret(s, "EMAIL_HOST_TOKEN", &text, f) < 0)
		return -1;
	if (text == NULL)
		return 0;
	arena = arena_new();
	rc =
	    oauth_token_parse(&parsed, str_of(text), clock_wall_ms(), arena, f);
	if (rc == 0) {
		*token = mem_dup(parsed.text.p, parsed.text.n);
		*expires = parsed.expires;
	} else {
		settings_refuse(s, "EMAIL_HOST_TOKEN", f);
	}
	relay_token_free(text);
	arena_free(arena);
	return rc;
}
