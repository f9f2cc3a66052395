#include "port/relay/relay_stop.h"

#include "base/num.h"
#include "base/utf8.h"

#define REPLY_SHOWN 300 /* bytes */

/* The object of "refused": mail to a domain, a mailing ... */
static void
put_object(struct buf *b, const struct relay_stop *s)
{
	static const char *const words[] = {
	    [STOP_SCOPE_RECIPIENT] = "a recipient",
	    [STOP_SCOPE_DOMAIN] = "the recipients at ",
	    [STOP_SCOPE_MAILING] = "the mailing ",
	    [STOP_SCOPE_SENDER] = "the sender ",
	    [STOP_SCOPE_ACCOUNT] = "us",
	    [STOP_SCOPE_RELAY] = "us",
	};

	buf_adds(b, words[s->scope]);
	if (stop_scope_is_whole(s->scope))
		return;
	if (s->scope == STOP_SCOPE_SENDER)
		buf_addc(b, '<');
	buf_addstr(b, s->key);
	if (s->scope == STOP_SCOPE_SENDER)
		buf_addc(b, '>');
}

/* "policy: not you"; a long reply leaves room for the remedy. */
static void
put_cause(struct buf *b, const struct relay_stop *s)
{
	struct str reply = s->reply;

	buf_addstr(b, s->class);
	buf_adds(b, ": ");
	if (reply.n > REPLY_SHOWN)
		reply.n = utf8_cut(reply, REPLY_SHOWN);
	buf_addstr(b, reply);
	if (reply.n < s->reply.n)
		buf_adds(b, "...");
}

static void
put_lift(struct buf *b, const struct relay_stop *s)
{
	buf_printf(b, "bm-send --lift %s", stop_scope_name(s->scope));
	if (s->key.n > 0) {
		buf_addc(b, '=');
		buf_addstr(b, s->key);
	}
}

static void
put_remedy(struct buf *b, const struct relay_stop *s)
{
	bool whole = stop_scope_is_whole(s->scope);

	if (s->local) {
		buf_adds(b, "the cause is a setting or a file of ours");
	} else if (s->passing) {
		buf_adds(b, "the same command tries again");
	} else if (s->until != 0) {
		buf_adds(b, whole ? "nothing is sent through it before "
				  : "nothing of that is sent before ");
		num_rfc3339(b, s->until);
		buf_adds(b, ", or after ");
		if (str_is(s->class, "breaker"))
			buf_adds(b, "bm-send --retry breaker");
		else if (whole)
			buf_adds(b, "bm-send --check");
		else
			put_lift(b, s);
	} else if (s->scope == STOP_SCOPE_DOMAIN &&
		   str_is(s->class, "breaker")) {
		buf_adds(b,
		    "each run asks for one of them, and goes on when that one "
		    "is accepted");
	} else if (whole) {
		buf_adds(b, "when that is mended run bm-send --check");
	} else if (s->scope == STOP_SCOPE_MAILING) {
		buf_adds(b,
		    "mend the message and send it with --accept-content, or "
		    "run ");
		put_lift(b, s);
	} else {
		buf_adds(b, "when that is mended run ");
		put_lift(b, s);
	}
}

void
relay_stop_describe(struct buf *b, const struct relay_stop *s)
{
	buf_addstr(b, s->relay);
	if (s->local || str_is(s->class, "connection") ||
	    str_is(s->class, "dns")) {
		buf_adds(b, " could not be used");
	} else {
		buf_adds(b, " refused ");
		put_object(b, s);
	}
	buf_adds(b, " at ");
	num_rfc3339(b, s->at);
	buf_adds(b, " (");
	put_cause(b, s);
	buf_adds(b, "); ");
	put_remedy(b, s);
}
