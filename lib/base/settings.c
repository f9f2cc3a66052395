#include "base/settings.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/conf.h"
#include "base/file.h"
#include "base/file_trust.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/num.h"
#include "base/secret.h"
#include "base/settings_spec.h"

#define FILE_MAX (1024 * 1024) /* bytes in a settings file */

/* The suffix of a name says how the setting is given; secrets have all. */
enum form { FORM_VALUE, FORM_FILE, FORM_COMMAND, FORM_COUNT };

static const char *const suffixes[FORM_COUNT] = {"", "_FILE", "_COMMAND"};

struct setting {
	const struct settings_spec *spec;
	enum form form; /* of value */
	char *value;    /* NULL if unset */
	char *origin;   /* NULL if unset */
};

struct settings {
	size_t count;
	struct setting all[]; /* in the order of the table */
};

static bool
has_form(const struct setting *e, int form)
{
	return form == FORM_VALUE || e->spec->kind == SETTINGS_SECRET;
}

static struct setting *
find_setting(const struct settings *s, struct str name, enum form *form)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct setting *e = &s->all[i];
		size_t n = strlen(e->spec->name);

		if (!str_starts(name, e->spec->name))
			continue;
		for (int k = 0; k < FORM_COUNT; k++) {
			struct str rest = {name.p + n, name.n - n};

			if (has_form(e, k) && str_is(rest, suffixes[k])) {
				*form = (enum form)k;
				return (struct setting *)e;
			}
		}
	}
	return NULL;
}

/* A name in our own code that is not in the table is a bug. */
static struct setting *
get_setting(const struct settings *s, const char *name)
{
	enum form form;
	struct setting *e = find_setting(s, str_of(name), &form);

	assert(e != NULL);
	return e;
}

/* The last form of a secret wins; an empty value unsets its own form only. */
static void
set_value(
    struct setting *e, enum form form, struct str value, const char *origin)
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
refuse_name(const struct settings *s, struct str name, struct fail *f)
{
	struct near near = {.name = name};

	for (size_t i = 0; i < s->count; i++)
		near_offer(&near, str_of(s->all[i].spec->name));
	if (near.best.p == NULL)
		return fail_system(
		    f, "unknown setting %.*s", (int)name.n, name.p);
	return fail_system(f, "unknown setting %.*s; did you mean %s?",
	    (int)name.n, name.p, near.best.p);
}

struct settings_file {
	struct settings *settings;
	bool has_secret; /* in plain text */
};

static int
add_line(void *ctx, struct str name, struct str value, const char *origin,
    struct fail *f)
{
	struct settings_file *file = ctx;
	enum form form;
	struct setting *e = find_setting(file->settings, name, &form);

	if (e == NULL)
		return refuse_name(file->settings, name, f);
	set_value(e, form, value, origin);
	if (e->spec->kind == SETTINGS_SECRET && form == FORM_VALUE &&
	    value.n > 0)
		file->has_secret = true;
	return 0;
}

static int
read_settings_file(
    struct settings *s, const char *path, bool needed, struct fail *f)
{
	struct buf text = {0};
	struct settings_file file = {.settings = s};
	struct stat st = {0};
	int result;

	errno = 0;
	result = file_read(&text, path, FILE_MAX, &st, f);
	if (result < 0 && !needed && (errno == ENOENT || errno == ENOTDIR))
		result = 0;
	else if (result == 0)
		result = file_trust_settings(path, &st, f);
	if (result == 0 && text.p != NULL)
		result = conf_parse(buf_str(&text), path, add_line, &file, f);
	if (result == 0 && file.has_secret)
		result = file_trust_secret(path, &st, f);
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
	result = read_settings_file(s, buf_cstr(&path), false, f);
	buf_free(&path);
	return result;
}

static int
read_files(struct settings *s, const char *config, struct fail *f)
{
	if (config == NULL)
		config = getenv("BM_CONFIG");
	if (config != NULL && config[0] != '\0')
		return read_settings_file(s, config, true, f);
	if (read_settings_file(s, "/etc/bm/bm.conf", false, f) < 0)
		return -1;
	return read_user_file(s, f);
}

static void
read_environment(struct settings *s)
{
	struct buf name = {0};

	for (size_t i = 0; i < s->count; i++) {
		struct setting *e = &s->all[i];

		for (int k = FORM_COUNT - 1; k >= 0; k--) {
			const char *value;

			if (!has_form(e, k))
				continue;
			buf_reset(&name);
			buf_printf(&name, "%s%s", e->spec->name, suffixes[k]);
			value = getenv(buf_cstr(&name));
			if (value != NULL)
				set_value(e, (enum form)k, str_of(value),
				    "environment");
		}
	}
	buf_free(&name);
}

