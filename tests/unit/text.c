/*
 * The examples of tests/data/text-cases.json, which were checked against a
 * browser, and cases beyond them.
 */
#include "mail/text/text.h"
#include "mail/html/html.h"
#include "mail/text/text_wrap.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/json_get.h"
#include "unit.h"

#define CASES "tests/data/text-cases.json"
#define NUL_MARK "\xee\x80\x80" /* U+E000 */

/*
 * Append the file as the value of a member, since our JSON parser reads
 * objects only. It refuses NUL, so an unused character replaces each NUL until
 * the HTML is decoded.
 */
static void
read_cases(struct buf *b)
{
	FILE *file = fopen(CASES, "r");
	char *nul;
	size_t n;

	if (file == NULL) {
		ok(false, "open %s", CASES);
		return;
	}
	buf_adds(b, "{\"cases\":");
	while ((n = fread(buf_reserve(b, 65536), 1, 65536, file)) > 0)
		b->len += n;
	buf_addc(b, '}');
	fclose(file);
	while ((nul = memmem(b->p, b->len, "\\u0000", 6)) != NULL)
		memcpy(nul, "\\ue000", 6);
}

static struct str
member(const struct json_object *o, const char *name, struct arena *a)
{
	const struct json_value *v = json_get(o, name);

	if (v == NULL)
		return (struct str){0};
	return v->type == JSON_STRING ? json_get_decoded(*v, a) : v->raw;
}

static void
put_nuls(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.n - i >= 3 && memcmp(s.p + i, NUL_MARK, 3) == 0) {
			buf_addc(out, '\0');
			i += 2;
		} else {
			buf_addc(out, s.p[i]);
		}
	}
}

static void
run_case(const struct json_object *o, struct arena *a)
{
	struct text_params params = {.width = 72};
	struct str links = member(o, "links", a), want = member(o, "want", a);
	struct str width = member(o, "width", a), id = member(o, "id", a);
	struct buf html = {0}, out = {0};
	struct fail f;

	if (links.p != NULL)
		params.links = str_is(links, "foot")   ? TEXT_LINKS_FOOT
			       : str_is(links, "none") ? TEXT_LINKS_NONE
						       : TEXT_LINKS_INLINE;
	if (width.p != NULL)
		params.width = atoi(width.p);
	put_nuls(&html, member(o, "html", a));
	if (text_from_html(&out, buf_str(&html), &params, &f) < 0)
		buf_adds(&out, f.text);
	same(buf_str(&out), arena_dup(a, want.p, want.n),
	    arena_dup(a, id.p, id.n));
	buf_free(&html);
	buf_free(&out);
}

static void
run_cases(void)
{
	struct arena *a = arena_new();
	struct json_object file, one;
	struct json_value v;
	struct buf text = {0};
	struct fail f;
	size_t at = 0, count = 0;

	read_cases(&text);
	if (json_parse(&file, buf_str(&text), a, &f) < 0) {
		ok(false, "%s: %s", CASES, f.text);
	} else {
		while (json_get_next(file.members[0].value, &at, &v)) {
			json_get_members(v, &one, a);
			run_case(&one, a);
			count++;
		}
		ok(count >= 74, "%zu cases", count);
	}
	buf_free(&text);
	arena_free(a);
}

struct test {
	const char *name, *html, *want;
	int width;
};

