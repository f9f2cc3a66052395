/*
 * Inside of text: how the tree becomes lines. A flow lays one part of it out
 * (all of it, a list's item, a table's cell) and yields finished lines; the
 * flow around it puts them behind a prefix.
 */
#ifndef MAIL_TEXT_FLOW_H
#define MAIL_TEXT_FLOW_H

#include "mail/html/html.h"
#include "mail/text/text.h"
#include "mail/text/text_fill.h"
#include "mail/text/text_style.h"

#define TEXT_NESTING 60 /* flows within flows; deeper ones are flat */
#define TEXT_RULE 72    /* columns of a rule at most */

/* What separates two lines. */
enum gap { GAP_NONE, GAP_LINE, GAP_BLANK };

/* What all flows of a conversion share. */
struct text_job {
	const struct text_params *params;
	struct html html;
	struct arena *arena;
	struct str base;   /* of <base href>; p == NULL: none */
	struct str *links; /* the list at the end */
	size_t link_count, link_cap;
	bool shown; /* some text has come out: no preheader any more */
};

/* The line that is being collected. */
struct para {
	struct buf text;
	bool space;          /* white space is due before the next word */
	unsigned nbsp;       /* no-break spaces in it */
	bool other;          /* and white space of another kind */
	bool target;         /* the last word is a link's target */
	bool fixed;          /* preformatted: never filled */
	size_t tab, columns; /* the last TAB, and the columns before it */
	uint32_t last;       /* character; 0 at the start */
	uint32_t joiner; /* U+200C or U+200D, kept if the next one wants it */
};

struct text_link;

struct flow {
	struct text_job *job;
	int width; /* columns; 0 = no limit */
	int list_depth;
	int nesting;
	struct buf out; /* finished lines */
	size_t lines;
	bool blank_inside;
	enum gap gap;  /* due before the next line */
	enum gap lead; /* that was due before the first one */
	struct para para;
	unsigned breaks; /* block boundaries so far */
	struct text_link *link;
	bool in_link; /* a flow around this one has a link open */
	bool image;   /* an image was met */
};

/* A flow for a part of the given one; flow_end() frees it. */
struct flow flow_inner(const struct flow *, int width);
void flow_end(struct flow *);

/* Lay out what is in a node; or the siblings from first up to end. */
void flow_content(struct flow *, const struct html_node *);
void flow_range(struct flow *, struct html_node *first,
    const struct html_node *end, const struct html_node *parent);

/* False for what is never shown or hidden here. */
bool flow_shows(const struct flow *, const struct html_node *);

/* End the line that is being collected; at least this gap comes next. */
void flow_break(struct flow *, enum gap);

/* Add a line of cells, which a link round the table shows too. */
void flow_drawn_line(struct flow *, struct str);

/* Add one finished line, or the lines of an inner flow behind prefixes. */
void flow_line(struct flow *, struct str);
void flow_attach(
    struct flow *, const struct flow *inner, struct str first, struct str rest);

/* Likewise, its margins becoming those of the outer flow. */
void flow_attach_open(
    struct flow *, const struct flow *inner, struct str prefix);

/* Inline text. */
void para_text(struct flow *, struct str, unsigned style);
void para_word(struct flow *, struct str);
void para_target(struct flow *, struct str shown);
void para_flush(struct flow *);
void para_line_end(struct flow *); /* <br> */

/* Blocks with a layout of their own. */
void list_put(struct flow *, struct html_node *list);
void table_put(struct flow *, struct html_node *table);

/* Items without a list; the last of them. */
struct html_node *list_stray(struct flow *, struct html_node *item);

#endif
