#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "announce/announce.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/guarded.h"
#include "base/program.h"
#include "mail/record/mailing_id.h"
#include "mail/record/record.h"

#define ID_DATE "{{date}}"

const char *
announce_path(const struct announce *a, const char *name)
{
	return arena_printf(a->arena, "%s/%s", a->dir, name);
}

/* {{date}} in an id is the day of the run, for a mailing that recurs. */
static const char *
put_date(struct arena *arena, const char *id)
{
	const char *at = strstr(id, ID_DATE);
	time_t now = time(NULL);
	struct tm tm;
	char day[32];

	if (at == NULL || localtime_r(&now, &tm) == NULL)
		return id;
	strftime(day, sizeof(day), "%F", &tm);
	return arena_printf(arena, "%.*s%s%s", (int)(at - id), id, day,
	    put_date(arena, at + strlen(ID_DATE)));
}

static const char *
choose_id(const struct announce *a)
{
	struct buf id = {0};
	const char *result;

	if (a->args->id != NULL)
		return put_date(a->arena, a->args->id);
	mailing_id_make(&id, str_of(a->args->course), str_of(a->args->subject));
	result = arena_str(a->arena, buf_str(&id)).p;
	buf_free(&id);
	return result;
}

static const char *
choose_folder(const struct announce *a, struct fail *f)
{
	struct buf state = {0};
	const char *path = NULL;

	if (a->args->dir != NULL)
		return a->args->dir;
	if (folder_state(&state))
		path = arena_printf(a->arena, "%s/%s", buf_cstr(&state), a->id);
	else
		fail_system(
		    f, "neither XDG_STATE_HOME nor HOME is set: use --dir");
	buf_free(&state);
	return path;
}

static const char *
find_real(const struct announce *a, const char *path)
{
	char *real = realpath(path, NULL);
	const char *result =
	    real != NULL ? arena_printf(a->arena, "%s", real) : NULL;

	free(real);
	return result;
}

/* The id names a folder. */
static int
check_id(const struct announce *a, struct fail *f)
{
	struct fail why;

	if (record_check_email_id(str_of(a->id), &why) == 0)
		return 0;
	return fail_system(f, "--id %s: %s", a->id, why.text);
}

static int
enter_folder(struct announce *a, struct fail *f)
{
	const char *path = choose_folder(a, f);
	struct stat st;

	if (path == NULL || folder_make(path, f) < 0)
		return -1;
	a->dir = find_real(a, path);
	if (a->dir == NULL || stat(a->dir, &st) < 0)
		return fail_errno(f, "%s", path);
	if (st.st_uid != geteuid())
		return fail_system(f,
		    "%s belongs to uid %lu, and addresses go there: use a "
		    "folder of your own",
		    a->dir, (unsigned long)st.st_uid);
	if ((st.st_mode & S_IRWXO) != 0)
		return fail_system(f,
		    "%s is open to everybody, and addresses go there: chmod "
		    "o= it",
		    a->dir);
	a->lock = guarded_write(announce_path(a, "lock"), 0, f);
	return a->lock < 0 ? -1 : 0;
}

/* As long as one of us or of our senders lives, no other has the lock. */
int
announce_folder_lock(struct announce *a)
{
	if (flock(a->lock, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (!a->args->quiet)
		program_note(PROGRAM,
		    "%s is being worked on by another " PROGRAM, a->id);
	return 75;
}

int
announce_folder_enter(struct announce *a)
{
	struct fail f;

	a->id = choose_id(a);
	a->body = find_real(a, a->body);
	if (check_id(a, &f) < 0 || enter_folder(a, &f) < 0)
		return program_die(PROGRAM, &f);
	return announce_folder_lock(a);
}
