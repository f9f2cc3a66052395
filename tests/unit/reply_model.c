/*
 * Whom replies are about: for each kind of words a reply that has them, and
 * one that has the same words about something else.
 */
#include "mail/smtp/reply_model.h"

#include <stdlib.h>

#include "base/buf.h"
#include "mail/smtp/reply_pattern.h"
#include "mail/smtp/reply_text.h"
#include "mail/smtp/retry.h"
#include "read_reply.h"
#include "unit.h"

#define SENDER "news@staff.school.example"
#define PERSON "mia@pupils.example"

struct kind {
	enum reply_stage stage;
	const char *reply, *fate;
};

static const struct kind kinds[] = {
    /* No such mailbox, and words that only sound so. */
    {STAGE_RCPT, "550 <mia@pupils.example>: no such user", "DEAD bad_mailbox"},
    {STAGE_RCPT, "550 Sorry, mia is an unknown user", "DEAD bad_mailbox"},
    {STAGE_RCPT, "550-We are sorry.\r\n550 This mailbox does not exist",
	"DEAD bad_mailbox"},
    {STAGE_RCPT, "550 Compte inconnu", "DEAD bad_mailbox"},
    {STAGE_RCPT, "551 Her account was closed", "DEAD bad_mailbox"},
    {STAGE_RCPT, "550 (#5.1.1) not here", "DEAD bad_mailbox"},
    {STAGE_RCPT, "550 gate7 5.1.1 not here", "DEAD bad_mailbox"},
    {STAGE_RCPT, "550 see id-5.1.1 for it", "FAIL refused"},
    {STAGE_RCPT, "550 (#4.1.1) not here", "FAIL refused"},
    {STAGE_RCPT, "550 5.7.1 mia@pupils.example: recipient unknown",
	"DEAD bad_mailbox"},
    {STAGE_RCPT, "450 no such user here", "LATER busy_relay"},
    {STAGE_RCPT, "450 4.1.1 <mia@pupils.example> no such user",
	"LATER bad_mailbox"},
    {STAGE_RCPT, "550 user unknown, try again in an hour", "FAIL refused"},
    {STAGE_RCPT, "550 5.1.1 temporarily without this address", "FAIL refused"},
    {STAGE_DOT, "550 one of you is an unknown user", "FAIL refused"},
    {STAGE_DOT, "550 5.1.1 unknown user", "DEAD bad_mailbox"},
    {STAGE_DOT, "554 delivery error: dd no such user (mia@pupils.example)",
	"DEAD bad_mailbox"},
    {STAGE_RCPT, "550 <news@staff.school.example>: no such user",
	"ABORT sender"},
    {STAGE_RCPT, "550 unknown user dean@staff.school.example", "ABORT sender"},
    {STAGE_MAIL, "550 unknown user", "ABORT sender"},
    {STAGE_RCPT, "550 refused", "FAIL refused"},
    {STAGE_RCPT, "550 5.4.1 Access denied here", "DEAD bad_mailbox"},
    {STAGE_RCPT, "550 5.4.1 access for all", "FAIL refused"},
    {STAGE_DOT, "550 5.1.10 Recipient not found by lookup", "DEAD bad_mailbox"},
    {STAGE_RCPT,
	"550 5.1.1 user unknown [BL4XYZ07FT1.mail.protection.example.com]",
	"DEAD bad_mailbox"},
    {STAGE_RCPT, "550 5.1.1 user unknown [BL4XYZ07FT1]", "DEAD bad_mailbox"},

    /* Domains. */
    {STAGE_RCPT, "550 no such domain: pupils.example", "DEAD bad_domain"},
    {STAGE_RCPT, "556 nothing", "DEAD bad_domain"},
    {STAGE_RCPT, "550 5.1.2 nothing", "DEAD bad_domain"},
    {STAGE_RCPT, "550 5.1.10 null MX", "DEAD bad_domain"},
    {STAGE_RCPT, "550 pupils.example does not accept mail", "DEAD bad_domain"},
    {STAGE_RCPT, "450 no such domain: pupils.example", "LATER busy_relay"},
    {STAGE_RCPT, "550 news@staff.school.example: Domain of sender has no MX",
	"ABORT sender"},
    {STAGE_DOT, "550 no such domain", "FAIL refused"},

    /* Addresses. */
    {STAGE_RCPT, "501 malformed address", "FAIL bad_address"},
    {STAGE_RCPT, "504 5.5.2 this name is not fully qualified", "ABORT config"},
    {STAGE_RCPT, "504 5.5.2 use a fully qualified address", "FAIL bad_address"},
    {STAGE_RCPT, "553 5.5.2 no", "FAIL bad_address"},
    {STAGE_RCPT, "550 5.5.2 no", "FAIL refused"},
    {STAGE_RCPT, "550 this recipient blacklisted by us", "FAIL bad_address"},

    /* Full, and other quotas. */
    {STAGE_RCPT, "552 Her mailbox has become full", "FAIL mailbox_full"},
    {STAGE_RCPT, "550 5.1.1 over quota", "FAIL mailbox_full"},
    {STAGE_RCPT, "450 4.2.2 x", "LATER mailbox_full"},
    {STAGE_DOT, "552 x", "FAIL mailbox_full"},
    {STAGE_DOT, "552 message of a size over ours: size limit", "ABORT too_big"},
    {STAGE_DOT, "554 5.2.2 STOREDRV.Submission; mailbox full", "ABORT quota"},
    {STAGE_DOT, "550 over quota for sending today: sending quota",
	"PAUSE quota"},
    {STAGE_RCPT, "452 4.2.2 <mia@pupils.example> took a daily limit",
	"LATER mailbox_full"},
    {STAGE_RCPT, "450 4.2.1 mia has had too many messages", "LATER throttled"},
    {STAGE_RCPT, "450 4.2.1 you are sending too many messages",
	"SLOW throttled"},
    {STAGE_RCPT, "550 Recipient has exceeded what she may get", "FAIL refused"},
    {STAGE_RCPT, "450 The user is receiving mail", "LATER throttled"},
    {STAGE_RCPT, "550 5.2.1 receiving mail at a rate", "FAIL refused"},
    {STAGE_RCPT, "450 relay receives too quickly: too quickly",
	"SLOW throttled"},

    /* The recipient's will. */
    {STAGE_RCPT, "550 5.7.1 blocklisted by the recipient", "FAIL refused"},
    {STAGE_RCPT, "550 5.7.1 your host is on a blocklist", "PAUSE policy"},
    {STAGE_DOT, "550 Spamhaus refused by this user", "FAIL refused"},
    {STAGE_RCPT, "550 5.7.1 RESTRICTED.AuthRequired; authentication required",
	"FAIL refused"},
    {STAGE_RCPT, "550 5.7.1 authentication required", "ABORT auth"},
    {STAGE_RCPT, "450 4.7.1 not by this user", "LATER busy_relay"},
    {STAGE_RCPT, "550 5.7.133 x", "FAIL refused"},
    {STAGE_RCPT, "550 5.7.10 recipient requires TLS", "FAIL refused"},
    {STAGE_RCPT, "550 5.1.1 mailbox is disabled", "FAIL refused"},
    {STAGE_RCPT, "550 user mia suspended", "FAIL refused"},
    {STAGE_RCPT, "550 user teacher was suspended from sending", "FAIL refused"},
    {STAGE_RCPT, "552 5.3.4 she takes 10 kB", "FAIL too_big"},
    {STAGE_RCPT, "552 message size too large", "FAIL too_big"},
    {STAGE_DOT, "552 5.3.4 x", "ABORT too_big"},
    {STAGE_DOT, "552 5.3.4 too big for this mailbox", "FAIL too_big"},

    /* A learner chooses the address. */
    {STAGE_RCPT, "550 5.1.1 <spamcop@a.example>: user unknown",
	"DEAD bad_mailbox"},
    {STAGE_RCPT, "550 <dmarc.blocklist@a.example>... user unknown",
	"DEAD bad_mailbox"},
    {STAGE_RCPT, "550 \"relay denied\"@a.example user unknown", "ABORT policy"},

    /* Greylisting and checks. */
    {STAGE_RCPT, "451 You are greylisted", "LATER greylisted"},
    {STAGE_DOT, "451 Graylisting at work", "LATER greylisted"},
    {STAGE_RCPT, "421 grey-listed for now", "LATER greylisted"},
    {STAGE_RCPT, "550 greylisting is no reason", "FAIL refused"},
    {STAGE_RCPT, "450 4.7.1 x", "LATER greylisted"},
    {STAGE_RCPT, "450 4.7.1 Relay access denied", "PAUSE policy"},
    {STAGE_RCPT, "450 4.7.1 too much mail", "SLOW throttled"},
    {STAGE_RCPT, "421 4.1.1 unverified address, wait", "LATER busy_relay"},
    {STAGE_RCPT,
	"450 4.1.1 undeliverable address: host a.b.example said: 550 "
	"blocked using zen.spamhaus.org",
	"LATER busy_relay"},
    {STAGE_RCPT, "550 host a.b.example said: 550 no such user",
	"DEAD bad_mailbox"},
    {STAGE_RCPT, "550 host a.b.example said: 550 relay access denied",
	"FAIL refused"},
    {STAGE_RCPT, "550 relay denied. a.b.example said: 550 no such user",
	"ABORT policy"},

    /* The sender. */
    {STAGE_RCPT, "550 5.1.1 Sender address rejected: user unknown",
	"ABORT sender"},
    {STAGE_RCPT, "450 4.1.8 x", "PAUSE sender"},
    {STAGE_RCPT, "553 5.7.1 mail from must be yours", "ABORT sender"},
    {STAGE_DOT, "550 Email address is not verified: mia@pupils.example",
	"ABORT sender"},
    {STAGE_DOT, "550 Account suspended", "ABORT policy"},
    {STAGE_RCPT, "550 outgoing mail has been suspended", "ABORT policy"},
    {STAGE_RCPT, "550 incoming mail was suspended", "FAIL refused"},
    {STAGE_DOT, "550 SPF said no", "ABORT policy"},
    {STAGE_DOT, "450 SPF said no", "SLOW policy"},
    {STAGE_DOT, "550 https://spf.example/dmarc", "FAIL refused"},
    {STAGE_DOT, "450 4.7.26 x", "SLOW policy"},

    /* Relaying, login, our name. */
    {STAGE_RCPT, "550 We cannot relay for you", "ABORT policy"},
    {STAGE_RCPT, "550 5.1.1 user unknown in the relay table",
	"DEAD bad_mailbox"},
    {STAGE_RCPT, "550 Must authenticate first", "ABORT auth"},
    {STAGE_RCPT, "454 4.7.1 You must authenticate", "PAUSE auth"},
    {STAGE_RCPT, "530 5.7.0 x", "ABORT auth"},
    {STAGE_RCPT, "550 5.7.9 x", "FAIL refused"},
    {STAGE_MAIL, "550 5.7.9 x", "ABORT auth"},
    {STAGE_RCPT, "550 Bad HELO", "ABORT config"},
    {STAGE_RCPT, "450 4.7.1 no PTR", "PAUSE config"},
    {STAGE_RCPT, "550 5.7.61 x", "ABORT policy"},
    {STAGE_MAIL, "550 encryption is required", "ABORT tls"},

    /* Lists, rates, quotas. */
    {STAGE_RCPT, "550 blocked, see http://www.spamcop.net/w?1.2.3.4",
	"PAUSE policy"},
    {STAGE_RCPT, "550 blocked, see http://www.pupils.example/spamcop",
	"PAUSE policy"},
    {STAGE_RCPT, "550 5.1.1 user unknown at mx.sorbs.net", "PAUSE policy"},
    {STAGE_RCPT, "550 5.1.1 user unknown (mx.sorbs.net)", "DEAD bad_mailbox"},
    {STAGE_RCPT, "550 [198.51.100.7] was blocked", "PAUSE policy"},
    {STAGE_RCPT, "450 poor reputation", "SLOW policy"},
    {STAGE_MAIL, "553 [BL42] no", "ABORT policy"},
    {STAGE_MAIL, "451 [TS42] no", "SLOW throttled"},
    {STAGE_MAIL, "553 [TSS42] no", "PAUSE policy"},
    {STAGE_DOT, "554 [PH42] no", "FAIL content"},
    {STAGE_DOT, "554 no [BL42]", "FAIL refused"},
    {STAGE_RCPT, "550 5.7.606 x", "PAUSE policy"},
    {STAGE_RCPT, "550 5.7.712 x", "ABORT policy"},
    {STAGE_RCPT, "550 You may slow down", "PAUSE throttled"},
    {STAGE_RCPT, "452 You may slow down", "SLOW throttled"},
    {STAGE_DOT, "550 your daily quota is used", "PAUSE quota"},
    {STAGE_DOT, "550 you have no relay quota", "PAUSE quota"},
    {STAGE_DOT, "450 4.7.28 x", "SLOW throttled"},
    {STAGE_RCPT, "554 5.2.0 a limit", "PAUSE quota"},
    {STAGE_RCPT, "554 5.2.0 a line", "FAIL refused"},

    /* The message. */
    {STAGE_DOT, "550 Duplicate headers", "ABORT content"},
    {STAGE_DOT, "550 a malformed attachment", "FAIL content"},
    {STAGE_RCPT, "550 malformed, she says", "FAIL refused"},
    {STAGE_DOT, "451 bare LF", "PAUSE content"},
    {STAGE_DOT, "550 looks like junk", "FAIL content"},
    {STAGE_DOT, "451 looks like junk", "LATER content"},
    {STAGE_DOT, "550 your IP sends junk: your IP is blocked", "PAUSE policy"},
    {STAGE_MAIL, "550 needs SMTPUTF8", "FAIL needs_smtputf8"},
    {STAGE_MAIL, "550 5.6.7 x", "FAIL needs_smtputf8"},
    {STAGE_DOT, "554 5.4.6 x", "FAIL refused"},

    /* The relay's moment, and what comes before a transaction. */
    {STAGE_RCPT, "503 5.5.1 x", "ABORT config"},
    {STAGE_RCPT, "451 4.3.1 x", "SLOW busy_relay"},
    {STAGE_RCPT, "451 4.3.2 x", "LATER busy_relay"},
    {STAGE_MAIL, "451 4.3.2 x", "SLOW busy_relay"},
    {STAGE_RCPT, "421 x", "SLOW busy_relay"},
    {STAGE_RCPT, "421 4.3.2 x", "SLOW busy_relay"},
    {STAGE_RCPT, "551 5.5.0 x", "FAIL refused"},
    {STAGE_RCPT, "552 5.5.0 x", "FAIL refused"},
    {STAGE_RCPT, "554 5.5.0 x", "FAIL refused"},
    {STAGE_MAIL, "552 x", "ABORT too_big"},
    {STAGE_RCPT, "432 x", "SLOW busy_relay"},
    {STAGE_DATA, "501 x", "ABORT config"},
    {STAGE_DATA, "504 x", "ABORT config"},
    {STAGE_RCPT, "534 x", "ABORT auth"},
    {STAGE_RCPT, "535 x", "ABORT auth"},
    {STAGE_RCPT, "538 x", "ABORT auth"},
    {STAGE_DOT, "550 5.6.11 x", "ABORT content"},
    {STAGE_RCPT, "450 a daily quota", "PAUSE quota"},
    {STAGE_DOT, "550 connection expired", "PAUSE connection"},
    {STAGE_RCPT, "450 4.2.1 a sent x", "LATER throttled"},
    {STAGE_RCPT, "550 5.2.2 a sent x", "FAIL mailbox_full"},
    {STAGE_AUTH, "535 no such user", "ABORT auth"},
    {STAGE_GREETING, "554 5.1.1 user unknown", "PAUSE policy"},
    {STAGE_EHLO, "550 user unknown", "ABORT config"},
    {STAGE_TLS, "454 user unknown", "PAUSE tls"},

    /* Without text, with codes in it, as long as a reply may be. */
    {STAGE_RCPT, "550", "FAIL refused"},
    {STAGE_RCPT, "450", "LATER busy_relay"},
    {STAGE_RCPT, "400 x", "LATER busy_relay"},
    {STAGE_RCPT, "500 user unknown, try again later", "FAIL refused"},
    {STAGE_MAIL, "550", "ABORT sender"},
    {STAGE_RCPT, "450 we got 550 no such user from behind", "LATER busy_relay"},
    {STAGE_RCPT, "550 5.1.1 421 is what a busy host says", "DEAD bad_mailbox"},
    {STAGE_RCPT, "550 as in 5.1.1 or 4.7.1", "FAIL refused"},
    {STAGE_DOT, "554 250 ok, or so it seemed", "FAIL refused"},
    {STAGE_RCPT, "550 5.1.1 <s3150@a.example>, <dnsbl@a.example>: no such user",
	"DEAD bad_mailbox"},

    /* Further words about us, and the like about the recipient. */
    {STAGE_RCPT, "450 mia@pupils.example may receive 50 messages per day",
	"LATER throttled"},
    {STAGE_RCPT, "450 you may send 50 messages per day", "PAUSE quota"},
    {STAGE_RCPT, "550 policy rejection on the target address", "FAIL refused"},
    {STAGE_RCPT, "550 policy rejection", "PAUSE policy"},
    {STAGE_RCPT, "550 the domain pupils.example may not exist", "FAIL refused"},
    {STAGE_RCPT, "550 the domain pupils.example might not exist",
	"FAIL refused"},
    {STAGE_RCPT, "550 the domain pupils.example does not exist",
	"DEAD bad_domain"},
    {STAGE_RCPT, "550 the from address not permitted here", "ABORT sender"},
    {STAGE_RCPT, "550 mail from an address not wanted here", "FAIL refused"},
    {STAGE_RCPT, "550 your from address was denied", "ABORT sender"},
    {STAGE_RCPT, "550 your from address was rejected", "ABORT sender"},
    {STAGE_RCPT, "550 your from domain not proven", "ABORT sender"},
    {STAGE_RCPT, "550 this sender does not belong to you", "ABORT sender"},
    {STAGE_RCPT, "550 this pen does not belong to you", "FAIL refused"},
    {STAGE_RCPT, "550 staff.school.example is not allowed", "ABORT sender"},
    {STAGE_RCPT, "550 staff.school.example is not permitted", "ABORT sender"},
    {STAGE_RCPT, "550 staff.school.example not allowed", "ABORT sender"},
    {STAGE_RCPT, "550 pupils.example is not allowed", "FAIL refused"},
    {STAGE_DOT, "550 your account was blocked", "ABORT policy"},
    {STAGE_DOT, "550 your account was disabled", "ABORT policy"},
    {STAGE_DOT, "550 your account is now locked", "ABORT policy"},
    {STAGE_DOT, "550 the account was blocked", "FAIL refused"},
    {STAGE_DOT, "550 you are blocked from sending", "ABORT policy"},
    {STAGE_DOT, "550 you are disabled from sending", "ABORT policy"},
    {STAGE_DOT, "550 you are disabled from reading", "FAIL refused"},
    {STAGE_DOT, "450 mailbox unavailable, send limit exceeded", "PAUSE quota"},
    {STAGE_DOT, "450 mailbox unavailable", "LATER busy_relay"},
    {STAGE_DOT, "550 50 mails per day", "PAUSE quota"},
    {STAGE_DOT, "550 50 emails per day", "PAUSE quota"},
    {STAGE_DOT, "550 50 recipients per day", "PAUSE quota"},
    {STAGE_DOT, "550 50 letters per day", "FAIL refused"},
    {STAGE_DOT, "550 credits exceeded", "PAUSE quota"},
    {STAGE_DOT, "550 these are the maximum credits", "PAUSE quota"},
    {STAGE_DOT, "550 the outgoing mail has a limit", "PAUSE quota"},
    {STAGE_DOT, "550 outgoing count exceeded", "PAUSE quota"},
    {STAGE_DOT, "550 incoming count exceeded", "FAIL refused"},
    {STAGE_DOT, "450 exceeded the volume", "SLOW throttled"},
    {STAGE_DOT, "450 volume is exceeded", "SLOW throttled"},
    {STAGE_DOT, "450 volume of a book", "LATER busy_relay"},
    {STAGE_DOT, "450 temporarily deferred", "SLOW throttled"},
    {STAGE_DOT, "450 for user complaints", "SLOW throttled"},
    {STAGE_DOT, "550 temporarily deferred", "FAIL refused"},
    {STAGE_DOT, "450 complaints welcome", "LATER busy_relay"},
    {STAGE_RCPT, "550 we dont relay", "ABORT policy"},
    {STAGE_RCPT, "550 this is not a relay", "ABORT policy"},
    {STAGE_RCPT, "550 relay rejected", "ABORT policy"},
    {STAGE_RCPT, "550 relay refused", "ABORT policy"},
    {STAGE_RCPT, "550 relaying rejected", "ABORT policy"},
    {STAGE_RCPT, "550 relaying refused", "ABORT policy"},
    {STAGE_RCPT, "550 a relay race", "FAIL refused"},
    {STAGE_RCPT, "550 helo mismatch", "ABORT config"},
    {STAGE_RCPT, "550 helo does not fit", "ABORT config"},
    {STAGE_RCPT, "550 the helo and name do not match", "ABORT config"},
    {STAGE_RCPT, "550 ehlo requires a name", "ABORT config"},
    {STAGE_RCPT, "550 helo requires a name", "ABORT config"},
    {STAGE_RCPT, "550 hello and goodbye", "FAIL refused"},
    {STAGE_RCPT, "550 this relay mail was refused", "ABORT policy"},
    {STAGE_RCPT, "550 my relay mail is denied", "ABORT policy"},
    {STAGE_RCPT, "550 relay mail not accepted", "ABORT policy"},
    {STAGE_RCPT, "550 5.1.1 not in the relay recipient table",
	"DEAD bad_mailbox"},
    {STAGE_RCPT, "550 please authenticate", "ABORT auth"},
    {STAGE_RCPT, "550 they have authentication", "ABORT auth"},
    {STAGE_RCPT, "550 you have to log in", "ABORT auth"},
    {STAGE_RCPT, "550 log in first", "ABORT auth"},
    {STAGE_RCPT, "550 a log in the fire", "FAIL refused"},
    {STAGE_RCPT, "550 sender not authorised", "ABORT sender"},
    {STAGE_RCPT, "550 the sender is not authorized", "ABORT sender"},
    {STAGE_RCPT, "550 forged sender", "ABORT sender"},
    {STAGE_RCPT, "550 forged papers", "FAIL refused"},
    {STAGE_RCPT, "450 enough for this session", "REDO connection"},
    {STAGE_RCPT, "450 one letter per connection", "REDO connection"},
    {STAGE_RCPT, "450 enough for this connection", "REDO connection"},
    {STAGE_RCPT, "450 enough for this house", "LATER busy_relay"},
    {STAGE_DOT, "550 the maximum number of emails", "PAUSE quota"},
    {STAGE_DOT, "550 the maximum number of messages", "PAUSE quota"},
    {STAGE_DOT, "550 the maximum number of mails", "PAUSE quota"},
    {STAGE_DOT, "550 the maximum number of pages", "FAIL refused"},
    {STAGE_RCPT, "550 refused by a blackhole", "PAUSE policy"},
    {STAGE_RCPT, "550 refused by a hole", "FAIL refused"},
    {STAGE_RCPT, "550 the account has been disabled", "ABORT policy"},
    {STAGE_RCPT, "550 account has been disabled for inactivity",
	"FAIL refused"},
    {STAGE_RCPT, "550 your access to submit is gone", "PAUSE policy"},
    {STAGE_RCPT, "550 your access to this mail system is gone", "PAUSE policy"},
    {STAGE_RCPT, "550 your access to this server is gone", "PAUSE policy"},
    {STAGE_RCPT, "550 your access to the garden is gone", "FAIL refused"},
    {STAGE_RCPT, "550 a dialup line", "PAUSE policy"},
    {STAGE_RCPT, "550 a dial up line", "PAUSE policy"},
    {STAGE_RCPT, "550 from dynamic ips", "PAUSE policy"},
    {STAGE_RCPT, "550 from dynamic people", "FAIL refused"},
    {STAGE_DOT, "534 5.7.9 x", "ABORT auth"},
    {STAGE_DOT, "535 5.7.8 x", "ABORT auth"},
    {STAGE_DOT, "538 5.7.11 x", "ABORT auth"},
    {STAGE_DOT, "536 5.7.18 x", "DEAD bad_mailbox"},
    {STAGE_RCPT, "451 4.3.2 please try again later", "LATER greylisted"},
};

