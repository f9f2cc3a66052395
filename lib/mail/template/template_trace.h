/*
 * What a rendering of an HTML template has in its markup, and where in the
 * author's files a byte of it comes from.
 */
#ifndef MAIL_TEMPLATE_TEMPLATE_TRACE_H
#define MAIL_TEMPLATE_TEMPLATE_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "mail/template/template.h"

struct template_unit;

struct template_trace {
	/* Given: a partial, or NULL; an offset of the result, or SIZE_MAX. */
	const char *partial;
	size_t wanted;

	/* Equal for records that show the same sections as often. */
	uint64_t path;
	bool loose; /* a value may be a part of the markup */
	size_t end; /* the offset behind the last call of the partial, or 0 */

	/* Of the wanted offset; unit == NULL: the result is not so long. */
	const struct template_unit *unit;
	size_t at;         /* in the source of the unit */
	const char *field; /* whose value it is; NULL: literal text */
};

/* template_render() that fills in a trace. */
int template_trace_render(const struct template *, const struct template_data *,
    struct arena *, struct buf *, struct template_trace *, struct fail *);

/*
 * Append "NAME:LINE:COLUMN" of the wanted offset; for a value, of its tag. In
 * Markdown the markup is looked for; a line of its own is "NAME".
 */
void template_trace_place(struct buf *, const struct template_trace *);

#endif
