#include "mail/smtp/login_order.h"

#include <string.h>

static int
add_mechanism(struct login_order *order, struct str name, struct fail *f)
{
	enum login_mechanism m = login_mechanism_find(name);

	if (m == LOGIN_MECHANISMS)
		return fail_system(f,
		    "bm does not speak %.*s, but PLAIN, LOGIN, CRAM-MD5, "
		    "XOAUTH2 and OAUTHBEARER",
		    (int)name.n, name.p);
	for (size_t i = 0; i < order->count; i++) {
		if (order->list[i] == m)
			return fail_system(f, "%s stands there twice",
			    login_mechanism_name(m));
	}
	order->list[order->count++] = m;
	return 0;
}

int
login_order_parse(struct login_order *order, const char *list, struct fail *f)
{
	*order = (struct login_order){0};
	for (list += strspn(list, ", \t"); *list != '\0';
	     list += strspn(list, ", \t")) {
		size_t n = strcspn(list, ", \t");

		if (add_mechanism(order, (struct str){list, n}, f) < 0)
			return -1;
		list += n;
	}
	if (order->count == 0)
		return fail_system(f, "no mechanism is named");
	return 0;
}
