#include "port/optout/act_drop.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* The number behind those of the acts that wait. */
static int
find_number(const char *folder, long long *number, struct fail *f)
{
	DIR *dir = opendir(folder);
	struct act_name n;
	struct dirent *e;
	int rc = 0;

	if (dir == NULL)
		return fail_errno(f, "%s", folder);
	*number = 1;
	while ((errno = 0, e = readdir(dir)) != NULL) {
		if (act_name_parse(&n, e->d_name) && n.number >= *number)
			*number = n.number + (n.number < ACT_NUMBER_MAX);
	}
	if (errno != 0)
		rc = fail_errno(f, "%s", folder);
	closedir(dir);
	return rc;
}

/* The mode is not the umask's: the register's user is of the file's group. */
static int
write_file(int fd, struct str content)
{
	int rc =
	    fchmod(fd, 0640) < 0 || file_write(fd, content) < 0 || fsync(fd) < 0
		? -1
		: 0;

	return close(fd) < 0 ? -1 : rc;
}

static int
store_file(int dir, const char *name, struct str content)
{
	char part[sizeof("tmp.") + 16];
	int fd;

	snprintf(part, sizeof(part), "tmp.%.16s", name + strlen(name) - 16);
	fd = openat(
	    dir, part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (write_file(fd, content) == 0 && renameat(dir, part, dir, name) == 0)
		return fsync(dir);
	unlinkat(dir, part, 0);
	return -1;
}

static int
write_act(const char *folder, int dir, struct act_name *n,
    const struct act *act, struct fail *f)
{
	struct buf name = {0}, content = {0};
	unsigned char random[8];
	int rc;

	if (find_number(folder, &n->number, f) < 0)
		return -1;
	crypto_random(random, sizeof(random));
	act_name_put(&name, n, random);
	act_put(&content, act);
	rc = store_file(dir, buf_cstr(&name), buf_str(&content));
	if (rc < 0)
		fail_errno(f, "%s: an act cannot be written", folder);
	buf_free(&name);
	buf_free(&content);
	return rc;
}

int
act_drop_write(const char *folder, const struct token_keys *keys,
    const struct token *t, const struct act *act, struct fail *f)
{
	int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct act_name n;
	int rc;

	if (dir < 0)
		return fail_errno(f, "%s", folder);
	act_name_mark(&n, keys, t);
	rc = write_act(folder, dir, &n, act, f);
	close(dir);
	return rc;
}
