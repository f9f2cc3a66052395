#include "mail/html/plain.h"

#include "mail/message/front_matter.h"
#include "unit.h"

static const struct {
	const char *source, *want;
} texts[] = {
    {"", ""},
    {"\n \n", ""},
    {"Best,\nThe staff  \n", "<p>Best,<br>\nThe staff</p>\n"},
    {"a\n\n\nb", "<p>a</p>\n<p>b</p>\n"},
    {"If a <b then x<y && y>z.",
	"<p>If a &lt;b then x&lt;y &amp;&amp; y&gt;z.</p>\n"},
    {"the exam:\n  - pen\n  - ID\n\nBye",
	"<p>the exam:</p>\n<ul>\n<li>pen</li>\n<li>ID</li>\n</ul>\n"
	"<p>Bye</p>\n"},
    {"* a\n  more\n\n  last\n* b",
	"<ul>\n<li>a<br>\nmore<br><br>\nlast</li>\n<li>b</li>\n</ul>\n"},
    {"- a\n  1. x\n  2. y\n- b",
	"<ul>\n<li>a\n<ol>\n<li>x</li>\n<li>y</li>\n</ol>\n</li>\n"
	"<li>b</li>\n</ul>\n"},
    {"3) c\n4) d\n9) i",
	"<ol start=\"3\">\n<li>c</li>\n<li>d</li>\n<li value=\"9\">i</li>\n"
	"</ol>\n"},
    {"\xe2\x80\xa2 a", "<ul>\n<li>a</li>\n</ul>\n"},
    {"- a\nBye", "<ul>\n<li>a</li>\n</ul>\n<p>Bye</p>\n"},
    {"on\n14. December", "<p>on<br>\n14. December</p>\n"},
    {"-- \nAnn", "<p>--<br>\nAnn</p>\n"},
    {"-5 or *x*", "<p>-5 or *x*</p>\n"},
    /* blanks */
    {"  a   b\tc", "<p>&nbsp;&nbsp;a&nbsp;&nbsp; b c</p>\n"},
    /* addresses */
    {"<https://x.org/a?b=1&c=2>, (www.y.org).",
	"<p>&lt;<a "
	"href=\"https://x.org/a?b=1&amp;c=2\">https://x.org/a?b=1&amp;"
	"c=2</a>&gt;, (<a href=\"https://www.y.org\">www.y.org</a>).</p>\n"},
    {"http://x.org/a_(b)!",
	"<p><a href=\"http://x.org/a_(b)\">http://x.org/a_(b)</a>!</p>\n"},
    {"https:// xhttps://y a@b @c.d e@f.g.",
	"<p>https:// xhttps://y a@b @c.d <a href=\"mailto:e@f.g\">e@f.g</a>."
	"</p>\n"},
    {"https://x.org/?t={{ token }}&u={{#a}}b{{/a}}.",
	"<p><a href=\"https://x.org/?t={{token}}&amp;u={{#a}}b{{/a}}\">"
	"https://x.org/?t={{token}}&amp;u={{#a}}b{{/a}}</a>.</p>\n"},
    {"{{#a}}https://x.org/{{/a}}",
	"<p>{{#a}}<a href=\"https://x.org/\">https://x.org/</a>{{/a}}</p>\n"},
    {"{{optout_url}} {{ x_url }}",
	"<p><a href=\"{{optout_url}}\">{{optout_url}}</a> {{x_url}}</p>\n"},
    /* tags */
    {"{{{bio}}} {{& bio }} {{> sig}}", "<p>{{bio}} {{bio}} {{> sig}}</p>\n"},
    {"a\n{{#x}}\nb {{x}}\n{{/x}}\nc",
	"<p>a</p>\n{{#x}}\n<p>b {{x}}</p>\n{{/x}}\n<p>c</p>\n"},
    {"{{! a\n\nb}}\nc", "{{! a\n\nb}}\n<p>c</p>\n"},
    {"a {{ b", "<p>a {{ b</p>\n"},
    {"a\n{{=<% %>=}}", "2: other delimiters ({{=) have no place in a text"},
};

/* p == NULL: no front matter. */
static const struct {
	const char *body, *keys, *options;
} heads[] = {
    {"---\ntitle: x\nFrom: a@b\nweek: 3\n---\nHi",
	"front matter (title, From, week)",
	"use --subject, --from, --set week=VALUE"},
    {"---\r\n# by hand\r\n\r\nto:\r\n  - a@b\r\n...\r\nHi", "front matter (to)",
	"use bm-recipients --to"},
    {"+++\nlayout = \"x\"\ntitle = 1\n+++\n", "front matter (layout, title)",
	"use --layout, --subject"},
    {"To: a@b\nSubject: x\n  y\nAttachment: z\n\nHi",
	"the header of a message (To, Subject, Attachment)",
	"use bm-recipients --to, --subject, --attach"},
    {"---\n\nHi: you\n", NULL, NULL},
    {"---\nNothing here\n---\n", NULL, NULL},
    {"---\ntitle: x\nno end", NULL, NULL},
    {"Subject: Sorting\n\nDear all", NULL, NULL},
    {"To: all\nNote: this\n\nHi", NULL, NULL},
    {"Hi\n---\ntitle: x\n---\n", NULL, NULL},
    {"https://x.org\nhttps://y.org\n\n", NULL, NULL},
    {"", NULL, NULL},
};

static void
test_heads(void)
{
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		struct fail f = {0};
		int rc = front_matter_check(str_of(heads[i].body), &f);

		if (heads[i].keys == NULL)
			ok(rc == 0, "head %zu is none: %s", i, f.text);
		else
			ok(rc < 0 && strstr(f.text, heads[i].keys) == f.text &&
				strstr(f.text, heads[i].options) != NULL,
			    "head %zu: %s", i, f.text);
	}
}

int
main(void)
{
	struct buf out = {0};
	struct fail f;
	char name[20];

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		buf_reset(&out);
		if (plain_to_html(&out, str_of(texts[i].source), &f) < 0)
			buf_adds(&out, f.text);
		snprintf(name, sizeof(name), "text %zu", i);
		same(buf_str(&out), texts[i].want, name);
	}
	test_heads();
	buf_free(&out);
	return unit_end();
}
