#include "mail/template/template_parse.h"

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "mail/template/template_render.h"
#include "unit.h"

struct partial {
	const char *name, *text;
};

static struct template_source
find_partial(void *ctx, const char *name)
{
	const struct partial *p = ctx;

	if (p->name == NULL || strcmp(p->name, name) != 0)
		return (struct template_source){0};
	return (struct template_source){.bytes = str_of(p->text)};
}

/* The rendered text, or the reason of the failure. */
static void
render(struct buf *out, enum template_context context, const char *source,
    const char *data, const struct partial *partial)
{
	struct template_params params = {.name = "t",
	    .context = context,
	    .rules.partial = find_partial,
	    .rules.partial_ctx = (void *)(intptr_t)partial};
	struct arena *arena = arena_new();
	struct json_object record;
	const struct json_object *objects[] = {&record};
	struct template_data d = {.objects = objects, .count = 1};
	struct template *t;
	struct fail f;

	buf_reset(out);
	if (template_parse(&t, str_of(source), &params, &f) < 0) {
		buf_printf(
		    out, "%s%s", f.kind == FAIL_SYSTEM ? "! " : "? ", f.text);
	} else if (json_parse(&record, str_of(data), arena, &f) < 0) {
		buf_printf(out, "json %s", f.text);
	} else if (template_render(t, &d, arena, out, &f) < 0) {
		buf_reset(out);
		buf_printf(
		    out, "%s%s", f.kind == FAIL_DATA ? "# " : "? ", f.text);
	}
	template_free(t);
	arena_free(arena);
}

struct template_test {
	const char *source, *data, *want;
};

#define URL_ERROR "field u is not an http, https or mailto URL"

