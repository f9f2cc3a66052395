#include "mail/smtp/login.h"

#include <string.h>

#define SECRET_MIN 6 /* bytes; a shorter one may be an ordinary word */

static void
wipe_secret(struct login *l)
{
	if (l->secret.len > 0)
		explicit_bzero(l->secret.p, l->secret.len);
	buf_reset(&l->secret);
}

/* The secret is the last word: "AUTH PLAIN AG1lAHg=", or the whole line. */
static void
save_secret(struct login *l, struct str s)
{
	size_t at;

	wipe_secret(l);
	while (s.n > 0 && (unsigned char)s.p[s.n - 1] <= ' ')
		s.n--;
	for (at = s.n; at > 0 && s.p[at - 1] != ' '; at--)
		;
	if (l->stage == STAGE_AUTH && s.n - at >= SECRET_MIN)
		buf_add(&l->secret, s.p + at, s.n - at);
}

static void
mask_secret(struct login *l)
{
	char *p, *text = l->reply.text;

	if (l->secret.len == 0)
		return;
	while ((p = memmem(text, strlen(text), l->secret.p, l->secret.len)) !=
	       NULL)
		memset(p, '*', l->secret.len);
}

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
	save_secret(l, command);
	/* After a 421 no other reply comes: it remains the reason. */
	if (l->reply.code != 421)
		l->reply = (struct reply){0};
}

static void
read_ehlo(struct login *l, struct str line)
{
	if (line.n < 5 || line.p[0] != '2')
		return;
	line = (struct str){line.p + 4, line.n - 4};
	while (line.n > 0 && (unsigned char)line.p[line.n - 1] <= ' ')
		line.n--;
	if (l->ehlo_begun)
		ehlo_add_line(&l->ehlo, line);
	l->ehlo_begun = true;
}

void
login_heard(struct login *l, struct str line)
{
	enum reply_result got = REPLY_MORE;

	if (l->stage == STAGE_CONNECT)
		l->stage = STAGE_GREETING;
	if (l->stage == STAGE_EHLO)
		read_ehlo(l, line);
	while (line.n > 0 &&
	       (got = reply_read(&l->reader, &line)) == REPLY_WHOLE) {
		l->reply = l->reader.reply;
		mask_secret(l);
		if (l->stage == STAGE_AUTH && l->reply.code == 235)
			l->authenticated = true;
	}
	l->babbles = got == REPLY_GARBAGE;
}

void
login_free(struct login *l)
{
	wipe_secret(l);
	buf_free(&l->secret);
	reply_free(&l->reader);
}
