/*
 * FNV-1a, 64 bits: a quick hash of bytes that nobody chooses with malice, and
 * the same in every build, so that hashes may be stored.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdint.h>

#include "base/str.h"

#define HASH_SEED UINT64_C(0xcbf29ce484222325)

/* The hash h, HASH_SEED at first, with these bytes behind those before. */
static inline uint64_t
hash_add(uint64_t h, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001b3);
	return h;
}

#endif
