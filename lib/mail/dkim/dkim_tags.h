/*
 * Lists of tags, "a=rsa-sha256; d=uni.example; ..." (RFC 6376 3.2): signatures,
 * and the DNS records of DKIM and DMARC.
 */
#ifndef MAIL_DKIM_DKIM_TAGS_H
#define MAIL_DKIM_DKIM_TAGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/str.h"

#define DKIM_TAGS_MAX 32

struct dkim_tag {
	struct str name;   /* the case matters */
	struct str value;  /* without white space around it */
	size_t start, end; /* of the value with its white space, in the text */
};

struct dkim_tags {
	struct dkim_tag all[DKIM_TAGS_MAX]; /* borrowed from the text */
	size_t count;
};

/* DATA for a malformed list, a tag given twice, more than DKIM_TAGS_MAX. */
int dkim_tags_parse(struct dkim_tags *, struct str text, struct fail *);

/* NULL if the list has no such tag. */
const struct dkim_tag *dkim_tags_find(
    const struct dkim_tags *, const char *name);

/* The value without any white space, in the arena; p is NULL if absent. */
struct str dkim_tags_get(
    const struct dkim_tags *, const char *name, struct arena *);

/*
 * The next item of a list "a:b:c", trimmed, taken off *rest; false at its end,
 * where rest->p is NULL.
 */
bool dkim_tags_next(struct str *rest, struct str *item);

#endif
