/*
 * Numbers, sizes, durations and times as people and records write them. A text
 * of another form is DATA.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fail.h"

/* A decimal integer within [min, max], without anything around it. */
int num_parse(
    struct str, long long min, long long max, long long *out, struct fail *);

/*
 * A duration in milliseconds, from 0 to 10,000 years: "250ms", "30s", "50m" or
 * "50min", "48h", "7d", "2w", "18mo" (of 30.4375 days) or "2y". Of the numbers
 * without a unit 0 alone is taken; the failure names the likely unit.
 */
int num_duration(struct str, const char *likely, int64_t *ms, struct fail *);

/* A size in bytes: "500B", "20k", "64M" or "2G" (powers of 1024); or 0. */
int num_size(struct str, const char *likely, int64_t *bytes, struct fail *);

/* A boolean: true, false, yes, no, 1 or 0, in any case. */
int num_bool(struct str, bool *out, struct fail *);

/* The byte of the two hexadecimal digits (any case) at p, or -1. */
int num_hex_byte(const char *p, const char *end);

/* Append a time in UTC as 2026-11-24T04:28:01.042Z; ms since 1970. */
void num_rfc3339(struct buf *, int64_t ms);

/* A time of RFC 3339, with offset or Z, the fraction optional; or a date. */
int num_parse_time(struct str, int64_t *ms, struct fail *);

#endif
