#include <stdint.h>

#include "base/buf.h"
#include "base/num.h"

#include "unit.h"
#include <string.h>

#define REFUSED INT64_MIN

static void
test_integers(void)
{
	static const struct {
		const char *text;
		long long min, max, want;
		bool good;
	} cases[] = {
	    {"0", 0, 10, 0, true},
	    {"10", 0, 10, 10, true},
	    {"-5", -10, 10, -5, true},
	    {"007", 0, 10, 7, true},
	    {"9223372036854775807", 0, INT64_MAX, INT64_MAX, true},
	    {"9223372036854775808", 0, INT64_MAX, 0, false},
	    {"99999999999999999999", 0, INT64_MAX, 0, false},
	    {"11", 0, 10, 0, false},
	    {"-1", 0, 10, 0, false},
	    {"", 0, 10, 0, false},
	    {"-", -10, 10, 0, false},
	    {"+1", 0, 10, 0, false},
	    {" 1", 0, 10, 0, false},
	    {"1 ", 0, 10, 0, false},
	    {"1x", 0, 10, 0, false},
	    {"0x1", 0, 10, 0, false},
	    {"1e3", 0, 10000, 0, false},
	    {"1.0", 0, 10, 0, false},
	};
	struct fail f;
	long long got;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int rc = num_parse(str_of(cases[i].text), cases[i].min,
		    cases[i].max, &got, &f);

		ok(cases[i].good ? rc == 0 && got == cases[i].want
				 : rc < 0 && f.kind == FAIL_DATA,
		    "integer \"%s\"", cases[i].text);
	}
}

struct unit_case {
	const char *text;
	int64_t want;
};

static const struct unit_case durations[] = {
    {"250ms", 250},
    {"30s", 30000},
    {"0", 0},
    {"00", 0},
    {"50m", 3000000},
    {"50min", 3000000},
    {"2w", 1209600000},
    {"48h", 172800000},
    {"7d", 604800000},
    {"1mo", 2629800000},
    {"18mo", 47336400000},
    {"2y", 63115200000},
    {"10000y", 315576000000000},
    {"10001y", REFUSED},
    {"", REFUSED},
    {"s", REFUSED},
    {"-1s", REFUSED},
    {"1.5h", REFUSED},
    {"1 h", REFUSED},
    {"1H", REFUSED},
    {"30", REFUSED},
    {"1", REFUSED},
    {"01", REFUSED},
    {"1h30m", REFUSED},
    {"1M", REFUSED},
    {"1mi", REFUSED},
    {"9223372036854775807s", REFUSED},
    {"99999999999999999999", REFUSED},
};

static const struct unit_case sizes[] = {
    {"500B", 500},
    {"3KiB", 3072},
    {"1MiB", 1048576},
    {"1GiB", 1073741824},
    {"20k", 20480},
    {"20K", 20480},
    {"64M", 67108864},
    {"2G", 2147483648},
    {"0", 0},
    {"500", REFUSED},
    {"1T", REFUSED},
    {"1MB", REFUSED},
    {"1kB", REFUSED},
    {"k", REFUSED},
    {"-1", REFUSED},
    {"", REFUSED},
    {"9999999999G", REFUSED},
};

static const struct unit_case times[] = {
    {"1970-01-01", 0},
    {"1970-01-01T00:00:00Z", 0},
    {"2026-11-24T04:28:01.042Z", 1795494481042},
    {"2026-11-24T04:28:01z", 1795494481000},
    {"2026-11-24t04:28:01Z", 1795494481000},
    {"2026-11-24 05:28:01+01:00", 1795494481000},
    {"2026-11-23T23:28:01.5-05:00", 1795494481500},
    {"2026-11-24T04:28:01.0429999Z", 1795494481042},
    {"2024-02-29", 1709164800000},
    {"2000-02-29", 951782400000},
    {"1969-12-31T23:59:59.999Z", -1},
    {"2016-12-31T23:59:60Z", 1483228800000},
    {"2023-02-29", REFUSED},
    {"1900-02-29", REFUSED},
    {"2026-13-01", REFUSED},
    {"2026-00-01", REFUSED},
    {"2026-01-32", REFUSED},
    {"2026-01-01T24:00:00Z", REFUSED},
    {"2026-01-01T00:60:00Z", REFUSED},
    {"2026-01-01T00:00:61Z", REFUSED},
    {"2026-01-01T00:00:00", REFUSED},
    {"2026-01-01T00:00:00.Z", REFUSED},
    {"2026-01-01T00:00Z", REFUSED},
    {"2026-01-01T00:00:00+1:00", REFUSED},
    {"2026-01-01T00:00:00+0100", REFUSED},
    {"2026-01-01T00:00:00Zx", REFUSED},
    {"26-01-01", REFUSED},
    {"2026-1-1", REFUSED},
    {"", REFUSED},
};

