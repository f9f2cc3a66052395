#include "mail/report/report_row.h"

#include "base/json_put.h"
#include "base/num.h"
#include "mail/report/report_json.h"

void
report_row_record(
    struct buf *b, const struct report_row *row, struct str course_id)
{
	buf_addc(b, '{');
	json_put(b, "email_id", row->email_id);
	json_put(b, "course_id", course_id);
	if (row->user_number)
		json_put_raw(b, "user_id", row->user_id);
	else
		json_put(b, "user_id", row->user_id);
	/* A person that was forgotten has no address. */
	json_put(b, "email", row->email.n > 0 ? row->email : (struct str){0});
	json_put(b, "status", str_of(report_state_name(row->state)));
	json_put(b, "class", row->class);
	json_put(b, "stage", row->stage);
	if (row->code != 0)
		json_put_int(b, "code", row->code);
	else
		json_put_raw(b, "code", STR("null"));
	json_put(b, "enhanced", row->enhanced);
	json_put(b, "reply", row->reply);
	json_put(b, "queue_id", row->queue_id);
	json_put(b, "message_id_left", row->message_id_left);
	json_put(b, "relay", row->relay);
	json_put_int(b, "attempt", row->attempt);
	json_put_int(b, "ms", row->ms);
	report_json_time(b, "at", row->at);
	report_json_time(b, "next_try", row->next_try);
	buf_adds(b, "}\n");
}

static void
add_csv_text(struct buf *b, struct str s, enum csv_put_form form)
{
	csv_put(b, s, form, false);
	buf_addc(b, ',');
}

static void
add_csv_time(struct buf *b, int64_t ms)
{
	if (ms != 0)
		num_rfc3339(b, ms);
	buf_addc(b, ',');
}

void
report_row_csv_header(struct buf *b)
{
	buf_adds(b, "email_id,course_id,user_id,email,status,class,stage,code,"
		    "enhanced,reply,queue_id,relay,attempt,ms,at,next_try,"
		    "message_id_left\r\n");
}

void
report_row_csv(struct buf *b, const struct report_row *row,
    struct str course_id, enum csv_put_form form)
{
	add_csv_text(b, row->email_id, form);
	add_csv_text(b, course_id, form);
	add_csv_text(b, row->user_id, form);
	add_csv_text(b, row->email, form);
	add_csv_text(b, str_of(report_state_name(row->state)), form);
	add_csv_text(b, row->class, form);
	add_csv_text(b, row->stage, form);
	if (row->code != 0)
		buf_addint(b, row->code);
	buf_addc(b, ',');
	add_csv_text(b, row->enhanced, form);
	add_csv_text(b, row->reply, form);
	add_csv_text(b, row->queue_id, form);
	add_csv_text(b, row->relay, form);
	buf_printf(b, "%lld,%lld,", row->attempt, row->ms);
	add_csv_time(b, row->at);
	add_csv_time(b, row->next_try);
	csv_put(b, row->message_id_left, form, false);
	buf_adds(b, "\r\n");
}
