/*
 * Each case has settings and the expected "TLS host:port" of the relay, or a
 * part of the failure's text.
 */
#include "port/relay/relay_params.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/settings.h"
#include "unit.h"

static const struct {
	const char *settings; /* "|" ends a line */
	const char *want;
} cases[] = {
    /* TLS is required unless the relay is on this host. */
    {"EMAIL_HOST=mx.example", "starttls mx.example:587"},
    {"EMAIL_HOST=mx.example|EMAIL_PORT=25", "starttls mx.example:25"},
    {"EMAIL_HOST=mx.example|EMAIL_PORT=465", "tls mx.example:465"},
    {"EMAIL_HOST=mx.example|EMAIL_PORT=465|EMAIL_USE_TLS=no",
	"tls mx.example:465"},
    {"EMAIL_HOST=mx.example|EMAIL_PORT=2465|EMAIL_USE_SSL=1",
	"tls mx.example:2465"},
    {"EMAIL_HOST=127.0.0.1", "starttls 127.0.0.1:587"},
    {"EMAIL_HOST=127.0.0.1|EMAIL_USE_TLS=no", "plain 127.0.0.1:587"},
    {"EMAIL_HOST=127.1.2.3|EMAIL_USE_TLS=false", "plain 127.1.2.3:587"},
    {"EMAIL_HOST=::1|EMAIL_USE_TLS=0", "plain [::1]:587"},
    {"EMAIL_HOST=[::1]|EMAIL_USE_TLS=0", "plain [::1]:587"},
    {"EMAIL_HOST=localhost|EMAIL_USE_TLS=no", "plain localhost:587"},
    {"EMAIL_HOST=mx.example|EMAIL_USE_TLS=no", "is not a loopback address"},
    {"EMAIL_HOST=192.0.2.1|EMAIL_USE_TLS=no", "is not a loopback address"},
    {"EMAIL_HOST=localhost.example.com|EMAIL_USE_TLS=no",
	"is not a loopback address"},
    {"EMAIL_HOST=127.0.0.1.example.com|EMAIL_USE_TLS=no",
	"is not a loopback address"},
    {"EMAIL_HOST=mx.example|EMAIL_USE_TLS=no|BM_PLAINTEXT=yes",
	"plain mx.example:587"},
    {"EMAIL_HOST=mx.example|BM_PLAINTEXT=yes", "starttls mx.example:587"},

    /* Host names. */
    {"", "EMAIL_HOST is not set"},
    {"EMAIL_HOST=b\xc3\xbc"
     "cher.example",
	"starttls xn--bcher-kva.example:587"},
    {"EMAIL_HOST=a b", "is no host name"},
    {"EMAIL_HOST=[mx.example]", "is no host name"},
    {"EMAIL_HOST=[::1", "is no host name"},
    {"EMAIL_HOST=mx.example/x", "is no host name"},
    {"EMAIL_HOST=me@mx.example", "is no host name"},
    {"EMAIL_HOST=mx.example?x", "is no host name"},
    {"EMAIL_HOST=mx.example#x", "is no host name"},
    {"EMAIL_HOST=mx%00.example", "is no host name"},
    {"EMAIL_HOST=h|EMAIL_PORT=0", "EMAIL_PORT"},
    {"EMAIL_HOST=h|EMAIL_PORT=65536", "EMAIL_PORT"},
    {"EMAIL_HOST=h|EMAIL_PORT=smtp", "EMAIL_PORT"},

    /* The name for EHLO. */
    {"EMAIL_HOST=h|BM_EHLO_NAME=", "starttls h:587"},
    {"EMAIL_HOST=h|BM_EHLO_NAME=client.example", "starttls h:587"},
    {"EMAIL_HOST=h|BM_EHLO_NAME=[192.0.2.1]", "starttls h:587"},
    {"EMAIL_HOST=h|BM_EHLO_NAME=[IPv6:2001:db8::1]", "starttls h:587"},
    {"EMAIL_HOST=h|BM_EHLO_NAME=localhost", "BM_EHLO_NAME"},
    {"EMAIL_HOST=h|BM_EHLO_NAME=localhost.localdomain", "BM_EHLO_NAME"},
    {"EMAIL_HOST=h|BM_EHLO_NAME=client", "BM_EHLO_NAME"},
    {"EMAIL_HOST=h|BM_EHLO_NAME=m.eml/x", "BM_EHLO_NAME"},
    {"EMAIL_HOST=h|BM_EHLO_NAME=a.example b", "BM_EHLO_NAME"},

    /* Login and limits. */
    {"EMAIL_HOST=h|EMAIL_HOST_USER=me|EMAIL_HOST_PASSWORD=x", "starttls h:587"},
    {"EMAIL_HOST=h|EMAIL_HOST_USER=me|EMAIL_HOST_TOKEN_COMMAND=echo x",
	"starttls h:587"},
    {"EMAIL_HOST=h|EMAIL_HOST_USER=me", "neither EMAIL_HOST_PASSWORD"},
    {"EMAIL_HOST=h|EMAIL_HOST_PASSWORD=x", "EMAIL_HOST_USER is not set"},
    {"EMAIL_HOST=h|EMAIL_HOST_USER=me|EMAIL_HOST_PASSWORD=x|"
     "AUTH_MECHANISMS=LOGIN",
	"starttls h:587"},
    {"EMAIL_HOST=h|EMAIL_HOST_USER=me|EMAIL_HOST_PASSWORD=x|"
     "AUTH_MECHANISMS=XOAUTH2",
	"XOAUTH2 names no mechanism for a password"},
    {"EMAIL_HOST=h|EMAIL_HOST_USER=me|EMAIL_HOST_TOKEN=x|"
     "AUTH_MECHANISMS=PLAIN",
	"PLAIN names no mechanism for a token"},
    {"EMAIL_HOST=h|AUTH_MECHANISMS=SCRAM-SHA-1", "does not speak SCRAM-SHA-1"},
    {"EMAIL_HOST=h|EMAIL_HOST_USER=me|EMAIL_HOST_TOKEN=a b",
	"EMAIL_HOST_TOKEN"},
    {"EMAIL_HOST=h|BM_SMTP_IGNORE=pipelining, SIZE", "starttls h:587"},
    {"EMAIL_HOST=h|BM_SMTP_IGNORE=STARTTLS", "STARTTLS cannot be ignored"},
    {"EMAIL_HOST=h|BM_SMTP_IGNORE=SIZE,auth", "auth cannot be ignored"},
    {"EMAIL_HOST=h|BM_SMTP_IGNORE=PIPLINING", "PIPLINING is not one of"},
    {"EMAIL_HOST=h|BM_CA_FILE=/nonexistent/ca", "cannot read /nonexistent/ca"},
    {"EMAIL_HOST=h|BM_RELAY_PROFILE=ses", "starttls h:587"},
    {"EMAIL_HOST=h|BM_RELAY_PROFILE=aws", "BM_RELAY_PROFILE"},
    {"EMAIL_HOST=h|BULK_EMAIL_MAX_RETRIES=-1", "BULK_EMAIL_MAX_RETRIES"},
    {"EMAIL_HOST=h|BM_RELAY_TIMEOUT=0", "BM_RELAY_TIMEOUT"},
};

