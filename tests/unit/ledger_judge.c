/*
 * The judgement of the ledger, by tables: what a row, its mailing, a policy, an
 * owner's life and an opt-out mean. The expectations are those of
 * bm-ledger(7), written out.
 */
#include "mail/ledger/claim_judge.h"
#include "mail/ledger/lease_judge.h"
#include "mail/ledger/ledger_look.h"
#include "unit.h"

#define NOW 1000000
#define LATER (NOW + 5)

/* Letters for policies, so that a case fits a line. */
static struct claim_policy
policy_of(const char *letters)
{
	return (struct claim_policy){
	    .resend_in_doubt = strchr(letters, 'd') != NULL,
	    .wait_over = strchr(letters, 'w') != NULL,
	    .accept_content = strchr(letters, 'c') != NULL,
	    .again_before = strchr(letters, 'a') != NULL ? NOW : 0,
	    .retry_class = strchr(letters, 'r') != NULL   ? "refused"
			   : strchr(letters, 'b') != NULL ? "breaker"
			   : strchr(letters, 'm') != NULL ? "bad_mailbox"
			   : strchr(letters, 'o') != NULL ? "optout"
			   : strchr(letters, 'x') != NULL ? "cancelled"
							  : NULL,
	    .retry_since = strchr(letters, 's') != NULL ? NOW - 1000 : 0,
	};
}

/* Mailing: o open, h held, c cancelled, p pruned; with u: uncertain. */
static struct claim_judge_mailing
mailing_of(const char *letters)
{
	return (struct claim_judge_mailing){
	    .state = strchr(letters, 'h') != NULL   ? LEDGER_HELD
		     : strchr(letters, 'c') != NULL ? LEDGER_CANCELLED
		     : strchr(letters, 'p') != NULL ? LEDGER_PRUNED
						    : LEDGER_OPEN,
	    .uncertain = strchr(letters, 'u') != NULL,
	    .course_id = STR("c1"),
	    .content = STR("aa"),
	};
}

#define ABSENT NULL

struct claim_case {
	const char *mailing, *state, *class;
	int64_t next_try;
	const char *policy;
	enum claim_verdict verdict;
	enum claim_judge_write write;
};

#define TAKE CLAIM_YOURS, CLAIM_JUDGE_TAKE
#define ADD CLAIM_YOURS, CLAIM_JUDGE_ADD
#define FINAL CLAIM_FINAL, CLAIM_JUDGE_NOTHING
#define NOT_YET CLAIM_NOT_YET, CLAIM_JUDGE_NOTHING
#define DOUBT CLAIM_IN_DOUBT, CLAIM_JUDGE_NOTHING
#define ENTER CLAIM_IN_DOUBT, CLAIM_JUDGE_DOUBT
#define CANCEL CLAIM_CANCELLED, CLAIM_JUDGE_TAKE

