/* The parts of a reader of other systems' rosters that need no file. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/csv.h"
#include "base/decode.h"
#include "base/field_name.h"
#include "base/trim.h"
#include "mail/mime/addr.h"
#include "mail/mime/addr_cell.h"
#include "mail/roster/roster_header.h"
#include "mail/roster/roster_row.h"
#include "mail/roster/roster_time.h"
#include "port/roster/roster_rows.h"
#include "unit.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))
#define TEXT(literal)                        \
	{                                    \
		literal, sizeof(literal) - 1 \
	}

/* Python's datetime has made the milliseconds. */
static void
test_times(void)
{
	static const struct {
		const char *text;
		int64_t ms; /* -1: refused */
		enum roster_time_order order;
	} cases[] = {
	    {"2026-05-01T12:30:00Z", 1777638600000, 0},
	    {"2026-05-01 12:30:00+00:00", 1777638600000, 0},
	    {"2026-05-01 14:30:00.5+02:00", 1777638600500, 0},
	    {"2026-05-01 07:30:00-05:00", 1777638600000, 0},
	    {"2026-05-01T12:30:00", 1777638600000, 0},
	    {"2026-05-01 12:30", 1777638600000, 0},
	    {"2026/05/01 12:30", 1777638600000, 0},
	    {"2026-05-01", 1777593600000, 0},
	    {"1.5.2026", 1777593600000, 0},
	    {"01.05.2026 12:30", 1777638600000, 0},
	    {"01.05.26 12:30:00", 1777638600000, 0},
	    {"01.05.2026", 1777593600000, ROSTER_TIME_MONTH_FIRST},
	    {"01/05/2026", -1, 0},
	    {"01/05/2026", 1777593600000, ROSTER_TIME_DAY_FIRST},
	    {"05/01/2026", 1777593600000, ROSTER_TIME_MONTH_FIRST},
	    {"5/5/2026", 1777939200000, 0},
	    {"13/05/2026, 10:15", 1778667300000, 0},
	    {"5/13/2026 10:15 AM", 1778667300000, 0},
	    {"5/13/2026 10:15:30 pm", 1778710530000, 0},
	    {"5/13/2026 12:15 AM", 1778631300000, 0},
	    {"46143", 1777593600000, 0},
	    {"46143.5208333333", 1777638600000, 0},
	    {"46143,5208333333", 1777638600000, 0},
	    {"4614", -1, 0},
	    {"461430", -1, 0},
	    {"2026-13-01", -1, 0},
	    {"31.13.2026", -1, 0},
	    {"31.02.2026", -1, 0},
	    {"2026-05-01 25:00:00", -1, 0},
	    {"1.5.2026 24:00", -1, 0},
	    {"5/13/2026 13:15 AM", -1, 0},
	    {"yesterday", -1, 0},
	    {"2 days 3 hours", -1, 0},
	    {"", -1, 0},
	    {"2026-05-01T12:30:00Z and then a lot more of it, far too long", -1,
		0},
	};

	for (size_t i = 0; i < N(cases); i++) {
		struct fail f;
		int64_t ms = -1;
		int got = roster_time_parse(
		    str_of(cases[i].text), cases[i].order, &ms, &f);

		ok(got == (cases[i].ms < 0 ? -1 : 0) &&
			(got != 0 || ms == cases[i].ms),
		    "time \"%s\": %lld", cases[i].text, (long long)ms);
	}
	ok(roster_time_tells(STR("13/5/2026")) == ROSTER_TIME_DAY_FIRST &&
		roster_time_tells(STR("5/13/2026")) ==
		    ROSTER_TIME_MONTH_FIRST &&
		roster_time_tells(STR("5/12/2026")) == ROSTER_TIME_UNKNOWN &&
		roster_time_tells(STR("31.1.2026")) == ROSTER_TIME_UNKNOWN,
	    "a day above 12 tells the order");
}

