/*
 * The two clocks of the system.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#include "base/buf.h"

/* Milliseconds since 1970, for records; an adjustment may set it back. */
int64_t clock_wall_ms(void);

/*
 * Milliseconds and microseconds since boot, time asleep included: for waiting
 * and measuring. Nobody sets this clock.
 */
int64_t clock_mono_ms(void);
int64_t clock_mono_us(void);

/* Append "2026-11-24 06:03 CET": ms since 1970 in the user's time zone. */
void clock_put_local(struct buf *, int64_t ms);

#endif
