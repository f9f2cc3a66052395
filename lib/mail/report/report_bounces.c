#include "mail/report/report_bounces.h"

#include "base/columns.h"
#include "base/json_put.h"
#include "mail/report/html_page.h"

static const char MANY[] = "Warning: 5 % or more of what was sent has come "
			   "back. Providers stop such senders; correct the "
			   "addresses before the next mailing.";
static const char COMPLAINTS[] =
    "Warning: 0.1 % or more of the recipients complain. Providers stop such "
    "senders; mail only people who expect it.";

static bool
is_reached(long long n, long long sent, long long of_thousand)
{
	return n > 0 && sent > 0 && n * 1000 >= sent * of_thousand;
}

bool
report_bounces_many(const struct report *r)
{
	return is_reached(
	    r->bounced, r->all.by[REPORT_SENT], REPORT_BOUNCES_BOUNCED);
}

bool
report_bounces_complaints(const struct report *r)
{
	return is_reached(
	    r->complained, r->all.by[REPORT_SENT], REPORT_BOUNCES_COMPLAINED);
}

/* Complaints are counted in tenths of a percent and less. */
static void
put_rate(struct buf *b, const struct report *r, long long n)
{
	long long sent = r->all.by[REPORT_SENT];
	double rate = sent > 0 ? 100.0 * (double)n / (double)sent : 0;

	buf_printf(b, rate < 1 ? "%.2f %%" : "%.1f %%", rate);
}

static void
put_count_line(struct buf *b, const struct report *r, const char *label,
    long long n, const struct report_style *style)
{
	struct buf number = {0}, text = {0};

	if (n == 0)
		return;
	columns_group(&number, n);
	buf_printf(&text, "%-11s %*s", label, style->width < 40 ? 6 : 12,
	    buf_cstr(&number));
	if (r->all.by[REPORT_SENT] > 0) {
		buf_adds(&text, "  ");
		put_rate(&text, r, n);
		buf_adds(&text, " of those sent");
	}
	buf_adds(b, "  ");
	columns_clean(b, buf_str(&text), style->width - 2, style->ascii);
	buf_addc(b, '\n');
	buf_free(&number);
	buf_free(&text);
}

/* A warning breaks between words at the width of the terminal. */
static void
put_warning(struct buf *b, const char *text, const struct report_style *style)
{
	size_t width = style->width > 22 ? style->width - 2 : 20, used = width;
	struct str rest = str_of(text);

	if (style->width > 78)
		used = width = 76;
	while (rest.n > 0) {
		struct str word = str_take(&rest, STR(" "));

		if (used + 1 + word.n > width) {
			buf_adds(b, "\n  ");
			used = 0;
		} else {
			buf_addc(b, ' ');
			used++;
		}
		buf_addstr(b, word);
		used += word.n;
	}
	buf_addc(b, '\n');
}

void
report_bounces_text(
    struct buf *b, const struct report *r, const struct report_style *style)
{
	put_count_line(b, r, "bounced", r->bounced, style);
	put_count_line(b, r, "complained", r->complained, style);
	if (report_bounces_many(r))
		put_warning(b, MANY, style);
	if (report_bounces_complaints(r))
		put_warning(b, COMPLAINTS, style);
}

static void
put_count_words(
    struct buf *b, const struct report *r, long long n, const char *word)
{
	if (n == 0)
		return;
	buf_adds(b, ", ");
	columns_group(b, n);
	buf_printf(b, " %s (", word);
	put_rate(b, r, n);
	buf_addc(b, ')');
}

void
report_bounces_words(struct buf *b, const struct report *r)
{
	put_count_words(b, r, r->bounced, "bounced");
	put_count_words(b, r, r->complained, "complained");
}

static void
put_item(struct buf *b, const struct report *r, const char *label, long long n)
{
	if (n == 0)
		return;
	buf_printf(b, "<li class=\"s%d\"><b>", REPORT_FAILED);
	columns_group(b, n);
	buf_printf(b, "</b>%s <span>", label);
	put_rate(b, r, n);
	buf_adds(b, " of those sent</span></li>\n");
}

void
report_bounces_tiles(struct buf *b, const struct report *r)
{
	put_item(b, r, "bounced", r->bounced);
	put_item(b, r, "complained", r->complained);
}

static void
put_note(struct buf *b, const char *text)
{
	buf_adds(b, "<p><strong>");
	html_page_text(b, str_of(text));
	buf_adds(b, "</strong></p>\n");
}

void
report_bounces_notes(struct buf *b, const struct report *r)
{
	if (report_bounces_many(r))
		put_note(b, MANY);
	if (report_bounces_complaints(r))
		put_note(b, COMPLAINTS);
}

void
report_bounces_json(struct buf *b, const struct report *r)
{
	bool many = report_bounces_many(r),
	     complaints = report_bounces_complaints(r);

	json_put_int(b, "bounced", r->bounced);
	json_put_int(b, "complained", r->complained);
	json_put_name(b, "warnings");
	buf_adds(b, many && complaints ? "[\"bounced\",\"complained\"]"
		    : many             ? "[\"bounced\"]"
		    : complaints       ? "[\"complained\"]"
				       : "[]");
}
