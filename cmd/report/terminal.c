#include "report/terminal.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/screen.h"

struct report_style
terminal_style(void)
{
	return (struct report_style){.width = screen_width(STDOUT_FILENO),
	    .ascii = screen_is_ascii(),
	    .color =
		screen_has_escapes(STDOUT_FILENO) && getenv("NO_COLOR") == NULL,
	    .put_time = isatty(STDOUT_FILENO) ? clock_put_local : NULL};
}
