#include "mail/message/layout.h"

#include "base/buf.h"

/* Styles for the elements of Markdown; a table without thead gets none. */
#define BODY_STYLE                                                             \
	".bm-text { overflow-wrap: break-word; }\n"                            \
	".bm-text a { color: #1a56c4; }\n"                                     \
	".bm-text > :last-child { margin-bottom: 0; }\n"                       \
	".bm-text h1 { font-size: 26px; line-height: 1.25; margin: 0 0 16px; " \
	"}\n"                                                                  \
	".bm-text h2 { font-size: 21px; line-height: 1.3; margin: 24px 0 "     \
	"12px; }\n"                                                            \
	".bm-text h3 { font-size: 18px; line-height: 1.35; margin: 20px 0 "    \
	"8px; }\n"                                                             \
	".bm-text ul, .bm-text ol { padding: 0 24px; }\n"                      \
	".bm-text li { margin: 4px 0; }\n"                                     \
	".bm-text blockquote { margin: 16px 0; padding: 0 16px; "              \
	"border-inline-start: 4px solid #c4c7cc; }\n"                          \
	".bm-text pre { padding: 12px; white-space: pre-wrap; "                \
	"text-align: left; background-color: #f1f3f4; }\n"                     \
	".bm-text pre, .bm-text code { font-size: 14px; direction: ltr; "      \
	"unicode-bidi: isolate; }\n"                                           \
	".bm-text hr { border: 0; border-top: 1px solid #c4c7cc; margin: "     \
	"24px 0; }\n"                                                          \
	".bm-text table:has(thead) { border-collapse: collapse; }\n"           \
	".bm-text thead th, .bm-text thead ~ tbody td { padding: 6px 16px "    \
	"6px 0; border-bottom: 1px solid #c4c7cc; }\n"                         \
	".bm-text thead th:not([style]) { text-align: start; }\n"

/*
 * The footer is seen whatever a body brings along: its elements start from
 * nothing and have their own style, which no style sheet overrides, as have
 * the two that it stands in; it stands above what a body puts over the page.
 * It has the same colours in the dark: a style sheet cannot reach it.
 */
#define INK "color: #202124 !important;"
#define ROOT                                                          \
	"display: block !important; visibility: visible !important; " \
	"position: static !important; opacity: 1 !important; "        \
	"width: auto !important; max-width: none !important; "        \
	"height: auto !important; max-height: none !important; "      \
	"overflow: visible !important; transform: none !important; "  \
	"translate: none !important; scale: none !important; "        \
	"filter: none !important; clip-path: none !important; "       \
	"mask: none !important; zoom: 1 !important; "                 \
	"contain: none !important; content-visibility: visible "      \
	"!important; margin: 0 !important; padding: 0 !important;"
#define LINE                                                            \
	"all: initial !important; display: block !important; "          \
	"visibility: visible !important; position: static !important; " \
	"margin: 0 0 8px 0 !important; font: inherit !important; "
#define WORDS                                                           \
	"all: initial !important; display: inline !important; "         \
	"visibility: visible !important; position: static !important; " \
	"font: inherit !important; "
#define LINK                                                            \
	WORDS "color: #1a56c4 !important; "                             \
	      "text-decoration: underline !important; cursor: pointer " \
	      "!important;"

/*
 * One column of at most 600 px, without attributes and rules that confuse mail
 * programs: the necessary rules are style attributes, and the style element
 * adds the dark colours and the rules for Markdown. The ghost table is for
 * Outlook on Windows, which ignores max-width. The wrapper repeats lang and
 * dir, since many programs drop the html element. The footer is as large and
 * as dark as the body, so that the opt-out link is as easy to find.
 */
#define HTML_HEAD                                                          \
	"<!DOCTYPE html>\n"                                                \
	"<html lang=\"{{lang}}\" dir=\"{{dir}}\" style=\"" ROOT "\">\n"    \
	"<head>\n"                                                         \
	"<meta charset=\"utf-8\">\n"                                       \
	"<meta name=\"viewport\" "                                         \
	"content=\"width=device-width, initial-scale=1\">\n"               \
	"<meta name=\"color-scheme\" content=\"light dark\">\n"            \
	"<meta name=\"supported-color-schemes\" content=\"light dark\">\n" \
	"<meta name=\"format-detection\" "                                 \
	"content=\"telephone=no, date=no, address=no, email=no\">\n"       \
	"<title>{{subject}}</title>\n"                                     \
	"<style>\n"                                                        \
	":root { color-scheme: light dark; }\n"                            \
	"img { max-width: 100%; height: auto; }\n" BODY_STYLE              \
	"@media (prefers-color-scheme: dark) {\n"                          \
	".bm-page { background-color: #14171a !important; }\n"             \
	".bm-card { background-color: #1f2428 !important; "                \
	"border-color: #8ab4f8 !important; }\n"                            \
	".bm-text { color: #e8eaed !important; }\n"                        \
	".bm-foot { color: #b6bcc3 !important; }\n"                        \
	".bm-text pre { background-color: #14171a !important; }\n"         \
	".bm-text blockquote, .bm-text hr, .bm-text th, .bm-text td "      \
	"{ border-color: #5f6368 !important; }\n"                          \
	".bm-page a { color: #8ab4f8 !important; }\n"                      \
	"}\n"                                                              \
	"</style>\n"                                                       \
	"</head>\n"

#define FONT                                                           \
	"font-family: -apple-system, BlinkMacSystemFont, 'Segoe UI', " \
	"Roboto, 'Helvetica Neue', Arial, 'Noto Sans', sans-serif;"

