#include "port/db/generation_file.h"

#include <endian.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/crc32.h"
#include "base/json_get.h"
#include "base/json_put.h"

#define MAGIC "bm-gen1\n"
#define SLOT 64
#define LIST ((off_t)2 * SLOT) /* where the list of mailings begins */
#define CRC_DIGITS 8

/* A slot as it lies in the file; numbers are little-endian. */
struct slot {
	char magic[8];
	char id[GENERATION_ID];
	uint64_t counter, at;
	uint32_t unused;
	uint32_t crc; /* of all before it */
};
_Static_assert(sizeof(struct slot) == SLOT, "two slots of 64 bytes");

static uint32_t
sum_slot(const struct slot *s)
{
	return crc32_add(0, s, offsetof(struct slot, crc));
}

static bool
is_whole(const struct slot *s)
{
	return memcmp(s->magic, MAGIC, sizeof(s->magic)) == 0 &&
	       le32toh(s->crc) == sum_slot(s);
}

int
generation_file_read(int fd, struct generation_file *g, struct fail *f)
{
	struct slot slots[2] = {0};
	const struct slot *best = NULL;

	if (pread(fd, slots, sizeof(slots), 0) < 0)
		return fail_errno(f, "cannot read the generation");
	for (int i = 0; i < 2; i++) {
		if (is_whole(&slots[i]) &&
		    (best == NULL ||
			le64toh(slots[i].counter) > le64toh(best->counter)))
			best = &slots[i];
	}
	if (best == NULL)
		return 0;
	memcpy(g->id, best->id, GENERATION_ID);
	g->id[GENERATION_ID] = '\0';
	g->counter = (int64_t)le64toh(best->counter);
	g->at = (int64_t)le64toh(best->at);
	return 1;
}

static int
write_at(int fd, const void *p, size_t n, off_t at, struct fail *f)
{
	ssize_t done;

	do
		done = pwrite(fd, p, n, at);
	while (done < 0 && errno == EINTR);
	if (done >= 0 && (size_t)done < n)
		errno = ENOSPC; /* the cause of a short write to a file */
	if (done != (ssize_t)n)
		return fail_errno(f, "cannot write the generation");
	return 0;
}

int
generation_file_write(int fd, const struct generation_file *g, struct fail *f)
{
	struct slot s = {.counter = htole64((uint64_t)g->counter),
	    .at = htole64((uint64_t)g->at)};

	memcpy(s.magic, MAGIC, sizeof(s.magic));
	memcpy(s.id, g->id, GENERATION_ID);
	s.crc = htole32(sum_slot(&s));
	return write_at(fd, &s, SLOT, (off_t)(g->counter % 2) * SLOT, f);
}

static int
read_list(int fd, struct buf *b, struct fail *f)
{
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) < 0)
		return fail_errno(f, "cannot read the list of mailings");
	if (st.st_size <= LIST)
		return 0;
	n = pread(fd, buf_reserve(b, (size_t)(st.st_size - LIST)),
	    (size_t)(st.st_size - LIST), LIST);
	if (n < 0)
		return fail_errno(f, "cannot read the list of mailings");
	b->len += (size_t)n;
	return 0;
}

static void
put_line(struct buf *b, const struct generation_file_mailing *m)
{
	struct buf text = {0};

	buf_addc(&text, '{');
	json_put(&text, "id", m->id);
	json_put(&text, "course", m->course);
	json_put(&text, "content", m->content);
	buf_addc(&text, '}');
	buf_printf(b, "%08x ", (unsigned)crc32_add(0, text.p, text.len));
	buf_addstr(b, buf_str(&text));
	buf_addc(b, '\n');
	buf_free(&text);
}

/* False for a line that a crash has torn: its mailing was not begun. */
static bool
parse_line(struct str line, struct generation_file_mailing *m, struct arena *a)
{
	struct json_object o;
	struct fail ignored;
	struct str text;
	char crc[CRC_DIGITS + 2];

	if (line.n <= CRC_DIGITS + 1)
		return false;
	text = (struct str){line.p + CRC_DIGITS + 1, line.n - CRC_DIGITS - 1};
	snprintf(
	    crc, sizeof(crc), "%08x ", (unsigned)crc32_add(0, text.p, text.n));
	if (memcmp(line.p, crc, CRC_DIGITS + 1) != 0 ||
	    json_parse(&o, text, a, &ignored) < 0)
		return false;
	*m = (struct generation_file_mailing){json_get_string(&o, "id", a),
	    json_get_string(&o, "course", a),
	    json_get_string(&o, "content", a)};
	return m->id.p != NULL;
}

int
generation_file_each(int fd, generation_file_fn *fn, void *ctx, struct fail *f)
{
	struct generation_file_mailing m;
	struct arena *arena = arena_new();
	struct buf list = {0};
	struct str rest, line;
	int rc = read_list(fd, &list, f);

	rest = buf_str(&list);
	while (rc == 0 && str_line(&rest, &line)) {
		if (parse_line(line, &m, arena))
			rc = fn(ctx, &m, f);
		arena_reset(arena);
	}
	buf_free(&list);
	arena_free(arena);
	return rc;
}

/* Whether the last line of a mailing says the same. */
struct search {
	const struct generation_file_mailing *wanted;
	bool listed;
};

static int
compare_mailing(
    void *ctx, const struct generation_file_mailing *m, struct fail *f)
{
	struct search *s = ctx;

	(void)f;
	if (str_eq(m->id, s->wanted->id))
		s->listed = str_eq(m->course, s->wanted->course) &&
			    str_eq(m->content, s->wanted->content);
	return 0;
}

/* Behind what a crash has left of a line. */
static int
append_line(int fd, struct str line, struct fail *f)
{
	struct stat st;
	struct buf b = {0};
	char last = '\n';
	off_t end;
	int rc;

	if (fstat(fd, &st) < 0)
		return fail_errno(f, "cannot list a mailing");
	end = st.st_size > LIST ? st.st_size : LIST;
	if (end > LIST && pread(fd, &last, 1, end - 1) < 0)
		return fail_errno(f, "cannot list a mailing");
	if (last != '\n')
		buf_addc(&b, '\n');
	buf_addstr(&b, line);
	rc = write_at(fd, b.p, b.len, end, f);
	buf_free(&b);
	return rc;
}

int
generation_file_list(
    int fd, const struct generation_file_mailing *m, bool sync, struct fail *f)
{
	struct search s = {.wanted = m};
	struct buf line = {0};
	int rc = generation_file_each(fd, compare_mailing, &s, f);

	if (rc < 0 || s.listed)
		return rc;
	put_line(&line, m);
	rc = append_line(fd, buf_str(&line), f);
	buf_free(&line);
	if (rc == 0 && sync && fdatasync(fd) < 0)
		rc = fail_errno(f, "cannot sync the list of mailings");
	return rc;
}