static void
test_trim(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"", ""},
	    {"a", "a"},
	    {" \t\r\na b\n ", "a b"},
	    {"\u00a0\u200ba\ufeff", "a"},
	    {"\u200ea\u2003\u202c", "a"},
	    {"\u200c\u200d", ""},
	    {"\u00e9", "\u00e9"},
	    {"\u65e5\u3000", "\u65e5"},
	    {"a\u200bb", "a\u200bb"},
	};

	for (size_t i = 0; i < N(cases); i++)
		same(
		    trim_text(str_of(cases[i].text)), cases[i].want, "trimmed");
}

static void
test_names(void)
{
	static const struct {
		const char *title, *made; /* made NULL: it fits as it is */
	} cases[] = {
	    {"First_Name", NULL},
	    {"Gr\u00f6\u00dfe", NULL},
	    {"E-Mail", NULL},
	    {"Grade(%)", NULL},
	    {"a/b", NULL},
	    {"First Name", "First_Name"},
	    {"Homework 1: Intro", "Homework_1_Intro"},
	    {" a  b ", "a_b"},
	    {"a.b", "a_b"},
	    {"{{x}}", "x"},
	    {"#1", "1"},
	    {"/end", "end"},
	    {"=x", "x"},
	    {"a\u00a0b", "a_b"},
	    {"a\nb", "a_b"},
	    {"\u00c9tat civil", "\u00c9tat_civil"},
	    {"a\u200bb", "a_b"},
	    {"# %", ""},
	    {"", ""},
	};

	for (size_t i = 0; i < N(cases); i++) {
		struct str title = str_of(cases[i].title);
		struct buf b = {0};

		ok(field_name_is_valid(title) == (cases[i].made == NULL),
		    "title %zu", i);
		field_name_make(&b, title);
		if (cases[i].made != NULL)
			same(buf_str(&b), cases[i].made, "made");
		ok(b.len == 0 || field_name_is_valid(buf_str(&b)),
		    "what is made fits");
		buf_free(&b);
	}
}

static void
test_cells(void)
{
	static const struct {
		const char *cell, *address, *name; /* address NULL: refused */
	} cases[] = {
	    {"a@b.org", "a@b.org", ""},
	    {" \u00a0a@b.org\u200b\n", "a@b.org", ""},
	    {"mailto:a@b.org", "a@b.org", ""},
	    {"MAILTO: a@b.org?subject=x", "a@b.org", ""},
	    {"<a@b.org>", "a@b.org", ""},
	    {"Ann Lee <a@b.org>", "a@b.org", "Ann Lee"},
	    {"\"Lee, Ann\" < a@b.org >", "a@b.org", "Lee, Ann"},
	    {"'Ann' <mailto:a@b.org>", "a@b.org", "Ann"},
	    {"a@b.org <a@b.org>", "a@b.org", ""},
	    {"'a@b.org'", "a@b.org", ""},
	    {"=\"a@b.org\"", "a@b.org", ""},
	    {"'a@b.org", "'a@b.org", ""},
	    {"", "", ""},
	    {" ", "", ""},
	    {"none", "none", ""},
	    {"a@b.org, c@d.org", NULL, ""},
	    {"a@b.org;c@d.org", NULL, ""},
	    {"a@b.org c@d.org", NULL, ""},
	    {"a@b.org\nc@d.org", NULL, ""},
	    {"A <a@b.org>, C <c@d.org>", NULL, ""},
	    {"a@b.org <c@d.org>", NULL, ""},
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < N(cases); i++) {
		struct addr_cell cell;
		struct fail f;
		int rc =
		    addr_cell_read(&cell, str_of(cases[i].cell), arena, &f);

		ok((rc < 0) == (cases[i].address == NULL), "cell %zu", i);
		if (rc < 0 || cases[i].address == NULL)
			continue;
		same(cell.address, cases[i].address, "address");
		same(cell.name, cases[i].name, "name");
		ok(cell.guarded ==
			(cell.address.n > 0 && cell.address.p[0] == '\''),
		    "guard");
	}
	arena_free(arena);
}

