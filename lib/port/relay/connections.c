#include "port/relay/connections.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "port/relay/connection.h"
#include "port/relay/connection_login.h"

struct connections {
	struct login_desk desk;
	struct connection_opener *opener;
	struct connection **all;
	size_t count, cap;
	struct pollfd *polls;
	size_t poll_cap;
	struct connection_poll *watched; /* and the connections that log in */
	size_t watched_cap;
};

struct connections *
connections_open(const struct relay_params *params, struct fail *f)
{
	struct connection_opener *opener = connection_opener_open(f);
	struct connections *cs;

	if (opener == NULL)
		return NULL;
	cs = mem_new(sizeof(*cs));
	login_desk_init(&cs->desk, params);
	cs->opener = opener;
	return cs;
}

void
connections_close(struct connections *cs)
{
	if (cs == NULL)
		return;
	connection_opener_close(cs->opener);
	login_desk_free(&cs->desk);
	free(cs->all);
	free(cs->watched);
	free(cs->polls);
	free(cs);
}

struct connection *
connections_add(struct connections *cs)
{
	cs->all = mem_more(cs->all, cs->count, &cs->cap, sizeof(*cs->all));
	cs->all[cs->count] = connection_open(cs->opener, &cs->desk);
	return cs->all[cs->count++];
}

void
connections_remove(struct connections *cs, struct connection *c)
{
	size_t i = 0;

	while (cs->all[i] != c)
		i++;
	cs->all[i] = cs->all[--cs->count];
	connection_close(c);
}

static size_t
count_opening(const struct connections *cs)
{
	size_t i, n = 0;

	for (i = 0; i < cs->count; i++)
		n += connection_state(cs->all[i]) == CONNECTION_OPENING;
	return n;
}

/* While none is being opened libcurl need not be asked. */
static int
poll_sockets(struct connections *cs, struct connection_poll *p, size_t n,
    int timeout_us, struct fail *f)
{
	struct timespec timeout = {
	    timeout_us / 1000000, timeout_us % 1000000 * 1000L};
	size_t i;

	if (n > cs->poll_cap) {
		cs->poll_cap = n;
		cs->polls = mem_grow(cs->polls, n, sizeof(*cs->polls));
	}
	for (i = 0; i < n; i++)
		cs->polls[i] =
		    (struct pollfd){.fd = connection_socket(p[i].connection),
			.events =
			    (short)(POLLIN | (p[i].want_write ? POLLOUT : 0))};
	if (ppoll(cs->polls, n, &timeout, NULL) < 0 && errno != EINTR)
		return fail_errno(f, "ppoll");
	for (i = 0; i < n; i++) {
		p[i].readable = (cs->polls[i].revents & ~POLLOUT) != 0;
		p[i].writable = (cs->polls[i].revents & POLLOUT) != 0;
	}
	return 0;
}

static void
check_timeouts(struct connections *cs)
{
	int64_t now = clock_mono_ms();
	size_t i;

	for (i = 0; i < cs->count; i++)
		connection_check_timeout(cs->all[i], now);
}

int
connections_look(
    struct connections *cs, struct connection_poll *p, size_t n, struct fail *f)
{
	return poll_sockets(cs, p, n, 0, f);
}

static void
move_logins(struct connections *cs)
{
	int64_t now = clock_mono_ms();

	for (size_t i = 0; i < cs->count; i++) {
		if (connection_login_is_due(cs->all[i]))
			connection_login_move(cs->all[i], now);
	}
}

/* As connection_opener_wait(), and for those that log in. */
static int
wait_opening(struct connections *cs, struct connection_poll *p, size_t n,
    int timeout_us, struct fail *f)
{
	size_t k = n, i;

	if (n + cs->count > cs->watched_cap) {
		cs->watched_cap = n + cs->count;
		cs->watched = mem_grow(
		    cs->watched, cs->watched_cap, sizeof(*cs->watched));
	}
	for (i = 0; i < n; i++)
		cs->watched[i] = p[i];
	for (i = 0; i < cs->count; i++) {
		struct connection *c = cs->all[i];

		if (connection_login_is_due(c))
			cs->watched[k++] =
			    (struct connection_poll){.connection = c,
				.want_write = login_output(&c->login).n > 0};
	}
	if (connection_opener_wait(cs->opener, cs->watched, k, timeout_us, f) <
	    0)
		return -1;
	for (i = 0; i < n; i++)
		p[i] = cs->watched[i];
	return 0;
}

int
connections_wait(struct connections *cs, struct connection_poll *p, size_t n,
    int timeout_us, struct fail *f)
{
	size_t opening = count_opening(cs);

	if (opening == 0)
		return poll_sockets(cs, p, n, timeout_us, f);
	/* A new one has to be begun before there is anything to wait for. */
	if (connection_opener_perform(cs->opener, f) < 0)
		return -1;
	move_logins(cs);
	if (count_opening(cs) < opening)
		timeout_us = 0;
	if (wait_opening(cs, p, n, timeout_us, f) < 0)
		return -1;
	move_logins(cs);
	check_timeouts(cs);
	return 0;
}
