#include "optout/import_courses.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/program.h"
#include "port/roster/roster.h"
#include "port/roster/roster_lookup.h"

#define COUNTED_MAX 1000 /* courses */
#define TOLD_MAX 10

static const char SQL_COURSES[] =
    "SELECT id FROM courses UNION SELECT course_id FROM emails";

struct import_courses {
	struct map *map; /* course id to struct entries */
};

struct entries {
	unsigned long line; /* of the first */
	long long count;
};

struct import_courses *
import_courses_new(void)
{
	struct import_courses *c = mem_new(sizeof(*c));

	c->map = map_new(sizeof(struct entries));
	return c;
}

void
import_courses_free(struct import_courses *c)
{
	map_free(c->map);
	free(c);
}

void
import_courses_count(
    struct import_courses *c, struct str course, unsigned long line)
{
	struct entries *e = map_get(c->map, course);

	if (str_is(course, ALL_MAIL) ||
	    (e == NULL && map_count(c->map) == COUNTED_MAX))
		return;
	if (e == NULL) {
		e = map_put(c->map, course);
		e->line = line;
	}
	e->count++;
}

static int
tell_course(struct subcommand *s, const char *file, struct str course,
    const struct entries *e, struct fail *f)
{
	roster_unknown(s->db, "course", (struct near){.name = course},
	    SQL_COURSES, (struct str){0}, f);
	if (f->kind != FAIL_SYSTEM)
		return -1;
	program_note(PROGRAM, "%s:%lu: %s (%lld entered all the same)", file,
	    e->line, f->text, e->count);
	*f = (struct fail){0};
	return 0;
}

int
import_courses_tell(struct import_courses *c, struct subcommand *s,
    const char *file, struct fail *f)
{
	long long unknown = 0;
	bool known, none;
	struct str course;

	for (size_t i = 0; i < map_count(c->map); i++) {
		const struct entries *e = map_item(c->map, i, &course);

		if (roster_lookup_scope(s->db, course, &known, &none, f) < 0)
			return -1;
		if (known || none || ++unknown > TOLD_MAX)
			continue;
		if (tell_course(s, file, course, e, f) < 0)
			return -1;
	}
	if (unknown > TOLD_MAX)
		program_note(PROGRAM, "%s: %lld more unknown courses", file,
		    unknown - TOLD_MAX);
	return 0;
}
