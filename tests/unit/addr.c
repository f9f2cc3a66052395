#include "mail/mime/addr.h"

#include "base/arena.h"
#include "base/buf.h"
#include "unit.h"

static struct arena *arena;

/* Python's idna module has made the A-labels. */
static const struct {
	const char *text, *wire, *key;
} good[] = {
    {"a@b.org", "a@b.org", "a@b.org"},
    {"Ann.O'Neil+tag@Ex.ORG", "Ann.O'Neil+tag@ex.org", "ann.o'neil+tag@ex.org"},
    {"-f@b.org", "-f@b.org", "-f@b.org"},
    {"a#$&*/=?^_`{|}~b@b.org", "a#$&*/=?^_`{|}~b@b.org",
	"a#$&*/=?^_`{|}~b@b.org"},
    {"x@b\xc3\xbc"
     "cher.de",
	"x@xn--bcher-kva.de", "x@xn--bcher-kva.de"},
    {"x@B\xc3\x9c"
     "CHER.De",
	"x@xn--bcher-kva.de", "x@xn--bcher-kva.de"},
    /* u + combining diaeresis */
    {"x@bu\xcc\x88"
     "cher.de",
	"x@xn--bcher-kva.de", "x@xn--bcher-kva.de"},
    {"x@XN--BCHER-KVA.de", "x@xn--bcher-kva.de", "x@xn--bcher-kva.de"},
    {"x@fa\xc3\x9f.de", "x@xn--fa-hia.de", "x@xn--fa-hia.de"},
    {"x@\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e.jp", "x@xn--wgv71a119e.jp",
	"x@xn--wgv71a119e.jp"},
    {"x@\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80.\xd1\x80\xd1\x84",
	"x@xn--e1afmkfd.xn--p1ai", "x@xn--e1afmkfd.xn--p1ai"},
    /* ideographic full stop, ligature, Roman numeral */
    {"x@a\xe3\x80\x82"
     "b.com",
	"x@a.b.com", "x@a.b.com"},
    {"x@\xef\xac\x80.com", "x@ff.com", "x@ff.com"},
    {"x@\xe2\x85\xb7.com", "x@viii.com", "x@viii.com"},
    /* the local part stays as it is; the key is in NFC */
    {"J\xc3\xb6rg@b.org", "J\xc3\xb6rg@b.org", "j\xc3\xb6rg@b.org"},
    {"Jo\xcc\x88rg@b.org", "Jo\xcc\x88rg@b.org", "j\xc3\xb6rg@b.org"},
    /* the key has only ASCII letters in lower case */
    {"\xc3\x96rg@b.org", "\xc3\x96rg@b.org", "\xc3\x96rg@b.org"},
    {"a@ab--cd.com", "a@ab--cd.com", "a@ab--cd.com"},
    {"a@9.com", "a@9.com", "a@9.com"},
    {"a@myexample.com", "a@myexample.com", "a@myexample.com"},
};

