/*
 * The commands of bm-bounce; each takes the arguments behind its name and
 * returns the exit status.
 */
#ifndef BOUNCE_BOUNCE_H
#define BOUNCE_BOUNCE_H

#define PROGRAM "bm-bounce"

int bounce_address(int argc, char **argv);
int bounce_list(int argc, char **argv);
int bounce_check(int argc, char **argv);
int bounce_clear(int argc, char **argv);
int bounce_reports(int argc, char **argv);

#endif