/* The character of ASCII that is probably meant; NUL: the address is good. */
static void
test_looks(void)
{
	static const struct {
		const char *local;
		char meant;
	} cases[] = {
	    {"o\u2019brien", '\''},
	    {"o\u00b4brien", '\''},
	    {"o\u02bcbrien", '\''},
	    {"a\u2013b", '-'},
	    {"a\u2011b", '-'},
	    {"me\u037e", ';'},
	    {"me\u1fef", '`'},
	    {"\u212aen", 'K'},
	    {"\uff41nn", 'a'},
	    {"\u0430nn", 'a'},
	    {"m\u03bfe", 'o'},
	    {"\u0430\u043d\u043d\u0430", '\0'},
	    {"\u03b1\u03bd\u03bd\u03b1", '\0'},
	    {"j\u00f6rg", '\0'},
	    {"\u7528\u6237", '\0'},
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < N(cases); i++) {
		char want[60];
		struct addr addr;
		struct fail f = {0};
		const char *text =
		    arena_printf(arena, "%s@b.org", cases[i].local);
		int rc = addr_parse(&addr, str_of(text), 0, arena, &f);

		snprintf(want, sizeof(want), "where %c is probably meant",
		    cases[i].meant);
		ok(cases[i].meant == '\0' ? rc == 0
					  : strstr(f.text, want) != NULL,
		    "%s: %s", text, f.text);
	}
	arena_free(arena);
}

static void
test_unreachable(void)
{
	static const char *const domains[] = {"laptop.local", "x.onion",
	    "x.internal", "a.alt", "1.in-addr.arpa", "home.arpa", "pc.lan",
	    "x.home", "x.corp", "a.localdomain"};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < N(domains); i++) {
		struct str text =
		    str_of(arena_printf(arena, "me@%s", domains[i]));
		struct addr addr;
		struct fail f;

		ok(addr_parse(&addr, text, 0, arena, &f) < 0 &&
			strstr(f.text, "no mail reaches it") != NULL &&
			addr_parse(&addr, text, ADDR_RESERVED, arena, &f) == 0,
		    "%s", domains[i]);
	}
	arena_free(arena);
}

/* The rows of a text in a dialect: "a|b;c;", "!" for a refused row, "?" for a
 * refused file. */
static void
read_rows(struct buf *got, struct str text, const struct csv_dialect *d)
{
	FILE *file = fmemopen((void *)text.p, text.n, "r");
	struct csv *c = csv_new(file);
	struct csv_row row;
	struct fail f;
	int rc;

	csv_set_dialect(c, d);
	while ((rc = csv_next(c, &row, &f)) != 0) {
		if (rc < 0)
			buf_adds(got, f.kind == FAIL_DATA ? "!;" : "?;");
		for (size_t i = 0; rc > 0 && i < row.count; i++) {
			if (i > 0)
				buf_addc(got, '|');
			buf_addstr(got, row.fields[i]);
		}
		if (rc > 0)
			buf_adds(got, row.cut ? "..;" : ";");
	}
	csv_free(c);
	fclose(file);
}

