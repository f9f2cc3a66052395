#include "port/relay/connection.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define CONNECT_MS 30000
#define REPLY_MS 300000    /* RFC 5321 4.5.3.2.1 */
#define CURL_WAITS_S 7200L /* more than our own time limits */

struct connection_opener {
	CURLM *multi;
	struct curl_waitfd *fds;
	size_t cap;
};

struct connection {
	struct connection_opener *opener;
	const struct relay_params *params;
	CURL *easy;
	curl_socket_t socket;
	enum connection_state state;
	struct login login;
	struct connection_error error;
	int64_t progress; /* monotonic ms: bytes were last sent or received */
	char message[CURL_ERROR_SIZE];
};

struct connection_opener *
connection_opener_open(struct fail *f)
{
	struct connection_opener *o = mem_new(sizeof(*o));

	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		o->multi = curl_multi_init();
	if (o->multi != NULL)
		return o;
	fail_system(f, "libcurl cannot be used");
	connection_opener_close(o);
	return NULL;
}

void
connection_opener_close(struct connection_opener *o)
{
	curl_multi_cleanup(o->multi);
	curl_global_cleanup();
	free(o->fds);
	free(o);
}

static int
/* NOLINTNEXTLINE(readability-non-const-parameter): the type is libcurl's */
on_debug(CURL *easy, curl_infotype type, char *p, size_t n, void *ctx)
{
	struct connection *c = ctx;

	(void)easy;
	if (type == CURLINFO_HEADER_OUT)
		login_said(&c->login, (struct str){p, n});
	if (type == CURLINFO_HEADER_OUT || type == CURLINFO_HEADER_IN)
		c->progress = clock_mono_ms();
	return 0;
}

/* Returning less than n makes libcurl give up the connection. */
static size_t
on_line(const char *p, size_t size, size_t n, void *ctx)
{
	struct connection *c = ctx;

	login_heard(&c->login, (struct str){p, size * n});
	return c->login.babbles ? 0 : size * n;
}

static void
set_login(struct connection *c, const struct relay_params *p)
{
	CURL *easy = c->easy;

	if (p->user == NULL)
		return;
	curl_easy_setopt(easy, CURLOPT_USERNAME, p->user);
	curl_easy_setopt(easy, CURLOPT_SASL_IR, 1L);
	if (p->token != NULL) {
		curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, p->token);
		curl_easy_setopt(easy, CURLOPT_LOGIN_OPTIONS,
		    "AUTH=OAUTHBEARER;AUTH=XOAUTH2");
		return;
	}
	curl_easy_setopt(easy, CURLOPT_PASSWORD, p->password);
	curl_easy_setopt(easy, CURLOPT_LOGIN_OPTIONS,
	    "AUTH=PLAIN;AUTH=LOGIN;AUTH=CRAM-MD5;AUTH=DIGEST-MD5;"
	    "AUTH=SCRAM-SHA-1;AUTH=SCRAM-SHA-256");
}

static void
set_tls(struct connection *c, const struct relay_params *p)
{
	CURL *easy = c->easy;

	curl_easy_setopt(easy, CURLOPT_USE_SSL,
	    p->tls == RELAY_PLAIN ? (long)CURLUSESSL_NONE
				  : (long)CURLUSESSL_ALL);
	curl_easy_setopt(
	    easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	if (p->ca_file != NULL) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, p->ca_file);
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
}

static void
set_url(struct connection *c, const struct relay_params *p)
{
	struct buf url = {0};

	relay_params_url(p, &url);
	curl_easy_setopt(c->easy, CURLOPT_URL, buf_cstr(&url));
	buf_free(&url);
}

static void
set_rest(struct connection *c)
{
	CURL *easy = c->easy;

	curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, CURL_WAITS_S);
	curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, CURL_WAITS_S);
	curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, c->message);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_line);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, c);
	curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug);
	curl_easy_setopt(easy, CURLOPT_DEBUGDATA, c);
	curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, c);
}

struct connection *
connection_open(
    struct connection_opener *opener, const struct relay_params *params)
{
	struct connection *c = mem_new(sizeof(*c));

	c->opener = opener;
	c->params = params;
	c->socket = CURL_SOCKET_BAD;
	c->login.stage = STAGE_CONNECT;
	c->progress = clock_mono_ms();
	c->easy = curl_easy_init();
	if (c->easy != NULL) {
		set_rest(c);
		set_url(c, params);
		set_tls(c, params);
		set_login(c, params);
	}
	if (c->easy == NULL ||
	    curl_multi_add_handle(opener->multi, c->easy) != CURLM_OK) {
		c->state = CONNECTION_FAILED;
		c->error.stage = STAGE_CONNECT;
	}
	return c;
}

void
connection_close(struct connection *c)
{
	if (c->easy != NULL) {
		curl_multi_remove_handle(c->opener->multi, c->easy);
		curl_easy_cleanup(c->easy);
	}
	login_free(&c->login);
	free(c);
}

/*
 * libcurl has one code for a failed handshake and a connection lost in it, and
 * no errno if the relay closed the connection.
 */
static bool
was_lost(struct connection *c)
{
	long os = 0;

	curl_easy_getinfo(c->easy, CURLINFO_OS_ERRNO, &os);
	return os == ECONNRESET || os == EPIPE ||
	       strstr(c->message, "eset by peer") != NULL ||
	       strstr(c->message, "SSL_ERROR_SYSCALL") != NULL ||
	       strstr(c->message, "unexpected eof") != NULL;
}