/* Characters and places by WHATWG HTML and RFC 3986. */
static const struct template_test html[] = {
    {"<p>{{x}}</p>", "{\"x\":\"<script>&\\\"'\"}",
	"<p>&lt;script&gt;&amp;&quot;&#39;</p>"},
    {"<p title=\"{{x}}\">", "{\"x\":\"\\\" onx='\"}",
	"<p title=\"&quot; onx=&#39;\">"},
    {"{{{x}}}{{&x}}", "{\"x\":\"<b>\"}", "<b><b>"},
    {"{{x}}", "{\"x\":\"{{email}} {{#a}}\"}", "{{email}} {{#a}}"},
    {"<a href=\"{{u}}\">", "{\"u\":\"https://e.org/?a=1&b=2\"}",
	"<a href=\"https://e.org/?a=1&amp;b=2\">"},
    {"<a href='{{u}}'>", "{\"u\":\"HTTP://e.org/a b'c\"}",
	"<a href='HTTP://e.org/a%20b%27c'>"},
    {"<a href=\"{{u}}\">", "{\"u\":\"mailto:a@e.org\"}",
	"<a href=\"mailto:a@e.org\">"},
    {"<a href=\"MAILTO:{{u}}?subject={{u}}\">", "{\"u\":\"a+b&@x@e.org\"}",
	"<a href=\"MAILTO:a%2Bb%26%40x@e.org?subject=a%2Bb%26%40x%40e.org\">"},
    {"<a href=\"https://e.org/mailto:{{u}}\">", "{\"u\":\"a@e.org\"}",
	"<a href=\"https://e.org/mailto:a%40e.org\">"},
    {"<a href='mailto:{{u}}'>", "{\"u\":\"team\"}", "<a href='mailto:team'>"},
    {"R&{{x}}", "{\"x\":\"amp;lt;\"}", "R&&#97;mp;lt;"},
    {"R&am{{x}}", "{\"x\":\"p;\"}", "R&am&#112;;"},
    {"&#6{{x}} &#x3{{x}}", "{\"x\":\"0;\"}", "&#6&#48;; &#x3&#48;;"},
    {"&lt{{x}}", "{\"x\":\";\"}", "&lt&#59;"},
    {"&{{x}}", "{\"x\":\"#60;\"}", "&&#35;60;"},
    {"&{{x}} &amp;{{x}} a{{x}}", "{\"x\":\"<lt;\"}",
	"&&lt;lt; &amp;&lt;lt; a&lt;lt;"},
    {"&amp;{{x}}", "{\"x\":\"lt;\"}", "&amp;lt;"},
    {"{{x}}{{y}}", "{\"x\":\"&\",\"y\":\"lt;\"}", "&amp;lt;"},
    {"<p title=\"a&{{x}}\">", "{\"x\":\"gt;\"}", "<p title=\"a&&#103;t;\">"},
    {"<a href=\"https://e.org/?a=b&{{x}}\">", "{\"x\":\"lt\"}",
	"<a href=\"https://e.org/?a=b&&#108;t\">"},
    {"<a href=\" {{u}}\">", "{\"u\":\"javascript:x\"}", "# t:1:11: " URL_ERROR},
    {"<a href=\"{{u}}\">", "{\"u\":\" java\\tscript:x\"}",
	"# t:1:10: " URL_ERROR},
    {"<a href=\"{{u}}\">", "{\"u\":\"JaVaScRiPt:x\"}", "# t:1:10: " URL_ERROR},
    {"<a href=\"{{u}}\">", "{\"u\":\"data:text/html,x\"}",
	"# t:1:10: " URL_ERROR},
    {"<a href=\"{{u}}\">", "{\"u\":\"//e.org/\"}", "# t:1:10: " URL_ERROR},
    {"<a href=\"{{u}}\">", "{\"u\":\"https:///e\"}", "# t:1:10: " URL_ERROR},
    {"<a href=\"{{u}}\">", "{\"u\":\"\"}", "# t:1:10: field u is empty"},
    {"<a href=\"{{u}}\">", "{\"u\":\"http://e.org/\\nx\"}",
	"# t:1:10: " URL_ERROR},
    {"<a href=\"java{{u}}\">", "{\"u\":\"script:x\"}",
	"<a href=\"javascript%3Ax\">"},
    {"<img src=\"https://e.org/{{u}}?n={{v}}\">",
	"{\"u\":\"a/b c\",\"v\":\"x&y=\xc3\xa9\"}",
	"<img src=\"https://e.org/a%2Fb%20c?n=x%26y%3D%C3%A9\">"},
    {"<a href=\"{{#a}}{{u}}{{/a}}{{u}}\">",
	"{\"a\":true,\"u\":\"http://e.org\"}",
	"<a href=\"http://e.orghttp%3A%2F%2Fe.org\">"},
    {"<a href=\"{{#a}}{{u}}{{/a}}{{v}}\">",
	"{\"a\":false,\"u\":\"\",\"v\":\"x:y\"}",
	"# t:1:27: field v is not an http, https or mailto URL"},
    {"<v:roundrect xlink:HREF = \"{{u}}\">", "{\"u\":\"x:\"}",
	"# t:1:28: " URL_ERROR},
    {"<td background='{{u}}'>", "{\"u\":\"x:\"}", "# t:1:17: " URL_ERROR},
    {"<img alt='{{u}}' src='cid:x'>", "{\"u\":\"x:\"}",
	"<img alt='x:' src='cid:x'>"},
    {"<p style=\"color:{{c}}\">", "{\"c\":\"#36a, 1.5em\"}",
	"<p style=\"color:#36a, 1.5em\">"},
    {"<p style=\"color:{{c}}\">", "{\"c\":\"url(x)\"}",
	"# t:1:17: field c has a character that no style may hold"},
    {"<style>a{color:{{c}}}</style>{{d}}", "{\"c\":\"red\",\"d\":\"(\"}",
	"<style>a{color:red}</style>("},
    {"<style>{{c}}</style>", "{\"c\":\"</style>\"}",
	"# t:1:8: field c has a character that no style may hold"},
    {"<script>x='</scripty>';{{x}}", "{}",
	"! t:1:24: a tag cannot stand in a script: x"},
    {"<script>{{{x}}}</script >{{x}}", "{\"x\":\"<\"}",
	"<script><</script >&lt;"},
    {"<a onclick=\"f('{{x}}')\">", "{}",
	"! t:1:16: a tag cannot stand in a script: x"},
    {"<iframe srcdoc='{{x}}'>", "{}",
	"! t:1:17: a tag cannot stand in a script: x"},
    {"<a href={{u}}>", "{}",
	"! t:1:9: put the attribute's value in quotes to have a tag in it: "
	"u"},
    {"<a\n href=x{{u}}>", "{}",
	"! t:2:8: put the attribute's value in quotes to have a tag in it: "
	"u"},
    {"<{{u}}>", "{}",
	"! t:1:2: a tag cannot stand in the name of an HTML tag or "
	"attribute: u"},
    {"<p {{u}}>", "{}",
	"! t:1:4: a tag cannot stand in the name of an HTML tag or "
	"attribute: u"},
    {"<p {{#a}}hidden{{/a}}>{{a}}", "{\"a\":\"<\"}", "<p hidden>&lt;"},
    {"<td{{#a}} class='{{a}}'{{/a}}>{{a}}", "{\"a\":\"<\"}",
	"<td class='&lt;'>&lt;"},
    {"<p>{{#a}}<b class=\"{{/a}}", "{}",
	"! t:1:20: the section ends in another part of the HTML than it "
	"began in: a"},
    {"<!-- <a href={{u}} -->{{u}}", "{\"u\":\"-->\"}",
	"<!-- <a href=--&gt; -->--&gt;"},
    {"<!--> {{u}}", "{\"u\":\"<\"}", "<!--> &lt;"},
    {"<!--[if mso]><a href='{{u}}'><![endif]-->{{u}}",
	"{\"u\":\"javascript:x\"}", "# t:1:23: " URL_ERROR},
    {"<!DOCTYPE html><?x?>1 < 2 {{u}} <3 {{u}}", "{\"u\":\"&\"}",
	"<!DOCTYPE html><?x?>1 < 2 &amp; <3 &amp;"},
    {"<a title=a href=\"{{u}}\" title>{{v}}",
	"{\"u\":\"http://e\",\"v\":\"'\"}",
	"<a title=a href=\"http://e\" title>&#39;"},
    {"<a href=\"/{{u}}\"/>{{u}}</a >{{u}}", "{\"u\":\"&\"}",
	"<a href=\"/%26\"/>&amp;</a >&amp;"},
};