/* State "mine" is a claim of the sender that asks, "claimed" of another. */
static const struct claim_case claims[] = {
    {"o", ABSENT, "", 0, "", ADD},
    {"o", "mine", "", 0, "", CLAIM_AGAIN, CLAIM_JUDGE_NOTHING},
    {"o", "claimed", "", 0, "", CLAIM_BUSY, CLAIM_JUDGE_NOTHING},
    {"o", "claimed", "", 0, "dwra", CLAIM_BUSY, CLAIM_JUDGE_NOTHING},
    {"o", "unheard-of", "", 0, "", CLAIM_BUSY, CLAIM_JUDGE_NOTHING},
    {"o", "sent", "ok", 0, "", FINAL},
    {"o", "sent", "ok", 0, "dwr", FINAL},
    {"o", "sent", "ok", 0, "a", TAKE},
    {"o", "failed", "refused", 0, "", FINAL},
    {"o", "failed", "refused", 0, "d", FINAL},
    {"o", "failed", "refused", 0, "r", TAKE},
    {"o", "failed", "refused", 0, "rs", TAKE},
    {"o", "failed", "refused", 0, "b", FINAL},
    {"o", "failed", "bad_mailbox", 0, "m", FINAL},
    {"o", "failed", "bad_mailbox", 0, "ms", TAKE},
    {"o", "skipped", "optout", 0, "", FINAL},
    {"o", "skipped", "optout", 0, "o", TAKE},
    {"o", "skipped", "cancelled", 0, "x", FINAL},
    {"o", "deferred", "greylisted", LATER, "", NOT_YET},
    {"o", "deferred", "greylisted", NOW, "", TAKE},
    {"o", "deferred", "greylisted", NOW - 1, "", TAKE},
    {"o", "deferred", "greylisted", LATER, "w", TAKE},
    {"o", "deferred", "busy_relay", 0, "", TAKE},
    {"o", "deferred", "refused", LATER, "r", TAKE},
    {"o", "deferred", "breaker", LATER, "", NOT_YET},
    {"o", "deferred", "breaker", NOW, "", TAKE},
    {"o", "deferred", "breaker", 0, "", NOT_YET},
    {"o", "deferred", "breaker", 0, "w", NOT_YET},
    {"o", "deferred", "breaker", 0, "b", TAKE},
    {"o", "in_doubt", "no_reply", 0, "", DOUBT},
    {"o", "in_doubt", "no_reply", 0, "wr", DOUBT},
    {"o", "in_doubt", "no_reply", 0, "d", TAKE},
    /* An uncertain mailing: rows are older than what has happened. */
    {"u", ABSENT, "", 0, "", ENTER},
    {"u", ABSENT, "", 0, "d", ADD},
    {"u", ABSENT, "", 0, "a", ADD},
    {"u", "sent", "ok", 0, "d", FINAL},
    {"u", "failed", "refused", 0, "r", FINAL},
    {"u", "failed", "refused", 0, "rd", TAKE},
    {"u", "failed", "refused", 0, "a", TAKE},
    {"u", "skipped", "optout", 0, "o", FINAL},
    {"u", "deferred", "greylisted", NOW, "", TAKE},
    {"u", "in_doubt", "no_reply", 0, "", DOUBT},
    {"u", "claimed", "", 0, "", CLAIM_BUSY, CLAIM_JUDGE_NOTHING},
    /* Of a cancelled one all is claimed that could still be sent. */
    {"c", ABSENT, "", 0, "", CLAIM_CANCELLED, CLAIM_JUDGE_ADD},
    {"c", "deferred", "greylisted", LATER, "", CANCEL},
    {"c", "deferred", "breaker", 0, "b", NOT_YET},
    {"c", "sent", "ok", 0, "a", FINAL},
    {"c", "failed", "refused", 0, "r", FINAL},
    {"c", "in_doubt", "no_reply", 0, "d", DOUBT},
    {"c", "claimed", "", 0, "", CLAIM_BUSY, CLAIM_JUDGE_NOTHING},
    {"cu", ABSENT, "", 0, "", ENTER},
};

static struct claim_judge_row
row_of(const struct claim_case *c)
{
	if (c->state == ABSENT)
		return (struct claim_judge_row){.kind = CLAIM_JUDGE_ABSENT};
	return (struct claim_judge_row){.kind = CLAIM_JUDGE_ROW,
	    .state = str_of(c->state),
	    .own = strcmp(c->state, "mine") == 0,
	    .class = str_of(c->class),
	    .attempt = 2,
	    .next_try = c->next_try,
	    .first = 77,
	    .at = NOW - 10};
}

static void
test_claims(void)
{
	for (size_t i = 0; i < sizeof(claims) / sizeof(*claims); i++) {
		const struct claim_case *c = &claims[i];
		struct claim_judge_mailing m = mailing_of(c->mailing);
		struct claim_judge_row row = row_of(c);
		struct claim_policy policy = policy_of(c->policy);
		struct ledger_item it = {.was_in_doubt = true};
		enum claim_judge_write write =
		    claim_judge(&m, &row, &it, &policy, NOW);

		ok(!claim_judge_closed(&m, &it) && it.verdict == c->verdict &&
			write == c->write,
		    "claim %s: %s %s at %lld, policy %s: %d %d", c->mailing,
		    c->state == ABSENT ? "no row" : c->state, c->class,
		    (long long)c->next_try, c->policy, it.verdict, write);
		/* Its number, and the doubt that a resending knows of. */
		ok(it.attempt == (c->state != ABSENT              ? 3
				     : write == CLAIM_JUDGE_DOUBT ? 2
								  : 1) &&
			(it.was_in_doubt ==
			    (c->state != ABSENT
				    ? strcmp(c->state, "in_doubt") == 0
				    : c->mailing[0] == 'u' &&
					  write == CLAIM_JUDGE_ADD &&
					  c->policy[0] == 'd')),
		    "its attempt %lld, was in doubt %d", it.attempt,
		    it.was_in_doubt);
	}
}

/* What an erased person's row was, it stays. */
static void
test_hidden(void)
{
	for (size_t i = 0; i < sizeof(claims) / sizeof(*claims); i++) {
		const struct claim_case *c = &claims[i];
		struct claim_judge_mailing m = mailing_of(c->mailing);
		struct claim_judge_row row = row_of(c);
		struct claim_policy policy = policy_of(c->policy);
		struct ledger_item it = {0};
		enum claim_judge_write write;

		if (c->state == ABSENT)
			continue;
		row.kind = CLAIM_JUDGE_HIDDEN;
		write = claim_judge(&m, &row, &it, &policy, NOW);
		ok(it.verdict == CLAIM_FINAL && write == CLAIM_JUDGE_NOTHING,
		    "hidden %s %s is final", c->state, c->class);
	}
}

