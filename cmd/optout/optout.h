/*
 * The subcommands of bm-optout. Each takes the command line without its own
 * name and returns the exit status.
 */
#ifndef CMD_OPTOUT_OPTOUT_H
#define CMD_OPTOUT_OPTOUT_H

int optout_init(int argc, char **argv);
int optout_keygen(int argc, char **argv);
int optout_url(int argc, char **argv);
int optout_add(int argc, char **argv);
int optout_remove(int argc, char **argv);
int optout_list(int argc, char **argv);
int optout_history(int argc, char **argv);
int optout_check(int argc, char **argv);
int optout_filter(int argc, char **argv);
int optout_import(int argc, char **argv);
int optout_export(int argc, char **argv);
int optout_backup(int argc, char **argv);
int optout_forget(int argc, char **argv);
int optout_cgi(int argc, char **argv);
int optout_mail(int argc, char **argv);
int optout_take(int argc, char **argv);

#endif
