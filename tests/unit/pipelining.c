/*
 * How far a relay is trusted with PIPELINING: the probes of the dialogue, and
 * what follows from them.
 */
#include "mail/smtp/pipelining.h"

#include "crlf.h"
#include "mail/smtp/smtp.h"
#include "mail/smtp/smtp_probe.h"
#include "unit.h"

static char owner_a, owner_b;

static void
offer(struct smtp *s, void *owner)
{
	smtp_offer(s, &(struct smtp_message){
			  STR("s@x"), STR("r@x"), STR("hi\r\n"), false, owner});
}

static void
hear(struct smtp *s, const char *text)
{
	struct buf b = {0};

	smtp_input(s, crlf(&b, text));
	buf_free(&b);
}

static void
says(struct smtp *s, const char *want, const char *name)
{
	struct buf b = {0};

	(void)crlf(&b, want);
	same(smtp_output(s), buf_cstr(&b), name);
	smtp_sent(s, smtp_output(s).n);
	buf_free(&b);
}

static enum smtp_event_type
next_type(struct smtp *s)
{
	struct smtp_event e;

	return smtp_event(s, &e) ? e.type : (enum smtp_event_type)99;
}

static struct smtp *
start(enum pipelining_use use, enum pipelining_group proved)
{
	struct ehlo ehlo = {.pipelining = true};
	struct smtp *s = smtp_new(&ehlo);

	smtp_probe_set(s, use, proved);
	offer(s, &owner_a);
	return s;
}

#define ENVELOPE "MAIL FROM:<s@x>|RCPT TO:<r@x>|DATA|"

/* Up to the dot of the first message, with the second one offered. */
static struct smtp *
start_second(enum pipelining_use use)
{
	struct smtp *s = start(use, PIPELINING_NO_GROUP);

	says(s, ENVELOPE, "the first envelope");
	hear(s, "250 a|250 b|354 c|");
	ok(smtp_probe_answered(s) == PIPELINING_ALONE, "a group alone");
	(void)next_type(s);
	smtp_release(s, &owner_a);
	offer(s, &owner_b);
	return s;
}

static void
test_groups(void)
{
	struct smtp *s = start(PIPELINING_FULL, PIPELINING_NO_GROUP);

	ok(smtp_probe_awaited(s) == PIPELINING_NO_GROUP, "nothing is sent");
	smtp_sent(s, smtp_output(s).n);
	ok(smtp_probe_awaited(s) == PIPELINING_ALONE, "sent");
	hear(s, "250 a|");
	ok(smtp_probe_awaited(s) == PIPELINING_ALONE, "a part is answered");
	ok(smtp_probe_answered(s) == PIPELINING_NO_GROUP, "and not all");
	hear(s, "550 no|");
	ok(smtp_probe_awaited(s) == PIPELINING_ALONE, "refused, and one left");
	hear(s, "503 no recipient|");
	ok(smtp_probe_answered(s) == PIPELINING_ALONE &&
		smtp_probe_refused(s) == PIPELINING_NO_GROUP,
	    "503 behind a refusal is an answer");
	smtp_free(s);

	s = start_second(PIPELINING_FULL);
	says(s, "hi|.|" ENVELOPE, "the second behind the dot");
	ok(smtp_probe_awaited(s) == PIPELINING_NO_GROUP,
	    "the dot's reply comes first");
	ok(smtp_probe_risked(s) == PIPELINING_BEHIND, "which may be lost");
	hear(s, "250 dot|");
	ok(smtp_probe_awaited(s) == PIPELINING_BEHIND, "now the group's");
	ok(smtp_probe_risked(s) == PIPELINING_NO_GROUP, "no dot is at risk");
	smtp_closed(s);
	ok(next_type(s) == SMTP_REPLY && next_type(s) == SMTP_UNSENT,
	    "no dot of the group has left");
	smtp_free(s);

	s = start_second(PIPELINING_FULL);
	smtp_sent(s, smtp_output(s).n);
	hear(s, "250 dot|250 a|250 b|354 c|");
	ok(smtp_probe_answered(s) == PIPELINING_BEHIND, "all is answered");
	ok(smtp_probe_awaited(s) == PIPELINING_NO_GROUP, "nothing is awaited");
	smtp_free(s);

	s = start(PIPELINING_FULL, PIPELINING_ALONE);
	smtp_sent(s, smtp_output(s).n);
	ok(smtp_probe_awaited(s) == PIPELINING_NO_GROUP,
	    "what is proved is no probe");
	smtp_free(s);
}

static void
test_uses(void)
{
	struct smtp *s = start_second(PIPELINING_ENVELOPE);

	ok(!smtp_is_due(s), "not before the dot's reply");
	says(s, "hi|.|", "the dot alone");
	ok(smtp_probe_risked(s) == PIPELINING_NO_GROUP, "nothing behind it");
	hear(s, "250 dot|");
	says(s, ENVELOPE, "the envelope in one");
	smtp_free(s);

	s = start(PIPELINING_NONE, PIPELINING_BEHIND);
	says(s, "MAIL FROM:<s@x>|", "one command");
	ok(smtp_probe_awaited(s) == PIPELINING_NO_GROUP, "no group");
	hear(s, "250 a|");
	says(s, "RCPT TO:<r@x>|", "the next");
	smtp_free(s);
}

