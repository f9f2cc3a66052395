#include "base/num.h"

#include <time.h>

#include "base/ascii.h"

#define SECOND INT64_C(1000)
#define DAY (86400 * SECOND)
#define YEAR (31557600 * SECOND)
#define DURATION_MAX (10000 * YEAR) /* adding it to a time cannot overflow */

struct unit {
	const char *name;
	int64_t factor;
};

/* Take the digits at the start of s; false if none or too many for *out. */
static bool
take_number(struct str *s, long long *out)
{
	size_t i = 0;
	long long n = 0;

	for (; i < s->n && ascii_is_digit(s->p[i]); i++) {
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, s->p[i] - '0', &n))
			return false;
	}
	s->p += i;
	s->n -= i;
	*out = n;
	return i > 0;
}

static int
hex_digit(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int
num_hex_byte(const char *p, const char *end)
{
	int high, low;

	if (end - p < 2)
		return -1;
	high = hex_digit(p[0]);
	low = hex_digit(p[1]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static int
refuse_number(struct str s, const char *what, struct fail *f)
{
	return fail_data(f, "\"%.*s\" is not %s", (int)(s.n < 100 ? s.n : 100),
	    s.p != NULL ? s.p : "", what);
}

int
num_parse(
    struct str s, long long min, long long max, long long *out, struct fail *f)
{
	struct str rest = s;
	bool minus = s.n > 0 && s.p[0] == '-';
	long long n;

	if (minus) {
		rest.p++;
		rest.n--;
	}
	if (!take_number(&rest, &n) || rest.n > 0)
		return refuse_number(s, "a whole number", f);
	if (minus)
		n = -n;
	if (n < min || n > max)
		return fail_data(
		    f, "%lld is not within %lld and %lld", n, min, max);
	*out = n;
	return 0;
}

/* A number without a unit is refused: only 0 is the same in every unit. */
static int
take_bare(
    struct str s, long long n, const char *likely, int64_t *out, struct fail *f)
{
	*out = 0;
	return n == 0
		   ? 0
		   : fail_data(f, "\"%.*s\" has no unit, did you mean %.*s%s?",
			 (int)s.n, s.p, (int)s.n, s.p, likely);
}

static int
parse_with_unit(struct str s, const struct unit *units, const char *likely,
    const char *what, int64_t *out, struct fail *f)
{
	struct str rest = s;
	long long n;

	if (!take_number(&rest, &n))
		return refuse_number(s, what, f);
	if (rest.n == 0)
		return take_bare(s, n, likely, out, f);
	for (; units->name != NULL; units++) {
		if (!str_is(rest, units->name))
			continue;
		if (__builtin_mul_overflow(n, units->factor, out))
			return refuse_number(s, what, f);
		return 0;
	}
	return refuse_number(s, what, f);
}

int
num_duration(struct str s, const char *likely, int64_t *ms, struct fail *f)
{
	static const struct unit units[] = {{"ms", 1}, {"s", SECOND},
	    {"m", 60 * SECOND}, {"min", 60 * SECOND}, {"h", 3600 * SECOND},
	    {"d", DAY}, {"w", 7 * DAY}, {"mo", 2629800 * SECOND}, {"y", YEAR},
	    {NULL, 0}};

	static const char what[] =
	    "a number and one of ms, s, m or min, h, d, w, mo, y, as in 50m";

	if (parse_with_unit(s, units, likely, what, ms, f) < 0)
		return -1;
	return *ms > DURATION_MAX ? refuse_number(s, what, f) : 0;
}

int
num_size(struct str s, const char *likely, int64_t *bytes, struct fail *f)
{
	static const struct unit units[] = {{"B", 1}, {"k", 1 << 10},
	    {"K", 1 << 10}, {"KiB", 1 << 10}, {"M", 1 << 20}, {"MiB", 1 << 20},
	    {"G", 1 << 30}, {"GiB", 1 << 30}, {NULL, 0}};

	return parse_with_unit(s, units, likely,
	    "a number and one of B, k, M, G (powers of 1024), as in 64M", bytes,
	    f);
}

int
num_bool(struct str s, bool *out, struct fail *f)
{
	if (str_is_nocase(s, "true") || str_is_nocase(s, "yes") ||
	    str_is(s, "1"))
		*out = true;
	else if (str_is_nocase(s, "false") || str_is_nocase(s, "no") ||
		 str_is(s, "0"))
		*out = false;
	else
		return refuse_number(s, "true, false, yes, no, 1 or 0", f);
	return 0;
}

/* Append width digits and the character behind them. */
static void
put_digits(struct buf *b, int value, int width, char next)
{
	char *p = buf_reserve(b, (size_t)width + 1);

	b->len += (size_t)width + 1;
	p[width] = next;
	for (; width > 0; value /= 10)
		p[--width] = (char)('0' + value % 10);
}

void
num_rfc3339(struct buf *b, int64_t ms)
{
	int64_t rest = ms % SECOND;
	time_t t = (time_t)(ms / SECOND);
	struct tm tm = {0};

	if (rest < 0) {
		rest += SECOND;
		t--;
	}
	gmtime_r(&t, &tm);
	put_digits(b, tm.tm_year + 1900, 4, '-');
	put_digits(b, tm.tm_mon + 1, 2, '-');
	put_digits(b, tm.tm_mday, 2, 'T');
	put_digits(b, tm.tm_hour, 2, ':');
	put_digits(b, tm.tm_min, 2, ':');
	put_digits(b, tm.tm_sec, 2, '.');
	put_digits(b, (int)rest, 3, 'Z');
}

static bool
take_char(struct str *s, const char *set)
{
	if (s->n == 0)
		return false;
	for (; *set != '\0'; set++) {
		if (*s->p == *set) {
			s->p++;
			s->n--;
			return true;
		}
	}
	return false;
}

/* Take exactly n digits; true if their value is within [min, max]. */
static bool
take_digits(struct str *s, size_t n, int min, int max, int *out)
{
	*out = 0;
	if (s->n < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!ascii_is_digit(s->p[i]))
			return false;
		*out = *out * 10 + s->p[i] - '0';
	}
	s->p += n;
	s->n -= n;
	return *out >= min && *out <= max;
}

static int
count_days(int year, int month)
{
	static const int days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

static bool
take_date(struct str *s, int64_t *ms)
{
	struct tm tm = {0};
	int year, month, day;

	if (!take_digits(s, 4, 0, 9999, &year) || !take_char(s, "-") ||
	    !take_digits(s, 2, 1, 12, &month) || !take_char(s, "-") ||
	    !take_digits(s, 2, 1, count_days(year, month), &day))
		return false;
	tm.tm_year = year - 1900;
	tm.tm_mon = month - 1;
	tm.tm_mday = day;
	*ms += (int64_t)timegm(&tm) * SECOND;
	return true;
}

/* A leap second counts as the following second. */
static bool
take_time(struct str *s, int64_t *ms)
{
	int hour, minute, second, digit;
	int64_t weight = 100;

	if (!take_digits(s, 2, 0, 23, &hour) || !take_char(s, ":") ||
	    !take_digits(s, 2, 0, 59, &minute) || !take_char(s, ":") ||
	    !take_digits(s, 2, 0, 60, &second))
		return false;
	*ms += (hour * 3600 + minute * 60 + second) * SECOND;
	if (!take_char(s, "."))
		return true;
	if (s->n == 0 || !ascii_is_digit(*s->p))
		return false;
	while (take_digits(s, 1, 0, 9, &digit)) {
		*ms += digit * weight;
		weight /= 10;
	}
	return true;
}

static bool
take_zone(struct str *s, int64_t *ms)
{
	int hour, minute;
	bool minus;

	if (take_char(s, "Zz"))
		return true;
	minus = s->n > 0 && *s->p == '-';
	if (!take_char(s, "+-") || !take_digits(s, 2, 0, 23, &hour) ||
	    !take_char(s, ":") || !take_digits(s, 2, 0, 59, &minute))
		return false;
	*ms += (minus ? 60 : -60) * (hour * 60 + minute) * SECOND;
	return true;
}

int
num_parse_time(struct str s, int64_t *ms, struct fail *f)
{
	struct str rest = s;
	int64_t t = 0;

	if (!take_date(&rest, &t) ||
	    (rest.n > 0 && (!take_char(&rest, "Tt ") || !take_time(&rest, &t) ||
			       !take_zone(&rest, &t) || rest.n > 0)))
		return refuse_number(
		    s, "a time such as 2026-11-24T04:28:01Z", f);
	*ms = t;
	return 0;
}
