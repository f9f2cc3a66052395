#include "mail/report/report_list.h"

#include "base/columns.h"
#include "base/num.h"
#include "mail/report/count_columns.h"
#include "mail/report/report_bounces.h"

/* The line below the counts: subject, course and state. */
static void
put_details(
    struct buf *b, const struct report *r, const struct report_style *style)
{
	struct buf text = {0};

	if (r->subject.n > 0) {
		buf_addstr(&text, r->subject);
		buf_adds(&text, ", ");
	}
	buf_addstr(&text, r->course_id);
	if (r->is_stopped) {
		buf_adds(&text, ", ");
		buf_addstr(&text, r->state);
	}
	if (r->uncertain)
		buf_adds(&text, ", uncertain");
	report_bounces_words(&text, r);
	buf_adds(b, "    ");
	columns_clean(b, buf_str(&text), style->width - 4, style->ascii);
	buf_addc(b, '\n');
	buf_free(&text);
}

static void
put_table(struct buf *b, const struct report *mailings, size_t count,
    const struct report_style *style)
{
	static const char formats[][8] = {
	    "lr", "lrr", "lrrr", "lfrrrr", "lfrrrrr"};
	size_t counts = count_columns(style);
	bool begun = counts > 3;
	struct columns *t = columns_new(formats[counts - 1]);

	columns_text(t, "id");
	if (begun)
		columns_text(t, "begun");
	count_columns_names(t, style);
	for (size_t i = 0; i < count; i++) {
		struct buf time = {0};

		num_rfc3339(&time, mailings[i].created);
		columns_cell(t, mailings[i].id);
		if (begun)
			columns_cell(t, (struct str){time.p, 10});
		count_columns_numbers(t, &mailings[i].all, style);
		buf_free(&time);
	}
	columns_put(t, b, style->width, style->ascii);
	columns_free(t);
}

void
report_list(struct buf *b, const struct report *mailings, size_t count,
    const struct report_style *style)
{
	struct buf table = {0};
	struct str rest;

	put_table(&table, mailings, count, style);
	rest = buf_str(&table);
	for (size_t i = 0; rest.n > 0; i++) {
		buf_addstr(b, str_take(&rest, STR("\n")));
		buf_addc(b, '\n');
		if (i > 0)
			put_details(b, &mailings[i - 1], style);
	}
	buf_free(&table);
}
