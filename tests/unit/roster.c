/* The pure parts of the roster: CSV rows, targets, ranges, records. */
#include "mail/roster/course.h"
#include "mail/roster/identity.h"
#include "mail/roster/recipient_put.h"
#include "mail/roster/roster_header.h"
#include "mail/roster/roster_row.h"
#include "mail/roster/target.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/range.h"
#include "unit.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static void
test_ranges(void)
{
	static const struct {
		const char *text;
		long long min, max; /* min -1: refused */
	} cases[] = {
	    {"0", 0, 0},
	    {"12000", 12000, 12000},
	    {"1..2", 1, 2},
	    {"7..7", 7, 7},
	    {"9223372036854775807", INT64_MAX, INT64_MAX},
	    {"9223372036854775808", -1, 0},
	    {"", -1, 0},
	    {"..", -1, 0},
	    {"1..", -1, 0},
	    {"..2", -1, 0},
	    {"2..1", -1, 0},
	    {"-1..2", -1, 0},
	    {"1...2", -1, 0},
	    {"1..2..3", -1, 0},
	    {" 1", -1, 0},
	    {"1k", -1, 0},
	};

	for (size_t i = 0; i < N(cases); i++) {
		struct fail f = {0};
		struct range r = {0};
		int got = range_parse(&r, str_of(cases[i].text), &f);

		ok(cases[i].min < 0 ? got == -1 && f.kind == FAIL_SYSTEM
				    : got == 0 && r.min == cases[i].min &&
					  r.max == cases[i].max,
		    "range \"%s\"", cases[i].text);
	}
	ok(range_has(&(struct range){1, 3}, 1) &&
		range_has(&(struct range){1, 3}, 3) &&
		!range_has(&(struct range){1, 3}, 0) &&
		!range_has(&(struct range){1, 3}, 4),
	    "both bounds belong to it");
}

static void
test_course_ids(void)
{
	static const struct {
		const char *id;
		bool good;
	} cases[] = {
	    {"course-v1:U+C+1", true},
	    {"a b", true},
	    {"**", true},
	    {"*1", true},
	    {"c\u00a0d", true},
	    {"\u00e4", true},
	    {"*", false},
	    {" a", false},
	    {"a ", false},
	    {" ", false},
	    {" * ", false},
	    {"\ta", false},
	    {"a\n", false},
	    {"\u00a0a", false},
	    {"a\u00a0", false},
	    {"\u2009a", false},
	    {"a\u3000", false},
	    {"\ufeffa", false},
	    {"a\u200b", false},
	    {"a\xc3", false},
	};

	for (size_t i = 0; i < N(cases); i++) {
		struct fail f = {0};
		int rc = course_check_new_id(str_of(cases[i].id), &f);

		ok((rc == 0) == cases[i].good &&
			(rc == 0 || f.kind == FAIL_DATA),
		    "course id [%s]", cases[i].id);
	}
}

static void
test_targets(void)
{
	/* Each person is a letter of the answers. */
	const struct target_person people[] = {
	    {STR("l"), STR("audit"), STR("Blue"), true, false, true, true},
	    {STR("o"), STR("audit"), STR("Red"), true, false, true, false},
	    {STR("i"), STR("verified"), STR("Blue"), true, false, false, true},
	    {STR("s"), {0}, {0}, false, true, true, false},
	    {STR("b"), STR("audit"), STR("Blue"), true, true, true, true},
	    {STR("d"), {0}, {0}, false, true, false, true},
	    {STR("x"), STR("audit"), STR("Blue"), false, false, true, true},
	};
	/* Y: yes, n: inactive, r: not recent, -: no. */
	static const struct {
		const char *target, *answers;
	} cases[] = {
	    {"staff", "---YYn-"},
	    {"learners", "Yrn----"},
	    {"all", "YrnYYn-"},
	    {"cohort:Blue", "Y-n-Y--"},
	    {"cohort:blue", "-------"},
	    {"track:audit", "Yr-----"},
	    {"track:verified", "--n----"},
	};
	static const char letters[] = "-nrY";

	for (size_t i = 0; i < N(cases); i++) {
		char got[N(people) + 1] = {0};
		struct target t;
		struct fail f;

		ok(target_parse(&t, str_of(cases[i].target), &f) == 0,
		    "target %s", cases[i].target);
		for (size_t j = 0; j < N(people); j++)
			got[j] = letters[target_ask(&t, &people[j])];
		same(str_of(got), cases[i].answers, cases[i].target);
	}
}

