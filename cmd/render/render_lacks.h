/*
 * Records that a field lacks a value in: their persons and the remedies are
 * named, three for each field, and a name that no record has is one error.
 */
#ifndef CMD_RENDER_RENDER_LACKS_H
#define CMD_RENDER_RENDER_LACKS_H

#include "base/filter.h"
#include "mail/message/composed.h"
#include "mail/record/recipient.h"

struct render_lacks;

/* The set fields are those of --set, NAME=VALUE, and are borrowed. */
struct render_lacks *render_lacks_new(
    struct filter *, const struct str *sets, size_t set_count);
void render_lacks_free(struct render_lacks *);

/* Learn the names of a record, whether it is rendered or not. */
void render_lacks_see(struct render_lacks *, const struct json_object *);

/*
 * Take the failure of a record as filter_report() does, and put it aside; the
 * line may be held back until a later record has the field. False if the
 * filter must stop.
 */
bool render_lacks_report(struct render_lacks *, const struct filter_record *,
    const struct recipient *, const struct template_lack *,
    const struct fail *);

/* After the last record: tell of names that no record has, count the rest. */
void render_lacks_finish(struct render_lacks *);

#endif
