/*
 * What the parts of bm-announce share. A function that returns a status has
 * told what is wrong; 0 means: go on. Files are named as in the folder.
 */
#ifndef CMD_ANNOUNCE_ANNOUNCE_H
#define CMD_ANNOUNCE_ANNOUNCE_H

#include <sys/types.h>

#include "announce/announce_args.h"

#define PROGRAM "bm-announce"

struct announce {
	const struct announce_args *args;
	const struct options *options;
	char **typed; /* the command line; a NULL is its end */
	struct arena *arena;
	int signals, lock; /* descriptors */
	const char *id, *body, *dir, *expires;
	bool over;    /* --not-after is past */
	bool signs;   /* there are DKIM keys */
	bool refused; /* a step has refused some records */
	bool stopped; /* a signal has come */
	off_t before; /* size of the outcomes when sending begins */
};

/* Counts of a report; 0 for a mailing that the ledger does not know. */
struct announce_state {
	long long total, sent, failed, deferred, not_started;
};

int announce_folder_enter(struct announce *);
const char *announce_path(const struct announce *, const char *name);

long long announce_prepare_count(const struct announce *, const char *name);
/* Print the text, unless --quiet, and free it. */
int announce_say(const struct announce *, struct buf *text);

int announce_prepare(struct announce *), announce_test(struct announce *),
    announce_show(struct announce *), announce_send(struct announce *);
int announce_end_sent(struct announce *, int senders),
    announce_end_late(struct announce *);
void announce_end_count(struct announce *, struct announce_state *);
/* What became of the last one in these states (with blanks between). */
void announce_end_words(
    struct announce *, const char *file, off_t from, const char *states);

#endif
