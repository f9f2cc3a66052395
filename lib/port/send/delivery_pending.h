/*
 * The letters that were refused and whose outcome is not settled yet
 * (delivery_refusals.h).
 */
#ifndef PORT_SEND_DELIVERY_PENDING_H
#define PORT_SEND_DELIVERY_PENDING_H

#include <stdbool.h>
#include <stdint.h>

#include "port/send/letter_queue.h"

struct delivery_pending {
	struct letter_queue letters;
	long long answered;    /* letters of the run so far */
	int64_t next_exchange; /* with other processes; monotonic ms */
	bool owed;             /* they have to know of a refusal */
};

#endif
