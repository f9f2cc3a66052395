#include "mail/smtp/login_state.h"

#include <string.h>

void
login_state_wipe(struct buf *b)
{
	if (b->len > 0)
		explicit_bzero(b->p, b->len);
	buf_reset(b);
}

bool
login_state_is_usable(const struct login *l, enum login_mechanism m)
{
	return l->offered[m] &&
	       login_mechanism_takes_token(m) == (l->account->token != NULL);
}
