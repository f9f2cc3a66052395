#include "mail/bounce/bounce_reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "mail/bounce/bounce_html.h"
#include "mail/mime/encoded_word_read.h"
#include "mail/mime/header_reader.h"
#include "mail/mime/mail_date.h"
#include "mail/mime/mime_reader.h"

#define MARKER_MAX 120 /* bytes of a line that announces the original */

/* Where the lines of a text go. */
enum place { NOTICE, ORIGINAL, BODY };

struct bounce_reader {
	struct bounce_mail *mail;
	struct mime_reader *mime;
	struct header_reader original;
	struct buf line;
	enum place place;
	struct buf last; /* the line before, unless it is long */
	bool named;      /* the original has a From, Received or Message-ID */
	int depth; /* of the first part that is a returned message, or 0 */
};

static void
keep_part(struct bounce_mail *m, enum bounce_mail_text which, struct str s,
    size_t max)
{
	struct buf *b = &m->texts[which];

	if (b->len + s.n + 1 > max)
		s.n = b->len + 1 < max ? max - b->len - 1 : 0;
	if (s.n == 0)
		return;
	buf_addstr(b, s);
}

/* A value of several of one kind; each ends with LF. */
static void
keep_line(struct bounce_mail *m, enum bounce_mail_text which, struct str value)
{
	keep_part(m, which, value, BOUNCE_MAIL_FIELDS);
	keep_part(m, which, STR("\n"), BOUNCE_MAIL_FIELDS + 1);
}

struct known_field {
	const char *name;
	enum bounce_mail_text which;
};

static const struct known_field own_fields[] = {
    {"Return-Path", BOUNCE_RETURN_PATH},
    {"X-Failed-Recipients", BOUNCE_FAILED},
    {"Auto-Submitted", BOUNCE_AUTOMATIC},
    {"Precedence", BOUNCE_PRECEDENCE},
    {"To", BOUNCE_TO},
    {"Delivered-To", BOUNCE_TO},
    {"X-Original-To", BOUNCE_TO},
    {"Envelope-To", BOUNCE_TO},
    {"Cc", BOUNCE_TO},
    {"In-Reply-To", BOUNCE_THREADS},
    {"References", BOUNCE_THREADS},
    {NULL, BOUNCE_TEXTS},
};

static const struct known_field sent_fields[] = {
    {"Message-ID", BOUNCE_SENT_ID},
    {"X-HmXmrOriginalRecipient", BOUNCE_SENT_TO},
    {"To", BOUNCE_SENT_TO},
    {"Delivered-To", BOUNCE_SENT_TO},
    {"From", BOUNCE_SENT_FROM},
    {"Return-Path", BOUNCE_SENT_FROM},
    {"Sender", BOUNCE_SENT_FROM},
    {"Reply-To", BOUNCE_SENT_FROM},
    {"X-Envelope-From", BOUNCE_SENT_FROM},
    {"Errors-To", BOUNCE_SENT_FROM},
    {"List-Unsubscribe", BOUNCE_SENT_MARKS},
    {NULL, BOUNCE_TEXTS},
};

static enum bounce_mail_text
find_field(const struct known_field *f, struct str name)
{
	char first = name.n > 0 ? ascii_lower(name.p[0]) : '\0';

	while (f->name != NULL && (ascii_lower(f->name[0]) != first ||
				      !str_is_nocase(name, f->name)))
		f++;
	return f->which;
}

static void
keep_decoded(
    struct bounce_mail *m, enum bounce_mail_text which, struct str value)
{
	struct buf b = {0};

	encoded_word_read(&b, value);
	if (m->texts[which].len == 0)
		keep_part(m, which, buf_str(&b), BOUNCE_MAIL_FIELDS);
	buf_free(&b);
}

static void
take_own_field(struct bounce_mail *m, struct str name, struct str value)
{
	enum bounce_mail_text which = find_field(own_fields, name);

	if (which != BOUNCE_TEXTS)
		keep_line(m, which, value);
	else if (str_is_nocase(name, "Date") && m->date == 0)
		m->date = mail_date_read(value);
	else if (str_is_nocase(name, "Subject"))
		keep_decoded(m, BOUNCE_SUBJECT, value);
	else if (str_is_nocase(name, "From"))
		keep_decoded(m, BOUNCE_FROM, value);
	else if (str_is_nocase(name, "X-Autoreply") ||
		 str_is_nocase(name, "X-Autorespond") ||
		 str_is_nocase(name, "X-Autoresponder") ||
		 str_is_nocase(name, "X-Auto-Response-From"))
		m->answers = true;
	else if (str_is_nocase(name, "List-Id") ||
		 str_is_nocase(name, "List-Post"))
		m->listed = true;
}

