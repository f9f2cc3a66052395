/*
 * The words that the built-in layout and the From field say in the language
 * of a course. The languages are those of the opt-out page.
 */
#ifndef MAIL_MESSAGE_LAYOUT_WORDS_H
#define MAIL_MESSAGE_LAYOUT_WORDS_H

#include "base/str.h"
#include "mail/mime/sender.h"

/* Why a person gets a message; the course's title follows but for SELECTED. */
enum layout_reason {
	LAYOUT_SELECTED,
	LAYOUT_ENROLLED,
	LAYOUT_STAFF,
	LAYOUT_MYSELF,
	LAYOUT_REASONS
};

/* A field of the layout; the value is a JSON string. */
struct layout_field {
	const char *name;
	const char *json;
};

#define LAYOUT_FIELDS 6

struct layout_words {
	const char *lang; /* a primary subtag of BCP 47 */
	struct layout_field fields[LAYOUT_FIELDS];
	const char *reasons[LAYOUT_REASONS];
	struct sender_words staff;
};

/* The words for a tag such as "es-MX" or "es_MX"; English for all others. */
const struct layout_words *layout_words_choose(struct str lang);

#endif
