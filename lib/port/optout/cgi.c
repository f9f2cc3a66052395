#include "port/optout/cgi.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/num.h"

static struct str
copy_variable(const char *name, struct arena *arena)
{
	const char *value = getenv(name);

	if (value == NULL)
		return (struct str){0};
	return arena_str(arena, str_of(value));
}

/* Reads at most max bytes of stdin: 200; 408 when late, 400 on an error. */
static int
read_bytes(struct buf *b, size_t max, int wait_ms)
{
	int64_t end = clock_mono_ms() + wait_ms;
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};

	while (b->len < max) {
		int64_t left = end - clock_mono_ms();
		ssize_t n;

		if (left <= 0)
			return 408;
		if (poll(&in, 1, (int)left) <= 0)
			continue;
		n = read(STDIN_FILENO, buf_reserve(b, max), max - b->len);
		if (n == 0)
			return 200;
		if (n > 0)
			b->len += (size_t)n;
		else if (errno != EINTR && errno != EAGAIN)
			return 400;
	}
	return 200;
}

/* 200 with the length, -1 without CONTENT_LENGTH; 400 or 413. */
static int
read_length(long long *length)
{
	const char *text = getenv("CONTENT_LENGTH");
	struct fail f;

	*length = -1;
	if (text == NULL || *text == '\0')
		return 200;
	if (text[strspn(text, "0123456789")] != '\0')
		return 400;
	if (num_parse(str_of(text), 0, PAGE_BODY_MAX, length, &f) < 0)
		return 413;
	return 200;
}

static int
read_body(struct buf *b, int wait_ms)
{
	long long length;
	int status = read_length(&length);
	size_t max = length >= 0 ? (size_t)length : PAGE_BODY_MAX + 1;

	if (status == 200)
		status = read_bytes(b, max, wait_ms);
	if (status != 200)
		return status;
	if (length >= 0)
		return b->len == max ? 200 : 400;
	return b->len <= PAGE_BODY_MAX ? 200 : 413;
}

int
cgi_read(struct page_request *r, int wait_ms, struct arena *arena)
{
	struct buf body = {0};
	int status = 200;

	*r = (struct page_request){
	    .method = copy_variable("REQUEST_METHOD", arena),
	    .query = copy_variable("QUERY_STRING", arena),
	    .path = copy_variable("PATH_INFO", arena),
	    .type = copy_variable("CONTENT_TYPE", arena),
	    .languages = copy_variable("HTTP_ACCEPT_LANGUAGE", arena)};
	if (str_is(r->method, "POST")) {
		status = read_body(&body, wait_ms);
		r->body = arena_str(arena, buf_str(&body));
	}
	buf_free(&body);
	return status;
}

/* Reads a byte of a query, "%2D" for one; 0 at the end. */
static char
read_query_byte(const char **at, const char *end)
{
	char hex[3] = {0};

	if (*at == end)
		return '\0';
	if (**at != '%' || end - *at < 3)
		return *(*at)++;
	memcpy(hex, *at + 1, 2);
	*at += 3;
	return (char)strtol(hex, NULL, 16);
}

/* A word of the query is one that a server may have escaped for a shell. */
static bool
is_query_word(const char *at, const char *end, const char *word)
{
	char c;

	while ((c = read_query_byte(&at, end)) != '\0') {
		if (*word == '\\' && c != '\\')
			word++;
		if (*word++ != c)
			return false;
	}
	return *word == '\0';
}

bool
cgi_has_query_words(int argc, char *const *argv)
{
	const char *query = getenv("QUERY_STRING");
	size_t n = query == NULL ? 0 : strlen(query);

	if (getenv("GATEWAY_INTERFACE") == NULL || n == 0 ||
	    strchr(query, '=') != NULL)
		return false;
	for (int i = argc - 1; i > 0 && n > 0; i--) {
		size_t start = n;

		while (start > 0 && query[start - 1] != '+')
			start--;
		if (!is_query_word(query + start, query + n, argv[i]))
			return false;
		n = start > 0 ? start - 1 : 0;
	}
	return argc > 1;
}

void
cgi_harden(void)
{
	clearenv();
	umask(027);
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
}

static const char *
find_reason(int status)
{
	static const struct {
		int status;
		const char *text;
	} reasons[] = {{200, "OK"}, {204, "No Content"}, {400, "Bad Request"},
	    {403, "Forbidden"}, {404, "Not Found"}, {405, "Method Not Allowed"},
	    {408, "Request Timeout"}, {413, "Content Too Large"},
	    {503, "Service Unavailable"}};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].status == status)
			return reasons[i].text;
	}
	return "Internal Server Error";
}

void
cgi_put_head(struct buf *b, int status, const char *language)
{
	buf_printf(b, "Status: %d %s\r\n", status, find_reason(status));
	if (status == 204 || status == 405)
		buf_adds(b, "Allow: GET, HEAD, POST, OPTIONS\r\n");
	if (status == 503)
		buf_adds(b, "Retry-After: 120\r\n");
	if (status != 204)
		buf_printf(b,
		    "Content-Type: text/html; charset=utf-8\r\n"
		    "Content-Language: %s\r\n"
		    "Vary: Accept-Language\r\n",
		    language);
	buf_adds(b, "Cache-Control: no-store\r\n"
		    "Referrer-Policy: no-referrer\r\n"
		    "X-Robots-Tag: noindex, nofollow\r\n"
		    "X-Content-Type-Options: nosniff\r\n"
		    "X-Frame-Options: DENY\r\n"
		    "Content-Security-Policy: default-src 'none'; "
		    "style-src 'unsafe-inline'; form-action 'self'; "
		    "frame-ancestors 'none'; base-uri 'none'\r\n"
		    "\r\n");
}
