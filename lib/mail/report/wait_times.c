#include "mail/report/wait_times.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"

#define SHORT_MS 60000 /* waits below this are counted in an array */

struct wait_times {
	long long *shorts; /* messages that took [ms] */
	int64_t *longs;    /* ms of each other message */
	size_t long_count, long_cap;
	long long sum; /* ms of all messages */
	struct report_latency latency;
};

struct wait_times *
wait_times_new(void)
{
	struct wait_times *w = mem_new(sizeof(*w));

	w->shorts = mem_new(SHORT_MS * sizeof(*w->shorts));
	return w;
}

void
wait_times_free(struct wait_times *w)
{
	if (w == NULL)
		return;
	free(w->shorts);
	free(w->longs);
	free(w);
}

void
wait_times_add(struct wait_times *w, long long ms)
{
	size_t i = 0;

	while (report_latency_limit(i) >= 0 && ms >= report_latency_limit(i))
		i++;
	w->latency.intervals[i]++;
	w->latency.count++;
	w->sum += ms;
	if (ms >= 0 && ms < SHORT_MS) {
		w->shorts[ms]++;
		return;
	}
	w->longs =
	    mem_more(w->longs, w->long_count, &w->long_cap, sizeof(*w->longs));
	w->longs[w->long_count++] = ms;
}

static int
compare_ms(const void *pa, const void *pb)
{
	int64_t a = *(const int64_t *)pa, b = *(const int64_t *)pb;

	return (a > b) - (a < b);
}

/* The least ms that n messages, from 1, did not exceed. */
static long long
find_rank(const struct wait_times *w, long long n)
{
	for (int ms = 0; ms < SHORT_MS; ms++) {
		n -= w->shorts[ms];
		if (n <= 0)
			return ms;
	}
	return w->longs[n - 1];
}

static long long
find_percentile(const struct wait_times *w, long long percent)
{
	return find_rank(w, (w->latency.count * percent + 99) / 100);
}

void
wait_times_finish(struct wait_times *w, struct report_latency *l)
{
	*l = w->latency;
	if (l->count == 0)
		return;
	if (w->long_count > 0)
		qsort(w->longs, w->long_count, sizeof(*w->longs), compare_ms);
	l->mean = w->sum / l->count;
	l->p50 = find_percentile(w, 50);
	l->p90 = find_percentile(w, 90);
	l->p99 = find_percentile(w, 99);
	l->max = find_percentile(w, 100);
}
