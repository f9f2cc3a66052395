#include "port/relay/relay_stops.h"

#include "base/buf.h"
#include "port/relay/relay_stops_ops.h"

int
relay_stops_each(struct relay_stops *stops, struct str relay,
    struct str account, int64_t now, relay_stop_fn *fn, void *ctx,
    struct fail *f)
{
	return stops->ops->each(stops, relay, account, now, fn, ctx, f);
}

/* The failure of a stop that concerns everything; as relay_stops_check(). */
static int
describe_whole(void *ctx, const struct relay_stop *s, struct fail *f)
{
	struct buf text = {0};

	(void)ctx;
	if (!stop_scope_is_whole(s->scope))
		return 0;
	relay_stop_describe(&text, s);
	if (s->until != 0)
		fail_temp(f, "%s", buf_cstr(&text));
	else
		fail_system(f, "%s", buf_cstr(&text));
	buf_free(&text);
	return s->until != 0 ? -1 : 1;
}

int
relay_stops_check(struct relay_stops *stops, struct str relay,
    struct str account, int64_t now, struct fail *f)
{
	return relay_stops_each(
	    stops, relay, account, now, describe_whole, NULL, f);
}

int
relay_stops_put(
    struct relay_stops *stops, const struct relay_stop *stop, struct fail *f)
{
	struct relay_stop s = *stop;

	if (s.scope == STOP_SCOPE_RELAY || s.account.p == NULL)
		s.account = STR("");
	if (s.key.p == NULL)
		s.key = STR("");
	return stops->ops->put(stops, &s, f);
}

long long
relay_stops_lift(struct relay_stops *stops, const struct relay_stop_choice *c,
    struct fail *f)
{
	return stops->ops->lift(stops, c, f);
}
