/*
 * What a column of a roster says of a person.
 */
#ifndef MAIL_ROSTER_ROSTER_COLUMN_H
#define MAIL_ROSTER_ROSTER_COLUMN_H

enum roster_column {
	ROSTER_ID,
	ROSTER_USERNAME,
	ROSTER_EMAIL,
	ROSTER_NAME,
	ROSTER_ACTIVE,
	ROSTER_LOGIN,
	ROSTER_ENROLLED,
	ROSTER_MODE,
	ROSTER_COHORT,
	ROSTER_ROLE,
	ROSTER_COURSE,
	ROSTER_FIRST, /* the given name */
	ROSTER_LAST,  /* the family name */
	ROSTER_COLUMNS,
};

#endif
