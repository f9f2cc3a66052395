#include "render/render_review.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/guarded.h"
#include "base/program.h"
#include "mail/message/review.h"
#include "mail/record/recipient.h"
#include "render/render_lacks.h"
#include "render/render_params.h"

/* Render a record for the review. False if the filter must stop. */
static bool
review_record(struct render *r, struct filter *filter, struct review *review,
    const struct filter_record *record, struct arena *a)
{
	struct recipient recipient;
	struct composed c;
	struct fail f = {0};

	if (recipient_parse(&recipient, record->raw, a, &f) < 0)
		return filter_report(filter, record, "render", "invalid", &f);
	render_lacks_see(r->lacks, &recipient.all);
	if (compose_record(
		r->compose, &recipient, render_params_now(r), a, &c, &f) < 0)
		return render_lacks_report(
		    r->lacks, record, &recipient, &c.lack, &f);
	review_message(
	    review, &c, &r->params, record->file, (size_t)record->line);
	return true;
}

static int
write_page(const struct render *r, const struct review *review, struct fail *f)
{
	int fd = guarded_write(r->preview, O_TRUNC, f);
	struct buf page = {0};
	int rc;

	if (fd < 0)
		return -1;
	review_page(review, r->params.email_id, &page);
	rc = file_write(fd, buf_str(&page));
	if (close(fd) < 0)
		rc = -1;
	buf_free(&page);
	return rc == 0 ? 0 : fail_errno(f, "%s", r->preview);
}

static void
finish_review(
    const struct render *r, struct filter *filter, const struct review *review)
{
	struct buf findings = {0};
	struct fail f;
	size_t n = review_findings(review, &findings);

	if (r->preview != NULL && write_page(r, review, &f) < 0)
		filter_raise(filter, program_die(PROGRAM, &f));
	if (r->lint && n > 0)
		filter_raise(filter, review_errors(review) > 0 ? 2 : 1);
	if (r->lint)
		filter_write(filter, buf_str(&findings));
	buf_free(&findings);
}

void
render_review(struct render *r, struct filter *filter)
{
	struct review *review = review_new((size_t)r->samples);
	struct arena *a = arena_new();
	struct filter_record record;
	long long count = 0;

	mailing_sources(r->mailing, review_source, review);
	while (filter_next(filter, &record) == 1) {
		/* Read on: the writer must not fail for a closed pipe. */
		if (!r->lint && count++ >= r->samples)
			continue;
		progress_add(&r->progress, 1);
		arena_reset(a);
		if (!review_record(r, filter, review, &record, a))
			break;
	}
	progress_hide(&r->progress);
	finish_review(r, filter, review);
	arena_free(a);
	review_free(review);
}
