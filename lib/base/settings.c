#include "base/settings.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/conf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/num.h"
#include "base/secret.h"

#define FILE_LIMIT (1024 * 1024) /* bytes in a settings file */

static const struct settings_spec specs[] = {
    {"EMAIL_HOST", SETTINGS_TEXT, NULL, "the relay's host name or address"},
    {"EMAIL_PORT", SETTINGS_NUMBER, "587", "the relay's port"},
    {"EMAIL_HOST_USER", SETTINGS_TEXT, NULL, "login name at the relay"},
    {"EMAIL_HOST_PASSWORD", SETTINGS_SECRET, NULL, "password at the relay"},
    {"EMAIL_HOST_TOKEN", SETTINGS_SECRET, NULL,
	"OAuth 2.0 access token, used in place of a password"},
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
    {"BM_RELAY_TIMEOUT", SETTINGS_NUMBER, "600",
	"seconds that no wait for the relay may exceed"},
    {"BM_PLAINTEXT", SETTINGS_BOOL, "no",
	"allow EMAIL_USE_TLS=false towards other hosts"},
    {"BM_ALLOW_RESERVED", SETTINGS_BOOL, "no",
	"accept recipients at .example, .test, .invalid and localhost"},
    {NULL, SETTINGS_TEXT, NULL, NULL},
};

/* The forms in which one setting can be given; the last two for secrets. */
enum form { FORM_VALUE, FORM_FILE, FORM_COMMAND, FORMS };

static const char *const suffixes[FORMS] = {"", "_FILE", "_COMMAND"};

struct setting_entry {
	const struct settings_spec *spec;
	enum form form; /* of value; FORM_VALUE unless it is a secret */
	char *value;    /* NULL when unset */
	char *origin;
};

struct settings {
	struct setting_entry entries[sizeof(specs) / sizeof(specs[0]) - 1];
};

#define COUNT \
	(sizeof(((struct settings *)0)->entries) / sizeof(struct setting_entry))

const struct settings_spec *
settings_specs(void)
{
	return specs;
}

static struct setting_entry *
find(const struct settings *s, struct str name, enum form *form)
{
	for (size_t i = 0; i < COUNT; i++) {
		const char *known = specs[i].name;
		int forms = specs[i].kind == SETTINGS_SECRET ? FORMS : 1;

		if (!str_starts(name, known))
			continue;
		for (int k = 0; k < forms; k++) {
			size_t n = strlen(known);
			struct str rest = {name.p + n, name.n - n};

			if (str_is(rest, suffixes[k])) {
				*form = (enum form)k;
				return (struct setting_entry *)&s->entries[i];
			}
		}
	}
	return NULL;
}

/* A name in our own code that is in no table is a mistake of ours. */
static struct setting_entry *
known(const struct settings *s, const char *name)
{
	enum form form;
	struct setting_entry *e = find(s, str_of(name), &form);

	assert(e != NULL);
	return e;
}

/* Of the forms of a secret the last one given counts; empty unsets it. */
static void
put(struct setting_entry *e, enum form form, struct str value,
    const char *origin)
{
	if (value.n == 0 && e->form != form)
		return;
	free(e->value);
	free(e->origin);
	e->form = form;
	e->value = value.n > 0 ? mem_dup(value.p, value.n) : NULL;
	e->origin = value.n > 0 ? mem_dup(origin, strlen(origin)) : NULL;
}

static int
unknown(struct str name, struct fail *f)
{
	struct near near = {.name = name};

	for (size_t i = 0; i < COUNT; i++)
		near_offer(&near, str_of(specs[i].name));
	if (near.best.p == NULL)
		return fail_system(
		    f, "unknown setting %.*s", (int)name.n, name.p);
	return fail_system(f, "unknown setting %.*s; did you mean %s?",
	    (int)name.n, name.p, near.best.p);
}

/* A settings file that is being read. */
struct setting_source {
	struct settings *settings;
	bool secret; /* it gives a secret away */
};

static int
take(void *ctx, struct str name, struct str value, const char *origin,
    struct fail *f)
{
	struct setting_source *source = ctx;
	enum form form;
	struct setting_entry *e = find(source->settings, name, &form);

	if (e == NULL)
		return unknown(name, f);
	put(e, form, value, origin);
	if (e->spec->kind == SETTINGS_SECRET && form == FORM_VALUE &&
	    value.n > 0)
		source->secret = true;
	return 0;
}

static int
read_file(struct settings *s, const char *path, bool needed, struct fail *f)
{
	struct buf text = {0};
	struct setting_source source = {.settings = s};
	struct stat st = {0};
	int result;

	errno = 0;
	result = file_read(&text, path, FILE_LIMIT, &st, f);
	if (result == -1 && !needed && (errno == ENOENT || errno == ENOTDIR))
		result = 0;
	else if (result == 0)
		result = conf_parse(buf_str(&text), path, take, &source, f);
	if (result == 0 && source.secret && !file_is_private(&st))
		result = fail_system(f,
		    "%s: holds a secret, but others may read it or its group "
		    "may write it (chmod o=,g-w)",
		    path);
	buf_free(&text);
	return result;
}

