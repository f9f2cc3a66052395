#include "base/file_trust.h"

#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int
check_owner(const char *path, const struct stat *st, struct fail *f)
{
	const struct passwd *owner;
	char number[24];

	if (st->st_uid == 0 || st->st_uid == geteuid() || S_ISCHR(st->st_mode))
		return 0;
	owner = getpwuid(st->st_uid);
	snprintf(number, sizeof(number), "uid %lu", (unsigned long)st->st_uid);
	return fail_system(f,
	    "%s: belongs to %s, and is obeyed only if it belongs to root or to "
	    "you (chown root)",
	    path, owner != NULL ? owner->pw_name : number);
}

/* Many systems give each user a group of their own, and a umask of 002. */
static bool
is_private_group(const struct stat *st)
{
	const struct passwd *owner = getpwuid(st->st_uid);
	const struct group *group;

	if (owner == NULL || owner->pw_gid != st->st_gid)
		return false;
	group = getgrgid(st->st_gid);
	return group != NULL && strcmp(group->gr_name, owner->pw_name) == 0 &&
	       group->gr_mem[0] == NULL;
}

int
file_trust_settings(const char *path, const struct stat *st, struct fail *f)
{
	if (check_owner(path, st, f) < 0)
		return -1;
	if (S_ISCHR(st->st_mode) ||
	    ((st->st_mode & S_IWOTH) == 0 &&
		((st->st_mode & S_IWGRP) == 0 || is_private_group(st))))
		return 0;
	return fail_system(f,
	    "%s: is not obeyed, since %s may write it (chmod go-w)", path,
	    (st->st_mode & S_IWOTH) != 0 ? "others" : "its group");
}

int
file_trust_secret(const char *path, const struct stat *st, struct fail *f)
{
	if (check_owner(path, st, f) < 0)
		return -1;
	if ((st->st_mode & (S_IRWXO | S_IWGRP)) == 0)
		return 0;
	return fail_system(f,
	    "%s: holds a secret, but others may read it or its group "
	    "may write it (chmod o=,g-w)",
	    path);
}
