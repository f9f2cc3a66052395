/*
 * Any server and any caller: each message offered ends once, and the dot of a
 * message is never sent before the message is released.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "mail/smtp/smtp.h"

#define MOST 64

enum op { OFFER = 1, RELEASE, SEND, SEND_BIT, QUIT, ABANDON, OPS };

struct mail {
	char text[64];
	int offered, ready, released, ended;
};

struct world {
	struct smtp *smtp;
	struct mail mails[MOST];
	size_t count;
	int over; /* GOODBYE was reported */

	/* The output, line by line. */
	char line[64];
	size_t line_len;
	int body_of; /* mail whose last line was just sent; or -1 */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_line(struct world *w)
{
	int n = -1;

	if (w->line_len == 1 && w->line[0] == '.' && w->body_of >= 0 &&
	    !w->mails[w->body_of].released)
		abort();
	if (w->line_len > 0 && w->line[0] == 'T')
		n = atoi(w->line + 1);
	if (n >= 0 && (size_t)n >= w->count)
		abort();
	w->body_of = n;
}

static void
scan_output(struct world *w, struct str s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '\n') {
			w->line[w->line_len] = '\0';
			check_line(w);
			w->line_len = 0;
		} else if (s.p[i] != '\r' && w->line_len < 63) {
			w->line[w->line_len++] = s.p[i];
		}
	}
}

static void
see_events(struct world *w)
{
	struct smtp_event e;

	while (smtp_event(w->smtp, &e)) {
		struct mail *m = e.owner;

		if (e.type == SMTP_GOODBYE) {
			if (m != NULL || w->over++)
				abort();
			continue;
		}
		if (!m->offered || m->ended)
			abort();
		if (e.type == SMTP_READY) {
			if (m->ready++)
				abort();
			continue;
		}
		m->ended = 1;
		if ((e.type == SMTP_NO_REPLY ||
			(e.type == SMTP_REPLY && e.stage == STAGE_DOT)) &&
		    !m->released)
			abort();
		if (e.type == SMTP_REPLY && e.reply.code < 200)
			abort();
	}
}

static void
offer_mail(struct world *w)
{
	struct mail *m = &w->mails[w->count];

	if (w->count == MOST || smtp_room(w->smtp) == 0)
		return;
	snprintf(m->text, sizeof(m->text), "..\r\n.x\r\nT%zu%s", w->count,
	    w->count % 2 ? "\r\n" : "");
	m->offered = 1;
	w->count++;
	smtp_offer(w->smtp, &(struct smtp_message){STR("s@x"), STR("r@x"),
				str_of(m->text), w->count % 3 == 0, m});
}

static void
release_mail(struct world *w)
{
	size_t i;

	for (i = 0; i < w->count; i++) {
		if (w->mails[i].ready && !w->mails[i].released) {
			w->mails[i].released = 1;
			smtp_release(w->smtp, &w->mails[i]);
			return;
		}
	}
}

static void
send_some(struct world *w, size_t most)
{
	struct str out = smtp_output(w->smtp);

	if (out.n > most)
		out.n = most;
	scan_output(w, out);
	smtp_sent(w->smtp, out.n);
}

static void
perform(struct world *w, enum op op)
{
	if (op == OFFER)
		offer_mail(w);
	else if (op == RELEASE)
		release_mail(w);
	else if (op == SEND)
		send_some(w, SIZE_MAX);
	else if (op == SEND_BIT)
		send_some(w, 5);
	else if (op == QUIT && smtp_idle(w->smtp))
		smtp_quit(w->smtp);
	else if (op == ABANDON)
		smtp_abandon(w->smtp);
	see_events(w);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world w = {.body_of = -1};
	struct ehlo ehlo = {0};
	size_t i, from;

	if (size == 0)
		return 0;
	ehlo.pipelining = data[0] & 1;
	ehlo.has_size = data[0] & 2;
	ehlo.eightbitmime = ehlo.smtputf8 = data[0] & 4;
	w.smtp = smtp_new(&ehlo);
	for (i = 1; i < size; i = from) {
		if (data[i] > 0 && data[i] < OPS) {
			perform(&w, data[i]);
			from = i + 1;
			continue;
		}
		for (from = i;
		     from < size && (data[from] == 0 || data[from] >= OPS);
		     from++)
			;
		smtp_input(
		    w.smtp, (struct str){(const char *)data + i, from - i});
		see_events(&w);
	}
	smtp_closed(w.smtp);
	see_events(&w);
	for (i = 0; i < w.count; i++) {
		if (!w.mails[i].ended)
			abort();
	}
	smtp_free(w.smtp);
	return 0;
}