/* Checked against a browser as well. */
static const struct test more[] = {
    {"parse: unquoted", "<a href=https://e.org/>x</a>", "x <https://e.org/>\n",
	72},
    {"parse: closed", "<a href=\"https://e.org/\" />x</a>",
	"x <https://e.org/>\n", 72},
    {"parse: attribute", "<img alt='a&copy;b&check;&copy=3'>",
	"[a\xc2\xa9"
	"b\xe2\x9c\x93&copy=3]\n",
	72},
    {"parse: odd name", "<a h,ref=\"Ba href=\">Ann</a> and Bo", "Ann and Bo\n",
	72},
    {"parse: odd names",
	"<p 1a=\"x hidden\">a<p -b='x hidden'>b<p \xc3\xa9='x hidden'>c"
	"<p @c = 'x hidden'>d<p \"e f\">e<p ='x hidden'>f",
	"a\n\nb\n\nc\n\nd\n\ne\n\nf\n", 72},
    {"parse: beside odd names",
	"a<p h,x hidden>a</p><p hidden h,x='y'>b</p><p h,x=y hidden>c</p>"
	"<p h,x = y hidden>d</p><p a hidden>e</p><p a = 'b' hidden>f</p>"
	"<p a-1:b.c_d='x' hidden>g</p><p _a=':' .b='' :c='' hidden>h</p>",
	"a\n", 72},
    {"parse: slashes",
	"<a/href=\"https://e.org/a\"/ x>x</a> <img/alt=y/ title=\"n\"><img "
	"src/alt=\"z\"><p hidden/x>a</p><a href=https://e.org/b/>b</a>",
	"x <https://e.org/a> [y/][z]b <https://e.org/b/>\n", 72},
    {"pre: tab first", "<pre>\tx</pre>", "        x\n", 72},
    {"parse: old names",
	"&copy 2026 &nbsp;a&ltb &eacute &notit; &notin; &AMPx &ampamp; &lx"
	"<a href=\"https://e.org/?a=1&copy=2&lt&reg;\">&copy=</a>",
	"\xc2\xa9 2026 a<b \xc3\xa9 \xc2\xacit; \xe2\x88\x89 &x &amp; &lx"
	"\xc2\xa9= <https://e.org/?a=1&copy=2%3C\xc2\xae>\n",
	72},
    {"struck: elements",
	"on <s>Monday</s> <ins>Tuesday</ins>, <del>a <b>b</b> </del>c"
	"<strike>d</strike> <s></s><s> </s>e<s><del>f</del></s>",
	"on ~~Monday~~ Tuesday, ~~a b~~ c~~d~~ e~~f~~\n", 72},
    {"struck: blocks",
	"<del><p>a</p><p>b <a href=\"https://e.org/\">c</a></p>"
	"</del><p>d</p>",
	"~~a~~\n\n~~b c <https://e.org/>~~\n\nd\n", 72},
    {"struck: styles",
	"<style>.x { text-decoration: line-through }</style><p class=x>a</p>"
	"<span style=\"text-decoration: underline LINE-THROUGH red\">b</span> "
	"<span style=\"text-decoration-line:line-through\">c</span> "
	"<s style=\"text-decoration:none\">d</s> "
	"<span style=\"text-decoration:underline\">e</span>",
	"~~a~~\n\n~~b c~~ d e\n", 72},
    {"struck: within words", "<s>x<sup>2</sup> <q>a</q></s> un<s>a</s>b",
	"~~x^2 \xe2\x80\x9c"
	"a\xe2\x80\x9d~~ un~~a~~b\n",
	72},
    {"link: tags of others",
	"<a href=\"https://e.org/{a b}\">x</a> <a href=\"https://e.org/"
	"{a&nbsp;b}\">y</a> <a href=\"https://e.org/[[c]]/{d<e}\">z</a>",
	"x <https://e.org/{a b}> y <https://e.org/{a%C2%A0b}> z "
	"<https://e.org/[[c]]/{d%3Ce}>\n",
	0},
    {"block: summary", "<details><summary>A</summary>B</details>", "A\nB\n",
	72},
    {"display: block",
	"<span style=\"display:block\">a</span><span style=\"display:block\">b"
	"</span>c<style>.d{display:flex}</style><b class=d>d</b>e",
	"a\nb\nc\nd\ne\n", 72},
    {"display: links",
	"<a href=\"https://x.org/a\" style=\"display:block\">Home</a><a "
	"href=\"https://x.org/b\" style=\"display: block !important\">Go</a>x",
	"Home <https://x.org/a>\nGo <https://x.org/b>\nx\n", 72},
    {"display: boxes",
	"<div style=\"display:inline-block\">L</div><div style=\"display:"
	"inline-block\">R</div>, <span style=\"display:table-cell\">a</span>"
	"<span style=\"display:table-cell\">b</span>.",
	"L R, a b.\n", 72},
    {"display: buttons and images",
	"<button>One</button><button>Two</button>! <img alt=A style=\"display:"
	"block\"><img alt=B style=\"display:block\">",
	"One Two! [A] [B]\n", 72},
    {"display: linked boxes",
	"<a href=\"https://x.org/a\" style=\"display:inline-block\">A</a><a "
	"href=\"https://x.org/b\" style=\"display:inline-block\">B</a>",
	"A <https://x.org/a> B <https://x.org/b>\n", 72},
    {"display: inline",
	"<p style=\"display:inline\">a</p>b<div "
	"style=\"display:inline\">c</div>",
	"abc\n", 72},
    {"display: no keyword",
	"a<b style=\"display:;\">b</b><b "
	"style=\"display:inherit\">c</b><b style=\"display:var(x)\">d</b>",
	"abcd\n", 72},
    {"script: exponents",
	"x<sup>n+1</sup> 2<sup>n</sup> e<sup>\xe2\x88\x92x</sup> "
	"(a)<sup>b</sup> "
	"2<sup>10</sup> a<sub>i</sub><sup>j</sup> \xcf\x80<sup>k</sup> "
	"f[0]<sup>ij</sup>",
	"x^(n+1) 2^n e^(\xe2\x88\x92x) (a)^b 2^10 a_i^j \xcf\x80^k f[0]^(ij)\n",
	72},
    {"script: suffixes",
	"1<sup>st</sup> 2<sup>nd</sup> n<sup>th</sup> 2<sup>e</sup> "
	"M<sup>me</sup> Brand<sup>TM</sup> X<sup>\xe2\x84\xa2</sup> word<sup>*"
	"</sup> word<sup>a</sup> a <sup>b</sup> 3<sup> </sup>",
	"1st 2nd nth 2e Mme BrandTM X\xe2\x84\xa2 word* worda a b 3\n", 72},
    {"script: indices",
	"x<sub>i</sub> x<sub>1</sub> log<sub>2</sub> 10<sub>2</sub> a<sub>i+1"
	"</sub> v<sub>max</sub>",
	"x_i x_1 log_2 10_2 a_(i+1) v_max\n", 72},
    {"script: formulas",
	"H<sub>2</sub>O Na<sub>2</sub>SO<sub>4</sub> Ca(OH)<sub>2</sub> a <sub>"
	"b</sub> a<sub>*</sub>",
	"H2O Na2SO4 Ca(OH)2 a b a*\n", 72},
    {"script: MathML",
	"<math><msup><mi>x</mi><mn>2</mn></msup><mo>=</mo><mfrac><mrow><mi>a</"
	"mi>"
	"<mo>+</mo><mi>b</mi></mrow> <msubsup><mi>c</mi><mi>i</mi><mi>j</mi>"
	"</msubsup></mfrac><annotation>x^2</annotation></math> "
	"<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>",
	"x^2=(a+b)/(c_i^j) 1/2\n", 72},
    {"script: ruby",
	"<ruby>\xe6\xbc\xa2<rp>(</rp><rt>kan</rt><rp>)</rp></ruby><ruby>b<rt>"
	"</rt></ruby>",
	"\xe6\xbc\xa2(kan)b\n", 72},
    {"list: unmarked",
	"<ol style=\"list-style-type:none\"><li>a<li>b</ol><ul "
	"style=\"list-style:"
	" none\"><li>c<ul><li>d</ul><li style=\"list-style:disc\">e</ul>",
	"a\nb\n\n  c\n  - d\n* e\n", 72},
    {"table: foot",
	"<table><tfoot><tr><td>z<td>3<tbody><tr><td>x<td>1<tr><td>y<td>2<tfoot>"
	"<tr><td>f<td>4</table>",
	"x  1\ny  2\nf  4\nz  3\n", 72},
    {"image: alt", "<img alt=\"  two words \"> <img alt=\" \">",
	"[two words]\n", 72},
    {"parse: invalid",
	"a\xff\xfe"
	"b\xc3(",
	"a\xef\xbf\xbd\xef\xbf\xbd"
	"b\xef\xbf\xbd(\n",
	72},
    {"parse: bogus", "a<!>b<!---->c<!-- -- --!>d<?x y?>e</ x>f<![CDATA[g]]>h",
	"abcdefh\n", 72},
    {"hidden: noscript",
	"<noscript>a</noscript><textarea>b</textarea>"
	"<button>c</button><svg><text>d</text></svg>",
	"ac\n", 72},
    {"hidden: child of size",
	"<p style='font-size:0'>a<b style='font-size:14px'>b"
	"</b></p>",
	"b\n", 72},
    {"hidden: font",
	"<p style='font:0/0 a'>a<b style='font:bold 14px/20px x'>b"
	"</b></p>",
	"b\n", 72},
    {"hidden: height",
	"<div style='max-height:0;overflow:hidden'>a</div>"
	"<div style='height:0px'>b</div>",
	"b\n", 72},
    {"hidden: weight",
	"<style>p.x{display:none}p{display:block}</style>"
	"<p class=x>a<p>b",
	"b\n", 72},
    {"hidden: old sheet",
	"<style><!-- .x /* c */ , #y { display:none } --></style>"
	"<p class=x>a<p id=y>b<p>c",
	"c\n", 72},
    {"space: no-break", "a&nbsp;&nbsp;b c &nbsp;d<br>&nbsp;e&nbsp;",
	"a b c d\ne\n", 72},
    {"space: rule", "<p>a<br></p><p><br>b</p>", "a\n\nb\n", 72},
    {"block: first child", "<div><p>a</p></div><div>b</div>", "a\n\nb\n", 72},
    {"block: lines", "<h2>one<br>three</h2>", "one\nthree\n-----\n", 72},
    {"block: wrapped", "<h1>aaa bbb ccc</h1>", "aaa bbb\nccc\n=======\n", 8},
    {"block: narrow", "a<hr>b", "a\n\n----------\n\nb\n", 10},
    {"block: wrapped", "<blockquote>aaa bbb ccc</blockquote>",
	"> aaa\n> bbb\n> ccc\n", 8},
    {"block: wide", "<pre>aaa bbb ccc\n\n\td</pre>",
	"aaa bbb ccc\n\n        d\n", 8},
    {"block: styles", "<p style='white-space:pre-line'>x   y\nz</p>",
	"x y\nz\n", 72},
    {"block: superscript",
	"x<sup>2</sup> x<sup>-1</sup> x<sup>a</sup> <sup>3</sup> "
	"f(x)<sup>2</sup>",
	"x^2 x^-1 x^a 3 f(x)^2\n", 72},
    {"list: empty", "<ul><li>a<li> <li><br><li>b</ul>", "* a\n* b\n", 72},
    {"list: outside", "<ul><li>a</li><ul><li>b</li></ul><li>c</li></ul>",
	"* a\n  - b\n* c\n", 72},
    {"list: stray", "<p>a<li>b<li>c", "a\n\n* b\n* c\n", 72},
    {"list: loop", "<ul>{{#l}}<li>{{.}}</li>{{/l}}</ul>",
	"{{#l}}\n* {{.}}\n{{/l}}\n", 72},
    {"list: reversed", "<ol reversed><li>a<li>b</ol>", "2. a\n1. b\n", 72},
    {"list: roman", "<ol type=i start=3><li>x<li>y</ol>", "iii. x\n iv. y\n",
	72},
    {"list: nested", "<ol><li>a<ul><li>b</ul></ol>", "1. a\n   - b\n", 72},
    {"link: scheme",
	"<a href=' http://e.org/a b\n'>x</a> <a href='//e.org'>y</a>",
	"x <http://e.org/a%20b> y <https://e.org>\n", 72},
    {"link: query", "<a href='mailto:a@e.org?subject=x'>a@e.org</a>",
	"a@e.org <mailto:a@e.org?subject=x>\n", 72},
    {"link: useless",
	"<a href='data:x'>a</a> <a href='CID:x'>b</a> "
	"<a href=' JavaScript:x'>c</a>",
	"a b c\n", 72},
    {"link: base",
	"<base href='https://e.org/a/b?q'><a href='/x'>1</a> "
	"<a href='?y'>2</a> <a href='../../z'>3</a> <a href='./w#f'>4</a>",
	"1 <https://e.org/x> 2 <https://e.org/a/b?y> 3 <https://e.org/z> 4\n"
	"<https://e.org/a/w#f>\n",
	72},
    {"link: in links",
	"<a href='[URL]'>a</a> <a href='{url}'>b</a> "
	"<a href='[[ x y ]]'>c</a> <a href='*|U|*'>d</a>",
	"a <[URL]> b <{url}> c <[[ x y ]]> d <*|U|*>\n", 72},
    {"link: kinds", "{% if a < b %}<%= x %>${y}*|Z|* 5%% or 6%% %%N%%",
	"{% if a < b %}<%= x %>${y}*|Z|* 5%% or 6%% %%N%%\n", 72},
    {"link: blocks", "<a href='https://e.org/'><p>a</p><p>b</p></a>c",
	"a\n\nb\n<https://e.org/>\n\nc\n", 72},
    {"link: pixel",
	"<a href='https://e.org/'><img src=x width=1 height=1></a>.", ".\n",
	72},
    {"link: label", "<a href='https://e.org/' title=Home><img src=x></a>",
	"Home <https://e.org/>\n", 72},
    {"link: among text",
	"<a href='https://e.org/'>a<img alt=b src=x>c"
	"<img alt=d src=y></a>.",
	"a b c d <https://e.org/>.\n", 72},
    {"image: empty", "<img alt='' title=t><img title=u>", "[u]\n", 72},
    {"table: headings left",
	"<table><tr><th>A</th><td>1</td></tr><tr><th>B</th>"
	"<td>22</td></tr></table>",
	"A   1\nB  22\n", 72},
    {"table: caption, thead",
	"<table><caption>C</caption><thead><tr><td>x</td>"
	"<td>y</td></tr></thead><tr><td>1</td>"
	"<td align=right>b</td></tr></table>",
	"C\nx  y\n1  b\n", 72},
    {"table: spans",
	"<table><tr><th colspan=2>both</th><th>c</th></tr><tr>"
	"<td rowspan=2>r</td><td>1</td><td>2</td></tr><tr>"
	"<td>3</td><td>4</td></tr></table>",
	"both  c\n-  -  -\nr  1  2\n   3  4\n", 72},
    {"table: empty column",
	"<table><tr><th>A</th><th></th><th>B</th></tr><tr>"
	"<td>a</td><td></td><td>b</td></tr></table>",
	"A  B\n-  -\na  b\n", 72},
    {"table: several", "<table><tr><td>a<br>b</td><td>c</td></tr></table>",
	"a\nb\n\nc\n", 72},
    {"table: too wide", "<table><tr><td>aaaa</td><td>bbbb</td></tr></table>",
	"aaaa\nbbbb\n", 8},
    {"table: long",
	"<table><tr><td>a</td><td>This is more than forty columns "
	"of a text</td></tr><tr><td>b</td><td>c</td></tr></table>",
	"a  This is more than forty columns of a text\nb  c\n", 72},
    {"fill: field", "<p>aaa {{#section}} bbb</p>", "aaa\n{{#section}}\nbbb\n",
	12},
    {"fill: soft", "aaa&shy;bbb&#8203;ccc", "aaabbb\nccc\n", 6},
    {"fill: target", "<a href='https://e.org/\xe6\x97\xa5\xe6\x9c\xac'>x</a>",
	"x\n<https://e.org/\xe6\x97\xa5\xe6\x9c\xac>\n", 8},
};

