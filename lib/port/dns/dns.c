#include "port/dns/dns.h"

#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"

/* Join the strings of a record's data; data that is cut short ends early. */
static struct str
join_strings(const unsigned char *p, size_t n, struct arena *arena)
{
	struct buf b = {0};
	struct str joined;

	while (n > 0 && (size_t)*p < n) {
		buf_add(&b, p + 1, *p);
		n -= (size_t)*p + 1;
		p += (size_t)*p + 1;
	}
	joined = arena_str(arena, buf_str(&b));
	buf_free(&b);
	return joined;
}

static void
read_answer(
    struct dns_texts *t, const unsigned char *p, int n, struct arena *arena)
{
	ns_msg message;
	ns_rr record;

	if (ns_initparse(p, n, &message) < 0)
		return;
	for (int i = 0;
	     i < ns_msg_count(message, ns_s_an) && t->count < DNS_TEXTS_MAX;
	     i++) {
		if (ns_parserr(&message, ns_s_an, i, &record) == 0 &&
		    ns_rr_type(record) == ns_t_txt)
			t->all[t->count++] = join_strings(
			    ns_rr_rdata(record), ns_rr_rdlen(record), arena);
	}
}

int
dns_texts(
    struct dns_texts *t, const char *name, struct arena *arena, struct fail *f)
{
	struct __res_state state = {0};
	unsigned char *answer;
	int n, error;

	t->count = 0;
	if (res_ninit(&state) < 0)
		return fail_temp(f, "%s: the resolver cannot start", name);
	answer = mem_new(NS_MAXMSG);
	n = res_nquery(&state, name, ns_c_in, ns_t_txt, answer, NS_MAXMSG);
	error = state.res_h_errno;
	res_nclose(&state);
	if (n >= 0)
		read_answer(t, answer, n, arena);
	free(answer);
	if (n >= 0 || error == HOST_NOT_FOUND || error == NO_DATA)
		return 0;
	return fail_temp(f, "%s: no name server answers; try again", name);
}