typedef int parse_fn(struct str, const char *, int64_t *, struct fail *);

static void
test_units(
    const char *what, parse_fn *parse, const struct unit_case *c, size_t n)
{
	struct fail f;
	int64_t got;

	for (size_t i = 0; i < n; i++) {
		int rc = parse(str_of(c[i].text), "h", &got, &f);

		ok(c[i].want == REFUSED ? rc < 0 && f.kind == FAIL_DATA
					: rc == 0 && got == c[i].want,
		    "%s \"%s\"", what, c[i].text);
	}
}

static int
parse_time(struct str s, const char *likely, int64_t *ms, struct fail *f)
{
	(void)likely;
	return num_parse_time(s, ms, f);
}

/* The sentence with the remedy. */
static void
test_without_unit(void)
{
	struct fail f = {0};
	int64_t got;

	ok(num_duration(STR("48"), "h", &got, &f) < 0 &&
		strcmp(f.text, "\"48\" has no unit, did you mean 48h?") == 0,
	    "a time without a unit: %s", f.text);
	ok(num_size(STR("10"), "M", &got, &f) < 0 &&
		strcmp(f.text, "\"10\" has no unit, did you mean 10M?") == 0,
	    "a size without a unit: %s", f.text);
}

static void
test_booleans(void)
{
	static const char *const yes[] = {"true", "TRUE", "Yes", "1"};
	static const char *const no[] = {"false", "False", "NO", "0"};
	static const char *const bad[] = {"", "on", "2", "y", "true "};
	struct fail f;
	bool v;

	for (size_t i = 0; i < 4; i++) {
		ok(num_bool(str_of(yes[i]), &v, &f) == 0 && v, "%s", yes[i]);
		ok(num_bool(str_of(no[i]), &v, &f) == 0 && !v, "%s", no[i]);
	}
	for (size_t i = 0; i < 5; i++)
		ok(num_bool(str_of(bad[i]), &v, &f) < 0, "no boolean \"%s\"",
		    bad[i]);
}

static void
test_written_times(void)
{
	static const struct {
		int64_t ms;
		const char *want;
	} cases[] = {
	    {0, "1970-01-01T00:00:00.000Z"},
	    {-1, "1969-12-31T23:59:59.999Z"},
	    {1795494481042, "2026-11-24T04:28:01.042Z"},
	    {951782400000, "2000-02-29T00:00:00.000Z"},
	    {4107456000000, "2100-02-28T00:00:00.000Z"},
	};
	struct buf b = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_reset(&b);
		num_rfc3339(&b, cases[i].ms);
		same(buf_str(&b), cases[i].want, cases[i].want);
	}
	buf_free(&b);
}

static void
test_hex_bytes(void)
{
	static const struct {
		const char *text;
		int want;
	} cases[] = {{"00", 0}, {"0a", 10}, {"fF!", 255}, {"9A", 0x9a},
	    {"", -1}, {"1", -1}, {"g0", -1}, {"0g", -1}, {"`1", -1}, {"@1", -1},
	    {"1/", -1}, {"1:", -1}, {"\x11\x12", -1}, {"\xe1\xe2", -1}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ok(num_hex_byte(cases[i].text,
		       cases[i].text + strlen(cases[i].text)) == cases[i].want,
		    "hexadecimal byte \"%s\"", cases[i].text);
}

int
main(void)
{
	test_integers();
	test_units("duration", num_duration, durations,
	    sizeof(durations) / sizeof(*durations));
	test_units("size", num_size, sizes, sizeof(sizes) / sizeof(*sizes));
	test_units("time", parse_time, times, sizeof(times) / sizeof(*times));
	test_without_unit();
	test_booleans();
	test_hex_bytes();
	test_written_times();
	return unit_end();
}
