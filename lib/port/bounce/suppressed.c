#include "port/bounce/suppressed.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/map.h"
#include "base/mem.h"
#include "port/bounce/bounce_register.h"

#define SHARE 100 /* of the time, one part may go into reading it all */

struct suppressed {
	struct bounce_register *bounces;
	struct map *keys;
	int64_t changes; /* when they were read */
	int64_t next_us; /* monotonic: read them again */
};

struct suppressed *
suppressed_new(struct bounce_register *bounces)
{
	struct suppressed *s = mem_new(sizeof(*s));

	s->bounces = bounces;
	return s;
}

void
suppressed_free(struct suppressed *s)
{
	if (s == NULL)
		return;
	if (s->keys != NULL)
		map_free(s->keys);
	free(s);
}

static int
add_person(void *ctx, enum suppression why, const struct bounce_row *last,
    long long count, struct fail *f)
{
	(void)why;
	(void)count;
	(void)f;
	*(bool *)map_put(ctx, last->key) = true;
	return 0;
}

static int
read_all(struct suppressed *s, int64_t changes, int64_t now, struct fail *f)
{
	if (s->keys != NULL)
		map_free(s->keys);
	s->keys = map_new(sizeof(bool));
	s->changes = 0;
	if (bounce_register_each(s->bounces, add_person, s->keys, f) < 0)
		return -1;
	s->changes = changes;
	s->next_us = now + SHARE * (clock_mono_us() - now);
	return 0;
}

static int
check_person(struct suppressed *s, struct str key, bool *out, struct fail *f)
{
	enum suppression why;

	if (bounce_register_check(s->bounces, key, &why, f) < 0)
		return -1;
	*out = why != SUPPRESSION_NONE;
	return 0;
}

int
suppressed_check(struct suppressed *s, int64_t changes, struct str key,
    bool *out, struct fail *f)
{
	int64_t now;

	*out = false;
	if (changes == 0)
		return 0;
	if (changes != s->changes) {
		now = clock_mono_us();
		if (now < s->next_us)
			return check_person(s, key, out, f);
		if (read_all(s, changes, now, f) < 0)
			return -1;
	}
	*out = map_get(s->keys, key) != NULL;
	return 0;
}
