/*
 * Inside of template: what template_parse.c, which writes the compiled form,
 * and template_render.c, which runs it, have in common.
 */
#ifndef MAIL_TEMPLATE_TEMPLATE_PROGRAM_H
#define MAIL_TEMPLATE_TEMPLATE_PROGRAM_H

#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"
#include "mail/template/template_unit.h"

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
