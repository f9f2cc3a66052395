/*
 * Numbers, sizes, durations and times as people and records write them.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fail.h"

/* Decimal integer within [min, max], nothing before or behind it. DATA. */
int num_parse(
    struct str, long long min, long long max, long long *out, struct fail *);

/*
 * "250ms", "30s", "50m", "48h", "7d", "18mo" (30.4375 days each) or "2y";
 * a bare number is seconds. Result in milliseconds, from 0 to 10,000 years, so
 * that it can be added to any time. DATA.
 */
int num_duration(struct str, int64_t *ms, struct fail *);

/* "500", "20k", "64M", "2G" (powers of 1024). Result in bytes. DATA. */
int num_size(struct str, int64_t *bytes, struct fail *);

/* true/false/yes/no/1/0, any case. DATA. */
int num_bool(struct str, bool *out, struct fail *);

/* The byte that two hexadecimal digits of any case at p stand for, or -1. */
int num_hex_byte(const char *p, const char *end);

/* Milliseconds since 1970 as RFC 3339 in UTC: 2026-11-24T04:28:01.042Z */
void num_rfc3339(struct buf *, int64_t ms);

/* Any RFC 3339 time, with offset or Z, fraction optional; or a date. DATA. */
int num_parse_time(struct str, int64_t *ms, struct fail *);

#endif