static void
test_dialects(void)
{
	const struct csv_dialect semicolon = {.separator = ';', .guards = true},
				 tab = {.separator = '\t',
				     .loose_quotes = true},
				 cr = {.separator = ',', .cr_ends = true},
				 mixed = {.separator = ',', .full_row = 2};
	const struct {
		const struct csv_dialect *dialect;
		struct str text;
		const char *want;
	} cases[] = {
	    {&semicolon, TEXT("a,b;\"c;d\"\n1;2"), "a,b|c;d;1|2..;"},
	    {&semicolon, TEXT("=\"007\";x\n"), "=\"007\"|x;"},
	    {&semicolon, TEXT("x;=\"007\"\r\ny"), "x|=\"007\";y..;"},
	    {&semicolon, TEXT("=\"00\"7;x\n"), "?;"},
	    {&semicolon, TEXT("a\"b;x\n"), "?;"},
	    {&tab, TEXT("a \"b\" c\t\"d\"\n"), "a \"b\" c|d;"},
	    {&tab, TEXT("\"a\tb\"\tc\n"), "a\tb|c;"},
	    {&tab, TEXT("\"a\nb\"\tc\n"), "a\nb|c;"},
	    {&tab, TEXT("\"a\tb\n\"c\td\n"), "\"a|b;\"c|d;"},
	    {&tab, TEXT("\"a\tb\nc\"\td\n"), "\"a|b;c\"|d;"},
	    {&tab, TEXT("x\t\"a\n"), "x|\"a;"},
	    {&tab, TEXT("\"a\"b\tc\n"), "\"a\"b|c;"},
	    {&tab, TEXT("\"a\"\"b\"\tc\n"), "a\"b|c;"},
	    {&cr, TEXT("a,b\r1,\"x\ry\"\r\r2,3"), "a|b;1|x\ry;2|3..;"},
	    {&cr, TEXT("a,b\r\n1,2\n3,4\r"), "a|b;1|2;3|4;"},
	    {&mixed, TEXT("a,b\r1,2\n"), "a|b;1|2;"},
	    {&mixed, TEXT("a,b\r"), "a|b;"},
	    {&mixed, TEXT("a,b\rmore\n1,2\n"), "!;1|2;"},
	    {&mixed, TEXT("a\rb,c\n1,2\n"), "!;1|2;"},
	    {&mixed, TEXT("a,b\r\"x,y\",2\n"), "a|b;x,y|2;"},
	};
	struct buf got = {0};

	for (size_t i = 0; i < N(cases); i++) {
		buf_reset(&got);
		read_rows(&got, cases[i].text, cases[i].dialect);
		same(buf_str(&got), cases[i].want, "rows");
	}
	buf_free(&got);
}

/* Decode a text; the failure's text for one that is refused. */
static void
decode_text(
    struct buf *got, struct str text, const char *encoding, const char **name)
{
	FILE *file = fmemopen((void *)text.p, text.n, "r");
	struct decode *d;
	struct fail f;
	int ch;

	*name = "";
	if (decode_open(&d, file, encoding, &f) < 0) {
		buf_adds(got, f.text);
		fclose(file);
		return;
	}
	*name = decode_name(d)[0] == 'U' ? decode_name(d) : "";
	while ((ch = getc(decode_stream(d))) != EOF)
		buf_addc(got, (char)ch);
	if (!str_eq(decode_head(d), buf_str(got)))
		buf_adds(got, "(another head)");
	decode_close(d);
	fclose(file);
}

