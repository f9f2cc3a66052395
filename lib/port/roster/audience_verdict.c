#include "port/roster/audience_verdict.h"

static const char *const names[] = {
    [AUDIENCE_EMITTED] = "emitted",
    [AUDIENCE_INACTIVE] = "inactive",
    [AUDIENCE_LAST_LOGIN] = "last_login",
    [AUDIENCE_EXCLUDED] = "excluded",
    [AUDIENCE_OPTED_OUT] = "opted_out",
    [AUDIENCE_SUPPRESSED] = "suppressed",
    [AUDIENCE_INVALID] = "invalid",
    [AUDIENCE_DUPLICATE] = "duplicate",
    [AUDIENCE_LEDGER] = "ledger",
    [AUDIENCE_OVER_LIMIT] = "over_limit",
};

const char *
audience_verdict_name(enum audience_verdict v)
{
	return names[v];
}
