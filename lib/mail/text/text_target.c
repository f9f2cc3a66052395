#include "mail/text/text_target.h"

#include <string.h>

#include "base/ascii.h"
#include "base/num.h"
#include "base/utf8.h"

#define TAG_MAX 1000 /* bytes; a longer one is no tag */

/* White space, which would end the target, and invisible characters. */
static bool
is_unfit(uint32_t c)
{
	return c == ' ' || c == '<' || c == '>' || c == 0xa0 || c == 0xad ||
	       c == 0x34f || (c >= 0x200b && c <= 0x200d) || c == 0x2060 ||
	       c == 0xfeff || c == 0x3000;
}

/* Length of a tag that is one in links only: {name}, [[x]], [NAME]. */
static size_t
measure_link_tag(struct str s)
{
	const char *end;
	char closer;

	if (s.n < 3 || (s.p[0] != '{' && s.p[0] != '['))
		return 0;
	if (s.n > TAG_MAX)
		s.n = TAG_MAX;
	closer = s.p[0] == '{' ? '}' : ']';
	end = memchr(s.p, closer, s.n);
	if (end == NULL)
		return 0;
	if (s.p[1] == '[' && end + 1 < s.p + s.n && end[1] == ']')
		end++;
	s.n = (size_t)(end - s.p) + 1;
	for (size_t i = 0; i < s.n;) {
		uint32_t c = utf8_next(s.p, s.n, &i);

		if (c != ' ' && is_unfit(c))
			return 0;
	}
	return s.n;
}

static void
put_encoded(struct buf *out, struct str bytes)
{
	for (size_t i = 0; i < bytes.n; i++)
		buf_printf(out, "%%%02X", (unsigned char)bytes.p[i]);
}

static void
put_href(struct buf *out, struct str s)
{
	size_t i = 0;

	while (i < s.n) {
		size_t at = i;
		size_t n = measure_link_tag((struct str){s.p + i, s.n - i});
		uint32_t c;

		if (n > 0) {
			buf_add(out, s.p + i, n);
			i += n;
			continue;
		}
		c = utf8_next(s.p, s.n, &i);
		if (c == '\t' || c == '\n')
			continue;
		if (is_unfit(c))
			put_encoded(out, (struct str){s.p + at, i - at});
		else
			buf_add(out, s.p + at, i - at);
	}
}

/* Length of "scheme:" or 0 (RFC 3986 3.1). */
static size_t
measure_scheme(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == ':')
			return i > 0 ? i + 1 : 0;
		if (!ascii_is_letter(c) &&
		    (i == 0 || strchr("0123456789+-.", c) == NULL))
			return 0;
	}
	return 0;
}

static bool
is_useless(struct str scheme)
{
	static const char *const names[] = {"javascript:", "data:", "cid:",
	    "file:", "about:", "blob:", "mid:", "vbscript:"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_is_nocase(scheme, names[i]))
			return true;
	return false;
}

/* Append the path without its . and .. segments (RFC 3986 5.2.4). */
static void
put_path(struct buf *out, struct str path)
{
	size_t root = out->len, i = 0;

	while (i < path.n) {
		const char *slash = memchr(path.p + i + 1, '/', path.n - i - 1);
		size_t end = slash != NULL ? (size_t)(slash - path.p) : path.n;
		struct str segment = {path.p + i, end - i};

		if (str_is(segment, "/..")) {
			while (out->len > root && out->p[--out->len] != '/')
				;
		} else if (!str_is(segment, "/.")) {
			buf_addstr(out, segment);
			i = end;
			continue;
		}
		if (end == path.n)
			buf_addc(out, '/');
		i = end;
	}
}

static size_t
skip_until(struct str s, size_t i, const char *set)
{
	while (i < s.n && strchr(set, s.p[i]) == NULL)
		i++;
	return i;
}

