#include "mail/text/text_script.h"

#include <string.h>

#include "base/ascii.h"
#include "mail/text/text_style.h"

#define CONTENT_MAX 64 /* bytes of an element's text that are looked at */

/* The text of a subtree without white space around it, cut to size bytes. */
static struct str
copy_subtree_text(const struct html_node *top, char *out, size_t size)
{
	size_t n = 0;
	struct html_node *at = top->first;

	for (; at != NULL && n < size; at = html_next(at, top)) {
		size_t len = at->text.n < size - n ? at->text.n : size - n;

		if (len > 0)
			memcpy(out + n, at->text.p, len);
		n += len;
	}
	return str_strip((struct str){out, n}, " \t\n");
}

static bool
is_integer(struct str s)
{
	size_t i = 0;

	if (s.n > 0 && (s.p[0] == '+' || s.p[0] == '-'))
		i = 1;
	else if (str_starts(s, "\xe2\x88\x92")) /* U+2212 */
		i = 3;
	if (i == s.n)
		return false;
	for (; i < s.n; i++)
		if (!ascii_is_digit(s.p[i]))
			return false;
	return true;
}

/* The characters of an element's text. */
struct content {
	bool letters; /* ASCII, Latin-1 and Greek */
	bool digits;
	bool others;
	size_t count; /* of characters */
};

static struct content
measure_content(struct str s)
{
	struct content c = {0};

	for (size_t i = 0; i < s.n; i++) {
		unsigned char byte = (unsigned char)s.p[i];

		c.count += (byte & 0xc0) != 0x80;
		if (ascii_is_digit(s.p[i]))
			c.digits = true;
		else if (ascii_is_letter(s.p[i]) || byte == 0xc3 ||
			 byte == 0xce || byte == 0xcf)
			c.letters = true;
		else if ((byte & 0xc0) != 0x80)
			c.others = true;
	}
	return c;
}

/* Ordinals (1st, 2e, 3o), titles (Mme) and trade marks are no exponents. */
static bool
is_suffix(struct str s, bool behind_digit)
{
	static const char *const words[] = {"st", "nd", "rd", "th", "er", "re",
	    "me", "lle", "os", "as", "\xc3\xa8re", "\xc3\xa8me", "tm", "sm"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_is_nocase(s, words[i]))
			return true;
	return behind_digit &&
	       (str_is(s, "e") || str_is(s, "o") || str_is(s, "a"));
}

/* Beyond ASCII all but general punctuation and signs counts as a letter. */
static bool
is_letter(uint32_t c)
{
	if (c < 0x80)
		return ascii_is_letter((char)c);
	return c > 0xbf && !(c >= 0x2000 && c <= 0x2bff) &&
	       !(c >= 0x3000 && c <= 0x3004) && !(c >= 0x3008 && c <= 0x3020);
}

/* The last character of the text and, if it is ASCII, the one before it. */
struct base {
	uint32_t last;
	char before;
};

static struct base
find_base(const struct text_para *p)
{
	struct base b = {.last = p->space ? 0 : p->last};

	if (b.last != 0 && p->text.len >= 2)
		b.before = p->text.p[p->text.len - 2];
	return b;
}

static bool
is_digit(uint32_t c)
{
	return c < 0x80 && ascii_is_digit((char)c);
}

/* A number, a variable or a parenthesis, not a word. */
static bool
is_quantity(struct base b)
{
	if (is_digit(b.last) || b.last == ')' || b.last == ']')
		return true;
	return is_letter(b.last) && !ascii_is_letter(b.before) &&
	       (b.last >= 0x80 || (unsigned char)b.before < 0x80);
}

static bool
is_exponent(struct base b, struct str s, struct content c)
{
	if (is_integer(s))
		return is_letter(b.last) || is_digit(b.last) || b.last == ')';
	if (!c.letters && !c.digits)
		return false;
	return is_quantity(b) && (c.others || !is_suffix(s, is_digit(b.last)));
}

/* "H2O" and "Ca(OH)2" are read without a sign, "x_1" and "log_2" are not. */
static bool
is_formula(struct base b, struct content c)
{
	bool symbol =
	    b.last < 0x80 &&
	    (ascii_is_upper((char)b.last) ||
		(ascii_is_letter((char)b.last) && ascii_is_upper(b.before)));

	return c.digits && !c.letters && !c.others && (symbol || b.last == ')');
}

static bool
is_index(struct base b, struct content c)
{
	return (c.letters || c.digits) && !is_formula(b, c) &&
	       (is_letter(b.last) || is_digit(b.last) || b.last == ')');
}

static bool
is_behind_element(const struct html_node *n)
{
	while (n->prev != NULL && n->prev->name == NULL)
		n = n->prev;
	return n->prev != NULL;
}

static bool
has_elements(const struct html_node *n)
{
	const struct html_node *at = n->first;
	size_t count = 0;

	for (; at != NULL; at = at->next)
		count += at->name != NULL;
	return count > 1;
}

/* An element of MathML, whose place says that it is an exponent or index. */
static bool
is_math(const struct html_node *n)
{
	return n->name[0] == 'm';
}

/* The sign for an element, or NULL; set whether parentheses are needed. */
static const char *
choose_sign(
    const struct text_flow *f, const struct html_node *n, bool *enclosed)
{
	char text[CONTENT_MAX];
	struct str s = copy_subtree_text(n, text, sizeof(text));
	struct content c = measure_content(s);
	struct base b = find_base(&f->para);

	*enclosed = false;
	switch ((enum text_tag)n->tag) {
	case TAG_SUP:
		*enclosed = c.count > 1 && !is_integer(s);
		return is_exponent(b, s, c) || is_math(n) ? "^" : NULL;
	case TAG_SUB:
		*enclosed = c.others && !is_integer(s);
		return is_index(b, c) || is_math(n) ? "_" : NULL;
	case TAG_RT:
		*enclosed = true;
		return s.n > 0 ? "" : NULL;
	default:
		*enclosed = has_elements(n);
		return is_behind_element(n) ? "/" : "";
	}
}

void
text_script_enter(struct text_flow *f, const struct html_node *n)
{
	bool enclosed;
	const char *sign = choose_sign(f, n, &enclosed);

	enclosed = enclosed && sign != NULL;
	f->enclosed = f->enclosed << 1 | enclosed;
	if (sign != NULL && sign[0] != '\0')
		text_para_sign(&f->para, str_of(sign));
	if (enclosed && n->tag == TAG_RT)
		text_para_sign(&f->para, STR("("));
	else if (enclosed)
		text_para_word(&f->para, STR("("));
}

void
text_script_leave(struct text_flow *f)
{
	if ((f->enclosed & 1) != 0)
		text_para_sign(&f->para, STR(")"));
	f->enclosed >>= 1;
}
