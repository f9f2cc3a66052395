/*
 * Core files, which would hold the secrets of the process.
 */
#ifndef BASE_CORES_H
#define BASE_CORES_H

/* From here on the process leaves none, and no other one of the user reads its
 * memory. */
void cores_forbid(void);

#endif
