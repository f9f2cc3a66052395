/*
 * The order in which the mechanisms of AUTH are tried.
 */
#ifndef MAIL_SMTP_LOGIN_ORDER_H
#define MAIL_SMTP_LOGIN_ORDER_H

#include "base/fail.h"
#include "mail/smtp/login_mechanism.h"

struct login_order {
	enum login_mechanism list[LOGIN_MECHANISMS];
	size_t count;
};

/*
 * Parse the list of AUTH_MECHANISMS, with commas or blanks between. SYSTEM for
 * a name that bm does not speak, a repeated one, and a list without any.
 */
int login_order_parse(struct login_order *, const char *list, struct fail *);

#endif
