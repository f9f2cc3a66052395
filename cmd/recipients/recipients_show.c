#include "recipients/recipients_show.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/json_put.h"
#include "base/program.h"

static long long
count_emitted(const struct recipients *r)
{
	return audience_count(r->audience, AUDIENCE_EMITTED);
}

static long long
count_selected(const struct recipients *r)
{
	long long sum = 0;

	for (int v = 0; v < AUDIENCE_VERDICTS; v++)
		sum += audience_count(r->audience, (enum audience_verdict)v);
	return sum;
}

/* --query and --read count as one target. */
static void
put_by_target(const struct recipients *r, struct buf *b)
{
	json_put_name(b, "by_target");
	buf_addc(b, '{');
	for (size_t i = 0; i < r->target_count; i++) {
		if (i > 0)
			buf_addc(b, ',');
		json_put_string(b, r->targets[i].text);
		buf_printf(b, ":%lld", r->emitted[i]);
	}
	if (r->target_count == 0)
		json_put_int(b, r->args->query != NULL ? "query" : "read",
		    count_emitted(r));
	buf_addc(b, '}');
}

static int
write_counts(const struct recipients *r)
{
	struct buf b = {0};
	int result;

	buf_addc(&b, '{');
	json_put(&b, "course_id", r->course.id);
	json_put_int(&b, "selected", count_selected(r));
	for (int v = 0; v < AUDIENCE_VERDICTS; v++)
		json_put_int(&b,
		    audience_verdict_name((enum audience_verdict)v),
		    audience_count(r->audience, (enum audience_verdict)v));
	put_by_target(r, &b);
	buf_adds(&b, "}\n");
	result = filter_write(r->filter, buf_str(&b));
	buf_free(&b);
	return result;
}

/* "N why" for each reason to leave people out, with the separator before. */
static void
put_left_out(struct buf *b, const struct recipients *r, const char *separator)
{
	for (int v = AUDIENCE_EMITTED + 1; v < AUDIENCE_VERDICTS; v++) {
		long long n =
		    audience_count(r->audience, (enum audience_verdict)v);

		if (n == 0)
			continue;
		buf_printf(b, "%s%lld %s", separator, n,
		    audience_verdict_name((enum audience_verdict)v));
		separator = ", ";
	}
}

static void
print_counts(const struct recipients *r)
{
	struct buf b = {0};
	size_t i;

	buf_printf(&b, "%lld selected, %lld to be mailed", count_selected(r),
	    count_emitted(r));
	for (i = 0; i < r->target_count; i++)
		buf_printf(&b, "%s%lld %.*s", i == 0 ? " (" : ", ",
		    r->emitted[i], (int)r->targets[i].text.n,
		    r->targets[i].text.p);
	buf_adds(&b, r->target_count > 0 ? ")" : "");
	put_left_out(&b, r, ", ");
	program_note(PROGRAM, "%s", buf_cstr(&b));
	buf_free(&b);
}

static int
check_expectation(const struct recipients *r, struct fail *f)
{
	long long n = count_emitted(r);
	struct buf why = {0};

	if (!range_has(&r->expected, n))
		return fail_system(f,
		    "%lld recipients where %s are expected: nothing is "
		    "written",
		    n, r->args->expect);
	if (n > 0)
		return 0;
	put_left_out(&why, r, ": ");
	fail_data(f, "nobody to mail%s", buf_cstr(&why));
	buf_free(&why);
	return -1;
}

/* filter_write() has reported its failure: 0 then. */
static int
write_records(struct recipients *r, struct fail *f)
{
	struct str piece;
	int result;

	while ((result = audience_next(r->audience, &piece, f)) == 1) {
		if (filter_write(r->filter, piece) < 0)
			return 0;
	}
	return result;
}

int
recipients_show(struct recipients *r, struct fail *f)
{
	if (r->args->verbose || isatty(STDERR_FILENO))
		print_counts(r);
	if (r->args->count && write_counts(r) < 0)
		return 0;
	if (check_expectation(r, f) < 0)
		return -1;
	return r->args->count ? 0 : write_records(r, f);
}
