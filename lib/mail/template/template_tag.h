/*
 * Inside of template: the tags of a source, one after the other.
 */
#ifndef MAIL_TEMPLATE_TEMPLATE_TAG_H
#define MAIL_TEMPLATE_TEMPLATE_TAG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"
#include "base/str.h"
#include "mail/template/template_program.h"

struct template_tag {
	size_t at, end;  /* offsets of the tag, delimiters included */
	size_t where;    /* offset for template_program_position() */
	char kind;       /* # ^ / > ! = & { or 0 for a plain variable */
	struct str text; /* trimmed */
};

struct template_tag_reader {
	const struct template_unit *unit;
	size_t pos; /* the search begins here */
	size_t met; /* ops of the original whose tags have been met */
	struct str opener, closer;
};

/* 1 with the next tag, 0 when no tag is left, -1 and SYSTEM. pos stays. */
int template_tag_next(
    struct template_tag_reader *, struct template_tag *, struct fail *);

/*
 * True for a tag that prints nothing and has its line to itself but for white
 * space; the line is to be removed whole: *from is the offset of its first
 * byte, *to the offset after its newline. Otherwise both stay.
 */
bool template_tag_is_standalone(const struct template_unit *,
    const struct template_tag *, size_t *from, size_t *to);

/* SYSTEM for a tag whose text is no name. */
int template_tag_check_name(
    const struct template_unit *, const struct template_tag *, struct fail *);

/* Take over the delimiters of a tag like {{=<% %>=}}. SYSTEM. */
int template_tag_set_delimiters(
    struct template_tag_reader *, const struct template_tag *, struct fail *);

#endif
