#include "mail/text/text_form.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/json_put.h"
#include "mail/template/template_parse.h"
#include "mail/template/template_render.h"
#include "mail/text/text.h"
#include "unit.h"

#define RECORDS 150

static struct arena *arena;

/* Fields: name title url token odd number list; many ways to hold them. */
static const char *const templates[] = {
    "<p>Hello {{name}}, welcome to {{title}} with all its long lines that are "
    "to be wrapped, {{name}}</p><p>A block that is the same for everybody and "
    "long enough to be wrapped at least once.</p>",
    "<h1>Hello {{name}}</h1><h2>{{title}}</h2><h3>x</h3>",
    "<h1>{{name}} of {{title}}</h1>",
    "<h2><p>{{name}}</p><p>{{title}}</p></h2>",
    "<h2>{{name}}<h2>of {{title}}",
    "<h2>{{name}}</h1><h2>/a.=xo",
    "<h2>{{token}}<h2><a href=\"https://e.org/c?u={{token}}\">{{name}}</a>",
    "<ul><li>{{name}} and a text that is long enough to be wrapped at least "
    "once<ol><li>{{title}}</li></ol></ul>",
    "<ul><li>one<li><p>two</p><li>three<ul><li>a</ul></ul>{{name}}<ul><li>x",
    "<ol start=\"{{number}}\"><li>{{name}}</ol>",
    "<ol><li value=\"{{number}}\">{{name}}<li>b</ol>",
    "<blockquote><p>{{name}} and a text that is long enough to be wrapped at "
    "least once</p><p>the same</p></blockquote>",
    "<a href=\"{{url}}\">Go to {{title}}</a> and more",
    "<a href=\"{{url}}\">{{url}}</a>, <a href=\"mailto:{{token}}\">{{token}}",
    "<a href=\"{{url}}\"><h1>A heading</h1><p>{{name}}</p></a><p>end</p>",
    "<a href=\"https://e.org/c?u={{token}}\">Go</a> {{name}}",
    "<p><a href=\"https://e.org/a\">A</a></p><p><a href=\"{{url}}\">B</a></p>"
    "<p><a href=\"https://e.org/a\">C</a></p>",
    "<base href=\"{{url}}\"><p><a href=\"x/y\">{{name}}</a></p>",
    "<a href=\"{{url}}\"></a><table><tr><td>a<td>b</table>",
    "<table><tr><td>{{name}}</td><td>b</td></tr></table>",
    "<table><tr><th>Name</th><td>{{name}}</td></tr><tr><th>Course</th>"
    "<td>{{number}}</td></tr></table>",
    "<table><tr><td>Name</td><td>{{number}}</td></tr><tr><td>Course</td>"
    "<td>{{token}}</td></tr></table><table><tr><td>x<td>1<tr><td>y<td>22"
    "</table>",
    "<table role=\"{{token}}\"><tr><td>{{name}}<td align=\"right\">x</table>",
    "<table>{{name}}<tr><td colspan=\"{{number}}\">{{title}}</table>{{name}}",
    "<table><tr><td><table><tr><td><h1>{{name}}</h1><p>A block in tables "
    "that is wrapped to the width of its cell.</p></table></table>",
    "<p>no field at all</p><hr><p>x</p>",
    "<p>{{name}}<sup>{{number}}</sup>, x<sup>2</sup></p>",
    "<pre>\n{{name}}\n\t{{title}}</pre><pre>a  b</pre>",
    "<p>a&nbsp;{{name}}&shy;{{title}}&zwj;</p>",
    "<p>1 < 2, {{name}} &lt; {{title}}</p>",
    "{{#name}}<p>{{name}}</p>{{/name}}{{^name}}<p>nobody</p>{{/name}}<p>x</p>",
    "<ul>{{#list}}<li>{{.}} of {{name}}</li>{{/list}}</ul><p>x</p>",
    "<p>{{{name}}}</p><p>the same</p>",
    "<p>{{&title}} {{name}}</p>",
    "<img alt=\"{{name}}\" src=\"x.png\" width=\"{{number}}\">{{title}}",
    "<a href=\"{{url}}\"><img alt=\"\" title=\"{{title}}\" src=\"x.png\"></a>",
    "<style>.x { display: none }</style><p class=\"{{token}}\">{{name}}</p>"
    "<p class=\"x\">{{title}}</p>",
    "<p style=\"font-size: {{number}}px\">{{name}}</p><p hidden>pre {{title}}"
    "</p><p>post</p>",
    "<div style=\"display: none\">hidden</div><div>{{name}}</div>&nbsp;<div>"
    "&nbsp;</div><div>x</div>",
    "R&{{name}} &am{{title}} %%{{token}}%% ${{=<% %>=}}{<% token %>} *|"
    "<% token %>|*<%={{ }}=%>",
    "<!-- {{name}} --><title>{{title}}</title>{{name}}<br>{{title}}<br>",
    "<p>{{name}} %%USER_ID%% {% x %}</p><p>{{title}}</p><p>*|FNAME|*</p>",
    "<q>{{name}}</q> <dl><dt>{{title}}<dd>{{name}}<dd>the same</dl>",
    "<a h,ref=\"{{name}}\" href=\"{{url}}\">a</a/ x> "
    "<a/href=\"{{url}}\">{{title}}"
    "</a><img 1=\"{{title}}\" alt = \"{{name}}\">",
    "<p>{{odd}}</p><div><p hidden>pre</p>x</div><p>{{name}}</p>",
    "<table><tr><td>{{name}}<td><p>A block in a cell that is too long for one "
    "line of seventy-two columns, whatever is beside it.</p><tr><td>c<td>d"
    "</table>",
    "<a href=\"{{url}}\"><ul><li><p><img src=x alt=\"\"></p></ul></a>{{name}}",
    "<table><tr><th>a<th>{{name}}<tr><td>{{name}}<div>1<br>2<br>3<br>4</div>"
    "<td>x</table>",
    "<ul><li>{{name}}<div><p>a</p><p>b</p></div><li>c</ul>",
    "<p>\xf4\x80\x80\x81{{name}} {{title}}</p>",
    "<\x05{{name}}> &\x05{{title}}",
    "<p>%%{{token}}%% of {{name}}</p>",
    "<base href=\"{{url}}\"><p><a href=\"x/y\">the same</a></p>{{name}}",
    "{{odd}} {{odd}}%NAME%% %%NAME%{{odd}}",
    "<p>R&{{name}} &am{{title}} &{{odd}}</p>",
    "",
};

