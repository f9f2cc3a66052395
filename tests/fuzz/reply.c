/*
 * Any bytes as replies, in pieces of any size, compared with a second parser
 * that follows the grammar literally. Each reply is judged at each stage.
 */
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "mail/smtp/reply.h"
#include "mail/smtp/reply_text.h"
#include "mail/smtp/retry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Length of an enhanced code before a blank or the end; or 0. */
static size_t
enhanced_length(const char *p, const char *end)
{
	const char *at = p;
	int part;

	if (at == end || strchr("245", *at) == NULL || *at == '\0')
		return 0;
	at++;
	for (part = 0; part < 2; part++) {
		int digits = 0;

		if (at == end || *at != '.')
			return 0;
		for (at++; at != end && isdigit((unsigned char)*at); at++)
			digits++;
		if (digits < 1 || digits > 3)
			return 0;
	}
	return at == end || *at == ' ' || *at == '\t' ? (size_t)(at - p) : 0;
}

/* Parse the reply at the front; its bytes, or 0 if it is incomplete. */
static size_t
read_plainly(const char *p, size_t n, struct reply *out, int *garbage)
{
	size_t at = 0;

	*out = (struct reply){0};
	for (;;) {
		const char *line = p + at;
		const char *lf = memchr(line, '\n', n - at), *end = lf;
		size_t k;

		if (lf == NULL)
			return 0;
		at = (size_t)(lf - p) + 1;
		if (end > line && end[-1] == '\r')
			end--;
		*garbage = end - line < 3 || line[0] < '2' || line[0] > '5' ||
			   !isdigit((unsigned char)line[1]) ||
			   !isdigit((unsigned char)line[2]) ||
			   (end - line > 3 && line[3] != ' ' && line[3] != '-');
		if (*garbage)
			return at;
		out->code = (line[0] - '0') * 100 + (line[1] - '0') * 10 +
			    line[2] - '0';
		k = end - line > 4 ? enhanced_length(line + 4, end) : 0;
		if (k > 0 && out->enhanced[0] == '\0')
			memcpy(out->enhanced, line + 4, k);
		if (end - line == 3 || line[3] == ' ')
			return at;
	}
}

static void
check_reply(const struct reply *got, const struct reply *want)
{
	size_t n = strlen(got->text), i;

	if (got->code != want->code ||
	    strcmp(got->enhanced, want->enhanced) != 0 || n > REPLY_TEXT ||
	    utf8_valid(got->text, n) != n)
		abort();
	for (i = 0; i < n; i++) {
		if ((unsigned char)got->text[i] < 0x20 || got->text[i] == 0x7f)
			abort();
	}
}

/* Words with one blank between, and no capitals but the marks. */
static void
check_words(const char *words)
{
	const char *p;

	if (words[0] != ' ')
		abort();
	for (p = words + 1; *p != '\0'; p++) {
		if (*p == ' ' && p[-1] == ' ')
			abort();
		if (isupper((unsigned char)*p) &&
		    (p[-1] != ' ' || p[1] != ' ' ||
			strchr("RSAIDOLHU", *p) == NULL))
			abort();
	}
	if (p[-1] != ' ')
		abort();
}

/*
 * A code below 400 accepts, no code of 400 to 499 writes a mailbox off, and
 * before RCPT nothing is about the recipient.
 */
static void
check_judgement(const struct reply *r)
{
	static const char *const people[] = {
	    "", "a@b.example", "x", "@", "spamcop@c", "\"a b\"@d.example"};
	size_t i = (size_t)r->code % 6;
	struct str sender = str_of(people[i]);
	struct str recipient = str_of(people[(i + 1) % 6]);
	struct reply_text t;
	/* One stage a reply: all of them would cost ten times as much. */
	int stage = (int)(strlen(r->text) % (STAGE_DOT + 1));
	struct retry_verdict v;

	reply_text_read(&t, r, sender, recipient);
	check_words(t.words);
	check_words(t.quoted);
	v = retry_judge_envelope(i % 2 ? RETRY_SES : RETRY_GENERIC,
	    (enum reply_stage)stage, r, i % 3 == 0, sender, recipient, NULL);
	if ((v.action == RETRY_OK) != (r->code < 400) ||
	    (v.action == RETRY_DEAD && (r->code < 500 || stage < STAGE_RCPT)) ||
	    v.class == NULL || v.wait < 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t piece = size > 0 ? 1 + data[0] % 97 : 1, from = 0, at = 0;
	struct reply_reader r = {0};
	const char *p = (const char *)data;

	while (at < size) {
		size_t n = size - at < piece ? size - at : piece;
		char *copy = malloc(n);
		struct str in = {copy, n};
		int garbage = 0;

		memcpy(copy, p + at, n);
		while (in.n > 0 && !garbage) {
			enum reply_result got = reply_read(&r, &in);
			size_t upto = at + n - in.n, took;
			struct reply want;

			/* The text is not compared: long lines are cut. */
			took = read_plainly(
			    p + from, upto - from, &want, &garbage);
			if ((got == REPLY_GARBAGE) != garbage ||
			    (got == REPLY_WHOLE) != (took > 0 && !garbage))
				abort();
			if (got == REPLY_WHOLE) {
				if (took != upto - from)
					abort();
				check_reply(&r.reply, &want);
				check_judgement(&r.reply);
				from = upto;
			}
		}
		free(copy);
		at = garbage ? size : at + n;
	}
	reply_free(&r);
	return 0;
}
