#include "base/str.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"

struct str
str_of(const char *s)
{
	return (struct str){s, s != NULL ? strlen(s) : 0};
}

bool
str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

int
str_order(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n > 0 ? memcmp(a.p, b.p, n) : 0;

	return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

bool
str_is(struct str a, const char *s)
{
	return str_eq(a, str_of(s));
}

bool
str_is_nocase(struct str a, const char *s)
{
	size_t i = 0;

	/* Most differ in the first byte. */
	while (
	    i < a.n && s[i] != '\0' && ascii_lower(a.p[i]) == ascii_lower(s[i]))
		i++;
	return i == a.n && s[i] == '\0';
}

bool
str_starts(struct str a, const char *prefix)
{
	size_t i = 0;

	while (i < a.n && prefix[i] != '\0' && a.p[i] == prefix[i])
		i++;
	return prefix[i] == '\0';
}

bool
str_starts_nocase(struct str a, const char *prefix)
{
	size_t n = strlen(prefix);

	return a.n >= n && (n == 0 || strncasecmp(a.p, prefix, n) == 0);
}

bool
str_is_ascii(struct str s)
{
	unsigned char all = 0;
	uint64_t w, words = 0;

	for (; s.n >= sizeof(w); s.p += sizeof(w), s.n -= sizeof(w)) {
		memcpy(&w, s.p, sizeof(w));
		words |= w;
	}
	for (; s.n > 0; s.p++, s.n--)
		all |= (unsigned char)*s.p;
	return (words & UINT64_C(0x8080808080808080)) == 0 && all < 0x80;
}

/* By memchr(), because strchr() also finds the NUL behind the set. */
struct str
str_strip(struct str s, const char *set)
{
	size_t n = strlen(set);

	while (s.n > 0 && memchr(set, s.p[0], n) != NULL) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && memchr(set, s.p[s.n - 1], n) != NULL)
		s.n--;
	return s;
}

struct str
str_trim(struct str s)
{
	return str_strip(s, " \t");
}

struct str
str_behind(struct str s, char c)
{
	const char *at = s.n > 0 ? memrchr(s.p, c, s.n) : NULL;

	if (at == NULL)
		return (struct str){0};
	return (struct str){at + 1, (size_t)(s.p + s.n - at) - 1};
}

struct str
str_take(struct str *s, struct str stop)
{
	const char *at = s->n > 0 ? memmem(s->p, s->n, stop.p, stop.n) : NULL;
	struct str head = {s->p, at != NULL ? (size_t)(at - s->p) : s->n};
	size_t used = at != NULL ? head.n + stop.n : head.n;

	if (used > 0) { /* an absent value has no pointer to advance */
		s->p += used;
		s->n -= used;
	}
	return head;
}

bool
str_line(struct str *rest, struct str *line)
{
	const char *lf = rest->n > 0 ? memchr(rest->p, '\n', rest->n) : NULL;

	if (rest->n == 0)
		return false;
	*line = (struct str){
	    rest->p, lf != NULL ? (size_t)(lf - rest->p) : rest->n};
	rest->p += line->n + (lf != NULL);
	rest->n -= line->n + (lf != NULL);
	return true;
}
