#include "base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/harmless.h"
#include "base/options.h"

/* One write, so that lines of parallel processes do not mix. */
void
program_note_at(const char *program, const char *place, const char *text)
{
	struct buf b = {0};
	ssize_t n;

	buf_printf(&b, "%s: %s%s", program, place, text);
	b.len = harmless_text(b.p, b.len);
	buf_addc(&b, '\n');
	n = write(STDERR_FILENO, b.p, b.len);
	(void)n;
	buf_free(&b);
}

int
program_die(const char *program, const struct fail *f)
{
	program_note_at(program, "", f->text);
	return fail_status(f);
}

int
program_die_stdout(const char *program)
{
	struct fail f;

	if (errno == EPIPE)
		return 2;
	fail_errno(&f, "cannot write stdout");
	return program_die(program, &f);
}

void
program_note(const char *program, const char *fmt, ...)
{
	char text[1000];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	program_note_at(program, "", text);
}

void
program_tell(const char *program, const char *text)
{
	program_note_at(program, "", text);
}

void
program_note_by(void *program, const char *text)
{
	program_note_at(*(const char **)program, "", text);
}

/*
 * A file that is opened later must not get the number of a closed stdin or
 * stdout: put something there that fails in the same way.
 */
static void
guard_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
	}
}

static int
print_text(const char *program, struct str text)
{
	if (file_write(STDOUT_FILENO, text) == 0 && close(STDOUT_FILENO) == 0)
		return 0;
	return program_die_stdout(program);
}

int
program_options(struct options *o, int argc, char **argv)
{
	struct buf text = {0};
	struct fail f = {0};
	int status = -1;

	guard_descriptors();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	switch (options_parse(o, argc, argv, &text, &f)) {
	case OPTIONS_RUN:
		break;
	case OPTIONS_TEXT:
		status = print_text(o->program, buf_str(&text));
		break;
	case OPTIONS_ERROR:
		status = program_die(o->program, &f);
		break;
	}
	if (status >= 0)
		options_free(o);
	buf_free(&text);
	return status;
}
