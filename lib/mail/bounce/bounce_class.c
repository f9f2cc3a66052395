#include "mail/bounce/bounce_class.h"

#include <string.h>

#include "base/ascii.h"
#include "base/harmless.h"
#include "base/utf8.h"
#include "mail/bounce/bounce_rules.h"
#include "mail/smtp/reply_model.h"
#include "mail/smtp/reply_pattern.h"
#include "mail/smtp/reply_text.h"

#define NONE ((enum reply_matter) - 1)

/* "5.1.1" at p: its length, or 0. */
static size_t
measure_status(struct str s)
{
	size_t i = 1, digits, part;

	if (s.n < 5 || strchr("245", s.p[0]) == NULL)
		return 0;
	for (part = 0; part < 2; part++) {
		if (i >= s.n || s.p[i++] != '.')
			return 0;
		for (digits = 0; i < s.n && ascii_is_digit(s.p[i]); digits++)
			i++;
		if (digits == 0 || digits > 3)
			return 0;
	}
	return i < s.n && (s.p[i] == '.' || ascii_is_alnum(s.p[i])) ? 0 : i;
}

static bool
starts_word(struct str text, size_t i)
{
	return i == 0 ||
	       (!ascii_is_alnum(text.p[i - 1]) &&
		   strchr(".-_@=/:", text.p[i - 1]) == NULL) ||
	       (i > 1 && text.p[i - 1] == ':' && text.p[i - 2] == ' ');
}

/* A reply's code at i: three digits and what may follow them. */
static int
read_code(struct str text, size_t i)
{
	const char *p = text.p + i;

	if (i + 3 > text.n || (p[0] != '4' && p[0] != '5') ||
	    !ascii_is_digit(p[1]) || p[1] > '7' || !ascii_is_digit(p[2]))
		return 0;
	if (i + 3 < text.n && strchr(" -#:,;\n)]\"'.", p[3]) == NULL)
		return 0;
	if (p[3] == '.' && i + 4 < text.n && ascii_is_alnum(p[4]))
		return 0;
	if (!starts_word(text, i) && !(i > 0 && (p[-1] == ':' || p[-1] == '-')))
		return 0;
	return (p[0] - '0') * 100 + (p[1] - '0') * 10 + p[2] - '0';
}

/*
 * Find the last reply in a text: a server may quote another one's. The words
 * begin behind its codes.
 */
static void
find_codes(struct str text, struct bounce *b, size_t *from)
{
	size_t i, n;
	int code;

	for (i = 0; i < text.n; i++) {
		if (!ascii_is_digit(text.p[i]))
			continue;
		code = read_code(text, i);
		if (code > 0 && (b->code == 0 || code / 100 == b->code / 100)) {
			if (b->code == 0)
				*from = i + 3;
			b->code = code;
			i += 2;
			continue;
		}
		n = starts_word(text, i)
			? measure_status((struct str){text.p + i, text.n - i})
			: 0;
		if (n > 0 && n < sizeof(b->status) && b->status[0] == '\0') {
			memcpy(b->status, text.p + i, n);
			b->status[n] = '\0';
		}
		while (i + 1 < text.n &&
		       (ascii_is_alnum(text.p[i + 1]) || text.p[i + 1] == '.'))
			i++;
	}
}

static bool
is_general(const char *status)
{
	return strcmp(status + 1, ".0.0") == 0;
}

/* The words of a text as one line of valid UTF-8. */
static void
copy_words(char out[REPLY_TEXT + 1], struct str text)
{
	size_t i, n = 0;

	for (i = 0; i < text.n && n < REPLY_TEXT; i++) {
		char c = text.p[i];

		if ((unsigned char)c < ' ' || c == 127)
			c = ' ';
		if (c == ' ' && (n == 0 || out[n - 1] == ' '))
			continue;
		out[n++] = c;
	}
	n = harmless_text(out, n);
	n = utf8_cut((struct str){out, n}, REPLY_TEXT);
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
}

