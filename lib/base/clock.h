/*
 * The two clocks: the wall's for records, the steady one for measuring.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

int64_t clock_wall_ms(void); /* since 1970 */
int64_t clock_mono_ms(void); /* since some moment; never goes back */
int64_t clock_mono_us(void);

#endif