/* A reopened row has its whole lifetime again, and only then. */
static void
test_lifetime(void)
{
	static const struct {
		const char *state, *class, *policy;
		bool reopened, anew;
	} cases[] = {
	    {"failed", "refused", "r", true, true},
	    {"deferred", "breaker", "b", true, true},
	    {"deferred", "greylisted", "w", false, false},
	    {"in_doubt", "no_reply", "d", false, false},
	    {"sent", "ok", "a", false, true},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct claim_case c = {"o", cases[i].state, cases[i].class, 0,
		    cases[i].policy, TAKE};
		struct claim_judge_mailing m = mailing_of(c.mailing);
		struct claim_judge_row row = row_of(&c);
		struct claim_policy policy = policy_of(c.policy);
		struct ledger_item it = {0};

		ok(claim_judge(&m, &row, &it, &policy, NOW) ==
			    CLAIM_JUDGE_TAKE &&
			it.reopened == cases[i].reopened &&
			(it.first == 0) == cases[i].anew,
		    "lifetime of %s %s", c.state, c.class);
	}
}

/* A clock far ahead of ours has put it off; one a little ahead counts. */
static void
test_clocks(void)
{
	struct claim_case c = {
	    "o", "deferred", "greylisted", NOW + 90000, "", NOT_YET};
	struct claim_judge_mailing m = mailing_of("o");
	struct claim_judge_row row = row_of(&c);
	struct claim_policy none = {0};
	struct ledger_item it = {0};

	row.at = NOW + 60000;
	claim_judge(&m, &row, &it, &none, NOW);
	ok(it.verdict == CLAIM_NOT_YET, "a clock a minute ahead");
	row.at = NOW + 60001;
	claim_judge(&m, &row, &it, &none, NOW);
	ok(it.verdict == CLAIM_YOURS, "more than a minute");
}

static void
test_mailings(void)
{
	static const struct {
		const char *course, *content, *policy;
		int want;
	} cases[] = {
	    {"c1", "aa", "", 1},
	    {"c1", "bb", "", -1},
	    {"c1", "bb", "c", 0},
	    {"c2", "aa", "c", -1},
	    {"", "bb", "", 0},
	};
	struct claim_judge_mailing m = mailing_of("h");
	struct ledger_item it = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct claim_policy policy = policy_of(cases[i].policy);
		struct fail f = {0};

		it = (struct ledger_item){.email_id = STR("w"),
		    .course_id = STR("c1"),
		    .content = STR("aa")};
		m.course_id = str_of(cases[i].course);
		m.content = str_of(cases[i].content);
		ok(claim_judge_text(&m, &it, &policy, &f) == cases[i].want &&
			(f.kind == FAIL_SYSTEM) == (cases[i].want < 0),
		    "text: course %s content %s policy %s", cases[i].course,
		    cases[i].content, cases[i].policy);
	}
	ok(claim_judge_closed(&m, &it) && it.verdict == CLAIM_HELD, "held");
	m = mailing_of("p");
	ok(claim_judge_closed(&m, &it) && it.verdict == CLAIM_PRUNED, "pruned");
}

static void
test_looks(void)
{
	static const struct {
		enum ledger_state state;
		bool out, suppressed;
		int64_t expires;
		enum ledger_look_verdict want;
	} cases[] = {
	    {LEDGER_OPEN, false, false, 0, LEDGER_LOOK_GO},
	    {LEDGER_OPEN, false, false, NOW + 1, LEDGER_LOOK_GO},
	    {LEDGER_OPEN, false, false, NOW, LEDGER_LOOK_EXPIRED},
	    {LEDGER_OPEN, true, false, 0, LEDGER_LOOK_OPTOUT},
	    {LEDGER_OPEN, true, false, NOW, LEDGER_LOOK_OPTOUT},
	    {LEDGER_OPEN, true, true, NOW, LEDGER_LOOK_OPTOUT},
	    {LEDGER_OPEN, false, true, 0, LEDGER_LOOK_SUPPRESSED},
	    {LEDGER_OPEN, false, true, NOW, LEDGER_LOOK_SUPPRESSED},
	    {LEDGER_HELD, true, true, NOW, LEDGER_LOOK_HELD},
	    {LEDGER_HELD, false, true, 0, LEDGER_LOOK_HELD},
	    {LEDGER_PRUNED, true, false, NOW, LEDGER_LOOK_PRUNED},
	    {LEDGER_CANCELLED, true, true, NOW, LEDGER_LOOK_CANCELLED},
	    {LEDGER_CANCELLED, false, false, 0, LEDGER_LOOK_CANCELLED},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ledger_look look = {.state = cases[i].state,
		    .out = cases[i].out,
		    .suppressed = cases[i].suppressed};

		ok(ledger_look_judge(look, cases[i].expires, NOW) ==
			cases[i].want,
		    "look: %s, out %d, suppressed %d, expires %lld",
		    ledger_state_name(cases[i].state), cases[i].out,
		    cases[i].suppressed, (long long)cases[i].expires);
	}
}

