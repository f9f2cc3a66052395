#include "mail/html/html_cover.h"

void
html_cover_describe_open(struct buf *b, const struct html_cover *c)
{
	int n = (int)(c->name.n < 40 ? c->name.n : 40);

	switch (c->kind) {
	case HTML_COVER_NONE:
		break;
	case HTML_COVER_COMMENT:
		buf_adds(b, "a comment without its end, -->");
		break;
	case HTML_COVER_TAG:
		buf_printf(b, "the tag <%.*s without its end, >", n, c->name.p);
		break;
	case HTML_COVER_RAW:
		buf_printf(
		    b, "<%.*s> without </%.*s>", n, c->name.p, n, c->name.p);
		break;
	case HTML_COVER_ELEMENT:
		buf_printf(b,
		    "<%.*s>, which hides its content, is not closed in good "
		    "order with </%.*s>",
		    n, c->name.p, n, c->name.p);
		break;
	}
}

void
html_cover_describe(struct buf *b, const struct html_cover *c)
{
	if (c->kind == HTML_COVER_COMMENT) {
		buf_adds(b, "a comment");
		return;
	}
	buf_printf(
	    b, "<%.*s>", (int)(c->name.n < 40 ? c->name.n : 40), c->name.p);
	if (c->kind == HTML_COVER_TAG)
		buf_adds(b, " itself, not in its content");
	else
		buf_adds(b, ", which hides its content");
}
