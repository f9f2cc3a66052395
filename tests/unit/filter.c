#include "base/filter.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/lines.h"
#include "base/mem.h"
#include "unit.h"

static char dir[] = "/tmp/bm-filter-XXXXXX";

static const char *
path_of(const char *name)
{
	static struct buf paths[4];
	static unsigned next;
	struct buf *b = &paths[next++ % 4];

	buf_reset(b);
	if (name == NULL) {
		for (next = 0; next < 4; next++)
			buf_free(&paths[next]);
		return NULL;
	}
	buf_printf(b, "%s/%s", dir, name);
	return buf_cstr(b);
}

static void
store_file(const char *name, struct str text)
{
	FILE *f = fopen(path_of(name), "we");

	if (f == NULL)
		return;
	fwrite(text.p, 1, text.n, f);
	fclose(f);
}

/* Writes the record back; certain records fail. */
static int
echo_record(void *ctx, const struct filter_record *r, struct arena *a,
    struct buf *out, struct fail *f)
{
	(void)ctx;
	(void)a;
	if (str_starts(r->raw, "{\"bad\""))
		return fail_data(f, "it is \xff bad");
	if (str_starts(r->raw, "temp"))
		return fail_temp(f, "not now");
	if (str_starts(r->raw, "sys"))
		return fail_system(f, "no way");
	buf_addstr(out, r->raw);
	buf_addc(out, '\n');
	return 0;
}

static _Noreturn void
run_child(char **files, int count, const char *out)
{
	struct fail f = {0};
	struct filter *filter;
	int fds[3] = {open(path_of("in"), O_RDONLY),
	    open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600),
	    open(path_of("err"), O_WRONLY | O_CREAT | O_TRUNC, 0600)};

	for (int i = 0; i < 3; i++) {
		dup2(fds[i], i);
		close(fds[i]);
	}
	filter = filter_new("prog", files, count);
	if (filter_open_rejects(filter, path_of("rejects"), &f) < 0)
		exit(99);
	exit(filter_run(filter, "test", echo_record, NULL));
}

