/*
 * An advisory lock on a file of its own (flock): held by one process at a
 * time, dropped by the kernel when its holder dies. It is fair: nobody can
 * take it again and again while another one waits.
 */
#ifndef PORT_DB_LOCK_H
#define PORT_DB_LOCK_H

#include "base/fail.h"

/*
 * Open the lock file, made with mode 0660 whatever the umask. The descriptor
 * is O_CLOEXEC; close(2) also unlocks it. -1 with SYSTEM.
 */
int lock_open(const char *path, struct fail *);

/*
 * Wait at most wait_ms for the lock. -1 with TEMP when
 * it was not granted. SIGALRM is used, and put back, only while waiting.
 */
int lock_take(int fd, int wait_ms, struct fail *);
void lock_drop(int fd);

#endif