static void
test_kinds(void)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct reply r = read_reply(kinds[i].reply);
		struct retry_verdict v =
		    retry_judge_envelope(RETRY_GENERIC, kinds[i].stage, &r,
			false, str_of(SENDER), str_of(PERSON), NULL);
		struct buf b = {0};

		buf_printf(&b, "%s %s", retry_action_name(v.action), v.class);
		same(buf_str(&b), kinds[i].fate, kinds[i].reply);
		buf_free(&b);
	}
}

/* A used connection: goodbye, or a request to send less. */
static void
test_goodbyes(void)
{
	static const struct kind cases[] = {
	    {STAGE_MAIL, "421 goodbye", "REDO connection"},
	    {STAGE_RCPT, "421 4.3.0 goodbye", "REDO connection"},
	    {STAGE_MAIL, "421 you submit at a high submission rate",
		"SLOW throttled"},
	    {STAGE_MAIL, "421 too many mails of yours", "SLOW throttled"},
	    {STAGE_MAIL, "421 4.7.0 goodbye", "SLOW throttled"},
	    {STAGE_MAIL, "451 4.4.2 x", "REDO connection"},
	    {STAGE_BODY, "451 timed out", "REDO connection"},
	    {STAGE_MAIL, "451 a timeout", "REDO connection"},
	    {STAGE_RCPT, "451 a timeout", "LATER busy_relay"},
	    {STAGE_MAIL, "551 a timeout", "ABORT sender"},
	    {STAGE_MAIL, "451 x", "SLOW busy_relay"},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct reply r = read_reply(cases[i].reply);
		struct retry_verdict v =
		    retry_judge(RETRY_GENERIC, cases[i].stage, &r, true);
		struct buf b = {0};

		buf_printf(&b, "%s %s", retry_action_name(v.action), v.class);
		same(buf_str(&b), cases[i].fate, cases[i].reply);
		buf_free(&b);
	}
}

