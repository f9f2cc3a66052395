/* forget: erasing a person, and naming the files that still have them. */
#include "port/ledger_sqlite/forget.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/folder.h"
#include "base/holders.h"
#include "base/program.h"
#include "mail/mime/addr.h"
#include "optout/optout.h"
#include "optout/subcommand.h"

struct forget {
	const char *db;
	struct subcommand *s;
	struct holders_address address;
	long long files;
};

/* As a holders_fn: a file's name is a line of stdout. */
static void
name_file(void *ctx, const char *path, const char *why)
{
	struct forget *g = ctx;
	struct buf line = {0};

	if (why != NULL) {
		program_note(PROGRAM,
		    "%s: cannot be looked into (%s), and may have the address",
		    path, why);
		return;
	}
	buf_printf(&line, "%s\n", path);
	filter_write(g->s->out, buf_str(&line));
	g->files++;
	buf_free(&line);
}

/* The database itself has been cleaned, and its lock has no content. */
static bool
is_beside(const char *name, const char *database)
{
	size_t n = strlen(database);

	return strncmp(name, database, n) == 0 && name[n] != '\0' &&
	       strcmp(name + n, "-wal") != 0 && strcmp(name + n, "-shm") != 0 &&
	       strcmp(name + n, "-lock") != 0;
}

/* Copies that an upgrade has made, and journals that were set aside. */
static void
look_beside(struct forget *g, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct buf folder = {0};
	struct dirent *e;
	DIR *d;

	buf_adds(&folder, slash == NULL ? "." : slash == path ? "/" : "");
	if (folder.len == 0)
		buf_add(&folder, path, (size_t)(slash - path));
	d = opendir(buf_cstr(&folder));
	while (d != NULL && (e = readdir(d)) != NULL) {
		struct buf name = {0};

		if (slash != NULL)
			buf_add(&name, path, (size_t)(slash + 1 - path));
		buf_adds(&name, e->d_name);
		if (is_beside(e->d_name, slash == NULL ? path : slash + 1))
			holders_find(
			    buf_cstr(&name), &g->address, name_file, g);
		buf_free(&name);
	}
	if (d != NULL)
		closedir(d);
	buf_free(&folder);
}

static void
name_files(struct forget *g)
{
	const struct options *o = g->s->o;
	struct buf state = {0};

	look_beside(g, db_path(g->s->db));
	if (folder_state(&state))
		holders_find(buf_cstr(&state), &g->address, name_file, g);
	for (int i = 1; i < o->operand_count; i++)
		holders_find(o->operands[i], &g->address, name_file, g);
	if (g->files > 0)
		program_note(PROGRAM,
		    "%lld file%s still ha%s the address: see standard output",
		    g->files, g->files == 1 ? "" : "s",
		    g->files == 1 ? "s" : "ve");
	buf_free(&state);
}

/* A wrong name is told before anything is erased. */
static int
check_operands(const struct options *o, struct fail *f)
{
	for (int i = 1; i < o->operand_count; i++) {
		if (access(o->operands[i], R_OK) < 0)
			return fail_errno(f, "%s", o->operands[i]);
	}
	return 0;
}

static int
forget_operand(struct subcommand *s, void *ctx, struct fail *f)
{
	const char *program = PROGRAM;
	const struct recovery_notes notes = {program_note_by, &program};
	struct forget *g = ctx;
	struct forget_counts n;
	struct addr addr;

	g->s = s;
	if (addr_parse(&addr, str_of(s->o->operands[0]), ADDR_RESERVED,
		s->arena, f) < 0)
		return fail_prefix(f, "%s", s->o->operands[0]);
	g->address.forms[0] = addr.key;
	g->address.forms[1] = str_of(s->o->operands[0]);
	if (check_operands(s->o, f) < 0 ||
	    forget_person(s->db, addr.key, &notes, &n, f) < 0)
		return -1;
	program_note(PROGRAM,
	    "erased: %lld users with their enrolments, what %lld deliveries "
	    "and %lld entries of the register said of the person",
	    n.users, n.deliveries, n.optouts);
	name_files(g);
	return 0;
}

int
optout_forget(int argc, char **argv)
{
	struct forget g = {0};
	struct option_spec specs[] = {
	    DB_OPTION(g.db),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .synopsis = "forget ADDRESS [FILE|FOLDER...]",
	    .purpose = "Erase a person's names and data; opt-outs stay. The "
		       "files that still have\nthe address are printed.",
	    .specs = specs,
	    .operands_min = 1,
	    .operands_max = -1};

	return subcommand_run(&o, argc, argv, DB_WRITE, forget_operand, &g);
}
