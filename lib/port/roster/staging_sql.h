/*
 * The SQL that compares and applies a staged roster. Columns that the file
 * does not have keep their stored values.
 */
#ifndef PORT_ROSTER_STAGING_SQL_H
#define PORT_ROSTER_STAGING_SQL_H

#include "base/buf.h"
#include "port/roster/staging_params.h"

/* Fill table change for course ?1 (and role ?2). */
void staging_sql_compare(struct buf *, const struct staging_params *);

/* Fill table gone for course ?1 (and role ?2). */
extern const char staging_sql_gone_learners[];
extern const char staging_sql_gone_roles[];

/* The ids after ?1 in either table, at most ?2 of them. */
extern const char staging_sql_next_change[];
extern const char staging_sql_next_gone[];

/* Write the changes of user ?1 in course ?2 (and role ?3). */
void staging_sql_user(struct buf *, const struct staging_params *);
void staging_sql_enrollment(struct buf *, const struct staging_params *);
extern const char staging_sql_role[];

/* Take the enrolment, or role ?3, of course ?2 from user ?1. */
extern const char staging_sql_unenroll[];
extern const char staging_sql_remove_role[];

#endif
