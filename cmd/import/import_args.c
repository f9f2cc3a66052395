#include "import/import_args.h"

#include <string.h>

#include "base/ascii.h"
#include "base/field_name.h"
#include "base/program.h"
#include "base/utf8.h"
#include "mail/mime/addr.h"
#include "mail/record/record.h"
#include "mail/roster/roster_text.h"
#include "port/db/db.h"

#define SOURCE_MAX 64 /* bytes */

static const struct option_rule rules[] = {
    {OPTION_RULE_NEEDS,
	"role source sync change-people expect-changed dry-run rejects column "
	"delimiter encoding progress no-progress",
	"FILE"},
    {OPTION_RULE_NEEDS, "expect-removed", "sync"},
    {OPTION_RULE_APART, "create dry-run", NULL},
    {OPTION_RULE_APART, "progress no-progress", NULL},
    {0},
};

static void
put_libraries(struct buf *b)
{
	db_library(b);
	utf8_library(b);
	addr_library(b);
}

int
import_args_parse(struct import_args *args, struct options *o,
    struct arena *arena, int argc, char **argv)
{
	const struct option_spec specs[] = {
	    OPTION_TEXT(
		"db", 0, &args->db_path, "FILE", "BM_DB", "the database"),
	    OPTION_FLAG("create", 0, &args->create,
		"make the database unless it exists"),
	    OPTION_TEXT("course", 0, &args->course, "ID", NULL,
		"the course that the rows are of"),
	    OPTION_TEXT("title", 0, &args->title, "TEXT", NULL,
		"set the course's title"),
	    OPTION_TEXT(
		"url", 0, &args->url, "URL", NULL, "set the course's address"),
	    OPTION_TEXT("image-url", 0, &args->image_url, "URL", NULL,
		"set the course's picture"),
	    OPTION_TEXT("language", 0, &args->language, "TAG", NULL,
		"set the course's language"),
	    OPTION_TEXT("email-enabled", 0, &args->enabled, "yes|no", NULL,
		"allow email, or forbid"),
	    OPTION_TEXT("role", 0, &args->role, "ROLE", NULL,
		"the rows hold this role (staff ...)"),
	    OPTION_TEXT("source", 0, &args->source, "NAME", NULL,
		"the system that gave the user ids"),
	    OPTION_FLAG("change-people", 0, &args->change_people,
		"an id may become another person's"),
	    OPTION_TEXT("expect-changed", 0, &args->expect_changed, "N|A..B",
		NULL, "change nothing if more addresses would change"),
	    OPTION_FLAG(
		"sync", 0, &args->sync, "who is not in the file is removed"),
	    OPTION_TEXT("expect-removed", 0, &args->expect_removed, "N|A..B",
		NULL, "change nothing if --sync would remove another number"),
	    OPTION_FLAG(
		"dry-run", 0, &args->dry_run, "only show what would change"),
	    OPTION_TEXT("rejects", 0, &args->rejects, "FILE", NULL,
		"refused rows as NDJSON"),
	    OPTION_LIST("column", 0, &args->columns, "FIELD=TITLE",
		"the column that gives a field, by its title or as #NUMBER"),
	    OPTION_TEXT("delimiter", 0, &args->delimiter, "CHAR", NULL,
		"what separates the columns: a character, or tab"),
	    OPTION_TEXT("encoding", 0, &args->sheet.encoding, "NAME", NULL,
		"the encoding of the file, a name of iconv -l"),
	    PROGRESS_OPTIONS(args->progress),
	    {0},
	};
	int status;

	*args = (struct import_args){0};
	*o = (struct options){.program = IMPORT_ARGS_PROGRAM,
	    .versions = put_libraries,
	    .synopsis = "--course ID [OPTION...] [FILE.csv]",
	    .purpose = "Bring a roster from a CSV file into the database.",
	    .specs =
		memcpy(arena_alloc(arena, sizeof(specs)), specs, sizeof(specs)),
	    .required = "course",
	    .rules = rules,
	    .operands_max = 1};
	status = program_options(o, argc, argv);
	if (status >= 0)
		return status;
	args->verbose = o->verbose;
	args->file = o->operand_count > 0 ? o->operands[0] : NULL;
	return -1;
}

static int
check_url(const char *what, const char *url, struct fail *f)
{
	struct str s = str_of(url);

	if (url == NULL)
		return 0;
	if (!str_starts(s, "http://") && !str_starts(s, "https://"))
		return fail_system(
		    f, "--%s must begin with https:// or http://", what);
	if (strpbrk(url, " \"<>\\") != NULL)
		return fail_system(f, "--%s is not a URL", what);
	return roster_text_check(what, s, f);
}

