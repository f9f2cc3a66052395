/* bm-render: one complete, personal message for each recipient record. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/file.h"
#include "base/filter.h"
#include "base/num.h"
#include "base/options.h"
#include "base/program.h"
#include "base/utf8.h"
#include "mail/html/html.h"
#include "mail/message/compose.h"
#include "mail/message/review.h"
#include "mail/mime/addr.h"
#include "mail/record/record.h"
#include "port/mailing/mailing.h"
#include "port/mailing/text_file.h"

#define PROGRAM "bm-render"
#define KEY_FILE_MAX 65536

struct render {
	/* The command line and settings. */
	const char *id, *subject, *course, *text, *layout, *partials, *format;
	const char *missing, *from, *reply_to, *sender, *expires, *part, *links;
	const char *rejects, *preview;
	const char *default_from, *envelope_sender, *optout_url;
	const char *optout_mailto, *key_file, *postal_address, *platform_name;
	struct option_list sets, headers, attach;
	long long width, samples;
	int64_t max_size;
	bool no_optout, images, preheader, lint;

	/* What it works with. */
	struct arena *arena;
	struct token_keys keys;
	struct mailing *mailing;
	struct compose_params params;
	struct compose *compose;
	int64_t date; /* SOURCE_DATE_EPOCH in ms; -1: now */
};

static int64_t
now(const struct render *r)
{
	return r->date >= 0 ? r->date : clock_wall_ms();
}

static int
render_record(void *ctx, const struct filter_record *record, struct arena *a,
    struct buf *out, struct fail *f)
{
	struct render *r = ctx;
	struct recipient recipient;
	struct composed c;

	if (recipient_parse(&recipient, record->raw, a, f) != 0 ||
	    compose_record(r->compose, &recipient, now(r), a, &c, f) != 0)
		return -1;
	if (strcmp(r->part, "html") == 0)
		buf_addstr(out, c.html);
	else if (strcmp(r->part, "text") == 0)
		buf_addstr(out, c.text);
	else if (strcmp(r->part, "headers") == 0)
		buf_addstr(out, c.headers);
	else if (strcmp(r->part, "message") == 0)
		buf_addstr(out, c.message.message);
	else
		message_put(out, &c.message);
	return 0;
}

static struct str
optional(const char *s)
{
	return str_of(s != NULL && *s != '\0' ? s : NULL);
}

/* The index of a word in a list that ends with NULL. */
static int
choose(const char *word, const char *const *words, const char *option,
    int *index, struct fail *f)
{
	for (*index = 0; words[*index] != NULL; ++*index) {
		if (strcmp(words[*index], word) == 0)
			return 0;
	}
	return fail_system(f, "--%s %s: no such choice", option, word);
}

static int
read_keys(struct render *r, struct fail *f)
{
	struct buf b = {0};
	int rc;

	if (r->key_file == NULL)
		return 0;
	rc = file_read_secret(&b, r->key_file, KEY_FILE_MAX, f);
	if (rc == 0)
		rc = token_keys_parse(&r->keys, buf_str(&b), r->arena, f);
	if (rc == 0)
		r->params.keys = &r->keys;
	buf_free(&b);
	return rc;
}

static int
read_date(struct render *r, struct fail *f)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	long long seconds;

	r->date = -1;
	if (epoch == NULL || *epoch == '\0')
		return 0;
	if (num_parse(str_of(epoch), 0, 253402300799, &seconds, f) != 0)
		return fail_system(f, "SOURCE_DATE_EPOCH: %s", f->text);
	r->date = seconds * 1000;
	return 0;
}

static int
read_expires(struct render *r, struct fail *f)
{
	if (r->expires == NULL)
		return 0;
	if (num_parse_time(str_of(r->expires), &r->params.expires, f) != 0)
		return fail_system(f, "--expires: %s", f->text);
	if (r->params.expires <= now(r))
		return fail_system(f, "--expires: %s is past", r->expires);
	return 0;
}

