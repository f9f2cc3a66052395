/*
 * Delivery status notifications (RFC 3464, RFC 6533).
 */
#ifndef MAIL_BOUNCE_BOUNCE_STATUS_H
#define MAIL_BOUNCE_BOUNCE_STATUS_H

#include <stddef.h>

#include "base/arena.h"

enum bounce_status_action {
	BOUNCE_ACTION_NONE, /* absent, or not known */
	BOUNCE_ACTION_FAILED,
	BOUNCE_ACTION_DELAYED,
	BOUNCE_ACTION_DELIVERED, /* or relayed, or expanded */
};

/* The fields of one recipient; absent ones are empty. */
struct bounce_status {
	enum bounce_status_action action;
	struct str final, original; /* addresses, or what stands there */
	struct str status;          /* "5.1.1 (...)" */
	struct str diagnostic;
};

/* The recipients of the content of a message/delivery-status. */
size_t bounce_status_read(
    struct bounce_status **, struct str text, struct arena *);

#endif
