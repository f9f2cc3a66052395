#include "mail/html/images.h"

#include <stdlib.h>

#include "base/buf.h"
#include "mail/mime/calendar.h"
#include "mail/mime/media_type.h"
#include "unit.h"

/* Loads become "K:NAME " in a log, and their address "cid:K". */
struct log {
	struct buf text;
	bool leave; /* all addresses as they are */
};

static int
load(void *ctx, enum image_kind kind, struct str name, struct str *cid,
    struct fail *f)
{
	static const char *const ids[] = {"F", "C", "D"};
	struct log *log = ctx;

	if (str_is(name, "bad"))
		return fail_data(f, "bad image");
	buf_printf(&log->text, "%s:", ids[kind]);
	buf_addstr(&log->text, name);
	buf_addc(&log->text, ' ');
	if (!log->leave)
		*cid = str_of(ids[kind]);
	return 0;
}

static const struct {
	const char *html, *log, *want; /* want NULL: as it was */
} tests[] = {
    {"<img src=a.png>", "F:a.png ", "<img src=cid:F>"},
    {"<IMG SRC = ' ./a.png ' alt=x>", "F:./a.png ",
	"<IMG SRC = ' cid:F ' alt=x>"},
    {"<img src=\"a%20b&amp;c.png?v=1#x\">", "F:a b&c.png ",
	"<img src=\"cid:F\">"},
    {"<img src=\"img\\a.png\">", "F:img/a.png ", "<img src=\"cid:F\">"},
    {"<img src=\"%2e%2e/&#x2e;./a\">", "F:../../a ", "<img src=\"cid:F\">"},
    {"<img src=\"https://x/a.png\"><img src=//x/a><img src=/a><img src=#a>"
     "<img src=\"\"><img src><img src=\"{{a}}\"><img src=\"?a\">"
     "<img src=\"C:/a.png\">",
	"", NULL},
    {"<!-- <img src=a> --><script>'<img src=a>'</script><a href=a>x</a>"
     "<video src=a></video><source src=a>",
	"", NULL},
    {"<img srcset=\"a.png 1x, b.png 2x\">", "F:a.png F:b.png ",
	"<img srcset=\"cid:F 1x, cid:F 2x\">"},
    {"<picture><source srcset=\"a.png, b,c.png 2x,,https://x/y 3x\">",
	"F:a.png F:b,c.png ",
	"<picture><source srcset=\"cid:F, cid:F 2x,,https://x/y 3x\">"},
    {"<td background='a b.png'><body background=c>", "F:a b.png F:c ",
	"<td background='cid:F'><body background=cid:F>"},
    {"<p style=\"background: url(a.png) url( 'b.png' ) "
     "URL(&quot;c.png&quot;)\">",
	"F:a.png F:b.png F:c.png ",
	"<p style=\"background: url(cid:F) url( 'cid:F' ) "
	"URL(&quot;cid:F&quot;)"
	"\">"},
    {"<style>/* url(no) */ a { background: url(\"a.png\") } @import "
     "url(b.css); @font-face { src: url(c.woff) } i { list-style: url(d) }"
     "</style>",
	"F:a.png F:d ",
	"<style>/* url(no) */ a { background: url(\"cid:F\") } @import "
	"url(b.css); @font-face { src: url(c.woff) } i { list-style: "
	"url(cid:F) }</style>"},
    {"<p style='background: url(a\\(1\\).png)'>", "F:a(1).png ",
	"<p style='background: url(cid:F)'>"},
    {"<p style='background: url(a'>", "", NULL},
    {"<img src=\"cid:my%20logo.png\"><img src=\"CID:x\">", "C:my logo.png C:x ",
	"<img src=\"cid:C\"><img src=\"cid:C\">"},
    {"<img src=\"data:image/png;base64,aGk=\"><img src=\"DATA:,h%69\">"
     "<img src=\"data:a;BASE64,aG\nk\">",
	"D:hi D:hi D:hi ",
	"<img src=\"cid:D\"><img src=\"cid:D\"><img src=\"cid:D\">"},
    {"<p style=\"background:url('data:,a')\">", "D:a ",
	"<p style=\"background:url('cid:D')\">"},
    {"x\n<img\nsrc=bad>", "", "b.html:2: bad image"},
    {"<img src=\"a%00b\">", "", "b.html:1: a%00b: a file's name has no NUL"},
    {"<img src=\"data:x\">", "",
	"b.html:1: an image in a data: address: no comma"},
};

static void
test_images(bool leave)
{
	struct fail f = {0};

	for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		struct source s = {
		    .bytes = str_of(tests[i].html), .name = "b.html"};
		struct log log = {.leave = leave};
		struct buf out = {0};
		char name[40];

		if (images_inline(&out, &s, load, &log, &f) < 0) {
			buf_reset(&out);
			buf_adds(&out, f.text);
		}
		snprintf(name, sizeof(name), "log %zu", i);
		same(buf_str(&log.text), tests[i].log, name);
		snprintf(name, sizeof(name), "html %zu", i);
		same(buf_str(&out),
		    tests[i].want == NULL || (leave && *tests[i].log != '\0')
			? tests[i].html
			: tests[i].want,
		    name);
		buf_free(&out);
		buf_free(&log.text);
	}
}

static void
test_pictures(void)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *type;
	} cases[] = {
	    {"\x89PNG\r\n\x1a\nxx", 10, "image/png"},
	    {"\xff\xd8\xff\xe0", 4, "image/jpeg"},
	    {"GIF89a", 6, "image/gif"},
	    {"RIFF\1\2\3\4WEBPVP8 ", 16, "image/webp"},
	    {"\0\0\0\x20"
	     "ftypavif",
		12, "image/avif"},
	    {"BM\1\2\3\4\0\0\0\0", 10, "image/bmp"},
	    {"BMW is a car and no picture", 27, NULL},
	    {"<svg>", 5, "image/svg+xml"},
	    {"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- <a> -->\n<!DOCTYPE svg>"
	     "<svg xmlns='x'/>",
		69, "image/svg+xml"},
	    {"<svgx>", 6, NULL},
	    {"<!-- <svg>", 10, NULL},
	    {"hunter2 <svg>", 13, NULL},
	    {"PNG", 3, NULL},
	    {"", 0, NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *type = media_type_picture(
		    (struct str){cases[i].bytes, cases[i].n});

		ok(type == cases[i].type ||
			(type != NULL && cases[i].type != NULL &&
			    strcmp(type, cases[i].type) == 0),
		    "picture %zu: %s", i, type != NULL ? type : "none");
	}
}

static void
test_calendars(void)
{
	static const char *const cases[][2] = {
	    {"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT",
		"REQUEST"},
	    {"\xef\xbb\xbf"
	     "begin:vcalendar\nMETH\n OD;X=\"a\":can\n\tcel\n",
		"CANCEL"},
	    {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nMETHOD:REQUEST\n", NULL},
	    {"BEGIN:VCALENDAR\nX-METHOD:REQUEST\nMETHOD:x\r\n y\n", NULL},
	    {"METHOD:REQUEST\n", NULL},
	    {"BEGIN:VCALENDAR", NULL},
	    {"", NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *method = calendar_method(str_of(cases[i][0]));

		ok(method == cases[i][1] ||
			(method != NULL && cases[i][1] != NULL &&
			    strcmp(method, cases[i][1]) == 0),
		    "calendar %zu: %s", i, method != NULL ? method : "none");
	}
}

int
main(void)
{
	test_images(false);
	test_images(true);
	test_pictures();
	test_calendars();
	return unit_end();
}
