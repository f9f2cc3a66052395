#include "base/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

#define PIECE (128 * 1024) /* bytes asked for by one read */

struct lines {
	char **files;
	int count;
	int next; /* index into files */
	lines_wait_fn *wait;
	void *ctx;

	const char *name; /* of the open file */
	int fd;           /* -1 before the next file is opened */
	bool eof;
	unsigned long number;
	struct buf in;
	size_t start; /* of the next line */
	size_t seen;  /* end of the bytes searched for its newline */
};

struct lines *
lines_new(char **files, int count, lines_wait_fn *wait, void *ctx)
{
	struct lines *l = mem_new(sizeof(*l));

	l->files = files;
	l->count = count;
	l->wait = wait;
	l->ctx = ctx;
	l->fd = -1;
	return l;
}

void
lines_free(struct lines *l)
{
	if (l == NULL)
		return;
	if (l->fd > STDIN_FILENO)
		close(l->fd);
	buf_free(&l->in);
	free(l);
}

static const char *
get_next_name(const struct lines *l)
{
	if (l->next >= (l->count > 0 ? l->count : 1))
		return NULL;
	return l->count > 0 ? l->files[l->next] : "-";
}

/* 0 if the next file is open, 1 if all files are read, -1 for an error. */
static int
open_next(struct lines *l, struct fail *f)
{
	l->name = get_next_name(l);
	if (l->name == NULL)
		return 1;
	l->next++;
	l->number = 0;
	l->eof = false;
	if (strcmp(l->name, "-") == 0) {
		l->name = "stdin";
		l->fd = STDIN_FILENO;
		return 0;
	}
	l->fd = open(l->name, O_RDONLY | O_CLOEXEC);
	return l->fd >= 0 ? 0 : fail_errno(f, "%s: cannot open", l->name);
}

/* Move the beginning of an incomplete line to the front. */
static void
make_room(struct lines *l)
{
	size_t rest = l->in.len - l->start;

	if (l->start > 0 && rest > 0)
		memmove(l->in.p, l->in.p + l->start, rest);
	l->in.len = rest;
	l->seen -= l->start;
	l->start = 0;
	buf_reserve(&l->in, PIECE);
}

static int
read_more(struct lines *l, struct fail *f)
{
	struct pollfd ready = {.fd = l->fd, .events = POLLIN};
	ssize_t n;

	if (poll(&ready, 1, 0) == 0 && l->wait(l->ctx, f) < 0)
		return -1;
	make_room(l);
	do
		n = read(l->fd, l->in.p + l->in.len, PIECE);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return fail_errno(f, "%s: cannot read", l->name);
	l->eof = n == 0;
	l->in.len += (size_t)n;
	return 0;
}

static int
refuse_input(const struct lines *l, const char *reason, struct fail *f)
{
	return fail_system(f, "%s:%lu: %s", l->name, l->number + 1, reason);
}

static int
end_file(struct lines *l, struct fail *f)
{
	if (l->in.len > l->start)
		return refuse_input(l,
		    "the last line does not end in a newline: the input is "
		    "cut off",
		    f);
	if (l->fd != STDIN_FILENO)
		close(l->fd);
	l->fd = -1;
	return 0;
}

/* False if the line is incomplete or too long. */
static bool
take_line(struct lines *l, struct line *line)
{
	size_t rest = l->in.len - l->seen;
	const char *from = l->in.p + l->seen;
	const char *end = rest > 0 ? memchr(from, '\n', rest) : NULL;

	if (end == NULL) {
		l->seen = l->in.len;
		return false;
	}
	line->text.p = l->in.p + l->start;
	line->text.n = (size_t)(end - line->text.p);
	if (line->text.n > LINES_MAX)
		return false;
	line->file = l->name;
	line->number = ++l->number;
	l->start = l->seen = (size_t)(end - l->in.p) + 1;
	return true;
}

int
lines_next(struct lines *l, struct line *line, struct fail *f)
{
	for (;;) {
		int opened = l->fd < 0 ? open_next(l, f) : 0;

		if (opened != 0)
			return opened == 1 ? 0 : -1;
		if (take_line(l, line))
			return 1;
		if (l->in.len - l->start > LINES_MAX)
			return refuse_input(l, "the line is over 64 MiB", f);
		if (l->eof && end_file(l, f) < 0)
			return -1;
		if (!l->eof && read_more(l, f) < 0)
			return -1;
	}
}

/*
 * The descriptor that the next line has to be read from; -1 if the line is in
 * memory or a file must be opened first.
 */
static int
find_awaited(const struct lines *l)
{
	size_t rest = l->in.len - l->seen;
	const char *name = get_next_name(l);

	if (rest > 0 && memchr(l->in.p + l->seen, '\n', rest) != NULL)
		return -1;
	if (l->fd < 0 && name != NULL && strcmp(name, "-") == 0)
		return STDIN_FILENO;
	return l->fd;
}

bool
lines_ready(const struct lines *l)
{
	struct pollfd in = {.fd = find_awaited(l), .events = POLLIN};

	return in.fd < 0 || poll(&in, 1, 0) != 0;
}

void
lines_wait(const struct lines *l, int other, int ms)
{
	struct pollfd fds[] = {
	    {.fd = find_awaited(l), .events = POLLIN},
	    {.fd = other, .events = POLLIN},
	};

	if (fds[0].fd >= 0)
		(void)poll(fds, 2, ms);
}

static long long
count_newlines(const char *p, size_t n)
{
	const char *end = p + n;
	long long count = 0;

	while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		count++;
		p++;
	}
	return count;
}

/* Those from an offset to the end; -1 if that is no regular file. */
static long long
count_rest(int fd, off_t from)
{
	long long count = 0;
	struct stat st;
	char *piece;
	ssize_t n;

	if (from < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return -1;
	piece = mem_new(PIECE);
	while ((n = pread(fd, piece, PIECE, from)) > 0) {
		count += count_newlines(piece, (size_t)n);
		from += n;
	}
	free(piece);
	return n < 0 ? -1 : count;
}

static long long
count_file(const char *name)
{
	long long count;
	struct stat st;
	int fd;

	if (strcmp(name, "-") == 0)
		return count_rest(
		    STDIN_FILENO, lseek(STDIN_FILENO, 0, SEEK_CUR));
	/* Opening a FIFO would wait for its writer. */
	if (stat(name, &st) < 0 || !S_ISREG(st.st_mode) ||
	    (fd = open(name, O_RDONLY | O_CLOEXEC)) < 0)
		return -1;
	count = count_rest(fd, 0);
	close(fd);
	return count;
}

long long
lines_left(const struct lines *l, bool *known)
{
	struct lines rest = *l;
	long long count =
	    l->in.len > l->start
		? count_newlines(l->in.p + l->start, l->in.len - l->start)
		: 0;
	const char *name;
	long long n;

	*known = true;
	if (l->fd >= 0 && !l->eof) {
		n = count_rest(l->fd, lseek(l->fd, 0, SEEK_CUR));
		*known = n >= 0;
		count += n > 0 ? n : 0;
	}
	for (; (name = get_next_name(&rest)) != NULL; rest.next++) {
		n = count_file(name);
		*known = *known && n >= 0;
		count += n > 0 ? n : 0;
	}
	return count;
}
