#include "port/roster/recipient_source.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_put.h"
#include "base/trim.h"
#include "base/utf8.h"
#include "mail/record/recipient.h"
#include "mail/roster/recipient_put.h"
#include "port/db/query.h"
#include "port/roster/roster_csv.h"

/* What turns the records of one source into candidates. */
struct intake {
	const struct recipient_source *source;
	struct arena *arena;          /* of one record */
	struct buf line, course;      /* the record; the course's members */
	const struct target *targets; /* of the roster; else NULL */
	long long *emitted;
};

static void
init_intake(struct intake *in, const struct recipient_source *source)
{
	*in = (struct intake){.source = source, .arena = arena_new()};
	recipient_put_course(&in->course, source->course);
}

static void
free_intake(struct intake *in)
{
	arena_free(in->arena);
	buf_free(&in->line);
	buf_free(&in->course);
}

static void
reset_intake(struct intake *in)
{
	arena_reset(in->arena);
	buf_reset(&in->line);
}

/* Report an invalid record. -1 if the rejects file cannot be written. */
static int
report_invalid(struct intake *in, const struct filter_record *r,
    const struct fail *why, struct fail *f)
{
	if (filter_report(in->source->filter, r, "recipients", "invalid", why))
		return 0;
	return fail_system(f, "cannot go on");
}

/*
 * Offer the candidate and report an invalid one. Not good: the record could not
 * be made, for the reason in *f.
 */
static int
offer_record(struct intake *in, struct audience_candidate *c, bool good,
    const struct filter_record *r, struct fail *f)
{
	struct fail why = *f;
	enum audience_verdict v;

	if (!good)
		c->verdict = AUDIENCE_INVALID;
	c->line = buf_str(&in->line);
	if (audience_offer(in->source->audience, c, &v, f) < 0)
		return -1;
	if (v != AUDIENCE_INVALID)
		return 0;
	return report_invalid(in, r, good ? f : &why, f);
}

/* The person as a record for --rejects; invalid UTF-8 is left out. */
static struct str
write_identity(struct intake *in, const struct selection_person *p)
{
	struct buf b = {0};
	struct str s;

	buf_addc(&b, '{');
	if (utf8_valid(p->email.p, p->email.n) == p->email.n)
		json_put(&b, "email", p->email);
	if (utf8_valid(p->person.user_id.p, p->person.user_id.n) ==
	    p->person.user_id.n)
		json_put(&b, "user_id", p->person.user_id);
	json_put(&b, "course_id", in->source->course->id);
	buf_addc(&b, '}');
	s = arena_str(in->arena, buf_str(&b));
	buf_free(&b);
	return s;
}

static int
report_person(struct intake *in, const struct selection_person *p,
    const struct fail *why, struct fail *f)
{
	struct filter_record r = {.raw = write_identity(in, p)};

	r.file = arena_printf(in->arena, "user %.*s <%.*s>",
	    (int)utf8_cut(p->person.user_id, 100), p->person.user_id.p,
	    (int)utf8_cut(p->email, 200), p->email.p);
	return report_invalid(in, &r, why, f);
}

static enum audience_verdict
convert_answer(enum target_answer a)
{
	switch (a) {
	case TARGET_INACTIVE:
		return AUDIENCE_INACTIVE;
	case TARGET_NOT_RECENT:
		return AUDIENCE_LAST_LOGIN;
	case TARGET_NO:
	case TARGET_YES:
		break;
	}
	return AUDIENCE_EMITTED;
}

static int
offer_person(void *ctx, const struct selection_person *p, struct fail *f)
{
	struct intake *in = ctx;
	struct recipient_put recipient = {.email = p->email,
	    .name = p->name,
	    .user_id = p->person.user_id,
	    .username = p->username,
	    .mode = p->person.mode,
	    .cohort = p->person.cohort,
	    .data = p->data};
	struct audience_candidate c = {.verdict = convert_answer(p->answer),
	    .email = p->email,
	    .user_id = p->person.user_id,
	    .key = p->key,
	    .flags = p->flags};
	struct fail why = {0};
	enum audience_verdict v;
	bool good;

	reset_intake(in);
	if (p->target != NULL)
		recipient.why = target_why(p->target, &p->person);
	good = recipient_put_members(&in->line, &recipient,
		   buf_str(&in->course), in->arena, &why) == 0;
	if (!good && c.verdict == AUDIENCE_EMITTED)
		c.verdict = AUDIENCE_INVALID;
	c.line = buf_str(&in->line);
	if (audience_offer(in->source->audience, &c, &v, f) < 0)
		return -1;
	if (v == AUDIENCE_EMITTED)
		in->emitted[p->target - in->targets]++;
	if (v == AUDIENCE_INVALID)
		return report_person(in, p, good ? f : &why, f);
	return 0;
}

int
recipient_source_roster(const struct recipient_source *source,
    struct selection *s, const struct target *targets, long long *emitted,
    struct fail *f)
{
	struct intake in;
	int r;

	init_intake(&in, source);
	in.targets = targets;
	in.emitted = emitted;
	r = selection_each(s, offer_person, &in, f);
	free_intake(&in);
	return r;
}

