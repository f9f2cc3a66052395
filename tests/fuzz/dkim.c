/*
 * Any bytes as a DNS record, a line, and a signed message behind it. No message
 * passes but under a record with a key, and the canonical forms of a body keep
 * their promise: they end with CRLF or are empty, and a second pass changes
 * nothing.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "mail/dkim/dkim_name.h"
#include "mail/dkim/dkim_signature.h"

static void
check_body(enum dkim_canon canon, struct str body)
{
	struct buf once = {0}, twice = {0};

	dkim_canon_body(&once, canon, body);
	dkim_canon_body(&twice, canon, buf_str(&once));
	if (!str_eq(buf_str(&once), buf_str(&twice)) || once.len > body.n + 2 ||
	    (once.len > 0 && memcmp(once.p + once.len - 2, "\r\n", 2) != 0))
		abort();
	buf_free(&once);
	buf_free(&twice);
}

static void
check_message(const struct dkim_record *r, struct str message, struct arena *a)
{
	struct dkim_fields h;
	struct dkim_signature s;
	struct buf names = {0};
	struct str domain;
	struct fail f = {0};

	if (dkim_fields_parse(&h, message, a, &f) < 0)
		return;
	(void)dkim_fields_from(&domain, &h, a, &f);
	dkim_fields_select(&names, &h, false);
	buf_free(&names);
	for (size_t i = 0; i < h.count; i++) {
		if (dkim_signature_parse(&s, &h.all[i], a, &f) == 0 &&
		    dkim_signature_verify(&s, &h, r, 0, a, &f) == 0 &&
		    r->key == NULL)
			abort();
	}
	check_body(DKIM_RELAXED, h.body);
	check_body(DKIM_SIMPLE, h.body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {size > 0 ? (const char *)data : "", size};
	struct str record = STR("");
	struct arena *a = arena_new();
	struct dkim_record r = {0};
	struct fail f = {0};

	(void)str_line(&text, &record);
	(void)dkim_name_check_selector(record, &f);
	(void)dkim_record_parse(&r, record, a, &f);
	check_message(&r, text, a);
	dkim_record_free(&r);
	arena_free(a);
	return 0;
}