/* The rows of an owner that has died. */
static void
test_leases(void)
{
	static const struct {
		bool claimed, prior;
		enum lease_judge_facts facts;
		enum lease_judge_end want;
	} cases[] = {
	    {true, false, LEASE_JUDGE_WHOLE, LEASE_JUDGE_REMOVE},
	    {true, true, LEASE_JUDGE_WHOLE, LEASE_JUDGE_RESTORE},
	    {false, false, LEASE_JUDGE_WHOLE, LEASE_JUDGE_KEEP},
	    {false, true, LEASE_JUDGE_WHOLE, LEASE_JUDGE_KEEP},
	    {true, false, LEASE_JUDGE_DAMAGED, LEASE_JUDGE_DOUBT},
	    {true, true, LEASE_JUDGE_DAMAGED, LEASE_JUDGE_DOUBT},
	    {false, false, LEASE_JUDGE_DAMAGED, LEASE_JUDGE_KEEP},
	    {false, true, LEASE_JUDGE_DAMAGED, LEASE_JUDGE_KEEP},
	    {true, false, LEASE_JUDGE_LOST, LEASE_JUDGE_DOUBT},
	    {true, true, LEASE_JUDGE_LOST, LEASE_JUDGE_DOUBT},
	    {false, false, LEASE_JUDGE_LOST, LEASE_JUDGE_DOUBT},
	    {false, true, LEASE_JUDGE_LOST, LEASE_JUDGE_DOUBT},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ok(lease_judge(cases[i].claimed, cases[i].prior,
		       cases[i].facts) == cases[i].want,
		    "lease: claimed %d, prior %d, facts %d", cases[i].claimed,
		    cases[i].prior, cases[i].facts);
}

/* The last fact about a recipient, and damage in front of it. */
static void
test_facts(void)
{
	static const struct {
		enum journal_record_kind kind;
		enum outcome_status status;
		bool lost_behind;
		enum lease_judge_fact want;
	} cases[] = {
	    {JOURNAL_INTENT, 0, false, LEASE_JUDGE_INTENT},
	    {JOURNAL_INTENT, 0, true, LEASE_JUDGE_INTENT},
	    {JOURNAL_RELEASE, 0, false, LEASE_JUDGE_NO_FACT},
	    {JOURNAL_RELEASE, 0, true, LEASE_JUDGE_INTENT},
	    {JOURNAL_OUTCOME, OUTCOME_SENT, false, LEASE_JUDGE_OUTCOME},
	    {JOURNAL_OUTCOME, OUTCOME_SENT, true, LEASE_JUDGE_OUTCOME},
	    {JOURNAL_OUTCOME, OUTCOME_FAILED, true, LEASE_JUDGE_OUTCOME},
	    {JOURNAL_OUTCOME, OUTCOME_SKIPPED, true, LEASE_JUDGE_OUTCOME},
	    {JOURNAL_OUTCOME, OUTCOME_IN_DOUBT, true, LEASE_JUDGE_OUTCOME},
	    {JOURNAL_OUTCOME, OUTCOME_DEFERRED, false, LEASE_JUDGE_OUTCOME},
	    {JOURNAL_OUTCOME, OUTCOME_DEFERRED, true, LEASE_JUDGE_INTENT},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct journal_record r = {
		    .kind = cases[i].kind, .outcome.status = cases[i].status};

		ok(lease_judge_fact(&r, cases[i].lost_behind) == cases[i].want,
		    "fact: kind %d, %s, lost behind %d", cases[i].kind,
		    outcome_status_name(cases[i].status), cases[i].lost_behind);
	}
}

static void
test_states(void)
{
	for (int from = LEDGER_OPEN; from <= LEDGER_PRUNED; from++)
		for (int to = LEDGER_OPEN; to <= LEDGER_CANCELLED; to++)
			ok(ledger_state_may_become((enum ledger_state)from,
			       (enum ledger_state)to) ==
				(from < LEDGER_CANCELLED ||
				    (from == LEDGER_CANCELLED &&
					to == LEDGER_CANCELLED)),
			    "%s to %s",
			    ledger_state_name((enum ledger_state)from),
			    ledger_state_name((enum ledger_state)to));
}

int
main(void)
{
	test_claims();
	test_hidden();
	test_lifetime();
	test_clocks();
	test_mailings();
	test_looks();
	test_leases();
	test_facts();
	test_states();
	return unit_end();
}
