#include "mail/record/outcome_class.h"

#include "base/buf.h"
#include "base/near.h"

#define FINAL(name, remedy)                       \
	{                                         \
		name, OUTCOME_CLASS_FINAL, remedy \
	}
#define RETRY(name)                             \
	{                                       \
		name, OUTCOME_CLASS_RETRY, NULL \
	}

static const struct outcome_class classes[] = {
    /* sent */
    FINAL("ok", "it was sent"),
    /* failed */
    {"bad_mailbox", OUTCOME_CLASS_SINCE, NULL},
    FINAL("bad_domain", "the domain takes no mail; correct the address"),
    RETRY("bad_address"),
    RETRY("mailbox_full"),
    RETRY("too_big"),
    RETRY("content"),
    RETRY("needs_smtputf8"),
    RETRY("gave_up"),
    RETRY("refused"),
    /* deferred */
    RETRY("greylisted"),
    RETRY("busy_relay"),
    RETRY("throttled"),
    RETRY("connection"),
    RETRY("breaker"),
    FINAL("busy", "another process has it; run the same command later"),
    FINAL("held", "bm-send --release ends the hold"),
    FINAL("stopped", "the same command without --retry sends the rest"),
    /* skipped */
    RETRY("optout"),
    RETRY("suppressed"),
    RETRY("expired"),
    FINAL("duplicate", "name the class that the first outcome had"),
    FINAL("cancelled", "cancelling is final; render it with another --id"),
    FINAL("pruned", "who got it is forgotten; render it with another --id"),
    FINAL("invalid", "correct the record and send it again"),
    /* in doubt */
    FINAL("no_reply", "--settle, --resend-in-doubt or --assume-sent decides"),
    /* what concerns the sender */
    RETRY("auth"),
    RETRY("sender"),
    RETRY("quota"),
    RETRY("policy"),
    RETRY("tls"),
    RETRY("dns"),
    RETRY("config"),
};

#define CLASS_COUNT (sizeof(classes) / sizeof(*classes))

const struct outcome_class *
outcome_class_find(struct str name)
{
	for (size_t i = 0; i < CLASS_COUNT; i++) {
		if (str_is(name, classes[i].name))
			return &classes[i];
	}
	return NULL;
}

static int
refuse_name(const char *name, struct fail *f)
{
	struct near near = {.name = str_of(name)};
	struct buf list = {0};

	for (size_t i = 0; i < CLASS_COUNT; i++) {
		if (classes[i].retry == OUTCOME_CLASS_FINAL)
			continue;
		near_offer(&near, str_of(classes[i].name));
		buf_printf(&list, " %s", classes[i].name);
	}
	if (near.best.p != NULL)
		fail_system(f,
		    "--retry: \"%s\" is no class of outcomes, did you mean %s?",
		    name, near.best.p);
	else
		fail_system(f,
		    "--retry: \"%s\" is no class of outcomes; it takes%s", name,
		    buf_cstr(&list));
	buf_free(&list);
	return -1;
}

int
outcome_class_check_retry(const char *name, bool has_time, struct fail *f)
{
	const struct outcome_class *c = outcome_class_find(str_of(name));

	if (c == NULL)
		return refuse_name(name, f);
	if (c->retry == OUTCOME_CLASS_FINAL)
		return fail_system(
		    f, "--retry does not reopen %s: %s", c->name, c->remedy);
	if (c->retry == OUTCOME_CLASS_SINCE && !has_time)
		return fail_system(
		    f, "--retry %s needs --since TIME, as in 2d", c->name);
	return 0;
}

bool
outcome_class_reopens(
    const char *name, int64_t since, struct str class, int64_t at)
{
	const struct outcome_class *c = outcome_class_find(class);

	if (name == NULL || c == NULL || !str_is(class, name) || at < since)
		return false;
	return c->retry == OUTCOME_CLASS_RETRY ||
	       (c->retry == OUTCOME_CLASS_SINCE && since > 0);
}
