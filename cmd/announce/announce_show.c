#include <stdlib.h>
#include <unistd.h>

#include "announce/announce_run.h"
#include "base/file.h"
#include "base/json_get.h"
#include "base/program.h"
#include "base/shell.h"
#include "mail/record/plan.h"
#include "mail/report/report_summary.h"

#define DOMAINS_SHOWN 3

int
announce_say(const struct announce *a, struct buf *text)
{
	int status = 0;

	if (!a->args->quiet && file_write(STDOUT_FILENO, buf_str(text)) < 0)
		status = program_die_stdout(PROGRAM);
	buf_free(text);
	return status;
}

/* The command as it can be typed again, with more words. */
static void
put_command(struct buf *b, const struct announce *a, const char *more)
{
	buf_addc(b, ' ');
	for (char **word = a->typed; *word != NULL; word++) {
		buf_addc(b, ' ');
		shell_put(b, *word);
	}
	buf_printf(b, " %s\n", more);
}

static int
order_domains(const void *a, const void *b)
{
	const struct plan_domain *one = a, *other = b;

	if (one->count != other->count)
		return one->count > other->count ? -1 : 1;
	return str_order(one->name, other->name);
}

static int
put_plan(struct buf *b, const struct announce *a, struct str *content,
    struct fail *f)
{
	struct buf text = {0};
	struct plan p = {0};

	if (file_read(&text, announce_path(a, "plan.json"), PLAN_MAX, NULL, f) <
		0 ||
	    plan_parse(&p, buf_str(&text), a->arena, f) < 0) {
		buf_free(&text);
		return -1;
	}
	if (p.domain_count > 0)
		qsort(p.domains, p.domain_count, sizeof(*p.domains),
		    order_domains);
	buf_printf(
	    b, "people    %lld\ndomains   %zu:", p.count, p.domain_count);
	for (size_t i = 0; i < p.domain_count && i < DOMAINS_SHOWN; i++)
		buf_printf(b, "%s %.*s %lld", i > 0 ? "," : "",
		    (int)p.domains[i].name.n, p.domains[i].name.p,
		    p.domains[i].count);
	buf_addc(b, '\n');
	*content = arena_str(a->arena, p.content);
	buf_free(&text);
	return 0;
}

/* Who was left out, and why: "3 opted_out, 2 invalid". */
static void
put_left_out(struct buf *b, struct announce *a)
{
	static const char *const whys[] = {"inactive", "last_login", "excluded",
	    "opted_out", "invalid", "duplicate", "ledger", "over_limit"};
	const struct process_words w = announce_words(
	    a, "bm-recipients", ANNOUNCE_ARGS_RECIPIENTS, "--count", NULL);
	struct json_object o = {0};
	struct buf text = {0};
	struct fail f;
	bool any = false;

	if (announce_capture(a, &w, &text) > 1 ||
	    json_parse(&o, buf_str(&text), a->arena, &f) < 0)
		o.count = 0;
	for (size_t i = 0; i < sizeof(whys) / sizeof(*whys); i++) {
		const struct json_value *v = json_get(&o, whys[i]);

		if (v == NULL || str_is(v->raw, "0"))
			continue;
		buf_printf(b, "%s%.*s %s", any ? ", " : "left out  ",
		    (int)v->raw.n, v->raw.p, whys[i]);
		any = true;
	}
	buf_adds(b, any ? "\n" : "");
	buf_free(&text);
}

static int
put_lint(struct buf *b, const struct announce *a, struct fail *f)
{
	const char *path = announce_path(a, "lint.txt");
	struct buf text = {0};
	struct str rest, line;
	int rc = file_read(&text, path, PLAN_MAX, NULL, f);

	rest = buf_str(&text);
	if (rest.n > 0)
		buf_printf(b, "to check  %lld findings in %s\n",
		    announce_prepare_count(a, "lint.txt"), path);
	while (str_line(&rest, &line))
		buf_printf(b, "          %.*s\n", (int)line.n, line.p);
	buf_free(&text);
	return rc;
}

/* bm-send refuses another text of a mailing that is begun. */
static void
put_other_text(struct buf *b, const struct announce *a, const struct report *r,
    struct str content)
{
	if (r->content.n == 0 || str_eq(r->content, content))
		return;
	buf_printf(b,
	    "text      not the one that the mailing was begun with, which %lld "
	    "have:\n          %s\n",
	    r->all.by[REPORT_SENT],
	    a->args->accept_content
		? "--accept-content sends this one to the others"
		: "--accept-content to send this one to the others, --id ID "
		  "for a mailing to all");
}

static int
describe_mailing(
    struct buf *b, struct announce *a, struct report *r, struct fail *f)
{
	struct str content = {0};

	buf_printf(b, "mailing   %s\n", a->id);
	if (put_plan(b, a, &content, f) < 0)
		return -1;
	put_left_out(b, a);
	announce_end_count(a, r);
	put_other_text(b, a, r, content);
	if (r->all.total > 0) {
		buf_adds(b, "so far    ");
		report_summary(b, r);
		buf_addc(b, '\n');
	}
	if (a->signs)
		buf_adds(b, "signed    with DKIM\n");
	buf_printf(b, "preview   %s\n", announce_path(a, "preview.html"));
	return put_lint(b, a, f);
}

static void
put_another(struct buf *b, const struct announce *a, const char *why)
{
	buf_printf(b,
	    "\n%s Another mailing with this subject takes an id of its own:\n",
	    why);
	put_command(b, a, arena_printf(a->arena, "--id %.50s-2", a->id));
}

static void
put_ways_on(struct buf *b, struct announce *a, const struct report *r)
{
	if (str_is(r->state, "cancelled")) {
		put_another(b, a, "It is cancelled for good.");
		return;
	}
	if (r->all.total > 0 && report_status(r) != 75) {
		put_another(b, a, "Nobody is left to send it to.");
		return;
	}
	if (str_is(r->state, "held")) {
		buf_adds(b, "\nIt is held, and nothing is sent before:\n ");
		announce_end_release(a, b);
		buf_addc(b, '\n');
	}
	buf_adds(b,
	    "\nNothing was sent. To send one message to yourself, and then "
	    "all:\n");
	put_command(b, a, "--test ADDRESS");
	put_command(b, a, "--send");
}

int
announce_show(struct announce *a)
{
	struct buf b = {0};
	struct report r;
	struct fail f;

	if (describe_mailing(&b, a, &r, &f) < 0) {
		buf_free(&b);
		return program_die(PROGRAM, &f);
	}
	if (a->refused)
		program_note(PROGRAM,
		    "some records were refused, see %s/*.rejects", a->dir);
	put_ways_on(&b, a, &r);
	return announce_say(a, &b);
}
