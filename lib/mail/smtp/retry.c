#include "mail/smtp/retry.h"

#include <string.h>
#include <strings.h>

#include "mail/smtp/reply_model.h"

#define AT(stage) (1u << (stage))
#define LOGIN_STAGES                                               \
	(AT(STAGE_CONNECT) | AT(STAGE_GREETING) | AT(STAGE_EHLO) | \
	    AT(STAGE_TLS) | AT(STAGE_AUTH))

#define HOUR 3600
#define DAY (24 * HOUR)
#define DELAY_MAX 960000 /* ms */

/* By the first digit of the basic code, whatever the matter. */
struct answer {
	enum retry_action again, never; /* 4xx, 5xx */
	const char *class;
	int wait_again, wait_never; /* seconds */
	enum stop_scope scope;
};

static const struct answer answers[] = {
    [REPLY_UNKNOWN] = {RETRY_LATER, RETRY_DEAD, "bad_mailbox", 0, 0,
	STOP_SCOPE_RECIPIENT},
    [REPLY_DOMAIN] = {RETRY_LATER, RETRY_DEAD, "bad_domain", 0, 0,
	STOP_SCOPE_RECIPIENT},
    [REPLY_ADDRESS] = {RETRY_FAIL, RETRY_FAIL, "bad_address", 0, 0,
	STOP_SCOPE_RECIPIENT},
    [REPLY_FULL] = {RETRY_LATER, RETRY_FAIL, "mailbox_full", 0, 0,
	STOP_SCOPE_RECIPIENT},
    [REPLY_SMALL] = {RETRY_FAIL, RETRY_FAIL, "too_big", 0, 0,
	STOP_SCOPE_RECIPIENT},
    [REPLY_FORM] = {RETRY_PAUSE, RETRY_ABORT, "content", 0, 0,
	STOP_SCOPE_MAILING},
    [REPLY_SPAM] = {RETRY_LATER, RETRY_FAIL, "content", 0, 0,
	STOP_SCOPE_RECIPIENT},
    [REPLY_SIZE] = {RETRY_ABORT, RETRY_ABORT, "too_big", 0, 0,
	STOP_SCOPE_MAILING},
    [REPLY_UTF8] = {RETRY_FAIL, RETRY_FAIL, "needs_smtputf8", 0, 0,
	STOP_SCOPE_RECIPIENT},
    [REPLY_LOOP] = {RETRY_FAIL, RETRY_FAIL, "refused", 0, 0,
	STOP_SCOPE_RECIPIENT},
    [REPLY_LOGIN] = {RETRY_PAUSE, RETRY_ABORT, "auth", 300, 0,
	STOP_SCOPE_ACCOUNT},
    [REPLY_TLS] = {RETRY_PAUSE, RETRY_ABORT, "tls", 0, 0, STOP_SCOPE_RELAY},
    [REPLY_RELAY] = {RETRY_PAUSE, RETRY_ABORT, "policy", 0, 0,
	STOP_SCOPE_ACCOUNT},
    [REPLY_SENDER] = {RETRY_PAUSE, RETRY_ABORT, "sender", 0, 0,
	STOP_SCOPE_SENDER},
    [REPLY_PROOF] = {RETRY_SLOW, RETRY_ABORT, "policy", 0, 0,
	STOP_SCOPE_SENDER},
    [REPLY_BANNED] = {RETRY_SLOW, RETRY_ABORT, "policy", 0, 0,
	STOP_SCOPE_ACCOUNT},
    [REPLY_NAME] = {RETRY_PAUSE, RETRY_ABORT, "config", 0, 0, STOP_SCOPE_RELAY},
    [REPLY_LISTED] = {RETRY_SLOW, RETRY_PAUSE, "policy", 0, HOUR,
	STOP_SCOPE_RELAY},
    [REPLY_RATE] = {RETRY_SLOW, RETRY_PAUSE, "throttled", 0, 600,
	STOP_SCOPE_ACCOUNT},
    [REPLY_FLOOD] = {RETRY_SLOW, RETRY_PAUSE, "throttled", 600, 600,
	STOP_SCOPE_ACCOUNT},
    [REPLY_QUOTA] = {RETRY_PAUSE, RETRY_PAUSE, "quota", HOUR, HOUR,
	STOP_SCOPE_ACCOUNT},
    [REPLY_DAILY] = {RETRY_PAUSE, RETRY_PAUSE, "quota", DAY, DAY,
	STOP_SCOPE_ACCOUNT},
    [REPLY_ACCOUNT] = {RETRY_PAUSE, RETRY_ABORT, "quota", HOUR, 0,
	STOP_SCOPE_ACCOUNT},
    [REPLY_SYNTAX] = {RETRY_PAUSE, RETRY_ABORT, "config", 0, 0,
	STOP_SCOPE_RELAY},
    [REPLY_LOAD] = {RETRY_SLOW, RETRY_FAIL, "busy_relay", 0, 0,
	STOP_SCOPE_RELAY},
    [REPLY_SPENT] = {RETRY_REDO, RETRY_PAUSE, "connection", 0, 0,
	STOP_SCOPE_RELAY},
    [REPLY_CLOSED] = {RETRY_SLOW, RETRY_PAUSE, "policy", 0, 0,
	STOP_SCOPE_RELAY},
};