static void
test_decode(void)
{
	static const struct {
		struct str text;
		const char *encoding, *want, *name;
	} cases[] = {
	    {TEXT("a\xC3\xA9"), NULL, "a\u00e9", "UTF-8"},
	    {TEXT("\xEF\xBB\xBF\xEF\xBB\xBF"
		  "a"),
		NULL, "a", "UTF-8 with a byte order mark"},
	    {TEXT("\xFF\xFE"
		  "a\0\xE9\0"),
		NULL, "a\u00e9", "UTF-16LE"},
	    {TEXT("\xFE\xFF\0a\0\xE9"), NULL, "a\u00e9", "UTF-16BE"},
	    {TEXT("\xFF\xFE"
		  "a\0\xE9\0"),
		"utf-16", "a\u00e9", "UTF-16LE"},
	    {TEXT("\xFF\xFE\0\0"
		  "a\0\0\0"),
		NULL, "a", "UTF-32LE"},
	    {TEXT("a\0b\0"), "UTF-16LE", "ab", "UTF-16LE"},
	    {TEXT("M\xFCller"), "windows-1252", "M\u00fcller", ""},
	    {TEXT("M\x9Fller"), "macintosh", "M\u00fcller", ""},
	    {TEXT("M\xFCller"), NULL, "M\xFCller", "UTF-8"},
	    /* A lone surrogate, half a character, an undefined byte. */
	    {TEXT("\xFF\xFE"
		  "a\0\0\xD8"
		  "b\0"),
		NULL,
		"a\xFF"
		"b",
		"UTF-16LE"},
	    {TEXT("\xFF\xFE"
		  "a\0b"),
		NULL, "a\xFF", "UTF-16LE"},
	    {TEXT("a\x81"
		  "b"),
		"windows-1252",
		"a\xFF"
		"b",
		""},
	    {TEXT("a\0b\0"), NULL,
		"the file looks like UTF-16LE without a byte order mark: say "
		"--encoding UTF-16LE",
		""},
	    {TEXT("\0a\0b"), NULL,
		"the file looks like UTF-16BE without a byte order mark: say "
		"--encoding UTF-16BE",
		""},
	    {TEXT("\xEF\xBB\xBF"
		  "a"),
		"windows-1252",
		"the file begins with the byte order mark of UTF-8: leave out "
		"--encoding windows-1252",
		""},
	    {TEXT("a"), "nonsense",
		"--encoding: there is no \"nonsense\" (iconv -l lists the "
		"names)",
		""},
	    {TEXT("a"), "UTF-16//IGNORE",
		"--encoding: there is no \"UTF-16//IGNORE\" (iconv -l lists "
		"the names)",
		""},
	    {TEXT("PK\x03\x04xx"), NULL,
		"a workbook (.xlsx, .ods) and no CSV file: save it as \"CSV "
		"UTF-8\"",
		""},
	    {TEXT("<HTML>"), NULL,
		"a web page: open it in a spreadsheet and save it as \"CSV "
		"UTF-8\"",
		""},
	};
	struct buf got = {0};
	const char *name;

	for (size_t i = 0; i < N(cases); i++) {
		buf_reset(&got);
		decode_text(&got, cases[i].text, cases[i].encoding, &name);
		same(buf_str(&got), cases[i].want, "decoded");
		same(str_of(name), cases[i].name, "name");
	}
	buf_free(&got);
}

/* A long text whose characters lie across the pieces that are read. */
static void
test_decode_long(void)
{
	struct buf raw = {0}, want = {0}, got = {0};
	const char *name;

	buf_add(&raw, "\xFF\xFE", 2);
	for (int i = 0; i < 70000; i++) {
		buf_add(
		    &raw, i % 3 ? "\xE9\0" : "\x3D\xD8\x00\xDE", i % 3 ? 2 : 4);
		buf_adds(&want, i % 3 ? "\u00e9" : "\U0001F600");
	}
	decode_text(&got, buf_str(&raw), NULL, &name);
	ok(got.len >= want.len && memcmp(got.p, want.p, want.len) == 0,
	    "%zu bytes of %zu", got.len, want.len);
	buf_free(&raw);
	buf_free(&want);
	buf_free(&got);
}