static enum reply_stage
find_stage(struct str text)
{
	static const struct {
		const char *words;
		enum reply_stage stage;
	} signs[] = {{"MAIL FROM", STAGE_MAIL}, {"MAIL From", STAGE_MAIL},
	    {"end of DATA", STAGE_DOT}, {"end of data", STAGE_DOT},
	    {"DATA command", STAGE_DOT}, {">>> DATA", STAGE_DOT},
	    {"after I sent the message", STAGE_DOT}};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		if (memmem(text.p, text.n, signs[i].words,
			strlen(signs[i].words)) != NULL)
			return signs[i].stage;
	}
	return STAGE_RCPT;
}

static enum reply_matter
match_rules(const struct bounce_rule *rules, size_t n,
    const struct reply_pattern_words *words)
{
	for (size_t i = 0; i < n; i++) {
		if (reply_pattern_fits(words, rules[i].text))
			return rules[i].matter;
	}
	return NONE;
}

static enum reply_matter
judge_words(
    struct bounce *b, const struct reply *r, const struct bounce_words *w)
{
	struct reply_text t;
	struct reply_pattern_words words;
	struct reply_model model;
	enum reply_matter matter;

	reply_text_read(&t, r, w->sender, w->recipient);
	reply_pattern_read(&words, t.words);
	matter = match_rules(bounce_rules, bounce_rules_count, &words);
	if (matter != NONE && (b->code < 500 || matter != REPLY_LOAD))
		return matter;
	model = reply_model_read(
	    r, find_stage(w->text), false, w->sender, w->recipient);
	if (model.matter != REPLY_OTHER)
		return model.matter;
	matter =
	    match_rules(bounce_rules_last, bounce_rules_last_count, &words);
	return matter != NONE ? matter : REPLY_OTHER;
}

static enum bounce_kind
kind_of(enum reply_matter matter, bool permanent)
{
	switch (matter) {
	case REPLY_UNKNOWN:
	case REPLY_DOMAIN:
	case REPLY_ADDRESS:
		return permanent ? BOUNCE_HARD : BOUNCE_SOFT;
	case REPLY_SPAM:
	case REPLY_LOGIN:
	case REPLY_TLS:
	case REPLY_RELAY:
	case REPLY_SENDER:
	case REPLY_PROOF:
	case REPLY_BANNED:
	case REPLY_NAME:
	case REPLY_LISTED:
	case REPLY_RATE:
	case REPLY_FLOOD:
	case REPLY_QUOTA:
	case REPLY_DAILY:
	case REPLY_ACCOUNT:
		return BOUNCE_POLICY;
	default:
		return BOUNCE_SOFT;
	}
}

void
bounce_class_read(
    struct bounce *b, const struct bounce_words *given, struct arena *arena)
{
	struct bounce_words words = *given;
	const struct bounce_words *w = &words;
	struct reply r = {0};
	size_t n, from = 0;
	bool permanent;

	if (words.text.p == NULL)
		words.text = STR("");
	n = measure_status(w->status);
	find_codes(w->text, b, &from);
	if (n > 0 && n < sizeof(b->status) &&
	    (b->status[0] == '\0' || is_general(b->status))) {
		memcpy(b->status, w->status.p, n);
		b->status[n] = '\0';
	}
	copy_words(r.text, w->text);
	b->text = arena_str(arena, str_of(r.text));
	copy_words(r.text, (struct str){w->text.p + from, w->text.n - from});
	permanent = b->code != 0 ? b->code >= 500
				 : b->status[0] != '4' || is_general(b->status);
	r.code = b->code != 0 ? b->code : permanent ? 550 : 450;
	if (b->status[0] != '\0' && !is_general(b->status))
		strcpy(r.enhanced, b->status);
	b->matter = judge_words(b, &r, w);
	b->kind = kind_of(b->matter, permanent);
}
