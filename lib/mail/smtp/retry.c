#include "mail/smtp/retry.h"

#include <stdlib.h>
#include <string.h>

#define AT(stage) (1u << (stage))
#define LOGIN_STAGES                                               \
	(AT(STAGE_CONNECT) | AT(STAGE_GREETING) | AT(STAGE_EHLO) | \
	    AT(STAGE_TLS) | AT(STAGE_AUTH))
#define TEXT_STAGES (AT(STAGE_DATA) | AT(STAGE_BODY) | AT(STAGE_DOT))
#define RCPT_STAGE AT(STAGE_RCPT)
#define MAIL_STAGE AT(STAGE_MAIL)
#define ANY 0u

#define ENH(subject, detail) (subject), (detail), (detail)
#define ENHS(subject, lo, hi) (subject), (lo), (hi)
#define ENH_ANY -1, 0, 0
#define ENH_NONE -2, 0, 0

#define HOUR 3600
#define DAY (24 * HOUR)

/*
 * The first matching row decides. A row has subject and detail of the enhanced
 * code, not its class: the first digit of the basic code tells whether to try
 * again, because the two differ at times (Gmail sends "421 5.7.32").
 */
struct rule {
	unsigned stages; /* ANY, or a set of AT() */
	int code;        /* exact, or 4 or 5 for a class; 0: any */
	int subject, lo, hi;
	const char *text; /* alternatives separated by "|"; case is ignored */
	enum retry_action action;
	const char *class;
	int wait, tries;
};

static const struct rule ses_rows[] = {
    {ANY, 421, ENH_ANY, "maximum message count", RETRY_REDO, "connection", 0,
	0},
    {ANY, 421, ENH_ANY, "too many concurrent", RETRY_SLOW, "busy_relay", 0, 0},
    {ANY, 454, ENH_ANY, "daily", RETRY_PAUSE, "quota", HOUR, 0},
    {ANY, 454, ENH_ANY, "throttling failure|sending rate", RETRY_SLOW,
	"throttled", 0, 0},
    {ANY, 451, ENH_ANY, "temporary service", RETRY_LATER, "busy_relay", 0, 0},
    {ANY, 454, ENH_ANY, "temporary service", RETRY_LATER, "busy_relay", 0, 0},
    {ANY, 5, ENH_ANY,
	"address blacklisted|illegal address|domain ends with dot|"
	"local address contains",
	RETRY_FAIL, "bad_address", 0, 0},
    {ANY, 554, ENH_ANY, "access denied|not authorized", RETRY_ABORT, "policy",
	0, 0},
    {ANY, 554, ENH_ANY, "not verified", RETRY_ABORT, "sender", 0, 0},
    {ANY, 554, ENH_ANY, "suspended|paused", RETRY_ABORT, "policy", 0, 0},
    {ANY, 554, ENH_ANY, "transaction failed", RETRY_ABORT, "content", 0, 0},
};

