/*
 * Any bytes as input of the opt-out page and of the unsubscribe address: a
 * request (method, query, type, languages, a line each, and body), and a mail.
 * No change is ordered without one of the two markers in the body.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "mail/optout/page.h"
#include "mail/optout/page_language.h"
#include "mail/optout/page_text.h"
#include "mail/optout/unsub.h"

static struct str
next_line(struct str *s)
{
	struct str line = {0};

	(void)str_line(s, &line);
	return line;
}

static void
request(struct str s, struct arena *a)
{
	struct page_text_source texts = {page_text_builtin, NULL};
	struct page_order o;
	struct page_request r = {.method = next_line(&s),
	    .query = next_line(&s),
	    .type = next_line(&s),
	    .languages = next_line(&s)};
	const char *language = page_language_choose(r.languages, &texts, a);

	r.body = s;
	if (page_text_builtin(NULL, arena_printf(a, "page.%s", language)).p ==
	    NULL)
		abort();
	page_read(&o, &r, a);
	if (o.act == PAGE_SHOW)
		return;
	if (!str_is(r.method, "POST") || o.token.n == 0 ||
	    (o.status == 200 && memmem(s.p, s.n, "One-Click", 9) == NULL &&
		memchr(s.p, '1', s.n) == NULL))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct arena *a = arena_new();
	struct unsub u;

	request(text, a);
	unsub_read(&u, text, a);
	for (size_t i = 0; i < u.count; i++) {
		if (u.words[i].n > 0 &&
		    memchr(u.words[i].p, '\n', u.words[i].n) != NULL)
			abort();
	}
	arena_free(a);
	return 0;
}
