#include "mail/html/markdown.h"

#include "base/buf.h"
#include "unit.h"

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
    {"| a | b |\n|---|--:|\n| 1 | 2 |",
	"<table>\n<thead>\n<tr>\n<th scope=\"col\">a</th>\n<th scope=\"col\" "
	"style=\"text-align: right\">"
	"b</th>\n"
	"</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n"
	"<td style=\"text-align: right\">2</td>\n</tr>\n</tbody>\n</table>\n"},
    {"- [x] done\n- [ ] open",
	"<ul>\n<li class=\"task-list-item\">&#9745; done</li>\n"
	"<li class=\"task-list-item\">&#9744; open</li>\n</ul>\n"},
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
    {"TAG0x0x {{a}}", "<p>TAG0x0x {{a}}</p>\n"},
    {"one\n{{#a}}\ntwo {{a}}\n{{/a}}\nthree",
	"<p>one</p>\n{{#a}}\n<p>two {{a}}</p>\n{{/a}}\n<p>three</p>\n"},
    {"{{^a}}\n\n**x**\n\n{{/a}}",
	"{{^a}}\n<p><strong>x</strong></p>\n{{/a}}\n"},
    {"{{#a}}x{{/a}}", "<p>{{#a}}x{{/a}}</p>\n"},
    {"{{! a\nb}}\nx", "<p>{{! a\nb}}\nx</p>\n"},
};

int
main(void)
{
	struct buf out = {0};
	struct fail f;
	char name[20];

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		buf_reset(&out);
		if (markdown_to_html(&out, str_of(tests[i].source), &f) < 0)
			buf_adds(&out, f.text);
		snprintf(name, sizeof(name), "case %zu", i);
		same(buf_str(&out), tests[i].want, name);
	}
	buf_free(&out);
	return unit_end();
}
