#include "base/waiting.h"

#include "base/buf.h"
#include "base/progress.h"

struct waiting
waiting_quiet(int limit_ms)
{
	return (struct waiting){.limit_ms = limit_ms};
}

struct waiting
waiting_told(int limit_ms, waiting_fn *tell, const char *program)
{
	return (struct waiting){limit_ms, tell, program, WAITING_TELL_MS, NULL};
}

bool
waiting_is_told(const struct waiting *w)
{
	return w->tell != NULL && w->after_ms < w->limit_ms;
}

void
waiting_tell(const struct waiting *w, const char *path, const char *holder)
{
	struct buf b = {0};

	progress_hide(w->progress);
	buf_printf(&b, "waiting for %s: %s holds its lock", path, holder);
	w->tell(w->program, buf_cstr(&b));
	buf_free(&b);
}
