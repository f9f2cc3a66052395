/* take: opt-outs from the drop folders into the register. */
#include <unistd.h>

#include "base/program.h"
#include "optout/optout.h"
#include "optout/subcommand.h"
#include "port/open/take_over.h"

#define POLL_US 200000

static void
note_counts(const struct act_take_counts *c)
{
	if (c->taken > 0)
		program_note(PROGRAM, "%lld opt-outs taken over", c->taken);
	if (c->refused > 0)
		program_note(PROGRAM,
		    "%lld requests refused: the link has no part in the stop",
		    c->refused);
	if (c->garbage > 0)
		program_note(PROGRAM,
		    "%lld files that were no opt-outs removed", c->garbage);
}

static int
take_once(struct act_take *t, const char *path, struct fail *f)
{
	struct act_take_counts counts = {0};
	int rc = take_over_all(t, path,
	    waiting_told(DB_WAIT_MS, program_tell, PROGRAM), &counts, f);

	note_counts(&counts);
	return rc;
}

/* Ends by a signal, which may come at any moment, or with a failure. */
static int
take_always(struct act_take *t, const char *path, struct fail *f)
{
	for (;;) {
		if (take_once(t, path, f) < 0 && f->kind != FAIL_TEMP)
			return -1;
		if (f->kind == FAIL_TEMP)
			program_die(PROGRAM, f);
		*f = (struct fail){0};
		usleep(POLL_US);
	}
}

int
optout_take(int argc, char **argv)
{
	const char *db = NULL, *key_file = NULL;
	bool follow = false;
	struct option_spec specs[] = {
	    DB_OPTION(db),
	    OPTION_TEXT("key-file", 0, &key_file, "FILE", "BM_KEY_FILE",
		"the file of the keys"),
	    OPTION_FLAG("follow", 0, &follow, "go on until a signal comes"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .synopsis = "take [--db FILE] [--follow]",
	    .purpose = "Take opt-outs from the drop folders over into the "
		       "register.",
	    .specs = specs};
	struct fail f = {0};
	struct act_take *t;
	const char *path;
	int status = program_options(&o, argc, argv);

	if (status != -1)
		return status;
	status = 0;
	if (settings_need(o.settings, "BM_DB", &path, &f) < 0) {
		status = program_die(PROGRAM, &f);
	} else {
		t = act_take_new(path, settings_get(o.settings, "BM_KEY_FILE"));
		if ((follow ? take_always : take_once)(t, path, &f) < 0)
			status = program_die(PROGRAM, &f);
		act_take_free(t);
	}
	options_free(&o);
	return status;
}
