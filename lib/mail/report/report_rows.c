#include "mail/report/report_rows.h"

#include <string.h>

#include "base/json_put.h"
#include "base/num.h"

static void
put_time(struct buf *b, const char *name, int64_t ms)
{
	struct buf text = {0};

	if (ms != 0)
		num_rfc3339(&text, ms);
	json_put(b, name, ms != 0 ? buf_str(&text) : (struct str){0});
	buf_free(&text);
}

static void
put_number(struct buf *b, const char *name, long long n)
{
	if (n != 0)
		json_put_int(b, name, n);
	else
		json_put_raw(b, name, STR("null"));
}

void
report_rows_record(
    struct buf *b, const struct report_row *row, struct str course_id)
{
	buf_addc(b, '{');
	json_put(b, "email_id", row->email_id);
	json_put(b, "course_id", course_id);
	json_put(b, "user_id", row->user_id);
	json_put(b, "email", row->email);
	json_put(b, "status", str_of(report_state_name(row->state)));
	json_put(b, "class", row->class);
	json_put(b, "stage", row->stage);
	put_number(b, "code", row->code);
	json_put(b, "enhanced", row->enhanced);
	json_put(b, "reply", row->reply);
	json_put(b, "queue_id", row->queue_id);
	json_put(b, "relay", row->relay);
	json_put_int(b, "attempt", row->attempt);
	json_put_int(b, "ms", row->ms);
	put_time(b, "at", row->at);
	put_time(b, "next_try", row->next_try);
	buf_adds(b, "}\n");
}

static void
csv_text(struct buf *b, struct str s, char end)
{
	bool quote = false;

	for (size_t i = 0; i < s.n && !quote; i++)
		quote = strchr(",\"\r\n", s.p[i]) != NULL;
	if (quote)
		buf_addc(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_addc(b, '"');
		buf_addc(b, s.p[i]);
	}
	if (quote)
		buf_addc(b, '"');
	if (end == '\n')
		buf_addc(b, '\r');
	buf_addc(b, end);
}

static void
csv_number(struct buf *b, long long n)
{
	if (n != 0)
		buf_printf(b, "%lld", n);
	buf_addc(b, ',');
}

static void
csv_time(struct buf *b, int64_t ms, char end)
{
	struct buf text = {0};

	if (ms != 0)
		num_rfc3339(&text, ms);
	csv_text(b, buf_str(&text), end);
	buf_free(&text);
}

void
report_rows_csv_head(struct buf *b)
{
	buf_adds(b, "email_id,course_id,user_id,email,status,class,stage,code,"
		    "enhanced,reply,queue_id,relay,attempt,ms,at,next_try\r\n");
}

void
report_rows_csv(
    struct buf *b, const struct report_row *row, struct str course_id)
{
	csv_text(b, row->email_id, ',');
	csv_text(b, course_id, ',');
	csv_text(b, row->user_id, ',');
	csv_text(b, row->email, ',');
	csv_text(b, str_of(report_state_name(row->state)), ',');
	csv_text(b, row->class, ',');
	csv_text(b, row->stage, ',');
	csv_number(b, row->code);
	csv_text(b, row->enhanced, ',');
	csv_text(b, row->reply, ',');
	csv_text(b, row->queue_id, ',');
	csv_text(b, row->relay, ',');
	buf_printf(b, "%lld,%lld,", row->attempt, row->ms);
	csv_time(b, row->at, ',');
	csv_time(b, row->next_try, '\n');
}