static void
test_picked(void)
{
	struct target_person away = {.user_id = STR("7")};
	struct str ids[] = {STR("6"), STR("7")};
	struct target t;
	struct fail f = {0};

	target_parse(&t, STR("user:anna:b"), &f);
	same(t.value, "anna:b", "all behind the first colon");
	ok(target_ask(&t, &away) == TARGET_NO, "not looked up: nobody");
	t.ids = ids;
	t.id_count = 2;
	ok(target_is_picked(&t) && target_ask(&t, &away) == TARGET_INACTIVE,
	    "inactive");
	away.active = true;
	ok(target_ask(&t, &away) == TARGET_YES, "not enrolled, long away: yes");
	same(target_why(&t, &away), "user:anna:b", "why");
	target_parse(&t, STR("myself"), &f);
	t.ids = ids;
	t.id_count = 2;
	away.active = false;
	ok(target_ask(&t, &away) == TARGET_YES, "myself, whatever the account");
	ok(target_parse(&t, STR("staf"), &f) == -1 && f.kind == FAIL_SYSTEM &&
		strstr(f.text, "\"staff\"") != NULL,
	    "a slip: %s", f.text);
	ok(target_parse(&t, STR("track:"), &f) == -1, "no name");
	ok(target_parse(&t, STR(""), &f) == -1, "empty");
	ok(target_parse(&t, STR("Staff"), &f) == -1, "case matters");
}

static void
test_rows(void)
{
	const struct str header[] = {STR("Full_Name"), STR(" EMAIL\t"), STR(""),
	    STR("user_id"), STR("City"), STR("language")};
	const struct str row[] = {STR(" Ann "), STR("Ann@B\xc3\xbc.edu "),
	    STR("lost"), STR("007"), STR(" K "), STR("de")};
	struct arena *arena = arena_new();
	struct roster_columns columns;
	struct roster_row p;
	struct fail f = {0};

	ok(roster_header_parse(&columns, header, 6, NULL, arena, &f) == 0,
	    "header");
	ok(roster_row_parse(&p, &columns, row, 6, arena, &f) == 0, "row %s",
	    f.text);
	same(p.name, "Ann", "name");
	same(p.email, "Ann@B\xc3\xbc.edu", "the address as written");
	same(p.key, "ann@xn--b-eha.edu", "key");
	same(p.id, "007", "an id is a text");
	same(p.data, "{\"City\":\" K \",\"user_language\":\"de\"}",
	    "merge fields");
	ok(p.username.p == NULL && p.mode.p == NULL && p.is_active &&
		p.enrolled && p.last_login == 0,
	    "what the file does not say");
	ok(roster_row_parse(&p, &columns, row, 4, arena, &f) == 0 &&
		str_is(p.data, "{\"City\":\"\",\"user_language\":\"\"}"),
	    "missing fields are empty");
	ok(roster_header_parse(&columns, row, 6, NULL, arena, &f) == -1,
	    "no email");
	arena_free(arena);
}

/* A file of two columns, email and the one that is tried. */
static int
parse_cell(struct roster_row *p, struct roster_columns *c, const char *column,
    const char *cell, struct arena *arena, struct fail *f)
{
	const struct str header[] = {STR("Email"), str_of(column)};
	const struct str row[] = {STR("a@b.edu"), str_of(cell)};

	ok(roster_header_parse(c, header, 2, NULL, arena, f) == 0, "column %s",
	    column);
	return roster_row_parse(p, c, row, 2, arena, f);
}

static void
test_statuses(void)
{
	/* What the column's name or the word says in a report of Open edX, of
	 * another platform, or in British English. e: enrolled, u: not, ?: not
	 * said, -: refused, m: a merge field. */
	static const struct {
		const char *column, *cell;
		char want;
	} cases[] = {
	    {"Enrollment Status", "enrolled", 'e'},
	    {"Enrollment Status", "unenrolled", 'u'},
	    {"Enrollment Status", " Unenrolled ", 'u'},
	    {"enrollment_status", "UNENROLLED", 'u'},
	    {"Enrolment-Status", "Not enrolled", 'u'},
	    {"enrollment_state", "active", 'e'},
	    {"enrollment_state", "inactive", 'u'},
	    {"enrolment state", "deleted", 'u'},
	    {"enrollment_state", "Suspended", 'u'},
	    {"enrollment_state", "withdrawn", 'u'},
	    {"Enrollment Status", "dropped", 'u'},
	    {"enrollment_is_active", "no", 'u'},
	    {"enrollment_is_active", "True", 'e'},
	    {"Enrollment Is Active", "0", 'u'},
	    {"enrolment_is_active", "false", 'u'},
	    {"is_enrolled", "yes", 'e'},
	    {"Enrolled", "no", 'u'},
	    {"Enrolled", "2026-05-01 12:30:00", 'e'},
	    {"Enrollment Status", "", '?'},
	    {"Enrollment Status", "None", '?'},
	    {"Enrollment Status", "frozen", '-'},
	    {"enrollment_is_active", "maybe", '-'},
	    {"Verification Status", "unenrolled", 'm'},
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < N(cases); i++) {
		struct roster_columns c;
		struct roster_row p;
		struct fail f;
		int got = parse_cell(
		    &p, &c, cases[i].column, cases[i].cell, arena, &f);
		char is = got < 0              ? '-'
			  : c.merge_count > 0  ? 'm'
			  : p.enrolled_unknown ? '?'
			  : p.enrolled         ? 'e'
					       : 'u';

		ok(is == cases[i].want, "%s \"%s\" is %c", cases[i].column,
		    cases[i].cell, is);
	}
	arena_free(arena);
}

