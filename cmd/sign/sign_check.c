/* check: what the DNS says of our keys and domains, held against them. */
#include <string.h>

#include "base/filter.h"
#include "base/program.h"
#include "base/utf8.h"
#include "mail/dkim/dkim_name.h"
#include "mail/dkim/dkim_record.h"
#include "mail/mime/addr.h"
#include "sign/sign.h"
#include "sign/sign_keys.h"
#include "sign/sign_lookup.h"

struct check {
	const char *domain, *from, *envelope;
	struct option_list given;

	struct filter *out;
	struct arena *arena;
	struct sign_keys keys;
	struct str d;
	struct addr from_addr, envelope_addr; /* domain absent: unknown */
};

/* A line of the report; what is in the DNS may be no text at all. */
static void
print_finding(
    struct check *c, const char *name, const char *text, struct str record)
{
	struct buf line = {0};

	buf_printf(&line, "%s: %s", name, text);
	for (size_t i = 0; i < record.n; i++) {
		char ch = record.p[i];

		buf_addc(&line, ch >= ' ' && ch <= '~' ? ch : '?');
	}
	buf_addc(&line, '\n');
	filter_write(c->out, buf_str(&line));
	buf_free(&line);
}

/* A DATA failure is the report's; the name servers' silence is ours. */
static void
print_failure(struct check *c, const char *name, const struct fail *f)
{
	if (f->kind == FAIL_DATA)
		print_finding(c, name, f->text, (struct str){0});
	else
		program_die(PROGRAM, f);
	filter_raise(c->out, fail_status(f));
}

static int
compare_key(
    const struct crypto_key *key, const struct dkim_record *r, struct fail *f)
{
	struct buf ours = {0}, theirs = {0};
	bool equal;

	if (r->key == NULL)
		return fail_data(f, "the key is revoked (p= is empty)");
	crypto_key_put_public(&ours, key);
	crypto_key_put_public(&theirs, r->key);
	equal = crypto_key_type(key) == crypto_key_type(r->key) &&
		str_eq(buf_str(&ours), buf_str(&theirs));
	buf_free(&ours);
	buf_free(&theirs);
	if (!equal)
		return fail_data(f,
		    "the record has another key than the file; \"bm-sign "
		    "dns\" prints the right one");
	if (r->testing)
		return fail_data(f,
		    "the record has the key, but t=y says testing: receivers "
		    "ignore the signature");
	return 0;
}

static void
check_key(struct check *c, const struct dkim_signer *signer)
{
	bool rsa = crypto_key_type(signer->key) == CRYPTO_KEY_RSA;
	struct buf name = {0}, text = {0};
	struct dkim_record r = {0};
	struct fail f = {0};

	dkim_record_put_name(&name, signer->selector, c->d);
	if (sign_lookup_key(&r, signer->selector, c->d, c->arena, &f) < 0 ||
	    compare_key(signer->key, &r, &f) < 0) {
		print_failure(c, buf_cstr(&name), &f);
	} else {
		buf_printf(&text, "ok, the record has the key (%s, %d bits)",
		    rsa ? "RSA" : "Ed25519", crypto_key_bits(signer->key));
		print_finding(
		    c, buf_cstr(&name), buf_cstr(&text), (struct str){0});
	}
	dkim_record_free(&r);
	buf_free(&name);
	buf_free(&text);
}

/* True if a record was found, or the lookup failed. */
static bool
print_policy(
    struct check *c, const char *kind, const char *name, const char *version)
{
	const char *label = arena_printf(c->arena, "%s, %s", name, kind);
	struct fail f = {0};
	struct str policy;

	if (sign_lookup_policy(&policy, name, version, c->arena, &f) < 0) {
		print_failure(c, label, &f);
		return true;
	}
	if (policy.p == NULL)
		return false;
	print_finding(c, label, "", policy);
	return true;
}

static void
print_spf(struct check *c, struct str domain)
{
	const char *name = arena_dup(c->arena, domain.p, domain.n);

	if (!print_policy(c, "SPF", name, "v=spf1"))
		print_finding(c, arena_printf(c->arena, "%s, SPF", name),
		    "no record", (struct str){0});
}

/*
 * From's domain, and then the domains above it: that of the organisation is
 * one of them, and no list of suffixes is needed to find its record.
 */
