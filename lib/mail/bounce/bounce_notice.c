#include "mail/bounce/bounce_notice.h"

#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "mail/bounce/bounce_address.h"

#define RECIPIENTS_MAX 200

struct found {
	struct str address;
	bool listed; /* it stands in a list, not in a sentence */
};

struct reader {
	const struct bounce_mail *mail;
	struct found all[RECIPIENTS_MAX];
	size_t count;
	bool headed; /* the heading of a list has come */
	bool again;  /* nobody else is named: whom the notice goes to, too */
};

/* What may stand before an address in a list, or after it. */
static bool
is_in_list(struct str line, struct str address)
{
	static const char *const labels[] = {"to", "recipient", "recipients",
	    "address", "rcpt to", "user", "failed recipient", "for", "email",
	    "original-recipient", "final-recipient", "e-mail", "intended",
	    "failed", "mailbox", "recipient address", "final recipient",
	    "your message to", "could not deliver message to"};
	struct str before = {line.p, (size_t)(address.p - line.p)};
	size_t behind = before.n + address.n;
	size_t i;

	before = str_strip(before, " \t<>*-|\"'(:;,=.[");
	if (behind < line.n && line.p[behind] == '>')
		behind++;
	if (before.n > 3 && str_is_nocase((struct str){before.p, 3}, ">>>"))
		before = str_strip(before, "> ");
	for (i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
		if (str_is_nocase(before, labels[i]))
			return true;
	}
	if (before.n > 0 && before.p[before.n - 1] != '"')
		return ascii_is_digit(before.p[0]) && before.n <= 3;
	return true;
}

/* Lines that name somebody to ask. */
static bool
is_advice(struct str line)
{
	static const char *const words[] = {"contact", "mailto:", "assistance",
	    "http:", "https:", "help", "questions", "report ", "administrator",
	    "sender:", "mail from", "from:", "from ", "sent by", "reply"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t n = strlen(words[i]), at;

		for (at = 0; at + n <= line.n; at++) {
			if (ascii_lower(line.p[at]) == words[i][0] &&
			    strncasecmp(line.p + at, words[i], n) == 0)
				return true;
		}
	}
	return false;
}

static bool
is_ours(const struct bounce_mail *m, struct str address, bool to)
{
	if (bounce_address_in(bounce_mail_text(m, BOUNCE_SENT_TO), address))
		return false;
	return bounce_address_is_role(address) ||
	       (to && bounce_address_in(
			  bounce_mail_text(m, BOUNCE_TO), address)) ||
	       bounce_address_in(bounce_mail_text(m, BOUNCE_FROM), address) ||
	       bounce_address_in(
		   bounce_mail_text(m, BOUNCE_SENT_FROM), address);
}

static void
add_found(struct reader *r, struct str address, bool listed)
{
	size_t i;

	for (i = 0; i < r->count; i++) {
		if (bounce_address_same(r->all[i].address, address)) {
			r->all[i].listed |= listed;
			return;
		}
	}
	if (r->count < RECIPIENTS_MAX)
		r->all[r->count++] = (struct found){address, listed};
}

/* "... the following recipients:", before which stands another list. */
static bool
is_heading(struct str line)
{
	line = str_strip(line, " \t");
	return line.n > 0 && line.p[line.n - 1] == ':' &&
	       memmem(line.p, line.n, "following", 9) != NULL &&
	       (memmem(line.p, line.n, "recipient", 9) != NULL ||
		   memmem(line.p, line.n, "address", 7) != NULL ||
		   memmem(line.p, line.n, "user", 4) != NULL);
}

static void
scan_line(struct reader *r, struct str line)
{
	struct str address;
	size_t i = 0;
	bool listed;

	if (!r->headed && is_heading(line)) {
		r->headed = true;
		r->count = 0;
	}
	while ((address = bounce_address_next(line, &i)).p != NULL) {
		listed = is_in_list(line, address);
		if (is_ours(r->mail, address, !r->again) ||
		    (!listed && is_advice(line)) ||
		    (!listed && memchr(address.p, '.', address.n) == NULL))
			continue;
		add_found(r, address, listed);
	}
}

static void
scan_notice(struct reader *r)
{
	struct str rest = bounce_mail_text(r->mail, BOUNCE_NOTICE), line;

	r->headed = false;
	while (str_line(&rest, &line))
		scan_line(r, line);
}

/* The lines from each mention of an address to that of another one. */
struct str
bounce_notice_about(
    const struct bounce_mail *m, struct str address, struct arena *arena)
{
	struct str rest = bounce_mail_text(m, BOUNCE_NOTICE), line, other;
	struct buf b = {0};
	struct str text;
	bool on = false;
	size_t i;

	while (str_line(&rest, &line)) {
		bool named = bounce_address_in(line, address);

		for (i = 0; !named && on &&
			    (other = bounce_address_next(line, &i)).p != NULL;)
			on =
			    !is_in_list(line, other) || is_ours(m, other, true);
		if (!named && !on)
			continue;
		on = true;
		buf_addstr(&b, line);
		buf_addc(&b, '\n');
	}
	text = arena_str(arena, buf_str(&b));
	buf_free(&b);
	return text;
}

static size_t
choose_addresses(const struct reader *r, struct str *all)
{
	struct str sent_to = bounce_mail_text(r->mail, BOUNCE_SENT_TO);
	size_t i, n = 0, listed = 0, sent = 0;

	for (i = 0; i < r->count; i++) {
		listed += r->all[i].listed;
		sent += bounce_address_in(sent_to, r->all[i].address);
	}
	for (i = 0; i < r->count; i++) {
		struct str address = r->all[i].address;

		if (listed > 0
			? !r->all[i].listed
			: sent > 0 && !bounce_address_in(sent_to, address))
			continue;
		all[n++] = address;
		if (sent == 0 && listed == 0)
			break;
	}
	return n;
}

size_t
bounce_notice_read(
    struct str **addresses, const struct bounce_mail *m, struct arena *arena)
{
	struct reader *r = arena_alloc(arena, sizeof(*r));

	r->mail = m;
	scan_notice(r);
	if (r->count == 0) {
		r->again = true;
		scan_notice(r);
	}
	*addresses = arena_alloc(arena, RECIPIENTS_MAX * sizeof(**addresses));
	return choose_addresses(r, *addresses);
}
