/*
 * The acts that wait in drop folders: PATH-drop has a folder for each user that
 * writes some.
 */
#ifndef PORT_OPTOUT_ACT_SCAN_H
#define PORT_OPTOUT_ACT_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/fail.h"

#define ACT_SCAN_TURN 1000 /* acts of a folder that a scan gives */

struct act_folder {
	char *name;
	int fd; /* -1 when it is not open */
	struct stat st;
	struct timespec clean; /* its mtime, when nothing in it was of use */
	bool closed;           /* its owner has closed it: it was told */
};

/* A file of which the name is an act's; at: ms since 1970, in order. */
struct act_entry {
	size_t folder;
	char *name;
	int64_t at;
};

struct act_scan {
	char *path; /* of the folders */
	struct act_folder *folders;
	size_t folder_count, folder_cap;
	struct act_entry *entries;
	size_t count, cap;
	long long garbage; /* files that were no acts, and are gone */
	bool more;         /* not all was read */
};

void act_scan_init(struct act_scan *, const char *db_path);
void act_scan_free(struct act_scan *);

/*
 * Finds the first acts that wait, oldest first, and removes what is no act. A
 * folder that has not changed since it was found empty is not read. SYSTEM when
 * a folder that was made for the register's users may not be read.
 */
int act_scan_read(struct act_scan *, struct fail *);

/* The number of acts that wait; -1 when a folder may not be read. */
long long act_scan_count(const char *db_path);

/* True if what was read for a name is a file that a page may have written. */
bool act_scan_is_file(const struct act_folder *, const struct stat *);

#endif
