#include "port/relay/connection.h"

#include <curl/curl.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "mail/smtp/login.h"

#define CONNECT_MS 30000
#define REPLY_MS 300000    /* RFC 5321 4.5.3.2.1 */
#define CURL_WAITS_S 7200L /* longer than we do: it must not interfere */

struct connections {
	const struct relay_params *params;
	CURLM *multi;
	size_t opening;
	struct connection *first;
	struct curl_waitfd *fds;
	struct pollfd *polls;
	size_t cap;
};

struct connection {
	struct connections *links;
	struct connection *next;
	CURL *easy;
	curl_socket_t socket;
	enum connection_state state;
	struct login login;
	struct connection_error error;
	int64_t progress; /* ms: something was last heard or said */
	char message[CURL_ERROR_SIZE];
};

struct connections *
connections_open(const struct relay_params *params, struct fail *f)
{
	struct connections *ls = mem_new(sizeof(*ls));

	ls->params = params;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		ls->multi = curl_multi_init();
	if (ls->multi != NULL)
		return ls;
	fail_system(f, "libcurl cannot be used");
	connections_close(ls);
	return NULL;
}

void
connections_close(struct connections *ls)
{
	if (ls == NULL)
		return;
	curl_multi_cleanup(ls->multi);
	curl_global_cleanup();
	free(ls->fds);
	free(ls->polls);
	free(ls);
}

/* --- watching libcurl make the connection --- */

static int
/* NOLINTNEXTLINE(readability-non-const-parameter): the type is libcurl's */
on_debug(CURL *easy, curl_infotype type, char *p, size_t n, void *ctx)
{
	struct connection *l = ctx;

	(void)easy;
	if (type == CURLINFO_HEADER_OUT)
		login_said(&l->login, (struct str){p, n});
	if (type == CURLINFO_HEADER_OUT || type == CURLINFO_HEADER_IN)
		l->progress = clock_mono_ms();
	return 0;
}

/* Taking less than it has makes libcurl give the connection up. */
static size_t
on_line(const char *p, size_t size, size_t n, void *ctx)
{
	struct connection *l = ctx;

	login_heard(&l->login, (struct str){p, size * n});
	return l->login.babbles ? 0 : size * n;
}

/* --- opening --- */

static void
set_login(struct connection *l, const struct relay_params *p)
{
	CURL *c = l->easy;

	if (p->user == NULL)
		return;
	curl_easy_setopt(c, CURLOPT_USERNAME, p->user);
	curl_easy_setopt(c, CURLOPT_SASL_IR, 1L);
	if (p->token != NULL) {
		curl_easy_setopt(c, CURLOPT_XOAUTH2_BEARER, p->token);
		curl_easy_setopt(
		    c, CURLOPT_LOGIN_OPTIONS, "AUTH=OAUTHBEARER;AUTH=XOAUTH2");
		return;
	}
	curl_easy_setopt(c, CURLOPT_PASSWORD, p->password);
	curl_easy_setopt(c, CURLOPT_LOGIN_OPTIONS,
	    "AUTH=PLAIN;AUTH=LOGIN;AUTH=CRAM-MD5;AUTH=DIGEST-MD5;"
	    "AUTH=SCRAM-SHA-1;AUTH=SCRAM-SHA-256");
}

static void
set_tls(struct connection *l, const struct relay_params *p)
{
	CURL *c = l->easy;

	curl_easy_setopt(c, CURLOPT_USE_SSL,
	    p->tls == RELAY_PLAIN ? (long)CURLUSESSL_NONE
				  : (long)CURLUSESSL_ALL);
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
	if (p->ca_file != NULL) {
		curl_easy_setopt(c, CURLOPT_CAINFO, p->ca_file);
		curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
	}
}

static void
set_url(struct connection *l, const struct relay_params *p)
{
	bool v6 = strchr(p->host, ':') != NULL;
	struct buf b = {0};
	const char *c;

	buf_printf(&b, "%s://%s%s%s:%d/",
	    p->tls == RELAY_TLS ? "smtps" : "smtp", v6 ? "[" : "", p->host,
	    v6 ? "]" : "", p->port);
	for (c = p->ehlo_name; *c != '\0'; c++)
		buf_printf(&b, strchr("[]:", *c) != NULL ? "%%%02X" : "%c", *c);
	curl_easy_setopt(l->easy, CURLOPT_URL, buf_cstr(&b));
	buf_free(&b);
}

static void
set_rest(struct connection *l)
{
	CURL *c = l->easy;

	curl_easy_setopt(c, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, CURL_WAITS_S);
	curl_easy_setopt(c, CURLOPT_SERVER_RESPONSE_TIMEOUT, CURL_WAITS_S);
	curl_easy_setopt(c, CURLOPT_TCP_NODELAY, 1L);
	curl_easy_setopt(c, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, l->message);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_line);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, l);
	curl_easy_setopt(c, CURLOPT_DEBUGFUNCTION, on_debug);
	curl_easy_setopt(c, CURLOPT_DEBUGDATA, l);
	curl_easy_setopt(c, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(c, CURLOPT_PRIVATE, l);
}