static void
take_sent_field(void *ctx, struct str name, struct str value)
{
	struct bounce_reader *r = ctx;
	enum bounce_mail_text which = find_field(sent_fields, name);

	r->named |= which == BOUNCE_SENT_ID || which == BOUNCE_SENT_FROM ||
		    str_is_nocase(name, "Received");
	if (which != BOUNCE_TEXTS)
		keep_line(r->mail, which, value);
}

static void
sort_field(void *ctx, const struct mime_reader_part *part, struct str name,
    struct str value)
{
	struct bounce_reader *r = ctx;

	if (part->depth == 0)
		take_own_field(r->mail, name, value);
	else if (part->returned && part->depth == r->depth + 1)
		take_sent_field(r, name, value);
}

static bool
names_word(struct str s, const char *word)
{
	size_t n = strlen(word);

	for (; s.n >= n; s.p++, s.n--) {
		if (ascii_lower(s.p[0]) == word[0] &&
		    str_is_nocase((struct str){s.p, n}, word))
			return true;
	}
	return false;
}

/* A line that says that the original follows. */
static bool
is_marker(struct str line)
{
	if (names_word(line, "transcript") || names_word(line, "addresses"))
		return false;
	return (names_word(line, "original") || names_word(line, "copy of") ||
		   names_word(line, "unsent") || names_word(line, "returned") ||
		   names_word(line, "header") || names_word(line, "enclosed") ||
		   names_word(line, "undelivered") ||
		   names_word(line, "your ") || names_word(line, "follows")) &&
	       (names_word(line, "message") || names_word(line, "mail") ||
		   names_word(line, "header"));
}

/* Field names that begin a header, and those that may stand in a text. */
static bool
is_header_line(struct str line, struct str last)
{
	static const char *const strong[] = {"Received", "Return-Path",
	    "DKIM-Signature", "MIME-Version", "Delivered-To", "X-Received",
	    "Authentication-Results", "Received-SPF", "DomainKey-Signature"};
	static const char *const weak[] = {"From", "To", "Subject", "Date",
	    "Message-ID", "Sender", "Reply-To", "Content-Type"};
	struct str name = str_take(&line, STR(":"));
	size_t i;

	if (line.p == NULL || name.n == 0 || name.n > 40)
		return false;
	for (i = 0; i < sizeof(strong) / sizeof(*strong); i++) {
		if (str_is_nocase(name, strong[i]))
			return true;
	}
	for (i = 0; i < sizeof(weak) / sizeof(*weak); i++) {
		if (str_is_nocase(name, weak[i]))
			return is_marker(last);
	}
	return (str_starts(name, "X-") || str_starts(name, "ARC-")) &&
	       is_marker(last);
}

static void
begin_original(struct bounce_reader *r)
{
	r->place = ORIGINAL;
	r->original.count = 0;
	r->named = false;
}

static void
sort_line(struct bounce_reader *r, struct str line)
{
	if (r->place == ORIGINAL &&
	    !header_reader_line(&r->original, line, take_sent_field, r)) {
		header_reader_end(&r->original, take_sent_field, r);
		/* A few fields that the notice quotes are no header. */
		r->place = r->named ? BODY : NOTICE;
	}
	if (r->place != NOTICE)
		return;
	if (is_header_line(line, buf_str(&r->last))) {
		begin_original(r);
		header_reader_line(&r->original, line, take_sent_field, r);
		return;
	}
	if (line.n > 0) {
		buf_reset(&r->last);
		buf_add(&r->last, line.p, line.n <= MARKER_MAX ? line.n : 0);
	}
	keep_part(r->mail, BOUNCE_NOTICE, line, BOUNCE_MAIL_NOTICE);
	keep_part(r->mail, BOUNCE_NOTICE, STR("\n"), BOUNCE_MAIL_NOTICE + 1);
}

