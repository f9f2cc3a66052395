#include "mail/report/html_page.h"

#include "base/columns.h"
#include "base/escape.h"

#define STACKED                                                      \
	5 /* columns, and more, that a narrow window has no room for \
	   */

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
    "'none'; style-src 'unsafe-inline'\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n";

static const char style[] =
    "<style>\n"
    ":root{--bg:#fff;--fg:#1b1f24;--dim:#57606a;--line:#d0d7de;"
    "--s0:#2e7d32;--s1:#c62828;--s2:#b26a00;--s3:#7b1fa2;--s4:#1565c0;"
    "--s5:#00796b;--s6:#6e7781}\n"
    "@media (prefers-color-scheme:dark){:root{--bg:#15181c;--fg:#e6e9ec;"
    "--dim:#a3acb5;--line:#3b424a;--s0:#66bb6a;--s1:#ef5350;--s2:#ffb74d;"
    "--s3:#ce93d8;--s4:#64b5f6;--s5:#4db6ac;--s6:#8b949e}}\n"
    "body{background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,"
    "sans-serif;margin:0 auto;max-width:60rem;padding:1rem 1.5rem 3rem}\n"
    "h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0;"
    "overflow-wrap:anywhere}\n"
    "h2{font-size:1.2rem;margin:2.5rem 0 .5rem}\n"
    "h3{font-size:1rem;margin:1.5rem 0 .25rem}\n"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;"
    "margin:0}dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}\n"
    ".tiles{display:grid;grid-template-columns:repeat(auto-fill,"
    "minmax(7.5rem,1fr));gap:.75rem;list-style:none;margin:1.5rem 0;padding:0}"
    ".tiles li{border:1px solid var(--line);border-left:.4rem solid "
    "var(--c,var(--line));border-radius:.3rem;padding:.4rem .75rem}"
    ".tiles b{display:block;font-size:1.5rem;line-height:1.3;"
    "font-variant-numeric:tabular-nums}.tiles span{color:var(--dim)}\n"
    "table{border-collapse:collapse;min-width:min(24rem,100%);margin:.5rem 0}\n"
    "caption{text-align:left;color:var(--dim)}\n"
    "th,td{border-bottom:1px solid var(--line);padding:.25rem .6rem;"
    "text-align:left;vertical-align:top}\n"
    "td.n,th.n{text-align:right;white-space:nowrap;"
    "font-variant-numeric:tabular-nums}\n"
    "td.w{overflow-wrap:anywhere;min-width:14rem}td.c{white-space:nowrap}\n"
    ".scroll{overflow-x:auto}\n"
    "svg{display:block;width:100%;min-width:36rem;height:auto;"
    "margin:.5rem 0}\n"
    "svg text{fill:var(--fg);font:13px system-ui,sans-serif}\n"
    ".axis{stroke:var(--line)}\n"
    ".s0{--c:var(--s0)}.s1{--c:var(--s1)}.s2{--c:var(--s2)}"
    ".s3{--c:var(--s3)}.s4{--c:var(--s4)}.s5{--c:var(--s5)}"
    ".s6{--c:var(--s6)}rect{fill:var(--c)}\n"
    ".key{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;"
    "padding:0;margin:.4rem 0}.key i{background:var(--c);"
    "display:inline-block;width:.8rem;height:.8rem;margin-right:.4rem}\n"
    "summary{cursor:pointer;color:var(--dim)}\n"
    "@media screen and (max-width:40rem){body{padding:1rem}"
    ".chart,.key{display:none}table{width:100%}"
    "th,td{padding:.25rem .4rem;overflow-wrap:anywhere}"
    "td.w{min-width:0}td.c{white-space:normal}"
    ".stack,.stack tbody,.stack caption{display:block}"
    ".stack thead{position:absolute;left:-999rem}"
    ".stack tr{display:grid;grid-template-columns:repeat(auto-fill,"
    "minmax(4.8rem,1fr));border-bottom:1px solid var(--line)}"
    ".stack td,.stack th{border:0;text-align:left}"
    ".stack tr>:first-child,.stack td.w{grid-column:1/-1}"
    ".stack td::before{display:block;color:var(--dim);font-size:.8rem}"
    ".total td:nth-child(2)::before{content:\"total\"}"
    ".total td:nth-child(3)::before{content:\"sent\"}"
    ".total td:nth-child(4)::before{content:\"failed\"}"
    ".total td:nth-child(5)::before{content:\"deferred\"}"
    ".total td:nth-child(6)::before{content:\"in doubt\"}"
    ".total td:nth-child(7)::before{content:\"skipped\"}"
    ".total td:nth-child(8)::before{content:\"in progress\"}"
    ".reason td:nth-child(1)::before{content:\"outcome\"}"
    ".reason td:nth-child(2)::before{content:\"reason\"}"
    ".reason td:nth-child(3)::before{content:\"code\"}"
    ".reason td:nth-child(4)::before{content:\"words\"}"
    ".reason td:nth-child(5)::before{content:\"recipients\"}}\n"
    "@media print{:root{--bg:#fff;--fg:#000;--dim:#333;--line:#999;"
    "--s0:#2e7d32;--s1:#c62828;--s2:#b26a00;--s3:#7b1fa2;--s4:#1565c0;"
    "--s5:#00796b;--s6:#6e7781}body{font-size:10pt;max-width:none;padding:0}"
    "svg,tr,.tiles,h3+.scroll{break-inside:avoid}h2,h3,.key{break-after:avoid}"
    "svg{min-width:0;max-width:16cm}svg rect,.key i{print-color-adjust:exact}"
    "details{display:none}}\n"
    "</style>\n";

