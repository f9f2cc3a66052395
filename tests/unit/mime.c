#include "mail/mime/mime.h"
#include "mail/mime/media_type.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "unit.h"

static uint64_t seed = 88172645463325252u;

static unsigned
random_below(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 33) % n;
}

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *p = c != '\0' ? strchr(digits, c) : NULL;

	return p != NULL ? (int)(p - digits) : -1;
}

/* Decode by RFC 2045 6.7; false if the input breaks a rule. */
static bool
qp_decode(struct buf *out, struct str in)
{
	const char *p = in.p, *end = in.p + in.n, *line = in.p;

	while (p < end) {
		if (*p == '=' && end - p >= 3 && p[1] == '\r' && p[2] == '\n') {
			if (p + 1 - line > 76)
				return false;
			p += 3;
			line = p;
		} else if (*p == '=') {
			if (end - p < 3 || hex_digit(p[1]) < 0 ||
			    hex_digit(p[2]) < 0)
				return false;
			buf_addc(out,
			    (char)(hex_digit(p[1]) * 16 + hex_digit(p[2])));
			p += 3;
		} else if (*p == '\r') {
			if (end - p < 2 || p[1] != '\n' || p - line > 76 ||
			    (p > line && (p[-1] == ' ' || p[-1] == '\t')))
				return false;
			buf_add(out, "\r\n", 2);
			p += 2;
			line = p;
		} else {
			if ((*p < 33 && *p != ' ' && *p != '\t') || *p > 126)
				return false;
			buf_addc(out, *p++);
		}
	}
	return p - line <= 76 && (p == line || (p[-1] != ' ' && p[-1] != '\t'));
}

static bool
base64_decode(struct buf *out, struct str in)
{
	static const char set[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrs"
	    "tuvwxyz0123456789+/";
	const char *p = in.p, *end = in.p + in.n;
	size_t line = 0;
	unsigned acc = 0;
	int bits = 0, pad = 0;

	for (; p < end; p++) {
		const char *d;

		if (*p == '\r' && p + 1 < end && p[1] == '\n') {
			if (line == 0 || line > 76 || line % 4 != 0)
				return false;
			line = 0;
			p++;
			continue;
		}
		line++;
		if (*p == '=') {
			pad++;
			continue;
		}
		d = *p != '\0' ? strchr(set, *p) : NULL;
		if (d == NULL || pad > 0)
			return false;
		acc = (acc << 6 | (unsigned)(d - set)) & 0xFFFFFF;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			buf_addc(out, (char)(acc >> bits & 0xFF));
		}
	}
	return line <= 76 && line % 4 == 0 && pad <= 2;
}

/* The text with CRLF line ends, to which its encodings decode. */
static void
put_canonical(struct buf *out, struct str s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '\r' || s.p[i] == '\n') {
			if (s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == '\n')
				i++;
			buf_adds(out, "\r\n");
		} else {
			buf_addc(out, s.p[i]);
		}
	}
}

static bool
decodes_to_itself(struct str text, enum mime_encoding e)
{
	struct buf enc = {0}, dec = {0}, want = {0};
	bool good = true;

	put_canonical(&want, text);
	mime_encode(&enc, text, e);
	if (e == MIME_7BIT)
		buf_addstr(&dec, buf_str(&enc));
	else if (e == MIME_QP)
		good = qp_decode(&dec, buf_str(&enc));
	else
		good = base64_decode(&dec, buf_str(&enc));
	good = good && str_eq(buf_str(&dec), buf_str(&want));
	if (!good)
		printf("# [%.*s]\n# [%.*s]\n", (int)text.n, text.p,
		    (int)enc.len, enc.p);
	buf_free(&enc);
	buf_free(&dec);
	buf_free(&want);
	return good;
}

static void
make_random_text(struct buf *b, const char *const *units, unsigned count)
{
	unsigned n = random_below(300);

	buf_reset(b);
	while (n-- > 0)
		buf_adds(b, units[random_below(count)]);
}

static void
test_round_trips(void)
{
	static const char *const units[] = {"a", "b", " ", "\t", "=", "\n",
	    "\r\n", "\r", "\xc3\xa4", "\xf0\x9f\x98\x80", ".", "From ", "--=_",
	    "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww",
	    "\x7f", "=3D"};
	struct buf text = {0};
	int i, bad = 0;
	enum mime_encoding e;
	struct fail f;

	for (i = 0; i < 50000; i++) {
		make_random_text(&text, units, 2 + random_below(15));
		bad += !decodes_to_itself(buf_str(&text), MIME_QP);
		bad += !decodes_to_itself(buf_str(&text), MIME_BASE64);
		if (mime_choose(&e, buf_str(&text), "it", &f) < 0)
			bad++;
		else
			bad += !decodes_to_itself(buf_str(&text), e);
	}
	ok(bad == 0, "random texts decode to themselves: %d did not", bad);
	buf_free(&text);
}