/* Titles beside "E-Mail", and the field that they give. */
static void
test_titles(void)
{
	static const struct {
		const char *title;
		enum roster_column field; /* ROSTER_COLUMNS: a merge field */
		bool merge;               /* it stays one */
	} cases[] = {
	    {"user_id", ROSTER_ID, false},
	    {"User ID", ROSTER_ID, false},
	    {"userid", ROSTER_ID, true},
	    {"SIS User ID", ROSTER_ID, true},
	    {"OrgDefinedId", ROSTER_ID, true},
	    {"ID number", ROSTER_ID, true},
	    {"Student number", ROSTER_ID, true},
	    {"Matrikelnummer", ROSTER_ID, true},
	    {"Login", ROSTER_USERNAME, true},
	    {"Login ID", ROSTER_USERNAME, true},
	    {"SIS Login ID", ROSTER_USERNAME, true},
	    {"Benutzername", ROSTER_USERNAME, true},
	    {"User principal name", ROSTER_USERNAME, true},
	    {"Full Name", ROSTER_NAME, false},
	    {"Display name", ROSTER_NAME, true},
	    {"Student name", ROSTER_NAME, true},
	    {"Student", ROSTER_COLUMNS, true},
	    {"First\u00a0Name", ROSTER_FIRST, true},
	    {"Vorname", ROSTER_FIRST, true},
	    {"PR\u00c9NOM", ROSTER_FIRST, true},
	    {"Nachname", ROSTER_LAST, true},
	    {"Apellido(s)", ROSTER_LAST, true},
	    {"Nom", ROSTER_LAST, true},
	    {"Group", ROSTER_COHORT, true},
	    {"Groups", ROSTER_COHORT, true},
	    {"Section", ROSTER_COHORT, true},
	    {"Gruppe", ROSTER_COHORT, true},
	    {"Groupe", ROSTER_COHORT, true},
	    {"Track", ROSTER_MODE, true},
	    {"Enrollment Track", ROSTER_MODE, false},
	    {"Roles", ROSTER_ROLE, true},
	    {"Course role", ROSTER_ROLE, true},
	    {"Rolle", ROSTER_ROLE, true},
	    {"Rolle/Status", ROSTER_ROLE, true},
	    {"Last access", ROSTER_LOGIN, true},
	    {"Last access to course", ROSTER_LOGIN, true},
	    {"Last activity", ROSTER_LOGIN, true},
	    {"Letzter Zugriff", ROSTER_LOGIN, true},
	    {"Availability", ROSTER_ENROLLED, true},
	    {"Status", ROSTER_COLUMNS, true},
	    {"Note 1", ROSTER_COLUMNS, true},
	};
	static const char *const emails[] = {"E-Mail", "EMAIL", "Email address",
	    "e_mail", "Mail", "E-Mail-Adresse", "Adresse de courriel",
	    "Correo electr\u00f3nico", "\ufeff\u00a0Email\u200b",
	    "Email Address [Required]", "\uff25\uff2d\uff41il"};
	struct arena *arena = arena_new();
	struct roster_columns c;
	struct fail f;

	for (size_t i = 0; i < N(cases); i++) {
		const struct str header[] = {
		    STR("E-Mail"), str_of(cases[i].title)};
		bool good =
		    roster_header_parse(&c, header, 2, NULL, arena, &f) == 0;

		for (int k = 0; k < ROSTER_COLUMNS; k++) {
			bool made = k == ROSTER_NAME && c.name_is_made;

			if (k != ROSTER_EMAIL && !made)
				good = good && (c.at[k] == 1) ==
						   (k == (int)cases[i].field);
		}
		ok(good && (c.merge_count == 1) == cases[i].merge,
		    "title \"%s\"", cases[i].title);
	}
	for (size_t i = 0; i < N(emails); i++) {
		const struct str header[] = {STR("x"), str_of(emails[i])};

		ok(roster_header_parse(&c, header, 2, NULL, arena, &f) == 0 &&
			c.at[ROSTER_EMAIL] == 1,
		    "address \"%s\"", emails[i]);
	}
	arena_free(arena);
}

