#include "mail/text/text.h"

#include <stdlib.h>

#include "mail/text/text_style.h"
#include "mail/text/text_walk.h"

/* The numbered list of the targets. */
static void
put_links(struct text_flow *f)
{
	struct text_job *job = f->job;
	struct buf line = {0};

	if (job->link_count == 0)
		return;
	text_flow_break(f, GAP_BLANK);
	text_lines_add(&f->para.lines, STR("Links:"));
	for (size_t i = 0; i < job->link_count; i++) {
		buf_reset(&line);
		buf_printf(&line, "[%zu] ", i + 1);
		buf_addstr(&line, job->links[i]);
		text_lines_add(&f->para.lines, buf_str(&line));
	}
	buf_free(&line);
}

void
text_from_tree(struct buf *out, const struct html *html,
    const struct text_params *params, struct arena *kept)
{
	struct text_job job = {.params = params,
	    .html = *html,
	    .arena = arena_new(),
	    .base = html->base.p != NULL ? html->base : params->base,
	    .kept = kept};
	struct text_flow f = text_flow_outer(&job);

	text_walk_document(&f);
	put_links(&f);
	html_field_restore(out, &html->fields, buf_str(&f.para.lines.text));
	text_flow_free(&f);
	free(job.links);
	arena_free(job.arena);
}

int
text_from_html(struct buf *out, struct str source,
    const struct text_params *params, struct fail *fail)
{
	struct arena *a = arena_new();
	struct html html;
	int rc = html_parse(&html, source, a, fail);

	if (rc == 0) {
		text_style(&html, a);
		text_from_tree(out, &html, params, NULL);
	}
	arena_free(a);
	return rc;
}
