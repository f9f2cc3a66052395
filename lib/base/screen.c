#include "base/screen.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH 80 /* columns, if nothing tells them */
#define WIDTH_LEAST 20

bool
screen_has_escapes(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && (term == NULL || strcmp(term, "dumb") != 0);
}

size_t
screen_width(int fd)
{
	const char *columns = getenv("COLUMNS");
	int given = columns != NULL ? atoi(columns) : 0;
	size_t width = WIDTH;
	struct winsize size;

	if (given > 0)
		width = (size_t)given;
	else if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		width = size.ws_col;
	return width > WIDTH_LEAST ? width : WIDTH_LEAST;
}

/* setlocale() is not used: the programs write UTF-8 in every locale. */
bool
screen_is_ascii(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value == NULL || value[0] == '\0')
			continue;
		return strcasestr(value, "utf-8") == NULL &&
		       strcasestr(value, "utf8") == NULL;
	}
	return true;
}
