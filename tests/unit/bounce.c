/* What comes back: whom a message is about, and what of. */
#include "mail/bounce/bounce.h"

#include "mail/bounce/bounce_judge.h"
#include "mail/bounce/bounce_reader.h"
#include "mail/bounce/ses_event.h"
#include "mail/bounce/verp.h"
#include "unit.h"

static void
put_bounces(struct buf *b, const struct bounces *all)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct bounce *one = &all->all[i];
		const char *class = bounce_kind_class(one);

		buf_printf(b, "%s%s %s %.*s", i > 0 ? ", " : "",
		    bounce_kind_name(one->kind), class != NULL ? class : "-",
		    (int)one->address.n, one->address.p);
	}
}

static void
judged(const char *name, struct str message, const char *want)
{
	struct bounce_mail mail = {0};
	struct arena *arena = arena_new();
	struct bounces all;
	struct buf b = {0};
	struct bounce_reader *r = bounce_reader_new(&mail);

	bounce_reader_add(r, message);
	bounce_reader_finish(r);
	bounce_judge(&all, &mail, arena);
	put_bounces(&b, &all);
	same(buf_str(&b), want, name);
	buf_free(&b);
	bounce_mail_free(&mail);
	arena_free(arena);
}

/* A delivery status; %s: Action, Status and Diagnostic-Code. */
#define DSN(action, status, diagnostic)                                       \
	"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\n"                   \
	"To: bounces@uni.example\nSubject: Undelivered Mail\n"                \
	"Content-Type: multipart/report; report-type=delivery-status;\n"      \
	" boundary=\"x\"\n\n--x\n\nI could not deliver it.\n\n--x\n"          \
	"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n" \
	"Original-Recipient: rfc822;ada@college.example\n"                    \
	"Final-Recipient: rfc822; ada.l@else.example\nAction: " action        \
	"\nStatus: " status "\nDiagnostic-Code: smtp; " diagnostic            \
	"\n\n--x\nContent-Type: message/rfc822\n\n"                           \
	"From: staff@uni.example\nTo: ada@college.example\n\nHi\n--x--\n"
#define ADA " ada@college.example"

