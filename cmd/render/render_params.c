#include "render/render_params.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/num.h"
#include "base/program.h"
#include "base/settings.h"
#include "mail/mime/addr.h"
#include "mail/record/record.h"
#include "port/mailing/text_file.h"

#define KEY_FILE_MAX 65536 /* bytes */

int64_t
render_params_now(const struct render *r)
{
	return r->date >= 0 ? r->date : clock_wall_ms();
}

static struct str
str_or_absent(const char *s)
{
	return str_of(s != NULL && *s != '\0' ? s : NULL);
}

/* The index of a word in a list that ends with NULL. */
static int
find_choice(const char *word, const char *const *words, const char *option,
    int *index, struct fail *f)
{
	for (*index = 0; words[*index] != NULL; ++*index) {
		if (strcmp(words[*index], word) == 0)
			return 0;
	}
	return fail_system(f, "--%s %s: no such choice", option, word);
}

static int
read_keys(struct render *r, struct fail *f)
{
	struct buf b = {0};
	int rc;

	if (r->key_file == NULL)
		return 0;
	rc = file_read_secret(&b, r->key_file, KEY_FILE_MAX, f);
	if (rc == 0)
		rc = token_keys_parse(&r->keys, buf_str(&b), r->arena, f);
	if (rc == 0)
		r->params.keys = &r->keys;
	buf_free(&b);
	return rc;
}

/* A token is of the first key. */
static int
read_verp(struct render *r, const struct settings *settings, struct fail *f)
{
	struct compose_params *p = &r->params;
	const char *path;
	struct buf b = {0};
	struct addr sender;
	int rc;

	if (r->verp == NULL || r->verp[0] == '\0')
		return 0;
	if (verp_parse(&r->verp_form, r->verp, f) < 0)
		return fail_prefix(f, "BM_VERP");
	path = settings_get(settings, "BM_VERP_KEY_FILE");
	if (path == NULL || path[0] == '\0')
		return fail_system(f, "BM_VERP needs BM_VERP_KEY_FILE "
				      "(bm-optout keygen --verp makes it)");
	verp_address(&b, &r->verp_form, (const unsigned char[VERP_KEY]){0},
	    str_of(r->id), STR("x"));
	if (addr_parse(&sender, buf_str(&b), ADDR_RESERVED, r->arena, f) < 0) {
		buf_free(&b);
		return fail_system(f, "BM_VERP gives no address: %s", f->text);
	}
	buf_reset(&b);
	rc = file_read_secret(&b, path, KEY_FILE_MAX, f);
	if (rc == 0)
		rc = token_keys_parse(&r->verp_keys, buf_str(&b), r->arena, f);
	if (rc == 0)
		p->verp_secret = r->verp_keys.keys[0].bytes;
	p->verp = &r->verp_form;
	buf_free(&b);
	return rc;
}

static int
read_date(struct render *r, struct fail *f)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	long long seconds;

	r->date = -1;
	if (epoch == NULL || *epoch == '\0')
		return 0;
	if (num_parse(str_of(epoch), 0, 253402300799, &seconds, f) < 0)
		return fail_system(f, "SOURCE_DATE_EPOCH: %s", f->text);
	r->date = seconds * 1000;
	return 0;
}

static int
read_expires(struct render *r, struct fail *f)
{
	if (r->expires == NULL)
		return 0;
	if (num_parse_time(str_of(r->expires), &r->params.expires, f) < 0)
		return fail_system(f, "--expires: %s", f->text);
	/* The pipeline that is run again late has to come to its end. */
	if (r->params.expires <= render_params_now(r))
		program_note(PROGRAM,
		    "--expires: %s is past: bm-send skips every message",
		    r->expires);
	return 0;
}

/* Split each --header at its colon into name and template. */
static int
read_headers(struct render *r, struct fail *f)
{
	struct compose_header *list =
	    arena_alloc(r->arena, (r->headers.count + 1) * sizeof(*list));
	size_t i;

	for (i = 0; i < r->headers.count; i++) {
		const char *s = r->headers.items[i], *colon = strchr(s, ':');

		if (colon == NULL)
			return fail_system(
			    f, "--header %s: not \"Name: value\"", s);
		list[i].name = arena_dup(r->arena, s, (size_t)(colon - s));
		colon += 1 + strspn(colon + 1, " \t");
		list[i].value = str_of(colon);
		if (text_file_check_line(list[i].value, list[i].name, f) < 0)
			return -1;
	}
	r->params.headers = list;
	r->params.header_count = r->headers.count;
	return 0;
}