static int
read_user_file(struct settings *s, struct fail *f)
{
	const char *dir = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	struct buf path = {0};
	int result;

	if (dir != NULL && dir[0] == '/')
		buf_printf(&path, "%s/bm/bm.conf", dir);
	else if (home != NULL && home[0] == '/')
		buf_printf(&path, "%s/.config/bm/bm.conf", home);
	else
		return 0;
	result = read_file(s, buf_cstr(&path), false, f);
	buf_free(&path);
	return result;
}

static int
read_files(struct settings *s, const char *config, struct fail *f)
{
	if (config == NULL)
		config = getenv("BM_CONFIG");
	if (config != NULL && config[0] != '\0')
		return read_file(s, config, true, f);
	if (read_file(s, "/etc/bm/bm.conf", false, f) == -1)
		return -1;
	return read_user_file(s, f);
}

static void
read_environment(struct settings *s)
{
	struct buf name = {0};

	for (size_t i = 0; i < COUNT; i++) {
		int forms = specs[i].kind == SETTINGS_SECRET ? FORMS : 1;

		for (int k = forms - 1; k >= 0; k--) {
			const char *value;

			buf_reset(&name);
			buf_printf(&name, "%s%s", specs[i].name, suffixes[k]);
			value = getenv(buf_cstr(&name));
			if (value != NULL)
				put(&s->entries[i], (enum form)k, str_of(value),
				    "environment");
		}
	}
	buf_free(&name);
}

int
settings_new(struct settings **out, const char *config, struct fail *f)
{
	struct settings *s = mem_new(sizeof(*s));

	for (size_t i = 0; i < COUNT; i++)
		s->entries[i].spec = &specs[i];
	if (read_files(s, config, f) == -1) {
		settings_free(s);
		return -1;
	}
	read_environment(s);
	*out = s;
	return 0;
}

void
settings_free(struct settings *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < COUNT; i++) {
		free(s->entries[i].value);
		free(s->entries[i].origin);
	}
	free(s);
}

const char *
settings_get(const struct settings *s, const char *name)
{
	const struct setting_entry *e = known(s, name);

	if (e->value != NULL && e->form == FORM_VALUE)
		return e->value;
	return e->spec->fallback;
}

bool
settings_is_set(const struct settings *s, const char *name)
{
	return known(s, name)->value != NULL;
}

const char *
settings_origin(const struct settings *s, const char *name)
{
	const struct setting_entry *e = known(s, name);

	return e->origin != NULL ? e->origin : "default";
}

int
settings_bool(
    const struct settings *s, const char *name, bool *out, struct fail *f)
{
	if (num_bool(str_of(settings_get(s, name)), out, f) == 0)
		return 0;
	fail_prefix(f, "%s (%s)", name, settings_origin(s, name));
	f->kind = FAIL_SYSTEM;
	return -1;
}

int
settings_number(const struct settings *s, const char *name, long long min,
    long long max, long long *out, struct fail *f)
{
	struct str value = str_of(settings_get(s, name));

	if (num_parse(value, min, max, out, f) == 0)
		return 0;
	fail_prefix(f, "%s (%s)", name, settings_origin(s, name));
	f->kind = FAIL_SYSTEM;
	return -1;
}

int
settings_need(const struct settings *s, const char *name, const char **out,
    struct fail *f)
{
	*out = settings_get(s, name);
	if (*out != NULL)
		return 0;
	return fail_system(f, "%s is not set: %s (bm.conf(5))", name,
	    known(s, name)->spec->help);
}

int
settings_secret(
    const struct settings *s, const char *name, char **out, struct fail *f)
{
	const struct setting_entry *e = known(s, name);
	bool found = true;
	struct buf b = {0};
	int result = 0;

	*out = NULL;
	if (e->value == NULL)
		result = secret_credential(&b, name, &found, f);
	else if (e->form == FORM_FILE)
		result = secret_file(&b, e->value, f);
	else if (e->form == FORM_COMMAND)
		result = secret_command(&b, e->value, f);
	else
		buf_adds(&b, e->value);
	if (result == -1)
		fail_prefix(f, "%s%s (%s)", name, suffixes[e->form],
		    settings_origin(s, name));
	else if (found)
		*out = mem_dup(b.p, b.len);
	buf_free(&b);
	return result;
}

void
settings_override(struct settings *s, const char *name, const char *value)
{
	put(known(s, name), FORM_VALUE, str_of(value), "command line");
}

void
settings_print(const struct settings *s, struct buf *b)
{
	for (size_t i = 0; i < COUNT; i++) {
		const struct setting_entry *e = &s->entries[i];
		const char *value = e->value;

		if (value == NULL)
			value = e->spec->fallback;
		if (value == NULL) {
			buf_printf(b, "#%s=  # not set\n", e->spec->name);
			continue;
		}
		buf_printf(b, "%s%s=", e->spec->name, suffixes[e->form]);
		if (e->spec->kind == SETTINGS_SECRET && e->form == FORM_VALUE)
			buf_adds(b, "********");
		else
			conf_put_value(b, value);
		buf_printf(b, "  # %s\n", settings_origin(s, e->spec->name));
	}
}