/* How far a refusal reaches, and how long at least. */
static void
test_scopes(void)
{
	static const struct {
		enum reply_stage stage;
		const char *reply;
		enum stop_scope scope;
		int wait;
	} cases[] = {
	    {STAGE_DOT, "550 bare LF", STOP_SCOPE_MAILING, 0},
	    {STAGE_DOT, "552 message too large", STOP_SCOPE_MAILING, 0},
	    {STAGE_MAIL, "550 bad sender", STOP_SCOPE_SENDER, 0},
	    {STAGE_DOT, "550 DMARC", STOP_SCOPE_SENDER, 0},
	    {STAGE_AUTH, "535 no", STOP_SCOPE_ACCOUNT, 0},
	    {STAGE_AUTH, "454 no", STOP_SCOPE_ACCOUNT, 300},
	    {STAGE_RCPT, "550 relaying denied", STOP_SCOPE_ACCOUNT, 0},
	    {STAGE_RCPT, "550 5.7.501 x", STOP_SCOPE_ACCOUNT, 0},
	    {STAGE_RCPT, "550 rate limit", STOP_SCOPE_ACCOUNT, 600},
	    {STAGE_RCPT, "450 rate limit", STOP_SCOPE_ACCOUNT, 0},
	    {STAGE_RCPT, "550 5.7.28 x", STOP_SCOPE_ACCOUNT, 600},
	    {STAGE_RCPT, "421 4.7.28 x", STOP_SCOPE_ACCOUNT, 600},
	    {STAGE_RCPT, "450 message quota", STOP_SCOPE_ACCOUNT, 3600},
	    {STAGE_RCPT, "550 message quota", STOP_SCOPE_ACCOUNT, 3600},
	    {STAGE_RCPT, "450 daily limit", STOP_SCOPE_ACCOUNT, 86400},
	    {STAGE_RCPT, "550 daily limit", STOP_SCOPE_ACCOUNT, 86400},
	    {STAGE_DOT, "450 5.2.250 senders mailbox", STOP_SCOPE_RECIPIENT, 0},
	    {STAGE_DOT, "554 senders mailbox", STOP_SCOPE_ACCOUNT, 0},
	    {STAGE_TLS, "454 no", STOP_SCOPE_RELAY, 0},
	    {STAGE_RCPT, "550 bad HELO", STOP_SCOPE_RELAY, 0},
	    {STAGE_RCPT, "550 blacklisted", STOP_SCOPE_RELAY, 3600},
	    {STAGE_RCPT, "450 blacklisted", STOP_SCOPE_RELAY, 0},
	    {STAGE_EHLO, "502 no", STOP_SCOPE_RELAY, 0},
	    {STAGE_GREETING, "554 no", STOP_SCOPE_RELAY, 0},
	    {STAGE_MAIL, "450 message count per session", STOP_SCOPE_RELAY, 0},
	    {STAGE_MAIL, "421 busy", STOP_SCOPE_RELAY, 0},
	    {STAGE_RCPT, "450 greylisted", STOP_SCOPE_RECIPIENT, 300},
	    {STAGE_RCPT, "550 5.1.1 x", STOP_SCOPE_RECIPIENT, 0},
	    {STAGE_RCPT, "552 mailbox full", STOP_SCOPE_RECIPIENT, 0},
	    {STAGE_DOT, "550 spam", STOP_SCOPE_RECIPIENT, 0},
	    {STAGE_RCPT, "550 x", STOP_SCOPE_RECIPIENT, 0},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct reply r = read_reply(cases[i].reply);
		struct retry_verdict v =
		    retry_judge_envelope(RETRY_GENERIC, cases[i].stage, &r,
			false, str_of(SENDER), str_of(PERSON), NULL);

		ok(v.scope == cases[i].scope && v.wait == cases[i].wait,
		    "%s, %d s: %s", stop_scope_name(v.scope), v.wait,
		    cases[i].reply);
	}
}

