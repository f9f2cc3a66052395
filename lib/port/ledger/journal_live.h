/*
 * What running processes have written into their journals (bm-ledger.7) and
 * not yet folded into the ledger.
 */
#ifndef PORT_LEDGER_JOURNAL_LIVE_H
#define PORT_LEDGER_JOURNAL_LIVE_H

#include "base/fail.h"
#include "base/str.h"
#include "mail/record/journal_record.h"

struct journal_live;

/* Read all journals in a folder; one that does not exist is empty. SYSTEM. */
int journal_live_open(struct journal_live **, const char *dir, struct fail *);
void journal_live_free(struct journal_live *);

/*
 * The last fact about a recipient that the owner has claimed; NULL when it
 * has none. To be asked for rows that still name the owner.
 */
const struct journal_record *journal_live_find(const struct journal_live *,
    struct str owner, struct str email_id, struct str key);

#endif