/* "Name: template" */
static int
split_headers(struct render *r, struct fail *f)
{
	struct compose_header *list =
	    arena_alloc(r->arena, (r->headers.count + 1) * sizeof(*list));
	size_t i;

	for (i = 0; i < r->headers.count; i++) {
		const char *s = r->headers.items[i], *colon = strchr(s, ':');

		if (colon == NULL)
			return fail_system(
			    f, "--header %s: not \"Name: value\"", s);
		list[i].name = arena_dup(r->arena, s, (size_t)(colon - s));
		colon += 1 + strspn(colon + 1, " \t");
		list[i].value = str_of(colon);
		if (text_file_check_line(list[i].value, list[i].name, f) != 0)
			return -1;
	}
	r->params.headers = list;
	r->params.header_count = r->headers.count;
	return 0;
}

static int
list_sets(struct render *r, struct fail *f)
{
	struct str *list =
	    arena_alloc(r->arena, (r->sets.count + 1) * sizeof(*list));
	size_t i;

	for (i = 0; i < r->sets.count; i++) {
		list[i] = str_of(r->sets.items[i]);
		if (text_file_check(list[i], "--set", f) != 0)
			return -1;
	}
	r->params.sets = list;
	r->params.set_count = r->sets.count;
	return 0;
}

static int
choose_all(struct render *r, struct fail *f)
{
	static const char *const parts[] = {
	    "record", "message", "headers", "html", "text", NULL};
	static const enum compose_part values[] = {COMPOSE_MESSAGE,
	    COMPOSE_MESSAGE, COMPOSE_HEADERS, COMPOSE_HTML, COMPOSE_TEXT};
	static const char *const missing[] = {"error", "empty", NULL};
	static const char *const links[] = {"inline", "foot", "none", NULL};
	int part = 0, miss = 0, link = 0;

	if (choose(r->part, parts, "part", &part, f) != 0 ||
	    choose(r->missing, missing, "missing", &miss, f) != 0 ||
	    choose(r->links, links, "text-links", &link, f) != 0)
		return -1;
	r->params.part = values[part];
	r->params.rules.missing =
	    miss == 0 ? TEMPLATE_MISSING_ERROR : TEMPLATE_MISSING_EMPTY;
	r->params.convert = (struct text_params){.width = (int)r->width,
	    .links = (enum text_links)link,
	    .preheader = r->preheader};
	return 0;
}

static int
fill_params(struct render *r, struct options *o, struct fail *f)
{
	struct compose_params *p = &r->params;
	bool reserved;

	if (settings_bool(o->settings, "BM_ALLOW_RESERVED", &reserved, f) !=
		0 ||
	    choose_all(r, f) != 0 || split_headers(r, f) != 0 ||
	    list_sets(r, f) != 0 || read_keys(r, f) != 0 ||
	    read_date(r, f) != 0 || read_expires(r, f) != 0)
		return -1;
	p->policy = reserved ? ADDR_RESERVED : ADDR_STRICT;
	p->email_id = str_of(r->id);
	p->course_id = optional(r->course);
	p->subject = str_of(r->subject);
	p->from = optional(r->from);
	p->from_address = optional(r->default_from);
	p->reply_to = optional(r->reply_to);
	p->sender = optional(r->sender);
	p->envelope_sender = optional(r->envelope_sender);
	p->optout = !r->no_optout;
	p->lenient = r->lint || r->preview != NULL;
	p->optout_url = optional(r->optout_url);
	p->optout_mailto = optional(r->optout_mailto);
	p->platform_name = optional(r->platform_name);
	p->postal_address = optional(r->postal_address);
	p->max_size = r->max_size;
	if (record_check_email_id(p->email_id, f) != 0 ||
	    (p->course_id.p != NULL &&
		record_check_course_id(p->course_id, f) != 0))
		return fail_system(f, "%s", f->text);
	return text_file_check_line(p->subject, "--subject", f);
}

static int
open_mailing(struct render *r, struct options *o, struct fail *f)
{
	struct mailing_paths paths = {.body = o->operands[0],
	    .format = r->format,
	    .text = r->text,
	    .layout = r->layout,
	    .partials = r->partials,
	    .attach = r->attach.items,
	    .attach_count = r->attach.count,
	    .images = r->images,
	    .optout = !r->no_optout};

	if (fill_params(r, o, f) != 0)
		return -1;
	paths.missing = r->params.rules.missing;
	if (mailing_new(&r->mailing, &paths, f) != 0)
		return -1;
	mailing_fill(r->mailing, &r->params);
	return compose_new(&r->compose, &r->params, f);
}

