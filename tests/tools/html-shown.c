/*
 * For each document of stdin, which a NUL ends: what hides the end of it,
 * as "KIND OFFSET", or "0 0".
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "mail/html/html_shown.h"

int
main(void)
{
	struct buf doc = {0};
	struct html_shown *s = malloc(sizeof(*s));
	int c;

	while (s != NULL && (c = getchar()) != EOF) {
		if (c != '\0') {
			buf_addc(&doc, (char)c);
			continue;
		}
		html_shown_init(s, buf_str(&doc));
		while (html_shown_next(s))
			continue;
		printf("%d %zu\n", (int)s->after.kind, s->after.at);
		buf_reset(&doc);
	}
	buf_free(&doc);
	free(s);
	return 0;
}