/* Words of a row beside the address: the name, the role, the cohort. */
static void
test_words(void)
{
	static const struct {
		const char *titles[2], *cells[2], *name, *role, *cohort;
	} cases[] = {
	    {{"First name", "Last name"}, {"Ann", "Lee"}, "Ann Lee", "", ""},
	    {{"First name", "Last name"}, {"", "Lee"}, "Lee", "", ""},
	    {{"First name", "Last name"}, {"NULL", "N/A"}, "", "", ""},
	    {{"First name", "Last name"}, {"Ann", "Null"}, "Ann Null", "", ""},
	    {{"Vorname", "Name"}, {"Ann", "Lee"}, "Ann Lee", "", ""},
	    {{"Vorname", "Name"}, {"Ann", "Ann Lee"}, "Ann Lee", "", ""},
	    {{"Vorname", "Name"}, {"Ann", "Annabel"}, "Ann Annabel", "", ""},
	    {{"First name", "Name"}, {"Ann", "Lee"}, "Lee", "", ""},
	    {{"Name", "Last name"}, {"", "Lee"}, "Lee", "", ""},
	    {{"Roles", "Groups"}, {"Teacher", "No groups"}, "", "instructor",
		""},
	    {{"Roles", "Groups"}, {"Non-editing teacher", "A"}, "", "staff",
		"A"},
	    {{"Roles", "Groups"}, {"Student", "-"}, "", "", ""},
	    {{"Rolle/Status", "x"}, {"Mitglied", ""}, "", "", ""},
	    {{"Rolle/Status", "x"}, {"Kursmitglied", ""}, "", "", ""},
	    {{"Rolle/Status", "x"}, {"Tutor", ""}, "", "staff", ""},
	    {{"Rolle/Status", "x"}, {"Kursadministrator/in", ""}, "",
		"instructor", ""},
	    {{"Rolle", "x"}, {"Teilnehmer", ""}, "", "", ""},
	    {{"Rolle", "x"}, {"TEILNEHMENDE/R", ""}, "", "", ""},
	    {{"Rolle", "x"}, {"Tutor/in", ""}, "", "staff", ""},
	    {{"Rolle", "x"}, {"Dozent/in", ""}, "", "instructor", ""},
	    {{"Rolle", "x"}, {"Lehrende", ""}, "", "instructor", ""},
	    {{"Rollen", "x"}, {"Trainer", ""}, "", "instructor", ""},
	    {{"Rollen", "x"}, {"Trainer/in ohne Bearbeitungsrecht", ""}, "",
		"staff", ""},
	    {{"Rolle", "x"}, {"Gast", ""}, "", "Gast", ""},
	    {{"role", "cohort"}, {"beta_tester", "Blue"}, "", "beta_tester",
		"Blue"},
	    {{"role", "Group"}, {"TA", "a\nb"}, "", "staff", ""},
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < N(cases); i++) {
		const struct str header[] = {STR("email"),
		    str_of(cases[i].titles[0]), str_of(cases[i].titles[1])};
		const struct str fields[] = {STR("a@b.org"),
		    str_of(cases[i].cells[0]), str_of(cases[i].cells[1])};
		struct roster_columns c;
		struct roster_row p = {0};
		struct fail f = {0};

		ok(roster_header_parse(&c, header, 3, NULL, arena, &f) == 0 &&
			roster_row_parse(&p, &c, fields, 3, arena, &f) == 0,
		    "row %zu %s", i, f.text);
		same(p.name, cases[i].name, "name");
		same(p.role, cases[i].role, "role");
		same(p.cohort, cases[i].cohort, "cohort");
	}
	arena_free(arena);
}

/* "2 3= 4!" are lines of rows, of the titles again and of refused rows; then
 * the line of another table, its first word, its rows and its addresses. */
static void
read_tables(struct buf *got, struct str text, struct arena *arena)
{
	FILE *file = fmemopen((void *)text.p, text.n, "r");
	struct csv *csv = csv_new(file);
	struct roster_columns columns;
	struct roster_rows rows;
	struct csv_row row;
	struct fail f;
	struct str key;
	unsigned long line;
	int r;

	ok(csv_next(csv, &row, &f) == 1 &&
		roster_header_parse(
		    &columns, row.fields, row.count, NULL, arena, &f) == 0,
	    "header");
	roster_rows_init(&rows, csv, &columns);
	while ((r = roster_rows_next(&rows, &row, &f)) != 0) {
		bool same = r == 1 &&
			    roster_rows_judge(&rows, &row) == ROSTER_TABLE_SAME;

		buf_printf(got, "%lu%s ", row.line,
		    r < 0  ? "!"
		    : same ? "="
			   : "");
	}
	while (roster_rows_skip(&rows, &key, &line, &f) == 1)
		buf_printf(got, "(%.*s) ", (int)key.n, key.p);
	if (rows.rest.line > 0)
		buf_printf(got, "%lu %s %lld", rows.rest.line, rows.rest.word,
		    rows.rest.rows);
	roster_rows_free(&rows);
	csv_free(csv);
	fclose(file);
}

