#include "mail/html/markdown.h"

#include "base/buf.h"
#include "unit.h"

#define BOX "<div style=\"overflow-x: auto\" tabindex=\"0\">\n"

static const struct {
	const char *source, *want;
} tests[] = {
    /* CommonMark and GFM */
    {"", ""},
    {"# Hi *you*\n\ntext\nmore",
	"<h1>Hi <em>you</em></h1>\n<p>text\nmore</p>\n"},
    {"- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"},
    {"~~no~~", "<p><del>no</del></p>\n"},
    {"see https://e.org/x.", "<p>see <a href=\"https://e.org/x\">"
			     "https://e.org/x</a>.</p>\n"},
    {"<b>raw</b> & <", "<p><b>raw</b> &amp; &lt;</p>\n"},
    {"| a | b |\n|---|--:|\n| 1 | 2 |", BOX
	"<table>\n<thead>\n<tr>\n<th scope=\"col\">a</th>\n<th scope=\"col\" "
	"style=\"text-align: right\">"
	"b</th>\n"
	"</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n"
	"<td style=\"text-align: "
	"right\">2</td>\n</tr>\n</tbody>\n</table>\n</div>\n"},
    {"- [x] done\n- [ ] open", "<ul>\n<li>&#9745; done</li>\n"
			       "<li>&#9744; open</li>\n</ul>\n"},
    /* template tags */
    {"Dear {{user_first_name}} _{{_x_}}_,",
	"<p>Dear {{user_first_name}} <em>{{_x_}}</em>,</p>\n"},
    {"{{{a}}} {{&b}} {{ c \"d\" }} %%USER_ID%%",
	"<p>{{{a}}} {{&b}} {{ c \"d\" }} %%USER_ID%%</p>\n"},
    {"[go]({{url}}) [x](https://e.org/{{a_b}}?c={{d}} \"{{t}}\")",
	"<p><a href=\"{{url}}\">go</a> <a href=\"https://e.org/{{a_b}}?c="
	"{{d}}\" title=\"{{t}}\">x</a></p>\n"},
    {"[go]({{ url }})", "<p><a href=\"{{ url }}\">go</a></p>\n"},
    {"`{{a}} < b`", "<p><code>{{a}} &lt; b</code></p>\n"},
    {"[{{a}}]\n\n[{{a}}]: {{b}}", "<p><a href=\"{{b}}\">{{a}}</a></p>\n"},
    {"TAG0x0x {{a}}", "<p>TAG0x0x {{a}}</p>\n"},
    {"one\n{{#a}}\ntwo {{a}}\n{{/a}}\nthree",
	"<p>one</p>\n{{#a}}\n<p>two {{a}}</p>\n{{/a}}\n<p>three</p>\n"},
    {"{{^a}}\n\n**x**\n\n{{/a}}",
	"{{^a}}\n<p><strong>x</strong></p>\n{{/a}}\n"},
    {"{{#a}}x{{/a}}", "<p>{{#a}}x{{/a}}</p>\n"},
    {"{{! a\nb}}\nx", "<p>{{! a\nb}}\nx</p>\n"},
    {"```\n{{#a}}\n<!-- {{b}} -- -->\n```",
	"<pre><code>{{#a}}\n&lt;!-- {{b}} -- --&gt;\n</code></pre>\n"},
    {"<!--{{a}}-->", "<!--{{a}}-->\n"},
    /* rows that others read as other rows */
    {"| a | b |\n|---|---|\n| `x\\|y` | d |",
	BOX "<table>\n<thead>\n<tr>\n<th scope=\"col\">a</th>\n<th "
	    "scope=\"col\">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n"
	    "<td><code>x|y</code></td>\n<td>d</td>\n</tr>\n</tbody>\n"
	    "</table>\n</div>\n"},
    {"| a | b | c |\n|---|---|---|\n| d || e |",
	BOX "<table>\n<thead>\n<tr>\n<th scope=\"col\">a</th>\n<th "
	    "scope=\"col\">b</th>\n<th scope=\"col\">c</th>\n</tr>\n</thead>\n"
	    "<tbody>\n<tr>\n<td>d</td>\n<td></td>\n<td>e</td>\n</tr>\n"
	    "</tbody>\n</table>\n</div>\n"},
    {"| abc | def |\n| --- |\n| bar |",
	"<p>| abc | def |\n| --- |\n| bar |</p>\n"},
    {"text\n| a |\n|---|\n| 1 |",
	"<p>text</p>\n" BOX "<table>\n<thead>\n<tr>\n<th scope=\"col\">a</th>"
	"\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n</tr>\n</tbody>\n"
	"</table>\n</div>\n"},
    {"<h2>Week</h2>", "<h2>Week</h2>\n"},
    {"hi\n--\t", "<h2>hi</h2>\n"},
    /* comments, as browsers read them */
    {"x <!-- a -- b --> y", "<p>x <!-- a -- b --> y</p>\n"},
    {"x <!--> y <!---> z", "<p>x <!--> y <!---> z</p>\n"},
    {"x <!-- a\n--- b --> y", "<p>x <!-- a\n--- b --> y</p>\n"},
    {"x <!-- a\n\ny -->", "<p>x &lt;!-- a</p>\n<p>y --&gt;</p>\n"},
    {"\\<!-- a -->", "<p>&lt;!-- a --&gt;</p>\n"},
    {"x <!-- a", "<p>x &lt;!-- a</p>\n"},
    /* footnotes */
    {"a[^1] b[^z]\n\n[^z]: Zed\n[^1]: One {{n}}",
	"<p>a<sup>[1]</sup> b<sup>[2]</sup></p>\n<hr>\n<ol>\n<li>\n"
	"<p>One {{n}}</p>\n</li>\n<li>\n<p>Zed</p>\n</li>\n</ol>\n"},
};

int
main(void)
{
	struct buf out = {0};
	struct fail f;
	char name[20];

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		buf_reset(&out);
		if (markdown_to_html(&out, str_of(tests[i].source), false, &f) <
		    0)
			buf_adds(&out, f.text);
		snprintf(name, sizeof(name), "case %zu", i);
		same(buf_str(&out), tests[i].want, name);
	}
	buf_reset(&out);
	markdown_to_html(&out, STR("Best,\nThe staff"), true, &f);
	same(buf_str(&out), "<p>Best,<br />\nThe staff</p>\n", "hard breaks");
	buf_free(&out);
	return unit_end();
}
