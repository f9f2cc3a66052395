#include "mail/message/compose_footer.h"

#include <stdint.h>
#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/escape.h"
#include "mail/message/footer.h"

bool
compose_footer_knows(
    const struct compose *c, const struct template_trace *trace)
{
	size_t i;

	for (i = 0; !trace->loose && i < COMPOSE_PATHS; i++)
		if (c->seen_paths[i] == trace->path)
			return true;
	return false;
}

static void
remember_markup(struct compose *c, const struct template_trace *trace)
{
	if (!trace->loose)
		c->seen_paths[c->seen_count++ % COMPOSE_PATHS] = trace->path;
}

/* The postal address as the HTML has it; p == NULL if it has none. */
static struct str
choose_address(const struct compose *c, struct arena *a)
{
	struct str html = buf_str(&c->html_out), raw = c->params.postal_address;
	struct buf escaped = {0};
	struct str address;

	if (raw.p == NULL)
		return raw;
	escape_html(&escaped, raw);
	address = arena_str(a, buf_str(&escaped));
	buf_free(&escaped);
	if (memmem(html.p, html.n, address.p, address.n) != NULL)
		return address;
	if (memmem(html.p, html.n, raw.p, raw.n) != NULL)
		return raw;
	/* Behind another value the first character may be a reference. */
	if (ascii_is_alnum(*address.p) && address.n > 1)
		address = (struct str){address.p + 1, address.n - 1};
	return address;
}

/* Find out where the byte at the offset comes from, by rendering once more. */
static void
find_origin(struct compose *c, const struct template_data *data, size_t at,
    struct template_trace *trace, struct arena *a)
{
	struct buf again = {0};
	struct fail unused;

	*trace = (struct template_trace){.wanted = at};
	template_trace_render(c->html, data, a, &again, trace, &unused);
	buf_free(&again);
}

static void
put_reason(struct buf *b, enum footer_fault fault, const struct html_cover *cov)
{
	static const char *const what[] = {
	    [FOOTER_LINK] = "the opt-out link",
	    [FOOTER_ADDRESS] = "the postal address",
	};

	if (fault == FOOTER_BODY) {
		html_cover_describe_open(b, cov);
		buf_adds(b, ": no reader sees what follows the body");
	} else if (cov->kind == HTML_COVER_NONE) {
		buf_printf(b,
		    "no reader sees %s: it is not in the HTML, or a "
		    "link without text",
		    what[fault]);
	} else {
		buf_printf(b, "%s stands in ", what[fault]);
		html_cover_describe(b, cov);
		buf_adds(b, ": no reader sees it");
	}
}

static int
fail_hidden(struct compose *c, const struct template_data *data,
    enum footer_fault fault, const struct html_cover *cover, struct arena *a,
    struct fail *f)
{
	struct template_trace trace = {.unit = NULL};
	struct buf b = {0};
	int rc;

	if (cover->kind != HTML_COVER_NONE)
		find_origin(c, data, cover->at, &trace, a);
	if (trace.unit != NULL) {
		template_trace_place(&b, &trace);
		buf_adds(&b, ": ");
	}
	if (trace.unit != NULL && trace.field != NULL)
		buf_printf(&b, "field %.100s: ", trace.field);
	put_reason(&b, fault, cover);
	rc = trace.field != NULL ? fail_data(f, "%s", buf_cstr(&b))
				 : fail_system(f, "%s", buf_cstr(&b));
	buf_free(&b);
	return rc;
}

int
compose_footer_check(struct compose *c, const struct template_data *data,
    const struct template_trace *trace, struct str token, struct arena *a,
    struct fail *f)
{
	struct footer footer = {.html = buf_str(&c->html_out), .token = token};
	struct html_cover cover;
	enum footer_fault fault;

	if (compose_footer_knows(c, trace))
		return 0;
	footer.body = trace->end > 0 ? trace->end : footer.html.n;
	footer.address = choose_address(c, a);
	fault = footer_check(&footer, &cover);
	if (fault != FOOTER_GOOD)
		return fail_hidden(c, data, fault, &cover, a, f);
	remember_markup(c, trace);
	return 0;
}
