#include "mail/message/front_matter.h"

#include <stdbool.h>
#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"

#define LINES_MAX 200 /* of front matter */
#define KEYS_MAX 8    /* that are named */

/* The options that do the same as a key. */
static const struct {
	const char *key, *option;
	bool header; /* also a field of a message's header */
} known[] = {
    {"attach", "--attach", false},
    {"attachment", "--attach", true},
    {"attachments", "--attach", true},
    {"bcc", "bm-recipients --to", true},
    {"cc", "bm-recipients --to", true},
    {"course", "--course", false},
    {"expires", "--expires", false},
    {"from", "--from", true},
    {"id", "--id", false},
    {"language", "--set lang=VALUE", false},
    {"layout", "--layout", false},
    {"recipients", "bm-recipients --to", false},
    {"reply-to", "--reply-to", true},
    {"sender", "--sender", true},
    {"subject", "--subject", true},
    {"title", "--subject", false},
    {"to", "bm-recipients --to", true},
};

struct front_matter {
	struct str keys[KEYS_MAX];
	size_t count;
};

static size_t
find_known(struct str key)
{
	size_t i = 0, n = sizeof(known) / sizeof(*known);

	while (i < n && !str_is_nocase(key, known[i].key))
		i++;
	return i;
}

static bool
is_known(struct str key)
{
	return find_known(key) < sizeof(known) / sizeof(*known);
}

/* The key of a line "key: value"; p == NULL: another line. */
static struct str
read_key(struct str line, char sign)
{
	const char *end = line.n > 0 ? memchr(line.p, sign, line.n) : NULL;
	struct str key = {line.p, 0};

	if (end == NULL || !ascii_is_letter(*line.p))
		return (struct str){0};
	key.n = (size_t)(end - line.p);
	if (sign == ':' && end + 1 < line.p + line.n && !ascii_is_space(end[1]))
		return (struct str){0};
	key = str_trim(key);
	for (size_t i = 0; i < key.n; i++) {
		if (!ascii_is_alnum(key.p[i]) &&
		    strchr("-_.", key.p[i]) == NULL)
			return (struct str){0};
	}
	return key;
}

static void
add_key(struct front_matter *m, struct str key)
{
	if (key.p != NULL && m->count < KEYS_MAX)
		m->keys[m->count++] = key;
}

/* Between two lines of "---" or "+++"; the first line in it has a key. */
static bool
read_fenced(struct front_matter *m, struct str body)
{
	struct str line;
	char sign;
	bool toml;

	if (!str_line(&body, &line))
		return false;
	line = str_strip(line, " \t\r");
	toml = str_is(line, "+++");
	if (!toml && !str_is(line, "---"))
		return false;
	sign = toml ? '=' : ':';
	for (size_t i = 0; i < LINES_MAX && str_line(&body, &line); i++) {
		line = str_strip(line, " \t\r");
		if (str_is(line, toml ? "+++" : "---") ||
		    (!toml && str_is(line, "...")))
			return m->count > 0;
		if (line.n == 0 || *line.p == '#')
			continue;
		add_key(m, read_key(line, sign));
		if (m->count == 0)
			return false;
	}
	return false;
}

/* At least two fields of a message's header, and the empty line behind. */
static bool
read_head_fields(struct front_matter *m, struct str body)
{
	struct str line;

	while (str_line(&body, &line)) {
		struct str key;

		line = str_strip(line, "\r");
		if (line.n == 0)
			return m->count >= 2;
		if (m->count > 0 && (*line.p == ' ' || *line.p == '\t'))
			continue;
		key = read_key(line, ':');
		if (!is_known(key) || !known[find_known(key)].header)
			return false;
		add_key(m, key);
	}
	return false;
}

static void
put_option(struct buf *b, struct str key)
{
	struct buf option = {0};

	if (is_known(key))
		buf_adds(&option, known[find_known(key)].option);
	else
		buf_printf(&option, "--set %.*s=VALUE", (int)key.n, key.p);
	if (b->len == 0 || memmem(b->p, b->len, option.p, option.len) == NULL)
		buf_printf(
		    b, "%s%s", b->len > 0 ? ", " : "", buf_cstr(&option));
	buf_free(&option);
}

int
front_matter_check(struct str body, struct fail *f)
{
	struct front_matter m = {.count = 0};
	struct buf keys = {0}, options = {0};
	bool fenced = read_fenced(&m, body);

	if (!fenced) {
		m.count = 0;
		if (!read_head_fields(&m, body))
			return 0;
	}
	for (size_t i = 0; i < m.count; i++) {
		buf_printf(&keys, "%s%.*s", i > 0 ? ", " : "", (int)m.keys[i].n,
		    m.keys[i].p);
		put_option(&options, m.keys[i]);
	}
	fail_data(f,
	    "%s (%s): bm takes no recipients, senders or files from a body: "
	    "remove it and use %s",
	    fenced ? "front matter" : "the header of a message",
	    buf_cstr(&keys), buf_cstr(&options));
	buf_free(&keys);
	buf_free(&options);
	return -1;
}
