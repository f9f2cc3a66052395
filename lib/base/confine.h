/*
 * Confinement: what a program that reads what strangers write can do from now
 * on, so that a fault in it opens no other door.
 */
#ifndef BASE_CONFINE_H
#define BASE_CONFINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/fail.h"

/* A file, or a folder with all below it; a path that is not there, or is NULL,
 * opens nothing. */
struct confine_path {
	const char *path;
	bool write; /* also make, change and remove files there */
};

/*
 * From here on the process, and what it starts, opens only these files, and
 * those that the C library and OpenSSL read of the system (Landlock), executes
 * no file, and gains no rights by one (no_new_privs). What is open stays open.
 * With calls, sockets, tracing and executing are refused with EPERM by a filter
 * of system calls (seccomp).
 *
 * A kernel that has no Landlock or no seccomp does without, silently. SYSTEM if
 * a kernel that has them refuses.
 */
int confine(
    const struct confine_path *, size_t count, bool calls, struct fail *);

/* Append a line for --version: which of these the kernel has. */
void confine_library(struct buf *);

#endif
