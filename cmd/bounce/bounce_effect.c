#include "bounce/bounce_effect.h"

#include <string.h>

#include "base/clock.h"
#include "base/program.h"
#include "bounce/bounce.h"
#include "bounce/bounce_store.h"
#include "mail/mime/addr.h"
#include "port/bounce/bounce_register.h"
#include "port/ledger/ledger_visit.h"
#include "port/optout/keyfile.h"
#include "port/optout/optouts.h"

static int
load_keys(struct bounce_effect *e, const char *path, struct fail *f)
{
	if (path == NULL || path[0] == '\0')
		return 0;
	if (keyfile_load(&e->keys, path, e->arena, f) < 0)
		return -1;
	e->secrets = arena_alloc(e->arena, e->keys.count * VERP_KEY);
	for (size_t i = 0; i < e->keys.count; i++)
		memcpy(e->secrets[i], e->keys.keys[i].bytes, VERP_KEY);
	return 0;
}

int
bounce_effect_open(
    struct bounce_effect *e, const struct settings *settings, struct fail *f)
{
	const char *path = settings_get(settings, "BM_DB");

	e->arena = arena_new();
	if (path == NULL || path[0] == '\0')
		return 0;
	if (load_keys(e, settings_get(settings, "BM_VERP_KEY_FILE"), f) < 0 ||
	    bounce_store_open(&e->store, path, STORE_WRITE, f) < 0)
		return -1;
	e->match = bounce_match_new(e->store);
	return 0;
}

void
bounce_effect_close(struct bounce_effect *e)
{
	bounce_match_free(e->match);
	store_close(e->store);
	if (e->arena != NULL)
		arena_free(e->arena);
}

/* A complaint is the person's own no, to all mail. */
static int
stop_person(
    struct bounce_effect *e, struct str key, int64_t now, struct fail *f)
{
	const struct optout o = {.course_id = STR("*"),
	    .key = key,
	    .out = true,
	    .source = STR("complaint"),
	    .at = now};
	bool added;

	if (optouts_add(e->store->optouts, &o, &added, f) < 0)
		return -1;
	e->optouts += added;
	return 0;
}

/*
 * When it came back, as far as that can be: anybody may write any date, and a
 * mailbox file of last year has reports of last year.
 */
static int
find_time(struct bounce_effect *e, int64_t at, struct str email_id, int64_t *ms,
    struct fail *f)
{
	struct ledger_row_mailing m = {0};
	struct arena *arena = arena_new();
	int rc = ledger_visit_mailing(e->store, email_id, &m, arena, f);

	*ms = clock_wall_ms();
	if (at != 0 && at < *ms)
		*ms = rc == 1 && at < m.created ? m.created : at;
	arena_free(arena);
	return rc < 0 ? -1 : 0;
}

static int
enter_row(struct bounce_effect *e, const struct bounce *b, int64_t at,
    enum bounce_kind kind, const struct bounce_record_about *about,
    struct fail *f)
{
	const char *class = bounce_kind_class(b);
	struct bounce_row row = {.email_id = about->email_id,
	    .key = about->recipient,
	    .kind = str_of(bounce_kind_name(kind)),
	    .proof = about->by,
	    .class = str_of(class),
	    .enhanced = str_of(b->status[0] != '\0' ? b->status : NULL),
	    .reply = b->text.n > 0 ? b->text : (struct str){0}};
	bool added, proven = !str_is(about->by, "address");

	if (kind < BOUNCE_SOFT)
		return 0;
	if (find_time(e, at, row.email_id, &row.at, f) < 0 ||
	    bounce_register_add(e->store->bounces, &row, &added, f) < 0)
		return -1;
	e->added += added;
	e->known += !added;
	return kind == BOUNCE_COMPLAINT && proven
		   ? stop_person(e, row.key, clock_wall_ms(), f)
		   : 0;
}

