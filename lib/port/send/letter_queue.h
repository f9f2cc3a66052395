/*
 * A queue of letters. A letter is in one queue at a time.
 */
#ifndef PORT_SEND_LETTER_QUEUE_H
#define PORT_SEND_LETTER_QUEUE_H

#include <stddef.h>

#include "port/send/letter.h"

struct letter_queue {
	struct letter *head, *tail;
	size_t count;
	size_t bytes; /* of the letters' records */
};

void letter_queue_push(struct letter_queue *, struct letter *);
struct letter *letter_queue_pop(struct letter_queue *); /* NULL: empty */
void letter_queue_remove(struct letter_queue *, struct letter *);

#endif