/* As bm-import does: blanks around an address are no part of it. */
static void
trim_email(struct intake *in, struct recipient *rec)
{
	struct str trimmed = trim_text(rec->email);
	struct buf quoted = {0};

	if (trimmed.n == rec->email.n)
		return;
	json_put_string(&quoted, trimmed);
	for (size_t i = 0; i < rec->all.count; i++) {
		if (str_is(rec->all.members[i].name, "email"))
			rec->all.members[i].value.raw =
			    arena_str(in->arena, buf_str(&quoted));
	}
	rec->email = trimmed;
	buf_free(&quoted);
}

static bool
parse_recipient(
    struct intake *in, struct recipient *rec, struct str line, struct fail *f)
{
	if (recipient_parse(rec, line, in->arena, f) < 0)
		return false;
	trim_email(in, rec);
	return true;
}

static int
offer_line(struct intake *in, const struct filter_record *r, struct fail *f)
{
	struct recipient rec = {0};
	struct audience_candidate c = {0};
	bool good;

	reset_intake(in);
	good = parse_recipient(in, &rec, r->raw, f) &&
	       recipient_put_record(&in->line, &rec.all, rec.course_id,
		   in->source->course, f) == 0;
	c.email = rec.email;
	c.user_id = rec.user_id;
	return offer_record(in, &c, good, r, f);
}

int
recipient_source_records(const struct recipient_source *source, struct fail *f)
{
	struct filter_record record;
	struct intake in;
	int r;

	init_intake(&in, source);
	while ((r = filter_next(source->filter, &record)) == 1) {
		if (offer_line(&in, &record, f) < 0)
			break;
	}
	free_intake(&in);
	if (r < 0)
		return fail_system(f, "nothing is written: the input is "
				      "incomplete");
	return r == 0 ? 0 : -1;
}

/* What a message about a sheet says is said to bm-import. */
static int
name_program(struct fail *f)
{
	if (strstr(f->text, "--column ") != NULL ||
	    strstr(f->text, "--encoding ") != NULL) {
		enum fail_kind kind = f->kind;

		fail_data(f, "%s (an option of bm-import)", f->text);
		f->kind = kind;
	}
	return -1;
}

static int
convert_row(struct intake *in, const struct roster_row *p, struct fail *f)
{
	struct recipient_put recipient = {.email = p->email,
	    .name = p->name,
	    .user_id = p->id,
	    .username = p->username,
	    .mode = p->mode,
	    .cohort = p->cohort,
	    .data = p->data};

	if (roster_row_check_course(p, in->source->course->id, f) < 0)
		return -1;
	return recipient_put_members(
	    &in->line, &recipient, buf_str(&in->course), in->arena, f);
}

/* Another table of the file is a record that is refused. */
static int
report_rest(struct intake *in, struct roster_csv *csv, struct fail *f)
{
	const struct roster_rows_rest *rest = roster_csv_rest(csv);
	struct filter_record where = {
	    .file = roster_csv_name(csv), .line = rest->line};
	struct str key;
	struct fail why;
	int r;

	while ((r = roster_csv_skip(csv, &key, f)) == 1)
		continue;
	if (r < 0 || rest->line == 0)
		return r;
	fail_data(&why,
	    "another table begins with \"%s\": its %lld rows are left out; cut "
	    "the file here, or save that table alone",
	    rest->word, rest->rows);
	return report_invalid(in, &where, &why, f);
}

static int
offer_rows(struct intake *in, struct roster_csv *csv, struct fail *f)
{
	struct roster_row p;
	unsigned long line;
	int r;

	while ((r = roster_csv_next(csv, &p, &line, f)) != 0) {
		struct filter_record where = {
		    .file = roster_csv_name(csv), .line = line};
		struct audience_candidate c = {
		    .email = p.email, .user_id = p.id};
		bool good;

		if (r < 0)
			name_program(f);
		if (r < 0 && f->kind != FAIL_DATA)
			return -1;
		reset_intake(in);
		good = r == 1 && convert_row(in, &p, f) == 0;
		if (good && (!p.is_active || !p.enrolled))
			c.verdict = AUDIENCE_INACTIVE;
		if (offer_record(in, &c, good, &where, f) < 0)
			return -1;
	}
	return report_rest(in, csv, f);
}

int
recipient_source_csv(
    const struct recipient_source *source, const char *path, struct fail *f)
{
	const struct roster_sheet_params params = {.path = path};
	struct roster_csv *csv;
	struct intake in;
	int r;

	if (roster_csv_open(&csv, &params, f) < 0)
		return name_program(f);
	init_intake(&in, source);
	r = offer_rows(&in, csv, f);
	free_intake(&in);
	roster_csv_close(csv);
	return r;
}

/* A row of the query is a recipient record. */
static int
offer_query_row(
    void *ctx, struct str line, unsigned long number, struct fail *f)
{
	struct intake *in = ctx;
	struct filter_record r = {.file = "query", .line = number, .raw = line};

	return offer_line(in, &r, f);
}

int
recipient_source_query(const struct recipient_source *source, const char *path,
    const char *sql, int64_t timeout_ms, struct fail *f)
{
	struct intake in;
	int r;

	init_intake(&in, source);
	r = query_each(path, sql, timeout_ms, offer_query_row, &in, f);
	free_intake(&in);
	return r;
}
