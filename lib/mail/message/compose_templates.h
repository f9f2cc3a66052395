/*
 * Inside of compose: the templates of a mailing.
 */
#ifndef MAIL_MESSAGE_COMPOSE_TEMPLATES_H
#define MAIL_MESSAGE_COMPOSE_TEMPLATES_H

#include "base/fail.h"
#include "mail/message/compose_state.h"

#define COMPOSE_BODY "body" /* the partial that layouts call */

/* Compile the subject, the body in its layout, and the text part. SYSTEM. */
int compose_templates_parse(struct compose *, struct fail *);

/* Compile one more text template, which may call the partials. SYSTEM. */
int compose_templates_parse_text(struct compose *, struct template **,
    struct str source, const char *name, struct fail *);

#endif
