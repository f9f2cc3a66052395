#include "port/relay/rate_limits.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"
#include "mail/smtp/losses.h"
#include "port/relay/loss_share.h"
#include "port/relay/rate_share.h"

/* The account of a domain's limit. */
#define DOMAIN_ACCOUNT "%s @%.*s"

struct limit {
	struct str domain; /* borrowed from the option; n == 0: all domains */
	struct rate rates[RATE_SHARE_RATES];
	size_t count;
	struct buf account;
	struct rate_share *share;
};

struct rate_limits {
	struct limit all;
	struct limit domains[RATE_LIMITS_DOMAINS];
	size_t count;
	struct losses losses;
	struct relay_memory *memory;
	struct str relay;
};

static bool
is_same(struct str a, struct str b)
{
	return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0;
}

/* The domain's limit, added if it is new; NULL: too many domains. */
static struct limit *
limit_for(struct rate_limits *ls, struct str domain)
{
	size_t i = 0;

	if (domain.n == 0)
		return &ls->all;
	while (i < ls->count && !is_same(ls->domains[i].domain, domain))
		i++;
	if (i == RATE_LIMITS_DOMAINS)
		return NULL;
	if (i == ls->count)
		ls->domains[ls->count++].domain = domain;
	return &ls->domains[i];
}

static int
add_rate(struct rate_limits *ls, const char *text, struct fail *f)
{
	struct str rate = str_of(text), domain = {0};
	struct limit *l;

	if (strchr(text, '=') != NULL) {
		domain = str_take(&rate, STR("="));
		if (domain.n == 0 || memchr(domain.p, '@', domain.n) != NULL)
			return fail_system(
			    f, "--rate: %s does not begin with a domain", text);
	}
	l = limit_for(ls, domain);
	if (l == NULL)
		return fail_system(
		    f, "--rate for more than %d domains", RATE_LIMITS_DOMAINS);
	if (l->count == RATE_SHARE_RATES)
		return fail_system(
		    f, "more than %d times --rate", RATE_SHARE_RATES);
	if (rate_parse(&l->rates[l->count++], rate, f) < 0)
		return fail_prefix(f, "--rate");
	return 0;
}

static void
make_share(struct limit *l, struct rate_book *book, const char *relay)
{
	l->share = rate_share_new(
	    book, relay, buf_cstr(&l->account), l->rates, l->count);
}

int
rate_limits_new(struct rate_limits **out, struct store *store,
    const char *relay, const char *account, const char *const *rates,
    size_t count, struct fail *f)
{
	struct rate_limits *ls = mem_new(sizeof(*ls));

	ls->memory = store->memory;
	ls->relay = str_of(relay);
	for (size_t i = 0; i < count; i++) {
		if (add_rate(ls, rates[i], f) < 0) {
			rate_limits_free(ls);
			return -1;
		}
	}
	buf_adds(&ls->all.account, account);
	make_share(&ls->all, store->rates, relay);
	for (size_t i = 0; i < ls->count; i++) {
		struct limit *l = &ls->domains[i];

		buf_printf(&l->account, DOMAIN_ACCOUNT, account,
		    (int)l->domain.n, l->domain.p);
		make_share(l, store->rates, relay);
	}
	*out = ls;
	return 0;
}

static void
free_limit(struct limit *l)
{
	rate_share_free(l->share);
	buf_free(&l->account);
}

void
rate_limits_free(struct rate_limits *ls)
{
	if (ls == NULL)
		return;
	free_limit(&ls->all);
	for (size_t i = 0; i < ls->count; i++)
		free_limit(&ls->domains[i]);
	free(ls);
}

int
rate_limits_of(const struct rate_limits *ls, struct str recipient)
{
	struct str domain = str_behind(recipient, '@');

	if (domain.p == NULL)
		return RATE_LIMITS_ALL;
	for (size_t i = 0; i < ls->count; i++)
		if (is_same(ls->domains[i].domain, domain))
			return (int)i;
	return RATE_LIMITS_ALL;
}

static struct rate_share *
share_of(struct rate_limits *ls, int limit)
{
	return limit == RATE_LIMITS_ALL ? ls->all.share
					: ls->domains[limit].share;
}

int64_t
rate_limits_next(struct rate_limits *ls, int limit, int64_t now, int64_t wall,
    size_t want, struct fail *f)
{
	return rate_share_next(share_of(ls, limit), now, wall, want, f);
}

void
rate_limits_use(struct rate_limits *ls, int limit)
{
	rate_share_use(share_of(ls, limit));
}

int
rate_limits_throttle(struct rate_limits *ls, int64_t now, struct fail *f)
{
	return rate_share_throttle(ls->all.share, now, f);
}

void
rate_limits_answer(struct rate_limits *ls)
{
	losses_answer(&ls->losses);
}

int
rate_limits_lose(struct rate_limits *ls, int64_t now, struct fail *f)
{
	if (loss_share_lose(ls->memory, ls->relay, buf_str(&ls->all.account),
		&ls->losses, now, f) < 0)
		return -1;
	return losses_are_many(&ls->losses);
}

size_t
rate_limits_dots(const struct rate_limits *ls)
{
	return losses_dots(&ls->losses);
}