/* Render a record to look at it; only as many as are needed. */
static bool
review_record(struct render *r, struct filter *filter, struct review *review,
    const struct filter_record *record, struct arena *a)
{
	struct recipient recipient;
	struct composed c;
	struct fail f = {0};

	if (recipient_parse(&recipient, record->raw, a, &f) != 0 ||
	    compose_record(r->compose, &recipient, now(r), a, &c, &f) != 0)
		return filter_report(filter, record, "render", "invalid", &f);
	review_message(
	    review, &c, &r->params, record->file, (size_t)record->line);
	return true;
}

static int
write_page(const struct render *r, const struct review *review, struct fail *f)
{
	FILE *out = fopen(r->preview, "we");
	struct buf page = {0};
	bool good;

	if (out == NULL)
		return fail_errno(f, "%s", r->preview);
	review_page(review, r->params.email_id, &page);
	good = fwrite(page.p, 1, page.len, out) == page.len;
	good = fclose(out) == 0 && good;
	buf_free(&page);
	return good ? 0 : fail_errno(f, "%s", r->preview);
}

static void
show(const struct render *r, struct filter *filter, const struct review *review)
{
	struct buf findings = {0};
	struct fail f;
	size_t n = review_findings(review, &findings);

	if (r->preview != NULL && write_page(r, review, &f) != 0)
		filter_raise(filter, program_die(PROGRAM, &f));
	if (r->lint && n > 0)
		filter_raise(filter, 1);
	if (r->lint)
		filter_write(filter, buf_str(&findings));
	buf_free(&findings);
}

/* --lint and --preview: no record is written. */
static int
look(struct render *r, struct filter *filter)
{
	struct review *review = review_new((size_t)r->samples);
	struct arena *a = arena_new();
	struct filter_record record;
	long long count = 0;

	mailing_sources(r->mailing, review_source, review);
	while (filter_next(filter, &record) == 1) {
		/* The rest is read, so that whoever writes it ends well. */
		if (!r->lint && count++ >= r->samples)
			continue;
		arena_reset(a);
		if (!review_record(r, filter, review, &record, a))
			break;
	}
	show(r, filter, review);
	arena_free(a);
	review_free(review);
	return filter_finish(filter);
}

static int
stream(struct render *r, struct filter *filter)
{
	if (r->no_optout)
		program_note(PROGRAM,
		    "no opt-out link: only staff and the sender get this "
		    "message");
	if (r->lint || r->preview != NULL)
		return look(r, filter);
	return filter_run(filter, "render", render_record, r);
}

static int
run(struct render *r, struct options *o)
{
	struct filter *filter = filter_new(PROGRAM, NULL, 0);
	struct fail f = {0};
	int status;

	r->arena = arena_new();
	if (open_mailing(r, o, &f) == 0 &&
	    filter_open_rejects(filter, r->rejects, &f) == 0) {
		status = stream(r, filter);
	} else {
		filter_raise(filter, program_die(PROGRAM, &f));
		status = filter_finish(filter);
	}
	compose_free(r->compose);
	mailing_free(r->mailing);
	arena_free(r->arena);
	return status;
}

static void
versions(struct buf *b)
{
	html_library(b);
	crypto_library(b);
	utf8_library(b);
	addr_library(b);
}