static void
test_about(void)
{
	static const struct {
		enum reply_stage stage;
		const char *reply;
		enum reply_about about;
	} cases[] = {
	    {STAGE_RCPT, "550 user unknown", REPLY_OF_RECIPIENT},
	    {STAGE_RCPT, "550 x", REPLY_OF_RECIPIENT},
	    {STAGE_RCPT, "450 greylisted", REPLY_OF_RECIPIENT},
	    {STAGE_DOT, "550 x", REPLY_OF_MESSAGE},
	    {STAGE_DOT, "550 bare LF", REPLY_OF_MESSAGE},
	    {STAGE_DOT, "550 5.4.6 x", REPLY_OF_MESSAGE},
	    {STAGE_RCPT, "550 authentication required", REPLY_OF_US},
	    {STAGE_RCPT, "503 x", REPLY_OF_US},
	    {STAGE_MAIL, "421 x", REPLY_OF_MOMENT},
	    {STAGE_GREETING, "554 x", REPLY_OF_MOMENT},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct reply r = read_reply(cases[i].reply);
		struct reply_model m = reply_model_read(
		    &r, cases[i].stage, false, str_of(SENDER), str_of(PERSON));

		ok(m.about == cases[i].about, "about whom: %s", cases[i].reply);
	}
}