static void
test_exports(void)
{
	/* Cells of Open edX's exports; an absent one is "". */
	static const struct {
		const char *column, *cell, *id, *mode, *cohort, *name, *data;
	} cases[] = {
	    {"Student ID", "12", "12", "", "", "", ""},
	    {"student_id", "None", "", "", "", "", ""},
	    {"Cohort Name", "Blue", "", "", "Blue", "", ""},
	    {"cohort", "[unassigned]", "", "", "", "", ""},
	    {"Cohort Name", "[Unassigned]", "", "", "", "", ""},
	    {"cohort", "None", "", "", "", "", ""},
	    {"cohort", "none", "", "", "none", "", ""},
	    {"Enrollment Track", "verified", "", "verified", "", "", ""},
	    {"enrollment_mode", "None", "", "", "", "", ""},
	    {"name", "None", "", "", "", "", ""},
	    {"Full Name", "Nonelle", "", "", "", "Nonelle", ""},
	    {"city", "None", "", "", "", "", "{\"city\":\"\"}"},
	    {"Verification Status", "None", "", "", "", "",
		"{\"Verification_Status\":\"\"}"},
	    {"language", "None", "", "", "", "", "{\"user_language\":\"\"}"},
	    {"goals", "None of them", "", "", "", "",
		"{\"goals\":\"None of them\"}"},
	    {"allergies", "None", "", "", "", "", "{\"allergies\":\"None\"}"},
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < N(cases); i++) {
		struct roster_columns c;
		struct roster_row p;
		struct fail f = {0};

		ok(parse_cell(
		       &p, &c, cases[i].column, cases[i].cell, arena, &f) == 0,
		    "%s \"%s\" %s", cases[i].column, cases[i].cell, f.text);
		same(p.id, cases[i].id, "id");
		same(p.mode, cases[i].mode, "mode");
		same(p.cohort, cases[i].cohort, "cohort");
		same(p.name, cases[i].name, "name");
		same(p.data, cases[i].data, "data");
	}
	arena_free(arena);
}

static void
test_two_columns(void)
{
	const struct str row[] = {STR("a@b.edu"), STR("1"), STR("2")};
	/* A name that only reports have yields to the older name. */
	static const struct {
		const char *one, *two;
		char want; /* m: the one of a report is a merge field, -: no */
	} cases[] = {
	    {"id", "Student ID", 'm'},
	    {"cohort", "Cohort Name", 'm'},
	    {"mode", "Enrollment Track", 'm'},
	    {"id", "user id", '-'},
	    {"enrollment_is_active", "Enrollment Status", '-'},
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < 2 * N(cases); i++) {
		const char *one = cases[i / 2].one, *two = cases[i / 2].two;
		const struct str header[] = {STR("email"),
		    str_of(i % 2 ? two : one), str_of(i % 2 ? one : two)};
		struct roster_columns c;
		struct roster_row p;
		struct fail f = {0};
		int got = roster_header_parse(&c, header, 3, NULL, arena, &f);

		ok(got == (cases[i / 2].want == 'm' ? 0 : -1), "%s, %s: %s",
		    one, two, f.text);
		if (got < 0)
			continue;
		roster_row_parse(&p, &c, row, 3, arena, &f);
		ok(c.merge_count == 1 &&
			str_is(c.titles[c.merges[0].column], two),
		    "%s is a merge field", two);
	}
	arena_free(arena);
}

