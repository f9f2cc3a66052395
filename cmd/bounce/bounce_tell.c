#include "bounce/bounce_tell.h"

#include "base/buf.h"
#include "base/program.h"
#include "bounce/bounce.h"

void
bounce_tell_counts(const struct bounce_tell *t)
{
	struct buf b = {0};
	const char *mark = ": ";

	buf_printf(
	    &b, "%lld message%s", t->messages, t->messages == 1 ? "" : "s");
	for (int kind = BOUNCE_COMPLAINT; kind >= 0; kind--) {
		if (t->kinds[kind] == 0)
			continue;
		buf_printf(&b, "%s%lld %s", mark, t->kinds[kind],
		    kind == BOUNCE_UNKNOWN
			? "unrecognized"
			: bounce_kind_name((enum bounce_kind)kind));
		mark = ", ";
	}
	program_tell(PROGRAM, buf_cstr(&b));
	buf_free(&b);
}