static void
run_more(void)
{
	struct buf out = {0};
	struct fail f;

	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		struct text_params params = {.width = more[i].width};

		buf_reset(&out);
		if (text_from_html(&out, str_of(more[i].html), &params, &f) < 0)
			buf_adds(&out, f.text);
		same(buf_str(&out), more[i].want, more[i].name);
	}
	buf_free(&out);
}

static void
test_preheader(void)
{
	struct text_params params = {.preheader = true};
	struct buf out = {0};
	struct fail f;

	text_from_html(&out,
	    STR("<div style='display:none'>first&#847;&nbsp;</div><p>a</p>"
		"<div hidden>later</div>"),
	    &params, &f);
	same(buf_str(&out), "first\n\na\n", "preheader kept");
	buf_free(&out);
}

static void
add_repeated(struct buf *b, const char *s, size_t n)
{
	while (n-- > 0)
		buf_adds(b, s);
}

static void
test_limits(void)
{
	struct text_params params = {0};
	struct buf html = {0}, out = {0};
	struct fail f;

	add_repeated(&html, "<div>", 100000);
	buf_adds(&html, "deep");
	add_repeated(&html, "</div>", 100000);
	buf_adds(&html, "<p>after");
	ok(text_from_html(&out, buf_str(&html), &params, &f) == 0, "deep");
	same(buf_str(&out), "deep\n\nafter\n", "nothing lost at 100,000");
	buf_reset(&html);
	buf_reset(&out);
	add_repeated(&html, "<table><tr><td>", 20000);
	buf_adds(&html, "deep");
	ok(text_from_html(&out, buf_str(&html), &params, &f) == 0, "tables");
	same(buf_str(&out), "deep\n", "nothing lost in 20,000 tables");
	buf_reset(&html);
	add_repeated(&html, "x", HTML_MAX + 1);
	ok(text_from_html(&out, buf_str(&html), &params, &f) < 0 &&
		f.kind == FAIL_DATA,
	    "a byte too many: %s", f.text);
	buf_free(&html);
	buf_free(&out);
}

