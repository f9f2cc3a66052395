#include "mail/mime/mail_date.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"

#define MINUTE 60LL
#define DAY (24LL * 60 * MINUTE)

/* The next word; blanks, commas and colons part words. */
static struct str
take_word(struct str *s)
{
	static const char blanks[] = " \t\r\n,:";
	struct str word;
	size_t n = 0;

	while (s->n > 0 && memchr(blanks, s->p[0], sizeof(blanks) - 1) != NULL)
		*s = (struct str){s->p + 1, s->n - 1};
	while (n < s->n && memchr(blanks, s->p[n], sizeof(blanks) - 1) == NULL)
		n++;
	word = (struct str){s->p, n};
	*s = (struct str){s->p + n, s->n - n};
	return word;
}

/* 1 to 4 digits; else -1. */
static long long
read_digits(struct str s)
{
	long long n = 0;

	if (s.n == 0 || s.n > 4)
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		n = 10 * n + (s.p[i] - '0');
	}
	return n;
}

/* 1 to 12, or 0. */
static long long
find_month(struct str s)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (size_t i = 0; s.n == 3 && i < 12; i++) {
		if (ascii_lower(s.p[0]) == names[3 * i] &&
		    ascii_lower(s.p[1]) == names[3 * i + 1] &&
		    ascii_lower(s.p[2]) == names[3 * i + 2])
			return (long long)i + 1;
	}
	return 0;
}

/* Seconds east; what is not known is UTC (RFC 5322, 4.3). */
static long long
read_zone(struct str s)
{
	static const struct {
		const char *name;
		int hours;
	} names[] = {{"EDT", -4}, {"EST", -5}, {"CDT", -5}, {"CST", -6},
	    {"MDT", -6}, {"MST", -7}, {"PDT", -7}, {"PST", -8}};
	long long n;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (str_is_nocase(s, names[i].name))
			return names[i].hours * 60 * MINUTE;
	}
	if (s.n != 5 || (s.p[0] != '+' && s.p[0] != '-'))
		return 0;
	n = read_digits((struct str){s.p + 1, 4});
	if (n < 0 || n % 100 > 59)
		return 0;
	n = (n / 100 * 60 + n % 100) * MINUTE;
	return s.p[0] == '-' ? -n : n;
}

/* Two and three digits are years of the last century, or of this one. */
static long long
complete_year(struct str s)
{
	long long year = read_digits(s);

	if (s.n == 2)
		return year < 50 ? year + 2000 : year + 1900;
	return s.n == 3 ? year + 1900 : year;
}

/* Days since 1970 in the Gregorian calendar; March is the first month. */
static long long
count_days(long long year, long long month, long long day)
{
	year -= month < 3;
	month += month < 3 ? 9 : -3;
	return year * 365 + year / 4 - year / 100 + year / 400 +
	       (153 * month + 2) / 5 + day - 1 - 719468;
}

int64_t
mail_date_read(struct str s)
{
	struct str word = take_word(&s);
	long long day, month, year, hour, minute, second = 0;

	if (read_digits(word) < 0) /* the day's name */
		word = take_word(&s);
	day = read_digits(word);
	month = find_month(take_word(&s));
	year = complete_year(take_word(&s));
	hour = read_digits(take_word(&s));
	minute = read_digits(take_word(&s));
	word = take_word(&s);
	if (read_digits(word) >= 0) {
		second = read_digits(word);
		word = take_word(&s);
	}
	if (day < 1 || day > 31 || month == 0 || year < 1970 || hour < 0 ||
	    hour > 23 || minute < 0 || minute > 59 || second > 60)
		return 0;
	return 1000 *
	       (count_days(year, month, day) * DAY +
		   (hour * 60 + minute) * MINUTE + second - read_zone(word));
}
