#include "optout/init_drop.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/program.h"
#include "optout/subcommand.h"

static bool
is_of_group(const struct passwd *user, gid_t gid)
{
	gid_t groups[256];
	int count = 256;

	if (getgrouplist(user->pw_name, user->pw_gid, groups, &count) < 0)
		return false;
	for (int i = 0; i < count; i++) {
		if (groups[i] == gid)
			return true;
	}
	return false;
}

static bool
may_pass(const struct passwd *user, const struct stat *st)
{
	if (user->pw_uid == 0)
		return true;
	if (user->pw_uid == st->st_uid)
		return (st->st_mode & S_IXUSR) != 0;
	if (is_of_group(user, st->st_gid))
		return (st->st_mode & S_IXGRP) != 0;
	return (st->st_mode & S_IXOTH) != 0;
}

/* Every folder above the database lets the user through. */
static int
check_way(const char *db_path, const struct passwd *user, struct fail *f)
{
	struct buf path = {0};
	struct stat st;
	int rc = 0;

	for (const char *p = db_path; rc == 0 && (p = strchr(p, '/')) != NULL;
	     p++) {
		buf_reset(&path);
		buf_add(&path, db_path, (size_t)(p - db_path) + (p == db_path));
		if (stat(buf_cstr(&path), &st) == 0 && !may_pass(user, &st))
			rc = fail_system(f,
			    "%s does not let %s through to the drop folder: "
			    "chmod o+x %s",
			    buf_cstr(&path), user->pw_name, buf_cstr(&path));
	}
	buf_free(&path);
	return rc;
}

/* The mode and the owner are those of the folder, whoever made it before. */
static int
make_folder(const char *path, uid_t uid, gid_t gid, mode_t mode, struct fail *f)
{
	struct stat st;

	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return fail_errno(f, "%s", path);
	if (lstat(path, &st) < 0)
		return fail_errno(f, "%s", path);
	if (!S_ISDIR(st.st_mode))
		return fail_system(f, "%s is there and is no folder", path);
	if (((st.st_uid != uid || st.st_gid != gid) &&
		lchown(path, uid, gid) < 0) ||
	    ((st.st_mode & 07777) != mode && chmod(path, mode) < 0))
		return fail_errno(f, "%s", path);
	return 0;
}

static int
find_user(struct passwd **user, const char *name, struct fail *f)
{
	*user = getpwnam(name);
	if (*user == NULL)
		return fail_system(f, "there is no user %s", name);
	if (geteuid() != 0 && geteuid() != (*user)->pw_uid)
		return fail_system(
		    f, "only root makes a folder of another user, %s", name);
	return 0;
}

int
init_drop_make(const char *db_path, const char *name, struct fail *f)
{
	char *real = realpath(db_path, NULL);
	struct buf drop = {0}, folder = {0};
	struct passwd *user;
	struct stat st;
	int rc = -1;

	if (real == NULL || stat(real, &st) < 0) {
		fail_errno(f, "%s", db_path);
	} else if (find_user(&user, name, f) == 0 &&
		   check_way(real, user, f) == 0) {
		buf_printf(&drop, "%s-drop", real);
		buf_printf(&folder, "%s/%s", buf_cstr(&drop), name);
		rc = make_folder(
		    buf_cstr(&drop), st.st_uid, st.st_gid, 02751, f);
		if (rc == 0)
			rc = make_folder(buf_cstr(&folder), user->pw_uid,
			    st.st_gid, 02770, f);
	}
	if (rc == 0)
		program_note(PROGRAM, "%s is the drop folder of %s",
		    buf_cstr(&folder), name);
	buf_free(&drop);
	buf_free(&folder);
	free(real);
	return rc;
}
