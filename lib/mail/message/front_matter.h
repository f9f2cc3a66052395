/*
 * Settings at the head of a body, as other tools read them.
 */
#ifndef MAIL_MESSAGE_FRONT_MATTER_H
#define MAIL_MESSAGE_FRONT_MATTER_H

#include "base/fail.h"
#include "base/str.h"

/*
 * DATA if the body begins with front matter (YAML between "---", TOML between
 * "+++") or with the header of a message: it would be shown to the reader. The
 * reason names the keys and the options that do the same.
 */
int front_matter_check(struct str body, struct fail *);

#endif
