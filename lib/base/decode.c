#include "base/decode.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"

#define CHUNK 65536

struct decode {
	FILE *file, *stream;
	const char *name;
	bool converts; /* the file is not UTF-8 */
	iconv_t iconv;
	size_t unit;    /* bytes of the smallest character */
	struct buf raw; /* not converted yet */
	struct buf out; /* UTF-8 that is not read yet, from at */
	size_t at;
	struct buf head; /* a copy of the first bytes */
	bool ended, failed;
};

static const struct mark {
	const char *bytes;
	size_t n;
	const char *encoding, *shown;
} marks[] = {
    {"\xFF\xFE\0\0", 4, "UTF-32LE", "UTF-32LE"},
    {"\0\0\xFE\xFF", 4, "UTF-32BE", "UTF-32BE"},
    {"\xFF\xFE", 2, "UTF-16LE", "UTF-16LE"},
    {"\xFE\xFF", 2, "UTF-16BE", "UTF-16BE"},
    {"\xEF\xBB\xBF", 3, "UTF-8", "UTF-8 with a byte order mark"},
};

/* How files begin that are no text. */
static const struct foreign {
	const char *bytes;
	size_t n;
	const char *reason;
} foreigns[] = {
    {"PK\x03\x04", 4,
	"a workbook (.xlsx, .ods) and no CSV file: save it as \"CSV UTF-8\""},
    {"\xD0\xCF\x11\xE0", 4,
	"a workbook (.xls) and no CSV file: save it as \"CSV UTF-8\""},
    {"\x1F\x8B", 2, "a compressed file: unpack it with gunzip"},
    {"%PDF", 4, "a PDF file: export the list as CSV"},
    {"<!DOCTYPE", 9,
	"a web page: open it in a spreadsheet and save it as "
	"\"CSV UTF-8\""},
    {"<html", 5,
	"a web page: open it in a spreadsheet and save it as "
	"\"CSV UTF-8\""},
    {"<table", 6,
	"a web page: open it in a spreadsheet and save it as "
	"\"CSV UTF-8\""},
    {"<?xml", 5, "an XML file: export the list as CSV"},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Append a chunk of the file to the raw bytes. */
static void
read_chunk(struct decode *d)
{
	size_t n = fread(buf_reserve(&d->raw, CHUNK), 1, CHUNK, d->file);

	d->raw.len += n;
	d->ended = n < CHUNK;
	d->failed = ferror(d->file) != 0;
}

static void
drop_raw(struct decode *d, size_t n)
{
	memmove(d->raw.p, d->raw.p + n, d->raw.len - n);
	d->raw.len -= n;
}

/* The unit at hand is not valid, or the file ends within it. */
static void
skip_unit(struct decode *d, char **in, size_t *left)
{
	size_t n = *left < d->unit ? *left : d->unit;

	buf_addc(&d->out, '\xFF');
	*in += n;
	*left -= n;
}

static void
convert_raw(struct decode *d)
{
	char *in = d->raw.p;
	size_t left = d->raw.len;

	while (left > 0) {
		char *to = buf_reserve(&d->out, CHUNK), *end = to;
		size_t room = CHUNK, done;

		done = iconv(d->iconv, &in, &left, &end, &room);
		d->out.len += (size_t)(end - to);
		if (done != (size_t)-1 || errno == E2BIG)
			continue;
		if (errno == EINVAL && !d->ended)
			break; /* the rest of the character is to come */
		skip_unit(d, &in, &left);
	}
	drop_raw(d, d->raw.len - left);
}

/* Have UTF-8 at hand, unless the file has ended. */
static void
fill_out(struct decode *d)
{
	while (d->at == d->out.len && (d->raw.len > 0 || !d->ended)) {
		buf_reset(&d->out);
		d->at = 0;
		if (!d->ended)
			read_chunk(d);
		if (d->failed)
			return;
		convert_raw(d);
	}
}

static ssize_t
read_cookie(void *cookie, char *p, size_t n)
{
	struct decode *d = cookie;
	size_t have = d->out.len - d->at;

	if (have == 0 && !d->converts) {
		n = d->ended ? 0 : fread(p, 1, n, d->file);
		d->failed = d->failed || ferror(d->file);
		return d->failed ? -1 : (ssize_t)n;
	}
	if (have == 0)
		fill_out(d);
	if (d->failed)
		return -1;
	have = d->out.len - d->at;
	if (n > have)
		n = have;
	if (n == 0)
		return 0;
	memcpy(p, d->out.p + d->at, n);
	d->at += n;
	return (ssize_t)n;
}

static const struct mark *
find_mark(struct str s)
{
	for (size_t i = 0; i < COUNT(marks); i++) {
		if (s.n >= marks[i].n &&
		    memcmp(s.p, marks[i].bytes, marks[i].n) == 0)
			return &marks[i];
	}
	return NULL;
}

/* "UTF-16" agrees with UTF-16LE, and "utf8" with UTF-8. */
static bool
is_agreed(const char *encoding, const struct mark *mark)
{
	size_t n = strlen(encoding);

	return strncasecmp(encoding, mark->encoding, n) == 0 ||
	       (strcasecmp(encoding, "utf8") == 0 && mark->n == 3);
}

static int
check_foreign(struct str s, struct fail *f)
{
	for (size_t i = 0; i < COUNT(foreigns); i++) {
		if (s.n >= foreigns[i].n &&
		    strncasecmp(s.p, foreigns[i].bytes, foreigns[i].n) == 0)
			return fail_system(f, "%s", foreigns[i].reason);
	}
	return 0;
}

/* Letters of ASCII in UTF-16 have a NUL beside them. */
static int
check_utf16(struct str s, struct fail *f)
{
	const char *order;

	if (s.n < 4 || (s.p[0] == '\0') == (s.p[1] == '\0') ||
	    (s.p[2] == '\0') == (s.p[3] == '\0') ||
	    (s.p[0] == '\0') != (s.p[2] == '\0'))
		return 0;
	order = s.p[0] == '\0' ? "UTF-16BE" : "UTF-16LE";
	return fail_system(f,
	    "the file looks like %s without a byte order mark: say "
	    "--encoding %s",
	    order, order);
}

/* The file is in an encoding of this name. */
static int
set_encoding(struct decode *d, const char *name, struct fail *f)
{
	if (strcasecmp(name, "UTF-8") == 0 || strcasecmp(name, "UTF8") == 0) {
		d->name = d->name != NULL ? d->name : "UTF-8";
		return 0;
	}
	/* A slash begins what iconv_open() takes for flags. */
	if (name[0] != '\0' && strchr(name, '/') == NULL)
		d->iconv = iconv_open("UTF-8", name);
	d->converts = d->iconv != NULL && (intptr_t)d->iconv != -1;
	if (!d->converts)
		return fail_system(f,
		    "--encoding: there is no \"%s\" (iconv -l lists the names)",
		    name);
	d->name = d->name != NULL ? d->name : name;
	d->unit = strncasecmp(name, "UTF-16", 6) == 0   ? 2
		  : strncasecmp(name, "UTF-32", 6) == 0 ? 4
							: 1;
	return 0;
}

static int
choose_encoding(struct decode *d, const char *encoding, struct fail *f)
{
	struct str raw = buf_str(&d->raw);
	const struct mark *mark = find_mark(raw);

	if (mark == NULL && encoding != NULL)
		return set_encoding(d, encoding, f);
	if (mark == NULL) {
		if (check_foreign(raw, f) < 0 || check_utf16(raw, f) < 0)
			return -1;
		return set_encoding(d, "UTF-8", f);
	}
	if (encoding != NULL && !is_agreed(encoding, mark))
		return fail_system(f,
		    "the file begins with the byte order mark of %s: leave "
		    "out --encoding %s",
		    mark->encoding, encoding);
	drop_raw(d, mark->n);
	d->name = mark->shown;
	return set_encoding(d, mark->encoding, f);
}

/* A second mark, and that of an encoding that the caller names. */
static void
skip_marks(struct decode *d)
{
	while (d->out.len - d->at >= 3 &&
	       memcmp(d->out.p + d->at, "\xEF\xBB\xBF", 3) == 0)
		d->at += 3;
}

int
decode_open(
    struct decode **out, FILE *file, const char *encoding, struct fail *f)
{
	const cookie_io_functions_t functions = {.read = read_cookie};
	struct decode *d = mem_new(sizeof(*d));

	*out = NULL;
	d->file = file;
	read_chunk(d);
	if (d->failed || choose_encoding(d, encoding, f) < 0) {
		if (d->failed)
			fail_errno(f, "cannot be read");
		decode_close(d);
		return -1;
	}
	if (!d->converts) {
		buf_addstr(&d->out, buf_str(&d->raw));
		buf_reset(&d->raw);
	} else {
		convert_raw(d);
	}
	skip_marks(d);
	if (d->out.len > 0)
		buf_add(&d->head, d->out.p + d->at, d->out.len - d->at);
	d->stream = fopencookie(d, "r", functions);
	if (d->stream == NULL)
		mem_exhausted();
	*out = d;
	return 0;
}

void
decode_close(struct decode *d)
{
	if (d == NULL)
		return;
	if (d->stream != NULL)
		fclose(d->stream);
	if (d->converts)
		iconv_close(d->iconv);
	buf_free(&d->raw);
	buf_free(&d->out);
	buf_free(&d->head);
	free(d);
}

FILE *
decode_stream(struct decode *d)
{
	return d->stream;
}

struct str
decode_head(const struct decode *d)
{
	return buf_str(&d->head);
}

const char *
decode_name(const struct decode *d)
{
	return d->name;
}
