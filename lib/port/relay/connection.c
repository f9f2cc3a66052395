#include "port/relay/connection.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "port/relay/connection_login.h"
#include "port/relay/connection_setup.h"
#include "port/relay/connection_state.h"

#define CONNECT_MS 30000
#define REPLY_MS 300000   /* RFC 5321 4.5.3.2.1 */
#define GREETING_MS 30000 /* from its first line to its end */

struct connection_opener {
	CURLM *multi;
	struct curl_waitfd *fds;
	size_t cap;
};

struct connection_opener *
connection_opener_open(struct fail *f)
{
	struct connection_opener *o = mem_new(sizeof(*o));

	/* libcurl would write the keys of TLS into that file. */
	unsetenv("SSLKEYLOGFILE");
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

static void
note_command(struct connection *c, struct str command)
{
	opening_said(&c->opening, command);
	c->said = c->progress;
}

static int
/* NOLINTNEXTLINE(readability-non-const-parameter): the type is libcurl's */
on_debug(CURL *easy, curl_infotype type, char *p, size_t n, void *ctx)
{
	struct connection *c = ctx;

	(void)easy;
	if (type == CURLINFO_TEXT)
		connection_facts_line(&c->facts, (struct str){p, n});
	if (type != CURLINFO_HEADER_OUT && type != CURLINFO_HEADER_IN)
		return 0;
	c->progress = clock_mono_ms();
	if (type == CURLINFO_HEADER_OUT)
		note_command(c, (struct str){p, n});
	return 0;
}

/* Returning less than n makes libcurl give up the connection. */
static size_t
on_line(const char *p, size_t size, size_t n, void *ctx)
{
	struct connection *c = ctx;
	int64_t now = clock_mono_ms();

	if (c->greeted == 0)
		c->greeted = now;
	if (c->said != 0 && now - c->said > c->slowest)
		c->slowest = now - c->said;
	opening_heard(&c->opening, (struct str){p, size * n});
	return c->opening.babbles ? 0 : size * n;
}

static void
set_callbacks(struct connection *c)
{
	CURL *easy = c->easy;

	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, c->message);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_line);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, c);
	curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug);
	curl_easy_setopt(easy, CURLOPT_DEBUGDATA, c);
	curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, c);
}

struct connection *
connection_open(struct connection_opener *opener, struct login_desk *desk)
{
	struct connection *c = mem_new(sizeof(*c));

	c->opener = opener;
	c->desk = desk;
	c->params = desk->params;
	c->socket = CURL_SOCKET_BAD;
	c->opening.stage = STAGE_CONNECT;
	c->progress = clock_mono_ms();
	c->easy = curl_easy_init();
	if (c->easy != NULL) {
		connection_setup(c->easy, c->params);
		set_callbacks(c);
	}
	if (c->easy == NULL ||
	    curl_multi_add_handle(opener->multi, c->easy) != CURLM_OK) {
		c->state = CONNECTION_FAILED;
		c->phase = CONNECTION_PHASE_ENDED;
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
	connection_login_end(c);
	opening_free(&c->opening);
	connection_facts_free(&c->facts);
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
	if (c->opening.stage == STAGE_CONNECT && after > 0)
		c->opening.stage = STAGE_GREETING;
}

static enum connection_fault
find_fault(struct connection *c, CURLcode rc)
{
	switch (rc) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return CONNECTION_FAULT_NAME;
	case CURLE_WEIRD_SERVER_REPLY:
		return CONNECTION_FAULT_REPLY;
	case CURLE_SSL_CACERT_BADFILE:
		return CONNECTION_FAULT_LOCAL;
	case CURLE_OPERATION_TIMEDOUT:
		return CONNECTION_FAULT_SILENT;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_USE_SSL_FAILED:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
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
	c->phase = CONNECTION_PHASE_ENDED;
	connection_error_set(&c->error, &c->opening, find_fault(c, rc),
	    text[0] != '\0' ? text : curl_easy_strerror(rc));
}

/* Of the relay's own certificate, which is the first. */
static void
read_certificate(struct connection *c)
{
	struct curl_certinfo *info = NULL;
	const struct curl_slist *field;

	if (curl_easy_getinfo(c->easy, CURLINFO_CERTINFO, &info) != CURLE_OK ||
	    info == NULL || info->num_of_certs < 1)
		return;
	for (field = info->certinfo[0]; field != NULL; field = field->next)
		connection_facts_field(&c->facts, str_of(field->data));
}

static void
finish_opening(struct connection *c)
{
	curl_easy_setopt(c->easy, CURLOPT_VERBOSE, 0L);
	curl_easy_getinfo(c->easy, CURLINFO_ACTIVESOCKET, &c->socket);
	ehlo_ignore(&c->opening.ehlo, &c->params->ignored);
	connection_login_begin(c);
	if (c->params->tls == RELAY_PLAIN)
		return;
	read_certificate(c);
	/* libcurl would take the subject's common name in its place. */
	if (c->facts.names.len > 0)
		return;
	c->state = CONNECTION_FAILED;
	c->phase = CONNECTION_PHASE_ENDED;
	connection_error_say(&c->error, STAGE_TLS, "tls",
	    CONNECTION_REMEDY_NONE,
	    "the certificate has no subjectAltName (RFC 9525), which names "
	    "the relay");
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

/* When the relay has to answer; a greeting that has begun ends soon. */
static int64_t
find_limit(const struct connection *c)
{
	int64_t cap = c->params->timeout_ms;
	int64_t limit =
	    c->opening.stage == STAGE_CONNECT ? CONNECT_MS : REPLY_MS;
	int64_t end;

	end = c->progress + (cap < limit ? cap : limit);
	limit = cap < GREETING_MS ? cap : GREETING_MS;
	if (opening_is_odd(&c->opening) && c->greeted + limit < end)
		end = c->greeted + limit;
	return end;
}

void
connection_check_timeout(struct connection *c, int64_t now)
{
	static const char text[] = "no answer in time";

	if (c->state != CONNECTION_OPENING)
		return;
	check_connected(c);
	if (now < find_limit(c))
		return;
	if (connection_login_is_due(c)) {
		connection_error_say(
		    &c->error, STAGE_AUTH, NULL, CONNECTION_REMEDY_NONE, text);
		c->state = CONNECTION_FAILED;
		c->phase = CONNECTION_PHASE_ENDED;
		login_desk_leave(c->desk, c);
		return;
	}
	c->opening.reply = (struct reply){0};
	snprintf(c->message, sizeof(c->message), "%s", text);
	fail_opening(c, CURLE_OPERATION_TIMEDOUT);
}

enum connection_status
connection_state(const struct connection *c)
{
	return c->state;
}

const struct ehlo *
connection_ehlo(const struct connection *c)
{
	return &c->opening.ehlo;
}

const struct connection_error *
connection_error(const struct connection *c)
{
	return &c->error;
}

int64_t
connection_slowest(const struct connection *c)
{
	return c->slowest;
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
