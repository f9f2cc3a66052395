/*
 * Which files have an address in them.
 */
#ifndef BASE_HOLDERS_H
#define BASE_HOLDERS_H

#include "base/fail.h"
#include "base/str.h"

/* An address in two spellings, each with an '@'; case makes no difference. */
struct holders_address {
	struct str forms[2];
};

/* Called with a file that has the address, or (why) cannot be looked into. */
typedef void holders_fn(void *ctx, const char *path, const char *why);

/*
 * Looks into a file, or into all files of a folder and of those in it, without
 * following links, in the order of their names. What is no regular file is
 * passed over. A path that is not there has nothing.
 */
void holders_find(
    const char *path, const struct holders_address *, holders_fn *, void *ctx);

#endif
