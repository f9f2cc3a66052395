#include "port/relay/relay_habits.h"

#include "port/relay/relay_memory.h"

#define LIFE_MS (RELAY_HABITS_DAYS * INT64_C(24) * 3600 * 1000)
#define AHEAD_MS 60000 /* what a clock further ahead has learned: no */

/* In a store; the order of enum pipelining_use. */
static const char *const names[] = {"full", "envelope", "none"};

static struct relay_memory_topic
make_topic(struct str relay, struct str account)
{
	return (struct relay_memory_topic){
	    .relay = relay, .account = account, .kind = RELAY_MEMORY_HABIT};
}

static enum pipelining_use
parse_use(struct str name)
{
	if (str_is(name, names[PIPELINING_ENVELOPE]))
		return PIPELINING_ENVELOPE;
	return str_is(name, names[PIPELINING_NONE]) ? PIPELINING_NONE
						    : PIPELINING_FULL;
}

int
relay_habits_get(struct relay_memory *m, struct str relay, struct str account,
    int64_t now, enum pipelining_use *use, struct fail *f)
{
	struct relay_memory_topic t = make_topic(relay, account);
	struct buf name = {0};
	int64_t at;
	int rc = m->ops->get(m, &t, &name, &at, f);

	*use = PIPELINING_FULL;
	if (rc == 0 && at <= now + AHEAD_MS && at > now - LIFE_MS)
		*use = parse_use(buf_str(&name));
	buf_free(&name);
	return rc;
}

int
relay_habits_put(struct relay_memory *m, struct str relay, struct str account,
    int64_t now, enum pipelining_use use, struct fail *f)
{
	struct relay_memory_topic t = make_topic(relay, account);

	if (store_begin(m->store, false, f) < 0)
		return -1;
	return store_finish(
	    m->store, m->ops->set(m, &t, str_of(names[use]), now, f), f);
}