static int
check_texts(const struct import_args *args, struct fail *f)
{
	if (record_check_course_id(str_of(args->course), f) < 0 ||
	    (args->title != NULL &&
		roster_text_check("--title", str_of(args->title), f) < 0) ||
	    (args->role != NULL &&
		roster_text_check("--role", str_of(args->role), f) < 0) ||
	    check_url("url", args->url, f) < 0 ||
	    check_url("image-url", args->image_url, f) < 0)
		return -1;
	if (args->language != NULL &&
	    args->language[strspn(args->language,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789-")] != '\0')
		return fail_data(
		    f, "--language is not a language tag like en or pt-BR");
	return 0;
}

/* It stands in user ids, and so in names of files and in targets. */
static int
check_source(const char *source, struct fail *f)
{
	size_t n = source != NULL ? strlen(source) : 1;

	if (source == NULL ||
	    (n > 0 && n <= SOURCE_MAX &&
		strspn(source,
		    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		    "0123456789._-") == n))
		return 0;
	return fail_data(f,
	    "--source is not a name of at most %d letters, digits, dots, "
	    "hyphens and underscores",
	    SOURCE_MAX);
}

static int
check_field(struct str field, struct fail *f)
{
	static const char *const reserved[] = {"course_title", "course_url",
	    "course_image_url", "why", "opted_out"};

	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
		if (str_is(field, reserved[i]))
			return fail_data(f,
			    "--column: %s is no field of a person",
			    reserved[i]);
	}
	if (utf8_valid(field.p, field.n) == field.n &&
	    field_name_is_valid(field))
		return 0;
	return fail_data(f,
	    "--column: \"%.*s\" cannot be the name of a field: no blanks, "
	    "dots or braces",
	    (int)field.n, field.p);
}

static int
read_columns(struct import_args *args, struct arena *arena, struct fail *f)
{
	struct roster_columns_choice *items =
	    arena_alloc(arena, (args->columns.count + 1) * sizeof(*items));

	for (size_t i = 0; i < args->columns.count; i++) {
		struct str rest = str_of(args->columns.items[i]);

		if (strchr(args->columns.items[i], '=') == NULL)
			return fail_data(f,
			    "--column \"%s\" is not FIELD=TITLE, as in "
			    "email='Email address'",
			    args->columns.items[i]);
		items[i].field = str_take(&rest, STR("="));
		items[i].title = rest;
		if (utf8_valid(rest.p, rest.n) != rest.n)
			return fail_data(f, "--column is not valid UTF-8");
		if (check_field(items[i].field, f) < 0)
			return -1;
	}
	args->sheet.choices =
	    (struct roster_columns_choices){items, args->columns.count};
	return 0;
}

static int
read_delimiter(struct import_args *args, struct fail *f)
{
	static const struct {
		const char *name;
		char separator;
	} names[] = {{"tab", '\t'}, {"\\t", '\t'}, {"comma", ','},
	    {"semicolon", ';'}, {"pipe", '|'}};
	const char *s = args->delimiter;

	if (s == NULL)
		return 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(s, names[i].name) == 0)
			args->sheet.separator = names[i].separator;
	}
	if (args->sheet.separator == 0 && strlen(s) == 1 &&
	    (s[0] == '\t' || (s[0] >= ' ' && s[0] <= '~')) &&
	    !ascii_is_alnum(s[0]) && s[0] != '"' && s[0] != '@')
		args->sheet.separator = s[0];
	if (args->sheet.separator != 0)
		return 0;
	return fail_data(
	    f, "--delimiter \"%s\" is not one sign like ; or | and not tab", s);
}

int
import_args_check(struct import_args *args, struct arena *arena, struct fail *f)
{
	if (args->db_path == NULL)
		return fail_system(f, "no database: use --db or set BM_DB");
	if (args->file == NULL && !args->create && args->title == NULL &&
	    args->url == NULL && args->image_url == NULL &&
	    args->language == NULL && args->enabled == NULL)
		return fail_system(f,
		    "nothing to do: name a file (- is standard input), or "
		    "set something of the course");
	args->sheet.path = args->file;
	if (check_texts(args, f) == 0 && check_source(args->source, f) == 0 &&
	    read_columns(args, arena, f) == 0 && read_delimiter(args, f) == 0)
		return 0;
	f->kind = FAIL_SYSTEM;
	return -1;
}
