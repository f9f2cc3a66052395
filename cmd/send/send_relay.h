/*
 * The relay of a run: its settings, its stops, its rates.
 */
#ifndef CMD_SEND_SEND_RELAY_H
#define CMD_SEND_SEND_RELAY_H

#include "base/fail.h"
#include "mail/bounce/verp.h"
#include "port/relay/relay_stop.h"
#include "send/send_run.h"

/* BM_VERP; *pattern is absent if it is not set. SYSTEM. */
int send_relay_find_verp(
    struct send_run *, struct verp *, struct str *pattern, struct fail *);

/* Read the relay's settings and options. */
int send_relay_init(struct send_run *, struct fail *);

/* The login name, by which stops and rates are kept; "": no login. */
const char *send_relay_account(const struct send_run *);

/* The address that a setting gives as the envelope sender, without a display
 * name; absent if the setting is. SYSTEM. */
int send_relay_find_sender(
    struct send_run *, const char *setting, struct str *, struct fail *);

/*
 * Open the relay as the run's transport, with the rates. 1: the relay has
 * refused our mail before, and a person has to look: this is reported.
 */
int send_relay_open(struct send_run *, struct fail *);

/*
 * Remove the stops of relay and account that have this scope (-1: any), key
 * (absent: any) and class (NULL: any).
 */
int send_relay_lift(struct send_run *, int scope, struct str key,
    const char *class, struct fail *);

/* Report the refusal and raise 255, so that xargs starts no more. Gives 1. */
int send_relay_report_refusal(struct send_run *, const struct fail *);

/* A delivery_params_stop_fn: one line on stderr. */
void send_relay_on_stop(void *run, const struct relay_stop *);

/* Print a line of text for people. */
void send_relay_note(void *run, struct str line);

/* A delivery_params_loss_fn: the losses of all processes count together. */
int send_relay_on_loss(void *run, struct fail *);

#endif
