#include "mail/record/journal_line.h"

#include <string.h>

#include "base/crc32.h"
#include "base/json_put.h"
#include "base/num.h"

/* A line ends in ,"offset":N,"good":N,"crc":"xxxxxxxx"} */
static const char CRC_NAME[] = ",\"crc\":\"";
static const char GOOD_NAME[] = ",\"good\":";
static const char OFFSET_NAME[] = ",\"offset\":";

#define HEX_DIGITS 8
#define CRC_SIZE (sizeof(CRC_NAME) - 1 + HEX_DIGITS + 2)

uint32_t
journal_line_seed(struct str owner)
{
	return crc32_add(0, owner.p, owner.n);
}

static void
write_hex(char out[HEX_DIGITS], uint32_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (int i = HEX_DIGITS - 1; i >= 0; i--, n >>= 4)
		out[i] = digits[n & 15];
}

void
journal_line_frame(
    struct buf *b, size_t start, uint32_t seed, int64_t offset, int64_t good)
{
	char hex[HEX_DIGITS];

	b->len -= 2; /* the end of the object */
	json_put_int(b, "offset", offset);
	json_put_int(b, "good", good);
	write_hex(hex, crc32_add(seed, b->p + start, b->len - start));
	buf_adds(b, CRC_NAME);
	buf_add(b, hex, sizeof(hex));
	buf_adds(b, "\"}\n");
}

/* Takes the member and its number off the end of the text. */
static bool
take_number(struct str *text, const char *name, int64_t *out)
{
	struct fail ignored;
	long long n;
	size_t digits = 0, len = strlen(name);

	while (digits < text->n && text->p[text->n - 1 - digits] >= '0' &&
	       text->p[text->n - 1 - digits] <= '9')
		digits++;
	if (text->n < digits + len ||
	    memcmp(text->p + text->n - digits - len, name, len) != 0 ||
	    num_parse((struct str){text->p + text->n - digits, digits}, 0,
		INT64_MAX, &n, &ignored) < 0)
		return false;
	*out = n;
	text->n -= digits + len;
	return true;
}

bool
journal_line_is_framed(struct str text)
{
	const char *end = text.p + text.n;

	return text.n > CRC_SIZE && end[-1] == '}' && end[-2] == '"' &&
	       memcmp(end - CRC_SIZE, CRC_NAME, sizeof(CRC_NAME) - 1) == 0;
}

bool
journal_line_parse(struct journal_line *l, struct str text, uint32_t seed)
{
	struct str body = text;
	char hex[HEX_DIGITS];

	if (!journal_line_is_framed(text))
		return false;
	body.n -= CRC_SIZE;
	write_hex(hex, crc32_add(seed, body.p, body.n));
	if (memcmp(text.p + text.n - 2 - HEX_DIGITS, hex, HEX_DIGITS) != 0 ||
	    !take_number(&body, GOOD_NAME, &l->good) ||
	    !take_number(&body, OFFSET_NAME, &l->offset))
		return false;
	l->text = text;
	return true;
}
