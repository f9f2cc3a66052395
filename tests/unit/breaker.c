/*
 * When answers to different people concern us (breaker.h), or a domain has lost
 * its mailboxes (outage.h). Tables by hand, and a plain recount of the whole
 * history beside random answers.
 */
#include "mail/smtp/breaker.h"

#include <stdlib.h>

#include "base/buf.h"
#include "mail/smtp/outage.h"
#include "mail/smtp/retry.h"
#include "unit.h"

#define START INT64_C(1700000000000)
#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/*
 * A history, an answer a letter, each about another person a second later:
 *   a-e  refused, in words of that letter; A-E: the same with 4xx
 *   p q  about the mailbox; x: there is none; .: taken; !: taken by a probe
 *   g    greylisting in one domain; h: in a domain of its own
 *   =    the next is about the same person; ~: a minute; +: an hour; ^: a day
 *   <    a day back
 */
struct history {
	const char *p;
	int64_t now;
	uint64_t who;
	bool same;
};

static struct answer
make_answer(char c)
{
	struct answer a = {.kind = ANSWER_REFUSED, .domain = 1};

	if (c == '.' || c == '!') {
		a.kind = ANSWER_TAKEN;
		a.probe = c == '!';
		return a;
	}
	a.print = (uint64_t)c;
	if (c == 'x')
		a.kind = ANSWER_NO_MAILBOX;
	else if (c == 'p' || c == 'q')
		a.kind = ANSWER_PERSONAL;
	else if (c == 'g' || c == 'h')
		a.kind = ANSWER_GREY;
	else if (c >= 'A' && c <= 'E')
		a.print = (uint64_t)(c - 'A' + 'a');
	a.again = a.kind == ANSWER_GREY || (c >= 'A' && c <= 'E');
	if (c == 'h')
		a.print = 'g';
	return a;
}

static bool
next_answer(struct history *h, struct answer *a)
{
	for (; *h->p != '\0'; h->p++) {
		if (strchr("=~+^<", *h->p) == NULL)
			break;
		h->same = h->same || *h->p == '=';
		h->now += *h->p == '~'   ? MINUTE
			  : *h->p == '+' ? HOUR
			  : *h->p == '^' ? DAY
			  : *h->p == '<' ? -DAY
					 : 0;
	}
	if (*h->p == '\0')
		return false;
	*a = make_answer(*h->p);
	h->who += !h->same;
	h->now += 1000;
	h->same = false;
	a->who = h->who;
	a->at = h->now;
	if (*h->p == 'h')
		a->domain = h->who;
	h->p++;
	return true;
}

/* "n" times a part, then the rest: "9(a).a" is nine refusals, one taken, one.
 */
static const char *
expand(struct buf *b, const char *s)
{
	buf_reset(b);
	while (*s != '\0') {
		char *end;
		long n = strtol(s, &end, 10);

		if (*end != '(') {
			buf_addc(b, *s++);
			continue;
		}
		s = end + 1;
		while (n-- > 0)
			buf_add(b, s, strcspn(s, ")"));
		s += strcspn(s, ")") + 1;
	}
	return buf_cstr(b);
}

/* The number of the answer that opens it first, from 1; 0: none. */
static int
run_breaker(struct breaker *b, const char *text)
{
	struct history h = {text, START, 0, false};
	struct answer a;
	int n = 0, first = 0;

	*b = (struct breaker){0};
	while (next_answer(&h, &a)) {
		n++;
		if (breaker_add(b, &a) && first == 0)
			first = n;
	}
	return first;
}

static void
test_breaker_histories(void)
{
	static const struct {
		const char *history;
		int opens;
	} cases[] = {
	    {"9(a)", 0},
	    {"10(a)", 10},
	    {"10(A)", 10},
	    {"5(a)5(A)", 10},  /* equal words: one reason */
	    {"9(a).9(a)", 11}, /* ten of the last fifty */
	    {"9(p).9(p)", 0},  /* mailboxes count in a row only */
	    {"10(p)", 10},
	    {"9(a)b9(a)", 11},
	    {"9(p)q9(p)", 0},
	    {"50(x)", 0},
	    {"9(a)40(x)", 0},
	    {"9(p)20(x)p", 30}, /* the dead are nobody's evidence */
	    {"9(a)50(x)a", 0},  /* but they are answers: fifty are */
	    {"9(a)40(x)a", 50},
	    {"10(=a)", 0}, /* one person */
	    {"9(a)=a", 0},
	    {"9(a)=aa", 11},
	    {"9(a)+a", 0}, /* within an hour */
	    {"a58(~)9(a)", 10},
	    {"a60(~)9(a)", 0},
	    {"9(a)<a", 0}, /* a clock that was set back */
	    {"10(g)", 10},
	    {"50(h)", 0}, /* greylisting is exempt where domains differ */
	    {"9(g)hg", 0},
	    {"9(g)10(g)", 10},
	    {"20(a....)", 46}, /* every fifth: ten of fifty */
	    {"20(a.....)", 0}, /* every sixth: nine */
	    {"20(ab...)", 46}, /* and each of two */
	    {"20(p....)", 0},
	    {"9(a)41(.)a", 0},
	    {"9(a)40(.)a", 50},
	    {"100(.)9(a)", 0},
	    {"100(.)10(a)", 110},
	    {"5(ab)", 0},
	    {"10(ab)", 19},
	    {"", 0},
	    {"30(.)", 0},
	};
	struct buf b = {0};
	struct breaker br;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int opens = run_breaker(&br, expand(&b, cases[i].history));

		ok(opens == cases[i].opens, "\"%s\": %d", cases[i].history,
		    opens);
	}
	buf_free(&b);
}

