/*
 * The judgement of a message, whatever form its report has.
 */
#ifndef MAIL_BOUNCE_BOUNCE_JUDGE_H
#define MAIL_BOUNCE_BOUNCE_JUDGE_H

#include "mail/bounce/bounce.h"

/*
 * As bounce_read(); a notice that is an event of SES, as SNS mails it, is
 * judged as ses_event_read() does.
 */
void bounce_judge(struct bounces *, const struct bounce_mail *, struct arena *);

#endif
