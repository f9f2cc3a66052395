/*
 * Lost replies: a message whose dot is sent and never answered is in doubt.
 * When many are, the relay is left alone; until then the fewer dots may be
 * under way the more replies have been lost. Pure: the caller shares the window
 * with other processes.
 */
#ifndef MAIL_SMTP_LOSSES_H
#define MAIL_SMTP_LOSSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOSSES_WINDOW 50 /* the latest answers to dots, lost ones included */
#define LOSSES_MOST 5    /* lost ones among them with which it is enough */
#define LOSSES_DOTS 10   /* most messages in doubt that are aimed at */
#define LOSSES_TRUST 100 /* replies after which more dots may be under way */

/* Empty when zeroed. */
struct losses {
	uint64_t window; /* a bit an answer, 1: lost; the latest is bit 0 */
	uint64_t merged; /* the window behind our last loss */
	size_t answers;  /* received since then */
	size_t received; /* in all */
};

/* A reply to a dot has come, whatever it says. */
void losses_answer(struct losses *);

/*
 * A reply was lost. shared is the window of all processes before it; the result
 * is the one behind it, with the answers that this process has had since its
 * last loss, but few of them if others have lost replies since.
 */
uint64_t losses_lose(struct losses *, uint64_t shared);

/* True if nothing more is to be sent: LOSSES_MOST in the window are lost. */
bool losses_are_many(const struct losses *);

/*
 * How many dots may be under way, 1 at least. With a loss in the window
 * LOSSES_DOTS less the lost ones, as all of them may be lost at once; else
 * LOSSES_DOTS, and behind LOSSES_TRUST one more for each reply received, so
 * that the number doubles with each round trip.
 */
size_t losses_dots(const struct losses *);

#endif