/* libcurl reports the connection only when it is asked. */
static void
check_connected(struct connection *c)
{
	curl_off_t after = 0;

	curl_easy_getinfo(c->easy, CURLINFO_CONNECT_TIME_T, &after);
	if (c->login.stage == STAGE_CONNECT && after > 0)
		c->login.stage = STAGE_GREETING;
}

static enum connection_fault
find_fault(struct connection *c, CURLcode rc)
{
	switch (rc) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return CONNECTION_FAULT_NAME;
	case CURLE_WEIRD_SERVER_REPLY:
		return CONNECTION_FAULT_REPLY;
	case CURLE_LOGIN_DENIED:
		return CONNECTION_FAULT_DENIED;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_USE_SSL_FAILED:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_CONNECT_ERROR:
		if (!was_lost(c))
			return CONNECTION_FAULT_TLS;
		break;
	default:
		break;
	}
	return CONNECTION_FAULT_OTHER;
}

static void
fail_opening(struct connection *c, CURLcode rc)
{
	const char *text = c->message;

	check_connected(c);
	c->state = CONNECTION_FAILED;
	connection_error_set(&c->error, &c->login, find_fault(c, rc),
	    text[0] != '\0' ? text : curl_easy_strerror(rc));
}

static void
finish_opening(struct connection *c)
{
	c->state = CONNECTION_UP;
	curl_easy_setopt(c->easy, CURLOPT_VERBOSE, 0L);
	curl_easy_getinfo(c->easy, CURLINFO_ACTIVESOCKET, &c->socket);
	if (c->params->user == NULL || c->login.authenticated)
		return;
	/* libcurl goes on without a login when the relay offers none. */
	c->state = CONNECTION_FAILED;
	connection_error_set_no_login(&c->error);
}

static void
handle_results(struct connection_opener *o)
{
	CURLMsg *m;
	char *p;
	int left;

	while ((m = curl_multi_info_read(o->multi, &left)) != NULL) {
		struct connection *c;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &p);
		c = (struct connection *)(void *)p;
		if (m->data.result == CURLE_OK)
			finish_opening(c);
		else
			fail_opening(c, m->data.result);
	}
}

void
connection_check_timeout(struct connection *c, int64_t now)
{
	int64_t cap = c->params->timeout_ms, limit;

	if (c->state != CONNECTION_OPENING)
		return;
	check_connected(c);
	limit = c->login.stage == STAGE_CONNECT ? CONNECT_MS : REPLY_MS;
	if (now - c->progress < (cap < limit ? cap : limit))
		return;
	c->login.reply = (struct reply){0};
	snprintf(c->message, sizeof(c->message), "%s", "no answer in time");
	fail_opening(c, CURLE_OPERATION_TIMEDOUT);
}

enum connection_state
connection_state(const struct connection *c)
{
	return c->state;
}

const struct ehlo *
connection_ehlo(const struct connection *c)
{
	return &c->login.ehlo;
}

const struct connection_error *
connection_error(const struct connection *c)
{
	return &c->error;
}

ssize_t
connection_send(struct connection *c, struct str s)
{
	size_t n = 0;
	CURLcode rc = curl_easy_send(c->easy, s.p, s.n, &n);

	if (rc == CURLE_AGAIN)
		return 0;
	return rc == CURLE_OK ? (ssize_t)n : -1;
}

ssize_t
connection_recv(struct connection *c, char *p, size_t n)
{
	size_t got = 0;
	CURLcode rc = curl_easy_recv(c->easy, p, n, &got);

	if (rc == CURLE_AGAIN)
		return 0;
	return rc == CURLE_OK && got > 0 ? (ssize_t)got : -1;
}

int
connection_socket(const struct connection *c)
{
	return c->socket;
}

int
connection_opener_perform(struct connection_opener *o, struct fail *f)
{
	int running;

	if (curl_multi_perform(o->multi, &running) != CURLM_OK)
		return fail_system(f, "libcurl lost its connections");
	handle_results(o);
	return 0;
}

int
connection_opener_wait(struct connection_opener *o, struct connection_poll *p,
    size_t n, int timeout_us, struct fail *f)
{
	size_t i;

	if (n > o->cap) {
		o->cap = n;
		o->fds = mem_grow(o->fds, n, sizeof(*o->fds));
	}
	for (i = 0; i < n; i++)
		o->fds[i] = (struct curl_waitfd){.fd = p[i].connection->socket,
		    .events =
			(short)(CURL_WAIT_POLLIN |
				(p[i].want_write ? CURL_WAIT_POLLOUT : 0))};
	if (curl_multi_poll(o->multi, o->fds, (unsigned)n,
		(timeout_us + 999) / 1000, NULL) != CURLM_OK)
		return fail_system(f, "libcurl lost its connections");
	for (i = 0; i < n; i++) {
		p[i].readable = (o->fds[i].revents & CURL_WAIT_POLLIN) != 0;
		p[i].writable = (o->fds[i].revents & CURL_WAIT_POLLOUT) != 0;
	}
	return connection_opener_perform(o, f);
}

void
connection_library(struct buf *b)
{
	buf_printf(b, "%s\n", curl_version());
}
