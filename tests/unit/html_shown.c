/* What hides the end of a document, by the rules of the HTML standard. */
#include "mail/html/html_shown.h"

#include <stdlib.h>

#include "mail/html/html_hide.h"
#include "unit.h"

/* The offset of what hides the end, or -1. */
static const struct {
	const char *html;
	int at;
} tests[] = {
    {"", -1},
    {"a < b <3 <> </> x", -1},
    /* comments and declarations */
    {"a<!-- b", 1},
    {"<!-- a -->b", -1},
    {"<!-->b", -1},
    {"<!--->b", -1},
    {"<!----!>b", -1},
    {"<!-- a -- >b", 0},
    {"<!-- a <!-- b -->c", -1},
    {"x<!doctype", 1},
    {"</ x", 0},
    {"<?php ", 0},
    {"<![CDATA[ a>b ]]>", -1},
    /* tags */
    {"<a href=\"x>y", 0},
    {"<a href='x\">y", 0},
    {"<a =\"x>y\">", -1},
    {"<a b==\"x>y\">", -1},
    {"<a b=c\"d>e", -1},
    {"<a b= \"x>y\">", -1},
    {"<a b=\"x\"'y>", -1},
    {"<b", 0},
    /* raw text */
    {"<title>a</title>b", -1},
    {"<TEXTAREA>a</textarea x='>'>b", -1},
    {"<textarea>a</textareax>b", 0},
    {"<xmp><!-- </xmp>b", -1},
    {"<style>a</style", 0},
    {"<plaintext></plaintext>", 0},
    {"<script><!-- <script></script>", 0},
    {"<script><!-- <script></script></script>b", -1},
    {"<script><!-- <script> --></script>b", -1},
    {"<script><!-- </script>b", -1},
    {"<textarea/>a", 0},
    /* elements that hide */
    {"<div hidden>a</div>b", -1},
    {"x<div hidden>a", 1},
    {"<div hidden/>a", 0},
    {"<svg/>a", -1},
    {"<svg><path/><g></g></svg>a", -1},
    {"<svg><g>a", 0},
    {"<svg><style><!--</style></svg>a", 0},
    {"<div hidden><style><!--</style></div>a", -1},
    {"<select><option>a<option>b</select>c", -1},
    {"<select><title><!--</title></select>c", 0},
    {"<details>a", 0},
    {"<details open>a", -1},
    {"<dialog>a</dialog>b", -1},
    {"<noscript><!-- </noscript> --></noscript>", 0},
    {"<template><p>a</template>b", -1},
    {"<template shadowrootmode=open></template>", 0},
    {"<body hidden>", 0},
    {"<frameset>", 0},
    {"<img hidden>a", -1},
    /* closing in order, or not */
    {"<div hidden><p>a<p>b</div>c", -1},
    {"<span hidden><p>a</span>c", 0},
    {"<div hidden><table></div>c", 0},
    {"<span hidden><div></span>c", 0},
    {"<div><b hidden>a</div>b", 5},
    {"<ul hidden><li>a<li>b</ul>c", -1},
    {"<li hidden>a<li>b", -1},
    {"<p hidden>a<div>b", -1},
    {"<p hidden>a<table>b", 0},
    {"<p hidden><td>a<td>", 0},
    {"<table hidden><tr><td>a<td>b<tr><td>c</table>d", -1},
    {"<td hidden><option></td>", 0},
    {"<svg><foreignObject><div hidden></svg>x", 0},
};

static const struct {
	const char *style;
	bool hides;
} styles[] = {
    {"color: red; display: block", false}, {"display:none", true},
    {"DISPLAY : NONE !important", true}, {"dis\\70lay:/* x */none", true},
    {"display&#58;none", true},
    {"font-family:&quot;a;display:none&quot;", false},
    {"background:url(x;display:none)", false}, {"visibility:hidden", true},
    {"opacity:0", true}, {"opacity:1", false}, {"opacity:.9", false},
    {"width:100%;max-width:600px;height:auto", false}, {"max-height:0", true},
    {"height:40px", false}, {"height:40px;overflow:hidden", true},
    {"margin:0 auto 16px", false}, {"margin:-4px 0", false},
    {"left:-9999px", true}, {"text-indent:-100em", true},
    {"transform:none", false}, {"-webkit-transform:scale(0)", true},
    {"clip-path:inset(50%)", true}, {"color:transparent", true},
    {"color:rgba(0, 0, 0, 0)", true}, {"color:#fff0", true},
    {"color:#112233", false}, {"mso-hide:all", true},
    {"font-size:0", false}, /* what stands in it may have a size */
};

int
main(void)
{
	struct html_shown *s = malloc(sizeof(*s));

	for (size_t i = 0; s != NULL && i < sizeof(tests) / sizeof(*tests);
	     i++) {
		int at;

		html_shown_init(s, str_of(tests[i].html));
		while (html_shown_next(s))
			continue;
		at = s->after.kind == HTML_COVER_NONE ? -1 : (int)s->after.at;
		ok(at == tests[i].at, "%s: %d", tests[i].html, at);
	}
	for (size_t i = 0; i < sizeof(styles) / sizeof(*styles); i++)
		ok(html_hide_style(str_of(styles[i].style)) == styles[i].hides,
		    "%s", styles[i].style);
	ok(html_hide_font(STR("font-size:0")) == HTML_HIDE_FONT_TINY &&
		html_hide_font(STR("font: 12px x")) == HTML_HIDE_FONT_REAL &&
		html_hide_font(STR("font-size:1em")) == HTML_HIDE_FONT_UNSET,
	    "sizes of letters");
	free(s);
	return unit_end();
}
