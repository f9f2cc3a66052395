/*
 * Which process holds a lock, as the kernel lists it (proc(5), /proc/locks).
 */
#ifndef PORT_DB_LOCK_HOLDER_H
#define PORT_DB_LOCK_HOLDER_H

#define LOCK_HOLDER_SIZE 64

/*
 * "process 1234 (name)", or "another process" when it cannot be told, as for
 * one in another container. Of the flock on an open file; of SQLite's lock for
 * writing to this database.
 */
void lock_holder_flock(char out[LOCK_HOLDER_SIZE], int fd);
void lock_holder_sqlite(char out[LOCK_HOLDER_SIZE], const char *path);

#endif