static struct settings *
make_unset(void)
{
	const struct settings_spec *specs = settings_spec_all();
	struct settings *s;
	size_t count = 0;

	while (specs[count].name != NULL)
		count++;
	s = mem_new(sizeof(*s) + count * sizeof(s->all[0]));
	s->count = count;
	for (size_t i = 0; i < count; i++)
		s->all[i].spec = &specs[i];
	return s;
}

int
settings_new(struct settings **out, const char *config, struct fail *f)
{
	struct settings *s = make_unset();

	if (read_files(s, config, f) < 0) {
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
	for (size_t i = 0; i < s->count; i++) {
		free(s->all[i].value);
		free(s->all[i].origin);
	}
	free(s);
}

const char *
settings_get(const struct settings *s, const char *name)
{
	const struct setting *e = get_setting(s, name);

	if (e->value != NULL && e->form == FORM_VALUE)
		return e->value;
	return e->spec->fallback;
}

static const char *
get_origin(const struct settings *s, const char *name)
{
	const struct setting *e = get_setting(s, name);

	return e->origin != NULL ? e->origin : "default";
}

int
settings_refuse(const struct settings *s, const char *name, struct fail *f)
{
	fail_prefix(f, "%s (%s)", name, get_origin(s, name));
	f->kind = FAIL_SYSTEM;
	return -1;
}

int
settings_bool(
    const struct settings *s, const char *name, bool *out, struct fail *f)
{
	if (num_bool(str_of(settings_get(s, name)), out, f) < 0)
		return settings_refuse(s, name, f);
	return 0;
}

int
settings_number(
    const struct settings *s, const char *name, long long *out, struct fail *f)
{
	const struct settings_spec *spec = settings_spec_find(name);
	struct str value = str_of(settings_get(s, name));

	if (num_parse(value, spec->min, spec->max, out, f) < 0)
		return settings_refuse(s, name, f);
	return 0;
}

int
settings_need(const struct settings *s, const char *name, const char **out,
    struct fail *f)
{
	*out = settings_get(s, name);
	if (*out != NULL)
		return 0;
	return fail_system(f, "%s is not set: %s (bm.conf(5))", name,
	    get_setting(s, name)->spec->help);
}

int
settings_need_on(const struct settings *s, const char *name, const char *what,
    struct fail *f)
{
	bool on;

	if (settings_bool(s, name, &on, f) < 0)
		return -1;
	if (on)
		return 0;
	return fail_system(f,
	    "%s is turned off by %s (%s); who may change that can turn it on",
	    what, name, get_origin(s, name));
}

int
settings_secret(
    const struct settings *s, const char *name, char **out, struct fail *f)
{
	const struct setting *e = get_setting(s, name);
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
	if (result < 0)
		fail_prefix(f, "%s%s (%s)", name, suffixes[e->form],
		    get_origin(s, name));
	else if (found)
		*out = mem_dup(b.p, b.len);
	buf_free(&b);
	return result;
}

bool
settings_is_external(const struct settings *s, const char *name)
{
	const struct setting *e = get_setting(s, name);

	return e->value != NULL && e->form != FORM_VALUE;
}

void
settings_override(struct settings *s, const char *name, const char *value)
{
	set_value(
	    get_setting(s, name), FORM_VALUE, str_of(value), "command line");
}

static void
print_setting(const struct settings *s, const struct setting *e, struct buf *b)
{
	const char *name = e->spec->name;
	const char *value = e->value != NULL ? e->value : e->spec->fallback;
	struct buf path = {0};

	if (value == NULL && e->spec->kind == SETTINGS_SECRET &&
	    secret_credential_path(&path, name))
		buf_printf(
		    b, "%s=********  # credential %s\n", name, buf_cstr(&path));
	else if (value == NULL)
		buf_printf(b, "#%s=  # not set\n", name);
	buf_free(&path);
	if (value == NULL)
		return;
	buf_printf(b, "%s%s=", name, suffixes[e->form]);
	if (e->spec->kind == SETTINGS_SECRET && e->form == FORM_VALUE)
		buf_adds(b, "********");
	else
		conf_put_value(b, value);
	buf_printf(b, "  # %s\n", get_origin(s, name));
}

void
settings_print(const struct settings *s, struct buf *b)
{
	for (size_t i = 0; i < s->count; i++)
		print_setting(s, &s->all[i], b);
}
