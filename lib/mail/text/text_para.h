/*
 * A paragraph: inline text is collected, its white space collapsed, until the
 * paragraph ends and is broken into lines.
 */
#ifndef MAIL_TEXT_TEXT_PARA_H
#define MAIL_TEXT_TEXT_PARA_H

#include <stdbool.h>
#include <stdint.h>

#include "mail/html/html_field.h"
#include "mail/text/text_lines.h"

/* The text of an open link, in so far as it has been shown. */
struct text_label {
	struct buf text;
	bool image;       /* the link contains an image */
	bool after_image; /* the last word is an image's: space follows it */
};

struct text_para {
	struct text_lines lines; /* the finished lines of the flow */
	const struct html_fields *fields;
	int width;                /* columns; 0 = no limit */
	struct text_label *label; /* of the open link, or NULL */

	/* The text so far; text_para_end() resets all of these. */
	struct buf text;
	bool space;          /* white space is due before the next word */
	unsigned nbsp;       /* no-break spaces in that white space */
	bool other;          /* other characters in that white space */
	bool target;         /* the last word is a link's target */
	bool fixed;          /* preformatted: never filled */
	bool struck;         /* the text is within a mark for struck-out text */
	bool boxed;          /* the last word ends a box of its own */
	size_t tab, columns; /* offset of the last tab, columns before it */
	uint32_t last;       /* the last character; 0 at the start */
	uint32_t joiner; /* U+200C or U+200D, due if a letter follows; or 0 */
};

/* Add text in a style of text_style.h, a word, or a link's target. */
void text_para_text(struct text_para *, struct str, unsigned style);
void text_para_word(struct text_para *, struct str);

/* Add a sign that belongs to what is around it: no space comes before it. */
void text_para_sign(struct text_para *, struct str);
void text_para_target(struct text_para *, struct str shown);

/* End the paragraph: its lines are added to the finished ones. */
void text_para_end(struct text_para *);

/* <br>: end the line, or leave a blank one if nothing is in it. */
void text_para_break(struct text_para *);

#endif