/* The state of the breaker after a history, and its end. */
static void
test_breaker_states(void)
{
	static const struct {
		const char *history;
		char open;    /* 0: closed */
		int64_t left; /* ms from the last answer that counted on */
	} cases[] = {
	    {"10(a)", 'a', DAY}, {"10(A)", 'a', 5 * MINUTE},
	    {"10(a).", 'a', DAY - 1000}, /* was under way */
	    {"10(a)^.", 0, 0}, {"10(A)4(~)A", 'a', MINUTE - 1000},
	    {"10(A)5(~)A", 'a', 10 * MINUTE}, /* one equal answer */
	    {"10(A)5(~)A10(~)A", 'a', 20 * MINUTE},
	    {"10(A)5(~)A10(~)A20(~)A", 'a', 40 * MINUTE},
	    {"10(A)5(~)A10(~)A20(~)A40(~)A", 'a', HOUR},
	    {"10(A)5(~)A10(~)A20(~)A40(~)A+A", 'a', HOUR},
	    {"10(A)5(~).9(A)", 0, 0}, /* taken: all begins anew */
	    {"10(A)5(~).10(A)", 'a', 5 * MINUTE}, {"10(A)5(~)9(b)", 'a', -9000},
	    {"10(A)5(~)10(b)", 'b', DAY}, {"10(a)10(b)", 'b', DAY},
	    {"10(a)^^^<<<.", 'a', DAY - 1000},
	    {"10(a)<<.", 0, 0}, /* opened by a clock that was ahead */
	};
	struct buf b = {0};
	struct breaker br, copy;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct history h = {expand(&b, cases[i].history), START, 0, 0};
		struct buf text = {0};
		struct answer a;

		br = (struct breaker){0};
		while (next_answer(&h, &a)) {
			/* Kept and read back after each answer. */
			breaker_add(&br, &a);
			buf_reset(&text);
			breaker_put(&text, &br);
			breaker_parse(&copy, buf_str(&text));
			br = copy;
		}
		ok(br.open == (uint64_t)cases[i].open &&
			(br.open == 0 || br.until - h.now == cases[i].left),
		    "\"%s\": open for %c, %lld ms", cases[i].history,
		    br.open != 0 ? (char)br.open : '-',
		    (long long)(br.until - h.now));
		ok(br.open == 0 ||
			(breaker_is_open(&br, br.open, h.now) ==
				(cases[i].left > 0) &&
			    !breaker_is_open(&br, br.open + 1, h.now)),
		    "and for these words only");
		buf_free(&text);
	}
	run_breaker(&br, expand(&b, "10(a)"));
	ok(br.since == START + 10000 - HOUR, "victims are those of an hour");
	breaker_half_open(&br, START + 11000);
	ok(!breaker_is_open(&br, 'a', START + 11000), "an operator has looked");
	ok(breaker_is_open(&br, 'a', START + 10999), "not before");
	breaker_half_open(&br, START + 12000);
	ok(br.until == START + 11000, "once is enough");
	buf_free(&b);
}

static bool
outage_of(struct outage *o, const char *text, int *first)
{
	struct history h = {text, START, 0, false};
	struct outage copy;
	struct buf kept = {0};
	struct answer a;
	int n = 0;

	*o = (struct outage){0};
	*first = 0;
	while (next_answer(&h, &a)) {
		n++;
		if (outage_add(o, &a) && *first == 0)
			*first = n;
		buf_reset(&kept);
		outage_put(&kept, o);
		outage_parse(&copy, buf_str(&kept));
		*o = copy;
	}
	buf_free(&kept);
	return o->since != 0;
}

