#include "mail/html/image_refs.h"

#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "mail/html/html_tags.h"

struct walk {
	image_refs_fn *fn;
	void *ctx;
	struct fail *fail;
	size_t at; /* of the tag */
};

static int
report_address(const struct walk *w, struct str address, bool sheet)
{
	struct image_ref ref = {address, w->at, sheet};

	return address.n > 0 ? w->fn(w->ctx, &ref, w->fail) : 0;
}

static struct str
trim_space(struct str s)
{
	return str_strip(s, " \t\n\r\f");
}

/* The candidates of a srcset (WHATWG HTML 4.8.4.2.1): address, descriptors. */
static int
walk_srcset(const struct walk *w, struct str s)
{
	size_t i = 0;

	for (;;) {
		size_t begin, end;
		int depth = 0;

		while (i < s.n && (ascii_is_space(s.p[i]) || s.p[i] == ','))
			i++;
		begin = i;
		while (i < s.n && !ascii_is_space(s.p[i]))
			i++;
		end = i;
		if (begin == end)
			return 0;
		if (s.p[end - 1] == ',') {
			while (s.p[end - 1] == ',')
				end--;
		} else {
			for (; i < s.n && (s.p[i] != ',' || depth > 0); i++)
				depth += (s.p[i] == '(') - (s.p[i] == ')');
		}
		if (report_address(
			w, (struct str){s.p + begin, end - begin}, false) < 0)
			return -1;
	}
}

/* The quote that starts s, as a character or a reference; its length. */
static size_t
measure_quote(struct str s)
{
	static const char *const quotes[] = {
	    "\"", "'", "&quot;", "&#34;", "&#39;", "&apos;", "&#x27;"};

	for (size_t i = 0; i < sizeof(quotes) / sizeof(*quotes); i++)
		if (str_starts(s, quotes[i]))
			return strlen(quotes[i]);
	return 0;
}

/* The address in "url(...)", which starts behind the parenthesis. */
static struct str
read_css_address(struct str s)
{
	const char *end;
	size_t n, quote;

	while (s.n > 0 && ascii_is_space(*s.p))
		s = (struct str){s.p + 1, s.n - 1};
	quote = measure_quote(s);
	if (quote > 0) {
		struct str inner = {s.p + quote, s.n - quote};

		end = memmem(inner.p, inner.n, s.p, quote);
		return end != NULL
			   ? (struct str){inner.p, (size_t)(end - inner.p)}
			   : (struct str){0};
	}
	for (n = 0; n < s.n && s.p[n] != ')'; n++)
		n += s.p[n] == '\\' && n + 1 < s.n;
	return trim_space((struct str){s.p, n < s.n ? n : 0});
}

/* Fonts and style sheets are no pictures: "src: url()", "@import url()". */
static bool
is_picture_property(struct str css, size_t at)
{
	size_t i = at;

	while (i > 0 && memchr("{};", css.p[i - 1], 3) == NULL)
		i--;
	while (i < at && ascii_is_space(css.p[i]))
		i++;
	if (i < at && css.p[i] == '@')
		return false;
	return at - i < 4 || strncasecmp(css.p + i, "src", 3) != 0;
}

static int
walk_css(const struct walk *w, struct str css, bool sheet)
{
	for (size_t i = 0; i + 4 < css.n; i++) {
		struct str rest = {css.p + i, css.n - i};
		const char *end;

		if (str_starts(rest, "/*")) {
			end = memmem(rest.p, rest.n, "*/", 2);
			if (end == NULL)
				return 0;
			i = (size_t)(end + 1 - css.p);
		} else if (strncasecmp(rest.p, "url(", 4) == 0 &&
			   is_picture_property(css, i)) {
			rest = (struct str){rest.p + 4, rest.n - 4};
			if (report_address(w, read_css_address(rest), sheet) <
			    0)
				return -1;
		}
	}
	return 0;
}

static int
walk_attribute(const struct walk *w, const struct html_tag *tag,
    struct str name, struct str value)
{
	bool img = str_is_nocase(tag->name, "img");

	if ((img && str_is_nocase(name, "src")) ||
	    str_is_nocase(name, "background"))
		return report_address(w, trim_space(value), false);
	if ((img || str_is_nocase(tag->name, "source")) &&
	    str_is_nocase(name, "srcset"))
		return walk_srcset(w, value);
	if (str_is_nocase(name, "style"))
		return walk_css(w, value, false);
	return 0;
}

int
image_refs_each(struct str html, image_refs_fn *fn, void *ctx, struct fail *f)
{
	struct walk w = {.fn = fn, .ctx = ctx, .fail = f};
	struct str name, value;
	struct html_tag tag;
	size_t next = 0;

	while (html_tags_next(html, &next, &tag)) {
		size_t at = 0;

		w.at = tag.at;
		if (tag.closing)
			continue;
		while (html_tags_attribute(tag.attributes, &at, &name, &value))
			if (value.p != NULL &&
			    walk_attribute(&w, &tag, name, value) < 0)
				return -1;
		if (str_is_nocase(tag.name, "style") &&
		    walk_css(&w, (struct str){html.p + tag.end, next - tag.end},
			true) < 0)
			return -1;
	}
	return 0;
}
