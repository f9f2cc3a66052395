/*
 * Any bytes: an accepted record can be written and is read back as the same;
 * an outcome with any reply is one line of valid JSON within its limit.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "mail/mime/addr.h"
#include "mail/record/message.h"
#include "mail/record/outcome.h"
#include "mail/record/recipient.h"

static void
check(bool good)
{
	if (!good)
		abort();
}

static void
try_recipient(struct str line, struct arena *a)
{
	struct recipient r;
	struct addr addr;
	struct fail f = {0};

	if (recipient_parse(&r, line, a, &f) < 0) {
		check(f.kind == FAIL_DATA && f.text[0] != '\0');
		return;
	}
	check(r.email.n > 0);
	if (addr_parse(&addr, r.email, ADDR_RESERVED, a, &f) < 0) {
		check(f.kind == FAIL_DATA && f.text[0] != '\0');
		return;
	}
	check(addr.wire.n <= 254 && addr.key.n > 0);
	check(memchr(addr.wire.p, '\r', addr.wire.n) == NULL);
}

static void
try_message(struct str line, struct arena *a)
{
	struct message m, again;
	struct buf b = {0};
	struct fail f = {0};

	if (message_parse(&m, line, a, &f) < 0) {
		check(f.kind == FAIL_DATA && f.text[0] != '\0');
		return;
	}
	message_put(&b, &m);
	check(message_parse(&again, buf_str(&b), a, &f) == 0);
	check(str_eq(m.message, again.message));
	check(str_eq(m.email, again.email) && m.expires == again.expires);
	buf_free(&b);
}

static void
try_outcome(struct str s, struct arena *a)
{
	struct outcome o = {.email_id = STR("w"),
	    .email = s,
	    .status = OUTCOME_FAILED,
	    .class = "refused",
	    .stage = "rcpt",
	    .code = 550,
	    .reply = s,
	    .relay = s,
	    .attempt = 1,
	    .at = 1};
	struct json_object all;
	struct buf b = {0};
	struct fail f;

	outcome_put(&b, &o);
	check(b.len > 0 && b.len <= 4096 && b.p[b.len - 1] == '\n');
	check(memchr(b.p, '\n', b.len) == b.p + b.len - 1);
	check(json_parse(&all, buf_str(&b), a, &f) == 0 && all.count == 17);
	buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = {size > 0 ? (const char *)data : "", size};
	struct arena *a = arena_new();

	try_recipient(s, a);
	try_message(s, a);
	try_outcome(s, a);
	arena_free(a);
	return 0;
}