static const struct rule rows[] = {
    /* Before the first transaction: no message is the cause. */
    {AT(STAGE_AUTH), 4, ENH_ANY, NULL, RETRY_PAUSE, "auth", 300, 0},
    {AT(STAGE_AUTH), 5, ENH_ANY, NULL, RETRY_ABORT, "auth", 0, 0},
    {AT(STAGE_TLS), 4, ENH_ANY, NULL, RETRY_PAUSE, "tls", 0, 0},
    {AT(STAGE_TLS), 5, ENH_ANY, NULL, RETRY_ABORT, "tls", 0, 0},
    {AT(STAGE_EHLO), 4, ENH_ANY, NULL, RETRY_SLOW, "busy_relay", 0, 0},
    {AT(STAGE_EHLO), 5, ENH_ANY, NULL, RETRY_ABORT, "config", 0, 0},
    {AT(STAGE_GREETING), 4, ENH_ANY, NULL, RETRY_SLOW, "busy_relay", 0, 0},
    {AT(STAGE_GREETING), 5, ENH_ANY, NULL, RETRY_PAUSE, "policy", 0, 0},

    /* Texts that are more specific than their codes. */
    {ANY, 0, ENH_ANY, "connection expired", RETRY_REDO, "connection", 0, 0},
    {ANY, 0, ENH_ANY, "[bl", RETRY_ABORT, "policy", 0, 0},
    {ANY, 0, ENH_ANY, "[ts", RETRY_SLOW, "throttled", 0, 0},
    {ANY, 5, ENH_ANY, "[ph", RETRY_FAIL, "content", 0, 0},
    {ANY, 5, ENH_ANY, "delivery error: dd", RETRY_DEAD, "bad_mailbox", 0, 0},
    {ANY, 5, ENH_ANY, "email address is blacklisted|recipient blacklisted",
	RETRY_FAIL, "bad_address", 0, 0},
    {ANY, 4, ENH_ANY, "rp-001|rp-002|rp-003", RETRY_SLOW, "throttled", 0, 0},
    {ANY, 5, ENH_ANY, "(sc-0|(dy-0|(ou-0|sc-001|sc-002|sc-003|sc-004",
	RETRY_PAUSE, "policy", HOUR, 0},
    {ANY, 0, ENH_ANY,
	"spamhaus|blocked using|s3150|dnsbl|spamcop|block list|blocklist",
	RETRY_PAUSE, "policy", HOUR, 0},
    {ANY, 5, ENH(7, 606), NULL, RETRY_PAUSE, "policy", HOUR, 0},
    {ANY, 0, ENH_ANY, "peak smtp relay limit", RETRY_SLOW, "throttled", 0, 0},
    {ANY, 5, ENH(4, 5), NULL, RETRY_PAUSE, "quota", DAY, 0},
    {ANY, 0, ENH_ANY,
	"daily smtp relay|daily sending|daily user sending|daily limit|"
	"daily message quota|daily quota",
	RETRY_PAUSE, "quota", DAY, 0},
    {ANY, 554, ENH(2, 0), "daily|quota|limit", RETRY_PAUSE, "quota", DAY, 0},
    {MAIL_STAGE | TEXT_STAGES, 554, ENH(2, 2), "storedrv|sender|sent items",
	RETRY_ABORT, "quota", 0, 0},
    {ANY, 5, ENH(2, 1), "at a rate", RETRY_FAIL, "refused", 0, 0},
    {ANY, 5, ENH(4, 1), "access denied", RETRY_DEAD, "bad_mailbox", 0, 0},
    {TEXT_STAGES, 5, ENH_ANY,
	"malformed|duplicate header|multiple 'from'|multiple from|"
	"encoded-word|unicode character|not rfc 5322|rfc 5322 compliant|"
	"messages missing a valid",
	RETRY_ABORT, "content", 0, 0},
    {RCPT_STAGE | TEXT_STAGES, 4, ENH_ANY, "greylist|graylist|grey-list",
	RETRY_LATER, "greylisted", 300, 0},

    /* The relay as a whole. */
    {ANY, 432, ENH_ANY, NULL, RETRY_SLOW, "busy_relay", 0, 0},
    {ANY, 4, ENH(7, 28), NULL, RETRY_SLOW, "throttled", 600, 0},
    {ANY, 421, ENHS(7, 0, 999), NULL, RETRY_SLOW, "throttled", 0, 0},
    {ANY, 421, ENH_ANY, NULL, RETRY_SLOW, "busy_relay", 0, 0},
    {ANY, 452, ENH(5, 3), NULL, RETRY_REDO, "connection", 0, 0},
    {ANY, 5, ENH(7, 28), NULL, RETRY_PAUSE, "throttled", 600, 0},
    {ANY, 4, ENHS(7, 20, 27), NULL, RETRY_SLOW, "policy", 0, 0},
    {ANY, 5, ENHS(7, 20, 27), NULL, RETRY_ABORT, "policy", 0, 0},
    {ANY, 4, ENHS(7, 29, 32), NULL, RETRY_SLOW, "policy", 0, 0},
    {ANY, 5, ENHS(7, 29, 32), NULL, RETRY_ABORT, "policy", 0, 0},
    {ANY, 4, ENH(7, 40), NULL, RETRY_SLOW, "policy", 0, 0},
    {ANY, 5, ENH(7, 40), NULL, RETRY_ABORT, "policy", 0, 0},
    {ANY, 4, ENHS(7, 500, 699), NULL, RETRY_SLOW, "policy", 0, 0},
    {ANY, 5, ENHS(7, 500, 699), NULL, RETRY_ABORT, "policy", 0, 0},
    {ANY, 5, ENHS(2, 250, 259), NULL, RETRY_ABORT, "quota", 0, 0},
    {ANY, 4, ENHS(7, 3, 7), NULL, RETRY_PAUSE, "policy", 0, 0},
    {ANY, 5, ENHS(7, 3, 7), NULL, RETRY_ABORT, "policy", 0, 0},
    {ANY, 4, ENHS(7, 8, 9), NULL, RETRY_PAUSE, "auth", 0, 0},
    {ANY, 5, ENHS(7, 8, 9), NULL, RETRY_ABORT, "auth", 0, 0},
    {ANY, 4, ENH(7, 10), NULL, RETRY_PAUSE, "tls", 0, 0},
    {ANY, 5, ENH(7, 10), NULL, RETRY_ABORT, "tls", 0, 0},
    {ANY, 4, ENHS(7, 11, 14), NULL, RETRY_PAUSE, "auth", 0, 0},
    {ANY, 5, ENHS(7, 11, 14), NULL, RETRY_ABORT, "auth", 0, 0},
    {ANY, 0, ENH(3, 4), NULL, RETRY_ABORT, "too_big", 0, 0},
    {ANY, 0, ENH(6, 11), NULL, RETRY_ABORT, "content", 0, 0},
    {ANY, 4, ENHS(1, 7, 8), NULL, RETRY_PAUSE, "sender", 0, 0},
    {ANY, 5, ENHS(1, 7, 8), NULL, RETRY_ABORT, "sender", 0, 0},

    /* MAIL concerns the sender, whatever the code says. */
    {ANY, 0, ENHS(6, 7, 10), NULL, RETRY_FAIL, "needs_smtputf8", 0, 0},
    {MAIL_STAGE, 530, ENH_ANY, NULL, RETRY_ABORT, "auth", 0, 0},
    {MAIL_STAGE, 552, ENH_ANY, NULL, RETRY_ABORT, "too_big", 0, 0},
    {MAIL_STAGE, 5, ENHS(7, 0, 2), NULL, RETRY_ABORT, "policy", 0, 0},
    {MAIL_STAGE, 4, ENHS(5, 0, 9), NULL, RETRY_PAUSE, "config", 0, 0},
    {MAIL_STAGE, 5, ENHS(5, 0, 9), NULL, RETRY_ABORT, "config", 0, 0},
    {MAIL_STAGE, 5, ENH_ANY, NULL, RETRY_ABORT, "sender", 0, 0},
    {MAIL_STAGE, 4, ENH_ANY, NULL, RETRY_SLOW, "busy_relay", 0, 0},

    /* Addresses and mailboxes. */
    {ANY, 4, ENH(1, 1), NULL, RETRY_LATER, "bad_mailbox", 0, 3},
    {ANY, 5, ENH(1, 1), NULL, RETRY_DEAD, "bad_mailbox", 0, 0},
    {ANY, 4, ENH(1, 2), NULL, RETRY_LATER, "bad_domain", 0, 0},
    {ANY, 5, ENH(1, 2), NULL, RETRY_DEAD, "bad_domain", 0, 0},
    {ANY, 4, ENH(1, 3), NULL, RETRY_FAIL, "bad_address", 0, 0},
    {ANY, 5, ENH(1, 3), NULL, RETRY_DEAD, "bad_address", 0, 0},
    {ANY, 4, ENH(1, 6), NULL, RETRY_LATER, "bad_mailbox", 0, 0},
    {ANY, 5, ENH(1, 6), NULL, RETRY_DEAD, "bad_mailbox", 0, 0},
    {ANY, 5, ENH(1, 10), NULL, RETRY_DEAD, "bad_domain", 0, 0},
    {RCPT_STAGE, 550, ENH(1, 0), NULL, RETRY_DEAD, "bad_mailbox", 0, 0},
    {ANY, 5, ENH(2, 1), NULL, RETRY_DEAD, "bad_mailbox", 0, 0},
    {ANY, 4, ENH(2, 1), NULL, RETRY_LATER, "throttled", 0, 0},
    {ANY, 4, ENH(2, 2), NULL, RETRY_LATER, "mailbox_full", 0, 0},
    {ANY, 5, ENH(2, 2), NULL, RETRY_FAIL, "mailbox_full", 0, 0},
    {ANY, 0, ENH(2, 3), NULL, RETRY_FAIL, "too_big", 0, 0},
    {ANY, 5, ENHS(7, 17, 18), NULL, RETRY_DEAD, "bad_mailbox", 0, 0},

    /* Systems, networks, protocol, content, policy. */
    {ANY, 4, ENHS(3, 1, 2), NULL, RETRY_SLOW, "busy_relay", 0, 0},
    {ANY, 0, ENH(4, 6), NULL, RETRY_FAIL, "refused", 0, 0},
    {ANY, 4, ENH(5, 3), NULL, RETRY_LATER, "busy_relay", 0, 0},
    {ANY, 5, ENH(5, 3), NULL, RETRY_PAUSE, "config", 0, 0},
    {RCPT_STAGE, 501, ENHS(5, 0, 9), NULL, RETRY_FAIL, "bad_address", 0, 0},
    {RCPT_STAGE, 553, ENHS(5, 0, 9), NULL, RETRY_FAIL, "bad_address", 0, 0},
    {ANY, 4, ENHS(5, 0, 9), NULL, RETRY_PAUSE, "config", 0, 0},
    {ANY, 5, ENHS(5, 0, 9), NULL, RETRY_ABORT, "config", 0, 0},
    {ANY, 4, ENHS(6, 0, 6), NULL, RETRY_LATER, "content", 0, 0},
    {ANY, 5, ENHS(6, 0, 6), NULL, RETRY_FAIL, "content", 0, 0},
    {RCPT_STAGE, 4, ENHS(7, 0, 1), NULL, RETRY_LATER, "greylisted", 300, 0},
    {ANY, 4, ENHS(7, 0, 1), NULL, RETRY_SLOW, "throttled", 0, 0},
    {ANY, 5, ENHS(7, 0, 2), NULL, RETRY_FAIL, "refused", 0, 0},
    {RCPT_STAGE, 4, ENH_ANY, "try again", RETRY_LATER, "greylisted", 300, 0},

    /* Basic codes alone. */
    {ANY, 454, ENH_NONE, NULL, RETRY_SLOW, "throttled", 0, 0},
    {RCPT_STAGE, 501, ENH_NONE, NULL, RETRY_FAIL, "bad_address", 0, 0},
    {ANY, 500, ENH_NONE, NULL, RETRY_ABORT, "config", 0, 0},
    {ANY, 501, ENH_NONE, NULL, RETRY_ABORT, "config", 0, 0},
    {ANY, 502, ENH_NONE, NULL, RETRY_ABORT, "config", 0, 0},
    {ANY, 503, ENH_NONE, NULL, RETRY_ABORT, "config", 0, 0},
    {ANY, 504, ENH_NONE, NULL, RETRY_ABORT, "config", 0, 0},
    {ANY, 555, ENH_NONE, NULL, RETRY_ABORT, "config", 0, 0},
    {ANY, 521, ENH_NONE, NULL, RETRY_DEAD, "bad_domain", 0, 0},
    {ANY, 556, ENH_NONE, NULL, RETRY_DEAD, "bad_domain", 0, 0},
    {ANY, 530, ENH_NONE, NULL, RETRY_ABORT, "auth", 0, 0},
    {ANY, 534, ENH_NONE, NULL, RETRY_ABORT, "auth", 0, 0},
    {ANY, 535, ENH_NONE, NULL, RETRY_ABORT, "auth", 0, 0},
    {ANY, 538, ENH_NONE, NULL, RETRY_ABORT, "auth", 0, 0},
    {RCPT_STAGE, 550, ENH_NONE, NULL, RETRY_DEAD, "bad_mailbox", 0, 0},
    {ANY, 551, ENH_NONE, NULL, RETRY_DEAD, "bad_mailbox", 0, 0},
    {ANY, 552, ENH_NONE, "too big|too long|too large|size", RETRY_ABORT,
	"too_big", 0, 0},
    {ANY, 552, ENH_NONE, NULL, RETRY_FAIL, "mailbox_full", 0, 0},
    {RCPT_STAGE, 553, ENH_NONE, NULL, RETRY_DEAD, "bad_address", 0, 0},

    {ANY, 4, ENH_ANY, NULL, RETRY_LATER, "busy_relay", 0, 0},
    {ANY, 5, ENH_ANY, NULL, RETRY_FAIL, "refused", 0, 0},
};

