/*
 * The courses that an imported register names, to tell which of them the
 * database does not know: their entries count, but stop nobody's mail yet.
 */
#ifndef CMD_OPTOUT_IMPORT_COURSES_H
#define CMD_OPTOUT_IMPORT_COURSES_H

#include "optout/subcommand.h"

struct import_courses;

struct import_courses *import_courses_new(void);
void import_courses_free(struct import_courses *);

/* Counts an entry for a course; of many courses only the first thousand. */
void import_courses_count(
    struct import_courses *, struct str course, unsigned long line);

/*
 * Notes each unknown course with its first line in the file, its entries and
 * the nearest course; nothing for a database without courses. SYSTEM, TEMP.
 */
int import_courses_tell(struct import_courses *, struct subcommand *,
    const char *file, struct fail *);

#endif
