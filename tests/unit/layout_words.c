/* The words of the footer and of From, by the tag of a language. */
#include "mail/message/layout_words.h"

#include <string.h>

#include "mail/optout/page_text.h"
#include "unit.h"

static const char *
choose(const char *tag)
{
	return layout_words_choose(str_of(tag))->lang;
}

/* The opt-out page that a footer leads to speaks the same languages. */
static void
check_languages(void)
{
	size_t different = 0, both = 0;

	for (char a = 'a'; a <= 'z'; a++) {
		for (char b = 'a'; b <= 'z'; b++) {
			char name[] = {'p', 'a', 'g', 'e', '.', a, b, '\0'};
			bool page = page_text_builtin(NULL, name).p != NULL;
			bool words = strcmp(choose(name + 5), name + 5) == 0;

			different += page != words;
			both += page && words;
		}
	}
	ok(different == 0, "the page and the layout have the same languages");
	ok(both >= 3, "%zu languages", both);
}

/* A language that forgets a word would leave a gap in each message. */
static void
check_words(const char *lang)
{
	const struct layout_words *w = layout_words_choose(str_of(lang));
	const struct layout_words *en = layout_words_choose(STR("en"));

	for (size_t i = 0; i < LAYOUT_FIELDS; i++) {
		ok(strcmp(w->fields[i].name, en->fields[i].name) == 0 &&
			strlen(w->fields[i].json) > 3,
		    "%s: %s", lang, en->fields[i].name);
		if (i != 1)
			ok(w == en || strcmp(w->fields[i].json,
					  en->fields[i].json) != 0,
			    "%s: %s is translated", lang, w->fields[i].name);
	}
	for (size_t i = 0; i < LAYOUT_REASONS; i++)
		ok(*w->reasons[i] != '\0' &&
			(w == en || strcmp(w->reasons[i], en->reasons[i]) != 0),
		    "%s: reason %zu", lang, i);
	ok(*w->staff.before + *w->staff.behind != 0 && *w->staff.alone != 0,
	    "%s: the staff", lang);
}

int
main(void)
{
	static const char *const tags[][2] = {{"en", "en"}, {"en-GB", "en"},
	    {"es", "es"}, {"ES", "es"}, {"es-MX", "es"}, {"es_419", "es"},
	    {"ar-EG", "ar"}, {"", "en"}, {"e", "en"}, {"est", "en"},
	    {"de", "en"}, {"-es", "en"}, {"zh-es", "en"}};

	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		ok(strcmp(choose(tags[i][0]), tags[i][1]) == 0, "\"%s\": %s",
		    tags[i][0], choose(tags[i][0]));
	ok(strcmp(layout_words_choose((struct str){0})->lang, "en") == 0,
	    "no language");
	check_languages();
	check_words("en");
	check_words("es");
	check_words("ar");
	return unit_end();
}