static const struct {
	const char *text, *error;
} bad[] = {
    {"", "the address is empty"},
    {"ab.org", "the address has no '@'"},
    {"@b.org", "the address has no local part"},
    {"a@", "the address has no domain"},
    {"a@b@c.org", "the local part has the character '@'"},
    {"@r.org:a@b.org", "source routes are not supported"},
    {"\"a b\"@c.org", "the address has white space"},
    {"\"ab\"@c.org", "quoted local parts are not supported"},
    {"a@[127.0.0.1]", "address literals are not supported"},
    {"a@127.0.0.1", "the domain is an IP address"},
    {"a@b.org.", "the domain ends with a dot"},
    {"a@b.org\xe3\x80\x82", "the domain has an empty label"},
    {"a@b..org", "the domain has an empty label"},
    {"a@.org", "the domain has an empty label"},
    {"a@org", "the domain has no dot"},
    {"a@-b.org", "the domain has a label with '-' at an end"},
    {"a@b-.org", "the domain has a label with '-' at an end"},
    {"a@b_c.org", "the domain has the character '_'"},
    {".a@b.org", "the local part has a stray dot"},
    {"a.@b.org", "the local part has a stray dot"},
    {"a..b@b.org", "the local part has a stray dot"},
    {"a%b@c.org", "the local part has '%' (routing)"},
    {"x!a@c.org", "the local part has '!' (routing)"},
    {"a,b@c.org", "the local part has the character ','"},
    {"<a@c.org", "the local part has the character '<'"},
    {"a@c.org>", "the domain has the character '>'"},
    {"a(x)@c.org", "the local part has the character '('"},
    {"a\\b@c.org", "the local part has the character '\\'"},
    {"a b@c.org", "the address has white space"},
    {" a@c.org", "the address has white space"},
    {"a@c.org ", "the address has white space"},
    {"a\xc2\xa0@c.org", "the address has white space"},
    {"a@c.org\r\nBcc: v@e.org", "the address has a control character"},
    {"a\x7f@c.org", "the address has a control character"},
    {"a\xc2\x85@c.org", "the address has a control character"},
    {"a\xe2\x80\xa8@c.org", "the address has a control character"},
    {"a\xe2\x80\xae@c.org", "the address has an invisible character"},
    {"a\xe2\x80\x8b@c.org", "the address has an invisible character"},
    {"a\xff@c.org", "the address is not valid UTF-8"},
    {"a@x.example", "the domain is reserved (RFC 2606)"},
    {"a@x.y.TEST", "the domain is reserved (RFC 2606)"},
    {"a@x.invalid", "the domain is reserved (RFC 2606)"},
    {"a@localhost", "the domain is reserved (RFC 2606)"},
    {"a@x.localhost", "the domain is reserved (RFC 2606)"},
    {"a@Example.COM", "the domain is reserved (RFC 2606)"},
    {"a@x.example.org", "the domain is reserved (RFC 2606)"},
};

static void
test_good(void)
{
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct addr a;
		struct fail f = {0};
		int rc = addr_parse(&a, str_of(good[i].text), 0, arena, &f);

		ok(rc == 0 && str_is(a.wire, good[i].wire) &&
			str_is(a.key, good[i].key),
		    "%s %s", good[i].text, f.text);
	}
}

static void
test_bad(void)
{
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct addr a;
		struct fail f = {0};
		int rc = addr_parse(&a, str_of(bad[i].text), 0, arena, &f);

		ok(rc == -1 && f.kind == FAIL_DATA &&
			strcmp(f.text, bad[i].error) == 0,
		    "refused %zu: %s", i, f.text);
	}
}

/* The reasons are those of libidn2. */
static void
test_bad_idna(void)
{
	static const char *const names[] = {"a@xn--zzzzzzzzz.com",
	    "a@xn--a.com", "a@\xe2\x98\x83.com", "a@a\xcc\x88-.com",
	    "a@\xcc\x88.com", "a@\xc3\xbc_.com", "a@\xc3\xbc<.com",
	    "a@\xef\xbc\x9c.com", "a@\xef\xbc\xa0.com"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct addr a;
		struct fail f = {0};

		ok(addr_parse(&a, str_of(names[i]), 0, arena, &f) == -1 &&
			f.kind == FAIL_DATA,
		    "refused %s: %s", names[i], f.text);
	}
}

static int
parse_sized(size_t local, size_t label, int labels, struct fail *f)
{
	struct buf b = {0};
	struct addr a;
	size_t k;
	int rc;

	for (k = 0; k < local; k++)
		buf_addc(&b, 'l');
	buf_addc(&b, '@');
	for (; labels > 0; labels--) {
		for (k = 0; k < label; k++)
			buf_addc(&b, 'd');
		buf_addc(&b, '.');
	}
	buf_adds(&b, "org");
	rc = addr_parse(&a, buf_str(&b), 0, arena, f);
	buf_free(&b);
	return rc;
}

static void
test_lengths(void)
{
	static const struct {
		size_t local, label;
		int labels;
		bool good;
	} sizes[] = {
	    {64, 10, 1, true},
	    {65, 10, 1, false},
	    {1, 63, 1, true},
	    {1, 64, 1, false},
	    {58, 63, 3, true},  /* 254 in all */
	    {59, 63, 3, false}, /* 255 */
	    {1, 63, 4, false},
	    {1, 63, 1000, false},
	};
	struct fail f;
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		f = (struct fail){0};
		ok((parse_sized(sizes[i].local, sizes[i].label, sizes[i].labels,
			&f) == 0) == sizes[i].good,
		    "sizes %zu %zu x %d: %s", sizes[i].local, sizes[i].label,
		    sizes[i].labels, f.text);
	}
}

