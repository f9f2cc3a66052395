/*
 * Inside of template: the compiled program, which template_parse.c writes
 * and template_render.c runs.
 */
#ifndef MAIL_TEMPLATE_TEMPLATE_PROGRAM_H
#define MAIL_TEMPLATE_TEMPLATE_PROGRAM_H

#include <stdint.h>

#include "mail/template/template_place.h"
#include "mail/template/template_scan.h"

#define TEMPLATE_DEPTH 200 /* nested sections and partials */

enum template_op_kind {
	OP_TEXT,     /* literal text */
	OP_INDENT,   /* a partial's line begins: its indentation */
	OP_VALUE,    /* name, escaped for the place */
	OP_SECTION,  /* name; the body ends before the op at next */
	OP_INVERTED, /* the same for an inverted section */
	OP_CALL,     /* unit, with text as further indentation */
};

struct template_op {
	enum template_op_kind kind;
	enum template_place place;
	uint32_t index; /* into names or units */
	uint32_t next;
	size_t at; /* offset of the tag, see template_program_position() */
	struct str text;
};

/* A name and the parts between its dots; {{.}} has no parts. */
struct template_name {
	char *text;
	struct str *parts;
	size_t count;
};

/* The template itself, or a partial for the place where it is called. */
struct template_unit {
	char *name;
	char *shown; /* the name for messages */
	char *source;
	size_t length;
	struct template_op *ops;
	size_t count, cap;
	const struct template *original; /* offsets are of its source */
	struct template_scan start, end;
};

struct template
{
	bool lenient;                 /* TEMPLATE_MISSING_EMPTY */
	struct template_unit **units; /* the first is the template itself */
	size_t unit_count;
	struct template_name *names;
	size_t name_count;
};

/* "NAME:LINE:COLUMN", for messages. */
struct template_position {
	char text[256];
};

/* The position of an offset in the unit's source or that of its original. */
struct template_position template_program_position(
    const struct template_unit *, size_t at);

/* SYSTEM "NAME:LINE:COLUMN: reason: detail"; an empty detail is left out. */
int template_program_fail(const struct template_unit *, size_t at,
    const char *reason, struct str detail, struct fail *);

/* Index of the name in template->names; appended if new. */
uint32_t template_program_name(struct template *, struct str);

/*
 * Offset of a tag in the original. Both sources have the tags in the same
 * order, but the original may lack some. *met, at first 0, counts the ops
 * that are passed.
 */
size_t template_program_find_tag(
    const struct template *original, size_t *met, char kind, struct str text);

/* A new op at the end of the unit; valid until the next call. */
struct template_op *template_program_add_op(
    struct template_unit *, enum template_op_kind, size_t at);

#endif
