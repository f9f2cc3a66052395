#include "port/send/letter.h"

#include <string.h>

#include "base/buf.h"
#include "mail/mime/message_id.h"

static void
keep_text(struct letter *l, struct str *s)
{
	if (s->p != NULL)
		s->p = arena_dup(l->arena, s->p, s->n);
}

/* The message has escaped line ends, so the parser has copied it already. */
static void
keep_message(struct letter *l)
{
	struct message *m = &l->message;
	struct str *borrowed[] = {&m->email_id, &m->course_id, &m->user_id,
	    &m->email, &m->sender, &m->content, &m->subject};

	for (size_t i = 0; i < sizeof(borrowed) / sizeof(*borrowed); i++)
		keep_text(l, borrowed[i]);
}

int
letter_read(struct letter *l, struct str raw, struct fail *f)
{
	int rc = message_parse(&l->message, raw, l->arena, f);

	if (rc < 0)
		message_identify(&l->message, raw, l->arena);
	keep_message(l);
	l->size = raw.n;
	return rc;
}

static void
name_envelope(struct letter *l)
{
	struct buf name = {0};

	message_id_make(&name, l->item.email_id, l->to.key);
	l->envelope.name = arena_str(l->arena, buf_str(&name));
	buf_free(&name);
}

/* A From with such a local part is in the header as it is (RFC 6532). */
static bool
has_utf8(const struct message *m)
{
	const char *end = memmem(m->message.p, m->message.n, "\r\n\r\n", 4);
	struct str header = m->message;

	if (end != NULL)
		header.n = (size_t)(end - header.p);
	return !str_is_ascii(m->sender) || !str_is_ascii(header);
}

void
letter_fill(struct letter *l, bool named)
{
	const struct message *m = &l->message;

	l->item = (struct ledger_item){.email_id = m->email_id,
	    .key = l->to.key,
	    .state_of = m->email_id,
	    .course_id = m->course_id,
	    .content = m->content,
	    .subject = m->subject,
	    .email = m->email,
	    .user_id = m->user_id,
	    .user_number = m->user_number,
	    .attempt = 1};
	l->envelope = (struct envelope){.sender = m->sender,
	    .recipient = l->to.wire,
	    .message = m->message,
	    .needs_smtputf8 = l->to.needs_smtputf8 || has_utf8(m),
	    .owner = l};
	if (named)
		name_envelope(l);
}

/* An email_id has no "~": no other mailing can have this one. */
#define REDIRECTED "~redirected"

void
letter_redirect(struct letter *l, const struct addr *to)
{
	struct envelope *e = &l->envelope;
	struct buf b = {0};
	size_t i;

	buf_adds(&b, "X-BM-Redirected-From: ");
	for (i = 0; i < l->to.wire.n; i++)
		buf_addc(&b, l->to.wire.p[i] & 0x80 ? '?' : l->to.wire.p[i]);
	buf_adds(&b, "\r\n");
	buf_addstr(&b, l->message.message);
	e->message = arena_str(l->arena, buf_str(&b));
	buf_reset(&b);
	buf_addstr(&b, l->message.email_id);
	buf_adds(&b, REDIRECTED);
	l->item.email_id = arena_str(l->arena, buf_str(&b));
	buf_free(&b);
	if (e->name.p != NULL)
		name_envelope(l);
	l->redirected_to = to->wire;
	e->recipient = to->wire;
	e->needs_smtputf8 = to->needs_smtputf8 || has_utf8(&l->message);
}

/* The value of the Message-ID field, which bm-render never folds. */
static struct str
find_message_id(struct str m)
{
	static const char field[] = "message-id:";
	size_t n = sizeof(field) - 1;

	while (m.p != NULL && m.n > 2 && m.p[0] != '\r') {
		const char *end = memchr(m.p, '\n', m.n);
		size_t len = end != NULL ? (size_t)(end - m.p) + 1 : m.n;

		if (len > n + 2 && str_is_nocase((struct str){m.p, n}, field))
			return str_strip(
			    (struct str){m.p + n, len - n - 2}, " \t");
		m.p += len;
		m.n -= len;
	}
	return (struct str){0};
}

void
letter_identify(struct letter *l)
{
	l->outcome.email_id = l->message.email_id;
	l->outcome.course_id = l->message.course_id;
	l->outcome.user_id = l->message.user_id;
	l->outcome.user_number = l->message.user_number;
	l->outcome.redirected_to = l->redirected_to;
	l->outcome.email = l->message.email;
	l->outcome.message_id = find_message_id(l->message.message);
}

void
letter_keep(struct letter *l)
{
	keep_text(l, &l->outcome.enhanced);
	keep_text(l, &l->outcome.reply);
	keep_text(l, &l->outcome.queue_id);
	keep_text(l, &l->outcome.relay);
}
