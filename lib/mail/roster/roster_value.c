#include "mail/roster/roster_value.h"

#include <stdint.h>
#include <string.h>

#include "base/ascii.h"
#include "base/fail.h"
#include "base/num.h"
#include "base/trim.h"
#include "mail/roster/roster_time.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* No value; upper case counts, because people are called Null. */
static const char *const absent[] = {"None", "NULL", "(null)", "\\N", "N/A",
    "n/a", "#N/A", "#NV", "[null]", "undefined"};

static const char *const never[] = {
    "none", "null", "never", "nie", "jamais", "nunca", "mai", "nooit", "-"};

/* The words of the exports of learning platforms. */
static const struct status_word {
	const char *word;
	bool enrolled;
} status_words[] = {
    {"enrolled", true},
    {"active", true},
    {"aktiv", true},
    {"actif", true},
    {"activo", true},
    {"unenrolled", false},
    {"unenroled", false},
    {"un-enrolled", false},
    {"not enrolled", false},
    {"not_enrolled", false},
    {"inactive", false},
    {"inaktiv", false},
    {"nicht aktiv", false},
    {"inactif", false},
    {"inactivo", false},
    {"suspended", false},
    {"gesperrt", false},
    {"suspendu", false},
    {"suspendido", false},
    {"not current", false}, /* Moodle: begins later, or is over */
    {"nicht aktuell", false},
    {"completed", false}, /* Canvas: the enrolment is concluded */
    {"concluded", false},
    {"withdrawn", false},
    {"dropped", false},
    {"deleted", false},
    {"removed", false},
};

static const struct role_word {
	const char *word, *role; /* NULL: a learner */
} role_words[] = {
    {"student", NULL},
    {"students", NULL},
    {"learner", NULL},
    {"studentenrollment", NULL},
    {"studierende", NULL},
    {"studierende/r", NULL},
    {"teilnehmer", NULL},
    {"teilnehmerin", NULL},
    {"teilnehmer/in", NULL},
    {"teilnehmer*in", NULL},
    {"teilnehmer:in", NULL},
    {"teilnehmende", NULL},
    {"teilnehmende/r", NULL},
    {"mitglied", NULL}, /* ILIAS */
    {"kursmitglied", NULL},
    {"gruppenmitglied", NULL},
    {"studierender", NULL},
    {"studentin", NULL},
    {"student/in", NULL},
    {"student*in", NULL},
    {"student:in", NULL},
    {"lernende", NULL},
    {"lernende/r", NULL},
    {"\u00e9tudiant", NULL},
    {"estudiante", NULL},
    {"teacher", "instructor"},
    {"instructor", "instructor"},
    {"teacherenrollment", "instructor"},
    {"editing teacher", "instructor"},
    {"non-editing teacher", "staff"},
    {"ta", "staff"},
    {"teaching assistant", "staff"},
    {"taenrollment", "staff"},
    {"staff", "staff"},
    {"trainer", "instructor"},
    {"trainerin", "instructor"},
    {"trainer/in", "instructor"}, /* Moodle, as its editing teacher */
    {"trainer*in", "instructor"},
    {"trainer:in", "instructor"},
    {"trainer/in ohne bearbeitungsrecht", "staff"},
    {"kursadministrator", "instructor"}, /* ILIAS */
    {"kursadministrator/in", "instructor"},
    {"dozent", "instructor"},
    {"dozentin", "instructor"},
    {"dozent/in", "instructor"},
    {"dozent*in", "instructor"},
    {"dozent:in", "instructor"},
    {"dozierende", "instructor"},
    {"dozierende/r", "instructor"},
    {"lehrende", "instructor"},
    {"lehrende/r", "instructor"},
    {"lehrkraft", "instructor"},
    {"tutor", "staff"},
    {"tutorin", "staff"},
    {"tutor/in", "staff"},
    {"tutor*in", "staff"},
    {"tutor:in", "staff"},
    {"kurstutor", "staff"},
    {"kurstutor/in", "staff"},
};

/* How rows of a gradebook begin that are of nobody. */
static const char *const totals[] = {"points possible", "manual posting",
    "points", "date", "due date", "total", "totals", "sum", "average",
    "overall average", "class average", "mean", "median", "maximum", "minimum",
    "max points", "standard deviation", "summe", "gesamt", "durchschnitt",
    "mittelwert", "moyenne", "moyenne g\u00e9n\u00e9rale", "total general",
    "promedio", "out of", "possible points"};

static bool
is_among(struct str s, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (str_is_nocase(s, words[i]))
			return true;
	}
	return false;
}

bool
roster_value_is_none(struct str s)
{
	return s.n == 4 && memcmp(s.p, "None", 4) == 0;
}

bool
roster_value_is_absent(struct str s)
{
	if (s.n > 9)
		return false;
	for (size_t i = 0; i < COUNT(absent); i++) {
		if (str_is(s, absent[i]))
			return true;
	}
	return false;
}

bool
roster_value_is_never(struct str s)
{
	return s.n == 0 || is_among(s, never, COUNT(never)) ||
	       roster_value_is_absent(s);
}

static const struct status_word *
find_word(struct str s)
{
	for (size_t i = 0; i < COUNT(status_words); i++) {
		if (str_is_nocase(s, status_words[i].word))
			return &status_words[i];
	}
	return NULL;
}

bool
roster_value_enrolled(struct str s, bool *enrolled)
{
	const struct status_word *word = find_word(s);
	struct fail f;
	int64_t ms;

	*enrolled = word == NULL || word->enrolled;
	if (word != NULL)
		return true;
	/* The time of the enrolment says it as well. */
	return num_bool(s, enrolled, &f) == 0 ||
	       roster_time_parse(s, ROSTER_TIME_DAY_FIRST, &ms, &f) == 0;
}

bool
roster_value_has_left(struct str s)
{
	const struct status_word *word = find_word(s);

	return word != NULL && !word->enrolled;
}

struct str
roster_value_role(struct str s)
{
	for (size_t i = 0; i < COUNT(role_words); i++) {
		if (str_is_nocase(s, role_words[i].word))
			return str_of(role_words[i].role);
	}
	return s;
}

struct str
roster_value_unguard(struct str s)
{
	struct str t = trim_text(s);

	if (t.n < 3 || t.p[0] != '=' || t.p[1] != '"' || t.p[t.n - 1] != '"')
		return s;
	return (struct str){t.p + 2, t.n - 3};
}

/* "Total: 25" as "Total" */
static struct str
cut_number(struct str s)
{
	const char *colon = memchr(s.p, ':', s.n);

	if (colon != NULL)
		s.n = (size_t)(colon - s.p);
	while (s.n > 0 && (ascii_is_digit(s.p[s.n - 1]) || s.p[s.n - 1] == ' '))
		s.n--;
	return s;
}

struct str
roster_value_totals(const struct str *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct str s = trim_text(fields[i]);

		if (s.n > 0)
			return is_among(cut_number(s), totals, COUNT(totals))
				   ? s
				   : (struct str){0};
	}
	return (struct str){0};
}