/* The same with another class for 4xx and 5xx. */
static struct retry_verdict
judge_other(enum reply_matter matter, bool again)
{
	if (!again)
		return (struct retry_verdict){RETRY_FAIL, "refused", 0, 0};
	if (matter == REPLY_BUSY_BOX)
		return (struct retry_verdict){RETRY_LATER, "throttled", 0, 0};
	if (matter == REPLY_GREY)
		return (struct retry_verdict){
		    RETRY_LATER, "greylisted", 300, 0};
	return (struct retry_verdict){RETRY_LATER, "busy_relay", 0, 0};
}

static struct retry_verdict
judge_matter(enum reply_matter matter, bool again)
{
	const struct answer *a = &answers[matter];

	if (a->class == NULL)
		return judge_other(matter, again);
	return (struct retry_verdict){again ? a->again : a->never, a->class,
	    again ? a->wait_again : a->wait_never, a->scope};
}

static struct retry_verdict
judge_no_reply(enum reply_stage stage)
{
	if (stage == STAGE_DOT)
		return (struct retry_verdict){RETRY_MAYBE, "no_reply", 0, 0};
	if ((LOGIN_STAGES & AT(stage)) != 0)
		return (struct retry_verdict){
		    RETRY_SLOW, "connection", 0, STOP_SCOPE_RELAY};
	return (struct retry_verdict){RETRY_REDO, "connection", 0, 0};
}

/*
 * True if the server ends a connection that has sent messages before: the
 * reply concerns the connection, not the message that came next.
 */
static bool
is_parting(
    enum reply_stage stage, const struct reply *r, const struct reply_model *m)
{
	if (r->code == 421)
		return m->matter == REPLY_LOAD || m->matter == REPLY_SPENT ||
		       m->matter == REPLY_OTHER;
	return r->code / 100 == 4 &&
	       (stage == STAGE_MAIL || stage == STAGE_BODY) &&
	       (strcmp(r->enhanced, "4.4.2") == 0 ||
		   strcasestr(r->text, "timeout") != NULL ||
		   strcasestr(r->text, "timed out") != NULL);
}

struct retry_verdict
retry_judge_envelope(enum retry_profile profile, enum reply_stage stage,
    const struct reply *r, bool reused, struct str sender, struct str recipient,
    struct reply_model *model)
{
	struct reply_model m;

	if (r->code == 0)
		return judge_no_reply(stage);
	if (r->code < 400)
		return (struct retry_verdict){RETRY_OK, "ok", 0, 0};
	m = reply_model_read(r, stage, profile == RETRY_SES, sender, recipient);
	if (model != NULL)
		*model = m;
	if (reused && is_parting(stage, r, &m))
		return (struct retry_verdict){RETRY_REDO, "connection", 0, 0};
	return judge_matter(m.matter, r->code < 500);
}

struct retry_verdict
retry_judge(enum retry_profile profile, enum reply_stage stage,
    const struct reply *r, bool reused)
{
	const struct str none = {"", 0};

	return retry_judge_envelope(
	    profile, stage, r, reused, none, none, NULL);
}

const char *
retry_action_name(enum retry_action action)
{
	static const char *const names[] = {"OK", "REDO", "LATER", "SLOW",
	    "PAUSE", "FAIL", "DEAD", "ABORT", "MAYBE"};

	return names[action];
}

int
retry_profile_parse(const char *name)
{
	if (strcmp(name, "generic") == 0)
		return RETRY_GENERIC;
	return strcmp(name, "ses") == 0 ? RETRY_SES : -1;
}

static bool
ends_with(const char *host, size_t n, const char *end)
{
	size_t k = strlen(end);

	return n >= k && strncasecmp(host + n - k, end, k) == 0;
}

enum retry_profile
retry_profile_of_host(const char *host)
{
	size_t n = strlen(host);

	if (n > 0 && host[n - 1] == '.')
		n--;
	if ((strncasecmp(host, "email-smtp.", 11) == 0 ||
		strncasecmp(host, "email-smtp-fips.", 16) == 0) &&
	    (ends_with(host, n, ".amazonaws.com") ||
		ends_with(host, n, ".amazonaws.com.cn")))
		return RETRY_SES;
	return RETRY_GENERIC;
}

int64_t
retry_delay(const struct retry_verdict *verdict, long long attempt,
    int64_t base_ms, uint32_t random)
{
	int64_t most = base_ms > DELAY_MAX ? base_ms : DELAY_MAX;
	int64_t ms = base_ms, least = (int64_t)verdict->wait * 1000;
	long long n;

	for (n = 1; n < attempt && ms > 0 && ms < most; n++)
		ms *= 2;
	ms = ms < most ? ms : most;
	ms = ms / 4 * 3 + (ms / 2 * (int64_t)(random >> 8) >> 24);
	return ms > least ? ms : least;
}
