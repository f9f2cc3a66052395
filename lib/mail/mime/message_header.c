#include "mail/mime/message_header.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/crypto.h"
#include "mail/mime/header_field.h"

#define SLUG_MAX 60
/* Gmail accepts this many bytes in a field, and in all fields together. */
#define FIELD_MAX 32768
#define FIELDS_MAX 500000

static void
put_ascii_field(struct buf *b, const char *name, struct str value)
{
	buf_adds(b, name);
	buf_adds(b, ": ");
	buf_addstr(b, value);
	buf_adds(b, "\r\n");
}

/* A course's id as one label of a domain name. */
static void
put_course_label(struct buf *b, struct str id)
{
	unsigned char digest[CRYPTO_SHA256];
	size_t start = b->len, i;

	for (i = 0; i < id.n && b->len - start < SLUG_MAX; i++) {
		char c = id.p[i];

		if (ascii_is_alnum(c))
			buf_addc(b, ascii_lower(c));
		else if (b->len > start && b->p[b->len - 1] != '-')
			buf_addc(b, '-');
	}
	while (b->len > start && b->p[b->len - 1] == '-')
		b->len--;
	if (b->len > start)
		return;
	/* The id has no ASCII letter or digit. */
	crypto_sha256(id.p, id.n, digest);
	crypto_base32(b, digest, 10);
}

/* RFC 2919: the same for all recipients and all mailings of a course. */
static void
put_list_id(struct buf *b, const struct message_header *h)
{
	size_t start = b->len;

	buf_adds(b, "List-Id: ");
	header_field_phrase(b, h->course_title, start);
	buf_adds(b, "\r\n <");
	put_course_label(b, h->course_id);
	buf_adds(b, ".lists.");
	buf_addstr(b, h->from_domain);
	buf_adds(b, ">\r\n");
}

/* Each URI on a line of its own: a relay that folds again breaks DKIM. */
static void
put_unsubscribe(struct buf *b, const struct message_header *h)
{
	if (h->optout_url.p == NULL)
		return;
	buf_adds(b, "List-Unsubscribe: <");
	buf_addstr(b, h->optout_url);
	if (h->optout_mailto.p != NULL) {
		buf_adds(b, ">,\r\n <");
		buf_addstr(b, h->optout_mailto);
	}
	buf_adds(b, ">\r\n"
		    "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
}

/* Campaign, list, kind, sender: the same for all recipients. */
static void
put_feedback_id(struct buf *b, const struct message_header *h)
{
	unsigned char digest[CRYPTO_SHA256];

	crypto_sha256(h->from_domain.p, h->from_domain.n, digest);
	buf_adds(b, "Feedback-ID: ");
	buf_addstr(b, h->email_id);
	buf_adds(b, ":list-");
	put_course_label(b, h->course_id);
	buf_adds(b, ":course-mail:");
	crypto_base32(b, digest, 6);
	buf_adds(b, "\r\n");
}

static int
check_field_sizes(struct str s, struct fail *f)
{
	const char *p = s.p, *field = p, *end = s.p + s.n, *lf;

	for (; (lf = memchr(p, '\n', (size_t)(end - p))) != NULL; p = lf + 1) {
		if (*p != ' ')
			field = p;
		if (lf - p > HEADER_FIELD_LINE_MAX + 1)
			return fail_data(f,
			    "a header line of %zu bytes begins %.30s",
			    (size_t)(lf - p), p);
		if (lf - field > FIELD_MAX)
			return fail_data(f,
			    "the header %.*s is longer than %d bytes",
			    (int)strcspn(field, ":"), field, FIELD_MAX);
	}
	if (s.n > FIELDS_MAX)
		return fail_data(
		    f, "the header has %zu bytes, %d allowed", s.n, FIELDS_MAX);
	return 0;
}

int
message_header_put(
    struct buf *b, const struct message_header *h, struct fail *f)
{
	size_t start = b->len;

	buf_adds(b, "Date: ");
	header_field_date(b, h->date);
	buf_adds(b, "\r\n");
	header_field_mailbox(b, "From", h->from_name, h->from_address);
	header_field_mailbox(b, "To", h->to_name, h->to_address);
	header_field_text(b, "Subject", h->subject);
	buf_adds(b, "Message-ID: <");
	buf_addstr(b, h->ident);
	buf_addc(b, '@');
	buf_addstr(b, h->from_domain);
	buf_adds(b, ">\r\n");
	put_list_id(b, h);
	put_unsubscribe(b, h);
	put_feedback_id(b, h);
	put_ascii_field(b, "X-BM-ID", h->ident);
	buf_addstr(b, h->fixed);
	buf_addstr(b, h->more);
	return check_field_sizes((struct str){b->p + start, b->len - start}, f);
}

/* Names that --header may set; a final '-' allows any continuation. */
static const char *const allowed[] = {"Comments", "Keywords", "Organization",
    "Importance", "Content-Language", "List-Help", "List-Owner", "List-Archive",
    "CFBL-Address", "CFBL-Feedback-ID", "X-"};

static bool
is_allowed(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
		size_t n = strlen(allowed[i]);

		if (strcasecmp(name, allowed[i]) == 0)
			return true;
		if (allowed[i][n - 1] == '-' &&
		    strncasecmp(name, allowed[i], n) == 0 && name[n] != '\0')
			return true;
	}
	return false;
}

int
message_header_check_name(const char *name, struct fail *f)
{
	size_t i;

	for (i = 0; name[i] != '\0'; i++) {
		if (!ascii_is_alnum(name[i]) && name[i] != '-')
			break;
	}
	if (i == 0 || name[i] != '\0' || i > 60)
		return fail_system(f, "\"%s\" is no header name", name);
	if (!is_allowed(name) || strcasecmp(name, "X-BM-ID") == 0)
		return fail_system(
		    f, "the header %s cannot be set with --header", name);
	return 0;
}

static bool
is_unstructured(const char *name)
{
	return strncasecmp(name, "X-SES-", 6) != 0 &&
	       (strncasecmp(name, "X-", 2) == 0 ||
		   strcasecmp(name, "Comments") == 0 ||
		   strcasecmp(name, "Keywords") == 0 ||
		   strcasecmp(name, "Organization") == 0);
}

int
message_header_put_extra(
    struct buf *b, const char *name, struct str value, struct fail *f)
{
	size_t i;

	if (is_unstructured(name)) {
		header_field_text(b, name, value);
		return 0;
	}
	for (i = 0; i < value.n; i++) {
		if ((unsigned char)value.p[i] >= 0x80)
			return fail_data(
			    f, "the header %s may only have ASCII", name);
	}
	put_ascii_field(b, name, value);
	return 0;
}