static void
test_words(void)
{
	static const struct {
		const char *reply, *words;
	} cases[] = {
	    {"550 It isn't A/B-c", " it isnt a b c "},
	    {"550 <Mia@PUPILS.example>:mia@pupils.example.", " R R "},
	    {"550 xmia@pupils.example mia@pupils.examples", " A A "},
	    {"550 <news@staff.school.example> a@staff.school.example", " S S "},
	    {"550 b@x.staff.school.example c@other.example", " S A "},
	    {"550 mia: x", " R x "},
	    {"550 user mia, (mia) 'mia' \"mia\" but mia",
		" user R R R R but mia "},
	    {"550 mailbox mia account mia alias mia recipient mia",
		" mailbox R account R alias R recipient R "},
	    {"550 [192.0.2.1] 192.0.2.1:25 2001:db8::1 1.2.3 a:b",
		" I I I a b "},
	    {"550 mx.a.example a.b a..b A.Bcd ab.cd-1",
		" H a b a b a bcd ab cd 1 "},
	    {"550 mx.pupils.example pupils.example x.staff.school.example",
		" D D O "},
	    {"550 xpupils.example done.Please wait", " H done please wait "},
	    {"550 bl.SpamCop.net http://www.sorbs.net/a https://q.example/rbl",
		" L L U "},
	    {"550 www.pupils.example ftp://", " D U "},
	    {"550 id7Ab34xyz q1w2e3 12345678 abcdefgh", " q1w2e3 12345678 "
							"abcdefgh "},
	    {"550 caf\303\251 5.7.1 #5.7.1 5.x.1 5.7",
		" caf\303\251 5 x 1 5 7 "},
	    {"550 host said: 550 no", " host said "},
	    {"550 1::2 1:2 mx.a.de MX.A.DE mx.a.De", " I 1 2 H H mx a de "},
	    {"550 ab123456 abcdef12 abcdefg1 abcde12", " abcdefg1 abcde12 "},
	    {"550 www.a http:// http://a.example/b_c www", " U U U www "},
	    {"550 a http://www.sorbs.net http://x-y.sorbs.net", " a L L "},
	    {"550 mx-1.a_b.example a.b-c a.+b", " H H a b "},
	    {"550 mia@pupils.example\303\251", " A "},
	    {"550 mia@pupils.example@x mia@pupils.example", " A R "},
	    {"550 sorbs.a.example a.sorbs.example a.example.sorbs", " L L L "},
	    {"550 , ; .", " "},
	    {"550 rcpt=mia@pupils.example, from=news@staff.school.example, "
	     "x=y@other.example",
		" R S A "},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct reply r = read_reply(cases[i].reply);
		struct reply_text t;

		reply_text_read(&t, &r, str_of(SENDER), str_of(PERSON));
		same(str_of(t.words), cases[i].words, cases[i].reply);
	}
}

