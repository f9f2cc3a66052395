/*
 * What running processes have written into their journals (bm-ledger.7) and
 * not yet folded into the ledger.
 */
#ifndef PORT_LIVE_H
#define PORT_LIVE_H

#include "base/buf.h"
#include "base/fail.h"
#include "mail/record/journal_record.h"

struct live;

/* Read all journals in a folder; one that does not exist is empty. SYSTEM. */
int live_open(struct live **, const char *dir, struct fail *);
void live_free(struct live *);

/*
 * The last fact about a recipient that the owner has claimed; NULL when it
 * has none. To be asked for rows that still name the owner.
 */
const struct fact *live_find(
    const struct live *, struct str owner, struct str email_id, struct str key);

#endif
