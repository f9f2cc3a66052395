#include "mail/bounce/bounce.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "mail/bounce/bounce_address.h"
#include "mail/bounce/bounce_class.h"
#include "mail/bounce/bounce_notice.h"
#include "mail/bounce/bounce_signs.h"
#include "mail/bounce/bounce_status.h"
#include "mail/mime/header_reader.h"

#define NEAR 400 /* bytes behind an address that tell of it */

#define FEEDBACK_MAX 50 /* recipients of a complaint */

struct judge {
	const struct bounce_mail *mail;
	struct bounce_signs signs;
	struct str sender;
	struct arena *arena;
	struct bounces *out;
};

static struct str
first_address(struct str text)
{
	size_t i = 0;

	return bounce_address_next(text, &i);
}

/* A report names a mailbox even if its domain can be none. */
static bool
is_address(struct str s)
{
	const char *at = s.n > 0 ? memchr(s.p, '@', s.n) : NULL;

	return at != NULL && at > s.p && at + 1 < s.p + s.n &&
	       memchr(s.p, ' ', s.n) == NULL;
}

/* The one address that the message went to, or absent. */
static struct str
find_sent_to(const struct bounce_mail *m)
{
	struct str text = bounce_mail_text(m, BOUNCE_SENT_TO), first, next;
	size_t i = 0;

	first = bounce_address_next(text, &i);
	while ((next = bounce_address_next(text, &i)).p != NULL) {
		if (!bounce_address_same(first, next))
			return (struct str){0};
	}
	return first;
}

static void
judge_text(
    struct judge *j, struct bounce *b, struct str status, struct str text)
{
	const struct bounce_words w = {status, text, j->sender, b->address};

	bounce_class_read(b, &w, j->arena);
}

/* A name without a domain is the recipient's, if the message says so. */
static struct str
complete_address(const struct judge *j, struct str name)
{
	struct str text = bounce_mail_text(j->mail, BOUNCE_SENT_TO), found;
	size_t i = 0;

	while ((found = bounce_address_next(text, &i)).p != NULL) {
		struct str local = bounce_address_local(found);

		if (local.n == name.n && name.n > 0 &&
		    strncasecmp(local.p, name.p, name.n) == 0)
			return found;
	}
	return (struct str){0};
}

static void
read_names(struct judge *j, struct bounce *b, const struct bounce_status *s)
{
	if (is_address(s->original) && is_address(s->final) &&
	    !bounce_address_same(s->original, s->final)) {
		b->address = s->original;
		b->other = s->final;
	} else if (is_address(s->original)) {
		b->address = s->original;
	} else if (is_address(s->final)) {
		b->address = s->final;
	} else {
		b->address = complete_address(j, s->final);
	}
}

/*
 * What a notice says of an address: first what stands nearest, since further
 * lines may tell of others.
 */
static void
judge_notice(struct judge *j, struct bounce *b, struct str status)
{
	struct str about = bounce_notice_about(
	    j->mail, b->other.n > 0 ? b->other : b->address, j->arena);
	const struct str texts[] = {{about.p, about.n < NEAR ? about.n : NEAR},
	    about, bounce_mail_text(j->mail, BOUNCE_NOTICE)};
	const struct bounce blank = *b;

	for (size_t i = 0; i < 3; i++) {
		*b = blank;
		judge_text(j, b, status, texts[i]);
		if (b->matter != REPLY_OTHER)
			return;
	}
}

/* Of a failure that its codes and words leave open, the notice is asked. */
static void
judge_status(struct judge *j, struct bounce *b, const struct bounce_status *s)
{
	struct bounce by_notice = {.address = b->address, .other = b->other};

	judge_text(j, b, s->status, s->diagnostic);
	if (b->matter != REPLY_OTHER)
		return;
	judge_notice(j, &by_notice, s->status);
	if (by_notice.matter == REPLY_OTHER)
		return;
	if (b->text.n > 0)
		by_notice.text = b->text;
	*b = by_notice;
}

static bool
is_known(const struct judge *j, struct str address)
{
	for (size_t i = 0; i < j->out->count; i++) {
		if (bounce_address_same(j->out->all[i].address, address))
			return true;
	}
	return false;
}

static void
read_status(struct judge *j)
{
	struct bounce_status *all;
	size_t i, n = bounce_status_read(
		      &all, bounce_mail_text(j->mail, BOUNCE_STATUS), j->arena);

	j->out->all = arena_alloc(j->arena, (n + 1) * sizeof(struct bounce));
	for (i = 0; i < n; i++) {
		struct bounce *b = &j->out->all[j->out->count];

		memset(b, 0, sizeof(*b));
		read_names(j, b, &all[i]);
		if (b->address.n == 0 || is_known(j, b->address))
			continue;
		judge_status(j, b, &all[i]);
		if (all[i].action == BOUNCE_ACTION_NONE)
			bounce_signs_read(&j->signs, j->mail, j->arena);
		if (all[i].action == BOUNCE_ACTION_DELAYED || j->signs.delay)
			b->kind = BOUNCE_DELAYED;
		if (all[i].action == BOUNCE_ACTION_DELIVERED)
			b->kind = BOUNCE_DELIVERED;
		j->out->count++;
	}
}

