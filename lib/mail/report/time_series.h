/*
 * Counts over time in at most TIME_SERIES_MAX intervals, whatever the span:
 * when it grows, neighbours are put together. Intervals have a width people
 * know (1 s ... 1 min, 5 min ... 1 day, 1 week) and start at a multiple of it.
 */
#ifndef MAIL_REPORT_TIME_SERIES_H
#define MAIL_REPORT_TIME_SERIES_H

#include <stdint.h>

#include "base/arena.h"
#include "mail/report/report.h"

#define TIME_SERIES_MAX 120

struct time_series;

struct time_series *time_series_new(void);
void time_series_free(struct time_series *);

/* at: ms since 1970, from 0; in any order. */
void time_series_add(struct time_series *, int64_t at, enum report_state);

/* The least width, in ms, that cuts a span of ms into so many parts or fewer.
 */
int64_t time_series_step(int64_t span, size_t parts);

/* Nothing at all gives count 0. */
void time_series_end(
    const struct time_series *, struct report_series *, struct arena *);

#endif
