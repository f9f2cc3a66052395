/*
 * The keys of --key and BM_DKIM_KEYS.
 */
#ifndef CMD_SIGN_SIGN_KEYS_H
#define CMD_SIGN_SIGN_KEYS_H

#include "base/arena.h"
#include "base/fail.h"
#include "base/options.h"
#include "mail/dkim/dkim_sign.h"

#define SIGN_KEYS_MIN 2048 /* bits of an RSA key */
#define SIGN_KEYS_MAX 4096 /* what every receiver verifies (RFC 8301) */

struct sign_keys {
	struct dkim_signer *all; /* in the arena; RSA keys first */
	size_t count;
};

/*
 * Read the keys of a list of SELECTOR=FILE; without any, those of the setting.
 * SYSTEM names the file and the remedy: no key, a selector twice, a file that
 * others may read, a key that is weak or of another type. Cores are forbidden
 * from here on. sign_keys_free() afterwards.
 */
int sign_keys_load(struct sign_keys *, const struct option_list *,
    const struct settings *, struct arena *, struct fail *);
void sign_keys_free(struct sign_keys *);

/*
 * d= of --domain or BM_DKIM_DOMAIN, in the arena; absent if unset. SYSTEM.
 */
int sign_keys_domain(
    struct str *, const struct settings *, struct arena *, struct fail *);

/*
 * The same for DNS; without it the domain of DEFAULT_BULK_FROM_EMAIL. SYSTEM
 * if both are unset.
 */
int sign_keys_need_domain(
    struct str *, const struct settings *, struct arena *, struct fail *);

#endif
