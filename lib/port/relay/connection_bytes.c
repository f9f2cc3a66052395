#include "port/relay/connection_bytes.h"

#include <curl/curl.h>

#include "port/relay/connection_state.h"

ssize_t
connection_bytes_send(struct connection *c, struct str s)
{
	size_t n = 0;
	CURLcode rc = curl_easy_send(c->easy, s.p, s.n, &n);

	if (rc == CURLE_AGAIN)
		return 0;
	return rc == CURLE_OK ? (ssize_t)n : -1;
}

ssize_t
connection_bytes_receive(struct connection *c, char *p, size_t n)
{
	size_t got = 0;
	CURLcode rc = curl_easy_recv(c->easy, p, n, &got);

	if (rc == CURLE_AGAIN)
		return 0;
	return rc == CURLE_OK && got > 0 ? (ssize_t)got : -1;
}
