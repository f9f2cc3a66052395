/*
 * bm-sign as a filter, and its subcommands. Each takes the command line, a
 * subcommand without its own name, and returns the exit status.
 */
#ifndef CMD_SIGN_SIGN_H
#define CMD_SIGN_SIGN_H

#include "base/buf.h"

#define PROGRAM "bm-sign"

int sign_filter(int argc, char **argv);
int sign_keygen(int argc, char **argv);
int sign_dns(int argc, char **argv);
int sign_check(int argc, char **argv);
int sign_verify(int argc, char **argv);

/* Append the versions of the libraries, for --version. */
void sign_libraries(struct buf *);

#endif
