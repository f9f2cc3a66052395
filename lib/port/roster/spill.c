#include "port/roster/spill.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"

#define MEMORY 1048576 /* bytes kept before the file is written */
#define PIECE 65536

struct spill {
	struct buf buf; /* the end of the output, or all of it */
	int fd;         /* -1: everything is in buf */
	off_t at;       /* bytes of the file read so far */
	bool reading;   /* no more is added */
};

struct spill *
spill_open(void)
{
	struct spill *s = mem_new(sizeof(*s));

	s->fd = -1;
	return s;
}

void
spill_close(struct spill *s)
{
	if (s == NULL)
		return;
	if (s->fd >= 0)
		close(s->fd);
	buf_free(&s->buf);
	free(s);
}

static int
write_buffer(struct spill *s, struct fail *f)
{
	if (s->fd < 0 && (s->fd = file_temporary(f)) < 0)
		return -1;
	if (file_temporary_write(s->fd, buf_str(&s->buf), f) < 0)
		return -1;
	buf_reset(&s->buf);
	return 0;
}

int
spill_add(struct spill *s, struct str piece, struct fail *f)
{
	buf_addstr(&s->buf, piece);
	return s->buf.len < MEMORY ? 0 : write_buffer(s, f);
}

static int
read_piece(struct spill *s, struct str *piece, struct fail *f)
{
	ssize_t n;

	buf_reset(&s->buf);
	do
		n = pread(s->fd, buf_reserve(&s->buf, PIECE), PIECE, s->at);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return fail_errno(f, "cannot read a temporary file");
	s->at += n;
	s->buf.len = (size_t)n;
	*piece = buf_str(&s->buf);
	return n > 0;
}

int
spill_next(struct spill *s, struct str *piece, struct fail *f)
{
	if (s->fd < 0) {
		*piece = buf_str(&s->buf);
		if (s->reading || s->buf.len == 0)
			return 0;
		s->reading = true;
		return 1;
	}
	if (!s->reading && s->buf.len > 0 && write_buffer(s, f) < 0)
		return -1;
	s->reading = true;
	return read_piece(s, piece, f);
}
