/*
 * The plan of a mailing, stored with it before anything is sent.
 */
#ifndef CMD_SEND_SEND_PLAN_H
#define CMD_SEND_SEND_PLAN_H

#include "base/fail.h"
#include "send/send_run.h"

/*
 * Store the size of the mailing, unless it is that of the plan already. SYSTEM
 * when BM_REQUIRE_APPROVAL asks for an approval that is not there.
 */
int send_plan_note(struct send_run *, struct fail *);

#endif
