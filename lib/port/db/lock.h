/*
 * A lock for one process at a time: flock(2) on a lock file. The kernel drops
 * it when its holder dies. It is fair: no process takes it again and again
 * while another waits.
 */
#ifndef PORT_DB_LOCK_H
#define PORT_DB_LOCK_H

#include "base/fail.h"
#include "base/waiting.h"

/*
 * Opens the lock file, which is made, with mode 0660 in a setgid folder, and is
 * no link. Returns the descriptor (O_CLOEXEC; close(2) also unlocks it), or -1
 * with SYSTEM.
 */
int lock_open(const char *path, struct fail *);

/*
 * Waits for the lock; TEMP when it is not granted within the limit. The path
 * is that of what it protects, for messages. The
 * handler of SIGALRM is replaced only while waiting.
 */
int lock_take(int fd, const char *path, const struct waiting *, struct fail *);
void lock_drop(int fd);

#endif
