#include "mail/mime/multipart.h"

#include <stdbool.h>
#include <string.h>

#include "mail/mime/calendar.h"
#include "mail/mime/header_field.h"
#include "mail/mime/media_type.h"
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

/* Two names of a file: readers without RFC 2231 know that of the type only. */
static void
put_base64_part(struct buf *b, const struct multipart_part *part)
{
	/* The calendar is in the alternative: no reader is to act on it twice.
	 */
	buf_printf(b, "Content-Type: %s",
	    part->method != NULL ? "application/ics" : part->type);
	header_field_name(b, part->filename);
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

static void
put_related_parts(
    struct buf *b, const struct multipart *p, struct multipart_list list)
{
	for (size_t i = 0; i < list.count; i++) {
		if (list.parts[i].cid.p == NULL)
			continue;
		put_delimiter(b, p, RELATED);
		put_base64_part(b, &list.parts[i]);
	}
}

/* The number of parts that are inline, or that are not. */
static size_t
count_parts(struct multipart_list list, bool is_inline)
{
	size_t n = 0;

	for (size_t i = 0; i < list.count; i++)
		n += (list.parts[i].cid.p != NULL) == is_inline;
	return n;
}

static int
put_html_part(struct buf *b, const struct multipart *p, struct fail *f)
{
	if (p->images.count + count_parts(p->files, true) == 0)
		return mime_text_part(b, "html", p->html, "the HTML", f);
	open_layer(b, p, RELATED);
	put_first_delimiter(b, p, RELATED);
	if (mime_text_part(b, "html", p->html, "the HTML", f) < 0)
		return -1;
	put_related_parts(b, p, p->images);
	put_related_parts(b, p, p->files);
	close_layer(b, p, RELATED);
	return 0;
}

/*
 * The first calendar with a method, as mail programs want it to show buttons
 * (RFC 6047 2.4); the file is attached as well, for the others.
 */
static void
put_calendar(struct buf *b, const struct multipart *p)
{
	const struct multipart_part *part = p->files.parts;
	size_t i = 0;

	while (i < p->files.count && part[i].method == NULL)
		i++;
	if (i == p->files.count)
		return;
	put_delimiter(b, p, ALTERNATIVE);
	buf_printf(b,
	    "Content-Type: %s; method=%s\r\n"
	    "Content-Transfer-Encoding: base64\r\n\r\n",
	    part[i].type, part[i].method);
	buf_addstr(b, part[i].base64);
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
	put_calendar(b, p);
	close_layer(b, p, ALTERNATIVE);
	return 0;
}

static int
put_mixed_layer(struct buf *b, const struct multipart *p, struct fail *f)
{
	open_layer(b, p, MIXED);
	put_first_delimiter(b, p, MIXED);
	if (put_alternative_layer(b, p, f) < 0)
		return -1;
	for (size_t i = 0; i < p->files.count; i++) {
		if (p->files.parts[i].cid.p != NULL)
			continue;
		put_delimiter(b, p, MIXED);
		put_base64_part(b, &p->files.parts[i]);
	}
	close_layer(b, p, MIXED);
	return 0;
}

int
multipart_put(struct buf *b, const struct multipart *p, struct fail *f)
{
	int rc = count_parts(p->files, false) > 0
		     ? put_mixed_layer(b, p, f)
		     : put_alternative_layer(b, p, f);

	buf_adds(b, "\r\n");
	return rc;
}

/* A calendar's lines end with CRLF (RFC 5545 3.1), whatever wrote the file. */
static void
encode_calendar(struct buf *base64, struct str content)
{
	struct buf crlf = {0};

	mime_crlf(&crlf, content);
	mime_base64(base64, buf_str(&crlf));
	buf_free(&crlf);
}

int
multipart_encode(struct multipart_part *part, struct buf *base64,
    struct str content, struct arena *a, struct fail *f)
{
	struct buf clean = {0};
	int rc =
	    header_field_clean(&clean, "attachment's name", part->filename, f);

	if (rc == 0)
		part->filename = arena_str(a, buf_str(&clean));
	buf_free(&clean);
	if (rc < 0)
		return -1;
	part->type = media_type(part->filename, content);
	part->method = strncmp(part->type, "text/calendar", 13) == 0
			   ? calendar_method(content)
			   : NULL;
	if (part->method != NULL)
		encode_calendar(base64, content);
	else
		mime_base64(base64, content);
	return 0;
}
