#include "port/roster/recipient_source.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_put.h"
#include "base/utf8.h"
#include "mail/record/recipient.h"
#include "mail/roster/recipient_put.h"
#include "port/db/query.h"
#include "port/roster/roster_csv.h"

/* What the reading of one source needs, reset for each record. */
struct work {
	const struct recipient_source *g;
	struct arena *arena;
	struct buf line, course;
	const struct target *targets;
	long long *emitted;
};

static void
work_open(struct work *w, const struct recipient_source *g)
{
	*w = (struct work){.g = g, .arena = arena_new()};
	recipient_put_course(&w->course, g->course);
}

static void
work_close(struct work *w)
{
	arena_free(w->arena);
	buf_free(&w->line);
	buf_free(&w->course);
}

static void
work_reset(struct work *w)
{
	arena_reset(w->arena);
	buf_reset(&w->line);
}

/* Report one that is invalid; false when that is the end. */
static int
refuse(struct work *w, const struct filter_record *r, const struct fail *why,
    struct fail *f)
{
	if (filter_report(w->g->filter, r, "recipients", "invalid", why))
		return 0;
	return fail_system(f, "cannot go on");
}

/* Offer; a record that cannot be made is counted as invalid. */
static int
offer(struct work *w, struct audience_candidate *c, bool good,
    const struct filter_record *r, enum audience_verdict *v, struct fail *f)
{
	struct fail why = *f;

	if (!good)
		c->verdict = AUDIENCE_INVALID;
	c->line = buf_str(&w->line);
	if (audience_offer(w->g->audience, c, v, f) != 0)
		return -1;
	if (*v != AUDIENCE_INVALID)
		return 0;
	return refuse(w, r, good ? f : &why, f);
}

/* For --rejects: who it is, as far as it can be written. */
static struct str
identity(struct work *w, const struct selection_person *p)
{
	struct buf b = {0};
	struct str s;

	buf_addc(&b, '{');
	if (utf8_valid(p->email.p, p->email.n) == p->email.n)
		json_put(&b, "email", p->email);
	if (utf8_valid(p->person.user_id.p, p->person.user_id.n) ==
	    p->person.user_id.n)
		json_put(&b, "user_id", p->person.user_id);
	json_put(&b, "course_id", w->g->course->id);
	buf_addc(&b, '}');
	s = arena_str(w->arena, buf_str(&b));
	buf_free(&b);
	return s;
}

static int
refuse_person(struct work *w, const struct selection_person *p,
    const struct fail *why, struct fail *f)
{
	struct filter_record r = {.raw = identity(w, p)};

	r.file = arena_printf(w->arena, "user %.*s <%.*s>",
	    (int)utf8_cut(p->person.user_id, 100), p->person.user_id.p,
	    (int)utf8_cut(p->email, 200), p->email.p);
	return refuse(w, &r, why, f);
}

static enum audience_verdict
verdict_of(enum target_answer a)
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
take_person(void *ctx, const struct selection_person *p, struct fail *f)
{
	struct work *w = ctx;
	struct recipient_put e = {.email = p->email,
	    .name = p->name,
	    .user_id = p->person.user_id,
	    .username = p->username,
	    .mode = p->person.mode,
	    .cohort = p->person.cohort,
	    .data = p->data};
	struct audience_candidate c = {.verdict = verdict_of(p->answer),
	    .email = p->email,
	    .user_id = p->person.user_id,
	    .key = p->key,
	    .marks = p->marks};
	struct fail why = {0};
	enum audience_verdict v;
	bool good;

	work_reset(w);
	if (p->target != NULL)
		e.why = target_why(p->target, &p->person);
	good = recipient_put_members(
		   &w->line, &e, buf_str(&w->course), w->arena, &why) == 0;
	if (!good && c.verdict == AUDIENCE_EMITTED)
		c.verdict = AUDIENCE_INVALID;
	c.line = buf_str(&w->line);
	if (audience_offer(w->g->audience, &c, &v, f) != 0)
		return -1;
	if (v == AUDIENCE_EMITTED)
		w->emitted[p->target - w->targets]++;
	if (v == AUDIENCE_INVALID)
		return refuse_person(w, p, good ? f : &why, f);
	return 0;
}

