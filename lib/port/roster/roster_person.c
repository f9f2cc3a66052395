#include "port/roster/roster_person.h"

#include <string.h>

#include "mail/mime/addr.h"
#include "port/db/db_open.h"
#include "port/roster/roster_lookup.h"

#define WAIT_MS 3000 /* longest wait for a lock */
#define USER "user:"
#define EMAIL "email:"

/* A user name, or else a user id; people of other lists have ids, too. */
static int
find_by_name(struct roster_person *p, struct db *db, struct str name,
    struct arena *a, struct fail *f)
{
	long long count;

	if (roster_lookup_name(db, name, &count, &p->user_id, a, f) < 0)
		return -1;
	if (count > 1)
		return fail_data(f,
		    "%lld users have the name \"%.*s\"; give the address",
		    count, (int)name.n, name.p);
	if (count == 0)
		p->user_id = name;
	return roster_lookup_key(db, p->user_id, &p->key, a, f);
}

static int
find_by_text(struct roster_person *p, struct db *db, struct str text,
    struct arena *a, struct fail *f)
{
	size_t user = strlen(USER), email = strlen(EMAIL);
	struct addr addr;

	if (str_starts(text, USER))
		return find_by_name(
		    p, db, (struct str){text.p + user, text.n - user}, a, f);
	if (str_starts(text, EMAIL))
		text = (struct str){text.p + email, text.n - email};
	if (text.n == 0 || memchr(text.p, '@', text.n) == NULL)
		return find_by_name(p, db, text, a, f);
	if (addr_parse(&addr, text, ADDR_RESERVED, a, f) < 0)
		return fail_prefix(f, "%.*s", (int)text.n, text.p);
	p->key = addr.key;
	return roster_lookup_user(db, p->key, &p->user_id, a, f);
}

int
roster_person_find(struct roster_person *p, const char *path, struct str text,
    struct arena *a, struct fail *f)
{
	struct db *db;
	int rc;

	*p = (struct roster_person){0};
	if (db_open(&db, path, DB_READ, waiting_quiet(WAIT_MS), f) < 0)
		return -1;
	rc = find_by_text(p, db, text, a, f);
	db_close(db);
	return rc;
}
