/* Inside of template: a template is a list of units, a unit of ops. */
#ifndef MAIL_TEMPLATE_TEMPLATE_UNIT_H
#define MAIL_TEMPLATE_TEMPLATE_UNIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "mail/template/template_scan.h"

#define TEMPLATE_DEPTH 200 /* nested sections and partials */

enum template_op_kind {
	OP_TEXT,     /* literal text */
	OP_INDENT,   /* a partial's line begins: its indentation */
	OP_VALUE,    /* name, escaped for the place */
	OP_SECTION,  /* name; the body ends before the op at next */
	OP_INVERTED, /* the same if it is inverted */
	OP_CALL,     /* unit, with text as further indentation */
};

struct template_op {
	enum template_op_kind kind;
	enum template_place place;
	bool loose;     /* the value may be a part of the markup */
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

#endif
