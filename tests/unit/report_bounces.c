/* What came back, beside what was sent: rates and warnings. */
#include "mail/report/report_bounces.h"

#include <string.h>

#include "unit.h"

static const struct {
	long long sent, bounced, complained;
	const char *words, *json;
} cases[] = {
    {1000, 0, 0, "", "[]"},
    {1000, 49, 0, ", 49 bounced (4.9 %)", "[]"},
    {1000, 50, 0, ", 50 bounced (5.0 %)", "[\"bounced\"]"},
    {19, 1, 0, ", 1 bounced (5.3 %)", "[\"bounced\"]"},
    {21, 1, 0, ", 1 bounced (4.8 %)", "[]"},
    {10000, 0, 9, ", 9 complained (0.09 %)", "[]"},
    {10000, 0, 10, ", 10 complained (0.10 %)", "[\"complained\"]"},
    {10000, 1200, 25, ", 1,200 bounced (12.0 %), 25 complained (0.25 %)",
	"[\"bounced\",\"complained\"]"},
    /* A pruned mailing has nobody who was sent mail. */
    {0, 3, 0, ", 3 bounced (0.00 %)", "[]"},
};

static struct report
make_report(size_t i)
{
	struct report r = {
	    .bounced = cases[i].bounced, .complained = cases[i].complained};

	r.all.by[REPORT_SENT] = r.all.total = cases[i].sent;
	return r;
}

static void
check_case(size_t i)
{
	struct report r = make_report(i);
	struct buf b = {0}, want = {0};

	report_bounces_words(&b, &r);
	same(buf_str(&b), cases[i].words, "words");
	buf_reset(&b);
	buf_addc(&b, '{');
	report_bounces_json(&b, &r);
	buf_printf(&want,
	    "{\"bounced\":%lld,\"complained\":%lld,\"warnings\":%s",
	    cases[i].bounced, cases[i].complained, cases[i].json);
	same(buf_str(&b), buf_cstr(&want), "members");
	buf_reset(&b);
	report_bounces_notes(&b, &r);
	ok((strstr(buf_cstr(&b), "5 % or more") != NULL) ==
		(strstr(cases[i].json, "bounced") != NULL),
	    "page: %s", cases[i].json);
	ok((strstr(buf_cstr(&b), "0.1 % or more") != NULL) ==
		(strstr(cases[i].json, "complained") != NULL),
	    "page: %s", cases[i].json);
	buf_free(&b);
	buf_free(&want);
}

/* No line is wider than the terminal, and none says what did not happen. */
static void
check_width(size_t width)
{
	const struct report_style style = {.width = width, .ascii = true};
	struct report r = make_report(7);
	struct buf b = {0};
	struct str rest;

	report_bounces_text(&b, &r, &style);
	for (rest = buf_str(&b); rest.n > 0;)
		ok(str_take(&rest, STR("\n")).n <= width, "width %zu", width);
	buf_reset(&b);
	r = make_report(0);
	report_bounces_text(&b, &r, &style);
	report_bounces_tiles(&b, &r);
	ok(b.len == 0, "nothing came back");
	buf_free(&b);
}

int
main(void)
{
	static const size_t widths[] = {25, 38, 40, 66, 80, 200};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check_case(i);
	for (size_t i = 0; i < sizeof(widths) / sizeof(*widths); i++)
		check_width(widths[i]);
	return unit_end();
}