static void
test_reserved(void)
{
	struct addr a;
	struct fail f;

	ok(addr_parse(&a, STR("a@X.example"), ADDR_RESERVED, arena, &f) == 0,
	    "a reserved domain is taken when allowed");
	ok(addr_parse(&a, STR("a@localhost"), ADDR_RESERVED, arena, &f) == 0,
	    "localhost is taken when allowed");
	ok(addr_parse(&a, STR("\xc3\xb6@b.org"), 0, arena, &f) == 0 &&
		a.needs_smtputf8,
	    "a local part beyond ASCII needs SMTPUTF8");
	ok(addr_parse(&a, STR("o@\xc3\xb6.org"), 0, arena, &f) == 0 &&
		!a.needs_smtputf8,
	    "a domain beyond ASCII does not");
}

static const struct {
	const char *text, *name, *wire; /* wire NULL: DATA */
} mailboxes[] = {
    {"a@b.org", NULL, "a@b.org"},
    {"  a@b.org ", NULL, "a@b.org"},
    {"<a@b.org>", NULL, "a@b.org"},
    {"Ann Lee <a@b.org>", "Ann Lee", "a@b.org"},
    {"Univ. of X<a@b.org>", "Univ. of X", "a@b.org"},
    {"\"Lee, Ann\" <a@b.org>", "Lee, Ann", "a@b.org"},
    {"\"a \\\"b\\\" \\\\ <c@d>\" <a@b.org>", "a \"b\" \\ <c@d>", "a@b.org"},
    {"Zo\xc3\xab <a@b.org>", "Zo\xc3\xab", "a@b.org"},
    {"\"\" <a@b.org>", "", "a@b.org"},
    {"Lee, Ann <a@b.org>", NULL, NULL},
    {"a@b.org, c@d.org", NULL, NULL},
    {"A <a@b.org>, B <c@d.org>", NULL, NULL},
    {"\"Ann <a@b.org>", NULL, NULL},
    {"\"Ann\" Lee <a@b.org>", NULL, NULL},
    {"A <a@b.org", NULL, NULL},
    {"A a@b.org>", NULL, NULL},
    {"A\r\nB <a@b.org>", NULL, NULL},
    {"A <>", NULL, NULL},
    {"", NULL, NULL},
};

static void
test_mailboxes(void)
{
	size_t i;

	for (i = 0; i < sizeof(mailboxes) / sizeof(mailboxes[0]); i++) {
		const char *want = mailboxes[i].name;
		struct str name;
		struct addr a;
		struct fail f = {0};
		int rc = addr_parse_mailbox(
		    &a, &name, str_of(mailboxes[i].text), 0, arena, &f);

		if (mailboxes[i].wire == NULL)
			ok(rc == -1 && f.kind == FAIL_DATA, "refused %zu: %s",
			    i, f.text);
		else
			ok(rc == 0 && str_is(a.wire, mailboxes[i].wire) &&
				(want == NULL ? name.p == NULL
					      : str_is(name, want)),
			    "%s %s", mailboxes[i].text, f.text);
	}
}

static void
test_shown(void)
{
	static const struct {
		const char *domain, *shown;
	} cases[] = {{"uni.example", "uni.example"},
	    {"xn--bcher-kva.example", "b\xc3\xbc"
				      "cher.example"},
	    {"xn--.example", "xn--.example"},
	    {"xn--a-\xff.example", "xn--a-\xff.example"}, {"", ""}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		same(addr_shown(str_of(cases[i].domain), arena), cases[i].shown,
		    cases[i].domain);
}

int
main(void)
{
	arena = arena_new();
	test_shown();
	test_good();
	test_bad();
	test_bad_idna();
	test_lengths();
	test_reserved();
	test_mailboxes();
	arena_free(arena);
	return unit_end();
}
