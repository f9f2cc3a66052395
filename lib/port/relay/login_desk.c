#include "port/relay/login_desk.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "port/relay/relay_token.h"

#define MARGIN_MS 60000 /* a token is over so long before its end, at most */

static void
forget_token(struct login_desk *d)
{
	relay_token_free(d->token);
	d->token = NULL;
	d->account.token = NULL;
}

void
login_desk_init(struct login_desk *d, const struct relay_params *p)
{
	*d = (struct login_desk){.params = p,
	    .fetched = clock_wall_ms(),
	    .expires = p->token_expires,
	    .account = {.user = p->user,
		.password = p->password,
		.host = p->host,
		.port = p->port}};
	if (p->token == NULL)
		return;
	d->token = mem_dup(p->token, strlen(p->token));
	d->account.token = d->token;
	d->account.password = NULL;
}

void
login_desk_free(struct login_desk *d)
{
	forget_token(d);
}

bool
login_desk_enter(struct login_desk *d, const void *connection)
{
	bool alone = !d->memory.is_proved || d->memory.refusals > 0;

	if (alone && d->busy != NULL && d->busy != connection)
		return false;
	if (alone)
		d->busy = connection;
	return true;
}

/* A tenth of a short life is enough. */
static bool
is_over(const struct login_desk *d)
{
	int64_t margin = (d->expires - d->fetched) / 10;

	if (margin > MARGIN_MS)
		margin = MARGIN_MS;
	return d->expires != 0 && clock_wall_ms() >= d->expires - margin;
}

int
login_desk_renew(struct login_desk *d, struct fail *f)
{
	char *token;

	if (d->token == NULL || !d->params->token_renewable ||
	    (!is_over(d) && !d->memory.is_stale))
		return 0;
	if (relay_token_read(d->params->settings, &token, &d->expires, f) < 0)
		return -1;
	forget_token(d);
	d->fetched = clock_wall_ms();
	d->token = token;
	d->account.token = token;
	d->memory.is_stale = false;
	return 0;
}

void
login_desk_leave(struct login_desk *d, const void *connection)
{
	if (d->busy == connection)
		d->busy = NULL;
}
