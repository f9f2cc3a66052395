#include "mail/smtp/login_state.h"

bool
login_state_is_usable(const struct login *l, enum login_mechanism m)
{
	return l->offered[m] &&
	       login_mechanism_takes_token(m) == (l->account->token != NULL);
}
