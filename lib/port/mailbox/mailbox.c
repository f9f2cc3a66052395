#include "port/mailbox/mailbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

#define PIECE 32768

/* A file that is read; messages of a mailbox file are told apart by lines. */
struct source {
	const struct mailbox_reader *to;
	const char *name;
	bool mbox, at_line, after_empty, some;
	struct buf held; /* the start of a line that may be "From " */
	long count;
};

static void
pass_bytes(struct source *s, struct str bytes)
{
	if (bytes.n > 0) {
		s->to->add(s->to->ctx, bytes);
		s->some = true;
	}
}

static int
end_message(struct source *s, struct fail *f)
{
	struct buf place = {0};
	int rc;

	buf_adds(&place, s->name);
	if (s->mbox)
		buf_printf(&place, ", message %ld", ++s->count);
	s->some = false;
	rc = s->to->end(s->to->ctx, buf_cstr(&place), f);
	buf_free(&place);
	return rc;
}

/*
 * A line of a mailbox file, without its LF if it has none. One that begins with
 * "From " behind an empty line begins a message.
 */
static int
pass_line(struct source *s, struct str line, struct fail *f)
{
	bool starts = s->at_line && s->after_empty && str_starts(line, "From ");

	if (starts && s->some && end_message(s, f) < 0)
		return -1;
	if (s->at_line)
		s->after_empty = str_is(line, "\n") || str_is(line, "\r\n");
	s->at_line = line.n > 0 && line.p[line.n - 1] == '\n';
	pass_bytes(s, line);
	return 0;
}

/* Lines that are not complete wait for their rest, if that can matter. */
static int
add_piece(struct source *s, struct str piece, struct fail *f)
{
	struct str line;
	const char *lf;

	while (piece.n > 0) {
		lf = memchr(piece.p, '\n', piece.n);
		line = (struct str){
		    piece.p, lf != NULL ? (size_t)(lf - piece.p) + 1 : piece.n};
		piece = (struct str){piece.p + line.n, piece.n - line.n};
		if (s->held.len > 0 || (lf == NULL && line.n < 8)) {
			buf_addstr(&s->held, line);
			if (lf == NULL && s->held.len < 8)
				return 0;
			if (pass_line(s, buf_str(&s->held), f) < 0)
				return -1;
			buf_reset(&s->held);
		} else if (pass_line(s, line, f) < 0) {
			return -1;
		}
	}
	return 0;
}

static int
read_pieces(int fd, struct source *s, struct fail *f)
{
	char piece[PIECE];
	ssize_t n;
	int rc = 0;

	while (rc == 0 && (n = read(fd, piece, PIECE)) != 0) {
		struct str bytes = {piece, n > 0 ? (size_t)n : 0};

		if (n < 0 && errno != EINTR)
			rc = fail_errno(f, "%s: cannot read", s->name);
		else if (s->mbox)
			rc = add_piece(s, bytes, f);
		else
			pass_bytes(s, bytes);
	}
	if (rc == 0 && s->held.len > 0)
		rc = pass_line(s, buf_str(&s->held), f);
	buf_free(&s->held);
	return rc;
}

int
mailbox_read_file(const char *path, bool mbox, const struct mailbox_reader *to,
    struct fail *f)
{
	bool is_stdin = strcmp(path, "-") == 0;
	struct source s = {.to = to,
	    .name = is_stdin ? "stdin" : path,
	    .mbox = mbox,
	    .at_line = true,
	    .after_empty = true};
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return fail_errno(f, "%s: cannot open", path);
	rc = read_pieces(fd, &s, f);
	if (rc == 0 && (s.some || !mbox))
		rc = end_message(&s, f) < 0 ? -1 : 0;
	if (!is_stdin)
		close(fd);
	return rc;
}

/* The message moves when it is judged: an end before shows it again. */
static int
move_seen(int new, int cur, const char *dir, const char *name, bool flagged,
    struct fail *f)
{
	struct buf to = {0};
	size_t n = strcspn(name, ":");
	int rc;

	buf_add(&to, name, n);
	buf_adds(&to, flagged ? ":2,FS" : ":2,S");
	rc = renameat(new, name, cur, buf_cstr(&to));
	buf_free(&to);
	if (rc < 0 && errno != ENOENT)
		return fail_errno(f, "%s/new/%s: cannot move", dir, name);
	return 0;
}

static int
read_message(int new, int cur, const char *dir, const char *name,
    const struct mailbox_reader *to, struct fail *f)
{
	int fd = openat(new, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct buf place = {0};
	struct source s = {.to = to};
	int rc;

	/* Another process has taken it. */
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return fail_errno(f, "%s/new/%s: cannot open", dir, name);
	buf_printf(&place, "%s/new/%s", dir, name);
	s.name = buf_cstr(&place);
	rc = read_pieces(fd, &s, f);
	close(fd);
	if (rc == 0)
		rc = end_message(&s, f);
	if (rc >= 0)
		rc = move_seen(new, cur, dir, name, rc > 0, f);
	buf_free(&place);
	return rc;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in order, so that reports are read as they came. */
static char **
list_names(int new, size_t *count)
{
	int copy = openat(new, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = copy >= 0 ? fdopendir(copy) : NULL;
	const struct dirent *e;
	char **names = NULL;
	size_t cap = 0;

	*count = 0;
	while (d != NULL && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		names = mem_more(names, *count, &cap, sizeof(*names));
		names[(*count)++] = mem_dup(e->d_name, strlen(e->d_name));
	}
	if (d != NULL)
		closedir(d);
	if (*count > 0)
		qsort(names, *count, sizeof(*names), compare_names);
	return names;
}

static int
open_part(const char *dir, const char *name, struct fail *f)
{
	struct buf path = {0};
	int fd;

	buf_printf(&path, "%s/%s", dir, name);
	fd = open(buf_cstr(&path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		fail_errno(f, "%s: cannot open; a Maildir has new, cur and tmp",
		    buf_cstr(&path));
	buf_free(&path);
	return fd;
}

int
mailbox_read_maildir(
    const char *dir, const struct mailbox_reader *to, struct fail *f)
{
	int new = open_part(dir, "new", f), cur, rc = 0;
	char **names;
	size_t i, count;

	if (new < 0)
		return -1;
	cur = open_part(dir, "cur", f);
	if (cur < 0) {
		close(new);
		return -1;
	}
	names = list_names(new, &count);
	for (i = 0; i < count; i++) {
		if (rc == 0)
			rc = read_message(new, cur, dir, names[i], to, f);
		free(names[i]);
	}
	free(names);
	close(new);
	close(cur);
	return rc;
}