int
main(int argc, char **argv)
{
	/* size: most of it is the table of options. */
	struct render r = {.part = "record",
	    .missing = "error",
	    .links = "inline",
	    .width = 72,
	    .samples = 5,
	    .max_size = 10 << 20};
	struct option_spec specs[] = {
	    OPTION_TEXT("id", 'i', &r.id, "ID", NULL,
		"the mailing; the same ID is never sent twice to anybody"),
	    OPTION_TEXT(
		"subject", 's', &r.subject, "TEMPLATE", NULL, "the subject"),
	    OPTION_TEXT("course", 'c', &r.course, "ID", NULL,
		"the course of records that name none"),
	    OPTION_TEXT("format", 0, &r.format, "html|markdown", NULL,
		"of the body; else its suffix decides"),
	    OPTION_TEXT("text", 0, &r.text, "FILE", NULL,
		"a template for the text part, instead of the HTML's text"),
	    OPTION_TEXT("layout", 0, &r.layout, "DIR|none", NULL,
		"layout.html and layout.txt round the body"),
	    OPTION_TEXT("partials", 0, &r.partials, "DIR", NULL,
		"NAME.mustache for {{> NAME}}"),
	    OPTION_LIST("set", 0, &r.sets, "NAME=VALUE",
		"a merge field of every record"),
	    OPTION_TEXT("missing", 0, &r.missing, "error|empty", NULL,
		"what a field without a value means"),
	    OPTION_TEXT("from", 0, &r.from, "MAILBOX", NULL,
		"instead of \"Title Course Staff\" <...>"),
	    OPTION_TEXT("default-from", 0, &r.default_from, "ADDRESS",
		"DEFAULT_BULK_FROM_EMAIL", "the address in that"),
	    OPTION_TEXT("reply-to", 0, &r.reply_to, "MAILBOX", NULL,
		"where answers go"),
	    OPTION_TEXT(
		"sender", 0, &r.sender, "MAILBOX", NULL, "the header Sender"),
	    OPTION_TEXT("envelope-sender", 0, &r.envelope_sender, "ADDRESS",
		"BM_ENVELOPE_SENDER", "where bounces go"),
	    OPTION_LIST(
		"header", 0, &r.headers, "'NAME: TEMPLATE'", "one more header"),
	    OPTION_LIST("attach", 'a', &r.attach, "FILE",
		"attach a file; its name may be a template"),
	    OPTION_FLAG(
		"inline", 0, &r.images, "put local images into the message"),
	    OPTION_SIZE("max-size", 0, &r.max_size, "SIZE", NULL,
		"refuse a record whose message is larger (10M)"),
	    OPTION_TEXT("expires", 0, &r.expires, "TIME", NULL,
		"after that bm-send skips the message"),
	    OPTION_NUMBER("text-width", 0, &r.width, "N", NULL, 0, 900,
		"columns of the text part (72); 0: no wrapping"),
	    OPTION_TEXT("text-links", 0, &r.links, "inline|foot|none", NULL,
		"where the text part shows addresses"),
	    OPTION_FLAG("preheader", 0, &r.preheader,
		"keep hidden preheaders in the text part"),
	    OPTION_TEXT("part", 'p', &r.part, "PART", NULL,
		"print html, text, headers or message instead of records"),
	    OPTION_FLAG("no-optout", 0, &r.no_optout,
		"no opt-out link: for staff and the sender only"),
	    OPTION_TEXT("optout-url", 0, &r.optout_url, "URL", "BM_OPTOUT_URL",
		"the opt-out page"),
	    OPTION_TEXT("optout-mailto", 0, &r.optout_mailto, "ADDRESS",
		"BM_OPTOUT_MAILTO", "opt-out by mail"),
	    OPTION_TEXT("key-file", 0, &r.key_file, "FILE", "BM_KEY_FILE",
		"keys of the opt-out links"),
	    OPTION_TEXT("postal-address", 0, &r.postal_address, "TEXT",
		"BM_POSTAL_ADDRESS", "stands in every message"),
	    OPTION_TEXT("platform-name", 0, &r.platform_name, "NAME",
		"BM_PLATFORM_NAME", "stands in the footer"),
	    OPTION_FLAG(
		"lint", 0, &r.lint, "check the mailing and write no records"),
	    OPTION_TEXT("preview", 0, &r.preview, "FILE", NULL,
		"write a page that shows some messages, and no records"),
	    OPTION_NUMBER("sample", 0, &r.samples, "N", NULL, 1, 1000,
		"how many messages the page shows (5)"),
	    OPTION_TEXT("rejects", 0, &r.rejects, "FILE", NULL,
		"write refused records to FILE"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .versions = versions,
	    .synopsis = "--id ID --subject TEMPLATE [OPTION...] BODY",
	    .purpose = "Make one personal message for each recipient record.",
	    .specs = specs,
	    .required = "id subject",
	    .operands_min = 1,
	    .operands_max = 1};
	int status = program_options(&o, argc, argv);

	if (status != -1)
		return status;
	status = run(&r, &o);
	options_free(&o);
	return status;
}
