#include "port/relay/connection_setup.h"

#include <curl/curl.h>

#define CURL_WAITS_S 7200L /* more than our own time limits */

static void
set_tls(CURL *easy, const struct relay_params *p)
{
	curl_easy_setopt(easy, CURLOPT_USE_SSL,
	    p->tls == RELAY_PLAIN ? (long)CURLUSESSL_NONE
				  : (long)CURLUSESSL_ALL);
	curl_easy_setopt(
	    easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	if (p->tls != RELAY_PLAIN)
		curl_easy_setopt(easy, CURLOPT_CERTINFO, 1L);
	if (p->ca_file != NULL) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, p->ca_file);
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
}

static void
set_url(CURL *easy, const struct relay_params *p)
{
	struct buf url = {0};

	relay_params_url(p, &url);
	curl_easy_setopt(easy, CURLOPT_URL, buf_cstr(&url));
	buf_free(&url);
}

void
connection_setup(void *easy, const struct relay_params *p)
{
	curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, CURL_WAITS_S);
	curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, CURL_WAITS_S);
	curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	set_url(easy, p);
	set_tls(easy, p);
}
