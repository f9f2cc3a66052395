/* address: the envelope sender that a person's message of a mailing has. */
#include <string.h>

#include "base/filter.h"
#include "base/program.h"
#include "bounce/bounce.h"
#include "mail/bounce/verp.h"
#include "mail/mime/addr.h"
#include "port/optout/keyfile.h"

struct address {
	const char *id, *pattern, *key_file;
	struct arena *arena;
};

static int
print_address(struct address *a, struct options *o, struct fail *f)
{
	struct filter *out = filter_new(PROGRAM, NULL, 0);
	const char *pattern, *path;
	struct token_keys keys;
	struct buf b = {0};
	struct verp verp;
	struct addr to;
	bool reserved;
	int rc = -1;

	if (settings_need(o->settings, "BM_VERP", &pattern, f) == 0 &&
	    settings_need(o->settings, "BM_VERP_KEY_FILE", &path, f) == 0 &&
	    settings_bool(o->settings, "BM_ALLOW_RESERVED", &reserved, f) ==
		0 &&
	    verp_parse(&verp, pattern, f) == 0 &&
	    keyfile_load(&keys, path, a->arena, f) == 0 &&
	    addr_parse(&to, str_of(o->operands[0]),
		reserved ? ADDR_RESERVED : ADDR_STRICT, a->arena, f) == 0) {
		verp_address(
		    &b, &verp, keys.keys[0].bytes, str_of(a->id), to.key);
		buf_addc(&b, '\n');
		filter_write(out, buf_str(&b));
		rc = 0;
	}
	buf_free(&b);
	if (rc < 0)
		filter_raise(out, program_die(PROGRAM, f));
	return filter_finish(out);
}

int
bounce_address(int argc, char **argv)
{
	struct address a = {0};
	struct option_spec specs[] = {
	    OPTION_TEXT("id", 0, &a.id, "ID", NULL, "the mailing"),
	    OPTION_TEXT("verp", 0, &a.pattern, "PATTERN", "BM_VERP",
		"how envelope senders look, %s for the token"),
	    OPTION_TEXT("verp-key-file", 0, &a.key_file, "FILE",
		"BM_VERP_KEY_FILE", "keys that prove the tokens"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .synopsis = "address --id ID [OPTION...] ADDRESS",
	    .purpose = "Print the envelope sender of a person's message.",
	    .specs = specs,
	    .required = "id",
	    .operands_min = 1,
	    .operands_max = 1};
	struct fail f = {0};
	int status = program_options(&o, argc, argv);

	if (status != -1)
		return status;
	a.arena = arena_new();
	status = print_address(&a, &o, &f);
	arena_free(a.arena);
	options_free(&o);
	return status;
}
