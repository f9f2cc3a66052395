#include "report/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/screen.h"

/* setlocale() is not used: the programs write UTF-8 in every locale. */
static bool
is_utf8_locale(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value == NULL || value[0] == '\0')
			continue;
		return strcasestr(value, "utf-8") != NULL ||
		       strcasestr(value, "utf8") != NULL;
	}
	return false;
}

struct report_style
terminal_style(void)
{
	struct report_style style = {.width = 80, .ascii = !is_utf8_locale()};
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	int given = columns != NULL ? atoi(columns) : 0;

	if (given > 0)
		style.width = (size_t)given;
	else if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
		 size.ws_col > 0)
		style.width = size.ws_col;
	if (style.width < 20)
		style.width = 20;
	style.color =
	    screen_has_escapes(STDOUT_FILENO) && getenv("NO_COLOR") == NULL;
	return style;
}
