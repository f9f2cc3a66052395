/*
 * Options as words of a command line: how a program hands its own options on to
 * a program that it starts.
 */
#ifndef BASE_OPTION_WORDS_H
#define BASE_OPTION_WORDS_H

#include "base/option.h"
#include "base/process.h"

/*
 * Append each option of the table that is among the names (blanks between) and
 * has a value. A number or time below its lower bound counts as not given; the
 * lower bound of a time or size is 0.
 */
void option_words_add(
    struct process_words *, const struct option_spec *specs, const char *names);

#endif
