#include "base/holders.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/buf.h"

#define CHUNK 65536
#define DEPTH_MAX 32 /* folders in folders */

struct search {
	const struct holders_address *address;
	holders_fn *fn;
	void *ctx;
	int depth;
};

/* A byte that makes another address of the one behind or before it. */
static bool
is_part(char c)
{
	return ascii_is_alnum(c) || strchr("._+-", c) != NULL ||
	       (unsigned char)c >= 0x80;
}

/* A piece of a file. */
struct piece {
	struct str text;
	bool first, last;
	bool joined; /* texts stand side by side, as the cells of a database */
};

static bool
stands_at(const struct piece *p, size_t at, struct str form)
{
	const char *s = p->text.p;
	size_t end = at + form.n;

	if (end > p->text.n || strncasecmp(s + at, form.p, form.n) != 0)
		return false;
	if (p->joined)
		return true;
	if (at == 0 ? !p->first : is_part(s[at - 1]))
		return false;
	return end == p->text.n ? p->last : !is_part(s[end]) || s[end] == '.';
}

static bool
holds_form(const struct piece *p, struct str form)
{
	const char *sign = memchr(form.p, '@', form.n), *at = p->text.p;
	const char *end = at + p->text.n;
	size_t before = sign == NULL ? 0 : (size_t)(sign - form.p);

	while (sign != NULL && (at = memchr(at, '@', (size_t)(end - at)))) {
		size_t n = (size_t)(at - p->text.p);

		if (n >= before && stands_at(p, n - before, form))
			return true;
		at++;
	}
	return false;
}

/* 1 if the file has the address, 0 if not, -1 with errno. */
static int
search_file(const struct search *s, int fd)
{
	const struct str *forms = s->address->forms;
	size_t keep = forms[0].n + forms[1].n + 2;
	struct piece p = {.first = true};
	struct buf b = {0};
	int found = 0;
	ssize_t n;

	do {
		n = read(fd, buf_reserve(&b, CHUNK), CHUNK);
		b.len += n > 0 ? (size_t)n : 0;
		p.text = buf_str(&b);
		p.last = n == 0;
		if (p.first)
			p.joined = str_starts(p.text, "SQLite format 3");
		if (b.len > 0)
			found = holds_form(&p, forms[0]) ||
				holds_form(&p, forms[1]);
		if (b.len > keep) {
			memmove(b.p, b.p + b.len - keep, keep);
			b.len = keep;
			p.first = false;
		}
	} while (found == 0 && n > 0);
	buf_free(&b);
	return n < 0 ? -1 : found;
}

static void search_path(struct search *, int dir, const char *, const char *);

static int
is_entry(const struct dirent *e)
{
	return strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
}

static void
search_folder(struct search *s, int fd, const char *path)
{
	struct dirent **list;
	int count = scandirat(fd, ".", &list, is_entry, alphasort);

	if (count < 0) {
		s->fn(s->ctx, path, strerror(errno));
		return;
	}
	for (int i = 0; i < count; i++) {
		struct buf inner = {0};

		buf_printf(&inner, "%s/%s", path, list[i]->d_name);
		if (s->depth < DEPTH_MAX)
			search_path(s, fd, list[i]->d_name, buf_cstr(&inner));
		else
			s->fn(s->ctx, buf_cstr(&inner), "too deep");
		buf_free(&inner);
		free(list[i]);
	}
	free(list);
}

/* A FIFO has no end, and a link leads away. */
static void
search_path(struct search *s, int dir, const char *name, const char *path)
{
	int fd =
	    openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	int found = 0;

	if (fd < 0 || fstat(fd, &st) < 0) {
		if (errno != ENOENT && errno != ELOOP && errno != ENXIO)
			s->fn(s->ctx, path, strerror(errno));
	} else if (S_ISDIR(st.st_mode)) {
		s->depth++;
		search_folder(s, fd, path);
		s->depth--;
	} else if (S_ISREG(st.st_mode)) {
		found = search_file(s, fd);
		if (found != 0)
			s->fn(s->ctx, path, found < 0 ? strerror(errno) : NULL);
	}
	if (fd >= 0)
		close(fd);
}

void
holders_find(const char *path, const struct holders_address *address,
    holders_fn *fn, void *ctx)
{
	struct search s = {address, fn, ctx, 0};

	search_path(&s, AT_FDCWD, path, path);
}
