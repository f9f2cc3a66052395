/*
 * Taking acts over from drop folders into the register. An act is entered once:
 * the store keeps its name from the commit until its file is gone for good.
 */
#ifndef PORT_OPTOUT_ACT_TAKE_H
#define PORT_OPTOUT_ACT_TAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"
#include "port/store/store.h"

#define ACT_TAKE_POLL_MS 100

struct act_take;

struct act_take_counts {
	long long taken;   /* acts that were entered, or changed nothing */
	long long refused; /* not a link's to take back (optouts_undo()) */
	long long garbage; /* files that were no acts */
	long long removed; /* files of acts that are gone */
};

/* The folders stand beside the database; key_file, which may be NULL, is read
 * when an act waits. */
struct act_take *act_take_new(const char *db_path, const char *key_file);
void act_take_free(struct act_take *);

/*
 * *waits: an act waits in a folder that has changed since it was found empty;
 * then act_take_turn() takes at most ACT_SCAN_TURN of each folder.
 * act_take_all() does both until no act waits, and act_take_poll() once, if
 * ACT_TAKE_POLL_MS have passed since, and ten times what the last took. The
 * counts grow. SYSTEM, TEMP; what was committed stands.
 */
int act_take_look(
    struct act_take *, bool *waits, struct act_take_counts *, struct fail *);
int act_take_turn(
    struct act_take *, struct store *, struct act_take_counts *, struct fail *);
int act_take_all(
    struct act_take *, struct store *, struct act_take_counts *, struct fail *);
int act_take_poll(
    struct act_take *, struct store *, struct act_take_counts *, struct fail *);

#endif
