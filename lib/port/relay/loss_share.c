#include "port/relay/loss_share.h"

#include <inttypes.h>
#include <stdio.h>

#include "port/relay/relay_memory.h"

#define LIFE_MS INT64_C(3600000) /* of the window, from the last loss */

/* "WINDOW AT", the window in hexadecimal; a damaged text is an empty one. */
static uint64_t
parse_window(struct buf *text, int64_t now)
{
	uint64_t window;
	int64_t at;

	if (sscanf(buf_cstr(text), "%" SCNx64 " %" SCNd64, &window, &at) != 2 ||
	    now - at >= LIFE_MS)
		return 0;
	return window;
}

static int
merge_losses(struct relay_memory *m, const struct relay_memory_topic *t,
    struct losses *ls, int64_t now, struct fail *f)
{
	struct buf text = {0};
	uint64_t window;
	int64_t at;
	int rc = m->ops->get(m, t, &text, &at, f);

	if (rc == 0) {
		window = losses_lose(ls, parse_window(&text, now));
		buf_reset(&text);
		if (!losses_are_many(ls))
			buf_printf(&text, "%" PRIx64 " %" PRId64, window, now);
		rc = m->ops->set(m, t, buf_str(&text), 0, f);
	}
	buf_free(&text);
	return rc;
}

int
loss_share_lose(struct relay_memory *m, struct str relay, struct str account,
    struct losses *ls, int64_t now, struct fail *f)
{
	const struct relay_memory_topic t = {
	    .relay = relay, .account = account, .kind = RELAY_MEMORY_LOSSES};

	if (store_begin(m->store, true, f) < 0)
		return -1;
	return store_finish(m->store, merge_losses(m, &t, ls, now, f), f);
}
