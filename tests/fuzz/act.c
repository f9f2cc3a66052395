/*
 * Any bytes as the file of a drop folder, and as its name: what is taken for an
 * act is, byte for byte, what the writer makes of it, so that no two files mean
 * the same.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "mail/optout/act.h"

static void
read_file(struct str text)
{
	struct buf b = {0};
	struct fail f;
	struct act a;

	if (act_parse(&a, text, &f) == 0) {
		act_put(&b, &a);
		if (!str_eq(buf_str(&b), text) || text.n > ACT_MAX ||
		    a.what == PAGE_SHOW)
			abort();
	}
	buf_free(&b);
}

static void
read_name(const char *name)
{
	struct buf b = {0};
	struct act_name n;

	if (act_name_parse(&n, name)) {
		act_name_put(&b, &n, (const unsigned char *)"\0\0\0\0\0\0\0");
		if (strlen(name) != b.len ||
		    strncmp(name, b.p, b.len - 16) != 0 ||
		    strchr(name, '/') != NULL)
			abort();
	}
	buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();

	read_file((struct str){(const char *)data, size});
	read_name(arena_dup(a, (const char *)data, size));
	arena_free(a);
	return 0;
}
