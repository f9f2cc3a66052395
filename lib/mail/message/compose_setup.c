#include "mail/message/compose_setup.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_get.h"
#include "base/json_put.h"
#include "mail/message/compose_templates.h"
#include "mail/mime/header_field.h"
#include "mail/mime/message_header.h"
#include "mail/mime/sender.h"
#include "mail/optout/optout_link.h"

static int
compare_sets(const void *a, const void *b)
{
	return str_order(*(const struct str *)a, *(const struct str *)b);
}

/* Options that give fields, NAME=VALUE. */
struct giving {
	const char *option;
	const struct str *items;
	size_t count;
	struct json_object *fields;
	struct str **sorted;
};

static int
add_field(
    struct compose *c, const struct giving *g, struct str item, struct fail *f)
{
	const char *eq = memchr(item.p, '=', item.n);
	struct json_member *m = &g->fields->members[g->fields->count];
	struct buf quoted = {0};
	const char *name;

	if (eq == NULL || eq == item.p)
		return fail_system(f, "%s %.*s: not NAME=VALUE", g->option,
		    (int)item.n, item.p);
	name = arena_dup(c->arena, item.p, (size_t)(eq - item.p));
	if (fields_is_own(name))
		return fail_system(f, "%s %s: no field of that name can be set",
		    g->option, name);
	if (json_get(g->fields, name) != NULL)
		return fail_system(f, "%s %s: given twice", g->option, name);
	json_put_string(
	    &quoted, (struct str){eq + 1, item.n - (size_t)(eq + 1 - item.p)});
	m->name = str_of(name);
	m->value.type = JSON_STRING;
	m->value.raw = arena_str(c->arena, buf_str(&quoted));
	g->fields->count++;
	buf_free(&quoted);
	return 0;
}

static int
parse_fields(struct compose *c, const struct giving *g, struct fail *f)
{
	size_t n = g->count;
	struct str *sorted = arena_alloc(c->arena, (n + 1) * sizeof(*sorted));

	*g->sorted = sorted;
	g->fields->members =
	    arena_alloc(c->arena, (n + 1) * sizeof(*g->fields->members));
	for (size_t i = 0; i < n; i++) {
		sorted[i] = g->items[i];
		if (add_field(c, g, g->items[i], f) < 0)
			return -1;
	}
	qsort(sorted, n, sizeof(*sorted), compare_sets);
	return 0;
}

/* A default that could never be seen is a mistake. */
static int
check_defaults(const struct compose *c, struct fail *f)
{
	for (size_t i = 0; i < c->defaults.count; i++) {
		struct str name = c->defaults.members[i].name;
		struct str value = c->defaults.members[i].value.raw;

		if (memchr(name.p, '.', name.n) != NULL)
			return fail_system(f,
			    "--default %s: a field within another has no "
			    "default; a section may guard it",
			    name.p);
		if (json_get(&c->set, name.p) != NULL)
			return fail_system(f,
			    "--default %s: --set gives every record a value",
			    name.p);
		if (value.n == 2)
			return fail_system(f,
			    "--default %s: an empty text is no value; "
			    "--missing empty leaves fields out",
			    name.p);
	}
	return 0;
}

static int
parse_sets(struct compose *c, struct fail *f)
{
	const struct compose_params *p = &c->params;
	const struct giving set = {
	    "--set", p->sets, p->set_count, &c->set, &c->sorted_sets};
	const struct giving defaults = {"--default", p->defaults,
	    p->default_count, &c->defaults, &c->sorted_defaults};

	if (parse_fields(c, &set, f) < 0 || parse_fields(c, &defaults, f) < 0)
		return -1;
	return check_defaults(c, f);
}

/* A mailbox for the header. */
static int
parse_own_mailbox(struct compose *c, struct addr *addr, struct str *name,
    struct str text, const char *what, struct fail *f)
{
	struct buf clean = {0};
	int rc;

	if (addr_parse_mailbox(
		addr, name, text, c->params.policy, c->arena, f) < 0)
		return fail_system(f, "%s: %s", what, f->text);
	rc = header_field_clean(&clean, "display name", *name, f);
	if (rc < 0)
		rc = fail_system(f, "%s: %s", what, f->text);
	else if (name->p != NULL)
		*name = arena_str(c->arena, buf_str(&clean));
	buf_free(&clean);
	return rc;
}

static int
parse_from(struct compose *c, struct fail *f)
{
	const struct compose_params *p = &c->params;
	bool given = p->from.p != NULL;
	struct str name;

	if (!given && p->from_address.p == NULL)
		return fail_system(f,
		    "DEFAULT_BULK_FROM_EMAIL is not set, and no --from given");
	if (parse_own_mailbox(c, &c->from, &name,
		given ? p->from : p->from_address,
		given ? "--from" : "DEFAULT_BULK_FROM_EMAIL", f) < 0)
		return -1;
	if (given || name.n > 0)
		c->from_name = name.p != NULL ? name : STR("");
	if (sender_is_foreign(c->from.domain))
		return fail_system(f,
		    "From %.*s: its owner lets nobody else send in its name",
		    (int)c->from.wire.n, c->from.wire.p);
	c->constants.from_address = c->from.wire;
	return 0;
}

