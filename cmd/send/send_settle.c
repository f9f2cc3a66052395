#include "send/send_settle.h"

#include <string.h>

#include "base/clock.h"
#include "base/program.h"
#include "mail/record/settlement.h"
#include "port/send/settle.h"

/* A line that is wrong, or whose recipient is busy, stops no other. 1: stop. */
static int
settle_record(struct send_run *r, struct settle *s,
    const struct filter_record *record, struct fail *f)
{
	struct settlement x;
	int rc = settlement_parse(&x, record->raw, r->arena, f);

	if (rc == 0)
		rc = settle_line(s, &x, clock_wall_ms(), f);
	if (rc < 0 && f->kind != FAIL_DATA)
		return -1;
	if (rc != 0 &&
	    !filter_report(r->filter, record, "settle", "invalid", f) && rc < 0)
		return 1; /* filter.c has reported its failure */
	return 0;
}

static int
settle_all(struct send_run *r, struct settle *s, struct fail *f)
{
	struct filter_record record;
	int rc;

	for (;;) {
		/* A slow producer must not hold up other programs. */
		if (!filter_ready(r->filter) && settle_flush(s, f) < 0)
			return -1;
		rc = filter_next(r->filter, &record);
		if (rc != 1)
			return settle_flush(s, f);
		rc = settle_record(r, s, &record, f);
		if (rc != 0)
			return rc < 0 ? -1 : settle_flush(s, f);
	}
}

int
send_settle(struct send_run *r, struct fail *f)
{
	struct settle *s = settle_new(r->store);
	struct settle_counts n;
	int rc;

	rc = settle_all(r, s, f);
	n = settle_counts(s);
	program_note(SEND_ARGS_PROGRAM,
	    "%s: settled as sent: %lld, to be sent again: %lld, already "
	    "settled: %lld",
	    strcmp(r->args->settle, "-") == 0 ? "stdin" : r->args->settle,
	    n.sent, n.reopened, n.already);
	settle_free(s);
	return rc < 0 ? -1 : 1;
}
