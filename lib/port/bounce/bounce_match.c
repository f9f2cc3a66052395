#include "port/bounce/bounce_match.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/map.h"
#include "base/mem.h"
#include "mail/mime/message_id.h"
#include "port/ledger/ledger_visit.h"

#define ID_LENGTH 32 /* characters of message_id_make() */

struct mailing {
	struct str id;
	unsigned char hash[CRYPTO_SHA256];
	struct map *by_id;     /* Message-ID's left side to struct str key */
	struct map *by_person; /* VERP_PERSON bytes to the same */
};

struct bounce_match {
	struct store *store;
	struct arena *arena;
	struct mailing *all; /* in the order of the ledger, the oldest first */
	size_t count, cap;
	bool listed;
};

struct bounce_match *
bounce_match_new(struct store *store)
{
	struct bounce_match *m = mem_new(sizeof(*m));

	m->store = store;
	m->arena = arena_new();
	return m;
}

void
bounce_match_free(struct bounce_match *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i < m->count; i++) {
		if (m->all[i].by_id != NULL) {
			map_free(m->all[i].by_id);
			map_free(m->all[i].by_person);
		}
	}
	free(m->all);
	arena_free(m->arena);
	free(m);
}

static int
keep_mailing(void *ctx, struct str email_id, struct fail *f)
{
	struct bounce_match *m = ctx;
	struct mailing *mailing;

	(void)f;
	/* A try that went to somebody else (bm-send --redirect). */
	if (memchr(email_id.p, '~', email_id.n) != NULL)
		return 0;
	m->all = mem_more(m->all, m->count, &m->cap, sizeof(*m->all));
	mailing = &m->all[m->count++];
	*mailing = (struct mailing){.id = arena_str(m->arena, email_id)};
	crypto_sha256(email_id.p, email_id.n, mailing->hash);
	return 0;
}

static int
list_mailings(struct bounce_match *m, struct fail *f)
{
	if (m->listed)
		return 0;
	m->listed = true;
	return ledger_visit_mailings(m->store, keep_mailing, m, f);
}

struct load {
	struct bounce_match *match;
	struct mailing *mailing;
};

/* Nothing comes back of a message that did not leave. */
static int
add_recipient(void *ctx, const struct report_row *row, struct fail *f)
{
	const struct load *l = ctx;
	unsigned char digest[CRYPTO_SHA256];
	struct buf id = {0};
	struct str key;

	(void)f;
	if (row->state != REPORT_SENT && row->state != REPORT_IN_DOUBT)
		return 0;
	key = arena_str(l->match->arena, row->key);
	message_id_make(&id, l->mailing->id, key);
	*(struct str *)map_put(l->mailing->by_id, buf_str(&id)) = key;
	crypto_sha256(key.p, key.n, digest);
	*(struct str *)map_put(l->mailing->by_person,
	    (struct str){(const char *)digest, VERP_PERSON}) = key;
	buf_free(&id);
	return 0;
}

static int
load_mailing(struct bounce_match *m, struct mailing *mailing, struct fail *f)
{
	struct load l = {m, mailing};

	if (mailing->by_id != NULL)
		return 0;
	mailing->by_id = map_new(sizeof(struct str));
	mailing->by_person = map_new(sizeof(struct str));
	return ledger_visit_rows(
	    m->store, mailing->id, LEDGER_ROW_KEYS, add_recipient, &l, f);
}

/* Does one of the secrets make this token? */
static bool
is_proven(const struct mailing *mailing, struct str key, struct str token,
    const unsigned char (*secrets)[VERP_KEY], size_t count)
{
	unsigned char given[VERP_BYTES], made[VERP_BYTES];
	struct buf b = {0};
	bool proven = false;

	for (size_t i = 0; i < count && !proven; i++) {
		buf_reset(&b);
		verp_token(&b, secrets[i], mailing->id, key);
		proven = verp_bytes(given, token) &&
			 verp_bytes(made, buf_str(&b)) &&
			 memcmp(given, made, VERP_BYTES) == 0;
	}
	buf_free(&b);
	return proven;
}

int
bounce_match_token(struct bounce_match *m, struct str token,
    const unsigned char (*secrets)[VERP_KEY], size_t count,
    struct bounce_match_found *out, struct fail *f)
{
	unsigned char bytes[VERP_BYTES];
	const struct str *key;

	*out = (struct bounce_match_found){0};
	if (!verp_bytes(bytes, token))
		return 0;
	if (list_mailings(m, f) < 0)
		return -1;
	for (size_t i = m->count; i-- > 0;) {
		struct mailing *mailing = &m->all[i];

		if (memcmp(mailing->hash, bytes, VERP_MAILING) != 0)
			continue;
		if (load_mailing(m, mailing, f) < 0)
			return -1;
		key = map_get(mailing->by_person,
		    (struct str){
			(const char *)bytes + VERP_MAILING, VERP_PERSON});
		if (key == NULL ||
		    !is_proven(mailing, *key, token, secrets, count))
			continue;
		*out = (struct bounce_match_found){true, mailing->id, *key};
		return 0;
	}
	return 0;
}

/* The left side in lower case, as message_id_make() writes it. */
static bool
cut_left_side(struct str id, char out[ID_LENGTH])
{
	id = str_strip(id, "<> \t");
	id = str_take(&id, STR("@"));
	if (id.n != ID_LENGTH)
		return false;
	memcpy(out, id.p, ID_LENGTH);
	return true;
}

int
bounce_match_message_id(struct bounce_match *m, struct str id,
    struct bounce_match_found *out, struct fail *f)
{
	char left[ID_LENGTH];
	const struct str *key;

	*out = (struct bounce_match_found){0};
	if (!cut_left_side(id, left))
		return 0;
	if (list_mailings(m, f) < 0)
		return -1;
	for (size_t i = m->count; i-- > 0;) {
		if (load_mailing(m, &m->all[i], f) < 0)
			return -1;
		key = map_get(m->all[i].by_id, (struct str){left, ID_LENGTH});
		if (key == NULL)
			continue;
		*out = (struct bounce_match_found){true, m->all[i].id, *key};
		return 0;
	}
	return 0;
}
