/*
 * The id of a mailing whose author gave it none.
 */
#ifndef MAIL_RECORD_MAILING_ID_H
#define MAIL_RECORD_MAILING_ID_H

#include "base/buf.h"
#include "base/str.h"

/*
 * Append words of the subject and eight hexadecimal digits of the SHA-256 of
 * course, NUL and subject: the same for the same two, whenever it is made.
 */
void mailing_id_make(struct buf *, struct str course, struct str subject);

#endif
