#include "port/relay/relay_gates.h"

/* One poll for all gates that were opened in this turn. */
void
relay_gates_check(struct relay *r)
{
	struct fail ignored;
	size_t n = 0, k;
	bool failed;

	for (int i = 0; i < r->params->connections; i++) {
		struct session *s = r->sessions[i];

		if (s != NULL && session_poll_gate(s, &r->polls[n]))
			r->polled[n++] = s;
	}
	if (n == 0)
		return;
	/* What poll cannot tell, reading does. */
	failed = connections_look(r->connections, r->polls, n, &ignored) < 0;
	for (k = 0; k < n; k++)
		session_check_gate(
		    r->polled[k], failed || r->polls[k].readable, r->queue.now);
}

/* The job may have ended since, with its session: NULL. */
static struct session *
find_session(const struct relay *r, const struct relay_job *j)
{
	for (int i = 0; j != NULL && i < r->params->connections; i++) {
		if (r->sessions[i] != NULL && r->sessions[i] == j->session)
			return r->sessions[i];
	}
	return NULL;
}

void
relay_gates_release(struct transport *t, struct envelope *e)
{
	struct relay *r = relay_state_of(t);
	struct relay_job *j = relay_queue_find(&r->queue, e);
	struct session *s = find_session(r, j);

	if (s != NULL)
		session_release(s, j);
}

/* Only the end of the connection keeps the relay from waiting for the dot. */
void
relay_gates_withhold(struct transport *t, struct envelope *e)
{
	struct relay *r = relay_state_of(t);
	struct relay_job *j = relay_queue_find(&r->queue, e);
	struct session *s = find_session(r, j);

	if (j == NULL)
		return;
	j->withheld = true;
	if (s != NULL)
		session_abandon(s);
	else
		relay_queue_remove(&r->queue, j);
}