static void
test_outages(void)
{
	static const struct {
		const char *history;
		int begins;    /* the number of the answer; 0: never */
		bool lasts;    /* at the end */
		int64_t since; /* the second of the first victim */
	} cases[] = {
	    {"29(x)", 0, false, 0},
	    {"30(x)", 30, true, 1},
	    {"40(.)30(x)", 70, true, 41},
	    {"x.30(x)", 32, true, 3},
	    {"29(x).29(x)", 52, true, 1}, /* 51 of a hundred */
	    {"29(x).20(x).", 0, false, 0},
	    {"29(x)p20(x)", 0, false, 0},      /* a full mailbox exists */
	    {"29(x)20(a)20(A)x", 70, true, 1}, /* policy tells nothing */
	    {"30(=x)", 0, false, 0},
	    {"29(x)=x", 0, false, 0},
	    {"29(x)^^x", 0, false, 0}, /* not over days */
	    {"50(x.)", 0, false, 0},
	    {"51(x.)", 0, false, 0}, /* half is not more than half */
	    {"49(x.)xxx", 100, true, 1},
	    {"100(..x)", 0, false, 0},
	    {"100(xx.)", 76, true, 1},
	    {"30(x).", 30, true, 1},       /* was under way */
	    {"30(x)!", 30, false, 0},      /* a probe was taken */
	    {"30(x)!29(x)", 30, false, 0}, /* all begins anew */
	    {"30(x)!30(x)", 30, true, 32},
	    {"", 0, false, 0},
	};
	struct buf b = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct outage o;
		int first;
		bool lasts =
		    outage_of(&o, expand(&b, cases[i].history), &first);

		ok(first == cases[i].begins && lasts == cases[i].lasts,
		    "\"%s\": %d, lasts %d", cases[i].history, first, lasts);
		ok(!lasts || o.since == START + cases[i].since * 1000,
		    "since second %lld", (long long)(o.since - START) / 1000);
	}
	buf_free(&b);
}

/* --- a plain recount --- */

static unsigned seed = 1;

static unsigned
draw(unsigned n)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 16) % n;
}

#define LONG 400

/* Is the last of all answers one that a closed breaker opens for? */
static bool
recount_breaker(const struct answer *all, size_t n)
{
	const struct answer *last = &all[n - 1];
	size_t i, k, seen = 0, run = 0, share = 0;
	bool broken = false;

	if (last->kind < ANSWER_PERSONAL)
		return false;
	for (i = n; i > 0 && seen < BREAKER_WINDOW; i--) {
		const struct answer *a = &all[i - 1];
		bool equal =
		    a->kind >= ANSWER_PERSONAL && a->print == last->print &&
		    (last->kind != ANSWER_GREY || a->domain == last->domain);

		for (k = i; k < n && all[k].who != a->who; k++)
			;
		if (k < n || a->at < last->at - HOUR)
			continue;
		seen++;
		if (a->kind == ANSWER_NO_MAILBOX)
			continue;
		broken = broken || !equal;
		run += !broken;
		share += equal;
	}
	return run >= 10 || (last->kind == ANSWER_REFUSED && share >= 10);
}

static bool
recount_outage(const struct answer *all, size_t n)
{
	size_t i, k, seen = 0, run = 0, dead = 0;
	bool broken = false;

	if (all[n - 1].kind != ANSWER_NO_MAILBOX)
		return false;
	for (i = n; i > 0 && seen < OUTAGE_WINDOW; i--) {
		const struct answer *a = &all[i - 1];

		if (a->kind == ANSWER_REFUSED || a->kind == ANSWER_GREY)
			continue;
		for (k = i; k < n; k++) {
			if (all[k].who == a->who &&
			    all[k].kind != ANSWER_REFUSED &&
			    all[k].kind != ANSWER_GREY)
				break;
		}
		if (k < n)
			continue;
		seen++;
		broken = broken || a->kind != ANSWER_NO_MAILBOX;
		run += !broken;
		dead += a->kind == ANSWER_NO_MAILBOX;
	}
	return run >= 30 || dead > 50;
}