static void
print_dmarc(struct check *c, struct str domain)
{
	struct str at = domain;
	const char *name;

	while (memchr(at.p, '.', at.n) != NULL) {
		name = arena_printf(c->arena, "_dmarc.%.*s", (int)at.n, at.p);
		if (print_policy(c, "DMARC", name, "v=DMARC1"))
			return;
		str_take(&at, STR("."));
	}
	name = arena_printf(
	    c->arena, "_dmarc.%.*s, DMARC", (int)domain.n, domain.p);
	print_finding(c, name, "no record, nor at a parent", (struct str){0});
}

/*
 * How a domain stands to From's: DMARC counts it if it is the same, or (unless
 * the record says strict) one of the same organisation.
 */
static bool
print_alignment(struct check *c, const char *what, struct str domain)
{
	struct str from = c->from_addr.domain;
	bool equal = domain.n == from.n && dkim_name_covers(domain, from);
	bool good = dkim_name_covers(domain, from);
	const char *text =
	    arena_printf(c->arena, "%.*s %s %.*s", (int)domain.n, domain.p,
		equal  ? "is From's domain,"
		: good ? "is a parent of From's domain,"
		       : "is neither From's domain nor a parent of it,",
		(int)from.n, from.p);

	print_finding(c, what, text, (struct str){0});
	return good;
}

static int
read_address(struct addr *a, const char *name, const char *text,
    struct check *c, const struct settings *s, struct fail *f)
{
	struct str display;

	*a = (struct addr){0};
	if (text == NULL)
		return 0;
	if (addr_parse_mailbox(
		a, &display, str_of(text), ADDR_RESERVED, c->arena, f) < 0)
		return settings_refuse(s, name, f);
	return 0;
}

/*
 * The envelope's domain is From's if it is not set. Another one does not
 * matter to DKIM, and d= that is none of From's parents fails every message.
 */
static void
run_checks(struct check *c)
{
	struct str envelope = c->envelope_addr.domain;

	for (size_t i = 0; i < c->keys.count; i++)
		check_key(c, &c->keys.all[i]);
	if (envelope.p == NULL)
		envelope = c->from_addr.domain;
	if (c->from_addr.domain.p == NULL) {
		print_dmarc(c, c->d);
		return;
	}
	print_spf(c, envelope);
	print_dmarc(c, c->from_addr.domain);
	if (!print_alignment(c, "d=", c->d))
		filter_raise(c->out, 1);
	print_alignment(c, "envelope", envelope);
}

static int
prepare_check(struct check *c, const struct options *o, struct fail *f)
{
	const struct settings *s = o->settings;

	if (read_address(&c->from_addr, "DEFAULT_BULK_FROM_EMAIL",
		settings_get(s, "DEFAULT_BULK_FROM_EMAIL"), c, s, f) < 0 ||
	    read_address(&c->envelope_addr, "BM_ENVELOPE_SENDER",
		settings_get(s, "BM_ENVELOPE_SENDER"), c, s, f) < 0 ||
	    sign_keys_need_domain(&c->d, s, c->arena, f) < 0)
		return -1;
	return sign_keys_load(&c->keys, &c->given, s, c->arena, f);
}

int
sign_check(int argc, char **argv)
{
	struct check c = {0};
	struct option_spec specs[] = {
	    OPTION_TEXT("domain", 0, &c.domain, "D", "BM_DKIM_DOMAIN",
		"who signs (d=); From's domain when not given"),
	    OPTION_LIST("key", 0, &c.given, "SELECTOR=FILE",
		"the key; else BM_DKIM_KEYS"),
	    OPTION_TEXT("from", 0, &c.from, "ADDRESS",
		"DEFAULT_BULK_FROM_EMAIL", "From of the mail"),
	    OPTION_TEXT("envelope-sender", 0, &c.envelope, "ADDRESS",
		"BM_ENVELOPE_SENDER", "where delivery reports go"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .versions = sign_libraries,
	    .synopsis = "check [--domain D] [--key SELECTOR=FILE...] "
			"[OPTION...]",
	    .purpose = "Compare the keys with their records in the DNS, and "
		       "print the records of SPF\nand DMARC.",
	    .specs = specs};
	struct fail f = {0};
	int status = program_options(&o, argc, argv);

	if (status != -1)
		return status;
	c.out = filter_new(PROGRAM, NULL, 0);
	c.arena = arena_new();
	if (prepare_check(&c, &o, &f) < 0)
		filter_raise(c.out, program_die(PROGRAM, &f));
	else
		run_checks(&c);
	sign_keys_free(&c.keys);
	arena_free(c.arena);
	status = filter_finish(c.out);
	options_free(&o);
	return status;
}
