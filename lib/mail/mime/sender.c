#include "mail/mime/sender.h"

#include <string.h>

#include "base/escape.h"
#include "mail/mime/header_field.h"

struct str
sender_course_number(struct str id)
{
	char sep = str_starts(id, "course-v1:") ? '+' : '/';
	const char *first = memchr(id.p, sep, id.n), *second;
	const char *end = id.p + id.n;

	if (first == NULL || ++first == end)
		return id;
	second = memchr(first, sep, (size_t)(end - first));
	if (second == NULL || second == first)
		return id;
	return (struct str){first, (size_t)(second - first)};
}

/* Length of the mailbox in its field, escaped as in HTML. */
static size_t
escaped_mailbox_length(struct str display, struct str address)
{
	struct buf field = {0};
	size_t i, n = 0;

	header_field_mailbox(&field, "From", display, address);
	for (i = strlen("From: "); i < field.len - 2; i++) {
		const char *reference = escape_reference(field.p[i]);

		n += reference != NULL ? strlen(reference) : 1;
	}
	buf_free(&field);
	return n;
}

static void
put_staff_name(
    struct buf *b, struct str title, const struct sender_words *words)
{
	buf_reset(b);
	buf_adds(b, words->before);
	buf_addstr(b, title);
	buf_adds(b, words->behind);
}

int
sender_display(struct buf *out, struct str title, struct str course_id,
    struct str address, const struct sender_words *words, struct fail *f)
{
	struct buf clean = {0}, name = {0};
	int rc;

	rc = header_field_clean(&clean, "course title", title, f);
	put_staff_name(&name, buf_str(&clean), words);
	if (rc == 0 && (clean.len == 0 || escaped_mailbox_length(buf_str(&name),
					      address) >= SENDER_MAX)) {
		buf_reset(&clean);
		rc = header_field_clean(
		    &clean, "course id", sender_course_number(course_id), f);
		put_staff_name(&name, buf_str(&clean), words);
	}
	if (rc == 0 &&
	    escaped_mailbox_length(buf_str(&name), address) >= SENDER_MAX) {
		buf_reset(&name);
		buf_adds(&name, words->alone);
	}
	if (rc == 0)
		buf_addstr(out, buf_str(&name));
	buf_free(&clean);
	buf_free(&name);
	return rc;
}

bool
sender_is_foreign(struct str domain)
{
	static const char *const domains[] = {"gmail.com", "googlemail.com",
	    "yahoo.com", "ymail.com", "aol.com", "hotmail.com", "outlook.com",
	    "live.com", "icloud.com"};
	size_t i;

	for (i = 0; i < sizeof(domains) / sizeof(domains[0]); i++) {
		if (str_is(domain, domains[i]))
			return true;
	}
	return false;
}
