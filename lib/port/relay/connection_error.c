#include "port/relay/connection_error.h"

#include <stdio.h>

static void
set_text(struct connection_error *e, const char *text)
{
	e->reply = (struct reply){0};
	snprintf(e->reply.text, sizeof(e->reply.text), "%s", text);
}

static void
quote_greeting(struct connection_error *e, const struct opening *o)
{
	struct buf b = {0};

	buf_adds(&b, o->babbles ? "this is no SMTP server: it greets with "
				: "the greeting does not end as one of SMTP "
				  "does: ");
	opening_quote_greeting(o, &b);
	set_text(e, buf_cstr(&b));
	e->remedy = CONNECTION_REMEDY_LATER;
	buf_free(&b);
}

void
connection_error_set(struct connection_error *e, const struct opening *o,
    enum connection_fault fault, const char *text)
{
	*e = (struct connection_error){.stage = o->stage};
	if (!o->babbles)
		e->reply = o->reply;
	if (fault == CONNECTION_FAULT_NAME) {
		e->class = "dns";
	} else if (fault == CONNECTION_FAULT_TLS) {
		e->stage = STAGE_TLS;
		e->class = "tls";
	} else if (fault == CONNECTION_FAULT_REPLY && e->stage == STAGE_TLS) {
		e->class = "tls"; /* plaintext slipped in before TLS */
	} else if (fault == CONNECTION_FAULT_LOCAL) {
		e->class = "config";
		e->remedy = CONNECTION_REMEDY_LOCAL;
	}
	if (e->reply.code >= 400)
		return;
	if (opening_is_odd(o) &&
	    (o->babbles || fault == CONNECTION_FAULT_SILENT))
		quote_greeting(e, o);
	else
		set_text(e, o->babbles ? "this is no SMTP server" : text);
}

void
connection_error_say(struct connection_error *e, enum reply_stage stage,
    const char *class, enum connection_remedy remedy, const char *text)
{
	*e = (struct connection_error){
	    .stage = stage, .class = class, .remedy = remedy};
	set_text(e, text);
}
