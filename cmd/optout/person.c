#include "optout/person.h"

#include <string.h>

#include "base/buf.h"
#include "base/program.h"
#include "base/utf8.h"
#include "port/roster/roster.h"
#include "port/roster/roster_lookup.h"

#define USER "user:"
#define EMAIL "email:"
#define SEARCHES_MAX 5 /* of the whole roster, in one run */

static const char SQL_NAMES[] =
    "SELECT username FROM users WHERE username IS NOT NULL";

static int
find_named(
    struct subcommand *s, struct str name, struct person *who, struct fail *f)
{
	long long count;

	if (utf8_valid(name.p, name.n) != name.n)
		return fail_data(f, USER "NAME is not valid UTF-8");
	if (roster_lookup_name(
		s->db, name, &count, &who->user_id, s->arena, f) < 0)
		return -1;
	if (count == 0) {
		roster_unknown(s->db, "user", (struct near){.name = name},
		    SQL_NAMES, (struct str){0}, f);
		if (f->kind == FAIL_SYSTEM)
			f->kind = FAIL_DATA; /* of this operand only */
		return -1;
	}
	if (count > 1)
		return fail_data(f,
		    "%lld users have the name \"%.*s\"; give the address, and "
		    "--user-id",
		    count, (int)name.n, name.p);
	who->known = true;
	return roster_lookup_key(s->db, who->user_id, &who->key, s->arena, f);
}

static int
parse_operand(
    struct subcommand *s, const char *text, struct person *who, struct fail *f)
{
	struct addr addr;

	if (addr_parse(&addr, str_of(text), ADDR_RESERVED, s->arena, f) < 0) {
		fail_prefix(f, "%s", text);
		if (strchr(text, '@') == NULL)
			fail_data(f, "%s (" USER "NAME names a user)", f->text);
		return -1;
	}
	who->key = addr.key;
	return 0;
}

static int
find_owner(struct subcommand *s, struct person *who, struct fail *f)
{
	struct str id, key;
	long long count;

	if (roster_lookup_users(s->db, who->key, &count, &id, s->arena, f) < 0)
		return -1;
	who->known = count > 0;
	if (who->user_id.p == NULL) {
		if (count == 1)
			who->user_id = id;
		else
			who->sharing = count;
		return 0;
	}
	if (count == 1 && who->user_id.n > 0 && !str_eq(id, who->user_id))
		who->owner = id;
	if (roster_lookup_key(s->db, who->user_id, &key, s->arena, f) < 0)
		return -1;
	who->known = who->known || key.p != NULL;
	return 0;
}

int
person_find(struct subcommand *s, const char *operand, const char *user_id,
    struct person *who, struct fail *f)
{
	struct str text = str_of(operand);
	size_t user = strlen(USER);

	*who = (struct person){.user_id = str_of(user_id)};
	if (subcommand_check_text("--user-id", user_id, f) < 0)
		return -1;
	if (str_starts(text, USER)) {
		if (user_id != NULL)
			return fail_system(f,
			    "%s and --user-id name two users; give one of them",
			    operand);
		return find_named(
		    s, (struct str){text.p + user, text.n - user}, who, f);
	}
	if (str_starts(text, EMAIL))
		operand += strlen(EMAIL);
	if (parse_operand(s, operand, who, f) < 0)
		return -1;
	return find_owner(s, who, f);
}

int
person_find_only(struct subcommand *s, const char *user_id, struct person *who,
    struct fail *f)
{
	const char *operand = s->o->operands[0];

	if (person_find(s, operand, user_id, who, f) == 0)
		return 0;
	if (f->kind == FAIL_DATA && str_starts(str_of(operand), USER))
		f->kind = FAIL_SYSTEM;
	return -1;
}

void
person_put_user(struct buf *b, const struct person *who)
{
	if (who->user_id.n > 0)
		buf_printf(
		    b, " (user %.*s)", (int)who->user_id.n, who->user_id.p);
	else if (who->sharing > 1)
		buf_printf(b, " (%lld users have the address)", who->sharing);
}

int
person_note_unknown(
    struct subcommand *s, const struct person *who, bool always, struct fail *f)
{
	struct near_address near = {.key = who->key, .arena = s->arena};
	struct buf text = {0};

	if (who->known || who->key.n == 0)
		return 0;
	if (s->searches++ < SEARCHES_MAX) {
		if (roster_near_address(s->db, &near, f) < 0)
			return -1;
		s->empty_roster = near.offered == 0;
	}
	if (s->empty_roster && !always)
		return 0;
	for (size_t i = 0; i < near.count; i++)
		buf_printf(&text, "%s%.*s", i == 0 ? "; near: " : ", ",
		    (int)near.found[i].n, near.found[i].p);
	program_note(PROGRAM, "%.*s: the roster has no such address%s",
	    (int)who->key.n, who->key.p, buf_cstr(&text));
	buf_free(&text);
	return 0;
}
