#include "base/screen.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool
screen_has_escapes(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && (term == NULL || strcmp(term, "dumb") != 0);
}
