#include "mail/mime/multipart.h"

#include "mail/mime/header_field.h"
#include "mail/mime/mime.h"

/* The last letter of a boundary is that of its layer. */
enum layer { ALTERNATIVE = 'a', MIXED = 'm', RELATED = 'r' };

static void
put_boundary(struct buf *b, const struct multipart *p, enum layer layer)
{
	buf_adds(b, MIME_BOUNDARY);
	buf_addstr(b, p->ident);
	buf_addc(b, (char)layer);
}

static void
open_layer(struct buf *b, const struct multipart *p, enum layer layer)
{
	const char *type = layer == ALTERNATIVE ? "alternative"
			   : layer == MIXED     ? "mixed"
						: "related; type=\"text/html\"";

	buf_printf(b, "Content-Type: multipart/%s;\r\n boundary=\"", type);
	put_boundary(b, p, layer);
	buf_adds(b, "\"\r\n\r\n");
}

static void
put_first_delimiter(struct buf *b, const struct multipart *p, enum layer layer)
{
	buf_adds(b, "--");
	put_boundary(b, p, layer);
	buf_adds(b, "\r\n");
}

/* The CRLF before the delimiter belongs to it (RFC 2046 5.1.1). */
static void
put_delimiter(struct buf *b, const struct multipart *p, enum layer layer)
{
	buf_adds(b, "\r\n");
	put_first_delimiter(b, p, layer);
}

static void
close_layer(struct buf *b, const struct multipart *p, enum layer layer)
{
	buf_adds(b, "\r\n--");
	put_boundary(b, p, layer);
	buf_adds(b, "--");
}

static void
put_base64_part(struct buf *b, const struct multipart_part *part)
{
	buf_printf(b, "Content-Type: %s", part->type);
	buf_printf(b,
	    "\r\nContent-Transfer-Encoding: base64\r\n"
	    "Content-Disposition: %s",
	    part->cid.p != NULL ? "inline" : "attachment");
	header_field_parameter(b, "filename", part->filename);
	buf_adds(b, "\r\n");
	if (part->cid.p != NULL) {
		buf_adds(b, "Content-ID: <");
		buf_addstr(b, part->cid);
		buf_adds(b, ">\r\n");
	}
	buf_adds(b, "\r\n");
	buf_addstr(b, part->base64);
}

static int
put_html_part(struct buf *b, const struct multipart *p, struct fail *f)
{
	size_t i;

	if (p->image_count == 0)
		return mime_text_part(b, "html", p->html, "the HTML", f);
	open_layer(b, p, RELATED);
	put_first_delimiter(b, p, RELATED);
	if (mime_text_part(b, "html", p->html, "the HTML", f) < 0)
		return -1;
	for (i = 0; i < p->image_count; i++) {
		put_delimiter(b, p, RELATED);
		put_base64_part(b, &p->images[i]);
	}
	close_layer(b, p, RELATED);
	return 0;
}

static int
put_alternative_layer(struct buf *b, const struct multipart *p, struct fail *f)
{
	open_layer(b, p, ALTERNATIVE);
	put_first_delimiter(b, p, ALTERNATIVE);
	if (mime_text_part(b, "plain", p->text, "the text", f) < 0)
		return -1;
	put_delimiter(b, p, ALTERNATIVE);
	if (put_html_part(b, p, f) < 0)
		return -1;
	close_layer(b, p, ALTERNATIVE);
	return 0;
}

static int
put_mixed_layer(struct buf *b, const struct multipart *p, struct fail *f)
{
	size_t i;

	open_layer(b, p, MIXED);
	put_first_delimiter(b, p, MIXED);
	if (put_alternative_layer(b, p, f) < 0)
		return -1;
	for (i = 0; i < p->file_count; i++) {
		put_delimiter(b, p, MIXED);
		put_base64_part(b, &p->files[i]);
	}
	close_layer(b, p, MIXED);
	return 0;
}

int
multipart_put(struct buf *b, const struct multipart *p, struct fail *f)
{
	int rc = p->file_count > 0 ? put_mixed_layer(b, p, f)
				   : put_alternative_layer(b, p, f);

	buf_adds(b, "\r\n");
	return rc;
}

int
multipart_encode(struct multipart_part *part, struct buf *base64,
    struct str content, struct fail *f)
{
	struct buf clean = {0};
	int rc =
	    header_field_clean(&clean, "attachment's name", part->filename, f);

	buf_free(&clean);
	part->type = mime_type(part->filename, content);
	if (rc == 0)
		mime_base64(base64, content);
	return rc;
}
