/*
 * Exclusive use of a database: no other process has it open. In WAL mode each
 * open connection holds a shared lock, so that leaving the mode needs all
 * others closed (sqlite.org/wal.html, "Activating And Configuring WAL Mode").
 */
#ifndef PORT_DB_EXCLUSIVE_H
#define PORT_DB_EXCLUSIVE_H

#include "base/fail.h"
#include "port/db/db.h"

/*
 * Waits for the other processes as long as the database's timeout, then TEMP.
 * Until exclusive_leave() nobody else can open the database. SYSTEM.
 */
int exclusive_enter(struct db *, struct fail *);

/* Lets others in again, in WAL mode. SYSTEM, TEMP. */
int exclusive_leave(struct db *, struct fail *);

#endif
