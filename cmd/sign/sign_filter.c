/* The filter: message records in, the same records signed out. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/filter.h"
#include "base/json_get.h"
#include "base/json_put.h"
#include "base/num.h"
#include "base/program.h"
#include "base/utf8.h"
#include "mail/mime/addr.h"
#include "mail/record/message.h"
#include "sign/sign.h"
#include "sign/sign_keys.h"

/* A relay or a receiver may hold a message for days. */
#define EXPIRE_MIN (7LL * 24 * 3600 * 1000) /* ms */

struct signing {
	const char *domain, *profile, *rejects;
	struct option_list given;
	int64_t expire; /* ms; 0: never */
	bool easy;

	struct filter *filter;
	struct sign_keys keys;
	struct dkim_sign_params params;
	bool fixed; /* the time is SOURCE_DATE_EPOCH */
};

/* Insert the fields where the message begins; no other byte changes. */
static void
insert_fields(
    struct buf *out, struct str raw, const char *at, struct str fields)
{
	struct buf quoted = {0};

	json_put_string(&quoted, fields);
	buf_add(out, raw.p, (size_t)(at - raw.p));
	buf_add(out, quoted.p + 1, quoted.len - 2);
	buf_add(out, at, (size_t)(raw.p + raw.n - at));
	buf_addc(out, '\n');
	buf_free(&quoted);
}

static int
sign_record(void *ctx, const struct filter_record *r, struct arena *arena,
    struct buf *out, struct fail *f)
{
	struct signing *s = ctx;
	struct json_object o;
	struct buf fields = {0};
	struct str text;
	int rc;

	if (json_parse(&o, r->raw, arena, f) < 0 ||
	    message_text(&text, &o, arena, f) < 0)
		return -1;
	if (!s->fixed)
		s->params.now = clock_wall_ms() / 1000;
	rc = dkim_sign(&fields, &s->params, text, arena, f);
	if (rc == 0)
		insert_fields(out, r->raw, json_get(&o, "message")->raw.p + 1,
		    buf_str(&fields));
	buf_free(&fields);
	return rc;
}

static int
read_clock(struct signing *s, struct fail *f)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	long long seconds;

	if (epoch == NULL || *epoch == '\0')
		return 0;
	if (num_parse(str_of(epoch), 0, 253402300799, &seconds, f) < 0)
		return fail_system(f, "SOURCE_DATE_EPOCH: %s", f->text);
	s->params.now = seconds;
	s->fixed = true;
	return 0;
}

static int
check_expire(struct signing *s, struct fail *f)
{
	if (s->expire != 0 && s->expire < EXPIRE_MIN)
		return fail_system(f,
		    "--expire: a signature must last 7 days or more: a "
		    "message may wait so long at a relay");
	s->params.lifetime = s->expire / 1000;
	return 0;
}

/* Amazon SES adds a signature of its own and refuses two of ours. */
static int
check_ses(struct signing *s, const struct settings *settings, struct fail *f)
{
	bool easy;

	if (settings_bool(settings, "BM_DKIM_EASY", &easy, f) < 0)
		return -1;
	if (easy || s->easy)
		return fail_system(f,
		    "Easy DKIM is on (%s): Amazon SES signs, and refuses a "
		    "message that is signed already (554 Duplicate header "
		    "'DKIM-Signature')",
		    s->easy ? "--easy-dkim" : "BM_DKIM_EASY");
	if (s->params.ses && s->keys.count > 1)
		return fail_system(f,
		    "--profile ses: Amazon SES refuses two DKIM-Signature "
		    "fields, give one key");
	return 0;
}

static int
check_types(const struct sign_keys *keys, struct fail *f)
{
	if (crypto_key_type(keys->all[0].key) == CRYPTO_KEY_RSA)
		return 0;
	return fail_system(f,
	    "an Ed25519 key alone: many receivers verify RSA only, give an "
	    "RSA key beside it");
}

static int
read_profile(struct signing *s, struct fail *f)
{
	struct str profile = str_of(s->profile);

	s->params.ses = profile.p != NULL && str_is(profile, "ses");
	if (profile.p == NULL || s->params.ses || str_is(profile, "generic"))
		return 0;
	return fail_system(
	    f, "--profile: %s is neither generic nor ses", s->profile);
}

static int
prepare_signing(struct signing *s, const struct options *o, struct arena *arena,
    struct fail *f)
{
	if (read_profile(s, f) < 0 || read_clock(s, f) < 0 ||
	    check_expire(s, f) < 0 ||
	    sign_keys_domain(&s->params.domain, o->settings, arena, f) < 0 ||
	    sign_keys_load(&s->keys, &s->given, o->settings, arena, f) < 0 ||
	    check_types(&s->keys, f) < 0 || check_ses(s, o->settings, f) < 0 ||
	    filter_open_rejects(s->filter, s->rejects, f) < 0)
		return -1;
	s->params.signers = s->keys.all;
	s->params.count = s->keys.count;
	return 0;
}

static int
run_filter(struct signing *s, struct options *o)
{
	struct arena *arena = arena_new();
	struct fail f = {0};
	int status;

	s->filter = filter_new(PROGRAM, o->operands, o->operand_count);
	if (prepare_signing(s, o, arena, &f) < 0) {
		filter_raise(s->filter, program_die(PROGRAM, &f));
		status = filter_finish(s->filter);
	} else {
		status = filter_run(s->filter, "sign", sign_record, s);
	}
	sign_keys_free(&s->keys);
	arena_free(arena);
	return status;
}

void
sign_libraries(struct buf *b)
{
	crypto_library(b);
	utf8_library(b);
	addr_library(b);
}

int
sign_filter(int argc, char **argv)
{
	struct signing s = {0};
	struct option_spec specs[] = {
	    OPTION_TEXT("domain", 0, &s.domain, "D", "BM_DKIM_DOMAIN",
		"who signs (d=); From's domain when not given"),
	    OPTION_LIST("key", 0, &s.given, "SELECTOR=FILE",
		"sign with this key; else with BM_DKIM_KEYS"),
	    OPTION_DURATION("expire", 0, &s.expire, "TIME", "BM_DKIM_EXPIRE",
		"d", "how long signatures are valid (x=), 7d or more"),
	    OPTION_TEXT("profile", 0, &s.profile, "NAME", "BM_RELAY_PROFILE",
		"generic, or ses: leave Date and Message-ID unsigned"),
	    OPTION_FLAG("easy-dkim", 0, &s.easy,
		"Easy DKIM of Amazon SES signs: refuse to sign as well"),
	    OPTION_TEXT("rejects", 0, &s.rejects, "FILE", NULL,
		"write refused records to FILE"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .versions = sign_libraries,
	    .synopsis = "[--domain D] --key SELECTOR=FILE... [OPTION...] "
			"[FILE...]\n"
			"COMMAND --help",
	    .purpose = "Sign message records with DKIM.\n\n"
		       "Commands: keygen, dns, check, verify.",
	    .specs = specs,
	    .operands_max = -1};
	int status = program_options(&o, argc, argv);

	if (status != -1)
		return status;
	status = run_filter(&s, &o);
	options_free(&o);
	return status;
}