static bool
is_of(const struct bounce *b, struct str key, struct arena *arena)
{
	struct addr a;
	struct fail f;

	return addr_parse(&a, b->address, ADDR_RESERVED, arena, &f) == 0 &&
	       str_eq(a.key, key);
}

/*
 * The bounce of a report that tells of the proven person: the one with the
 * address, else the first failure. A message that was sent on to several people
 * is hard only if all of them are.
 */
static size_t
choose_bounce(const struct bounces *all, struct str key, enum bounce_kind *kind,
    struct arena *arena)
{
	size_t i, first = 0;
	bool soft = false;

	for (i = 0; i < all->count; i++) {
		if (!is_of(&all->all[i], key, arena))
			continue;
		*kind = all->all[i].kind;
		return i;
	}
	for (i = all->count; i-- > 0;) {
		if (all->all[i].kind >= BOUNCE_SOFT)
			first = i;
		soft |= all->all[i].kind != BOUNCE_HARD;
	}
	*kind = all->all[first].kind;
	if (*kind == BOUNCE_HARD && soft)
		*kind = BOUNCE_SOFT;
	return first;
}

static int
find_proof(struct bounce_effect *e, const struct bounces *all, struct str token,
    struct bounce_record_about *about, struct fail *f)
{
	struct bounce_match_found found;

	if (bounce_match_token(e->match, token,
		(const unsigned char(*)[VERP_KEY])e->secrets, e->keys.count,
		&found, f) < 0)
		return -1;
	about->by = STR("verp");
	if (!found.found) {
		about->by = STR("message_id");
		if (bounce_match_message_id(
			e->match, all->message_id, &found, f) < 0)
			return -1;
	}
	about->email_id = found.email_id;
	about->recipient = found.key;
	return found.found;
}

/* An address alone: the mailing that went there last. */
static int
apply_address(struct bounce_effect *e, const struct bounce *b, int64_t at,
    struct bounce_record_about *about, struct arena *arena, struct fail *f)
{
	struct buf id = {0};
	struct addr a;
	struct fail why;
	bool found;
	int rc = 0;

	if (b->kind < BOUNCE_DELAYED || b->address.n == 0 ||
	    addr_parse(&a, b->address, ADDR_RESERVED, arena, &why) < 0)
		return 0;
	rc = bounce_register_last(e->store->bounces, a.key, &found, &id, f);
	if (rc == 0 && found) {
		about->by = STR("address");
		about->email_id = arena_str(arena, buf_str(&id));
		about->recipient = a.key;
		rc = enter_row(e, b, at, b->kind, about, f);
	}
	buf_free(&id);
	e->foreign += rc == 0 && !found;
	return rc;
}

int
bounce_effect_apply(struct bounce_effect *e, const struct bounces *all,
    struct str token, struct bounce_record_about *about, struct arena *arena,
    struct fail *f)
{
	struct bounce_record_about proof;
	enum bounce_kind kind;
	size_t i;
	int rc;

	if (e->store == NULL)
		return 0;
	rc = find_proof(e, all, token, &proof, f);
	if (rc < 0)
		return -1;
	if (rc == 1) {
		i = choose_bounce(all, proof.recipient, &kind, arena);
		about[i] = proof;
		return enter_row(e, &all->all[i], all->at, kind, &about[i], f);
	}
	for (i = 0; i < all->count; i++) {
		if (apply_address(
			e, &all->all[i], all->at, &about[i], arena, f) < 0)
			return -1;
	}
	return 0;
}

void
bounce_effect_tell(const struct bounce_effect *e)
{
	struct buf b = {0};

	if (e->store == NULL)
		return;
	buf_printf(&b,
	    "%lld entered, %lld known before, %lld of nobody that "
	    "we have mailed",
	    e->added, e->known, e->foreign);
	if (e->optouts > 0)
		buf_printf(&b, "; %lld said no by a complaint", e->optouts);
	program_tell(PROGRAM, buf_cstr(&b));
	buf_free(&b);
}
