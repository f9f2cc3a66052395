/*
 * The words that exports put into the cells of a roster.
 */
#ifndef MAIL_ROSTER_ROSTER_VALUE_H
#define MAIL_ROSTER_ROSTER_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* "None", as Python writes no value. */
bool roster_value_is_none(struct str);

/* Also "NULL", "N/A" and the like, as databases and spreadsheets write it. */
bool roster_value_is_absent(struct str);

/* For a time: also "never", in a few languages. */
bool roster_value_is_never(struct str);

/*
 * A cell that says whether the person is in the course; false if the word is
 * not known. roster_value_has_left(): a word that says that the person is not.
 */
bool roster_value_enrolled(struct str, bool *enrolled);
bool roster_value_has_left(struct str);

/*
 * The role of a person by the word of another system: "instructor" and "staff"
 * for those who teach, absent for learners, else the text itself.
 */
struct str roster_value_role(struct str);

/* The cell of a spreadsheet's guard: ="007" is 007. */
struct str roster_value_unguard(struct str);

/* The first cell with a text, if it says that the row has no person but points,
 * sums or averages; else absent. */
struct str roster_value_totals(const struct str *fields, size_t count);

#endif
