#include "mail/smtp/answer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"

#define LINE_MAX 120

uint64_t
answer_hash(struct str s)
{
	uint64_t h = hash_add(HASH_SEED, s);

	return h != 0 ? h : 1;
}

enum answer_kind
answer_kind_of(enum retry_action action, const struct reply_model *m, int code)
{
	if (action == RETRY_OK)
		return ANSWER_TAKEN;
	if (action == RETRY_DEAD)
		return ANSWER_NO_MAILBOX;
	if (action != RETRY_FAIL && action != RETRY_LATER &&
	    action != RETRY_SLOW)
		return ANSWER_NONE;
	if (m->matter == REPLY_GREY && code < 500)
		return ANSWER_GREY;
	if (m->about != REPLY_OF_RECIPIENT || m->matter == REPLY_OTHER)
		return ANSWER_REFUSED;
	return ANSWER_PERSONAL;
}

void
answer_put(struct buf *b, const struct answer *a)
{
	buf_printf(b,
	    "%d %d %016" PRIx64 " %016" PRIx64 " %016" PRIx64 " %" PRId64,
	    (int)a->kind, a->again, a->print, a->who, a->domain, a->at);
}

bool
answer_parse(struct answer *a, struct str line)
{
	char text[LINE_MAX];
	int kind, again, end = 0;

	*a = (struct answer){0};
	if (line.n >= sizeof(text))
		return false;
	memcpy(text, line.p, line.n);
	text[line.n] = '\0';
	if (sscanf(text,
		"%d %d %16" SCNx64 " %16" SCNx64 " %16" SCNx64 " %" SCNd64 "%n",
		&kind, &again, &a->print, &a->who, &a->domain, &a->at,
		&end) != 6 ||
	    (size_t)end != line.n || kind <= ANSWER_NONE ||
	    kind > ANSWER_REFUSED)
		return false;
	a->kind = (enum answer_kind)kind;
	a->again = again != 0;
	return true;
}