static const struct template_test text[] = {
    {"Dear {{name}},", "{\"name\":\"A & <B>\"}", "Dear A & <B>,"},
    {"{{a.b}}", "{\"a\":{\"b\":1.10}}", "1.10"},
    {"{{n}}", "{\"n\":9007199254740993}", "9007199254740993"},
    {"a\n{{x}}", "{}", "# t:2:1: field x is missing"},
    {"\xc3\xa9{{x}}", "{\"x\":null}", "# t:1:2: field x is missing"},
    {"{{a.b}}", "{\"a\":{}}", "# t:1:1: field a.b is missing"},
    {"{{a.b}}", "{\"a\":\"b\"}", "# t:1:1: field a.b is missing"},
    {"{{#x}}Hi {{x}}{{/x}}{{^x}}Hello{{/x}}", "{}", "Hello"},
    {"{{#x}}Hi {{x}}{{/x}}{{^x}}Hello{{/x}}", "{\"x\":\"\"}", "Hello"},
    {"{{#x}}Hi {{x}}{{/x}}{{^x}}Hello{{/x}}", "{\"x\":\"y\"}", "Hi y"},
    {"{{#x.y}}{{x.y}}{{/x.y}}", "{}", ""},
    {"{{#x}}{{y}}{{/x}}", "{\"x\":{}}", "# t:1:7: field y is missing"},
    {"{{x}}", "{\"x\":[1]}", "# t:1:1: field x is not a text or a number"},
    {"{{x}}", "{\"x\":{}}", "# t:1:1: field x is not a text or a number"},
    {"{{x}}", "{\"x\":false}", "false"},
    {"{{#l}}{{.}},{{/l}}", "{\"l\":[1,\"b\",true]}", "1,b,true,"},
    {"{{>p}}", "{\"x\":1}", "<1>"},
    {"a\n{{#x}} \t\nb\n{{/x}}  \nc", "{\"x\":1}", "a\nb\nc"},
    {"{{>q}}", "{}", "! t:1:1: there is no such partial: q"},
    {"{{x", "{}", "! t:1:1: tag without end"},
    {"{{{x}}", "{}", "! t:1:1: tag without end"},
    {"{{}}", "{}", "! t:1:1: tag without a name"},
    {"{{link \"home\"}}", "{}",
	"! t:1:1: a name cannot have white space in it: link \"home\"; did you "
	"mean link_home?"},
    {"a {{&nbsp;name&nbsp;}}", "{}",
	"! t:1:3: an editor has put &nbsp; into the tag, which stands for a "
	"blank: take it out: nbsp;name&nbsp;"},
    {"{{name&#160;}}", "{}",
	"! t:1:1: an editor has put &nbsp; into the tag, which stands for a "
	"blank: take it out: name&#160;"},
    {"{{a..b}}", "{}", "! t:1:1: misplaced dot in a name: a..b"},
    {"a\n {{#x}}", "{}", "! t:2:2: section without end: x"},
    {"{{/x}}", "{}", "! t:1:1: no section is open here: x"},
    {"{{#x}}{{#y}}{{/x}}", "{}",
	"! t:1:13: another section must be closed first: y"},
    {"{{=<% =}}", "{}", "! t:1:1: not a pair of delimiters: <%"},
    {"{{= a b c =}}", "{}", "! t:1:1: not a pair of delimiters: a b c"},
    {"{{<p}}", "{}", "! t:1:1: template inheritance is not known: p"},
    {"{{$p}}", "{}", "! t:1:1: template inheritance is not known: p"},
};