static void
test_random(void)
{
	static const char letters[] = "aaaabbAp.....xxxxxxxxxgh";
	static struct answer all[LONG];
	int wrong = 0, opened = 0, outages = 0;

	for (int round = 0; round < 300; round++) {
		struct breaker b = {0};
		struct outage o = {0};
		unsigned mix = 2 + draw(sizeof(letters) - 3);
		unsigned from = draw((unsigned)sizeof(letters) - mix);
		bool open = false, out = false;

		for (size_t n = 1; n <= LONG && !(open && out); n++) {
			struct answer *a = &all[n - 1];
			bool was = open;

			*a = make_answer(letters[from + draw(mix)]);
			a->who = draw(8) == 0 ? 1 + draw(20) : 100 + n;
			a->domain = 1 + draw(30) / 29;
			a->at = START + (int64_t)n * 20000;
			open = breaker_add(&b, a) || was;
			if (!was && open != recount_breaker(all, n))
				wrong++;
			was = out;
			out = outage_add(&o, a) || was;
			if (!was && out != recount_outage(all, n))
				wrong++;
		}
		opened += open;
		outages += out;
	}
	ok(wrong == 0, "a recount of all answers says the same: %d not", wrong);
	ok(opened > 30 && opened < 290, "the breaker opens in %d", opened);
	ok(outages > 20 && outages < 290, "an outage begins in %d", outages);
}

static struct answer
answer_of(char c, uint64_t who)
{
	struct answer a = make_answer(c);

	a.who = who;
	a.at = START + 11000;
	return a;
}

static void
test_open(void)
{
	struct answer equal = answer_of('a', 50), other = answer_of('b', 51);
	struct answer none = {.at = START}, taken = answer_of('.', 52);
	struct answer more = answer_of('a', 53);
	struct buf b = {0};
	struct breaker br, copy;
	struct outage o = {0};

	run_breaker(&br, expand(&b, "a"));
	ok(!breaker_is_clean(&br), "a refusal is kept");
	ok(!breaker_add(&br, &none) && br.count == 1, "what is none is not");
	run_breaker(&br, expand(&b, "10(A)"));
	ok(breaker_add(&br, &equal), "one more of these concerns us");
	ok(!breaker_add(&br, &other), "another does not");
	ok(!breaker_add(&br, &taken), "nor what is taken");
	ok(breaker_add(&br, &more), "it is still open");
	buf_reset(&b);
	breaker_put(&b, &br);
	breaker_parse(&copy, buf_str(&b));
	ok(copy.again && copy.level == br.level && copy.since == br.since,
	    "what is kept is read");
	ok(!outage_add(&o, &equal) && !outage_add(&o, &taken) &&
		outage_is_clean(&o),
	    "no mailbox is missing");
	buf_free(&b);
}

static void
test_damage(void)
{
	static const char *const texts[] = {"", "x", "0 0 0 0\n",
	    "0 0 0 0 0 0\n", "00 0 -1 0 0\n", "1 0 0 0 0 7\n", "1 0 -1 0 0\n",
	    "0 0 0 0 0\n9 0 1 2 3 4\n", "0 0 0 0 0\n0 0 1 2 3 4\n",
	    "0 0 0 0 0\n5 0 1 2 3\n", "0 0 0 0 0\n5 0 1 2 3 4 5\n", "7\n1 2\n",
	    "7\n1 2 3 4\n", "7 7\n", "7\nx 2 3\n"};
	struct breaker b;
	struct outage o;
	struct buf text = {0};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		b.count = o.count = 1;
		b.open = 1;
		o.since = 1;
		breaker_parse(&b, str_of(texts[i]));
		outage_parse(&o, str_of(texts[i]));
		ok(breaker_is_clean(&b) && outage_is_clean(&o),
		    "damaged: \"%s\"", texts[i]);
	}
	for (int i = 0; i < 300; i++)
		buf_addc(&text, '1');
	breaker_parse(&b, buf_str(&text));
	outage_parse(&o, buf_str(&text));
	ok(breaker_is_clean(&b) && outage_is_clean(&o), "a line without end");
	buf_reset(&text);
	buf_adds(&text, "0 0 0 0 0\n5 0 1 2 3 4\n");
	for (int i = 0; i < 300; i++)
		buf_addc(&text, '1');
	breaker_parse(&b, buf_str(&text));
	ok(breaker_is_clean(&b), "behind a good one");
	buf_reset(&text);
	buf_adds(&text, "7\n1 2 4\n");
	for (int i = 0; i < 300; i++)
		buf_addc(&text, '1');
	outage_parse(&o, buf_str(&text));
	ok(outage_is_clean(&o), "nor here");
	buf_reset(&text);
	buf_adds(&text, "0 0 0 0 0\n");
	for (int i = 0; i < 70; i++)
		buf_printf(&text, "5 0 1 %d 3 4\n", i);
	breaker_parse(&b, buf_str(&text));
	ok(b.count == BREAKER_WINDOW, "no more than the window");
	buf_reset(&text);
	buf_adds(&text, "7\n");
	for (int i = 0; i < 170; i++)
		buf_printf(&text, "1 %d 4\n", i);
	outage_parse(&o, buf_str(&text));
	ok(o.count == OUTAGE_WINDOW && o.since == 7, "nor of the other");
	buf_free(&text);
}