/* The enhanced code, wherever a server puts it. */
static void
test_codes(void)
{
	static const struct {
		const char *reply, *code;
	} cases[] = {
	    {"550 5.1.1 x", "5.1.1"},
	    {"550 host 5.1.1 x", "5.1.1"},
	    {"550 the host 5.1.1 x", ""},
	    {"550 mia@pupils.example x 5.1.1", ""},
	    {"550 what a day (#5.1.1)", "5.1.1"},
	    {"550 what a day (#5.123.456)", "5.123.456"},
	    {"550 what a day (#5.1234.567)", ""},
	    {"550 what a day (#4.1.1)", ""},
	    {"550 what a day (#55.1.1)", ""},
	    {"550 what a day (#5.1.1.1)", ""},
	    {"550 what a day (#5.11)", ""},
	    {"550 what a day (#5..11)", ""},
	    {"550 what a day (#5.a.1)", ""},
	    {"550 what a day (#5.1.1) (#5.2.2)", "5.1.1"},
	    {"550 host said: (#5.1.1)", ""},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct reply r = read_reply(cases[i].reply);
		struct reply_text t;

		reply_text_read(&t, &r, str_of(SENDER), str_of(PERSON));
		same(str_of(t.enhanced), cases[i].code, cases[i].reply);
	}
}