static void
test_all(const char *group, enum template_context context,
    const struct template_test *t, size_t n)
{
	struct partial partial = {"p", "<{{x}}>"};
	struct buf out = {0};

	for (size_t i = 0; i < n; i++) {
		char name[512];

		snprintf(
		    name, sizeof(name), "%s %zu: %s", group, i, t[i].source);
		render(&out, context, t[i].source, t[i].data, &partial);
		same(buf_str(&out), t[i].want, name);
	}
	buf_free(&out);
}

static void
test_recursion(void)
{
	struct partial loop = {"p", "{{>p}}"};
	struct buf out = {0};

	render(&out, TEMPLATE_TEXT, "{{>p}}", "{}", &loop);
	same(buf_str(&out), "# p: nested too deeply", "endless partial");
	loop.text = "{{#a}}[{{>p}}]{{/a}}{{^a}}.{{/a}}";
	render(&out, TEMPLATE_HTML, "<b>{{>p}}", "{\"a\":{\"a\":{\"a\":0}}}",
	    &loop);
	same(buf_str(&out), "<b>[[.]]", "recursion that ends");
	buf_free(&out);
}

static void
test_uses(void)
{
	struct partial partial = {"p", "{{#inner}}{{/inner}}"};
	struct template_params params = {.name = "t",
	    .rules.partial = find_partial,
	    .rules.partial_ctx = &partial};
	struct template *t;
	struct fail f;

	template_parse(&t, STR("{{>p}}{{outer}}{{!no}}"), &params, &f);
	ok(template_uses(t, "outer"), "uses a field");
	ok(template_uses(t, "inner"), "uses a field of a partial");
	ok(!template_uses(t, "no"), "does not use a comment");
	template_free(t);
}

int
main(void)
{
	test_all("html", TEMPLATE_HTML, html, sizeof(html) / sizeof(html[0]));
	test_all("text", TEMPLATE_TEXT, text, sizeof(text) / sizeof(text[0]));
	test_recursion();
	test_uses();
	return unit_end();
}