/* RFC 3986 5.2.2 for a reference without scheme and authority. */
static bool
resolve_path(struct buf *out, struct str base, struct str ref)
{
	size_t scheme = measure_scheme(base), host, path, end;
	struct buf merged = {0};

	if (scheme == 0 ||
	    !str_starts((struct str){base.p + scheme, base.n - scheme}, "//"))
		return false;
	host = skip_until(base, scheme + 2, "/?#");
	path = skip_until(base, host, "?#");
	buf_add(out, base.p, host);
	end = skip_until(ref, 0, "?#");
	if (end == 0) {
		buf_add(out, base.p + host, path - host);
	} else {
		if (ref.p[0] != '/') {
			while (path > host && base.p[path - 1] != '/')
				path--;
			buf_add(&merged, base.p + host, path - host);
			if (merged.len == 0)
				buf_addc(&merged, '/');
		}
		buf_add(&merged, ref.p, end);
		put_path(out, buf_str(&merged));
		buf_free(&merged);
	}
	buf_add(out, ref.p + end, ref.n - end);
	return true;
}

bool
text_target_resolve(struct buf *out, struct str base, struct str ref)
{
	if (!str_starts(ref, "//"))
		return resolve_path(out, base, ref);
	buf_add(out, base.p, measure_scheme(base));
	buf_addstr(out, ref);
	return true;
}

static bool
starts_with_field(const struct text_job *job, struct str s)
{
	size_t i = 0;

	if (measure_link_tag(s) > 0)
		return true;
	return html_field_tag(&job->html.fields, utf8_next(s.p, s.n, &i)).p !=
	       NULL;
}

static bool
build_target(struct text_job *job, struct buf *out, struct str href)
{
	struct buf clean = {0};
	struct str s;
	size_t scheme;
	bool good = true;

	put_href(&clean, href);
	s = buf_str(&clean);
	scheme = measure_scheme(s);
	if (s.n == 0 || s.p[0] == '#') {
		good = false;
	} else if (starts_with_field(job, s)) {
		buf_addstr(out, s);
	} else if (str_starts(s, "//")) {
		buf_adds(out, "https:");
		buf_addstr(out, s);
	} else if (scheme > 0) {
		good = !is_useless((struct str){s.p, scheme});
		buf_addstr(out, s);
	} else {
		good = job->base.p != NULL && resolve_path(out, job->base, s);
	}
	buf_free(&clean);
	return good;
}

struct str
text_target(struct text_job *job, struct str href)
{
	struct buf out = {0};
	struct str target = {0};

	if (href.p == NULL)
		return target;
	if (build_target(job, &out, str_strip(href, " \t\n")))
		target = arena_str(job->arena, buf_str(&out));
	buf_free(&out);
	return target;
}

/* Append s in lower case without white space, %XX decoded on request. */
static void
put_folded(struct buf *out, struct str s, bool decode)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		int byte = decode && c == '%'
			       ? num_hex_byte(s.p + i + 1, s.p + s.n)
			       : -1;

		if (byte >= 0) {
			c = (char)byte;
			i += 2;
		}
		if (c != ' ' && c != '\n' && c != '\t')
			buf_addc(out, ascii_lower(c));
	}
}

/* The part of an address that people read: no scheme, www. or slash. */
static struct str
trim_address(struct str s)
{
	size_t n = measure_scheme(s);

	/* In "e.org:8080" there is no scheme. */
	if (n > 0 && memchr(s.p, '.', n) == NULL) {
		s.p += n;
		s.n -= n;
	}
	if (str_starts(s, "//")) {
		s.p += 2;
		s.n -= 2;
	}
	if (str_starts(s, "www.")) {
		s.p += 4;
		s.n -= 4;
	}
	while (s.n > 0 && s.p[s.n - 1] == '/')
		s.n--;
	return s;
}

static void
keep_digits(struct buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->len; i++)
		if (ascii_is_digit(b->p[i]))
			b->p[n++] = b->p[i];
	b->len = n;
}

bool
text_target_repeats(struct str target, struct str text)
{
	struct str scheme = {target.p, measure_scheme(target)};
	struct buf a = {0}, b = {0};
	bool mail = str_is_nocase(scheme, "mailto:"), equal;

	put_folded(&a, target, mail);
	put_folded(&b, text, mail);
	if (str_is_nocase(scheme, "tel:")) {
		keep_digits(&a);
		keep_digits(&b);
	}
	equal = str_eq(trim_address(buf_str(&a)), trim_address(buf_str(&b)));
	buf_free(&a);
	buf_free(&b);
	return equal;
}
