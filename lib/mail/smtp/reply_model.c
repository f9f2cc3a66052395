#include "mail/smtp/reply_model.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "mail/smtp/reply_pattern.h"
#include "mail/smtp/reply_text.h"

#define AT(stage) (1u << (stage))
#define TEXT_STAGES (AT(STAGE_DATA) | AT(STAGE_BODY) | AT(STAGE_DOT))

static bool
matches_code(const struct reply_rule *rule, const char *enhanced)
{
	char *end;
	long subject, detail;

	if (rule->subject == REPLY_ANY)
		return true;
	if (enhanced[0] == '\0' || rule->subject == REPLY_NONE)
		return enhanced[0] == '\0' && rule->subject == REPLY_NONE;
	subject = strtol(enhanced + 2, &end, 10);
	detail = strtol(end + 1, NULL, 10);
	return subject == rule->subject && detail >= rule->low &&
	       detail <= rule->high;
}

static bool
matches_rule(const struct reply_rule *rule, enum reply_stage stage, int code,
    const struct reply_text *t, const struct reply_pattern_words *words)
{
	if (rule->stages != 0 && (rule->stages & AT(stage)) == 0)
		return false;
	if (rule->code >= 100 ? rule->code != code
			      : rule->code != 0 && rule->code != code / 100)
		return false;
	return matches_code(rule, t->enhanced) &&
	       (rule->text == NULL || reply_pattern_fits(words, rule->text));
}

static const struct reply_rule *
find_rule(const struct reply_rule *rules, size_t n, enum reply_stage stage,
    int code, const struct reply_text *t)
{
	struct reply_pattern_words words;
	size_t i;

	reply_pattern_read(&words, t->words);
	for (i = 0; i < n; i++) {
		if (matches_rule(&rules[i], stage, code, t, &words))
			return &rules[i];
	}
	return NULL;
}

static enum reply_about
about_of(enum reply_matter matter, enum reply_stage stage)
{
	if (matter >= REPLY_LOAD)
		return REPLY_OF_MOMENT;
	if (matter >= REPLY_LOGIN)
		return REPLY_OF_US;
	if (matter >= REPLY_FORM)
		return REPLY_OF_MESSAGE;
	if (matter == REPLY_OTHER && stage != STAGE_RCPT)
		return REPLY_OF_MESSAGE;
	return REPLY_OF_RECIPIENT;
}

/*
 * A mailbox is not written off by a reply that speaks of a time or a rule, nor
 * after the dot by words alone: they may be another server's.
 */
static bool
is_doubtful(const struct reply_rule *rule, enum reply_stage stage,
    const struct reply_text *t)
{
	if (reply_pattern_matches(t->words,
		"temporar*|try again|try "
		"later|later|quota|policy|may not|might not"))
		return true;
	return rule->subject == REPLY_ANY && (TEXT_STAGES & AT(stage)) != 0 &&
	       t->enhanced[0] == '\0' &&
	       !reply_pattern_matches(t->words, "delivery error dd");
}

/* What another server said of the mailbox; of us it said it to the relay. */
static const struct reply_rule *
find_quoted(enum reply_stage stage, int code, const struct reply_text *t)
{
	struct reply_text quoted = *t;
	const struct reply_rule *rule;

	if (t->quoted[1] == '\0')
		return NULL;
	memcpy(quoted.words, t->quoted, sizeof(quoted.words));
	rule = find_rule(reply_rules, reply_rules_count, stage, code, &quoted);
	return rule != NULL && rule->text != NULL &&
		       about_of(rule->matter, stage) == REPLY_OF_RECIPIENT
		   ? rule
		   : NULL;
}

/*
 * A word that varies with the recipient: what was cut out, and what may be a
 * part of an identifier, with a digit or with hexadecimal digits only.
 */
static bool
is_variable(struct str word)
{
	size_t i, hex = 0;

	if (word.n == 1 && word.p[0] >= 'A' && word.p[0] <= 'Z')
		return word.p[0] != 'L';
	for (i = 0; i < word.n; i++) {
		if (word.p[i] >= '0' && word.p[i] <= '9')
			return true;
		hex += word.p[i] >= 'a' && word.p[i] <= 'f';
	}
	return hex == word.n;
}

/* A word ends with a blank. */
static uint64_t
mix_word(uint64_t h, struct str s)
{
	return hash_add(hash_add(h, s), STR(" "));
}

static uint64_t
take_print(int code, const struct reply_text *t)
{
	const char basic[] = {
	    (char)('0' + code / 100), (char)(code % 100), '\0'};
	uint64_t h = mix_word(HASH_SEED, (struct str){basic, 2});
	struct str rest = str_of(t->words), word;

	h = mix_word(h, str_of(t->enhanced));
	while (rest.n > 0) {
		word = str_take(&rest, STR(" "));
		if (word.n > 0 && !is_variable(word))
			h = mix_word(h, word);
	}
	return h != 0 ? h : 1;
}

struct reply_model
reply_model_read(const struct reply *r, enum reply_stage stage, bool ses,
    struct str sender, struct str recipient)
{
	enum reply_matter matter = REPLY_OTHER;
	const struct reply_rule *rule = NULL;
	struct reply_text t;

	reply_text_read(&t, r, sender, recipient);
	if (ses)
		rule = find_rule(
		    reply_rules_ses, reply_rules_ses_count, stage, r->code, &t);
	if (rule == NULL)
		rule = find_rule(
		    reply_rules, reply_rules_count, stage, r->code, &t);
	if (rule == NULL)
		rule = find_quoted(stage, r->code, &t);
	if (rule != NULL)
		matter = rule->matter;
	if ((matter == REPLY_UNKNOWN || matter == REPLY_DOMAIN) &&
	    r->code >= 500 && is_doubtful(rule, stage, &t))
		matter = REPLY_UNWANTED;
	return (struct reply_model){
	    matter, about_of(matter, stage), take_print(r->code, &t)};
}
