/* Dates of messages; the times are those of Python's email.utils. */
#include "mail/mime/mail_date.h"

#include "unit.h"

static const struct {
	const char *text;
	long long ms;
} cases[] = {
    {"Tue, 24 Nov 2026 04:28:01 +0000", 1795494481000LL},
    {"24 Nov 2026 04:28 -0330", 1795507080000LL},
    {"Thu, 1 Jan 1970 00:00:01 +0000", 1000LL},
    {"Sat, 29 Feb 2020 23:59:59 +1400 (LINT)", 1582970399000LL},
    {"Tue,  1 Mar 2022 00:00:00 -0800 (PST)", 1646121600000LL},
    {"Fri, 21 Nov 97 09:55:06 EST", 880124106000LL},
    {"31 dec 2037 12:00:00 GMT", 2145873600000LL},
    {"Sun, 29 Nov 2026\r\n 01:02:03 PDT", 1795939323000LL},
    {"Mon, 28 Feb 2100 10:10:10 +0100", 4107489010000LL},
    {"Wed, 01 Mar 2000 00:00:00 UT", 951868800000LL},
    /* No dates. */
    {"", 0},
    {"yesterday", 0},
    {"Tue, 24 Nov", 0},
    {"Tue, 0 Nov 2026 04:28:01 +0000", 0},
    {"Tue, 32 Nov 2026 04:28:01 +0000", 0},
    {"Tue, 24 Nor 2026 04:28:01 +0000", 0},
    {"Tue, 24 Nov 1066 04:28:01 +0000", 0},
    {"Tue, 24 Nov 20266 04:28:01 +0000", 0},
    {"Tue, 24 Nov 2026 24:00:00 +0000", 0},
    {"Tue, 24 Nov 2026 04:60:00 +0000", 0},
    {"2026-11-24T04:28:01Z", 0},
};

int
main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ok(mail_date_read(str_of(cases[i].text)) == cases[i].ms,
		    "\"%s\": %lld", i == 7 ? "folded" : cases[i].text,
		    (long long)mail_date_read(str_of(cases[i].text)));
	return unit_end();
}
