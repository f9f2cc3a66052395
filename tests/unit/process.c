/* Other programs, the words of their command lines, and how a shell reads
 * words. */
#include "base/process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/num.h"
#include "base/option_words.h"
#include "base/shell.h"
#include "base/signals.h"
#include "unit.h"

#define WAIT_MS 20000

static struct arena *arena;
static int signals;

static struct process_words
shell_command(const char *script)
{
	struct process_words w = {.arena = arena};

	process_add(&w, "sh");
	process_add(&w, "-c");
	process_add(&w, script);
	return w;
}

/* What the command prints, and its status. */
static int
read_output(const struct process_words *w, struct buf *out)
{
	struct process_files files = PROCESS_FILES;
	struct process p;
	struct fail f;
	int fds[2];
	ssize_t n;

	if (pipe2(fds, O_CLOEXEC) < 0)
		abort();
	files.out = fds[1];
	if (process_start(&p, w, &files, &f) < 0)
		return -1;
	close(fds[1]);
	while ((n = read(fds[0], buf_reserve(out, 4096), 4096)) > 0)
		out->len += (size_t)n;
	close(fds[0]);
	return process_reap(&p);
}

static void
test_status(void)
{
	static const struct {
		const char *script;
		int status;
	} cases[] = {{"exit 0", 0}, {"exit 75", 75}, {"exit 255", 255},
	    {"kill -TERM $$", 143}, {"kill -KILL $$", 137},
	    /* program_options() ignores it, and a signal that we read is
	       blocked in us: neither goes on to the program. */
	    {"kill -PIPE $$; exit 3", 141}, {"kill -INT $$; exit 3", 130},
	    {"read x; exit 4", 4}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct process_words w = shell_command(cases[i].script);
		struct buf out = {0};
		int status = read_output(&w, &out);

		ok(status == cases[i].status, "%s: %d", cases[i].script,
		    status);
		buf_free(&out);
	}
}

static void
test_missing(void)
{
	struct process_words w = {.arena = arena};
	struct process_files files = PROCESS_FILES;
	struct process p;
	struct fail f;

	process_add(&w, "no-such-program");
	files.err = open("/dev/null", O_WRONLY | O_CLOEXEC);
	ok(strcmp(process_name(&w), "no-such-program") == 0, "its name");
	ok(process_start(&p, &w, &files, &f) == 0 && process_reap(&p) == 127,
	    "a program that is not there: 127");
	close(files.err);
}

/* The one that ends is found among those that go on. */
static void
test_wait(void)
{
	const char *const scripts[] = {
	    "exec sleep 60", "exit 5", "exec sleep 60"};
	struct process_files files = PROCESS_FILES;
	struct process p[3];
	bool stopped = false;
	struct fail f;

	for (size_t i = 0; i < 3; i++) {
		struct process_words w = shell_command(scripts[i]);

		if (process_start(&p[i], &w, &files, &f) < 0)
			abort();
	}
	ok(process_wait(p, 3, signals, WAIT_MS, &stopped) == 1 && !stopped,
	    "the second of three has ended");
	ok(process_reap(&p[1]) == 5, "with its status");
	p[1] = p[2];
	ok(process_wait(p, 2, signals, 1, &stopped) == -1 && !stopped,
	    "none ends within the time");
	kill(getpid(), SIGINT);
	while (process_wait(p, 2, signals, WAIT_MS, &stopped) < 0 && !stopped) {
	}
	ok(stopped, "a signal is noticed");
	ok(process_reap(&p[0]) == 143 && process_reap(&p[1]) == 143,
	    "and all of them get a TERM");
}

/* A process that is killed takes the program that it has started along. */
static void
test_leash(void)
{
	int fds[2];
	char byte;
	pid_t middle;

	if (pipe2(fds, O_CLOEXEC) < 0)
		abort();
	middle = fork();
	if (middle == 0) {
		struct process_words w =
		    shell_command("echo begun; exec sleep 60");
		struct process_files files = PROCESS_FILES;
		struct process p;
		struct fail f;

		files.out = fds[1];
		process_start(&p, &w, &files, &f);
		pause();
	}
	close(fds[1]);
	ok(read(fds[0], &byte, 1) == 1, "it has begun");
	kill(middle, SIGKILL);
	waitpid(middle, NULL, 0);
	alarm(WAIT_MS / 1000);
	while (read(fds[0], &byte, 1) == 1) {
	}
	alarm(0);
	ok(true, "and has ended with the process that started it");
	close(fds[0]);
}

/* sh reads what shell_put() writes. */
static void
test_shell(void)
{
	static const char *const words[] = {"", "plain", "--a=b/c.d", "it's",
	    "a b", "$HOME", "`id`", "\\", "\"q\"", "*", "~", "a\nb", "!x",
	    "\xc3\xbc", "''", "#", "a=b;c"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		struct buf script = {0}, out = {0};
		struct process_words w;

		buf_adds(&script, "printf %s ");
		shell_put(&script, words[i]);
		w = shell_command(buf_cstr(&script));
		read_output(&w, &out);
		same(buf_str(&out), words[i], "as a shell reads it");
		buf_free(&script);
		buf_free(&out);
	}
}

static void
test_options(void)
{
	const char *items[] = {"x y", "z"};
	struct option_list list = {items, 2};
	const char *text = "a=b", *none = NULL;
	bool yes = true, no = false;
	long long number = 7, unset = 0;
	int64_t time = 90000, never = -1, size = 2048;
	const struct option_spec specs[] = {
	    OPTION_TEXT("text", 0, &text, "T", NULL, ""),
	    OPTION_TEXT("none", 0, &none, "T", NULL, ""),
	    OPTION_TEXT("other", 0, &text, "T", NULL, ""),
	    OPTION_LIST("list", 0, &list, "T", ""),
	    OPTION_FLAG("yes", 0, &yes, ""),
	    OPTION_FLAG("no", 0, &no, ""),
	    OPTION_NUMBER("number", 0, &number, "N", NULL, 1, 9, ""),
	    OPTION_NUMBER("unset", 0, &unset, "N", NULL, 1, 9, ""),
	    OPTION_DURATION("time", 0, &time, "T", NULL, "s", ""),
	    OPTION_DURATION("never", 0, &never, "T", NULL, "s", ""),
	    OPTION_SIZE("size", 0, &size, "S", NULL, "k", ""),
	    {0},
	};
	struct process_words w = shell_command("printf '%s|' \"$@\"");
	struct buf out = {0};
	struct fail f;
	int64_t parsed = 0;

	process_add(&w, "sh");
	option_words_add(
	    &w, specs, "never size time unset number no yes list none text");
	read_output(&w, &out);
	same(buf_str(&out),
	    "--text=a=b|--list=x y|--list=z|--yes|--number=7|"
	    "--time=90000ms|--size=2048B|",
	    "options that are given and named");
	ok(num_duration(STR("90000ms"), "s", &parsed, &f) == 0 &&
		parsed == time &&
		num_size(STR("2048B"), "k", &parsed, &f) == 0 && parsed == size,
	    "which are read as they were written");
	buf_free(&out);
}

int
main(void)
{
	struct fail f;

	arena = arena_new();
	signal(SIGPIPE, SIG_IGN);
	signals = signals_open(&f);
	test_status();
	test_missing();
	test_wait();
	test_leash();
	test_shell();
	test_options();
	close(signals);
	arena_free(arena);
	return unit_end();
}