/* --- what a reply counts as --- */

static void
read_reply(struct reply *r, const char *text)
{
	struct reply_reader reader = {0};
	struct buf b = {0};
	struct str in;

	buf_printf(&b, "%s\r\n", text);
	in = buf_str(&b);
	reply_read(&reader, &in);
	*r = reader.reply;
	reply_free(&reader);
	buf_free(&b);
}

static struct reply_model
model_of(const char *text, const char *person, struct reply *r)
{
	read_reply(r, text);
	return reply_model_read(
	    r, STAGE_RCPT, false, STR("news@school.example"), str_of(person));
}

static void
test_kinds(void)
{
	static const struct {
		const char *reply;
		enum answer_kind kind;
	} cases[] = {
	    {"250 ok", ANSWER_TAKEN},
	    {"550 5.1.1 no such user", ANSWER_NO_MAILBOX},
	    {"550 5.1.2 x", ANSWER_NO_MAILBOX},
	    {"550 sorry", ANSWER_REFUSED},
	    {"450 4.2.0 busy", ANSWER_REFUSED},
	    {"552 5.2.2 mailbox full", ANSWER_PERSONAL},
	    {"452 4.2.2 mailbox full", ANSWER_PERSONAL},
	    {"450 4.1.1 unverified address", ANSWER_PERSONAL},
	    {"450 4.7.1 greylisted, come back later", ANSWER_GREY},
	    {"454 4.7.1 relay access denied", ANSWER_NONE},
	    {"550 relay not permitted", ANSWER_NONE},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct reply r;
		struct reply_model m =
		    model_of(cases[i].reply, "mia@pupils.example", &r);
		struct retry_verdict v = retry_judge_envelope(RETRY_GENERIC,
		    STAGE_RCPT, &r, false, STR("news@school.example"),
		    STR("mia@pupils.example"), NULL);
		enum answer_kind kind = answer_kind_of(v.action, &m, r.code);

		ok(kind == cases[i].kind, "%s: %d", cases[i].reply, (int)kind);
	}
	ok(answer_kind_of(RETRY_MAYBE, &(struct reply_model){0}, 0) ==
		ANSWER_NONE,
	    "no reply");
	ok(answer_kind_of(RETRY_FAIL,
	       &(struct reply_model){.matter = REPLY_GREY},
	       500) == ANSWER_PERSONAL,
	    "for good it is no greylisting");
	ok(answer_hash(STR("a")) != answer_hash(STR("b")), "hashes differ");
}

static void
test_prints(void)
{
	static const struct {
		const char *a, *b; /* of mia@pupils.example, joe@x.example */
		bool equal;
	} cases[] = {
	    {"550 no", "550 no", true},
	    {"550 no", "550 nothing", false},
	    {"550 no", "551 no", false},
	    {"550 no", "450 no", false},
	    {"550 5.7.1 no", "550 5.7.2 no", false},
	    {"550 5.7.1 no", "550 no", false},
	    {"550 <mia@pupils.example>: No.", "550 <joe@x.example>: no", true},
	    {"550 mia: not now", "550 joe: not now", true},
	    {"550 no (12 of 20)", "550 no (13 of 20)", true},
	    {"550 no [mx.pupils.example]", "550 no [mx.else.example]", true},
	    {"550 no 192.0.2.1", "550 no 2001:db8::7", true},
	    {"550 no, id 550e8400-e29b-41d4-a716-446655440000",
		"550 no, id 550e8401-beef-4dad-cafe-446655440001", true},
	    {"550 see https://a.example/1", "550 see https://b.example/2",
		true},
	    {"550 in zen.spamhaus.org", "550 in zen.spamhaus.org", true},
	    {"550 in zen.spamhaus.org", "550 in mx.a.example", false},
	    {"550 a b", "550 ab", true}, /* hexadecimal: may be an id */
	    {"550 not ours", "550 notours", false},
	    {"550 one two", "550 two one", false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct reply r;
		uint64_t a =
		    model_of(cases[i].a, "mia@pupils.example", &r).print;
		uint64_t b = model_of(cases[i].b, "joe@x.example", &r).print;

		ok((a == b) == cases[i].equal && a != 0, "%s | %s", cases[i].a,
		    cases[i].b);
	}
}

int
main(void)
{
	test_breaker_histories();
	test_breaker_states();
	test_outages();
	test_random();
	test_open();
	test_damage();
	test_kinds();
	test_prints();
	return unit_end();
}
