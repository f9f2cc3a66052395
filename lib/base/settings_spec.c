#include "base/settings_spec.h"

#include <stddef.h>
#include <string.h>

static const struct settings_spec specs[] = {
    {"EMAIL_HOST", SETTINGS_TEXT, NULL, "the relay's host name or address"},
    {"EMAIL_PORT", SETTINGS_NUMBER, "587", "the relay's port"},
    {"EMAIL_HOST_USER", SETTINGS_TEXT, NULL, "login name at the relay"},
    {"EMAIL_HOST_PASSWORD", SETTINGS_SECRET, NULL, "password at the relay"},
    {"EMAIL_HOST_TOKEN", SETTINGS_SECRET, NULL,
	"OAuth 2.0 access token, used in place of a password"},
    {"AUTH_MECHANISMS", SETTINGS_TEXT,
	"PLAIN LOGIN CRAM-MD5 XOAUTH2 OAUTHBEARER",
	"ways to log in, in the order in which they are tried"},
    {"EMAIL_USE_TLS", SETTINGS_BOOL, "true", "require STARTTLS"},
    {"EMAIL_USE_SSL", SETTINGS_BOOL, "false", "TLS from the first byte"},
    {"DEFAULT_BULK_FROM_EMAIL", SETTINGS_TEXT, NULL, "From of course mail"},
    {"EMAILS_PER_TASK", SETTINGS_NUMBER, "100", "records in a batch file"},
    {"ENABLE_INSTRUCTOR_EMAIL", SETTINGS_BOOL, "true",
	"whether course mail may be sent at all"},
    {"BULK_EMAIL_MAX_RETRIES", SETTINGS_NUMBER, "5",
	"attempts again after a temporary refusal"},
    {"BULK_EMAIL_DEFAULT_RETRY_DELAY", SETTINGS_NUMBER, "30",
	"seconds before the first attempt again"},
    {"BM_DB", SETTINGS_TEXT, NULL, "the database file"},
    {"BM_OPTOUT_URL", SETTINGS_TEXT, NULL, "address of the opt-out page"},
    {"BM_OPTOUT_MAILTO", SETTINGS_TEXT, NULL,
	"mail address that takes opt-outs"},
    {"BM_KEY_FILE", SETTINGS_TEXT, NULL, "keys that seal opt-out links"},
    {"BM_POSTAL_ADDRESS", SETTINGS_TEXT, NULL,
	"the sender's postal address, for the footer"},
    {"BM_PLATFORM_NAME", SETTINGS_TEXT, NULL,
	"the platform's name, for the footer"},
    {"BM_ENVELOPE_SENDER", SETTINGS_TEXT, NULL,
	"where delivery reports go; From's address when unset"},
    {"BM_EHLO_NAME", SETTINGS_TEXT, NULL,
	"our name in EHLO; the host's full name when unset"},
    {"BM_CA_FILE", SETTINGS_TEXT, NULL,
	"certificates to trust in place of the system's"},
    {"BM_RELAY_PROFILE", SETTINGS_TEXT, NULL,
	"which provider's replies to expect: generic or ses"},
    {"BM_SMTP_IGNORE", SETTINGS_TEXT, NULL,
	"extensions of the relay not to use, as in PIPELINING,SIZE"},
    {"BM_RELAY_TIMEOUT", SETTINGS_NUMBER, "600",
	"seconds that no wait for the relay may exceed"},
    {"BM_PLAINTEXT", SETTINGS_BOOL, "no",
	"allow EMAIL_USE_TLS=false towards other hosts"},
    {"BM_DKIM_DOMAIN", SETTINGS_TEXT, NULL,
	"d= of signatures; From's domain when unset"},
    {"BM_DKIM_KEYS", SETTINGS_TEXT, NULL,
	"keys that sign, SELECTOR=FILE with spaces between"},
    {"BM_DKIM_EXPIRE", SETTINGS_TEXT, NULL,
	"how long signatures are valid; without end when unset"},
    {"BM_DKIM_EASY", SETTINGS_BOOL, "no",
	"whether Easy DKIM of Amazon SES signs, so that bm-sign must not"},
    {"BM_ALLOW_RESERVED", SETTINGS_BOOL, "no",
	"accept recipients at .example, .test, .invalid and localhost"},
    {NULL, SETTINGS_TEXT, NULL, NULL},
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
