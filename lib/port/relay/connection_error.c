#include "port/relay/connection_error.h"

#include <stdio.h>

static void
set_text(struct connection_error *e, const char *text)
{
	e->reply = (struct reply){0};
	snprintf(e->reply.text, sizeof(e->reply.text), "%s", text);
}

void
connection_error_set(struct connection_error *e, const struct login *login,
    enum connection_fault fault, const char *text)
{
	*e = (struct connection_error){.stage = login->stage};
	if (!login->babbles)
		e->reply = login->reply;
	if (fault == CONNECTION_FAULT_NAME) {
		e->class = "dns";
	} else if (fault == CONNECTION_FAULT_TLS) {
		e->stage = STAGE_TLS;
		e->class = "tls";
	} else if (fault == CONNECTION_FAULT_REPLY && e->stage == STAGE_TLS) {
		e->class = "tls"; /* plaintext slipped in before TLS */
	} else if (fault == CONNECTION_FAULT_DENIED && e->reply.code < 400) {
		e->stage = STAGE_AUTH;
		e->class = "auth";
	}
	if (e->reply.code < 400)
		set_text(e, login->babbles ? "this is no SMTP server" : text);
}

void
connection_error_set_no_login(struct connection_error *e)
{
	*e = (struct connection_error){.stage = STAGE_AUTH, .class = "auth"};
	set_text(e, "a login is set, but the relay offers none");
}
