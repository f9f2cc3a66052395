/* bm-optout: the register of opt-outs. */
#include <string.h>
#include <unistd.h>

#include "base/confine.h"
#include "base/crypto.h"
#include "base/file.h"
#include "base/options.h"
#include "base/program.h"
#include "base/utf8.h"
#include "mail/mime/addr.h"
#include "optout/optout.h"
#include "optout/subcommand.h"
#include "port/db/db.h"
#include "port/optout/cgi.h"

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
};

static const struct command commands[] = {
    {"init", optout_init},
    {"keygen", optout_keygen},
    {"url", optout_url},
    {"add", optout_add},
    {"remove", optout_remove},
    {"check", optout_check},
    {"list", optout_list},
    {"history", optout_history},
    {"filter", optout_filter},
    {"import", optout_import},
    {"export", optout_export},
    {"backup", optout_backup},
    {"forget", optout_forget},
    {"cgi", optout_cgi},
    {"mail", optout_mail},
    {"take", optout_take},
    {NULL, NULL},
};

static const struct command *
find_command(const char *name)
{
	for (const struct command *c = commands; c->name != NULL; c++) {
		if (strcmp(c->name, name) == 0)
			return c;
	}
	return NULL;
}

/* The subcommand, which is cut out of argv; options may precede it. */
static const struct command *
cut_command(int *argc, char **argv)
{
	const struct command *c;

	for (int i = 1; i < *argc; i++) {
		if (strcmp(argv[i], "--config") == 0) {
			i++;
			continue;
		}
		if (argv[i][0] == '-')
			continue;
		c = find_command(argv[i]);
		if (c != NULL) {
			memmove(argv + i, argv + i + 1,
			    (size_t)(*argc - i) * sizeof(*argv));
			--*argc;
		}
		return c;
	}
	return NULL;
}

static void
list_libraries(struct buf *b)
{
	db_library(b);
	crypto_library(b);
	utf8_library(b);
	addr_library(b);
	confine_library(b);
}

/* Words of a query would be options that a stranger has chosen. */
static int
refuse_query(void)
{
	struct buf b = {0};

	cgi_put_head(&b, 400, "en");
	buf_adds(&b, "<!DOCTYPE html><title>Bad Request</title>\n"
		     "<p>This link is not valid.</p>\n");
	(void)file_write(STDOUT_FILENO, buf_str(&b));
	buf_free(&b);
	program_note(PROGRAM,
	    "the web server made options of the query: refused; start it by a "
	    "script, see bm-optout(1)");
	return 0;
}

int
main(int argc, char **argv)
{
	const bool query = cgi_has_query_words(argc, argv);
	const struct command *c = query ? NULL : cut_command(&argc, argv);
	struct option_spec specs[] = {{0}};
	struct options o = {.program = PROGRAM,
	    .versions = list_libraries,
	    .synopsis = "COMMAND [OPTION...] [OPERAND...]\n"
			"COMMAND --help",
	    .purpose = "Keep the register of who said no.\n\n"
		       "Commands: init, keygen, url, add, remove, check, list, "
		       "history, filter,\nimport, export, backup, forget, cgi, "
		       "mail, take.",
	    .specs = specs,
	    .operands_max = -1};
	struct fail f = {0};
	int status;

	if (query)
		return refuse_query();
	if (c != NULL)
		return c->run(argc, argv);
	status = program_options(&o, argc, argv);
	if (status != -1)
		return status;
	if (o.operand_count > 0)
		fail_system(&f,
		    "there is no command %s, see " PROGRAM " --help",
		    o.operands[0]);
	else
		fail_system(&f, "a command is missing, see " PROGRAM " --help");
	options_free(&o);
	return program_die(PROGRAM, &f);
}