static int
read_fields(struct render *r, const struct option_list *given,
    const char *option, const struct str **out, struct fail *f)
{
	struct str *list =
	    arena_alloc(r->arena, (given->count + 1) * sizeof(*list));

	for (size_t i = 0; i < given->count; i++) {
		list[i] = str_of(given->items[i]);
		if (text_file_check(list[i], option, f) < 0)
			return -1;
	}
	*out = list;
	return 0;
}

static int
read_sets(struct render *r, struct fail *f)
{
	r->params.set_count = r->sets.count;
	r->params.default_count = r->defaults.count;
	if (read_fields(r, &r->sets, "--set", &r->params.sets, f) < 0)
		return -1;
	return read_fields(
	    r, &r->defaults, "--default", &r->params.defaults, f);
}

static int
read_choices(struct render *r, struct fail *f)
{
	static const char *const parts[] = {
	    "record", "message", "headers", "html", "text", NULL};
	static const enum compose_part values[] = {COMPOSE_MESSAGE,
	    COMPOSE_MESSAGE, COMPOSE_HEADERS, COMPOSE_HTML, COMPOSE_TEXT};
	static const char *const missing[] = {"error", "empty", NULL};
	static const char *const links[] = {"inline", "foot", "none", NULL};
	int part = 0, miss = 0, link = 0;

	if (find_choice(r->part, parts, "part", &part, f) < 0 ||
	    find_choice(r->missing, missing, "missing", &miss, f) < 0 ||
	    find_choice(r->links, links, "text-links", &link, f) < 0)
		return -1;
	r->params.part = values[part];
	r->params.rules.missing =
	    miss == 0 ? TEMPLATE_MISSING_ERROR : TEMPLATE_MISSING_EMPTY;
	r->params.convert.width = (int)r->width;
	r->params.convert.links = (enum text_links)link;
	return 0;
}

int
render_params_fill(struct render *r, struct options *o, struct fail *f)
{
	struct compose_params *p = &r->params;
	bool reserved;

	if (settings_bool(o->settings, "BM_ALLOW_RESERVED", &reserved, f) < 0 ||
	    read_choices(r, f) < 0 || read_headers(r, f) < 0 ||
	    read_sets(r, f) < 0 || read_keys(r, f) < 0 ||
	    read_verp(r, o->settings, f) < 0 || read_date(r, f) < 0 ||
	    read_expires(r, f) < 0)
		return -1;
	p->policy = reserved ? ADDR_RESERVED : ADDR_STRICT;
	p->email_id = str_of(r->id);
	p->course_id = str_or_absent(r->course);
	p->subject = str_of(r->subject);
	p->base_url = str_or_absent(r->base_url);
	p->why = str_or_absent(r->why);
	p->from = str_or_absent(r->from);
	p->from_address = str_or_absent(r->default_from);
	p->reply_to = str_or_absent(r->reply_to);
	p->sender = str_or_absent(r->sender);
	p->envelope_sender = str_or_absent(r->envelope_sender);
	p->optout = !r->no_optout;
	p->lenient = r->lint || r->preview != NULL;
	/* A click on a page for the staff must stop no learner's mail. */
	p->test = p->test || r->preview != NULL;
	p->optout_url = str_or_absent(r->optout_url);
	p->optout_mailto = str_or_absent(r->optout_mailto);
	p->platform_name = str_or_absent(r->platform_name);
	p->postal_address = str_or_absent(r->postal_address);
	if (record_check_email_id(p->email_id, f) < 0 ||
	    (p->course_id.p != NULL &&
		record_check_course_id(p->course_id, f) < 0))
		return fail_system(f, "%s", f->text);
	if (p->base_url.p != NULL && !str_starts(p->base_url, "https://") &&
	    !str_starts(p->base_url, "http://"))
		return fail_system(
		    f, "--base-url %s: not https:// or http://", r->base_url);
	if (p->why.p != NULL && text_file_check_line(p->why, "--why", f) < 0)
		return -1;
	return text_file_check_line(p->subject, "--subject", f);
}