static int
run_filter(char **files, int count, const char *out)
{
	pid_t pid;
	int status = 0;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		run_child(files, count, out);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
same_file(const char *name, struct str want, const char *what)
{
	struct buf got = {0};
	struct fail f = {0};

	if (file_read(&got, path_of(name), SIZE_MAX / 2, NULL, &f) < 0)
		ok(false, "%s: %s", what, f.text);
	else if (!ok(str_eq(buf_str(&got), want), "%s", what))
		printf("# got %zu bytes: %.300s\n", got.len, buf_cstr(&got));
	buf_free(&got);
}

static void
test_lines(void)
{
	static const struct {
		const char *in;
		const char *out, *err;
		int status;
	} cases[] = {
	    {"", "", "", 0},
	    {"\n", "\n", "", 0},
	    {"a\nb\n", "a\nb\n", "", 0},
	    {"a\nb", "a\n",
		"prog: stdin:2: the last line does not end in a newline: the "
		"input is cut off\n",
		2},
	    {"a\n{\"bad\":1}\nb\n", "a\nb\n", "prog: stdin:2: it is ? bad\n",
		1},
	    {"{\"bad\":1}\ntemp\nb\n", "",
		"prog: stdin:1: it is ? bad\nprog: stdin:2: not now\n", 75},
	    {"a\nsys\nb\n", "a\n", "prog: stdin:2: no way\n", 2},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		store_file("in", str_of(cases[i].in));
		ok(run_filter(NULL, 0, path_of("out")) == cases[i].status,
		    "case %zu: status %d", i, cases[i].status);
		same_file("out", str_of(cases[i].out), "stdout");
		same_file("err", str_of(cases[i].err), "stderr");
	}
	store_file("in", (struct str){"a\0b\n", 4});
	ok(run_filter(NULL, 0, path_of("out")) == 0,
	    "NUL is the parser's business");
	same_file("out", (struct str){"a\0b\n", 4}, "and passes");
}

static void
test_files(void)
{
	char dash[] = "-", missing[] = "/nonexistent";
	char *files[] = {mem_dup(path_of("a"), strlen(path_of("a"))), dash};
	char *none[] = {dash, missing};
	char *folder[] = {dir};
	struct buf err = {0};

	store_file("a", STR("a1\n{\"bad\":2}\n"));
	store_file("in", STR("s1\n{\"bad\":2}\n"));
	ok(run_filter(files, 2, path_of("out")) == 1, "operands, - among them");
	same_file("out", STR("a1\ns1\n"), "in their order");
	buf_printf(&err,
	    "prog: %s:2: it is ? bad\nprog: stdin:2: it is ? bad\n", files[0]);
	same_file("err", buf_str(&err), "lines are counted in each file");
	store_file("in", STR("s1\n"));
	ok(run_filter(none, 2, path_of("out")) == 2, "a missing operand");
	same_file("out", STR("s1\n"), "what came before it is written");
	same_file("err",
	    STR("prog: /nonexistent: cannot open: No such file or "
		"directory\n"),
	    "it is named");
	ok(run_filter(folder, 1, path_of("out")) == 2, "a folder");
	free(files[0]);
	buf_free(&err);
}

static void
test_rejects(void)
{
	store_file(
	    "in", STR("{\"bad\":1,\"user_id\":7.0,\"email\":\"a\\u0040b\"}\n"
		      "{\"bad\n"));
	ok(run_filter(NULL, 0, path_of("out")) == 1, "rejects");
	same_file("rejects",
	    STR("{\"email\":\"a\\u0040b\",\"user_id\":7.0,\"course_id\":null,"
		"\"email_id\":null,\"stage\":\"test\",\"class\":\"invalid\","
		"\"reason\":\"it is ? bad\",\"file\":\"stdin\",\"line\":1}\n"),
	    "identity byte for byte, nulls, valid UTF-8");
}

static void
test_long(void)
{
	struct buf b = {0};

	/* The lengths pass the sizes of all buffers. */
	for (size_t n = 1; n < 300000; n = n * 3 + 1) {
		memset(buf_reserve(&b, n), 'x', n);
		b.len += n;
		buf_addc(&b, '\n');
	}
	store_file("in", buf_str(&b));
	ok(run_filter(NULL, 0, path_of("out")) == 0, "long lines");
	same_file("out", buf_str(&b), "come out as they went in");
	buf_reset(&b);
	memset(buf_reserve(&b, LINES_MAX), 'x', LINES_MAX);
	b.len = LINES_MAX;
	buf_addc(&b, '\n');
	store_file("in", buf_str(&b));
	ok(run_filter(NULL, 0, path_of("out")) == 0, "64 MiB");
	same_file("out", buf_str(&b), "pass");
	b.len--;
	buf_adds(&b, "x\n");
	store_file("in", buf_str(&b));
	ok(run_filter(NULL, 0, path_of("out")) == 2, "64 MiB + 1");
	same_file("err", STR("prog: stdin:1: the line is over 64 MiB\n"),
	    "is refused");
	buf_free(&b);
}

static void
test_full(void)
{
	store_file("in", STR("a\n"));
	ok(run_filter(NULL, 0, "/dev/full") == 2, "a full disk");
	same_file("err",
	    STR("prog: cannot write stdout: No space left on device\n"),
	    "is said");
}

static void
test_rank(void)
{
	static const int cases[][3] = {{0, 1, 1}, {1, 75, 75}, {75, 1, 75},
	    {75, 2, 2}, {2, 75, 2}, {2, 255, 255}, {255, 2, 255}, {1, 0, 1}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int status = 0;

		fflush(stdout);
		if (fork() == 0) {
			struct filter *f = filter_new("prog", NULL, 0);

			filter_raise(f, cases[i][0]);
			filter_raise(f, cases[i][1]);
			_exit(filter_finish(f));
		}
		wait(&status);
		ok(WEXITSTATUS(status) == cases[i][2], "%d and %d make %d",
		    cases[i][0], cases[i][1], cases[i][2]);
	}
}

int
main(void)
{
	static const char *const names[] = {"in", "out", "err", "rejects", "a"};

	if (mkdtemp(dir) == NULL)
		return 1;
	test_lines();
	test_files();
	test_rejects();
	test_long();
	test_full();
	test_rank();
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(path_of(names[i]));
	rmdir(dir);
	path_of(NULL);
	return unit_end();
}