static void
add_failure(struct judge *j, struct str address)
{
	struct bounce *b = &j->out->all[j->out->count++];

	memset(b, 0, sizeof(*b));
	b->address = address;
	judge_notice(j, b, (struct str){"", 0});
	if (j->signs.delay)
		b->kind = BOUNCE_DELAYED;
}

/* X-Failed-Recipients, else the notice, else where the message went. */
static void
read_notice(struct judge *j)
{
	struct str failed = bounce_mail_text(j->mail, BOUNCE_FAILED), address;
	struct str *all;
	size_t i, n = bounce_notice_read(&all, j->mail, j->arena), at = 0;

	j->out->all = arena_alloc(
	    j->arena, (n + failed.n / 2 + 2) * sizeof(struct bounce));
	while ((address = bounce_address_next(failed, &at)).p != NULL) {
		if (!is_known(j, address))
			add_failure(j, address);
	}
	if (j->out->count > 0)
		return;
	for (i = 0; i < n; i++)
		add_failure(j, all[i]);
	address = find_sent_to(j->mail);
	if (n == 0 && address.n > 0)
		add_failure(j, address);
}

struct feedback {
	struct judge *judge;
	struct str type;
	struct bounce all[FEEDBACK_MAX];
	size_t count;
};

static bool
is_redacted(struct str address)
{
	struct str local = bounce_address_local(address);

	return address.n == 0 ||
	       memmem(address.p, address.n, "redact", 6) != NULL ||
	       str_is_nocase(local, "xxx") || str_is_nocase(local, "x");
}

static void
take_feedback(void *ctx, struct str name, struct str value)
{
	struct feedback *fb = ctx;
	struct str address = first_address(value);

	if (str_is_nocase(name, "Feedback-Type"))
		fb->type = arena_str(fb->judge->arena, value);
	else if ((str_is_nocase(name, "Original-Rcpt-To") ||
		     str_is_nocase(name, "Removal-Recipient")) &&
		 !is_redacted(address) && fb->count < FEEDBACK_MAX)
		fb->all[fb->count++].address =
		    arena_str(fb->judge->arena, address);
}

static bool
is_complaint(struct str type)
{
	static const char *const types[] = {
	    "abuse", "fraud", "virus", "other", "opt-out"};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (str_is_nocase(type, types[i]))
			return true;
	}
	return false;
}

/* RFC 5965: what is no complaint of a person changes nothing. */
static void
read_feedback(struct judge *j)
{
	struct str text = bounce_mail_text(j->mail, BOUNCE_FEEDBACK), line;
	struct feedback *fb = arena_alloc(j->arena, sizeof(*fb));
	struct header_reader h = {0};
	struct str sent_to =
	    first_address(bounce_mail_text(j->mail, BOUNCE_SENT_TO));

	fb->judge = j;
	while (str_line(&text, &line))
		header_reader_line(
		    &h, str_strip(line, "\r"), take_feedback, fb);
	header_reader_end(&h, take_feedback, fb);
	header_reader_free(&h);
	if (fb->count == 0 && is_redacted(sent_to))
		sent_to = (struct str){0};
	if (fb->count == 0)
		fb->all[fb->count++].address = sent_to;
	for (size_t i = 0; i < fb->count; i++)
		fb->all[i].kind = j->signs.complaint || is_complaint(fb->type)
				      ? BOUNCE_COMPLAINT
				      : BOUNCE_UNKNOWN;
	j->out->all = fb->all;
	j->out->count = fb->count;
}

static void
copy_message_id(struct judge *j)
{
	struct str ids = bounce_mail_text(j->mail, BOUNCE_SENT_ID);

	j->out->message_id = str_strip(str_take(&ids, STR("\n")), " \t");
}

void
bounce_read(
    struct bounces *out, const struct bounce_mail *m, struct arena *arena)
{
	struct judge j = {.mail = m, .arena = arena, .out = out};

	memset(out, 0, sizeof(*out));
	copy_message_id(&j);
	j.sender = first_address(bounce_mail_text(m, BOUNCE_SENT_FROM));
	if (m->texts[BOUNCE_STATUS].len > 0)
		read_status(&j);
	if (out->count > 0)
		return;
	bounce_signs_read(&j.signs, m, arena);
	if (m->texts[BOUNCE_FEEDBACK].len > 0 || j.signs.complaint) {
		read_feedback(&j);
		return;
	}
	if (out->count == 0 && j.signs.report)
		read_notice(&j);
	if (out->count > 0)
		return;
	out->all = arena_alloc(arena, sizeof(struct bounce));
	out->count = 1;
	out->all->kind =
	    j.signs.reply || m->listed ? BOUNCE_AUTO : BOUNCE_UNKNOWN;
}
