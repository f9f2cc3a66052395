#include "mail/smtp/oauth_token.h"

#include <limits.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/json.h"
#include "base/json_get.h"
#include "base/num.h"

#define SECONDS_MAX (INT64_C(1) << 40)

/* A number of seconds, or 0; a fraction is cut. */
static int64_t
read_seconds(const struct json_object *o, const char *name)
{
	const struct json_value *v = json_get(o, name);
	struct str digits;
	long long n;
	struct fail f;

	if (v == NULL || v->type != JSON_NUMBER)
		return 0;
	digits = v->raw;
	digits = str_take(&digits, STR("."));
	if (num_parse(digits, 0, SECONDS_MAX, &n, &f) < 0)
		return 0;
	return n;
}

/* "exp" of the claims between the two dots, or 0. */
static int64_t
find_jwt_end(struct str token, struct arena *arena)
{
	struct str rest = token, claims;
	struct json_object o;
	struct buf b = {0};
	int64_t end = 0;
	struct fail f;

	(void)str_take(&rest, STR("."));
	claims = str_take(&rest, STR("."));
	if (rest.n > 0 && crypto_unbase64url(&b, claims, &f) == 0 &&
	    json_parse(&o, buf_str(&b), arena, &f) == 0)
		end = read_seconds(&o, "exp") * 1000;
	buf_free(&b);
	return end;
}

/* RFC 6750, 2.1, and no more than a line may carry. */
static int
check_token(struct str s, struct fail *f)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] <= ' ' ||
		    (unsigned char)s.p[i] >= 0x7f)
			return fail_data(f, "the token has a blank, a control "
					    "or a non-ASCII character");
	}
	if (s.n == 0)
		return fail_data(f, "the token is empty");
	return 0;
}

int
oauth_token_parse(struct oauth_token *t, struct str in, int64_t now,
    struct arena *arena, struct fail *f)
{
	struct json_object o;
	int64_t seconds = 0;

	*t = (struct oauth_token){0};
	in = str_strip(in, " \t\r\n");
	t->text = in;
	if (in.n > 0 && in.p[0] == '{') {
		if (json_parse(&o, in, arena, f) < 0)
			return fail_data(f, "this is neither a token nor JSON");
		t->text = json_get_string(&o, "access_token", arena);
		if (t->text.p == NULL)
			return fail_data(
			    f, "the JSON has no string \"access_token\"");
		seconds = read_seconds(&o, "expires_in");
	}
	if (check_token(t->text, f) < 0)
		return -1;
	t->expires =
	    seconds > 0 ? now + seconds * 1000 : find_jwt_end(t->text, arena);
	return 0;
}
