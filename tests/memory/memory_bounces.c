#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "memory/memory_rows.h"
#include "port/bounce/bounce_register_ops.h"

static struct memory_data *
data_of(struct bounce_register *r)
{
	return memory_data_of(r->store);
}

static bool
has_fault(const struct bounce_register *r, enum memory_fault fault)
{
	return memory_data_fault(r->store) == fault;
}

static struct memory_bounce *
find_bounce(struct bounce_register *r, struct str email_id, struct str key)
{
	struct memory_data *d = data_of(r);

	for (size_t i = 0; i < d->bounce_count; i++) {
		struct bounce_row *row = &d->bounces[i].row;

		if (str_eq(row->email_id, email_id) && str_eq(row->key, key))
			return &d->bounces[i];
	}
	return NULL;
}

static int
weigh_bounce(struct bounce_register *r, struct str email_id, struct str key,
    struct bounce_register_weight *w, struct fail *f)
{
	const struct memory_bounce *b = find_bounce(r, email_id, key);

	(void)f;
	if (b == NULL)
		return 0;
	buf_addstr(&w->kind, b->row.kind);
	buf_addstr(&w->proof, b->row.proof);
	w->at = b->row.at;
	return 1;
}

static void
count_change(struct bounce_register *r)
{
	if (!has_fault(r, MEMORY_FAULT_UNCOUNTED))
		data_of(r)->bounce_changes++;
}

static int
put_bounce(
    struct bounce_register *r, const struct bounce_row *row, struct fail *f)
{
	struct memory_data *d = data_of(r);
	struct memory_bounce *b = find_bounce(r, row->email_id, row->key);
	struct store *s = r->store;

	(void)f;
	if (b == NULL || has_fault(r, MEMORY_FAULT_BESIDE)) {
		d->bounces = mem_more(d->bounces, d->bounce_count,
		    &d->bounce_cap, sizeof(*d->bounces));
		b = &d->bounces[d->bounce_count++];
	}
	*b = (struct memory_bounce){.row = *row};
	b->row.email_id = memory_data_keep(s, row->email_id);
	b->row.key = memory_data_keep(s, row->key);
	b->row.kind = memory_data_keep(s, row->kind);
	b->row.proof = memory_data_keep(s, row->proof);
	b->row.class = memory_data_keep(s, row->class);
	b->row.enhanced = memory_data_keep(s, row->enhanced);
	b->row.reply = memory_data_keep(s, row->reply);
	count_change(r);
	return 0;
}

static int
compare_times(const struct memory_bounce *a, const struct memory_bounce *b)
{
	return (a->row.at > b->row.at) - (a->row.at < b->row.at);
}

static int
compare_people(const void *pa, const void *pb)
{
	const struct memory_bounce *a = pa, *b = pb;
	int order = str_order(a->row.key, b->row.key);

	return order != 0 ? order : compare_times(a, b);
}

static int
compare_places(const void *pa, const void *pb)
{
	const struct memory_bounce *a = pa, *b = pb;
	int order = str_order(a->row.email_id, b->row.email_id);

	if (order == 0)
		order = str_order(
		    str_behind(a->row.key, '@'), str_behind(b->row.key, '@'));
	return order != 0 ? order : compare_times(a, b);
}

static bool
is_taken_back(const struct bounce_register *r, const struct bounce_row *b)
{
	const struct memory_row *row =
	    memory_rows_find(r->store, b->email_id, b->key);

	return str_is(
		   (struct str){b->proof.p, b->proof.n < 4 ? 0 : 4}, "smtp") &&
	       row != NULL && row->shown.state != REPORT_FAILED &&
	       !has_fault(r, MEMORY_FAULT_TAKEN_BACK);
}

static bool
counts(const struct bounce_register *r, const struct memory_bounce *b)
{
	return !is_taken_back(r, &b->row) &&
	       (str_is(b->row.kind, "hard") || str_is(b->row.kind, "soft")) &&
	       (b->cleared == 0 || has_fault(r, MEMORY_FAULT_UNCLEARED));
}

static int
each_bounce(struct bounce_register *r, struct str key, bounce_row_fn *fn,
    void *ctx, struct fail *f)
{
	struct memory_data *d = data_of(r);
	int rc = 0;

	if (d->bounce_count > 0)
		qsort(d->bounces, d->bounce_count, sizeof(*d->bounces),
		    compare_people);
	for (size_t i = 0; rc == 0 && i < d->bounce_count; i++) {
		const struct memory_bounce *b = &d->bounces[i];

		if (counts(r, b) && (key.p == NULL || str_eq(key, b->row.key)))
			rc = fn(ctx, &b->row, f);
	}
	return rc;
}

static bool
is_hard(const struct bounce_register *r, const struct memory_bounce *b)
{
	return counts(r, b) && str_is(b->row.kind, "hard");
}

static long long
count_place(struct bounce_register *r, const struct memory_bounce *of)
{
	struct memory_data *d = data_of(r);
	long long n = 0;

	for (size_t i = 0; i < d->bounce_count; i++) {
		const struct memory_bounce *b = &d->bounces[i];

		n += is_hard(r, b) &&
		     str_eq(b->row.email_id, of->row.email_id) &&
		     str_eq(str_behind(b->row.key, '@'),
			 str_behind(of->row.key, '@'));
	}
	return n;
}