static bool
has_any_text(const char *text, const char *words)
{
	char word[64];
	const char *end;
	size_t n;

	for (;; words = end + 1) {
		end = strchrnul(words, '|');
		n = (size_t)(end - words);
		memcpy(word, words, n);
		word[n] = '\0';
		if (strcasestr(text, word) != NULL)
			return true;
		if (*end == '\0')
			return false;
	}
}

static bool
matches_enhanced(const struct rule *row, const char *enhanced)
{
	char *end;
	long subject, detail;

	if (row->subject == -1)
		return true;
	if (enhanced[0] == '\0')
		return row->subject == -2;
	if (row->subject == -2)
		return false;
	subject = strtol(enhanced + 2, &end, 10);
	detail = strtol(end + 1, NULL, 10);
	return subject == row->subject && detail >= row->lo &&
	       detail <= row->hi;
}

static bool
matches_rule(
    const struct rule *row, enum reply_stage stage, const struct reply *r)
{
	if (row->stages != ANY && (row->stages & AT(stage)) == 0)
		return false;
	if (row->code >= 100 ? row->code != r->code
			     : row->code != 0 && row->code != r->code / 100)
		return false;
	return matches_enhanced(row, r->enhanced) &&
	       (row->text == NULL || has_any_text(r->text, row->text));
}

