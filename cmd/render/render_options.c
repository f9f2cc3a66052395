#include "render/render_options.h"

#include <string.h>

struct table {
	struct option_spec *specs;
	size_t count;
};

static void
add_options(struct table *t, const struct option_spec *specs, size_t count)
{
	memcpy(t->specs + t->count, specs, count * sizeof(*specs));
	t->count += count;
}

static void
add_content_options(struct table *t, struct render *r)
{
	const struct option_spec specs[] = {
	    OPTION_TEXT("id", 'i', &r->id, "ID", NULL,
		"the mailing; the same ID is never sent twice to anybody"),
	    OPTION_TEXT(
		"subject", 's', &r->subject, "TEMPLATE", NULL, "the subject"),
	    OPTION_TEXT("course", 'c', &r->course, "ID", NULL,
		"the course of records that name none"),
	    OPTION_TEXT("format", 0, &r->paths.format, "html|markdown|text",
		NULL, "of the body; else its suffix decides"),
	    OPTION_FLAG("hard-breaks", 0, &r->paths.hard_breaks,
		"each line break of Markdown is one"),
	    OPTION_TEXT("text", 0, &r->paths.text, "FILE", NULL,
		"a template for the text part, instead of the HTML's text"),
	    OPTION_TEXT("layout", 0, &r->paths.layout, "DIR|none", NULL,
		"layout.html and layout.txt round the body"),
	    OPTION_TEXT("partials", 0, &r->paths.partials, "DIR", NULL,
		"NAME.mustache for {{> NAME}}"),
	    OPTION_LIST("set", 0, &r->sets, "NAME=VALUE",
		"a merge field of every record"),
	    OPTION_LIST("default", 0, &r->defaults, "NAME=VALUE",
		"that field where a record has no value for it"),
	    OPTION_TEXT("missing", 0, &r->missing, "error|empty", NULL,
		"what a field without a value means"),
	};

	add_options(t, specs, sizeof(specs) / sizeof(*specs));
}

static void
add_header_options(struct table *t, struct render *r)
{
	const struct option_spec specs[] = {
	    OPTION_TEXT("from", 0, &r->from, "MAILBOX", NULL,
		"instead of \"Title Course Staff\" <...>"),
	    OPTION_TEXT("default-from", 0, &r->default_from, "MAILBOX",
		"DEFAULT_BULK_FROM_EMAIL",
		"the address in that; a name in it stands for the whole"),
	    OPTION_TEXT("why", 0, &r->why, "TEXT", NULL,
		"what the footer gives as the reason, behind \"because\""),
	    OPTION_TEXT("reply-to", 0, &r->reply_to, "MAILBOX", NULL,
		"where answers go"),
	    OPTION_TEXT(
		"sender", 0, &r->sender, "MAILBOX", NULL, "the header Sender"),
	    OPTION_TEXT("envelope-sender", 0, &r->envelope_sender, "ADDRESS",
		"BM_ENVELOPE_SENDER", "where bounces go"),
	    OPTION_TEXT("verp", 0, &r->verp, "PATTERN", "BM_VERP",
		"where each recipient's bounce goes, %s for its token"),
	    OPTION_LIST("header", 0, &r->headers, "'NAME: TEMPLATE'",
		"one more header"),
	    OPTION_TEXT("base-url", 0, &r->base_url, "URL", NULL,
		"what relative links belong to, instead of the course's"),
	    OPTION_LIST("attach", 'a', &r->attach, "FILE",
		"attach a file; its name may be a template"),
	    OPTION_FLAG("inline", 0, &r->paths.images,
		"put local images into the message"),
	    OPTION_SIZE("max-size", 0, &r->params.max_size, "SIZE", NULL, "M",
		"refuse a record whose message is larger"),
	    OPTION_TEXT("expires", 0, &r->expires, "TIME", NULL,
		"after that bm-send skips the message"),
	};

	add_options(t, specs, sizeof(specs) / sizeof(*specs));
}

static void
add_text_options(struct table *t, struct render *r)
{
	const struct option_spec specs[] = {
	    OPTION_NUMBER("text-width", 0, &r->width, "N", NULL, 0, 900,
		"columns of the text part; 0: no wrapping"),
	    OPTION_TEXT("text-links", 0, &r->links, "inline|foot|none", NULL,
		"where the text part shows addresses"),
	    OPTION_FLAG("preheader", 0, &r->params.convert.preheader,
		"keep hidden preheaders in the text part"),
	    OPTION_TEXT("part", 'p', &r->part, "PART", NULL,
		"print html, text, headers or message instead of records"),
	};

	add_options(t, specs, sizeof(specs) / sizeof(*specs));
}

static void
add_optout_options(struct table *t, struct render *r)
{
	const struct option_spec specs[] = {
	    OPTION_FLAG("no-optout", 0, &r->no_optout,
		"no opt-out link: for staff and the sender only"),
	    OPTION_FLAG("test-links", 0, &r->params.test,
		"links that change nothing, for bm-send --redirect"),
	    OPTION_TEXT("optout-url", 0, &r->optout_url, "URL", "BM_OPTOUT_URL",
		"the opt-out page"),
	    OPTION_TEXT("optout-mailto", 0, &r->optout_mailto, "ADDRESS",
		"BM_OPTOUT_MAILTO", "opt-out by mail"),
	    OPTION_TEXT("key-file", 0, &r->key_file, "FILE", "BM_KEY_FILE",
		"keys of the opt-out links"),
	    OPTION_TEXT("postal-address", 0, &r->postal_address, "TEXT",
		"BM_POSTAL_ADDRESS", "stands in every message"),
	    OPTION_TEXT("platform-name", 0, &r->platform_name, "NAME",
		"BM_PLATFORM_NAME", "stands in the footer"),
	};

	add_options(t, specs, sizeof(specs) / sizeof(*specs));
}

static void
add_output_options(struct table *t, struct render *r)
{
	const struct option_spec specs[] = {
	    OPTION_FLAG(
		"lint", 0, &r->lint, "check the mailing and write no records"),
	    OPTION_TEXT("preview", 0, &r->preview, "FILE", NULL,
		"write a page that shows some messages, and no records"),
	    OPTION_NUMBER("sample", 0, &r->samples, "N", NULL, 1, 1000,
		"how many messages the page shows"),
	    OPTION_TEXT("rejects", 0, &r->rejects, "FILE", NULL,
		"write refused records to FILE"),
	    PROGRESS_OPTIONS(r->progress_options),
	};

	add_options(t, specs, sizeof(specs) / sizeof(*specs));
}

void
render_options(struct render *r, struct option_spec *specs)
{
	struct table t = {.specs = specs};

	add_content_options(&t, r);
	add_header_options(&t, r);
	add_text_options(&t, r);
	add_optout_options(&t, r);
	add_output_options(&t, r);
	specs[t.count] = (struct option_spec){0};
}
