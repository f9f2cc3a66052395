#include "mail/optout/unsub.h"

#include <string.h>

#include "base/buf.h"
#include "mail/mime/encoded_word_read.h"
#include "mail/mime/header_reader.h"
#include "mail/optout/token.h"

#define WORD_MIN 20 /* characters; no token is shorter */

static bool
is_folding(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void
add_candidate(struct unsub *u, struct str word)
{
	if (word.n >= WORD_MIN && u->count < UNSUB_MAX)
		u->words[u->count++] = word;
}

/* Add every run of token characters. */
static void
add_words(struct unsub *u, struct str s)
{
	size_t from = 0;

	for (size_t i = 0; i <= s.n; i++) {
		if (i < s.n && token_is_char(s.p[i]))
			continue;
		add_candidate(u, (struct str){s.p + from, i - from});
		from = i + 1;
	}
}

/*
 * Some mail programs fold a long word where it has no blank. So add the text
 * that follows the start of each word, with all blanks removed.
 */
static void
add_joined(struct unsub *u, struct str s, struct arena *arena)
{
	char *joined = arena_alloc(arena, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (!is_folding(s.p[i]))
			joined[n++] = s.p[i];
	}
	add_candidate(u, (struct str){joined, n});
	for (size_t i = 0, at = 0; i < s.n; i++) {
		if (!is_folding(s.p[i]))
			at++;
		else if (i > 0 && !is_folding(s.p[i - 1]))
			add_candidate(u, (struct str){joined + at, n - at});
	}
}

static void
read_subject(struct unsub *u, struct str value, struct arena *arena)
{
	struct buf b = {0};
	struct str text;

	encoded_word_read(&b, value);
	text = (struct str){arena_dup(arena, buf_cstr(&b), b.len), b.len};
	add_words(u, text);
	add_joined(u, text, arena);
	buf_free(&b);
}

/* Add the part of an address between a plus sign and the at sign. */
static void
read_address(struct unsub *u, struct str value, struct arena *arena)
{
	for (size_t i = 0; i < value.n; i++) {
		size_t from = i + 1, to = from;

		if (value.p[i] != '+')
			continue;
		while (to < value.n && token_is_char(value.p[to]))
			to++;
		if (to < value.n && value.p[to] == '@')
			add_candidate(
			    u, arena_str(arena,
				   (struct str){value.p + from, to - from}));
	}
}

static bool
is_automatic(struct str name, struct str value)
{
	if (str_is_nocase(name, "Auto-Submitted"))
		return !str_starts_nocase(value, "no");
	if (str_is_nocase(name, "Return-Path"))
		return str_is(value, "<>");
	if (str_is_nocase(name, "Content-Type"))
		return str_starts_nocase(value, "multipart/report") ||
		       str_starts_nocase(value, "message/delivery-status");
	if (str_is_nocase(name, "Precedence"))
		return str_starts_nocase(value, "auto_reply");
	return str_is_nocase(name, "X-Autoreply") ||
	       str_is_nocase(name, "X-Autorespond") ||
	       str_is_nocase(name, "X-Failed-Recipients");
}

struct header {
	struct unsub *unsub;
	struct arena *arena;
};

static void
read_field(void *ctx, struct str name, struct str value)
{
	struct header *h = ctx;

	if (is_automatic(name, value))
		h->unsub->automatic = true;
	else if (str_is_nocase(name, "Subject"))
		read_subject(h->unsub, value, h->arena);
	else if (str_is_nocase(name, "To") || str_is_nocase(name, "Cc") ||
		 str_is_nocase(name, "Delivered-To") ||
		 str_is_nocase(name, "X-Original-To") ||
		 str_is_nocase(name, "Envelope-To"))
		read_address(h->unsub, value, h->arena);
}

/* Take a line off *rest; its end is LF, CRLF or CR. */
static struct str
cut_line(struct str *rest)
{
	struct str line = {rest->p, 0};

	while (line.n < rest->n && rest->p[line.n] != '\r' &&
	       rest->p[line.n] != '\n')
		line.n++;
	*rest = (struct str){rest->p + line.n, rest->n - line.n};
	if (str_starts(*rest, "\r\n"))
		*rest = (struct str){rest->p + 2, rest->n - 2};
	else if (rest->n > 0)
		*rest = (struct str){rest->p + 1, rest->n - 1};
	return line;
}

void
unsub_read(struct unsub *u, struct str message, struct arena *arena)
{
	struct header_reader reader = {0};
	struct header h = {u, arena};

	u->automatic = false;
	u->count = 0;
	if (str_starts(message, "From ")) {
		u->automatic = str_starts(message, "From MAILER-DAEMON ");
		cut_line(&message);
	}
	while (message.n > 0 &&
	       header_reader_line(&reader, cut_line(&message), read_field, &h))
		;
	header_reader_end(&reader, read_field, &h);
	header_reader_free(&reader);
}