static void
test_refusals(void)
{
	static const struct {
		const char *replies;
		enum pipelining_group proved, want;
		const char *name;
	} cases[] = {
	    {"503 pipelining|", PIPELINING_NO_GROUP, PIPELINING_ALONE,
		"503 to MAIL"},
	    {"250 a|503 bad sequence|", PIPELINING_NO_GROUP, PIPELINING_ALONE,
		"503 to RCPT"},
	    {"250 a|250 b|503 what|", PIPELINING_NO_GROUP, PIPELINING_ALONE,
		"503 to DATA"},
	    {"554 SMTP synchronization error|", PIPELINING_NO_GROUP,
		PIPELINING_ALONE, "Exim's words"},
	    {"501 improper command pipelining|", PIPELINING_NO_GROUP,
		PIPELINING_ALONE, "Postfix' words"},
	    {"550 who|503 no sender|", PIPELINING_NO_GROUP, PIPELINING_NO_GROUP,
		"MAIL is refused for itself"},
	    {"250 a|450 wait|503 none|", PIPELINING_NO_GROUP,
		PIPELINING_NO_GROUP, "RCPT is"},
	    {"250 a|554 no|", PIPELINING_NO_GROUP, PIPELINING_NO_GROUP,
		"other words"},
	    {"250 a|503 bad sequence|", PIPELINING_BEHIND, PIPELINING_NO_GROUP,
		"a relay that can pipeline"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct smtp *s = start(PIPELINING_FULL, cases[i].proved);

		smtp_sent(s, smtp_output(s).n);
		hear(s, cases[i].replies);
		ok(smtp_probe_refused(s) == cases[i].want, "%s", cases[i].name);
		if (cases[i].want != PIPELINING_NO_GROUP) {
			ok(next_type(s) == SMTP_GOODBYE, "it ends");
			smtp_closed(s);
			ok(next_type(s) == SMTP_UNSENT, "without an outcome");
		}
		smtp_free(s);
	}
}

static bool
is_state(const struct pipelining *p, enum pipelining_use use,
    enum pipelining_group proved, bool suspected, bool confirmed)
{
	return p->use == use && p->proved == proved &&
	       p->suspected == suspected && p->confirmed == confirmed;
}

static void
test_judgement(void)
{
	struct pipelining p = pipelining_of(PIPELINING_FULL);

	pipelining_answered(&p, PIPELINING_ALONE);
	ok(is_state(&p, PIPELINING_FULL, PIPELINING_ALONE, false, false),
	    "a group is answered");
	pipelining_failed(&p, PIPELINING_BEHIND);
	ok(is_state(&p, PIPELINING_ENVELOPE, PIPELINING_ALONE, true, false),
	    "the group behind the dot is not");
	pipelining_failed(&p, PIPELINING_BEHIND);
	pipelining_failed(&p, PIPELINING_ALONE);
	ok(is_state(&p, PIPELINING_ENVELOPE, PIPELINING_ALONE, true, false),
	    "the same of another connection; what was proved");
	pipelining_compared(&p, true);
	ok(is_state(&p, PIPELINING_ENVELOPE, PIPELINING_BEHIND, false, true),
	    "it is the relay");

	p = pipelining_of(PIPELINING_FULL);
	pipelining_failed(&p, PIPELINING_ALONE);
	ok(is_state(&p, PIPELINING_NONE, PIPELINING_NO_GROUP, true, false),
	    "the first group is not answered");
	pipelining_failed(&p, PIPELINING_BEHIND);
	ok(p.use == PIPELINING_NONE, "never up again by a failure");
	pipelining_compared(&p, false);
	ok(is_state(&p, PIPELINING_NONE, PIPELINING_BEHIND, false, false),
	    "a relay that is late anyway is not to blame");
	pipelining_compared(&p, true);
	ok(!p.confirmed, "only what is suspected is confirmed");

	p = pipelining_of(PIPELINING_FULL);
	pipelining_answered(&p, PIPELINING_ALONE);
	pipelining_failed(&p, PIPELINING_BEHIND);
	pipelining_answered(&p, PIPELINING_BEHIND);
	ok(is_state(&p, PIPELINING_FULL, PIPELINING_BEHIND, false, false),
	    "another connection shows that the relay can");

	p = pipelining_of(PIPELINING_ENVELOPE);
	ok(is_state(&p, PIPELINING_ENVELOPE, PIPELINING_BEHIND, false, false),
	    "remembered: no probe");
	ok(pipelining_patience(0) == 2000 && pipelining_patience(500) == 2000 &&
		pipelining_patience(501) == 2004,
	    "four slow replies, and two seconds at least");
}

int
main(void)
{
	test_groups();
	test_uses();
	test_refusals();
	test_judgement();
	return unit_end();
}
