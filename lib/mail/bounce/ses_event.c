#include "mail/bounce/ses_event.h"

#include <string.h>

#include "base/json_get.h"
#include "base/num.h"
#include "mail/bounce/bounce_class.h"

#define RECIPIENTS_MAX 1000

struct event {
	struct json_object all, mail, what;
	struct arena *arena;
	struct bounces *out;
};

/* The object of a name; empty if there is none. */
static struct json_object
get_object(const struct json_object *o, const char *name, struct arena *arena)
{
	const struct json_value *v = json_get(o, name);
	struct json_object out = {0};

	if (v != NULL && v->type == JSON_OBJECT)
		json_get_members(*v, &out, arena);
	return out;
}

static bool
get_next(const struct json_object *o, const char *name, size_t *at,
    struct json_object *out, struct arena *arena)
{
	const struct json_value *v = json_get(o, name);
	struct json_value element;

	if (v == NULL || v->type != JSON_ARRAY)
		return false;
	while (json_get_next(*v, at, &element)) {
		if (element.type != JSON_OBJECT)
			continue;
		json_get_members(element, out, arena);
		return true;
	}
	return false;
}

/* Our Message-ID: SES's own messageId names its copy. */
static struct str
find_id_field(const struct event *e)
{
	struct json_object field;
	size_t at = 0;

	while (get_next(&e->mail, "headers", &at, &field, e->arena)) {
		struct str name = json_get_string(&field, "name", e->arena);

		if (str_is_nocase(name, "Message-ID"))
			return json_get_string(&field, "value", e->arena);
	}
	return (struct str){"", 0};
}

/* Permanent of SES means hard only if the words do not deny it. */
static void
judge_bounce(const struct event *e, struct bounce *b,
    const struct json_object *recipient)
{
	struct str type = json_get_string(&e->what, "bounceType", e->arena);
	struct str sub = json_get_string(&e->what, "bounceSubType", e->arena);
	const struct bounce_words w = {
	    json_get_string(recipient, "status", e->arena),
	    json_get_string(recipient, "diagnosticCode", e->arena),
	    json_get_string(&e->mail, "source", e->arena), b->address};
	bool silent = w.text.n == 0;

	bounce_class_read(b, &w, e->arena);
	if (str_is(sub, "ContentRejected") ||
	    str_is(sub, "AttachmentRejected")) {
		b->kind = BOUNCE_POLICY;
		b->matter = REPLY_SPAM;
	} else if (!str_is(type, "Permanent") || str_is(sub, "Suppressed") ||
		   str_is(sub, "UnsubscribedRecipient") ||
		   str_is(sub, "OnAccountSuppressionList")) {
		if (b->kind == BOUNCE_HARD)
			b->kind = BOUNCE_SOFT;
		if (str_is(type, "Permanent"))
			b->matter = REPLY_UNWANTED;
	} else if (silent ||
		   (b->matter == REPLY_OTHER && str_is(sub, "NoEmail"))) {
		b->kind = BOUNCE_HARD;
		b->matter = REPLY_UNKNOWN;
	}
}

static void
read_recipients(struct event *e, const char *list, enum bounce_kind kind)
{
	struct json_object recipient;
	struct bounce *b;
	size_t at = 0;

	e->out->all = arena_alloc(e->arena, RECIPIENTS_MAX * sizeof(*b));
	while (e->out->count < RECIPIENTS_MAX &&
	       get_next(&e->what, list, &at, &recipient, e->arena)) {
		b = &e->out->all[e->out->count++];
		b->address =
		    json_get_string(&recipient, "emailAddress", e->arena);
		b->kind = kind;
		if (kind == BOUNCE_SOFT) {
			judge_bounce(e, b, &recipient);
		} else if (kind == BOUNCE_DELAYED) {
			judge_bounce(e, b, &recipient);
			b->kind = BOUNCE_DELAYED;
		}
	}
}

/* "Report not spam" takes a complaint back; it is no opt-in either. */
static void
read_event(struct event *e, struct str type)
{
	struct arena *arena = e->arena;

	if (str_is(type, "Bounce")) {
		e->what = get_object(&e->all, "bounce", arena);
		read_recipients(e, "bouncedRecipients", BOUNCE_SOFT);
	} else if (str_is(type, "Complaint")) {
		e->what = get_object(&e->all, "complaint", arena);
		if (!str_is(json_get_string(
				&e->what, "complaintFeedbackType", arena),
			"not-spam") &&
		    !str_is(json_get_string(
				&e->what, "complaintFeedbackType", arena),
			"auth-failure"))
			read_recipients(
			    e, "complainedRecipients", BOUNCE_COMPLAINT);
	} else if (str_is(type, "DeliveryDelay")) {
		e->what = get_object(&e->all, "deliveryDelay", arena);
		read_recipients(e, "delayedRecipients", BOUNCE_DELAYED);
	}
}

static int64_t
read_time(const struct event *e)
{
	struct str time = json_get_string(&e->what, "timestamp", e->arena);
	struct fail f;
	int64_t ms;

	return time.n > 0 && num_parse_time(time, &ms, &f) == 0 ? ms : 0;
}

/* SNS puts the event into a string; its own messages hold a sentence there. */
static void
open_envelope(struct event *e)
{
	struct str message = json_get_string(&e->all, "Message", e->arena);
	struct json_object inner;
	struct fail f;

	if (message.p != NULL && json_get(&e->all, "Type") != NULL &&
	    json_parse(&inner, message, e->arena, &f) == 0)
		e->all = inner;
}

int
ses_event_read(
    struct bounces *out, struct str json, struct arena *arena, struct fail *f)
{
	struct event e = {.arena = arena, .out = out};
	struct str type;

	memset(out, 0, sizeof(*out));
	if (json_parse(&e.all, json, arena, f) < 0)
		return -1;
	open_envelope(&e);
	e.mail = get_object(&e.all, "mail", arena);
	out->message_id = find_id_field(&e);
	type = json_get_string(&e.all, "eventType", arena);
	if (type.p == NULL)
		type = json_get_string(&e.all, "notificationType", arena);
	read_event(&e, type);
	out->at = read_time(&e);
	if (out->count == 0) {
		out->all = arena_alloc(arena, sizeof(*out->all));
		out->count = 1;
	}
	return 0;
}