static char path[] = "/tmp/bm-relay-params-XXXXXX";

static int
write_settings(const char *text)
{
	FILE *f = fopen(path, "we");

	if (f == NULL)
		return -1;
	/* Without this line each case would look up the host's name. */
	if (strstr(text, "BM_EHLO_NAME") == NULL)
		fputs("BM_EHLO_NAME=client.example\n", f);
	for (; *text != '\0'; text++)
		fputc(*text == '|' ? '\n' : *text, f);
	fputc('\n', f);
	return fclose(f);
}

static void
read_params(struct buf *got, const char *text)
{
	static const char *const tls[] = {"starttls", "tls", "plain"};
	struct settings *s = NULL;
	struct relay_params p;
	struct fail f = {0};
	char *name;

	buf_reset(got);
	if (write_settings(text) == 0 && settings_new(&s, path, &f) == 0 &&
	    relay_params_init(&p, s, &f) == 0) {
		name = relay_params_name(&p);
		buf_printf(got, "%s %s", tls[p.tls], name);
		ok(p.ehlo_name[0] == '[' || strchr(p.ehlo_name, '.') != NULL,
		    "a real name for EHLO: %s", p.ehlo_name);
		free(name);
		relay_params_free(&p);
	} else {
		buf_adds(got, f.text);
	}
	settings_free(s);
}

int
main(void)
{
	struct buf got = {0};
	size_t i;
	int fd = mkstemp(path);

	if (fd < 0 || clearenv() != 0)
		return 2;
	close(fd);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		read_params(&got, cases[i].settings);
		ok(strstr(buf_cstr(&got), cases[i].want) != NULL, "%s: %s",
		    cases[i].settings, cases[i].want);
		if (strstr(buf_cstr(&got), cases[i].want) == NULL)
			printf("# %s\n", buf_cstr(&got));
	}
	unlink(path);
	buf_free(&got);
	return unit_end();
}