static int
each_hard_bounce(struct bounce_register *r, long long least, bounce_row_fn *fn,
    void *ctx, struct fail *f)
{
	struct memory_data *d = data_of(r);
	int rc = 0;

	if (d->bounce_count > 0)
		qsort(d->bounces, d->bounce_count, sizeof(*d->bounces),
		    compare_places);
	for (size_t i = 0; rc == 0 && i < d->bounce_count; i++) {
		const struct memory_bounce *b = &d->bounces[i];

		if (is_hard(r, b) && count_place(r, b) > least)
			rc = fn(ctx, &b->row, f);
	}
	return rc;
}

static int
clear_bounces(struct bounce_register *r, struct str key, int64_t since,
    int64_t now, long long *count, struct fail *f)
{
	struct memory_data *d = data_of(r);
	bool all = key.p == NULL || has_fault(r, MEMORY_FAULT_CLEAR_ALL);

	(void)f;
	*count = 0;
	for (size_t i = 0; i < d->bounce_count; i++) {
		struct memory_bounce *b = &d->bounces[i];

		if (b->cleared != 0 || b->row.at < since ||
		    !(all || str_eq(key, b->row.key)))
			continue;
		b->cleared = now;
		count_change(r);
		++*count;
	}
	return 0;
}

static int
count_bounces(struct bounce_register *r, struct str email_id,
    long long *bounced, long long *complained, struct fail *f)
{
	struct memory_data *d = data_of(r);

	(void)f;
	*bounced = *complained = 0;
	for (size_t i = 0; i < d->bounce_count; i++) {
		const struct bounce_row *row = &d->bounces[i].row;
		bool smtp = str_is(row->proof, "smtp") ||
			    str_is(row->proof, "smtp_once");

		if (!str_eq(row->email_id, email_id) ||
		    (smtp && !has_fault(r, MEMORY_FAULT_REFUSED)))
			continue;
		if (str_is(row->kind, "complaint"))
			++*complained;
		else
			++*bounced;
	}
	return 0;
}

static int
count_recipients(struct bounce_register *r, struct str email_id,
    struct str domain, long long *count, struct fail *f)
{
	struct memory_data *d = data_of(r);

	(void)f;
	*count = 0;
	for (size_t i = 0; i < d->row_count; i++) {
		struct str key = d->rows[i].shown.key;

		if (!str_eq(d->rows[i].shown.email_id, email_id))
			continue;
		if (has_fault(r, MEMORY_FAULT_SUBDOMAIN) && key.n >= domain.n)
			*count += memcmp(key.p + key.n - domain.n, domain.p,
				      domain.n) == 0;
		else
			*count += str_eq(str_behind(key, '@'), domain);
	}
	return 0;
}

static bool
is_test(struct str email_id)
{
	return memchr(email_id.p, '~', email_id.n) != NULL;
}

static int
find_success(
    struct bounce_register *r, struct str key, int64_t *at, struct fail *f)
{
	struct memory_data *d = data_of(r);

	(void)f;
	*at = 0;
	for (size_t i = 0; i < d->row_count; i++) {
		const struct report_row *row = &d->rows[i].shown;
		bool back = find_bounce(r, row->email_id, key) != NULL &&
			    !has_fault(r, MEMORY_FAULT_RETURNED);

		if (str_eq(row->key, key) && row->state == REPORT_SENT &&
		    !d->rows[i].claimed && !is_test(row->email_id) && !back &&
		    row->at > *at)
			*at = row->at;
	}
	return 0;
}

static int
find_last(
    struct bounce_register *r, struct str key, struct buf *id, struct fail *f)
{
	struct memory_data *d = data_of(r);
	const struct report_row *last = NULL;

	(void)f;
	for (size_t i = 0; i < d->row_count; i++) {
		const struct report_row *row = &d->rows[i].shown;

		if (str_eq(row->key, key) && !is_test(row->email_id) &&
		    (row->state == REPORT_SENT ||
			row->state == REPORT_IN_DOUBT) &&
		    (last == NULL || row->at > last->at))
			last = row;
	}
	if (last != NULL)
		buf_addstr(id, last->email_id);
	return last != NULL;
}

static int
find_failed(struct bounce_register *r, struct str email_id, struct str key,
    bool *failed, struct fail *f)
{
	const struct memory_row *row =
	    memory_rows_find(r->store, email_id, key);

	(void)f;
	*failed =
	    row != NULL && !row->claimed && row->shown.state == REPORT_FAILED;
	return 0;
}

static const struct bounce_register_ops operations = {
    .find = weigh_bounce,
    .put = put_bounce,
    .each = each_bounce,
    .each_hard = each_hard_bounce,
    .clear = clear_bounces,
    .count = count_bounces,
    .recipients = count_recipients,
    .success = find_success,
    .last = find_last,
    .failed = find_failed,
};

struct bounce_register *
memory_bounces_new(struct store *store)
{
	struct bounce_register *r = mem_new(sizeof(*r));

	*r = (struct bounce_register){&operations, store};
	return r;
}