/* Parts of random values: ordinary ones, and all that has a meaning. */
static const char *const parts[] = {"Ann", "Lee", "O'Neil", " ", " ", " ", "7",
    "12.50", "-3", "2", "x", "amp;", "lt;y", "&", "&amp;", "<b>", "</p>", "\"",
    ">", "Maximiliana", "Featherstonehaugh-Cholmondeley", "https://e.org",
    "e.org", "a@e.org", "mailto:", "/a?b=c&d=e", "presentation", "\n", "\t",
    "  ", "\xc2\xa0", "\xc2\xad", "\xe2\x80\x8b", "\xe2\x80\x8d", "\xcc\x88",
    "\xe6\x9d\x8e\xe5\xb0\x8f\xe9\xbe\x99", "\xef\xbc\x8c", "\xef\xbb\xbf",
    "\xd7\x9e\xd7\x91\xd7\x95\xd7\x90", "\xf0\x9f\x8e\x93", "\xef\xbf\xbe",
    "\xf3\xb0\x80\x80", "\xf4\x80\x80\x81", "\xc2\x85", "\x7f", "\x01", "{{",
    "}}", "{{b}}", "%", "%%A%%", "{%", "%}", "$", "{x}", "*|", "|*", "- ", "> ",
    "^", "(", ".", "..."};

#define PARTS (sizeof(parts) / sizeof(parts[0]))

static unsigned seed;

static unsigned
random_below(unsigned n)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 8) % n;
}

static void
put_member(struct buf *b, const char *name, unsigned most)
{
	struct buf value = {0};

	if (strcmp(name, "url") == 0)
		buf_adds(&value, "https://e.org/");
	for (unsigned n = random_below(most + 1); n > 0; n--)
		buf_adds(
		    &value, parts[random_below(random_below(2) ? 10 : PARTS)]);
	buf_printf(b, "%s\"%s\":", b->len > 1 ? "," : "", name);
	json_put_string(b, buf_str(&value));
	buf_free(&value);
}

/* Values as a whole that a random choice of parts seldom makes. */
static const char *const odd[] = {"Ann", "x", "", " ", "\xe2\x80\x8b",
    "\xef\xbb\xbfx", "5%", "%5", "amp;", "#60;", ";", "\xc2\xa0"};