static void
leave_opening(struct connection *l, enum connection_state state)
{
	if (l->state == LINK_OPENING)
		l->links->opening--;
	l->state = state;
}

struct connection *
connection_open(struct connections *ls)
{
	struct connection *l = mem_new(sizeof(*l));

	l->links = ls;
	l->next = ls->first;
	ls->first = l;
	l->socket = CURL_SOCKET_BAD;
	l->login.stage = STAGE_CONNECT;
	l->progress = clock_mono_ms();
	l->easy = curl_easy_init();
	if (l->easy != NULL) {
		set_rest(l);
		set_url(l, ls->params);
		set_tls(l, ls->params);
		set_login(l, ls->params);
	}
	ls->opening++;
	if (l->easy == NULL ||
	    curl_multi_add_handle(ls->multi, l->easy) != CURLM_OK) {
		leave_opening(l, LINK_FAILED);
		l->error.stage = STAGE_CONNECT;
	}
	return l;
}

void
connection_close(struct connection *l)
{
	struct connection **at;

	if (l == NULL)
		return;
	for (at = &l->links->first; *at != l; at = &(*at)->next)
		;
	*at = l->next;
	leave_opening(l, LINK_FAILED);
	if (l->easy != NULL) {
		curl_multi_remove_handle(l->links->multi, l->easy);
		curl_easy_cleanup(l->easy);
	}
	login_end(&l->login);
	free(l);
}

static bool
is_tls_fault(CURLcode rc)
{
	return rc == CURLE_PEER_FAILED_VERIFICATION ||
	       rc == CURLE_USE_SSL_FAILED || rc == CURLE_SSL_CERTPROBLEM ||
	       rc == CURLE_SSL_CIPHER || rc == CURLE_SSL_CACERT_BADFILE ||
	       rc == CURLE_SSL_ISSUER_ERROR || rc == CURLE_SSL_CONNECT_ERROR;
}

/*
 * libcurl gives one code for a failed handshake and for a connection lost
 * meanwhile, and no errno when the relay closed it without a word.
 */
static bool
was_lost(struct connection *l)
{
	long os = 0;

	curl_easy_getinfo(l->easy, CURLINFO_OS_ERRNO, &os);
	return os == ECONNRESET || os == EPIPE ||
	       strstr(l->message, "eset by peer") != NULL ||
	       strstr(l->message, "SSL_ERROR_SYSCALL") != NULL ||
	       strstr(l->message, "unexpected eof") != NULL;
}

/* Connected, and nothing heard yet: libcurl tells when it is asked. */
static void
see_connected(struct connection *l)
{
	curl_off_t after = 0;

	curl_easy_getinfo(l->easy, CURLINFO_CONNECT_TIME_T, &after);
	if (l->login.stage == STAGE_CONNECT && after > 0)
		l->login.stage = STAGE_GREETING;
}

static void
failed(struct connection *l, CURLcode rc)
{
	struct connection_error *e = &l->error;
	bool babbles = l->login.babbles;

	see_connected(l);
	leave_opening(l, LINK_FAILED);
	*e = (struct connection_error){.stage = l->login.stage};
	if (!babbles)
		e->reply = l->login.reply;
	if (rc == CURLE_COULDNT_RESOLVE_HOST) {
		e->class = "dns";
	} else if (is_tls_fault(rc) && !was_lost(l)) {
		e->stage = STAGE_TLS;
		e->class = "tls";
	} else if (rc == CURLE_WEIRD_SERVER_REPLY && e->stage == STAGE_TLS) {
		e->class = "tls"; /* plaintext slipped in before TLS */
	} else if (rc == CURLE_LOGIN_DENIED && e->reply.code < 400) {
		e->stage = STAGE_AUTH;
		e->class = "auth";
	}
	if (e->reply.code >= 400)
		return;
	e->reply = (struct reply){0};
	snprintf(e->reply.text, sizeof(e->reply.text), "%s",
	    babbles                 ? "this is no SMTP server"
	    : l->message[0] != '\0' ? l->message
				    : curl_easy_strerror(rc));
}

static void
opened(struct connection *l)
{
	leave_opening(l, LINK_UP);
	curl_easy_setopt(l->easy, CURLOPT_VERBOSE, 0L);
	curl_easy_getinfo(l->easy, CURLINFO_ACTIVESOCKET, &l->socket);
	if (l->links->params->user == NULL || l->login.authenticated)
		return;
	/* libcurl goes on without a login when none is offered. */
	l->state = LINK_FAILED;
	l->error =
	    (struct connection_error){.stage = STAGE_AUTH, .class = "auth"};
	snprintf(l->error.reply.text, sizeof(l->error.reply.text), "%s",
	    "a login is set, but the relay offers none");
}

static void
see_results(struct connections *ls)
{
	CURLMsg *m;
	char *p;
	int left;

	while ((m = curl_multi_info_read(ls->multi, &left)) != NULL) {
		struct connection *l;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &p);
		l = (struct connection *)(void *)p;
		if (m->data.result == CURLE_OK)
			opened(l);
		else
			failed(l, m->data.result);
	}
}

