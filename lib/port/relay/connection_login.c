#include "port/relay/connection_login.h"

#include "base/clock.h"
#include "port/relay/connection_bytes.h"

void
connection_login_begin(struct connection *c)
{
	c->progress = clock_mono_ms();
	if (c->params->user != NULL) {
		c->phase = CONNECTION_PHASE_WAITS;
		return;
	}
	c->phase = CONNECTION_PHASE_ENDED;
	c->state = CONNECTION_UP;
}

bool
connection_login_is_due(const struct connection *c)
{
	return c->phase == CONNECTION_PHASE_WAITS ||
	       c->phase == CONNECTION_PHASE_LOGIN;
}

static void
fail_login(struct connection *c)
{
	c->phase = CONNECTION_PHASE_ENDED;
	c->state = CONNECTION_FAILED;
	login_desk_leave(c->desk, c);
}

/* It waits its turn; true if it has begun to talk. */
static bool
begin_login(struct connection *c, int64_t now)
{
	struct fail f;

	c->progress = now;
	if (c->desk->is_denied) {
		c->error = c->desk->denial;
		fail_login(c);
		return false;
	}
	if (!login_desk_enter(c->desk, c))
		return false;
	if (login_desk_renew(c->desk, &f) < 0) {
		connection_error_say(&c->error, STAGE_AUTH, "config",
		    CONNECTION_REMEDY_LOCAL, f.text);
		fail_login(c);
		return false;
	}
	c->phase = CONNECTION_PHASE_LOGIN;
	login_begin(&c->login, &c->desk->account, &c->params->order,
	    &c->desk->memory, c->opening.ehlo.auth, c->params->token_renewable);
	return true;
}

/* False if the connection is lost; *moved if there was anything. */
static bool
move_bytes(struct connection *c, bool *moved, int64_t now)
{
	struct str out = login_output(&c->login);
	char in[4096];
	ssize_t n = 0;

	if (out.n > 0) {
		n = connection_bytes_send(c, out);
		if (n > 0)
			login_sent(&c->login, (size_t)n);
		c->said = now;
	} else {
		n = connection_bytes_receive(c, in, sizeof(in));
		if (n > 0)
			login_input(&c->login, (struct str){in, (size_t)n});
		if (n > 0 && now - c->said > c->slowest)
			c->slowest = now - c->said;
	}
	*moved = n > 0;
	if (n > 0)
		c->progress = now;
	return n >= 0;
}

static void
finish_login(struct connection *c)
{
	const struct login *l = &c->login;
	struct connection_error *e = &c->error;

	if (l->state == LOGIN_IN) {
		c->phase = CONNECTION_PHASE_ENDED;
		c->state = CONNECTION_UP;
		login_desk_leave(c->desk, c);
		return;
	}
	*e = (struct connection_error){.stage = STAGE_AUTH, .reply = l->reply};
	if (l->state == LOGIN_STALE)
		e->remedy = CONNECTION_REMEDY_AGAIN;
	if (l->state == LOGIN_DENIED) {
		e->class = "auth";
		c->desk->is_denied = true;
		c->desk->denial = *e;
	}
	fail_login(c);
}

void
connection_login_move(struct connection *c, int64_t now)
{
	bool moved = true;

	if (c->phase == CONNECTION_PHASE_WAITS && !begin_login(c, now))
		return;
	while (c->login.state == LOGIN_TALKS && moved) {
		if (move_bytes(c, &moved, now))
			continue;
		connection_error_say(&c->error, STAGE_AUTH, NULL,
		    CONNECTION_REMEDY_NONE, "the connection was closed");
		fail_login(c);
		return;
	}
	if (c->login.state != LOGIN_TALKS)
		finish_login(c);
}

void
connection_login_end(struct connection *c)
{
	login_desk_leave(c->desk, c);
	if (c->login.account != NULL)
		login_free(&c->login);
}