void
html_page_text(struct buf *b, struct str s)
{
	struct buf clean = {0};

	columns_clean(&clean, s, s.n * 2 + 1, false);
	escape_html(b, buf_str(&clean));
	buf_free(&clean);
}

void
html_page_open(struct buf *b, struct str title)
{
	buf_adds(b, head);
	buf_adds(b, "<title>");
	html_page_text(b, title);
	buf_adds(b, "</title>\n");
	buf_adds(b, style);
	buf_adds(b, "</head>\n<body>\n<main>\n");
}

void
html_page_close(struct buf *b)
{
	buf_adds(b, "</main>\n</body>\n</html>\n");
}

void
html_page_open_section(struct buf *b, const char *id, const char *title)
{
	buf_printf(b,
	    "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n", id, id,
	    title);
}

void
html_page_close_section(struct buf *b)
{
	buf_adds(b, "</section>\n");
}

void
html_page_heading(struct buf *b, const char *text)
{
	buf_printf(b, "<h3>%s</h3>\n", text);
}

/*
 * A wide table scrolls within its own box, by keyboard too (tabindex). One of
 * many columns is a stack in a narrow window, of which nothing is out of sight:
 * the style sheet names each cell, and finds the names by that of the second.
 */
void
html_page_open_table(struct buf *b, const char *caption,
    const char *const *names, size_t count, size_t texts)
{
	buf_adds(b, "<div class=\"scroll\" tabindex=\"0\"><table");
	if (count >= STACKED)
		buf_printf(b, " class=\"stack %s\"", names[1]);
	buf_printf(b, "><caption>%s</caption>\n<thead><tr>", caption);
	for (size_t i = 0; i < count; i++)
		buf_printf(b, "<th scope=\"col\"%s>%s</th>",
		    i >= texts ? " class=\"n\"" : "", names[i]);
	buf_adds(b, "</tr></thead>\n<tbody>\n");
}

void
html_page_close_table(struct buf *b)
{
	buf_adds(b, "</tbody></table></div>\n");
}

void
html_page_open_details(struct buf *b)
{
	buf_adds(b, "<details><summary>As a table</summary>\n");
}

void
html_page_close_details(struct buf *b)
{
	buf_adds(b, "</details>\n");
}

void
html_page_row(struct buf *b, const char *name)
{
	buf_printf(b, "<tr><th scope=\"row\">%s</th>", name);
}

void
html_page_row_end(struct buf *b)
{
	buf_adds(b, "</tr>\n");
}

void
html_page_number(struct buf *b, long long n)
{
	buf_adds(b, "<td class=\"n\">");
	columns_group(b, n);
	buf_adds(b, "</td>");
}

void
html_page_cell(struct buf *b, const char *class, struct str s)
{
	buf_adds(b, "<td");
	if (class != NULL)
		buf_printf(b, " class=\"%s\"", class);
	buf_addc(b, '>');
	html_page_text(b, s.n > 0 ? s : STR("-"));
	buf_adds(b, "</td>");
}
