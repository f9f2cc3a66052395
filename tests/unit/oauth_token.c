/*
 * What a token command prints, and the token and its end. The JWTs are made
 * by Python's base64.
 */
#include "mail/smtp/oauth_token.h"

#include "base/buf.h"
#include "unit.h"

#define NOW INT64_C(1000000)

static const struct {
	const char *in, *want; /* "TOKEN END", or a part of the failure */
} cases[] = {
    {"ya29.A0-_~+/=\n", "ya29.A0-_~+/= 0"},
    {"opaque.with.dots", "opaque.with.dots 0"},
    {"{\"access_token\":\"tok\"}", "tok 0"},
    {"{\"access_token\":\"t\\u006fk\",\"expires_in\":3599}", "tok 4599000"},
    {" {\"expires_in\":10.5,\"access_token\":\"tok\"}\n", "tok 1010000"},
    {"{\"access_token\":\"tok\",\"expires_in\":\"60\"}", "tok 0"},
    {"{\"access_token\":\"tok\",\"expires_in\":-5}", "tok 0"},
    {"{\"access_token\":\"tok\",\"expires_in\":1e400}", "tok 0"},
    /* {"exp":1700000000} */
    {"a.eyJleHAiOjE3MDAwMDAwMDB9.c", "a.eyJleHAiOjE3MDAwMDAwMDB9.c "
				     "1700000000000"},
    {"{\"access_token\":\"a.eyJleHAiOjE3MDAwMDAwMDB9.c\"}",
	"a.eyJleHAiOjE3MDAwMDAwMDB9.c 1700000000000"},
    {"a.eyJleHAiOjE3MDAwMDAwMDB9", "a.eyJleHAiOjE3MDAwMDAwMDB9 0"},
    {"", "the token is empty"},
    {"{\"access_token\":\"\"}", "the token is empty"},
    {"{\"access_token\":7}", "no string \"access_token\""},
    {"{\"error\":\"invalid_grant\"}", "no string \"access_token\""},
    {"{\"access_token\":", "neither a token nor JSON"},
    {"two words", "a blank"},
    {"tok\rAUTH", "a control"},
    {"t\xc3\xb6k", "non-ASCII"},
};

int
main(void)
{
	struct arena *arena = arena_new();
	struct buf b = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct oauth_token t;
		struct fail f = {0};

		buf_reset(&b);
		if (oauth_token_parse(&t, str_of(cases[i].in), NOW, arena, &f) <
		    0)
			buf_adds(&b, f.text);
		else
			buf_printf(&b, "%.*s %lld", (int)t.text.n, t.text.p,
			    (long long)t.expires);
		ok(strstr(buf_cstr(&b), cases[i].want) != NULL, "%zu: %s", i,
		    cases[i].want);
	}
	buf_free(&b);
	arena_free(arena);
	return unit_end();
}
