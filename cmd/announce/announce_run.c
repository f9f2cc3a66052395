#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "announce/announce_run.h"
#include "base/guarded.h"
#include "base/option_words.h"
#include "base/program.h"

struct process_words
announce_words_of(struct announce *a, const char *program, const char *names,
    const char *const *words)
{
	struct process_words w = {.arena = a->arena};

	process_add(&w, program);
	if (a->options->config != NULL)
		process_addf(&w, "--config=%s", a->options->config);
	option_words_add(&w, a->options->specs, names);
	if (a->options->verbose)
		process_add(&w, "--verbose");
	while (*words != NULL)
		process_add(&w, *words++);
	return w;
}

int
announce_run(struct announce *a, const struct process_words *w,
    const struct process_files *files)
{
	struct process p;
	struct fail f;

	if (process_start(&p, w, files, &f) < 0)
		return program_die(PROGRAM, &f);
	while (process_wait(&p, 1, a->signals, -1, &a->stopped) < 0) {
	}
	return process_reap(&p);
}

/* Without a name -1; -1 and a status for a failure, which is told. */
static int
open_file(const struct announce *a, const char *name, int flags, int *status)
{
	const char *path;
	struct fail f;
	int fd;

	if (name == NULL)
		return -1;
	path = announce_path(a, name);
	if (flags == O_RDONLY)
		fd = open(path, O_RDONLY | O_CLOEXEC);
	else
		fd = guarded_write(path, flags, &f);
	if (fd < 0 && flags == O_RDONLY)
		fail_errno(&f, "%s", path);
	if (fd < 0)
		*status = program_die(PROGRAM, &f);
	return fd;
}

int
announce_run_in(struct announce *a, const struct process_words *w,
    const char *in, const char *out, const char *err)
{
	struct process_files files = PROCESS_FILES;
	int status = 0, *const all[] = {&files.in, &files.out, &files.err};

	files.in = open_file(a, in, O_RDONLY, &status);
	files.out = open_file(a, out, O_TRUNC, &status);
	files.err = open_file(a, err, O_APPEND, &status);
	if (status == 0)
		status = announce_run(a, w, &files);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (*all[i] >= 0)
			close(*all[i]);
	}
	return status;
}

int
announce_capture(
    struct announce *a, const struct process_words *w, struct buf *out)
{
	struct process_files files = {-1, memfd_create(PROGRAM, MFD_CLOEXEC),
	    open("/dev/null", O_WRONLY | O_CLOEXEC), -1};
	int status = announce_run(a, w, &files);
	off_t size = lseek(files.out, 0, SEEK_END);
	ssize_t n = size > 0 ? pread(files.out, buf_reserve(out, (size_t)size),
				   (size_t)size, 0)
			     : 0;

	out->len += n > 0 ? (size_t)n : 0;
	close(files.out);
	close(files.err);
	return status;
}
