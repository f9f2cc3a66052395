/*
 * Inside of template: the compiled program, shared by the compiler
 * (template.c, template_tag.c) and the interpreter (template_render.c).
 */
#ifndef MAIL_TEMPLATE_TEMPLATE_PROGRAM_H
#define MAIL_TEMPLATE_TEMPLATE_PROGRAM_H

#include <stdint.h>

#include "mail/template/template.h"
#include "mail/template/template_place.h"

#define TEMPLATE_DEPTH 200 /* sections and partials within one another */

enum op_kind {
	OP_TEXT,     /* text as it is */
	OP_INDENT,   /* a partial's line begins: its indentation */
	OP_VALUE,    /* name, escaped for the place */
	OP_SECTION,  /* name; the body ends before the op at next */
	OP_INVERTED, /* likewise */
	OP_CALL,     /* unit, with text as further indentation */
};

struct op {
	enum op_kind kind;
	enum template_place place;
	uint32_t index; /* into names or units */
	uint32_t next;
	size_t at; /* offset of the tag, see template_position() */
	struct str text;
};

/* A name and what its dots separate; no parts: the implicit iterator. */
struct name {
	char *text;
	struct str *parts;
	size_t count;
};

/* The template itself, or a partial for the place where it is called. */
struct unit {
	char *name;
	char *shown; /* the name for messages */
	char *source;
	size_t length;
	struct op *ops;
	size_t count, cap;
	const struct template *original; /* of whose source offsets tell */
	struct template_scan start, end;
	bool open; /* still being compiled: a call to it is recursion */
};

struct template
{
	enum template_context context;
	enum template_missing missing;
	struct unit **units; /* the first is the template itself */
	size_t unit_count;
	struct name *names;
	size_t name_count;
};

/* "NAME:LINE:COLUMN", for messages. */
struct position {
	char text[256];
};

/* Of an offset in the unit's source, or in that of its original. */
struct position template_position(const struct unit *, size_t at);

/* The part of the name that stands for it in names; added when it is new. */
uint32_t template_name(struct template *, struct str);

/*
 * Where the tag stands in the original: the tags come in the same order in
 * both, but some may be gone. *met, at first 0, counts the ops passed.
 */
size_t template_place_in(
    const struct template *original, size_t *met, char kind, struct str text);

/* A new op at the end of the unit; valid until the next one. */
struct op *template_op(struct unit *, enum op_kind, size_t at);

/*
 * The unit for a partial that starts in this place, compiled when it is new.
 * -1 and SYSTEM when there is none or it is no Mustache.
 */
int template_unit(struct template *, const struct template_params *,
    const char *name, const struct template_source *,
    const struct template_scan *start, uint32_t *index, struct fail *);

/* Compile the source of a unit into its ops. SYSTEM. */
int template_parse(struct template *, struct unit *,
    const struct template_params *, struct fail *);

#endif
