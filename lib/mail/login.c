#include "mail/login.h"

void
login_said(struct login *l, struct str command)
{
	if (str_starts(command, "EHLO") || str_starts(command, "HELO")) {
		l->stage = STAGE_EHLO;
		l->ehlo = (struct ehlo){0};
		l->ehlo_begun = false;
	} else if (str_starts(command, "STARTTLS")) {
		l->stage = STAGE_TLS;
	} else if (str_starts(command, "AUTH")) {
		l->stage = STAGE_AUTH;
	}
	/* Behind a 421 nobody listens: it stays the reason. */
	if (l->reply.code != 421)
		l->reply = (struct reply){0};
}

static void
heard_ehlo(struct login *l, struct str line)
{
	if (line.n < 5 || line.p[0] != '2')
		return;
	line = (struct str){line.p + 4, line.n - 4};
	while (line.n > 0 && (unsigned char)line.p[line.n - 1] <= ' ')
		line.n--;
	if (l->ehlo_begun)
		ehlo_line(&l->ehlo, line);
	l->ehlo_begun = true;
}

void
login_heard(struct login *l, struct str line)
{
	enum reply_result got = REPLY_MORE;

	if (l->stage == STAGE_CONNECT)
		l->stage = STAGE_GREETING;
	if (l->stage == STAGE_EHLO)
		heard_ehlo(l, line);
	while (line.n > 0 &&
	       (got = reply_read(&l->reader, &line)) == REPLY_WHOLE) {
		l->reply = l->reader.reply;
		if (l->stage == STAGE_AUTH && l->reply.code == 235)
			l->authenticated = true;
	}
	l->babbles = got == REPLY_GARBAGE;
}

void
login_end(struct login *l)
{
	reply_end(&l->reader);
}
