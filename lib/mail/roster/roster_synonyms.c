#include "mail/roster/roster_synonyms.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/utf8.h"

/*
 * The likely names of a field are in the order of trust. They are folded as
 * titles are, so that "E-Mail" stands here as "email".
 */
static const struct roster_synonym synonyms[] = {
    {"id", ROSTER_ID, ROSTER_PRIME, 0},
    {"user_id", ROSTER_ID, ROSTER_PRIME, 0},
    {"username", ROSTER_USERNAME, ROSTER_PRIME, 0},
    {"email", ROSTER_EMAIL, ROSTER_PRIME, 0},
    {"name", ROSTER_NAME, ROSTER_PRIME, 0},
    {"full_name", ROSTER_NAME, ROSTER_PRIME, 0},
    {"is_active", ROSTER_ACTIVE, ROSTER_PRIME, 0},
    {"last_login", ROSTER_LOGIN, ROSTER_PRIME, 0},
    {"enrollment_is_active", ROSTER_ENROLLED, ROSTER_PRIME, 0},
    {"enrollment_mode", ROSTER_MODE, ROSTER_PRIME, 0},
    {"mode", ROSTER_MODE, ROSTER_PRIME, 0},
    {"cohort", ROSTER_COHORT, ROSTER_PRIME, 0},
    {"role", ROSTER_ROLE, ROSTER_PRIME, 0},
    {"course_id", ROSTER_COURSE, ROSTER_PRIME, 0},
    {"enrollment_status", ROSTER_ENROLLED, ROSTER_PRIME, 0},
    {"enrolment_status", ROSTER_ENROLLED, ROSTER_PRIME, 0},
    {"enrollment_state", ROSTER_ENROLLED, ROSTER_PRIME, 0},
    {"enrolment_state", ROSTER_ENROLLED, ROSTER_PRIME, 0},
    {"enrolment_is_active", ROSTER_ENROLLED, ROSTER_PRIME, 0},
    {"enrollment_active", ROSTER_ENROLLED, ROSTER_PRIME, 0},
    {"enrolment_active", ROSTER_ENROLLED, ROSTER_PRIME, 0},
    {"is_enrolled", ROSTER_ENROLLED, ROSTER_PRIME, 0},
    {"enrolled", ROSTER_ENROLLED, ROSTER_PRIME, 0},
    /* Open edX's reports of grades and certificates. */
    {"student_id", ROSTER_ID, ROSTER_REPORT, 0},
    {"cohort_name", ROSTER_COHORT, ROSTER_REPORT, 0},
    {"enrollment_track", ROSTER_MODE, ROSTER_REPORT, 0},
    {"enrolment_mode", ROSTER_MODE, ROSTER_REPORT, 0},
    {"enrolment_track", ROSTER_MODE, ROSTER_REPORT, 0},
    /* Addresses. */
    {"emailaddress", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"emailaddressrequired", ROSTER_EMAIL, ROSTER_LIKELY, 0}, /* Google */
    {"mail", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"mailaddress", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"useremail", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"studentemail", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"learneremail", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"emailid", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"participantemail", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"teilnehmeremail", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"emailadresse", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"mailadresse", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"adresseemail", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"adressemail", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"adressedecourriel", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"adressecourriel", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"courriel", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"correoelectr\u00f3nico", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"correoelectronico", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"direcci\u00f3ndecorreo", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"direcci\u00f3ndecorreoelectr\u00f3nico", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"correo", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"indirizzoemail", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"emailadres", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"endere\u00e7odeemail", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"epost", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"epostadress", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"epostadresse", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"s\u00e4hk\u00f6posti", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    {"adresemail", ROSTER_EMAIL, ROSTER_LIKELY, 0},
    /* User ids. */
    {"sisuserid", ROSTER_ID, ROSTER_LIKELY, 0},
    {"sisid", ROSTER_ID, ROSTER_LIKELY, 0},
    {"orgdefinedid", ROSTER_ID, ROSTER_LIKELY, 0},
    {"idnumber", ROSTER_ID, ROSTER_LIKELY, 0},
    {"studentnumber", ROSTER_ID, ROSTER_LIKELY, 0},
    {"matriculationnumber", ROSTER_ID, ROSTER_LIKELY, 0},
    {"matrikelnummer", ROSTER_ID, ROSTER_LIKELY, 0},
    {"matrikelnr", ROSTER_ID, ROSTER_LIKELY, 0},
    {"matrnr", ROSTER_ID, ROSTER_LIKELY, 0},
    {"idnummer", ROSTER_ID, ROSTER_LIKELY, 0},
    {"num\u00e9rod\u00e9tudiant", ROSTER_ID, ROSTER_LIKELY, 0},
    {"num\u00e9rodidentification", ROSTER_ID, ROSTER_LIKELY, 0},
    {"n\u00famerodeid", ROSTER_ID, ROSTER_LIKELY, 0},
    {"learnerid", ROSTER_ID, ROSTER_LIKELY, 0},
    {"personid", ROSTER_ID, ROSTER_LIKELY, 0},
    {"externalid", ROSTER_ID, ROSTER_LIKELY, 0},
    {"canvasuserid", ROSTER_ID, ROSTER_LIKELY, 0},
    /* User names. */
    {"login", ROSTER_USERNAME, ROSTER_LIKELY, 0},
    {"loginid", ROSTER_USERNAME, ROSTER_LIKELY, 0},
    {"netid", ROSTER_USERNAME, ROSTER_LIKELY, 0},
    {"loginname", ROSTER_USERNAME, ROSTER_LIKELY, 0},
    {"sisloginid", ROSTER_USERNAME, ROSTER_LIKELY, 0},
    {"benutzername", ROSTER_USERNAME, ROSTER_LIKELY, 0},
    {"nutzername", ROSTER_USERNAME, ROSTER_LIKELY, 0},
    {"anmeldename", ROSTER_USERNAME, ROSTER_LIKELY, 0},
    {"nomdutilisateur", ROSTER_USERNAME, ROSTER_LIKELY, 0},
    {"nombredeusuario", ROSTER_USERNAME, ROSTER_LIKELY, 0},
    {"gebruikersnaam", ROSTER_USERNAME, ROSTER_LIKELY, 0},
    {"nomeutente", ROSTER_USERNAME, ROSTER_LIKELY, 0},
    {"userprincipalname", ROSTER_USERNAME, ROSTER_LIKELY, 0},
    {"participantidupn", ROSTER_USERNAME, ROSTER_LIKELY, 0}, /* Teams */
    /* Names. */
    {"fullname", ROSTER_NAME, ROSTER_LIKELY, 0},
    {"displayname", ROSTER_NAME, ROSTER_LIKELY, 0},
    {"student", ROSTER_NAME, ROSTER_LIKELY, ROSTER_CANVAS},
    {"studentname", ROSTER_NAME, ROSTER_LIKELY, 0},
    {"learnername", ROSTER_NAME, ROSTER_LIKELY, 0},
    {"participantname", ROSTER_NAME, ROSTER_LIKELY, 0},
    {"vollst\u00e4ndigername", ROSTER_NAME, ROSTER_LIKELY, 0},
    {"nomcomplet", ROSTER_NAME, ROSTER_LIKELY, 0},
    {"nombrecompleto", ROSTER_NAME, ROSTER_LIKELY, 0},
    {"nomecompleto", ROSTER_NAME, ROSTER_LIKELY, 0},
    {"volledigenaam", ROSTER_NAME, ROSTER_LIKELY, 0},
    {"firstname", ROSTER_FIRST, ROSTER_LIKELY, 0},
    {"firstnamerequired", ROSTER_FIRST, ROSTER_LIKELY, 0}, /* Google */
    {"givenname", ROSTER_FIRST, ROSTER_LIKELY, 0},
    {"givennames", ROSTER_FIRST, ROSTER_LIKELY, 0},
    {"forename", ROSTER_FIRST, ROSTER_LIKELY, 0},
    {"vorname", ROSTER_FIRST, ROSTER_LIKELY, 0},
    {"vornamen", ROSTER_FIRST, ROSTER_LIKELY, 0},
    {"pr\u00e9nom", ROSTER_FIRST, ROSTER_LIKELY, 0},
    {"prenom", ROSTER_FIRST, ROSTER_LIKELY, 0},
    {"voornaam", ROSTER_FIRST, ROSTER_LIKELY, 0},
    {"nombre", ROSTER_FIRST, ROSTER_LIKELY, 0},
    {"nombres", ROSTER_FIRST, ROSTER_LIKELY, 0},
    {"nome", ROSTER_FIRST, ROSTER_LIKELY, 0},
    {"f\u00f6rnamn", ROSTER_FIRST, ROSTER_LIKELY, 0},
    {"fornavn", ROSTER_FIRST, ROSTER_LIKELY, 0},
    {"imi\u0119", ROSTER_FIRST, ROSTER_LIKELY, 0},
    {"lastname", ROSTER_LAST, ROSTER_LIKELY, 0},
    {"lastnamerequired", ROSTER_LAST, ROSTER_LIKELY, 0}, /* Google */
    {"surname", ROSTER_LAST, ROSTER_LIKELY, 0},
    {"familyname", ROSTER_LAST, ROSTER_LIKELY, 0},
    {"nachname", ROSTER_LAST, ROSTER_LIKELY, 0},
    {"familienname", ROSTER_LAST, ROSTER_LIKELY, 0},
    {"zuname", ROSTER_LAST, ROSTER_LIKELY, 0},
    {"nomdefamille", ROSTER_LAST, ROSTER_LIKELY, 0},
    {"nom", ROSTER_LAST, ROSTER_LIKELY, 0},
    {"apellidos", ROSTER_LAST, ROSTER_LIKELY, 0},
    {"apellido", ROSTER_LAST, ROSTER_LIKELY, 0},
    {"cognome", ROSTER_LAST, ROSTER_LIKELY, 0},
    {"achternaam", ROSTER_LAST, ROSTER_LIKELY, 0},
    {"naam", ROSTER_LAST, ROSTER_LIKELY, 0},
    {"sobrenome", ROSTER_LAST, ROSTER_LIKELY, 0},
    {"efternamn", ROSTER_LAST, ROSTER_LIKELY, 0},
    {"etternavn", ROSTER_LAST, ROSTER_LIKELY, 0},
    {"nazwisko", ROSTER_LAST, ROSTER_LIKELY, 0},
    /* Cohorts and groups. */
    {"cohorts", ROSTER_COHORT, ROSTER_LIKELY, 0},
    {"group", ROSTER_COHORT, ROSTER_LIKELY, 0},
    {"groups", ROSTER_COHORT, ROSTER_LIKELY, 0},
    {"groupname", ROSTER_COHORT, ROSTER_LIKELY, 0},
    {"section", ROSTER_COHORT, ROSTER_LIKELY, 0},
    {"sections", ROSTER_COHORT, ROSTER_LIKELY, 0},
    {"gruppe", ROSTER_COHORT, ROSTER_LIKELY, 0},
    {"gruppen", ROSTER_COHORT, ROSTER_LIKELY, 0},
    {"groupe", ROSTER_COHORT, ROSTER_LIKELY, 0},
    {"groupes", ROSTER_COHORT, ROSTER_LIKELY, 0},
    {"grupo", ROSTER_COHORT, ROSTER_LIKELY, 0},
    {"grupos", ROSTER_COHORT, ROSTER_LIKELY, 0},
    /* Tracks. */
    {"track", ROSTER_MODE, ROSTER_LIKELY, 0},
    /* Roles. */
    {"roles", ROSTER_ROLE, ROSTER_LIKELY, 0},
    {"courserole", ROSTER_ROLE, ROSTER_LIKELY, 0},
    {"rolle", ROSTER_ROLE, ROSTER_LIKELY, 0},
    {"rollen", ROSTER_ROLE, ROSTER_LIKELY, 0},
    {"rollestatus", ROSTER_ROLE, ROSTER_LIKELY, 0}, /* ILIAS */
    {"r\u00f4le", ROSTER_ROLE, ROSTER_LIKELY, 0},
    {"r\u00f4les", ROSTER_ROLE, ROSTER_LIKELY, 0},
    /* The last access. */
    {"lastaccesstocourse", ROSTER_LOGIN, ROSTER_LIKELY, 0},
    {"lastaccess", ROSTER_LOGIN, ROSTER_LIKELY, 0},
    {"lastaccessed", ROSTER_LOGIN, ROSTER_LIKELY, 0},
    {"lastactivity", ROSTER_LOGIN, ROSTER_LIKELY, 0},
    {"lastlogindate", ROSTER_LOGIN, ROSTER_LIKELY, 0},
    {"lastsignin", ROSTER_LOGIN, ROSTER_LIKELY, 0},
    {"lastsigninreadonly", ROSTER_LOGIN, ROSTER_LIKELY, 0}, /* Google */
    {"letzterlogin", ROSTER_LOGIN, ROSTER_LIKELY, 0},
    {"letzteranmeldung", ROSTER_LOGIN, ROSTER_LIKELY, 0},
    {"letzterzugriff", ROSTER_LOGIN, ROSTER_LIKELY, 0},
    {"letzterzugriffaufdenkurs", ROSTER_LOGIN, ROSTER_LIKELY, 0},
    {"letzterzugangzumkurs", ROSTER_LOGIN, ROSTER_LIKELY, 0},
    {"dernieracc\u00e8s", ROSTER_LOGIN, ROSTER_LIKELY, 0},
    {"dernieracc\u00e8saucours", ROSTER_LOGIN, ROSTER_LIKELY, 0},
    {"\u00faltimoacceso", ROSTER_LOGIN, ROSTER_LIKELY, 0},
    {"\u00faltimoaccesoalcurso", ROSTER_LOGIN, ROSTER_LIKELY, 0},
    /* The enrolment, where a column of this name is known to say it. */
    {"status", ROSTER_ENROLLED, ROSTER_LIKELY, ROSTER_MOODLE | ROSTER_CANVAS},
    {"statut", ROSTER_ENROLLED, ROSTER_LIKELY, ROSTER_MOODLE},
    {"estado", ROSTER_ENROLLED, ROSTER_LIKELY, ROSTER_MOODLE},
    {"availability", ROSTER_ENROLLED, ROSTER_LIKELY, ROSTER_BLACKBOARD},
};

/* Titles, folded, that only files of one system have. */
static const struct marker {
	const char *title;
	enum roster_system system;
} markers[] = {
    {"yearofbirth", ROSTER_EDX},
    {"levelofeducation", ROSTER_EDX},
    {"verificationstatus", ROSTER_EDX},
    {"enrollmentmode", ROSTER_EDX},
    {"enrollmenttrack", ROSTER_EDX},
    {"certificateeligible", ROSTER_EDX},
    {"lastaccesstocourse", ROSTER_MOODLE},
    {"letzterzugriffaufdenkurs", ROSTER_MOODLE},
    {"letzterzugangzumkurs", ROSTER_MOODLE},
    {"dernieracc\u00e8saucours", ROSTER_MOODLE},
    {"\u00faltimoaccesoalcurso", ROSTER_MOODLE},
    {"sisuserid", ROSTER_CANVAS},
    {"sisloginid", ROSTER_CANVAS},
    {"canvasuserid", ROSTER_CANVAS},
    {"sortablename", ROSTER_CANVAS},
    {"childcourseid", ROSTER_BLACKBOARD},
    {"availability", ROSTER_BLACKBOARD},
    {"orgdefinedid", ROSTER_BRIGHTSPACE},
    {"endoflineindicator", ROSTER_BRIGHTSPACE},
};

/* For --column and for people. */
static const char *const fields[ROSTER_COLUMNS] = {"id", "username", "email",
    "name", "is_active", "last_login", "enrollment_status", "enrollment_mode",
    "cohort", "role", "course_id", "first_name", "last_name"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool
is_kept(uint32_t cp)
{
	return cp < 0x80 ? ascii_is_alnum((char)cp)
			 : !utf8_is_space(cp) && !utf8_is_invisible(cp) &&
			       cp != 0x2019 && cp > 0x9F;
}

struct str
roster_synonyms_fold(struct str title, struct arena *arena)
{
	struct buf folded = {0}, kept = {0};
	struct str s;

	utf8_fold(&folded, title);
	s = buf_str(&folded);
	for (size_t i = 0; i < s.n;) {
		size_t at = i;

		if (is_kept(utf8_next(s.p, s.n, &i)))
			buf_add(&kept, s.p + at, i - at);
	}
	s = arena_str(arena, buf_str(&kept));
	buf_free(&folded);
	buf_free(&kept);
	return s;
}

unsigned
roster_synonyms_system(struct str folded)
{
	for (size_t i = 0; i < COUNT(markers); i++) {
		if (str_is(folded, markers[i].title))
			return markers[i].system;
	}
	return 0;
}

/* A name of bm's own in any case, with a blank or hyphen for "_". */
static bool
is_spelled(struct str title, const char *name)
{
	size_t n = 0;

	while (n < title.n && name[n] != '\0') {
		char c = ascii_lower(title.p[n]);

		if (((c == ' ' || c == '-') ? '_' : c) != name[n])
			return false;
		n++;
	}
	return n == title.n && name[n] == '\0';
}

/* Is the folded title the name without its underscores? */
static bool
is_folded(struct str folded, const char *name)
{
	size_t n = 0;

	for (; *name != '\0'; name++) {
		if (*name == '_')
			continue;
		if (n == folded.n || folded.p[n] != *name)
			return false;
		n++;
	}
	return n == folded.n;
}

const struct roster_synonym *
roster_synonyms_find(struct str title, struct str folded, unsigned systems,
    enum roster_surety *surety, size_t *rank)
{
	for (size_t i = 0; i < COUNT(synonyms); i++) {
		const struct roster_synonym *s = &synonyms[i];
		bool own = s->surety != ROSTER_LIKELY;

		if ((s->systems != 0 && (s->systems & systems) == 0) ||
		    !is_folded(folded, s->name))
			continue;
		*surety = own && is_spelled(title, s->name) ? s->surety
							    : ROSTER_LIKELY;
		*rank = i;
		return s;
	}
	return NULL;
}

enum roster_column
roster_synonyms_field(struct str name)
{
	for (size_t i = 0; i < ROSTER_COLUMNS; i++) {
		if (is_spelled(name, fields[i]))
			return (enum roster_column)i;
	}
	for (size_t i = 0; i < COUNT(synonyms); i++) {
		if (synonyms[i].surety != ROSTER_LIKELY &&
		    is_spelled(name, synonyms[i].name))
			return synonyms[i].column;
	}
	return ROSTER_COLUMNS;
}

const char *
roster_synonyms_name(enum roster_column column)
{
	return fields[column];
}