static const struct rule *
find_rule(const struct rule *table, size_t n, enum reply_stage stage,
    const struct reply *r)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (matches_rule(&table[i], stage, r))
			return &table[i];
	}
	return NULL;
}

static struct retry_verdict
judge_no_reply(enum reply_stage stage)
{
	if (stage == STAGE_DOT)
		return (struct retry_verdict){RETRY_MAYBE, "no_reply", 0, 0};
	if ((LOGIN_STAGES & AT(stage)) != 0)
		return (struct retry_verdict){RETRY_SLOW, "connection", 0, 0};
	return (struct retry_verdict){RETRY_REDO, "connection", 0, 0};
}

/*
 * True if the server ends a connection that has sent messages before: the
 * reply concerns the connection, not the message that came next.
 */
static bool
is_parting(enum reply_stage stage, const struct reply *r)
{
	if (r->code == 421)
		return strncmp(r->enhanced + (r->enhanced[0] != '\0'), ".7.",
			   3) != 0 &&
		       !has_any_text(r->text, "too many|[ts|rp-00");
	return r->code / 100 == 4 &&
	       (stage == STAGE_MAIL || stage == STAGE_BODY) &&
	       (strcmp(r->enhanced, "4.4.2") == 0 ||
		   has_any_text(r->text, "timeout|timed out|per session"));
}

