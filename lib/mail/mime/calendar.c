#include "mail/mime/calendar.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define PROPERTY_MAX 100 /* bytes of a METHOD line that is read */

/* The next line, unfolded into out (RFC 5545 3.1), as far as it fits. */
static bool
next_property(struct str *rest, char *out)
{
	struct str line;
	size_t n = 0;

	if (!str_line(rest, &line))
		return false;
	for (;;) {
		line = str_strip(line, "\r");
		for (size_t i = 0; i < line.n && n < PROPERTY_MAX; i++)
			out[n++] = line.p[i];
		if (rest->n == 0 || (*rest->p != ' ' && *rest->p != '\t'))
			break;
		str_line(rest, &line);
		line = (struct str){line.p + 1, line.n - 1};
	}
	out[n] = '\0';
	return true;
}

static const char *
find_method(const char *value)
{
	static const char *const methods[] = {"ADD", "CANCEL", "COUNTER",
	    "DECLINECOUNTER", "PUBLISH", "REFRESH", "REPLY", "REQUEST"};

	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
		if (strcasecmp(value, methods[i]) == 0)
			return methods[i];
	return NULL;
}

const char *
calendar_method(struct str s)
{
	char line[PROPERTY_MAX + 1];

	if (str_starts(s, "\xef\xbb\xbf"))
		s = (struct str){s.p + 3, s.n - 3};
	if (!next_property(&s, line) ||
	    strcasecmp(line, "BEGIN:VCALENDAR") != 0)
		return NULL;
	/* A property of the whole calendar stands in front of its parts. */
	while (next_property(&s, line) && strncasecmp(line, "BEGIN:", 6) != 0) {
		const char *colon = strchr(line, ':');

		if (colon != NULL && (strncasecmp(line, "METHOD:", 7) == 0 ||
					 strncasecmp(line, "METHOD;", 7) == 0))
			return find_method(colon + 1);
	}
	return NULL;
}
