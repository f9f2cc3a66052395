#include "mail/smtp/smtp_event.h"

#include <stdlib.h>

#include "base/mem.h"

struct smtp_event *
smtp_event_push(struct smtp_event_queue *q, enum smtp_event_type type,
    void *owner, enum reply_stage stage)
{
	struct smtp_event *e;

	q->events = mem_more(q->events, q->count, &q->cap, sizeof(*q->events));
	e = &q->events[q->count++];
	e->type = type;
	e->owner = owner;
	e->stage = stage;
	/* A struct reply is 1 KiB: only its used bytes are cleared. */
	e->reply.code = 0;
	e->reply.enhanced[0] = e->reply.text[0] = '\0';
	return e;
}

bool
smtp_event_pop(struct smtp_event_queue *q, struct smtp_event *out)
{
	if (q->next == q->count) {
		q->next = q->count = 0;
		return false;
	}
	*out = q->events[q->next++];
	return true;
}

void
smtp_event_free(struct smtp_event_queue *q)
{
	free(q->events);
}
