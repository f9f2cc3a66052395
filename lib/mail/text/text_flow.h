/*
 * Inside of text: how the tree becomes lines. A flow lays one part of it out
 * (all of it, a list's item, a table's cell) and yields finished lines; the
 * flow around it puts them behind a prefix.
 */
#ifndef MAIL_TEXT_TEXT_FLOW_H
#define MAIL_TEXT_TEXT_FLOW_H

#include "base/buf.h"
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
struct text_para {
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

struct text_flow {
	struct text_job *job;
	int width; /* columns; 0 = no limit */
	int list_depth;
	int nesting;
	struct buf out; /* finished lines */
	size_t lines;
	bool blank_inside;
	enum gap gap;  /* due before the next line */
	enum gap lead; /* that was due before the first one */
	struct text_para para;
	unsigned breaks; /* block boundaries so far */
	struct text_link *link;
	bool in_link; /* a flow around this one has a link open */
	bool image;   /* an image was met */
};

/* A flow for a part of the given one; text_flow_end() frees it. */
struct text_flow text_flow_inner(const struct text_flow *, int width);
void text_flow_end(struct text_flow *);

/* Lay out what is in a node; or the siblings from first up to end. */
void text_flow_content(struct text_flow *, const struct html_node *);
void text_flow_range(struct text_flow *, struct html_node *first,
    const struct html_node *end, const struct html_node *parent);

/* False for what is never shown or hidden here. */
bool text_flow_shows(const struct text_flow *, const struct html_node *);

/* End the line that is being collected; at least this gap comes next. */
void text_flow_break(struct text_flow *, enum gap);

/* Add a line of cells, which a link round the table shows too. */
void text_flow_drawn_line(struct text_flow *, struct str);

/* Add one finished line, or the lines of an inner flow behind prefixes. */
void text_flow_line(struct text_flow *, struct str);
void text_flow_attach(struct text_flow *, const struct text_flow *inner,
    struct str first, struct str rest);

/* Likewise, its margins becoming those of the outer flow. */
void text_flow_attach_open(
    struct text_flow *, const struct text_flow *inner, struct str prefix);

/* Inline text. */
void text_para_text(struct text_flow *, struct str, unsigned style);
void text_para_word(struct text_flow *, struct str);
void text_para_target(struct text_flow *, struct str shown);
void text_para_flush(struct text_flow *);
void text_para_line_end(struct text_flow *); /* <br> */

/* Blocks with a layout of their own. */
void text_list_put(struct text_flow *, struct html_node *list);
void text_table_put(struct text_flow *, struct html_node *table);

/* Items without a list; the last of them. */
struct html_node *text_list_stray(struct text_flow *, struct html_node *item);

#endif
