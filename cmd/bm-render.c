/* bm-render: one complete, personal message for each recipient record. */
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/confine.h"
#include "base/crypto.h"
#include "base/filter.h"
#include "base/options.h"
#include "base/program.h"
#include "base/utf8.h"
#include "mail/html/html.h"
#include "mail/message/compose.h"
#include "mail/mime/addr.h"
#include "mail/record/message.h"
#include "mail/record/recipient.h"
#include "port/mailing/mailing.h"
#include "render/render.h"
#include "render/render_lacks.h"
#include "render/render_options.h"
#include "render/render_params.h"
#include "render/render_review.h"
#include "render/render_room.h"

static const struct option_rule rules[] = {
    {OPTION_RULE_APART, "from default-from", NULL},
    {OPTION_RULE_APART, "envelope-sender verp", NULL},
    {OPTION_RULE_APART, "no-optout", "optout-url optout-mailto key-file"},
    {OPTION_RULE_APART, "part", "lint preview"},
    {OPTION_RULE_APART, "text", "text-links preheader"},
    {OPTION_RULE_APART, "test-links preview", NULL},
    {OPTION_RULE_APART, "progress no-progress", NULL},
    {OPTION_RULE_NEEDS, "sample", "preview"},
    {0},
};

static void
put_part(const struct render *r, const struct composed *c, struct buf *out)
{
	if (strcmp(r->part, "html") == 0)
		buf_addstr(out, c->html);
	else if (strcmp(r->part, "text") == 0)
		buf_addstr(out, c->text);
	else if (strcmp(r->part, "headers") == 0)
		buf_addstr(out, c->headers);
	else if (strcmp(r->part, "message") == 0)
		buf_addstr(out, c->message.message);
	else
		message_put(out, &c->message);
}

/* False if the filter must stop. */
static bool
render_record(struct render *r, struct filter *filter,
    const struct filter_record *record, struct arena *a, struct buf *out)
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
	buf_reset(out);
	put_part(r, &c, out);
	return filter_write(filter, buf_str(out)) == 0;
}

static void
render_records(struct render *r, struct filter *filter)
{
	struct arena *a = arena_new();
	struct filter_record record;
	struct buf out = {0};

	while (filter_next(filter, &record) == 1 &&
	       render_record(r, filter, &record, a, &out)) {
		progress_add(&r->progress, 1);
		arena_reset(a);
	}
	buf_free(&out);
	arena_free(a);
}

/* The files of strangers are read in the room; what was opened stays open. */
static int
prepare_mailing(
    struct render *r, struct filter *filter, struct options *o, struct fail *f)
{
	struct mailing_paths *p = &r->paths;

	if (render_params_fill(r, o, f) < 0)
		return -1;
	p->body = o->operands[0];
	p->attach = r->attach.items;
	p->attach_count = r->attach.count;
	p->optout = !r->no_optout;
	p->missing = r->params.rules.missing;
	if (filter_open_rejects(filter, r->rejects, f) < 0 ||
	    render_room_enter(r, f) < 0 || mailing_new(&r->mailing, p, f) < 0)
		return -1;
	mailing_fill(r->mailing, &r->params);
	return compose_new(&r->compose, &r->params, f);
}

static void
render_all(struct render *r, struct filter *filter)
{
	r->lacks =
	    render_lacks_new(filter, r->params.sets, r->params.set_count);
	if (r->no_optout)
		program_note(PROGRAM,
		    "no opt-out link: only staff and the sender get this "
		    "message");
	progress_init(&r->progress, PROGRAM, &r->progress_options,
	    !r->lint && r->preview == NULL);
	progress_begin(&r->progress, "records read", 0, STDIN_FILENO);
	filter_set_progress(filter, &r->progress);
	if (r->lint || r->preview != NULL)
		render_review(r, filter);
	else
		render_records(r, filter);
	progress_end(&r->progress);
	render_lacks_finish(r->lacks);
	render_lacks_free(r->lacks);
}

static int
run_render(struct render *r, struct options *o)
{
	struct filter *filter = filter_new(PROGRAM, NULL, 0);
	struct fail f = {0};
	int status;

	r->arena = arena_new();
	if (prepare_mailing(r, filter, o, &f) == 0)
		render_all(r, filter);
	else
		filter_raise(filter, program_die(PROGRAM, &f));
	status = filter_finish(filter);
	compose_free(r->compose);
	mailing_free(r->mailing);
	arena_free(r->arena);
	return status;
}

static void
add_render_versions(struct buf *b)
{
	html_library(b);
	crypto_library(b);
	utf8_library(b);
	confine_library(b);
	addr_library(b);
}

int
main(int argc, char **argv)
{
	struct render r = {.part = "record",
	    .missing = "error",
	    .links = "inline",
	    .width = 72,
	    .samples = 5,
	    .params.max_size = 10 << 20};
	struct option_spec specs[RENDER_OPTIONS_MAX];
	struct options o = {.program = PROGRAM,
	    .versions = add_render_versions,
	    .synopsis = "--id ID --subject TEMPLATE [OPTION...] BODY",
	    .purpose = "Make one personal message for each recipient record.",
	    .specs = specs,
	    .required = "id subject",
	    .rules = rules,
	    .operands_min = 1,
	    .operands_max = 1};
	int status;

	render_options(&r, specs);
	status = program_options(&o, argc, argv);
	if (status != -1)
		return status;
	status = run_render(&r, &o);
	options_free(&o);
	return status;
}
