/*
 * The identity of one recipient's message in a mailing: the same at every
 * attempt, different for every recipient, and without readable content.
 */
#ifndef MAIL_MIME_MESSAGE_ID_H
#define MAIL_MIME_MESSAGE_ID_H

#include "base/buf.h"

/*
 * Append base32 of the first 20 bytes of SHA-256(`bm message-id 1` NUL
 * email_id NUL key): 32 characters a-z, 2-7. It is the left side of the
 * Message-ID and the file name in a Maildir.
 */
void message_id_make(struct buf *, struct str email_id, struct str key);

#endif
