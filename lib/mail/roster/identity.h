/*
 * Whether a row of a roster file speaks of the person that the roster knows by
 * the same id: an id that another system gave, or that was given again, must
 * not turn one person into another.
 */
#ifndef MAIL_ROSTER_IDENTITY_H
#define MAIL_ROSTER_IDENTITY_H

#include "base/buf.h"
#include "base/str.h"

/* Absent where unknown, but for the address and its key (mail/mime/addr.h). */
struct identity {
	struct str username, name, email, key;
};

enum identity_verdict {
	IDENTITY_SAME,  /* the address is the same */
	IDENTITY_MOVED, /* the same person has another address */
	IDENTITY_OTHER, /* as far as anybody can tell, another person */
};

/*
 * With another address the person is the same only if the user name or the
 * name is known on both sides and neither differs. Case of ASCII letters,
 * blanks and the way of writing accents (NFC) make no difference.
 */
enum identity_verdict identity_judge(
    const struct identity *known, const struct identity *now);

/*
 * Append "ada <ada@uni.example>": the user name, else the name. Where both
 * have the same user name, their names tell them apart.
 */
void identity_put(
    struct buf *, const struct identity *, const struct identity *other);

#endif
