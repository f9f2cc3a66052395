#include "port/db/waiting.h"

#include "base/buf.h"

/* All connections of a program have one person to tell. */
static struct {
	waiting_fn *tell;
	void *ctx;
	int after_ms;
} report;

void
waiting_report(waiting_fn *tell, void *ctx, int after_ms)
{
	report.tell = tell;
	report.ctx = ctx;
	report.after_ms = after_ms;
}

int
waiting_after(void)
{
	return report.tell != NULL ? report.after_ms : -1;
}

void
waiting_tell(const char *path, const char *holder)
{
	struct buf b = {0};

	if (report.tell == NULL)
		return;
	buf_printf(&b, "waiting for %s: %s holds its lock", path, holder);
	report.tell(report.ctx, buf_cstr(&b));
	buf_free(&b);
}
