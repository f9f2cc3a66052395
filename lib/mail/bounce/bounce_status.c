#include "mail/bounce/bounce_status.h"

#include <string.h>

#include "base/buf.h"
#include "mail/mime/header_reader.h"

#define RECIPIENTS_MAX 1000

struct reader {
	struct arena *arena;
	struct bounce_status *all, now;
	size_t count, room;
	bool some; /* now has a field */
};

/* "rfc822; <user@example.org> (a comment)": the address in it. */
static struct str
cut_address(struct str value)
{
	const char *semicolon = memchr(value.p, ';', value.n);
	const char *from, *to;

	if (semicolon != NULL)
		value = (struct str){
		    semicolon + 1, value.n - (size_t)(semicolon + 1 - value.p)};
	from = memchr(value.p, '<', value.n);
	to = from != NULL
		 ? memchr(from, '>', value.n - (size_t)(from - value.p))
		 : NULL;
	if (to != NULL)
		value = (struct str){from + 1, (size_t)(to - from) - 1};
	value = str_trim(value);
	from = memmem(value.p, value.n, " (", 2);
	if (from != NULL)
		value.n = (size_t)(from - value.p);
	return str_strip(value, " \t<>\"',;");
}

static enum bounce_status_action
read_action(struct str value)
{
	if (str_starts_nocase(value, "fail"))
		return BOUNCE_ACTION_FAILED;
	if (str_starts_nocase(value, "delayed"))
		return BOUNCE_ACTION_DELAYED;
	if (str_starts_nocase(value, "delivered") ||
	    str_starts_nocase(value, "deliverable") ||
	    str_starts_nocase(value, "relayed") ||
	    str_starts_nocase(value, "expanded"))
		return BOUNCE_ACTION_DELIVERED;
	return BOUNCE_ACTION_NONE;
}

static void
keep_field(void *ctx, struct str name, struct str value)
{
	struct reader *r = ctx;
	struct bounce_status *s = &r->now;

	if (str_is_nocase(name, "Action")) {
		s->action = read_action(value);
	} else if (str_is_nocase(name, "Final-Recipient")) {
		s->final = arena_str(r->arena, cut_address(value));
	} else if (str_is_nocase(name, "Original-Recipient")) {
		s->original = arena_str(r->arena, cut_address(value));
	} else if (str_is_nocase(name, "X-Actual-Recipient")) {
		if (s->final.n == 0)
			s->final = arena_str(r->arena, cut_address(value));
	} else if (str_is_nocase(name, "Status")) {
		s->status = arena_str(r->arena, value);
	} else if (str_is_nocase(name, "Diagnostic-Code")) {
		s->diagnostic = arena_str(r->arena, value);
	} else {
		return;
	}
	r->some = true;
}

static void
end_block(struct reader *r)
{
	const struct bounce_status *s = &r->now;

	if (r->some && r->count < r->room &&
	    (s->action != BOUNCE_ACTION_NONE || s->final.n > 0 ||
		s->original.n > 0))
		r->all[r->count++] = *s;
	memset(&r->now, 0, sizeof(r->now));
	r->some = false;
}

/*
 * A line that is no field continues the field before it: servers' replies of
 * several lines are not always folded.
 */
static void
read_status_line(struct reader *r, struct header_reader *h, struct str line)
{
	char *folded;

	if (header_reader_line(h, line, keep_field, r))
		return;
	if (line.n > 0) {
		folded = arena_printf(r->arena, " %.*s", (int)line.n, line.p);
		header_reader_line(h, str_of(folded), keep_field, r);
		return;
	}
	header_reader_end(h, keep_field, r);
	h->count = 0;
	end_block(r);
}

/* No less than there are: each but the last ends with an empty line. */
static size_t
count_blocks(struct str text)
{
	size_t n = 1;

	for (size_t i = 1; i < text.n && n < RECIPIENTS_MAX; i++)
		n += text.p[i] == '\n' &&
		     (text.p[i - 1] == '\n' || text.p[i - 1] == '\r');
	return n;
}

size_t
bounce_status_read(
    struct bounce_status **all, struct str text, struct arena *arena)
{
	struct header_reader h = {0};
	struct reader r = {.arena = arena};
	struct str line;

	r.room = count_blocks(text);
	r.all = arena_alloc(arena, r.room * sizeof(*r.all));
	while (str_line(&text, &line))
		read_status_line(&r, &h, str_strip(line, "\r"));
	header_reader_end(&h, keep_field, &r);
	header_reader_free(&h);
	end_block(&r);
	*all = r.all;
	return r.count;
}
