#include "port/relay/relay_params.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <limits.h>
#include <net/if.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cores.h"
#include "base/mem.h"
#include "base/settings.h"
#include "mail/mime/addr.h"
#include "port/relay/relay_token.h"

#define SMTPS_PORT 465

static char *
dup_text(const char *s)
{
	return s != NULL ? mem_dup(s, strlen(s)) : NULL;
}

/* "[::1]": an IPv6 address in brackets, as before a port. */
static bool
set_bracketed(struct relay_params *p, const char *host)
{
	struct in6_addr v6;
	size_t n = strlen(host);

	if (n < 2 || host[0] != '[' || host[n - 1] != ']')
		return false;
	p->host = mem_dup(host + 1, n - 2);
	if (inet_pton(AF_INET6, p->host, &v6) == 1)
		return true;
	free(p->host);
	p->host = NULL;
	return false;
}

/* libcurl makes A-labels in a UTF-8 locale only, which cron does not have. */
static int
set_host(struct relay_params *p, const char *host, struct fail *f)
{
	struct arena *arena;
	struct addr a;
	struct buf b = {0};
	size_t i, n = strlen(host);

	if (set_bracketed(p, host))
		return 0;
	for (i = 0; i < n && (unsigned char)host[i] > ' ' &&
		    (unsigned char)host[i] < 0x7f &&
		    strchr("/@?#%\\[]", host[i]) == NULL;
	     i++)
		;
	if (i == n && n > 0) {
		p->host = dup_text(host);
		return 0;
	}
	arena = arena_new();
	buf_printf(&b, "x@%s", host);
	if (addr_parse(&a, buf_str(&b), ADDR_RESERVED, arena, f) < 0)
		fail_system(f, "EMAIL_HOST: %s is no host name", host);
	else
		p->host = mem_dup(a.domain.p, a.domain.n);
	arena_free(arena);
	buf_free(&b);
	return p->host != NULL ? 0 : -1;
}

