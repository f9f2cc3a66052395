/*
 * What a reply, or its absence, means for a message: sent, tried again on a
 * fresh connection, deferred, failed or in doubt, and whether the whole relay
 * is to be left alone. The rules by reply code are those of mail/smtp/retry.h.
 */
#ifndef PORT_RELAY_RELAY_VERDICT_H
#define PORT_RELAY_RELAY_VERDICT_H

#include "mail/smtp/ehlo.h"
#include "port/relay/connection_error.h"
#include "port/relay/relay_queue.h"

/*
 * Apply the reply (code 0: none came) to the job and queue its event. reused:
 * the connection has carried a message before. True: give that connection no
 * more messages.
 */
bool relay_verdict_reply(struct relay_queue *, struct relay_job *,
    enum reply_stage, const struct reply *, bool reused);

/* The message does not fit the relay's EHLO reply: it is not sent. */
void relay_verdict_misfit(
    struct relay_queue *, struct relay_job *, enum ehlo_result);

/* The message goes first over a fresh connection; nothing is counted. */
void relay_verdict_again(struct relay_queue *, struct relay_job *,
    enum reply_stage, const struct reply *);

/* A connection did not come up: try later, or the relay refuses us. */
void relay_verdict_connection(
    struct relay_queue *, const struct connection_error *, int up);

/* The breaker is open: the relay is to be left alone, as why says. */
void relay_verdict_break(struct relay_queue *, const char *why);

#endif
