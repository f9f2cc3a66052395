/*
 * Inside of compose: every reader sees the opt-out link and the postal
 * address.
 */
#ifndef MAIL_MESSAGE_COMPOSE_FOOTER_H
#define MAIL_MESSAGE_COMPOSE_FOOTER_H

#include "base/arena.h"
#include "base/fail.h"
#include "mail/message/compose_state.h"
#include "mail/template/template_trace.h"

/* True if the HTML of a record with the same markup was good. */
bool compose_footer_knows(
    const struct compose *, const struct template_trace *);

/*
 * Look at the rendered HTML of a record, unless one with the same markup was
 * good. SYSTEM with file, line and column, or DATA if a field of the record
 * is at fault. token: of the opt-out link; p == NULL: there is none.
 */
int compose_footer_check(struct compose *, const struct template_data *,
    const struct template_trace *, struct str token, struct arena *,
    struct fail *);

#endif