static bool
is_loopback(const char *host)
{
	struct in_addr v4;
	struct in6_addr v6;

	if (inet_pton(AF_INET, host, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	if (inet_pton(AF_INET6, host, &v6) == 1)
		return IN6_IS_ADDR_LOOPBACK(&v6);
	return strcmp(host, "localhost") == 0;
}

static int
set_tls(struct relay_params *p, const struct settings *s, struct fail *f)
{
	bool starttls, tls, plaintext;

	if (settings_bool(s, "EMAIL_USE_TLS", &starttls, f) < 0 ||
	    settings_bool(s, "EMAIL_USE_SSL", &tls, f) < 0 ||
	    settings_bool(s, "BM_PLAINTEXT", &plaintext, f) < 0)
		return -1;
	if (tls || p->port == SMTPS_PORT)
		p->tls = RELAY_TLS;
	else if (starttls)
		p->tls = RELAY_STARTTLS;
	else if (is_loopback(p->host) || plaintext)
		p->tls = RELAY_PLAIN;
	else
		return fail_system(f,
		    "EMAIL_USE_TLS=false: %s is not a loopback address; mail "
		    "and password would cross the network in clear "
		    "(BM_PLAINTEXT=yes allows that)",
		    p->host);
	return 0;
}

static int
set_order(struct relay_params *p, const struct settings *s, struct fail *f)
{
	const char *list = settings_get(s, "AUTH_MECHANISMS");
	const char *kind = p->token != NULL ? "a token" : "a password";

	if (login_order_parse(&p->order, list, f) < 0)
		return settings_refuse(s, "AUTH_MECHANISMS", f);
	if (p->user == NULL)
		return 0;
	for (size_t i = 0; i < p->order.count; i++) {
		if (login_mechanism_takes_token(p->order.list[i]) ==
		    (p->token != NULL))
			return 0;
	}
	fail_system(f, "%s names no mechanism for %s", list, kind);
	return settings_refuse(s, "AUTH_MECHANISMS", f);
}

static int
set_login(struct relay_params *p, const struct settings *s, struct fail *f)
{
	p->settings = s;
	p->token_renewable = settings_is_external(s, "EMAIL_HOST_TOKEN");
	p->user = dup_text(settings_get(s, "EMAIL_HOST_USER"));
	if (settings_secret(s, "EMAIL_HOST_PASSWORD", &p->password, f) < 0 ||
	    relay_token_read(s, &p->token, &p->token_expires, f) < 0)
		return -1;
	if (p->user != NULL && p->user[0] == '\0') {
		free(p->user);
		p->user = NULL;
	}
	if (p->password != NULL || p->token != NULL)
		cores_forbid();
	if (p->user != NULL && p->password == NULL && p->token == NULL)
		return fail_system(f,
		    "EMAIL_HOST_USER is set, but neither EMAIL_HOST_PASSWORD "
		    "nor EMAIL_HOST_TOKEN");
	if (p->user == NULL && (p->password != NULL || p->token != NULL))
		return fail_system(f, "EMAIL_HOST_USER is not set: the "
				      "password has no login name");
	return set_order(p, s, f);
}

static int
set_ignored(struct relay_params *p, const struct settings *s, struct fail *f)
{
	const char *list = settings_get(s, "BM_SMTP_IGNORE");

	if (list != NULL && ehlo_ignored_parse(&p->ignored, list, f) < 0)
		return settings_refuse(s, "BM_SMTP_IGNORE", f);
	return 0;
}

/* Each file that is missing or unreadable is known before a connection. */
static int
set_ca_file(struct relay_params *p, const struct settings *s, struct fail *f)
{
	const char *path = settings_get(s, "BM_CA_FILE");

	if (path == NULL || path[0] == '\0')
		return 0;
	if (access(path, R_OK) < 0) {
		fail_errno(f, "cannot read %s", path);
		return settings_refuse(s, "BM_CA_FILE", f);
	}
	p->ca_file = dup_text(path);
	return 0;
}

static bool
is_full_name(const char *name)
{
	return strchr(name, '.') != NULL && strchr(name, ' ') == NULL &&
	       strncmp(name, "localhost", 9) != 0;
}

/* An address of this host in brackets (RFC 5321 4.1.3). */
static char *
make_literal(void)
{
	struct ifaddrs *all, *i;
	struct buf b = {0};
	char text[INET_ADDRSTRLEN] = "127.0.0.1";
	char *result;

	if (getifaddrs(&all) == 0) {
		for (i = all; i != NULL; i = i->ifa_next) {
			const void *sa = i->ifa_addr;

			if (sa == NULL || i->ifa_addr->sa_family != AF_INET ||
			    (i->ifa_flags & IFF_LOOPBACK) != 0 ||
			    (i->ifa_flags & IFF_UP) == 0)
				continue;
			(void)inet_ntop(AF_INET,
			    &((const struct sockaddr_in *)sa)->sin_addr, text,
			    sizeof(text));
			break;
		}
		freeifaddrs(all);
	}
	buf_printf(&b, "[%s]", text);
	result = dup_text(buf_cstr(&b));
	buf_free(&b);
	return result;
}

static char *
find_own_name(void)
{
	struct addrinfo hints = {.ai_flags = AI_CANONNAME}, *ai;
	char name[HOST_NAME_MAX + 1] = "";
	char *result = NULL;

	if (gethostname(name, sizeof(name)) < 0)
		return make_literal();
	if (is_full_name(name))
		return dup_text(name);
	if (getaddrinfo(name, NULL, &hints, &ai) == 0) {
		if (ai->ai_canonname != NULL && is_full_name(ai->ai_canonname))
			result = dup_text(ai->ai_canonname);
		freeaddrinfo(ai);
	}
	return result != NULL ? result : make_literal();
}

static int
set_ehlo(struct relay_params *p, const struct settings *s, struct fail *f)
{
	const char *name = settings_get(s, "BM_EHLO_NAME"), *c;

	if (name == NULL || name[0] == '\0') {
		p->ehlo_name = find_own_name();
		return 0;
	}
	for (c = name; *c > ' ' && *c < 0x7f && strchr("/%?#", *c) == NULL; c++)
		;
	if (*c != '\0' || (name[0] != '[' && !is_full_name(name)))
		return fail_system(f,
		    "BM_EHLO_NAME: %s is neither a full host name nor an "
		    "address literal such as [192.0.2.1]",
		    name);
	p->ehlo_name = dup_text(name);
	return 0;
}

static int
set_limits(struct relay_params *p, const struct settings *s, struct fail *f)
{
	const char *profile = settings_get(s, "BM_RELAY_PROFILE");
	long long retries, delay, timeout;
	int n = (int)retry_profile_of_host(p->host);

	if (settings_number(s, "BULK_EMAIL_MAX_RETRIES", &retries, f) < 0 ||
	    settings_number(s, "BULK_EMAIL_DEFAULT_RETRY_DELAY", &delay, f) <
		0 ||
	    settings_number(s, "BM_RELAY_TIMEOUT", &timeout, f) < 0)
		return -1;
	if (profile != NULL)
		n = retry_profile_parse(profile);
	if (n < 0)
		return fail_system(f,
		    "BM_RELAY_PROFILE: %s is neither generic nor ses", profile);
	p->profile = (enum retry_profile)n;
	p->max_retries = (int)retries;
	p->retry_ms = delay * 1000;
	p->timeout_ms = timeout * 1000;
	p->connections = 1;
	p->per_connection = 100;
	return 0;
}

int
relay_params_init(
    struct relay_params *p, const struct settings *s, struct fail *f)
{
	const char *host;
	long long port;

	*p = (struct relay_params){0};
	if (settings_need(s, "EMAIL_HOST", &host, f) < 0 ||
	    settings_number(s, "EMAIL_PORT", &port, f) < 0)
		return -1;
	p->port = (int)port;
	if (set_host(p, host, f) < 0 || set_tls(p, s, f) < 0 ||
	    set_login(p, s, f) < 0 || set_ehlo(p, s, f) < 0 ||
	    set_ignored(p, s, f) < 0 || set_ca_file(p, s, f) < 0 ||
	    set_limits(p, s, f) < 0) {
		relay_params_free(p);
		return -1;
	}
	return 0;
}

void
relay_params_free(struct relay_params *p)
{
	relay_token_free(p->password);
	relay_token_free(p->token);
	free(p->host);
	free(p->user);
	free(p->ca_file);
	free(p->ehlo_name);
	*p = (struct relay_params){0};
}

char *
relay_params_name(const struct relay_params *p)
{
	struct buf b = {0};
	char *name;

	buf_printf(&b, strchr(p->host, ':') != NULL ? "[%s]:%d" : "%s:%d",
	    p->host, p->port);
	name = dup_text(buf_cstr(&b));
	buf_free(&b);
	return name;
}

void
relay_params_url(const struct relay_params *p, struct buf *url)
{
	bool v6 = strchr(p->host, ':') != NULL;
	const char *c;

	buf_printf(url, "%s://%s%s%s:%d/",
	    p->tls == RELAY_TLS ? "smtps" : "smtp", v6 ? "[" : "", p->host,
	    v6 ? "]" : "", p->port);
	for (c = p->ehlo_name; *c != '\0'; c++)
		buf_printf(
		    url, strchr("[]:", *c) != NULL ? "%%%02X" : "%c", *c);
}