/* Lines end with LF here; the returned body is nobody's business. */
static void
take_text(struct bounce_reader *r, struct str s)
{
	struct str piece;

	while (s.n > 0 && r->place != BODY) {
		const char *lf = memchr(s.p, '\n', s.n);

		piece =
		    (struct str){s.p, lf != NULL ? (size_t)(lf - s.p) : s.n};
		s = (struct str){s.p + piece.n, s.n - piece.n};
		if (r->line.len + piece.n <= BOUNCE_MAIL_NOTICE)
			buf_addstr(&r->line, piece);
		if (lf == NULL)
			break;
		sort_line(r, str_strip(buf_str(&r->line), "\r"));
		buf_reset(&r->line);
		s = (struct str){s.p + 1, s.n - 1};
	}
}

static void
end_text(struct bounce_reader *r)
{
	if (r->line.len > 0)
		sort_line(r, buf_str(&r->line));
	buf_reset(&r->line);
	if (r->place == ORIGINAL)
		header_reader_end(&r->original, take_sent_field, r);
	r->place = NOTICE;
	buf_reset(&r->last);
}

static void
take_begin(void *ctx, const struct mime_reader_part *part)
{
	struct bounce_reader *r = ctx;

	end_text(r);
	if (part->depth == 0 && strcmp(part->type, "multipart/report") == 0)
		strcpy(r->mail->report,
		    part->report[0] != '\0' ? part->report : "?");
	if (part->returned)
		return;
	if (r->mail->texts[BOUNCE_STATUS].len > 0)
		keep_part(
		    r->mail, BOUNCE_STATUS, STR("\n\n"), BOUNCE_MAIL_STATUS);
	if (strcmp(part->type, "message/rfc822") == 0 ||
	    strcmp(part->type, "message/global") == 0 ||
	    strcmp(part->type, "text/rfc822-headers") == 0 ||
	    strcmp(part->type, "message/rfc822-headers") == 0 ||
	    strcmp(part->type, "message/global-headers") == 0) {
		if (r->depth == 0)
			r->depth = part->depth;
		begin_original(r);
	}
}

static void
take_bytes(void *ctx, const struct mime_reader_part *part, struct str bytes)
{
	struct bounce_reader *r = ctx;

	if (part->returned)
		return;
	if (strcmp(part->type, "message/delivery-status") == 0 ||
	    strcmp(part->type, "message/global-delivery-status") == 0)
		keep_part(r->mail, BOUNCE_STATUS, bytes, BOUNCE_MAIL_STATUS);
	else if (strcmp(part->type, "message/feedback-report") == 0)
		keep_part(r->mail, BOUNCE_FEEDBACK, bytes, BOUNCE_MAIL_FIELDS);
	else if (strcmp(part->type, "text/html") == 0)
		keep_part(r->mail, BOUNCE_HTML, bytes, BOUNCE_MAIL_NOTICE);
	else if (strncmp(part->type, "multipart/", 10) == 0)
		keep_part(r->mail, BOUNCE_PREAMBLE, bytes, BOUNCE_MAIL_NOTICE);
	else if (strncmp(part->type, "text/", 5) == 0 ||
		 strncmp(part->type, "message/", 8) == 0)
		take_text(r, bytes);
}

struct bounce_reader *
bounce_reader_new(struct bounce_mail *mail)
{
	struct bounce_reader *r = mem_new(sizeof(*r));
	const struct mime_reader_handler handler = {
	    sort_field, take_begin, take_bytes, r};

	r->mail = mail;
	r->mime = mime_reader_new(&handler);
	return r;
}

void
bounce_reader_add(struct bounce_reader *r, struct str bytes)
{
	mime_reader_add(r->mime, bytes);
}

static bool
has_notice(const struct bounce_reader *r)
{
	return str_strip(bounce_mail_text(r->mail, BOUNCE_NOTICE), "\n \t").n >
	       0;
}

/*
 * A notice that is in HTML only is read as its text; of a multipart whose
 * boundary never came, all is preamble.
 */
void
bounce_reader_finish(struct bounce_reader *r)
{
	struct buf text = {0};

	mime_reader_finish(r->mime);
	end_text(r);
	if (!has_notice(r))
		bounce_html_text(&text, bounce_mail_text(r->mail, BOUNCE_HTML));
	if (!has_notice(r) && text.len == 0)
		buf_addstr(&text, bounce_mail_text(r->mail, BOUNCE_PREAMBLE));
	take_text(r, buf_str(&text));
	end_text(r);
	buf_free(&text);
	mime_reader_free(r->mime);
	header_reader_free(&r->original);
	buf_free(&r->line);
	buf_free(&r->last);
	free(r);
}