static void
test_patterns(void)
{
	static const struct {
		const char *words, *pattern;
		bool matches;
	} cases[] = {
	    {" a b ", "a b", true},
	    {" a b ", "b", true},
	    {" ab c ", "b", false},
	    {" ab c ", "a", false},
	    {" ab c ", "a*", true},
	    {" ab c ", "a* c", true},
	    {" ab c ", "a c", false},
	    {" a b ", "^b", false},
	    {" a b ", "^a", true},
	    {" a b ", "x|b", true},
	    {" a b ", "x|y", false},
	    {" a b ", "a&b", true},
	    {" a b ", "a&c", false},
	    {" a b ", "a&c|b", true},
	    {" a b ", "x&a|c", false},
	    {" a b ", "a&!b", false},
	    {" a b ", "a&!c", true},
	    {" a b ", "!c", true},
	    {" a b ", "a&!b|b", true},
	    {" a1 ", "a#", true},
	    {" a123 ", "a#", true},
	    {" a1b ", "a#", false},
	    {" a ", "a#", false},
	    {" a1 b ", "a# b", true},
	    {" a b ", "a ~ b", true},
	    {" a 1 2 3 4 b ", "a ~ b", true},
	    {" a 1 2 3 4 5 b ", "a ~ b", false},
	    {" a c ", "a ~ b", false},
	    {" a x b y c ", "a ~ b ~ c", true},
	    {" ", "a", false},
	    {" ", "!a", true},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ok(reply_pattern_matches(cases[i].words, cases[i].pattern) ==
			cases[i].matches,
		    "\"%s\" and \"%s\"", cases[i].words, cases[i].pattern);
}

int
main(void)
{
	test_kinds();
	test_goodbyes();
	test_scopes();
	test_about();
	test_words();
	test_codes();
	test_patterns();
	return unit_end();
}
