/* bm-bounce: what came back of the mail that was sent. */
#include <stddef.h>
#include <string.h>

#include "bounce/bounce.h"

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
};

static const struct command commands[] = {
    {"address", bounce_address},
    {"list", bounce_list},
    {"check", bounce_check},
    {"clear", bounce_clear},
    {NULL, bounce_reports},
};

/*
 * A command is the first word; --config FILE may stand before it. A file of
 * that name is ./NAME.
 */
int
main(int argc, char **argv)
{
	const struct command *c = commands;
	int at = 1;

	if (argc > 3 && strcmp(argv[1], "--config") == 0)
		at = 3;
	if (argc <= at)
		return bounce_reports(argc, argv);
	while (c->name != NULL && strcmp(c->name, argv[at]) != 0)
		c++;
	if (c->name != NULL) {
		memmove(argv + at, argv + at + 1,
		    (size_t)(argc - at) * sizeof(*argv));
		argc--;
	}
	return c->run(argc, argv);
}