int
recipient_source_roster(const struct recipient_source *g, struct selection *s,
    const struct target *targets, long long *emitted, struct fail *f)
{
	struct work w;
	int r;

	work_open(&w, g);
	w.targets = targets;
	w.emitted = emitted;
	r = selection_each(s, take_person, &w, f);
	work_close(&w);
	return r;
}

static int
take_record(struct work *w, const struct filter_record *r, struct fail *f)
{
	struct recipient rec = {0};
	struct audience_candidate c = {0};
	enum audience_verdict v;
	bool good;

	work_reset(w);
	good = recipient_parse(&rec, r->raw, w->arena, f) == 0 &&
	       recipient_put_record(
		   &w->line, &rec.all, rec.course_id, w->g->course, f) == 0;
	c.email = rec.email;
	c.user_id = rec.user_id;
	return offer(w, &c, good, r, &v, f);
}

int
recipient_source_records(const struct recipient_source *g, struct fail *f)
{
	struct filter_record record;
	struct work w;
	int r;

	work_open(&w, g);
	while ((r = filter_next(g->filter, &record)) == 1) {
		if (take_record(&w, &record, f) != 0)
			break;
	}
	work_close(&w);
	if (r < 0)
		return fail_system(f, "nothing is written: the input is "
				      "incomplete");
	return r == 0 ? 0 : -1;
}

static int
put_person(struct work *w, const struct roster_row *p, struct fail *f)
{
	struct recipient_put e = {.email = p->email,
	    .name = p->name,
	    .user_id = p->id,
	    .username = p->username,
	    .mode = p->mode,
	    .cohort = p->cohort,
	    .data = p->data};

	if (roster_row_check_course(p, w->g->course->id, f) != 0)
		return -1;
	return recipient_put_members(
	    &w->line, &e, buf_str(&w->course), w->arena, f);
}

static int
gather_people(struct work *w, struct roster_csv *people, struct fail *f)
{
	struct roster_row p;
	unsigned long line;
	enum audience_verdict v;
	int r;

	while ((r = roster_csv_next(people, &p, &line, f)) != 0) {
		struct filter_record where = {
		    .file = roster_csv_name(people), .line = line};
		struct audience_candidate c = {
		    .email = p.email, .user_id = p.id};
		bool good;

		if (r < 0 && f->kind != FAIL_DATA)
			return -1;
		work_reset(w);
		good = r == 1 && put_person(w, &p, f) == 0;
		if (good && (!p.is_active || !p.enrolled))
			c.verdict = AUDIENCE_INACTIVE;
		if (offer(w, &c, good, &where, &v, f) != 0)
			return -1;
	}
	return 0;
}

int
recipient_source_csv(
    const struct recipient_source *g, const char *path, struct fail *f)
{
	struct roster_csv *people;
	struct work w;
	int r;

	if (roster_csv_open(&people, path, f) != 0)
		return -1;
	work_open(&w, g);
	r = gather_people(&w, people, f);
	work_close(&w);
	roster_csv_close(people);
	return r;
}

/* A row of the query is a record like any other. */
static int
take_query_row(void *ctx, struct str line, unsigned long number, struct fail *f)
{
	struct work *w = ctx;
	struct filter_record r = {.file = "query", .line = number, .raw = line};

	return take_record(w, &r, f);
}

int
recipient_source_query(const struct recipient_source *g, const char *path,
    const char *sql, int64_t timeout_ms, struct fail *f)
{
	struct work w;
	int r;

	work_open(&w, g);
	r = query_each(path, sql, timeout_ms, take_query_row, &w, f);
	work_close(&w);
	return r;
}
