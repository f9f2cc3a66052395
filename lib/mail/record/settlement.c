#include "mail/record/settlement.h"

#include <string.h>

#include "base/json.h"
#include "mail/record/record.h"

static int
get_status(struct settlement *s, const struct json_object *o, struct arena *a,
    struct fail *f)
{
	struct str status;

	if (record_need_string(&status, o, "status", a, f) < 0)
		return -1;
	s->sent = str_is(status, "sent");
	if (!s->sent && !str_is(status, "not_sent"))
		return fail_data(f,
		    "\"status\" is sent or not_sent, not \"%.*s\"",
		    (int)status.n, status.p);
	return 0;
}

/* The part right of "@" is the sender's domain, which the ledger has not. */
static int
cut_message_id(struct str *id, struct fail *f)
{
	struct str whole = *id;
	const char *at;

	if (id->n > 0 && id->p[0] == '<')
		*id = (struct str){id->p + 1, id->n - 1};
	at = id->n > 0 ? memchr(id->p, '@', id->n) : NULL;
	if (at != NULL)
		id->n = (size_t)(at - id->p);
	if (id->n == 0)
		return fail_data(f, "\"message_id\" is no Message-ID: \"%.*s\"",
		    (int)whole.n, whole.p);
	return 0;
}

int
settlement_parse(
    struct settlement *s, struct str line, struct arena *a, struct fail *f)
{
	struct json_object all, *o = &all;

	*s = (struct settlement){0};
	if (json_parse(o, line, a, f) < 0 ||
	    record_need_string(&s->email_id, o, "email_id", a, f) < 0 ||
	    record_get_string(&s->email, o, "email", a, f) < 0 ||
	    record_get_string(&s->message_id, o, "message_id", a, f) < 0 ||
	    record_get_string(&s->queue_id, o, "queue_id", a, f) < 0 ||
	    get_status(s, o, a, f) < 0)
		return -1;
	if ((s->email.p == NULL) == (s->message_id.p == NULL))
		return fail_data(f,
		    "either \"email\" or \"message_id\" names the recipient; "
		    "the line has %s",
		    s->email.p == NULL ? "neither" : "both");
	return s->message_id.p != NULL ? cut_message_id(&s->message_id, f) : 0;
}
