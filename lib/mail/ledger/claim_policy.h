/*
 * What happens to rows that are otherwise not claimed.
 */
#ifndef MAIL_LEDGER_CLAIM_POLICY_H
#define MAIL_LEDGER_CLAIM_POLICY_H

#include <stdbool.h>
#include <stdint.h>

struct claim_policy {
	bool resend_in_doubt;
	bool accept_content;
	bool wait_over;       /* claim deferred rows before their time */
	int64_t again_before; /* a try: claim what was settled before; or 0 */
	const char *retry_class; /* reopen rows of this class, or NULL */
	int64_t retry_since;     /* settled since, ms since 1970; 0: all */
};

#endif
