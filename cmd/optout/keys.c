/* init, keygen and url: the database, the keys, a person's link. */
#include <unistd.h>

#include "base/buf.h"
#include "base/program.h"
#include "mail/optout/optout_link.h"
#include "optout/init_drop.h"
#include "optout/optout.h"
#include "optout/person.h"
#include "optout/scope.h"
#include "optout/subcommand.h"
#include "port/db/schema.h"
#include "port/optout/keyfile.h"

static int
upgrade_schema(struct db *db, struct fail *f)
{
	struct buf copy = {0};

	if (schema_upgrade(db, &copy, f) < 0) {
		buf_free(&copy);
		return -1;
	}
	if (copy.len > 0)
		program_note(PROGRAM, "%s has the newest schema; as it was: %s",
		    db_path(db), buf_cstr(&copy));
	else
		program_note(PROGRAM, "%s has the newest schema", db_path(db));
	buf_free(&copy);
	return 0;
}

static int
init_database(
    struct options *o, bool upgrading, const char *page_user, struct fail *f)
{
	const char *path;
	struct db *db;
	bool there;
	int rc = 0;

	if (settings_need(o->settings, "BM_DB", &path, f) < 0)
		return -1;
	there = access(path, F_OK) == 0;
	if (db_open(&db, path, upgrading ? DB_UPGRADE : DB_CREATE,
		waiting_told(DB_WAIT_MS, program_tell, PROGRAM), f) < 0)
		return -1;
	if (upgrading)
		rc = upgrade_schema(db, f);
	else
		program_note(PROGRAM, there ? "%s is there already" : "made %s",
		    db_path(db));
	db_close(db);
	if (rc == 0 && page_user != NULL)
		rc = init_drop_make(path, page_user, f);
	return rc;
}

int
optout_init(int argc, char **argv)
{
	const char *db = NULL, *page_user = NULL;
	bool upgrading = false;
	struct option_spec specs[] = {
	    DB_OPTION(db),
	    OPTION_TEXT("page-user", 0, &page_user, "USER", NULL,
		"make the folder of a user who writes opt-outs only"),
	    OPTION_FLAG("upgrade", 0, &upgrading,
		"bring an older database to the newest schema"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .synopsis = "init [--db FILE] [--upgrade] [--page-user USER]",
	    .purpose = "Make the database, unless it exists.",
	    .specs = specs};
	struct fail f = {0};
	int status = program_options(&o, argc, argv);

	if (status != -1)
		return status;
	status = init_database(&o, upgrading, page_user, &f) < 0
		     ? program_die(PROGRAM, &f)
		     : 0;
	options_free(&o);
	return status;
}

static int
make_key(struct options *o, bool rotate, bool verp, struct fail *f)
{
	const char *path;
	int id = 0;

	if (settings_need(o->settings,
		verp ? "BM_VERP_KEY_FILE" : "BM_KEY_FILE", &path, f) < 0)
		return -1;
	if ((rotate ? keyfile_rotate : keyfile_make)(path, &id, f) < 0) {
		if (!rotate && access(path, F_OK) == 0)
			fail_system(f,
			    "%s exists already; --rotate puts a new "
			    "key into it",
			    path);
		return -1;
	}
	if (verp) {
		program_note(PROGRAM,
		    "%s: new key %d. Keep a copy: without this file nobody "
		    "can tell whom bounces of mail already sent are about.",
		    path, id);
		return 0;
	}
	program_note(PROGRAM,
	    "%s: new key %d. Keep a copy: without this file the opt-out links "
	    "in all mail already sent are dead.",
	    path, id);
	return 0;
}

static const struct option_rule keygen_rules[] = {
    {OPTION_RULE_APART, "key-file verp", NULL},
    {OPTION_RULE_NEEDS, "verp-key-file", "verp"},
    {0},
};

int
optout_keygen(int argc, char **argv)
{
	const char *path = NULL, *verp_path = NULL;
	bool rotate = false, verp = false;
	struct option_spec specs[] = {
	    OPTION_TEXT("key-file", 0, &path, "FILE", "BM_KEY_FILE",
		"the file of the keys"),
	    OPTION_FLAG(
		"verp", 0, &verp, "the keys of envelope senders (BM_VERP)"),
	    OPTION_TEXT("verp-key-file", 0, &verp_path, "FILE",
		"BM_VERP_KEY_FILE", "the file of those"),
	    OPTION_FLAG("rotate", 0, &rotate,
		"add a new key that seals from now on; old ones stay valid"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .synopsis = "keygen [--key-file FILE] [--rotate]\n"
			"keygen --verp [--verp-key-file FILE] [--rotate]",
	    .purpose = "Make the file of the keys that seal opt-out links.",
	    .specs = specs,
	    .rules = keygen_rules};
	struct fail f = {0};
	int status = program_options(&o, argc, argv);

	if (status != -1)
		return status;
	status =
	    make_key(&o, rotate, verp, &f) < 0 ? program_die(PROGRAM, &f) : 0;
	options_free(&o);
	return status;
}

struct url {
	const char *db, *key_file, *base, *course, *user_id;
	bool force;
};

static int
print_url(struct subcommand *s, void *ctx, struct fail *f)
{
	struct url *u = ctx;
	struct token_keys keys;
	struct buf token = {0}, line = {0};
	const char *path, *base;
	struct str course;
	struct person who;
	struct token t;
	int rc = -1;

	if (scope_find(s, u->course, SCOPE_ASK, u->force, &course, f) < 0)
		return -1;
	if (str_is(course, ALL_MAIL))
		return fail_system(f, "a link is for one course; its page "
				      "offers to stop all mail, too");
	if (settings_need(s->o->settings, "BM_OPTOUT_URL", &base, f) == 0 &&
	    optout_link_check(str_of(base), f) == 0 &&
	    settings_need(s->o->settings, "BM_KEY_FILE", &path, f) == 0 &&
	    keyfile_load(&keys, path, s->arena, f) == 0 &&
	    person_find_only(s, u->user_id, &who, f) == 0) {
		t = (struct token){.key = who.key,
		    .user_id = who.user_id,
		    .course_id = course};
		rc = token_make(&token, &keys, &t, f);
	}
	if (rc == 0) {
		optout_link_page(&line, str_of(base), buf_str(&token));
		buf_addc(&line, '\n');
		filter_write(s->out, buf_str(&line));
	}
	buf_free(&token);
	buf_free(&line);
	return rc;
}

int
optout_url(int argc, char **argv)
{
	struct url u = {0};
	struct option_spec specs[] = {
	    DB_OPTION(u.db),
	    OPTION_TEXT("course", 0, &u.course, "ID", NULL,
		"the course that the link is for"),
	    OPTION_TEXT("user-id", 0, &u.user_id, "ID", NULL,
		"the person's user id; looked up when not given"),
	    SCOPE_FORCE_OPTION(u.force),
	    OPTION_TEXT("url", 0, &u.base, "URL", "BM_OPTOUT_URL",
		"address of the opt-out page"),
	    OPTION_TEXT("key-file", 0, &u.key_file, "FILE", "BM_KEY_FILE",
		"the file of the keys"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .synopsis = "url --course ID [OPTION...] ADDRESS|user:NAME",
	    .purpose = "Print a person's opt-out link for a course.",
	    .specs = specs,
	    .required = "course",
	    .operands_min = 1,
	    .operands_max = 1};

	return subcommand_run(&o, argc, argv, DB_READ, print_url, &u);
}
