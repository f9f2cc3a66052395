#include "sign/sign_keys.h"

#include <string.h>

#include "base/cores.h"
#include "base/file.h"
#include "mail/dkim/dkim_name.h"
#include "mail/mime/addr.h"

#define FILE_MAX 65536 /* bytes */

static int
check_strength(const struct crypto_key *key, struct fail *f)
{
	int bits = crypto_key_bits(key);

	if (crypto_key_type(key) != CRYPTO_KEY_RSA ||
	    (bits >= SIGN_KEYS_MIN && bits <= SIGN_KEYS_MAX))
		return 0;
	if (bits < SIGN_KEYS_MIN)
		return fail_system(f,
		    "an RSA key of %d bits is weak, %d are needed; \"bm-sign "
		    "keygen\" makes one",
		    bits, SIGN_KEYS_MIN);
	return fail_system(f,
	    "an RSA key of %d bits, and receivers need not verify more than "
	    "%d",
	    bits, SIGN_KEYS_MAX);
}

static int
read_key_file(struct crypto_key **key, const char *path, struct fail *f)
{
	struct buf pem = {0};
	int rc = file_read_secret(&pem, path, FILE_MAX, f);

	*key = NULL;
	if (rc == 0 && (crypto_key_parse(key, buf_str(&pem), f) < 0 ||
			   check_strength(*key, f) < 0)) {
		crypto_key_free(*key);
		f->kind = FAIL_SYSTEM;
		rc = fail_prefix(f, "%s", path);
	}
	buf_wipe(&pem);
	buf_free(&pem);
	return rc;
}

/* The selectors are few, and each is a name in the DNS: case is no matter. */
static int
check_new(const struct sign_keys *keys, struct str selector, struct fail *f)
{
	for (size_t i = 0; i < keys->count; i++) {
		struct str other = keys->all[i].selector;

		if (other.n == selector.n && dkim_name_covers(other, selector))
			return fail_system(f, "the selector %.*s stands twice",
			    (int)selector.n, selector.p);
	}
	return 0;
}

static int
add_key(struct sign_keys *keys, const char *text, struct arena *arena,
    struct fail *f)
{
	const char *equals = strchr(text, '=');
	struct dkim_signer *signer = &keys->all[keys->count];
	struct str s;

	if (equals == NULL || equals[1] == '\0')
		return fail_system(f, "%s is not SELECTOR=FILE", text);
	s = (struct str){text, (size_t)(equals - text)};
	if (dkim_name_check_selector(s, f) < 0) {
		f->kind = FAIL_SYSTEM;
		return -1;
	}
	if (check_new(keys, s, f) < 0 ||
	    read_key_file(&signer->key, equals + 1, f) < 0)
		return -1;
	signer->selector = arena_str(arena, s);
	keys->count++;
	return 0;
}

/* RSA signatures come first: receivers that know one kind know this one. */
static void
order_keys(struct sign_keys *keys, struct arena *arena)
{
	struct dkim_signer *sorted =
	    arena_alloc(arena, (keys->count + 1) * sizeof(*sorted));
	size_t n = 0;

	for (int type = CRYPTO_KEY_RSA; type <= CRYPTO_KEY_ED25519; type++) {
		for (size_t i = 0; i < keys->count; i++) {
			if ((int)crypto_key_type(keys->all[i].key) == type)
				sorted[n++] = keys->all[i];
		}
	}
	keys->all = sorted;
}

/* The words of the setting, as a list of options. */
static struct option_list
split_setting(const char *setting, struct arena *arena)
{
	char *text = arena_dup(arena, setting, strlen(setting)), *word, *rest;
	struct option_list list = {0};

	list.items =
	    arena_alloc(arena, (strlen(setting) + 1) * sizeof(*list.items));
	for (word = strtok_r(text, " \t", &rest); word != NULL;
	     word = strtok_r(NULL, " \t", &rest))
		list.items[list.count++] = word;
	return list;
}

int
sign_keys_load(struct sign_keys *keys, const struct option_list *given,
    const struct settings *settings, struct arena *arena, struct fail *f)
{
	const char *setting = settings_get(settings, "BM_DKIM_KEYS");
	struct option_list list = *given;
	const char *origin = "--key";

	if (list.count == 0 && setting != NULL) {
		list = split_setting(setting, arena);
		origin = "BM_DKIM_KEYS";
	}
	if (list.count == 0)
		return fail_system(f,
		    "no key: --key SELECTOR=FILE or BM_DKIM_KEYS names one, "
		    "\"bm-sign keygen\" makes one");
	cores_forbid();
	*keys = (struct sign_keys){
	    arena_alloc(arena, list.count * sizeof(*keys->all)), 0};
	for (size_t i = 0; i < list.count; i++) {
		if (add_key(keys, list.items[i], arena, f) < 0)
			return fail_prefix(f, "%s", origin);
	}
	order_keys(keys, arena);
	return 0;
}

void
sign_keys_free(struct sign_keys *keys)
{
	for (size_t i = 0; i < keys->count; i++)
		crypto_key_free(keys->all[i].key);
	keys->count = 0;
}

int
sign_keys_domain(struct str *domain, const struct settings *s,
    struct arena *arena, struct fail *f)
{
	const char *text = settings_get(s, "BM_DKIM_DOMAIN");

	*domain = (struct str){0};
	if (text == NULL)
		return 0;
	if (dkim_name_parse_domain(domain, str_of(text), arena, f) < 0)
		return settings_refuse(s, "BM_DKIM_DOMAIN", f);
	return 0;
}

int
sign_keys_need_domain(struct str *domain, const struct settings *s,
    struct arena *arena, struct fail *f)
{
	const char *from = settings_get(s, "DEFAULT_BULK_FROM_EMAIL");
	struct addr a;
	struct str name;

	if (sign_keys_domain(domain, s, arena, f) < 0)
		return -1;
	if (domain->p != NULL)
		return 0;
	if (from == NULL)
		return fail_system(f, "no domain: --domain, BM_DKIM_DOMAIN or "
				      "DEFAULT_BULK_FROM_EMAIL names it");
	if (addr_parse_mailbox(
		&a, &name, str_of(from), ADDR_RESERVED, arena, f) < 0)
		return settings_refuse(s, "DEFAULT_BULK_FROM_EMAIL", f);
	*domain = a.domain;
	return 0;
}