struct retry_verdict
retry_judge(enum retry_profile profile, enum reply_stage stage,
    const struct reply *r, bool reused)
{
	const struct rule *row = NULL;

	if (r->code == 0)
		return judge_no_reply(stage);
	if (r->code < 400)
		return (struct retry_verdict){RETRY_OK, "ok", 0, 0};
	if (profile == RETRY_SES)
		row = find_rule(
		    ses_rows, sizeof(ses_rows) / sizeof(*ses_rows), stage, r);
	if (row == NULL && reused && is_parting(stage, r))
		return (struct retry_verdict){RETRY_REDO, "connection", 0, 0};
	if (row == NULL)
		row = find_rule(rows, sizeof(rows) / sizeof(*rows), stage, r);
	return (struct retry_verdict){
	    row->action, row->class, row->wait, row->tries};
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

int64_t
retry_delay(const struct retry_verdict *verdict, long long attempt,
    int64_t base_ms, uint32_t random)
{
	long long n = attempt < 0 ? 0 : attempt > 5 ? 5 : attempt;
	int64_t ms = base_ms * (INT64_C(1) << n);
	int64_t least = (int64_t)verdict->wait * 1000;

	ms = ms / 4 * 3 + (ms / 2 * (int64_t)(random >> 8) >> 24);
	return ms > least ? ms : least;
}
