#include "mail/roster/roster_time.h"

#include <stdbool.h>
#include <string.h>

#include "base/ascii.h"
#include "base/num.h"

#define DAY_MS INT64_C(86400000)
#define DAYS_TO_1970 25569 /* from the first day of spreadsheets */
#define SERIAL_MIN 20000   /* days: 1954 */
#define SERIAL_MAX 80000   /* days: 2119 */

/* A date of three numbers, and a time of day. */
struct parts {
	char sign; /* between the numbers of the date */
	int date[3], time[3];
};

/* Take a number of at most four digits. */
static bool
take_figure(struct str *s, int *n)
{
	size_t i = 0;

	for (*n = 0; i < s->n && i < 4 && ascii_is_digit(s->p[i]); i++)
		*n = *n * 10 + (s->p[i] - '0');
	s->p += i;
	s->n -= i;
	return i > 0;
}

static bool
take_sign(struct str *s, char sign)
{
	if (s->n == 0 || s->p[0] != sign)
		return false;
	s->p++;
	s->n--;
	return true;
}

static bool
take_date(struct str *s, struct parts *p)
{
	if (!take_figure(s, &p->date[0]) || s->n == 0)
		return false;
	p->sign = s->p[0];
	return (p->sign == '/' || p->sign == '.' || p->sign == '-') &&
	       take_sign(s, p->sign) && take_figure(s, &p->date[1]) &&
	       take_sign(s, p->sign) && take_figure(s, &p->date[2]);
}

/* " 10:00", " 10:00:30" or " 10:00 PM"; or nothing. */
static bool
take_time(struct str *s, struct parts *p)
{
	bool pm;

	take_sign(s, ',');
	*s = str_trim(*s);
	if (s->n == 0)
		return true;
	if (!take_figure(s, &p->time[0]) || !take_sign(s, ':') ||
	    !take_figure(s, &p->time[1]) ||
	    (take_sign(s, ':') && !take_figure(s, &p->time[2])))
		return false;
	*s = str_trim(*s);
	if (s->n == 0)
		return true;
	pm = str_is_nocase(*s, "pm");
	if ((!pm && !str_is_nocase(*s, "am")) || p->time[0] < 1 ||
	    p->time[0] > 12)
		return false;
	p->time[0] = p->time[0] % 12 + (pm ? 12 : 0);
	return true;
}

static bool
read_parts(struct str s, struct parts *p)
{
	*p = (struct parts){0};
	return take_date(&s, p) && take_time(&s, p);
}

/* Put the date in the order year, month, day. */
static bool
order_date(struct parts *p, enum roster_time_order order)
{
	int a = p->date[0], b = p->date[1], c = p->date[2];

	if (a > 31) {
		p->date[0] = a;
		return true;
	}
	if (p->sign == '.' || a > 12)
		order = ROSTER_TIME_DAY_FIRST;
	else if (b > 12)
		order = ROSTER_TIME_MONTH_FIRST;
	if (order == ROSTER_TIME_UNKNOWN && a != b)
		return false;
	p->date[0] = c < 100 ? 2000 + c : c;
	p->date[1] = order == ROSTER_TIME_DAY_FIRST ? b : a;
	p->date[2] = order == ROSTER_TIME_DAY_FIRST ? a : b;
	return true;
}

static size_t
put_two(char *to, int n, char before)
{
	to[0] = before;
	to[1] = (char)('0' + n / 10 % 10);
	to[2] = (char)('0' + n % 10);
	return 3;
}

static int
convert_parts(const struct parts *p, int64_t *ms, struct fail *f)
{
	char text[32];
	size_t n = 0;

	if (p->date[0] < 1000 || p->date[1] > 12 || p->date[2] > 31 ||
	    p->time[0] > 23 || p->time[1] > 59 || p->time[2] > 59)
		return fail_data(f, "no time");
	text[n++] = (char)('0' + p->date[0] / 1000);
	text[n++] = (char)('0' + p->date[0] / 100 % 10);
	text[n++] = (char)('0' + p->date[0] / 10 % 10);
	text[n++] = (char)('0' + p->date[0] % 10);
	n += put_two(text + n, p->date[1], '-');
	n += put_two(text + n, p->date[2], '-');
	n += put_two(text + n, p->time[0], 'T');
	n += put_two(text + n, p->time[1], ':');
	n += put_two(text + n, p->time[2], ':');
	text[n++] = 'Z';
	return num_parse_time((struct str){text, n}, ms, f);
}

/* "46023.4167", or with the comma of other countries */
static bool
read_serial(struct str s, int64_t *ms)
{
	int64_t days = 0, part = 0, unit = DAY_MS;
	size_t i = 0;

	for (; i < s.n && i < 5 && ascii_is_digit(s.p[i]); i++)
		days = days * 10 + (s.p[i] - '0');
	if (i != 5 || days < SERIAL_MIN || days > SERIAL_MAX)
		return false;
	if (i < s.n && s.p[i] != '.' && s.p[i] != ',')
		return false;
	for (i++; i < s.n; i++) {
		if (!ascii_is_digit(s.p[i]))
			return false;
		unit /= 10;
		part += (s.p[i] - '0') * unit;
	}
	/* A part of a day is written with too few digits for a second. */
	part = (part + 500) / 1000 * 1000;
	*ms = (days - DAYS_TO_1970) * DAY_MS + part;
	return true;
}

static int
parse_rfc3339(struct str s, int64_t *ms, struct fail *f)
{
	char text[48];
	size_t n = s.n;
	bool zone;

	if (n > sizeof(text) - 2)
		return fail_data(f, "no time");
	memcpy(text, s.p, n);
	if (n > 10 && text[10] == ' ')
		text[10] = 'T';
	zone = n <= 10 || memchr(text, 'Z', n) != NULL ||
	       memchr(text, 'z', n) != NULL ||
	       memchr(text + 10, '+', n - 10) != NULL ||
	       memchr(text + 10, '-', n - 10) != NULL;
	if (!zone)
		text[n++] = 'Z';
	return num_parse_time((struct str){text, n}, ms, f);
}

int
roster_time_parse(
    struct str s, enum roster_time_order order, int64_t *ms, struct fail *f)
{
	struct parts p;

	if (s.n == 0)
		return fail_data(f, "no time");
	if (parse_rfc3339(s, ms, f) == 0 || read_serial(s, ms))
		return 0;
	if (!read_parts(s, &p) || !order_date(&p, order))
		return fail_data(f, "no time");
	return convert_parts(&p, ms, f);
}

enum roster_time_order
roster_time_tells(struct str s)
{
	struct parts p;

	if (!read_parts(s, &p) || p.sign == '.' || p.date[0] > 31)
		return ROSTER_TIME_UNKNOWN;
	return p.date[0] > 12   ? ROSTER_TIME_DAY_FIRST
	       : p.date[1] > 12 ? ROSTER_TIME_MONTH_FIRST
				: ROSTER_TIME_UNKNOWN;
}