static void
test_identities(void)
{
	/* Who is known, what the row says: username, name, key. =: the same
	 * address, m: moved, o: another person. */
	static const struct {
		const char *known[3], *now[3];
		char want;
	} cases[] = {
	    {{"ada", "Ada", "a@x"}, {"ada", "Ada", "a@x"}, '='},
	    {{"ada", "Ada", "a@x"}, {"eve", "Eve", "a@x"}, '='},
	    {{"", "", "a@x"}, {"", "", "a@x"}, '='},
	    {{"ada", "Ada", "a@x"}, {"ada", "Ada", "b@x"}, 'm'},
	    {{"ada", "Ada", "a@x"}, {"", "Ada", "b@x"}, 'm'},
	    {{"ada", "Ada", "a@x"}, {"ada", "", "b@x"}, 'm'},
	    {{"ada", "", "a@x"}, {"ada", "Ada", "b@x"}, 'm'},
	    {{"", "Ada", "a@x"}, {"ada", "Ada", "b@x"}, 'm'},
	    {{"ADA", "Ada  Lovelace ", "a@x"}, {"ada", "ada lovelace", "b@x"},
		'm'},
	    {{"", "Zo\xc3\xab", "a@x"}, {"", "Zoe\xcc\x88", "b@x"}, 'm'},
	    {{"", "Zo\xff", "a@x"}, {"", "Zo\xff", "b@x"}, 'm'},
	    {{"", "Zo\xff", "a@x"}, {"", "Zo\xfe", "b@x"}, 'o'},
	    {{"ada", "Ada", "a@x"}, {"eve", "Eve", "b@x"}, 'o'},
	    {{"ada", "Ada", "a@x"}, {"", "Eve", "b@x"}, 'o'},
	    {{"ada", "Ada", "a@x"}, {"ada", "Eve", "b@x"}, 'o'},
	    {{"ada", "Ada", "a@x"}, {"eve", "Ada", "b@x"}, 'o'},
	    {{"ada", "Ada", "a@x"}, {"", "", "b@x"}, 'o'},
	    {{"", "", "a@x"}, {"eve", "Eve", "b@x"}, 'o'},
	    {{"ada", "", "a@x"}, {"", "Ada", "b@x"}, 'o'},
	    {{"", "", "a@x"}, {"", "", "b@x"}, 'o'},
	};
	static const char letters[] = "=mo";

	for (size_t i = 0; i < N(cases); i++) {
		const char *const *k = cases[i].known, *const *n = cases[i].now;
		struct identity known = {
		    str_of(k[0]), str_of(k[1]), STR("k@x"), str_of(k[2])};
		struct identity now = {
		    str_of(n[0]), str_of(n[1]), STR("n@x"), str_of(n[2])};

		ok(letters[identity_judge(&known, &now)] == cases[i].want,
		    "%s/%s/%s then %s/%s/%s is %c", k[0], k[1], k[2], n[0],
		    n[1], n[2], cases[i].want);
	}
}

static void
test_labels(void)
{
	static const struct {
		const char *username, *name, *other_username, *want;
	} cases[] = {
	    {"ada", "Ada", "", "ada <a@x>"},
	    {"ada", "Ada", "eve", "ada <a@x>"},
	    {"ada", "Ada", "ada", "Ada <a@x>"},
	    {"ada", "", "ada", "ada <a@x>"},
	    {"", "Ada", "eve", "Ada <a@x>"},
	    {"", "", "", "<a@x>"},
	};

	for (size_t i = 0; i < N(cases); i++) {
		struct identity one = {.username = str_of(cases[i].username),
		    .name = str_of(cases[i].name),
		    .email = STR("a@x")};
		struct identity two = {
		    .username = str_of(cases[i].other_username)};
		struct buf b = {0};

		identity_put(&b, &one, &two);
		same(buf_str(&b), cases[i].want, "label");
		buf_free(&b);
	}
}

static void
test_data(void)
{
	static const struct {
		const char *data, *rest; /* rest NULL: refused */
	} cases[] = {
	    {"{}", ""},
	    {" { \"a\" : 1.10 } ", ", \"a\" : 1.10 "},
	    {"{\"a\":[1,{\"why\":2}]}", ",\"a\":[1,{\"why\":2}]"},
	    {"{\"why\":1}", NULL},
	    {"{\"\\u0065mail\":1}", NULL},
	    {"{\"opted_out\":false}", NULL},
	    {"{\"a\":1", NULL},
	    {"[]", NULL},
	    {"", NULL},
	};
	struct course course = {.id = STR("c")};
	struct arena *arena = arena_new();
	struct buf members = {0};

	recipient_put_course(&members, &course);
	for (size_t i = 0; i < N(cases); i++) {
		struct recipient_put e = {
		    .email = STR("a"), .data = str_of(cases[i].data)};
		struct buf b = {0}, want = {0};
		struct fail f;
		int got =
		    recipient_put_members(&b, &e, buf_str(&members), arena, &f);

		buf_adds(&want, "{\"email\":\"a\",\"course_id\":\"c\"");
		if (cases[i].rest == NULL) {
			ok(got == -1 && f.kind == FAIL_DATA, "refused: %s",
			    cases[i].data);
		} else {
			buf_adds(&want, cases[i].rest);
			same(buf_str(&b), buf_cstr(&want), cases[i].data);
		}
		buf_free(&b);
		buf_free(&want);
	}
	buf_free(&members);
	arena_free(arena);
}

int
main(void)
{
	test_ranges();
	test_course_ids();
	test_targets();
	test_picked();
	test_rows();
	test_statuses();
	test_exports();
	test_two_columns();
	test_identities();
	test_labels();
	test_data();
	return unit_end();
}
