#include "mail/optout/unsub.h"

#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/num.h"
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
decode_q(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		int byte =
		    s.p[i] == '=' ? num_hex_byte(s.p + i + 1, s.p + s.n) : -1;

		if (byte >= 0) {
			buf_addc(b, (char)byte);
			i += 2;
		} else {
			buf_addc(b, s.p[i] == '_' ? ' ' : s.p[i]);
		}
	}
}

/* Decode the encoded-word (RFC 2047) at the start; its length, or 0. */
static size_t
decode_word(struct buf *b, struct str s)
{
	const char *end = s.p + s.n, *charset, *kind, *stop;
	struct str text;
	struct fail f;

	if (!str_starts(s, "=?"))
		return 0;
	charset = memchr(s.p + 2, '?', s.n - 2);
	if (charset == NULL || end - charset < 3 || charset[2] != '?')
		return 0;
	kind = charset + 1;
	text.p = kind + 2;
	stop = memmem(text.p, (size_t)(end - text.p), "?=", 2);
	if (stop == NULL)
		return 0;
	text.n = (size_t)(stop - text.p);
	if (*kind == 'Q' || *kind == 'q')
		decode_q(b, text);
	else if ((*kind != 'B' && *kind != 'b') ||
		 crypto_unbase64(b, text, &f) < 0)
		return 0;
	return (size_t)(stop + 2 - s.p);
}

/* Blanks between two encoded-words are not part of the text (RFC 2047 6.2). */
static void
decode_words(struct buf *b, struct str s)
{
	size_t i = 0, used, next;

	while (i < s.n) {
		used = decode_word(b, (struct str){s.p + i, s.n - i});
		if (used == 0) {
			buf_addc(b, s.p[i++]);
			continue;
		}
		i += used;
		next = i;
		while (next < s.n && is_folding(s.p[next]))
			next++;
		if (str_starts((struct str){s.p + next, s.n - next}, "=?"))
			i = next;
	}
}

static void
read_subject(struct unsub *u, struct str value, struct arena *arena)
{
	struct buf b = {0};
	struct str text;

	decode_words(&b, value);
	text = (struct str){arena_dup(arena, buf_cstr(&b), b.len), b.len};
	add_words(u, text);
	add_joined(u, text, arena);
	buf_free(&b);
}

/* Add the part of an address between a plus sign and the at sign. */
static void
read_address(struct unsub *u, struct str value)
{
	for (size_t i = 0; i < value.n; i++) {
		size_t from = i + 1, to = from;

		if (value.p[i] != '+')
			continue;
		while (to < value.n && token_is_char(value.p[to]))
			to++;
		if (to < value.n && value.p[to] == '@')
			add_candidate(
			    u, (struct str){value.p + from, to - from});
	}
}

static bool
has_prefix(struct str s, const char *word)
{
	size_t n = strlen(word);

	return s.n >= n && str_is_nocase((struct str){s.p, n}, word);
}

static bool
is_automatic(struct str name, struct str value)
{
	if (str_is_nocase(name, "Auto-Submitted"))
		return !has_prefix(value, "no");
	if (str_is_nocase(name, "Return-Path"))
		return str_is(value, "<>");
	if (str_is_nocase(name, "Content-Type"))
		return has_prefix(value, "multipart/report") ||
		       has_prefix(value, "message/delivery-status");
	if (str_is_nocase(name, "Precedence"))
		return has_prefix(value, "auto_reply");
	return str_is_nocase(name, "X-Autoreply") ||
	       str_is_nocase(name, "X-Autorespond") ||
	       str_is_nocase(name, "X-Failed-Recipients");
}

static void
read_field(struct unsub *u, struct str field, struct arena *arena)
{
	const char *colon = memchr(field.p, ':', field.n);
	struct str name, value;

	if (colon == NULL)
		return;
	name = str_strip(
	    (struct str){field.p, (size_t)(colon - field.p)}, " \t\r\n");
	value = str_strip(
	    (struct str){colon + 1, field.n - (size_t)(colon + 1 - field.p)},
	    " \t\r\n");
	if (is_automatic(name, value))
		u->automatic = true;
	else if (str_is_nocase(name, "Subject"))
		read_subject(u, value, arena);
	else if (str_is_nocase(name, "To") || str_is_nocase(name, "Cc") ||
		 str_is_nocase(name, "Delivered-To") ||
		 str_is_nocase(name, "X-Original-To") ||
		 str_is_nocase(name, "Envelope-To"))
		read_address(u, value);
}

/* The length of the line at p, its LF included. */
static size_t
line_size(const char *p, const char *end)
{
	const char *lf = memchr(p, '\n', (size_t)(end - p));

	return (size_t)((lf != NULL ? lf + 1 : end) - p);
}

void
unsub_read(struct unsub *u, struct str message, struct arena *arena)
{
	const char *p = message.p, *end = p + message.n;

	u->automatic = false;
	u->count = 0;
	if (str_starts(message, "From ")) {
		u->automatic = str_starts(message, "From MAILER-DAEMON ");
		p += line_size(p, end);
	}
	while (p < end && *p != '\n' && *p != '\r') {
		const char *from = p;

		do
			p += line_size(p, end);
		while (p < end && (*p == ' ' || *p == '\t'));
		read_field(u, (struct str){from, (size_t)(p - from)}, arena);
	}
}
