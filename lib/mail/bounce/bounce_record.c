#include "mail/bounce/bounce_record.h"

#include "base/harmless.h"
#include "base/json_put.h"
#include "base/utf8.h"

#define TEXT_MAX 1000 /* bytes of a member */

/* Foreign text: null if it is empty, and valid UTF-8 without controls. */
static void
put_text(struct buf *b, const char *name, struct str value)
{
	struct buf clean = {0};
	struct str text = {NULL, 0};

	if (value.n > TEXT_MAX)
		value.n = TEXT_MAX;
	buf_addstr(&clean, value);
	if (clean.len > 0)
		clean.len = harmless_text(clean.p, clean.len);
	if (clean.len > 0)
		text =
		    (struct str){clean.p, utf8_cut(buf_str(&clean), TEXT_MAX)};
	json_put(b, name, text);
	buf_free(&clean);
}

void
bounce_record_put(struct buf *b, const struct bounces *all,
    const struct bounce *one, const struct bounce_record_about *about,
    struct str verp, const char *place)
{
	buf_addc(b, '{');
	json_put(b, "kind", str_of(bounce_kind_name(one->kind)));
	json_put(b, "class", str_of(bounce_kind_class(one)));
	put_text(b, "address", one->address);
	put_text(b, "forwarded_to", one->other);
	put_text(b, "message_id", all->message_id);
	put_text(b, "verp", verp);
	json_put(b, "by", about->by);
	json_put(b, "email_id", about->email_id);
	json_put(b, "recipient", about->recipient);
	if (one->code > 0)
		json_put_int(b, "code", one->code);
	else
		json_put_raw(b, "code", STR("null"));
	put_text(b, "enhanced", str_of(one->status));
	put_text(b, "reply", one->text);
	put_text(b, "file", str_of(place));
	buf_adds(b, "}\n");
}
