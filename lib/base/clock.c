#include "base/clock.h"

#include <time.h>

static int64_t
read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t
clock_wall_ms(void)
{
	return read_clock(CLOCK_REALTIME) / 1000;
}

int64_t
clock_mono_ms(void)
{
	return read_clock(CLOCK_BOOTTIME) / 1000;
}

int64_t
clock_mono_us(void)
{
	return read_clock(CLOCK_BOOTTIME);
}

void
clock_put_local(struct buf *b, int64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	char text[64] = "";
	struct tm tm;

	if (localtime_r(&seconds, &tm) != NULL)
		strftime(text, sizeof(text), "%F %R %Z", &tm);
	buf_adds(b, text);
}
