/*
 * What a store does for rates that processes share, whose rules stand in
 * rate_share.c. Only this and stores include it.
 */
#ifndef PORT_RELAY_RATE_BOOK_H
#define PORT_RELAY_RATE_BOOK_H

#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"
#include "mail/smtp/rate_window.h"

#define RATE_BOOK_FACTOR 1000000  /* no throttling; the unit is 1e-6 */
#define RATE_BOOK_HORIZON_MS 1000 /* how far ahead a grant may be */

struct rate_book {
	const struct rate_book_ops *ops;
};

/* What is kept of a relay and an account. Borrowed. */
struct rate_book_page {
	struct str relay, account;
	int64_t pace; /* span of the pace in ms; 0: without next and windows */
	int64_t next; /* us: the next time of the pace; 0: none is kept */
	struct rate_window *windows; /* each with its rate */
	size_t window_count;
	int64_t factor, factor_at; /* how far it is throttled, and since when
				      (ms); RATE_BOOK_FACTOR and 0: never */
};

typedef void rate_book_fn(void *ctx, struct rate_book_page *, int64_t now);

struct rate_book_ops {
	/*
	 * Fills the page, has fn change it, and keeps what it has become, while
	 * no other process does the same for this relay and account. now: ms
	 * since 1970; windows are filled as of then (rate_window_init()). What
	 * is kept need not survive a power cut. fn is not called on failure.
	 */
	int (*update)(struct rate_book *, struct rate_book_page *, int64_t now,
	    rate_book_fn *fn, void *ctx, struct fail *);
};

#endif