/* Every byte at every distance from the end of a line. */
static void
test_every_byte(void)
{
	char line[200];
	int bad = 0, c;
	size_t n;

	memset(line, 'x', sizeof(line));
	for (c = 0; c < 256; c++) {
		for (n = 1; n < 160; n++) {
			line[n - 1] = (char)c;
			bad +=
			    !decodes_to_itself((struct str){line, n}, MIME_QP);
			bad += !decodes_to_itself(
			    (struct str){line, n + 1}, MIME_QP);
			line[n - 1] = 'x';
		}
	}
	ok(bad == 0, "each byte at each place: %d wrong", bad);
}

/* Vectors made by hand from the rules of RFC 2045 6.7. */
static void
test_vectors(void)
{
	static const struct {
		const char *text, *qp;
	} vectors[] = {
	    {"", ""},
	    {"a", "a"},
	    {"a\n", "a\r\n"},
	    {"a=b", "a=3Db"},
	    {"a ", "a=20"},
	    {"a\t\nb", "a=09\r\nb"},
	    {" ", "=20"},
	    {"\n\n", "\r\n\r\n"},
	    {"-- \nme", "--=20\r\nme"},
	    {".", "=2E"},
	    {".x\n..", "=2Ex\r\n=2E."},
	    {"From me\nfrom\nFromage", "=46rom me\r\nfrom\r\nFromage"},
	    {"--=_x", "=2D-=3D_x"},
	    {"caf\xc3\xa9", "caf=C3=A9"},
	};
	size_t i;

	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		struct buf b = {0};

		mime_qp(&b, str_of(vectors[i].text));
		same(buf_str(&b), vectors[i].qp, "quoted-printable");
		buf_free(&b);
	}
}

#define L20 "xxxxxxxxxxxxxxxxxxxx"
#define L77 L20 L20 L20 "xxxxxxxxxxxxxxxxx"

static void
test_choice(void)
{
	static const struct {
		const char *text;
		int want; /* an encoding, or -1 */
	} choices[] = {
	    {"", MIME_7BIT},
	    {"plain\n", MIME_7BIT},
	    {"tab\there\r\nCR\rLF\n", MIME_7BIT},
	    {L77 "x\n", MIME_7BIT},
	    {L77 "xx\n", MIME_QP},
	    {"trailing \n", MIME_QP},
	    {".\n", MIME_QP},
	    {"From a\n", MIME_QP},
	    {"--=_a\n", MIME_QP},
	    {" --=_a\n", MIME_7BIT},
	    {"na\xc3\xafve caf\xc3\xa9, plainly Latin\n", MIME_QP},
	    {"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", MIME_BASE64},
	    {"a\x01", -1},
	    {"a\x1b[0m", -1},
	    {"\x0c", -1},
	    {"del \x7f, at some length\n", MIME_QP},
	};
	size_t i;

	for (i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		struct fail f = {0};
		enum mime_encoding e = MIME_7BIT;
		int rc =
		    mime_choose(&e, str_of(choices[i].text), "the text", &f);

		ok(choices[i].want < 0 ? rc == -1 && f.kind == FAIL_DATA
				       : rc == 0 && (int)e == choices[i].want,
		    "choice %zu: %s %s", i, mime_encoding_name(e), f.text);
	}
}

static void
test_nul(void)
{
	enum mime_encoding e;
	struct fail f;

	ok(mime_choose(&e, (struct str){"a\0b", 3}, "the text", &f) == -1 &&
		strcmp(f.text, "the text has the control character U+0000") ==
		    0,
	    "NUL is refused: %s", f.text);
}

static void
test_types(void)
{
	static const char *const types[][3] = {
	    {"a.pdf", "application/pdf", "\xff"},
	    {"A.B.PNG", "image/png", "\x89"},
	    {"a.jpg", "image/png", "\x89PNG\r\n\x1a\n"},
	    {"a.ods", "application/vnd.oasis.opendocument.spreadsheet", ""},
	    {"a.7Z", "application/x-7z-compressed", ""},
	    {"a.zst", "application/zstd", ""},
	    {"a.html", "text/html; charset=utf-8", "<p>"},
	    {"a.md", "text/markdown; charset=utf-8", "# a"},
	    {"a.eml", "application/octet-stream", "From: a"},
	    {"a.averyveryverylongsuffix", "application/octet-stream", ""},
	    {"pdf", "application/octet-stream", ""},
	    {"a.", "application/octet-stream", ""},
	    {"a.exe", "application/octet-stream", ""},
	    {"a.csv", "text/csv; charset=utf-8", "a,\xc3\xbc\n"},
	    {"a.csv", "application/octet-stream", "a,\xfc\n"},
	    {"a.txt", "text/plain; charset=utf-8", ""}};
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		ok(strcmp(media_type(str_of(types[i][0]), str_of(types[i][2])),
		       types[i][1]) == 0,
		    "type of %s", types[i][0]);
}

int
main(void)
{
	test_vectors();
	test_choice();
	test_nul();
	test_round_trips();
	test_every_byte();
	test_types();
	return unit_end();
}
