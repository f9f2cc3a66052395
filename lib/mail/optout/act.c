#include "mail/optout/act.h"

#include <string.h>

#include "base/num.h"

#define HEAD "bm act 1 "

static bool
is_source(struct str s)
{
	return str_is(s, "page") || str_is(s, "one-click") || str_is(s, "mail");
}

void
act_put(struct buf *b, const struct act *a)
{
	buf_adds(b, HEAD);
	buf_adds(b, page_act_name(a->what));
	buf_addc(b, '\n');
	buf_addstr(b, a->source);
	buf_addc(b, '\n');
	buf_addstr(b, a->token);
	buf_addc(b, '\n');
}

static bool
find_what(struct act *a, struct str line)
{
	struct str name = {line.p + strlen(HEAD), line.n - strlen(HEAD)};

	for (int i = PAGE_STOP_COURSE; i <= PAGE_START_ALL; i++) {
		a->what = (enum page_act)i;
		if (str_is(name, page_act_name(a->what)))
			return true;
	}
	return false;
}

static bool
is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!token_is_char(s.p[i]))
			return false;
	}
	return s.n > 0 && s.n <= TOKEN_MAX;
}

int
act_parse(struct act *a, struct str text, struct fail *f)
{
	struct str head;
	bool whole = text.n > 0 && text.n <= ACT_MAX &&
		     text.p[text.n - 1] == '\n' && str_line(&text, &head) &&
		     str_starts(head, HEAD) && find_what(a, head) &&
		     str_line(&text, &a->source) && is_source(a->source) &&
		     str_line(&text, &a->token) && is_token(a->token) &&
		     text.n == 0;

	return whole ? 0 : fail_data(f, "not an act of a link");
}

/* 24 hexadecimal digits of a keyed hash: the tag of AES-SIV is one. */
static void
put_mark(char mark[ACT_MARK + 1], const struct token_keys *keys,
    const char *kind, struct str name)
{
	const struct token_key *key = &keys->keys[keys->count - 1];
	struct buf plain = {0}, sealed = {0}, hex = {0};

	memset(mark, '0', ACT_MARK);
	mark[ACT_MARK] = '\0';
	if (name.n == 0)
		return;
	buf_adds(&plain, kind);
	buf_addstr(&plain, name);
	crypto_seal(
	    &sealed, key->bytes, STR("bm optout mark 1"), buf_str(&plain));
	crypto_hex(&hex, (const unsigned char *)sealed.p, ACT_MARK / 2);
	memcpy(mark, hex.p, ACT_MARK);
	buf_free(&plain);
	buf_free(&sealed);
	buf_free(&hex);
}

void
act_name_mark(
    struct act_name *n, const struct token_keys *keys, const struct token *t)
{
	put_mark(n->key, keys, "address ", t->key);
	put_mark(n->user, keys, "user ", t->user_id);
}

void
act_name_put(
    struct buf *b, const struct act_name *n, const unsigned char random[8])
{
	buf_printf(b, "%09lld-%s-%s-", n->number, n->key, n->user);
	crypto_hex(b, random, 8);
}

static bool
read_mark(char mark[ACT_MARK + 1], struct str s)
{
	if (!crypto_is_hex(s, ACT_MARK / 2))
		return false;
	memcpy(mark, s.p, ACT_MARK);
	mark[ACT_MARK] = '\0';
	return true;
}

bool
act_name_parse(struct act_name *n, const char *text)
{
	struct str rest = str_of(text);
	struct str number = str_take(&rest, STR("-"));
	struct str key = str_take(&rest, STR("-"));
	struct str user = str_take(&rest, STR("-"));
	struct fail f;

	return number.n == 9 &&
	       num_parse(number, 1, ACT_NUMBER_MAX, &n->number, &f) == 0 &&
	       read_mark(n->key, key) && read_mark(n->user, user) &&
	       crypto_is_hex(rest, 8);
}
