/* bm-announce: a whole mailing in one command. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "announce/announce_run.h"
#include "base/clock.h"
#include "base/num.h"
#include "base/program.h"
#include "base/settings.h"
#include "base/signals.h"

/* Our programs are beside this one when they are not in cron's PATH. */
static void
extend_path(struct arena *arena)
{
	const char *path = getenv("PATH");
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (n <= 0)
		return;
	self[n] = '\0';
	slash = strrchr(self, '/');
	*slash = '\0';
	setenv("PATH",
	    path != NULL ? arena_printf(arena, "%s:%s", path, self) : self, 1);
}

/* date(1) knows how people write a time. */
static int
read_time(struct announce *a, const char *option, const char *when, int64_t *ms)
{
	struct process_words w = {.arena = a->arena};
	struct buf text = {0};
	long long seconds = 0;
	struct fail f;
	int status;

	process_add(&w, "date");
	process_add(&w, "+%s");
	process_addf(&w, "--date=%s", when);
	status = announce_capture(a, &w, &text);
	if (status != 0 || num_parse(str_strip(buf_str(&text), "\n"), INT32_MIN,
			       253402300799, &seconds, &f) < 0) {
		program_note(PROGRAM, "%s: '%s' is no time", option, when);
		status = 2;
	}
	*ms = seconds * 1000;
	buf_free(&text);
	return status;
}

/* Before its time a mailing waits for the next run of cron. */
static int
read_begin(struct announce *a)
{
	const char *when = a->args->not_before;
	int64_t begin = 0;
	int status;

	if (when == NULL)
		return 0;
	status = read_time(a, "--not-before", when, &begin);
	if (status != 0 || begin <= clock_wall_ms() || !a->args->send)
		return status;
	if (!a->args->quiet)
		program_note(PROGRAM,
		    "--not-before: %s is to come: nothing is sent yet", when);
	return 75;
}

static int
read_end(struct announce *a)
{
	const char *when = a->args->not_after;
	struct buf time = {0};
	int status;

	if (when == NULL)
		return 0;
	status = read_time(a, "--not-after", when, &a->end);
	a->over = a->end <= clock_wall_ms();
	num_rfc3339(&time, a->end);
	a->expires = arena_str(a->arena, buf_str(&time)).p;
	buf_free(&time);
	return status;
}

static int
check_arguments(struct announce *a)
{
	const char *keys = settings_get(a->options->settings, "BM_DKIM_KEYS");

	a->signs = keys != NULL && *keys != '\0';
	if (access(a->body, R_OK) == 0)
		return read_end(a) != 0 ? 2 : read_begin(a);
	program_note(PROGRAM, "%s: cannot be read", a->body);
	return 2;
}

static int
run_announce(struct announce *a)
{
	int status = check_arguments(a);

	if (status == 0)
		status = announce_folder_enter(a);
	if (status != 0)
		return status;
	if (a->over)
		return announce_end_late(a);
	status = announce_prepare(a);
	if (status != 0)
		return status;
	if (a->args->send)
		return announce_rounds(a);
	status = a->args->test != NULL ? announce_test(a) : announce_show(a);
	return status == 0 && a->refused ? 1 : status;
}

/* The parser changes their order. */
static char **
copy_words(struct arena *arena, int argc, char **argv)
{
	size_t size = ((size_t)argc + 1) * sizeof(*argv);

	return memcpy(arena_alloc(arena, size), argv, size);
}

int
main(int argc, char **argv)
{
	struct arena *arena = arena_new();
	struct announce_args args;
	struct options options;
	struct announce a = {.args = &args,
	    .options = &options,
	    .typed = copy_words(arena, argc, argv),
	    .arena = arena,
	    .lock = -1};
	struct fail f;
	int status;

	status = announce_args_parse(&args, &options, arena, argc, argv);
	if (status < 0) {
		a.body = options.operands[0];
		extend_path(arena);
		a.signals = signals_open(&f);
		status =
		    a.signals < 0 ? program_die(PROGRAM, &f) : run_announce(&a);
		options_free(&options);
	}
	arena_free(arena);
	return status;
}
