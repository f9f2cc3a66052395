/*
 * Pipelined groups of the SMTP dialogue, as probes of the server.
 */
#ifndef MAIL_SMTP_SMTP_PROBE_H
#define MAIL_SMTP_SMTP_PROBE_H

#include "mail/smtp/pipelining.h"

struct smtp;

/*
 * From the next message on: how far to pipeline, if the server offers it at
 * all, and which groups are no probes any more. A probe that is answered 503
 * ends the dialogue with GOODBYE.
 */
void smtp_probe_set(
    struct smtp *, enum pipelining_use, enum pipelining_group proved);

/* The probe whose replies are awaited, and no reply to a dot before them. */
enum pipelining_group smtp_probe_awaited(const struct smtp *);

/* The same while the reply to the dot is awaited, which may be lost by it. */
enum pipelining_group smtp_probe_risked(const struct smtp *);

/* The probe that was answered 503; the most that was answered to its end. */
enum pipelining_group smtp_probe_refused(const struct smtp *);
enum pipelining_group smtp_probe_answered(const struct smtp *);

#endif