static void
see_timeout(struct connection *l, int64_t now)
{
	int64_t cap = l->links->params->timeout_ms, limit;

	see_connected(l);
	limit = l->login.stage == STAGE_CONNECT ? CONNECT_MS : REPLY_MS;
	if (now - l->progress < (cap < limit ? cap : limit))
		return;
	l->login.reply = (struct reply){0};
	snprintf(l->message, sizeof(l->message), "%s", "no answer in time");
	failed(l, CURLE_OPERATION_TIMEDOUT);
}

static void
see_timeouts(struct connections *ls)
{
	int64_t now = clock_mono_ms();
	struct connection *l;

	for (l = ls->first; l != NULL; l = l->next) {
		if (l->state == LINK_OPENING)
			see_timeout(l, now);
	}
}

enum connection_state
connection_state(const struct connection *l)
{
	return l->state;
}

const struct ehlo *
connection_ehlo(const struct connection *l)
{
	return &l->login.ehlo;
}

const struct connection_error *
connection_error(const struct connection *l)
{
	return &l->error;
}

ssize_t
connection_send(struct connection *l, struct str s)
{
	size_t n = 0;
	CURLcode rc = curl_easy_send(l->easy, s.p, s.n, &n);

	if (rc == CURLE_AGAIN)
		return 0;
	return rc == CURLE_OK ? (ssize_t)n : -1;
}

ssize_t
connection_recv(struct connection *l, char *p, size_t n)
{
	size_t got = 0;
	CURLcode rc = curl_easy_recv(l->easy, p, n, &got);

	if (rc == CURLE_AGAIN)
		return 0;
	return rc == CURLE_OK && got > 0 ? (ssize_t)got : -1;
}

bool
connection_buffers(const struct connection *l)
{
	return l->links->params->tls != RELAY_PLAIN;
}

void
connection_ack(struct connection *l)
{
	int on = 1;

	(void)setsockopt(l->socket, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
}

static void
grow(struct connections *ls, size_t n)
{
	if (n <= ls->cap)
		return;
	ls->cap = n;
	ls->fds = mem_grow(ls->fds, n, sizeof(*ls->fds));
	ls->polls = mem_grow(ls->polls, n, sizeof(*ls->polls));
}

/* While none is being opened libcurl need not be asked. */
static int
wait_plain(struct connections *ls, struct connection_poll *p, size_t n,
    int timeout_us, struct fail *f)
{
	struct timespec timeout = {
	    timeout_us / 1000000, timeout_us % 1000000 * 1000L};
	size_t i;

	for (i = 0; i < n; i++)
		ls->polls[i] = (struct pollfd){.fd = p[i].link->socket,
		    .events =
			(short)(POLLIN | (p[i].want_write ? POLLOUT : 0))};
	if (ppoll(ls->polls, n, &timeout, NULL) < 0 && errno != EINTR)
		return fail_errno(f, "ppoll");
	for (i = 0; i < n; i++) {
		p[i].readable = (ls->polls[i].revents & ~POLLOUT) != 0;
		p[i].writable = (ls->polls[i].revents & POLLOUT) != 0;
	}
	return 0;
}

static int
wait_curl(struct connections *ls, struct connection_poll *p, size_t n,
    int timeout_us, struct fail *f)
{
	int running;
	size_t i;

	for (i = 0; i < n; i++)
		ls->fds[i] = (struct curl_waitfd){.fd = p[i].link->socket,
		    .events =
			(short)(CURL_WAIT_POLLIN |
				(p[i].want_write ? CURL_WAIT_POLLOUT : 0))};
	if (curl_multi_poll(ls->multi, ls->fds, (unsigned)n,
		(timeout_us + 999) / 1000, NULL) != CURLM_OK ||
	    curl_multi_perform(ls->multi, &running) != CURLM_OK)
		return fail_system(f, "libcurl lost its connections");
	for (i = 0; i < n; i++) {
		p[i].readable = (ls->fds[i].revents & CURL_WAIT_POLLIN) != 0;
		p[i].writable = (ls->fds[i].revents & CURL_WAIT_POLLOUT) != 0;
	}
	see_results(ls);
	see_timeouts(ls);
	return 0;
}

int
connections_wait(struct connections *ls, struct connection_poll *p, size_t n,
    int timeout_us, struct fail *f)
{
	size_t opening = ls->opening;
	int running;

	grow(ls, n);
	if (opening == 0)
		return wait_plain(ls, p, n, timeout_us, f);
	/* A new one has to be begun before there is anything to wait for. */
	if (curl_multi_perform(ls->multi, &running) != CURLM_OK)
		return fail_system(f, "libcurl lost its connections");
	see_results(ls);
	if (ls->opening < opening)
		timeout_us = 0;
	return wait_curl(ls, p, n, timeout_us, f);
}

void
connection_library(struct buf *b)
{
	buf_printf(b, "%s\n", curl_version());
}