#define HTML_TOP                                                               \
	"<body class=\"bm-page\" style=\"background-color: #f1f3f4; " ROOT     \
	"\">\n"                                                                \
	"<div class=\"bm-page\" lang=\"{{lang}}\" dir=\"{{dir}}\" "            \
	"style=\"margin: 0; padding: 16px 0; background-color: #f1f3f4; " FONT \
	"\">\n"                                                                \
	"<!--[if mso]><table role=\"presentation\" align=\"center\" "          \
	"width=\"600\"><tr><td><![endif]-->\n"                                 \
	"<table role=\"presentation\" style=\"width: 100%; "                   \
	"max-width: 600px; margin: 0 auto; table-layout: fixed; "              \
	"border-collapse: collapse;\">\n"                                      \
	"<tbody>\n<tr><td class=\"bm-card\" style=\"padding: 24px; "           \
	"background-color: #ffffff; border-top: 4px solid #1a56c4;\">\n"       \
	"<div class=\"bm-text\" role=\"main\" tabindex=\"0\" "                 \
	"style=\"font-size: 16px; "                                            \
	"line-height: 1.5; color: #202124; overflow-x: auto;\">\n"             \
	"{{#course_image_url}}<p style=\"margin: 0 0 16px 0;\">"               \
	"<img src=\"{{course_image_url}}\" alt=\"\" style=\"display: block; "  \
	"width: 100%; max-width: 552px; height: auto; border: 0;\"></p>\n"     \
	"{{/course_image_url}}"                                                \
	"<p class=\"bm-foot\" style=\"margin: 0 0 16px 0; font-size: 14px; "   \
	"font-weight: bold; color: #4d5156;\"><span "                          \
	"dir=\"auto\">{{course_title}}</span></p>\n"                           \
	"{{> body}}\n"                                                         \
	"</div>\n</td></tr>\n</tbody>\n</table>\n"                             \
	"<!--[if mso]></td></tr></table><![endif]-->\n"                        \
	"</div>\n"

#define HTML_FOOT                                                            \
	"<div lang=\"{{bm_lang}}\" dir=\"{{bm_dir}}\" role=\"contentinfo\" " \
	"style=\"font-size: 16px; "                                          \
	"line-height: 1.5; color: #202124; all: initial !important; "        \
	"display: block !important; visibility: visible !important; "        \
	"position: relative !important; z-index: 2147483647 !important; "    \
	"clear: both !important; box-sizing: border-box !important; "        \
	"max-width: 600px !important; margin: 0 auto !important; "           \
	"padding: 16px 24px !important; background-color: #f1f3f4 "          \
	"!important; font: 16px/1.5 Arial, sans-serif !important; "          \
	"overflow-wrap: break-word !important; " INK "\">\n"                 \
	"<p style=\"" LINE INK "\">{{bm_sent}} "                             \
	"<span dir=\"auto\" style=\"" WORDS INK                              \
	"\">{{email}}</span> {{bm_because}} {{reason}}"                      \
	"{{#reason_course}} {{#course_url}}<a href=\"{{course_url}}\" "      \
	"style=\"" LINK "\">"                                                \
	"<span dir=\"auto\" style=\"" LINK                                   \
	"\">{{course_title}}</span></a>{{/course_url}}"                      \
	"{{^course_url}}<span "                                              \
	"dir=\"auto\" style=\"" WORDS INK                                    \
	"\">{{course_title}}</span>{{/course_url}}{{/reason_course}}.</p>\n"

#define HTML_OPTOUT                                             \
	"<p style=\"" LINE INK "\"><a href=\"{{optout_url}}\" " \
	"style=\"" LINK "\">{{bm_unsubscribe}}</a></p>\n"

#define HTML_END                                            \
	"<p style=\"" LINE INK "\"><span "                  \
	"dir=\"auto\" style=\"" WORDS INK                   \
	"\">{{#platform_name}}{{platform_name}}, "          \
	"{{/platform_name}}{{postal_address}}</span></p>\n" \
	"</div>\n"                                          \
	"</body>\n"                                         \
	"</html>\n"

#define TEXT_TOP                                                   \
	"{{course_title}}\n"                                       \
	"\n"                                                       \
	"{{> body}}\n"                                             \
	"\n"                                                       \
	"----------------------------------------\n"               \
	"{{bm_sent}} {{email}} {{bm_because}} {{reason}}"          \
	"{{#reason_course}} {{course_title}}{{/reason_course}}.\n" \
	"{{#course_url}}\n"                                        \
	"{{bm_course}} {{course_url}}\n"                           \
	"{{/course_url}}\n"

#define TEXT_OPTOUT             \
	"\n"                    \
	"{{bm_unsubscribe}}:\n" \
	"{{optout_url}}\n"

#define TEXT_END                                                  \
	"\n"                                                      \
	"{{#platform_name}}{{platform_name}}, {{/platform_name}}" \
	"{{postal_address}}\n"

/* Pieces, since a compiler need not take so long a string. */
static struct str
join_html(bool optout, struct arena *a)
{
	struct buf b = {0};
	struct str html;

	buf_adds(&b, HTML_HEAD);
	buf_adds(&b, HTML_TOP);
	buf_adds(&b, HTML_FOOT);
	if (optout)
		buf_adds(&b, HTML_OPTOUT);
	buf_adds(&b, HTML_END);
	html = arena_str(a, buf_str(&b));
	buf_free(&b);
	return html;
}

struct layout
layout_builtin(bool optout, struct arena *a)
{
	struct layout l = {.html_name = "the built-in layout.html",
	    .text_name = "the built-in layout.txt"};

	l.html = join_html(optout, a);
	l.text = optout ? STR(TEXT_TOP TEXT_OPTOUT TEXT_END)
			: STR(TEXT_TOP TEXT_END);
	return l;
}
