#include "port/send/letter_queue.h"

void
letter_queue_push(struct letter_queue *q, struct letter *l)
{
	l->next = NULL;
	l->prev = q->tail;
	if (q->tail != NULL)
		q->tail->next = l;
	else
		q->head = l;
	q->tail = l;
	q->count++;
	q->bytes += l->size;
}

void
letter_queue_remove(struct letter_queue *q, struct letter *l)
{
	if (l->prev != NULL)
		l->prev->next = l->next;
	else
		q->head = l->next;
	if (l->next != NULL)
		l->next->prev = l->prev;
	else
		q->tail = l->prev;
	l->next = l->prev = NULL;
	q->count--;
	q->bytes -= l->size;
}

struct letter *
letter_queue_pop(struct letter_queue *q)
{
	struct letter *l = q->head;

	if (l != NULL)
		letter_queue_remove(q, l);
	return l;
}