/* The enhanced code alone must never decide. */
static void
test_status(void)
{
	static const struct {
		const char *message, *want;
	} cases[] = {
	    {DSN("failed", "5.1.1",
		 "550 5.1.1 <ada.l@else.example>: "
		 "Recipient address rejected: User unknown"),
		"hard bad_mailbox" ADA},
	    {DSN("failed", "5.0.0", "550 no such user here"),
		"hard bad_mailbox" ADA},
	    {DSN("failed", "5.4.4", "550 Host or domain name not found"),
		"hard bad_domain" ADA},
	    {DSN("failed", "5.1.1", "552 5.2.2 mailbox is full"),
		"soft mailbox_full" ADA},
	    {DSN("failed", "5.1.1", "550 5.2.2 user is over quota"),
		"soft mailbox_full" ADA},
	    {DSN("failed", "5.1.1",
		 "554 5.7.1 Service unavailable; client host [192.0.2.1] "
		 "blocked using zen.spamhaus.org"),
		"policy policy" ADA},
	    {DSN("failed", "5.1.1",
		 "550 5.7.26 unauthenticated mail is not accepted, DMARC"),
		"policy policy" ADA},
	    {DSN("failed", "5.0.0", "554 message looks like spam"),
		"policy content" ADA},
	    {DSN("failed", "5.7.1", "554 5.7.1 relay access denied"),
		"policy policy" ADA},
	    {DSN("failed", "5.3.4", "552 5.3.4 message size exceeds the limit"),
		"soft too_big" ADA},
	    {DSN("failed", "5.2.1", "550 5.2.1 mailbox disabled"),
		"soft refused" ADA},
	    {DSN("failed", "4.4.1", "connect to mx[192.0.2.1]: timed out"),
		"soft connection" ADA},
	    {DSN("failed", "5.0.0", "550 no"), "soft refused" ADA},
	    {DSN("delayed", "4.1.1", "450 4.1.1 user unknown"),
		"delayed bad_mailbox" ADA},
	    {DSN("delayed", "5.1.1", "550 5.1.1 user unknown"),
		"delayed bad_mailbox" ADA},
	    {DSN("delivered", "2.0.0", "250 ok"), "delivered -" ADA},
	    {DSN("relayed", "2.0.0", "250 ok"), "delivered -" ADA},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		judged(cases[i].want, str_of(cases[i].message), cases[i].want);
}

#define NOTICE                                                    \
	"From: Mail Delivery System <MAILER-DAEMON@mx.example>\n" \
	"To: bounces@uni.example\nSubject: failure notice\n\n"
#define ORIGINAL                                                              \
	"\n--- Below this line is a copy of the message.\n\n"                 \
	"Return-Path: <bounces@uni.example>\nFrom: staff@uni.example\n"       \
	"To: ada@college.example\nMessage-ID: <one@uni.example>\n\nWrite to " \
	"eve@else.example, user unknown\n"

static void
test_notices(void)
{
	judged("a list with reasons",
	    STR(NOTICE
		"I could not deliver your message to:\n\n"
		"<ada@college.example>:\n550 5.1.1 no such user\n\n"
		"<bob@college.example>:\nThe mailbox is full.\n" ORIGINAL),
	    "hard bad_mailbox" ADA ", soft mailbox_full bob@college.example");
	judged("a sentence",
	    STR(NOTICE "Your message to ada@college.example was not delivered "
		       "because there is no such user.\nContact "
		       "help@college.example for help.\n"),
	    "hard bad_mailbox" ADA);
	judged("nobody is named but in the original",
	    STR(NOTICE "It could not be delivered.\n" ORIGINAL),
	    "soft refused" ADA);
	judged("in HTML only",
	    STR("From: postmaster@mx.example\nSubject: Undeliverable\n"
		"Content-Type: text/html\n\n<style>a{}</style><p>Could not "
		"deliver to<br>&lt;ada@college.example&gt;: unknown "
		"user</p>\n"),
	    "hard bad_mailbox" ADA);
	judged("a header of Exim",
	    STR("X-Failed-Recipients: ada@college.example\n" NOTICE
		"A message could not be delivered.\n\n"
		"  ada@college.example\n    retry timeout exceeded\n"),
	    "soft connection" ADA);
	judged("a warning",
	    STR("From: MAILER-DAEMON@mx.example\nSubject: Warning: message "
		"delayed\n\nThe message is delayed. It will be retried.\n\n"
		"<ada@college.example>: 450 user unknown\n"),
	    "delayed bad_mailbox" ADA);
}

/* Nothing of these may look like a failure. */
static void
test_quiet(void)
{
	judged("an empty file", STR(""), "unknown - ");
	judged("mail of a person",
	    STR("From: bob@uni.example\nSubject: lunch\n\nUser unknown? "
		"550 5.1.1 bob@uni.example\n"),
	    "unknown - ");
	judged("somebody is away",
	    STR("Auto-Submitted: auto-replied\nFrom: ada@college.example\n"
		"Subject: Automatic reply: week 3\n\nI am no longer here, "
		"write to eve@else.example.\n"),
	    "auto - ");
	judged("an answer without the field",
	    STR("From: ada@college.example\nSubject: Out of office: week 3\n\n"
		"Your mail was not delivered to me yet.\n"),
	    "auto - ");
	judged("mail of a list",
	    STR("From: l-owner@lists.example\nList-Id: <l.lists.example>\n"
		"Subject: Undelivered mail\n\nWhat is a failure notice?\n"
		"<ada@college.example>: user unknown\n"),
	    "auto - ");
	judged("a report within a message that is returned",
	    STR(NOTICE "Content-Type: text/plain\n\nNothing.\n"), "unknown - ");
}

#define ARF(type, fields)                                                      \
	"From: fbl@provider.example\nSubject: complaint\n"                     \
	"Content-Type: multipart/report; report-type=feedback-report;\n"       \
	" boundary=\"y\"\n\n--y\n\nA complaint.\n--y\n"                        \
	"Content-Type: message/feedback-report\n\nFeedback-Type: " type        \
	"\nVersion: 1\n" fields "\n--y\nContent-Type: message/rfc822\n\n"      \
	"Message-ID: <one@uni.example>\nTo: redacted@redacted.example\n\nHi\n" \
	"--y--\n"

static void
test_complaints(void)
{
	judged("abuse",
	    STR(ARF("abuse", "Original-Rcpt-To: <ada@college.example>\n")),
	    "complaint -" ADA);
	judged("of a person who is not named", STR(ARF("abuse", "")),
	    "complaint - ");
	judged("no spam after all",
	    STR(ARF("not-spam", "Original-Rcpt-To: ada@college.example\n")),
	    "unknown -" ADA);
	judged("a report of DMARC", STR(ARF("auth-failure", "")), "unknown - ");
}

static void
event(const char *name, const char *json, const char *want)
{
	struct arena *arena = arena_new();
	struct bounces all;
	struct buf b = {0}, mail = {0};
	struct fail f;

	if (ses_event_read(&all, str_of(json), arena, &f) < 0)
		buf_adds(&b, f.text);
	else
		put_bounces(&b, &all);
	same(buf_str(&b), want, name);
	buf_printf(&mail,
	    "From: no-reply@sns.amazonaws.com\nSubject: AWS\n\n"
	    "%s\n\n--\nTo stop receiving these: {link}\n",
	    json);
	judged(name, buf_str(&mail), want);
	buf_free(&b);
	buf_free(&mail);
	arena_free(arena);
}

#define BOUNCE(type, sub, more)                                               \
	"{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"" type \
	"\",\"bounceSubType\":\"" sub                                         \
	"\",\"bouncedRecipients\":[{\"emailAddress\":"                        \
	"\"ada@college.example\"" more                                        \
	"}]},\"mail\":{\"headers\":[{\"name\":\"Message-ID\","                \
	"\"value\":\"<one@uni.example>\"}]}}"
#define WORDS(status, text) \
	",\"status\":\"" status "\",\"diagnosticCode\":\"smtp; " text "\""

static void
test_events(void)
{
	event("permanent", BOUNCE("Permanent", "General", ""),
	    "hard bad_mailbox" ADA);
	event("permanent, unknown",
	    BOUNCE("Permanent", "NoEmail", WORDS("5.1.1", "550 user unknown")),
	    "hard bad_mailbox" ADA);
	event("permanent, but it is policy",
	    BOUNCE("Permanent", "General",
		WORDS("5.7.26", "550 5.7.26 unauthenticated mail")),
	    "policy policy" ADA);
	event("on a list of SES",
	    BOUNCE("Permanent", "OnAccountSuppressionList",
		WORDS("5.1.1", "suppressed")),
	    "soft refused" ADA);
	event(
	    "full", BOUNCE("Transient", "MailboxFull", ""), "soft refused" ADA);
	event("rejected", BOUNCE("Transient", "ContentRejected", ""),
	    "policy content" ADA);
	event("undetermined", BOUNCE("Undetermined", "Undetermined", ""),
	    "soft refused" ADA);
	event("in the envelope of SNS",
	    "{\"Type\":\"Notification\",\"Message\":\"{\\\"eventType\\\":"
	    "\\\"Complaint\\\",\\\"complaint\\\":{\\\"complainedRecipients"
	    "\\\":[{\\\"emailAddress\\\":\\\"ada@college.example\\\"}]}}\"}",
	    "complaint -" ADA);
	event("no spam",
	    "{\"eventType\":\"Complaint\",\"complaint\":{"
	    "\"complaintFeedbackType\":\"not-spam\",\"complainedRecipients\":"
	    "[{\"emailAddress\":\"ada@college.example\"}]}}",
	    "unknown - ");
	event(
	    "a click", "{\"eventType\":\"Click\",\"click\":{}}", "unknown - ");
}

/* Ten megabytes, in any form, and the memory that is kept. */
static void
test_large(void)
{
	struct buf b = {0};
	struct bounce_mail mail = {0};
	struct bounce_reader *r = bounce_reader_new(&mail);
	size_t kept = 0;

	buf_adds(&b, NOTICE "<ada@college.example>: no such user\n");
	while (b.len < 10 * 1024 * 1024)
		buf_adds(&b, "<bob@college.example>: user unknown, or not\n");
	judged("ten megabytes", buf_str(&b),
	    "hard bad_mailbox" ADA ", hard "
	    "bad_mailbox bob@college.example");
	bounce_reader_add(r, buf_str(&b));
	bounce_reader_finish(r);
	for (int i = 0; i < BOUNCE_TEXTS; i++)
		kept += mail.texts[i].cap;
	ok(kept < 1024 * 1024, "of which %zu bytes are kept", kept);
	bounce_mail_free(&mail);
	buf_free(&b);
}

/* The tokens are those of a script in Python with hashlib and hmac. */
static void
test_verp(void)
{
	unsigned char secret[VERP_KEY], bytes[VERP_BYTES];
	struct buf b = {0};
	struct verp v;
	struct fail f;

	for (int i = 0; i < VERP_KEY; i++)
		secret[i] = (unsigned char)i;
	ok(verp_parse(&v, "bounce+%s@b.uni.example", &f) == 0, "a pattern");
	verp_address(&b, &v, secret, STR("week3"), STR("ada@college.example"));
	same(buf_str(&b),
	    "bounce+z5yaws5xgl5nrsp7abkwcprzjehpynj6@b.uni.example",
	    "an address");
	ok(verp_matches(&v, buf_str(&b)), "it has the form");
	ok(!verp_matches(&v, STR("bounce+x@b.uni.example")), "another has not");
	buf_adds(&b, "\nto me <");
	for (size_t i = 0; i < b.len; i++) {
		if (b.p[i] >= 'a' && b.p[i] <= 'z' && i % 2 == 0)
			b.p[i] = (char)(b.p[i] - 32);
	}
	ok(verp_find(&v, buf_str(&b)).n == VERP_TOKEN &&
		verp_find(NULL, buf_str(&b)).n == VERP_TOKEN &&
		verp_bytes(bytes, verp_find(&v, buf_str(&b))),
	    "the token is found in any case");
	ok(verp_find(&v, STR("bounce+abc@b.uni.example")).p == NULL, "or not");
	ok(verp_parse(&v, "bounce@b.uni.example", &f) < 0 &&
		verp_parse(&v, "b@%s.example", &f) < 0 &&
		verp_parse(&v, "a%sb%s@b.example", &f) < 0 &&
		verp_parse(&v, "%s", &f) < 0 && verp_parse(&v, "", &f) < 0 &&
		verp_parse(&v, "a b%s@b.example", &f) < 0 &&
		verp_parse(&v, "0123456789012345678901234567890123%s@b.example",
		    &f) < 0,
	    "what is no pattern");
	buf_free(&b);
}

int
main(void)
{
	test_status();
	test_notices();
	test_quiet();
	test_complaints();
	test_events();
	test_large();
	test_verp();
	return unit_end();
}
