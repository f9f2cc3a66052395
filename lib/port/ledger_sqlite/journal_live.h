/*
 * The records in the journals of running processes (bm-ledger.7), which are
 * not yet folded into the ledger.
 */
#ifndef PORT_LEDGER_SQLITE_JOURNAL_LIVE_H
#define PORT_LEDGER_SQLITE_JOURNAL_LIVE_H

#include "base/fail.h"
#include "base/str.h"
#include "mail/record/journal_record.h"

struct journal_live;

/* Reads all journals of a folder; a missing folder is empty. SYSTEM. */
int journal_live_new(struct journal_live **, const char *dir, struct fail *);
void journal_live_free(struct journal_live *);

/*
 * The owner's last record of a recipient, or NULL. It counts only for a row
 * that still names the owner. Borrowed until journal_live_free().
 */
const struct journal_record *journal_live_find(const struct journal_live *,
    struct str owner, struct str email_id, struct str key);

#endif