static int
add_fixed_mailbox(struct compose *c, const char *field, struct str text,
    const char *what, struct fail *f)
{
	struct addr addr;
	struct str name;

	if (text.p == NULL)
		return 0;
	if (parse_own_mailbox(c, &addr, &name, text, what, f) < 0)
		return -1;
	/* A Sender that repeats From is left out (RFC 5322 3.6.2). */
	if (strcmp(field, "Sender") != 0 || !str_eq(addr.wire, c->from.wire))
		header_field_mailbox(&c->fixed, field, name, addr.wire);
	return 0;
}

static int
parse_headers(struct compose *c, struct fail *f)
{
	const struct compose_params *p = &c->params;
	size_t i, k;

	if (add_fixed_mailbox(c, "Sender", p->sender, "--sender", f) < 0 ||
	    add_fixed_mailbox(c, "Reply-To", p->reply_to, "--reply-to", f) < 0)
		return -1;
	buf_adds(&c->fixed, "Auto-Submitted: auto-generated\r\n"
			    "Precedence: bulk\r\n");
	c->headers = arena_alloc(
	    c->arena, (p->header_count + 1) * sizeof(struct template *));
	for (i = 0; i < p->header_count; i++) {
		const struct compose_header *h = &p->headers[i];

		if (message_header_check_name(h->name, f) < 0)
			return -1;
		for (k = 0; k < i; k++) {
			if (str_is_nocase(str_of(h->name), p->headers[k].name))
				return fail_system(
				    f, "the header %s is given twice", h->name);
		}
		if (compose_templates_parse_text(
			c, &c->headers[i], h->value, h->name, f) < 0)
			return -1;
	}
	return 0;
}

static int
check_in_both(const struct compose *c, const char *field, const char *what,
    struct fail *f)
{
	const char *part = !template_uses(c->html, field)         ? "HTML"
			   : !text_part_uses(c->text_part, field) ? "text"
								  : NULL;

	if (part == NULL || c->params.lenient)
		return 0;
	return fail_system(f, "the %s part lacks %s: {{%s}} must stand in it",
	    part, what, field);
}

/* By law both parts name the postal address and a way to opt out. */
static int
check_footer(const struct compose *c, struct fail *f)
{
	const struct compose_params *p = &c->params;

	if (p->postal_address.p == NULL)
		return fail_system(f,
		    "BM_POSTAL_ADDRESS is not set: every message must carry "
		    "a postal address");
	if (check_in_both(c, "postal_address", "the postal address", f) < 0)
		return -1;
	if (!p->optout)
		return 0;
	if (p->optout_url.p == NULL)
		return fail_system(f,
		    "BM_OPTOUT_URL is not set: every message must carry an "
		    "opt-out link");
	if (p->keys == NULL)
		return fail_system(
		    f, "BM_KEY_FILE is not set: opt-out links need a key");
	return check_in_both(c, "optout_url", "the opt-out link", f);
}

/* It becomes a URI, which has no room for a display name. */
static int
check_mailto(struct compose *c, struct fail *f)
{
	const struct str text = c->params.optout_mailto;
	struct addr addr;
	struct str name = {0};

	if (text.p == NULL)
		return 0;
	if (parse_own_mailbox(c, &addr, &name, text, "BM_OPTOUT_MAILTO", f) < 0)
		return -1;
	if (name.p != NULL || memchr(text.p, '<', text.n) != NULL)
		return fail_system(
		    f, "BM_OPTOUT_MAILTO: not an address alone, as in a@b.org");
	if (addr.needs_smtputf8)
		return fail_system(
		    f, "BM_OPTOUT_MAILTO: the local part must be ASCII");
	c->params.optout_mailto = addr.wire;
	return 0;
}

static int
check_message(struct compose *c, struct fail *f)
{
	if (parse_from(c, f) < 0 || parse_headers(c, f) < 0 ||
	    check_mailto(c, f) < 0)
		return -1;
	return check_footer(c, f);
}

int
compose_setup(struct compose *c, struct fail *f)
{
	const struct compose_params *p = &c->params;

	c->constants.email_id = p->email_id;
	c->constants.platform_name = p->platform_name;
	c->constants.postal_address = p->postal_address;
	c->constants.set = &c->set;
	c->constants.defaults = &c->defaults;
	c->constants.why = p->why;
	if (p->optout_url.p != NULL && optout_link_check(p->optout_url, f) < 0)
		return -1;
	if (parse_sets(c, f) < 0 || compose_templates_parse(c, f) < 0)
		return -1;
	if (p->part != COMPOSE_HTML && p->part != COMPOSE_TEXT)
		return check_message(c, f);
	/* A body alone needs no sender, but may show the address of one. */
	return p->from.p != NULL || p->from_address.p != NULL ? parse_from(c, f)
							      : 0;
}
