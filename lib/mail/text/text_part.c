#include "mail/text/text_part.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mail/template/template_parse.h"
#include "mail/template/template_render.h"
#include "mail/text/text_form.h"
#include "mail/text/text_wrap.h"

/* Marks the body's place in the frame: private characters, never our data. */
#define PLACE "\xef\xa3\xbf\xef\xa3\xbe\xef\xa3\xbf"

struct text_part {
	struct template *frame; /* or NULL */
	struct template *text;  /* --text; or NULL */
	const struct template *html;
	struct text_form *form; /* NULL with --text */
	struct text_params convert;
	struct template_rules rules;
	bool wrap;   /* the lines of the text */
	bool placed; /* the frame has a place for the body */
};

static struct template_source
find_frame_partial(void *ctx, const char *name)
{
	struct text_part *p = ctx;

	if (strcmp(name, "body") == 0) {
		p->placed = true;
		return (struct template_source){.bytes = STR(PLACE "\n")};
	}
	if (p->rules.partial != NULL)
		return p->rules.partial(p->rules.partial_ctx, name);
	return (struct template_source){0};
}

static int
compile_frame(
    struct text_part *p, const struct text_part_params *params, struct fail *f)
{
	struct template_params tp = {.name = params->frame_name,
	    .context = TEMPLATE_TEXT,
	    .rules.missing = params->rules.missing,
	    .rules.partial = find_frame_partial,
	    .rules.partial_ctx = p};

	if (params->frame.p == NULL)
		return 0;
	if (template_parse(&p->frame, params->frame, &tp, f) < 0)
		return -1;
	if (!p->placed)
		return fail_system(
		    f, "%s has no {{> body}}", params->frame_name);
	return 0;
}

static int
compile_text(
    struct text_part *p, const struct text_part_params *params, struct fail *f)
{
	struct template_params tp = {.name = params->text_name,
	    .context = TEMPLATE_TEXT,
	    .rules = params->rules};

	if (params->text.p != NULL)
		return template_parse(&p->text, params->text, &tp, f);
	p->form = text_form_new(p->html, &p->convert);
	return 0;
}

int
text_part_new(struct text_part **out, const struct text_part_params *params,
    struct fail *f)
{
	struct text_part *p = mem_new(sizeof(*p));

	p->html = params->html;
	p->convert = params->convert;
	p->rules = params->rules;
	p->wrap = params->wrap;
	if (compile_frame(p, params, f) < 0 || compile_text(p, params, f) < 0) {
		text_part_free(p);
		return -1;
	}
	*out = p;
	return 0;
}

void
text_part_free(struct text_part *p)
{
	if (p == NULL)
		return;
	template_free(p->frame);
	template_free(p->text);
	text_form_free(p->form);
	free(p);
}

/* Without empty lines at the ends, which a file of text may have. */
static int
render_wrapped(const struct text_part *p, const struct template_data *data,
    struct arena *a, struct buf *b, struct fail *f)
{
	struct buf text = {0};
	int rc = template_render(p->text, data, a, &text, f);

	if (rc == 0)
		text_wrap(
		    b, str_strip(buf_str(&text), "\r\n"), p->convert.width);
	buf_free(&text);
	return rc;
}

void
text_part_set_base(struct text_part *p, struct str base)
{
	p->convert.base = base;
}

static int
render_body(const struct text_part *p, const struct template_data *data,
    struct arena *a, struct buf *b, struct fail *f)
{
	if (p->text != NULL && p->wrap)
		return render_wrapped(p, data, a, b, f);
	if (p->text != NULL)
		return template_render(p->text, data, a, b, f);
	return text_form_render(p->form, data, a, b, f);
}

/* Set the offset of PLACE in the frame; DATA if a value contains PLACE. */
static int
find_place(size_t *at, struct str frame, struct fail *f)
{
	size_t n = strlen(PLACE);
	const char *p = memmem(frame.p, frame.n, PLACE, n);
	const char *end = frame.p + frame.n;

	if (p == NULL)
		return fail_data(f, "the text layout left out its body");
	if (memmem(p + n, (size_t)(end - p) - n, PLACE, n) != NULL)
		return fail_data(f, "a value imitates the place of the body");
	*at = (size_t)(p - frame.p);
	return 0;
}

/* Append the frame with the body in its place; the frame is wrapped. */
static int
join_frame(const struct text_part *p, struct str frame, struct str body,
    struct buf *b, struct fail *f)
{
	size_t at = 0, behind;

	if (find_place(&at, frame, f) < 0)
		return -1;
	behind = at + strlen(PLACE);
	/* The body has its own line end. */
	if (behind < frame.n && frame.p[behind] == '\n')
		behind++;
	text_wrap(b, (struct str){frame.p, at}, p->convert.width);
	buf_addstr(b, body);
	text_wrap(b, (struct str){frame.p + behind, frame.n - behind},
	    p->convert.width);
	return 0;
}

int
text_part_render(const struct text_part *p, const struct template_data *data,
    struct arena *a, struct buf *b, struct fail *f)
{
	struct buf body = {0}, frame = {0};
	int rc;

	if (p->frame == NULL)
		return render_body(p, data, a, b, f);
	rc = render_body(p, data, a, &body, f);
	if (rc == 0)
		rc = template_render(p->frame, data, a, &frame, f);
	if (rc == 0)
		rc = join_frame(p, buf_str(&frame), buf_str(&body), b, f);
	buf_free(&body);
	buf_free(&frame);
	return rc;
}

bool
text_part_uses(const struct text_part *p, const char *name)
{
	const struct template *body = p->text != NULL ? p->text : p->html;

	return (p->frame != NULL && template_uses(p->frame, name)) ||
	       template_uses(body, name);
}