static bool
make_record(struct json_object *o)
{
	struct buf b = {0};
	struct fail f;
	bool good;

	buf_addc(&b, '{');
	put_member(&b, "name", 5);
	put_member(&b, "title", 12);
	put_member(&b, "url", 4);
	put_member(&b, "token", 1);
	buf_printf(&b, ",\"odd\":\"%s\"",
	    odd[random_below(sizeof(odd) / sizeof(odd[0]))]);
	buf_printf(&b, ",\"number\":%u,\"list\":[1,\"Bo\"]", random_below(30));
	buf_addc(&b, '}');
	good = json_parse(o, arena_str(arena, buf_str(&b)), arena, &f) == 0;
	buf_free(&b);
	return good;
}

/* True if the form gives the text of the rendered HTML, or the same failure. */
static bool
is_same_text(const struct template *t, struct text_form *form,
    const struct text_params *params, const struct template_data *data)
{
	struct buf html = {0}, whole = {0}, filled = {0};
	struct fail f = {0}, g = {0};
	int rc = template_render(t, data, arena, &html, &f);
	bool same;

	if (rc == 0)
		rc = text_from_html(&whole, buf_str(&html), params, &f);
	same = text_form_render(form, data, arena, &filled, &g) == rc &&
	       (rc < 0 ? strcmp(f.text, g.text) == 0
		       : str_eq(buf_str(&whole), buf_str(&filled)));
	if (!same)
		printf("# %s, %s\n# [%s]\n# whole [%s]\n# form  [%s]\n", f.text,
		    g.text, buf_cstr(&html), buf_cstr(&whole),
		    buf_cstr(&filled));
	buf_free(&html);
	buf_free(&whole);
	buf_free(&filled);
	return same;
}

static bool
holds_for_records(const struct template *t, const struct text_params *params)
{
	struct text_form *form = text_form_new(t, params);
	bool same = true;

	for (size_t i = 0; i < RECORDS && same; i++) {
		struct json_object o;
		const struct json_object *objects[] = {&o};
		struct template_data data = {.objects = objects, .count = 1};

		same = make_record(&o) && is_same_text(t, form, params, &data);
	}
	text_form_free(form);
	arena_reset(arena);
	return same;
}

static void
test_template(size_t i)
{
	static const int widths[] = {72, 20, 0};
	struct template_params tp = {.name = "body", .context = TEMPLATE_HTML};
	struct template *t;
	struct fail f = {0};

	if (!ok(template_parse(&t, str_of(templates[i]), &tp, &f) == 0,
		"template %zu %s", i, f.text))
		return;
	for (size_t w = 0; w < 3; w++) {
		for (size_t links = 0; links < 3; links++) {
			struct text_params params = {.width = widths[w],
			    .links = (enum text_links)links,
			    .preheader = (w + links) % 2 == 1};

			seed = (unsigned)(i * 9 + w * 3 + links);
			ok(holds_for_records(t, &params),
			    "template %zu, width %d, links %zu", i, widths[w],
			    links);
		}
	}
	template_free(t);
}

/* HTML that is too large for the parser is the same failure for both. */
static void
test_size(void)
{
	struct template_params tp = {.name = "body", .context = TEMPLATE_HTML};
	struct text_params params = {.width = 72};
	struct buf b = {0};
	struct template *t;
	struct text_form *form;
	struct json_object o;
	const struct json_object *objects[] = {&o};
	struct template_data data = {.objects = objects, .count = 1};
	struct fail f = {0};

	buf_adds(&b, "{{name}}<!--");
	memset(buf_reserve(&b, HTML_MAX), 'x', HTML_MAX);
	b.len = HTML_MAX - 13;
	buf_adds(&b, "-->");
	template_parse(&t, buf_str(&b), &tp, &f);
	form = text_form_new(t, &params);
	json_parse(
	    &o, STR("{\"name\":\"& 2345678901234567890123\"}"), arena, &f);
	ok(is_same_text(t, form, &params, &data), "a large body");
	buf_reset(&b);
	ok(text_form_render(form, &data, arena, &b, &f) < 0 &&
		f.kind == FAIL_DATA,
	    "is refused: %s", f.text);
	text_form_free(form);
	template_free(t);
	buf_free(&b);
}

int
main(void)
{
	arena = arena_new();
	for (size_t i = 0; i < sizeof(templates) / sizeof(templates[0]); i++)
		test_template(i);
	test_size();
	arena_free(arena);
	return unit_end();
}