static void
test_tables(void)
{
	static const struct {
		struct str text;
		const char *want;
	} cases[] = {
	    /* Behind an empty line, an empty row, a heading, all of them. */
	    {TEXT("Name,Email,Role\nA,a@b.c,x\n\nName,Joined,Email,Role\n"
		  "A,1,a@b.c,x\nB,2,b@b.c,x\n"),
		"2 (a@b.c) (b@b.c) 4 Name 2"},
	    {TEXT("Name,Email\nA,a@b.c\n,\nRole,Email\nx,b@b.c\n"),
		"2 3 (b@b.c) 4 Role 1"},
	    {TEXT("Name,Email\nA,a@b.c\n3. Rest\nName,Time,E-Mail\nB,1,\n"),
		"2 3 3. Rest 1"},
	    {TEXT("Name,Email\nA,a@b.c\n\n,3. Rest\n,\nMore\nName,Group\n"
		  "B,1\n"),
		"2 4 3. Rest 1"},
	    /* Titles of the header line that no synonym is. */
	    {TEXT("Email,Points,Room\na@b.c,1,2\n\nRoom,Hour,points\n2,3,4\n"),
		"2 4 Room 1"},
	    /* The titles of a third table tell where its addresses are. */
	    {TEXT("Name,Email\nA,a@b.c\n\nRole,Name\nx@b.c,y\n\nThird\n"
		  "Name,By,Email\nB,z@b.c,b@b.c\n"),
		"2 (x@b.c) (b@b.c) 4 Role 2"},
	    /* A row that cannot be read is left out with the others. */
	    {TEXT("Name,Email\nA,a@b.c\n\nRole,Name\n\xff,y\nz,z\n"),
		"2 4 Role 2"},
	    /* The same titles, as they are, in another case, translated. */
	    {TEXT("Name,Email\nA,a@b.c\n\nName,Email\nB,b@b.c\n"), "2 4= 5 "},
	    {TEXT("Name,Email\nA,a@b.c\nPage 2\nNAME,e-mail,\nB,b@b.c\n"),
		"2 3 4= 5 "},
	    {TEXT("Given name,Email\nA,a@b.c\nVorname,E-Mail-Adresse\n"
		  "B,b@b.c\n"),
		"2 3= 4 "},
	    /* Not set apart; with an address; one title, or one twice; points.
	     */
	    {TEXT("Name,Email\nA,a@b.c\nRole,Group\nB,b@b.c\n"), "2 3 4 "},
	    {TEXT("Name,Email,x\nA,a@b.c,\n\nName,Role,b@b.c\nB,b@b.c,\n"),
		"2 4 5 "},
	    {TEXT("Name,Email\nA,a@b.c\n\nName,Ann\nB,b@b.c\n"), "2 4 5 "},
	    {TEXT("Name,Email\nA,a@b.c\n\nRole,Role\nB,b@b.c\n"), "2 4 5 "},
	    {TEXT("Email,1,2\na@b.c,3,4\n\n,1,2\nb@b.c,5,6\n"), "2 4 5 "},
	    /* Headings of people of one table, more than are held. */
	    {TEXT("Name,Email\nBlue\nA,a@b.c\nRed\n\xff,x\nB,b@b.c\n"),
		"2 3 4 5! 6 "},
	    {TEXT("Email\n1\n2\n3\n4\n5\n6\n7\n8\n9\na@b.c\nx"),
		"2 3 4 5 6 7 8 9 10 11 12 "},
	};
	struct arena *arena = arena_new();
	struct buf got = {0};

	for (size_t i = 0; i < N(cases); i++) {
		buf_reset(&got);
		read_tables(&got, cases[i].text, arena);
		same(buf_str(&got), cases[i].want, "tables");
	}
	buf_free(&got);
	arena_free(arena);
}

int
main(void)
{
	test_times();
	test_trim();
	test_names();
	test_cells();
	test_looks();
	test_unreachable();
	test_dialects();
	test_decode();
	test_decode_long();
	test_titles();
	test_words();
	test_tables();
	return unit_end();
}