static const struct test wraps[] = {
    {"fits", "aaa bbb\n\nc\n", "aaa bbb\n\nc\n", 7},
    {"no limit", "aaa bbb ccc\n", "aaa bbb ccc\n", 0},
    {"words", "aaa bbb ccc", "aaa bbb\nccc\n", 7},
    {"quote", "> aaa bbb\n> > ccc ddd\n", "> aaa\n> bbb\n> > ccc\n> > ddd\n",
	7},
    {"item", "* aaa bbb\n  - ccc ddd\n", "* aaa\n  bbb\n  - ccc\n    ddd\n", 7},
    {"number", "10. aaa bbb\n", "10. aaa\n    bbb\n", 7},
    {"indented", "    aaa bbb\n", "    aaa\n    bbb\n", 7},
    {"target", "x <https://e.org/a>\n", "x\n<https://e.org/a>\n", 7},
    {"wide", "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\n",
	"\xe6\x97\xa5\xe6\x9c\xac\n\xe8\xaa\x9e\n", 5},
};

static void
run_wraps(void)
{
	struct buf out = {0};

	for (size_t i = 0; i < sizeof(wraps) / sizeof(wraps[0]); i++) {
		buf_reset(&out);
		text_wrap(&out, str_of(wraps[i].html), wraps[i].width);
		same(buf_str(&out), wraps[i].want, wraps[i].name);
	}
	buf_free(&out);
}

int
main(void)
{
	run_cases();
	run_more();
	test_preheader();
	test_limits();
	run_wraps();
	return unit_end();
}
