#include "port/relay/relay_events.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"

void
relay_events_init(struct relay_events *es, char *relay)
{
	*es = (struct relay_events){.strings = arena_new()};
	es->relay = relay;
}

void
relay_events_free(struct relay_events *es)
{
	free(es->list);
	arena_free(es->strings);
	free(es->relay);
}

struct transport_event *
relay_events_add(
    struct relay_events *es, enum transport_event_type type, struct envelope *e)
{
	struct transport_event *ev;

	es->list = mem_more(es->list, es->count, &es->cap, sizeof(*es->list));
	ev = &es->list[es->count++];
	*ev = (struct transport_event){.type = type, .envelope = e};
	return ev;
}

bool
relay_events_next(struct relay_events *es, struct transport_event *ev)
{
	if (es->next == es->count)
		return false;
	*ev = es->list[es->next++];
	return true;
}

void
relay_events_reset(struct relay_events *es)
{
	/* Events may have come between two turns: the caller gets them. */
	if (es->next < es->count)
		return;
	arena_reset(es->strings);
	es->count = es->next = 0;
}

struct str
relay_events_text(struct relay_events *es, struct str s)
{
	if (s.n == 0)
		return (struct str){0};
	return arena_str(es->strings, s);
}

struct outcome
relay_events_outcome(struct relay_events *es, enum outcome_status status,
    const char *class, enum reply_stage stage, const struct reply *reply)
{
	return (struct outcome){.status = status,
	    .class = class,
	    .stage = reply_stage_name(stage),
	    .code = reply->code,
	    .enhanced = relay_events_text(es, str_of(reply->enhanced)),
	    .reply = relay_events_text(es, str_of(reply->text)),
	    .relay = str_of(es->relay)};
}
