#include "base/settings_spec.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

/* What manual_values.py and bm.conf(5) tell of each: unit, bounds, default. */
#define TEXT(name, fallback, help)                              \
	{                                                       \
		name, SETTINGS_TEXT, fallback, help, NULL, 0, 0 \
	}
#define TIME(name, fallback, help)                                \
	{                                                         \
		name, SETTINGS_TEXT, fallback, help, "time", 0, 0 \
	}
#define BOOL(name, fallback, help)                              \
	{                                                       \
		name, SETTINGS_BOOL, fallback, help, NULL, 0, 0 \
	}
#define SECRET(name, help)                                    \
	{                                                     \
		name, SETTINGS_SECRET, NULL, help, NULL, 0, 0 \
	}
#define NUMBER(name, fallback, unit, min, max, help)                  \
	{                                                             \
		name, SETTINGS_NUMBER, fallback, help, unit, min, max \
	}

static const struct settings_spec specs[] = {
    TEXT("EMAIL_HOST", NULL, "the relay's host name or address"),
    NUMBER("EMAIL_PORT", "587", NULL, 1, 65535, "the relay's port"),
    TEXT("EMAIL_HOST_USER", NULL, "login name at the relay"),
    SECRET("EMAIL_HOST_PASSWORD", "password at the relay"),
    SECRET("EMAIL_HOST_TOKEN",
	"OAuth 2.0 access token, used in place of a password"),
    TEXT("AUTH_MECHANISMS", "PLAIN LOGIN CRAM-MD5 XOAUTH2 OAUTHBEARER",
	"ways to log in, in the order in which they are tried"),
    BOOL("EMAIL_USE_TLS", "true", "require STARTTLS"),
    BOOL("EMAIL_USE_SSL", "false", "TLS from the first byte"),
    TEXT("DEFAULT_BULK_FROM_EMAIL", NULL, "From of course mail"),
    NUMBER(
	"EMAILS_PER_TASK", "100", NULL, 1, INT_MAX, "records in a batch file"),
    BOOL("ENABLE_INSTRUCTOR_EMAIL", "true",
	"whether course mail may be sent at all"),
    NUMBER("BULK_EMAIL_MAX_RETRIES", "5", NULL, 0, 1000,
	"failures in a row that a run survives"),
    NUMBER("BULK_EMAIL_DEFAULT_RETRY_DELAY", "30", "seconds", 0, 86400,
	"seconds before the first attempt again"),
    TEXT("BM_DB", NULL, "the database file"),
    TEXT("BM_OPTOUT_URL", NULL, "address of the opt-out page"),
    TEXT("BM_OPTOUT_MAILTO", NULL, "mail address that takes opt-outs"),
    TEXT("BM_OPTOUT_DROP", NULL,
	"folder that opt-outs are written to, in place of the database"),
    TEXT("BM_KEY_FILE", NULL, "keys that seal opt-out links"),
    TEXT("BM_POSTAL_ADDRESS", NULL,
	"the sender's postal address, for the footer"),
    TEXT("BM_PLATFORM_NAME", NULL, "the platform's name, for the footer"),
    TEXT("BM_ENVELOPE_SENDER", NULL,
	"where delivery reports go; From's address when unset"),
    TEXT("BM_VERP", NULL,
	"envelope sender of each recipient, %s for its token; before "
	"BM_ENVELOPE_SENDER"),
    TEXT("BM_VERP_KEY_FILE", NULL, "keys that prove the tokens of BM_VERP"),
    TEXT("BM_EHLO_NAME", NULL,
	"our name in EHLO; the host's full name when unset"),
    TEXT("BM_CA_FILE", NULL, "certificates to trust in place of the system's"),
    TEXT("BM_RELAY_PROFILE", NULL,
	"which provider's replies to expect: generic or ses"),
    TEXT("BM_SMTP_IGNORE", NULL,
	"extensions of the relay not to use, as in PIPELINING,SIZE"),
    NUMBER("BM_RELAY_TIMEOUT", "600", "seconds", 1, 86400,
	"seconds that no wait for the relay may exceed"),
    BOOL("BM_PLAINTEXT", "no", "allow EMAIL_USE_TLS=false towards other hosts"),
    TEXT("BM_DKIM_DOMAIN", NULL, "d= of signatures; From's domain when unset"),
    TEXT("BM_DKIM_KEYS", NULL,
	"keys that sign, SELECTOR=FILE with spaces between"),
    TIME("BM_DKIM_EXPIRE", NULL,
	"how long signatures are valid; without end when unset"),
    BOOL("BM_DKIM_EASY", "no",
	"whether Easy DKIM of Amazon SES signs, so that bm-sign must not"),
    BOOL("BM_REQUIRE_APPROVAL", "no",
	"whether bm-send sends only what bm-batch --approve has approved"),
    BOOL("BM_ALLOW_RESERVED", "no",
	"accept recipients at .example, .test, .invalid and localhost"),
    TEXT(NULL, NULL, NULL),
};

const struct settings_spec *
settings_spec_all(void)
{
	return specs;
}

const struct settings_spec *
settings_spec_find(const char *name)
{
	const struct settings_spec *spec = specs;

	while (strcmp(spec->name, name) != 0)
		spec++;
	return spec;
}
