/* What the parts of bm-announce share. A function that returns a status has
 * told what is wrong; 0 means: go on. Files are named as in the folder. */
#ifndef CMD_ANNOUNCE_ANNOUNCE_H
#define CMD_ANNOUNCE_ANNOUNCE_H

#include <sys/types.h>

#include "announce/announce_args.h"
#include "mail/report/report.h"

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
	int64_t end;  /* --not-after in ms; 0: none */
	off_t before; /* size of the outcomes when sending begins */
};

int announce_folder_enter(struct announce *);
/* 75 if another has the lock, which is told unless --quiet. */
int announce_folder_lock(struct announce *);
const char *announce_path(const struct announce *, const char *name);

long long announce_prepare_count(const struct announce *, const char *name);
/* Print the text, unless --quiet, and free it. */
int announce_say(const struct announce *, struct buf *text);

int announce_prepare(struct announce *);
int announce_test(struct announce *);
int announce_show(struct announce *);

/* The status of one sender for each batch, the weightiest of them. */
int announce_send(struct announce *);
/* Rounds of it, and the end: its words and the status. */
int announce_rounds(struct announce *);

/* What bm-report counts; nothing for a mailing that it does not know. */
void announce_end_count(struct announce *, struct report *);
void announce_end_next(const struct report *); /* tells the next try */
/* The status of senders and ledger together; the last words. */
int announce_end_status(struct announce *, int senders);
int announce_end(struct announce *, int status, const char *note);
/* With --quiet what the steps say is kept, and told here. */
void announce_end_said(struct announce *);
#define ANNOUNCE_SAID "said"
int announce_end_late(struct announce *);
/* What became of the last one in these states (with blanks between). */
void announce_end_words(
    struct announce *, const char *file, off_t from, const char *states);

#endif
