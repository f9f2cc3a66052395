#include "base/secret.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/file.h"

/* As a shell does with the output of a command. */
static void
cut_newlines(struct buf *b)
{
	while (b->len > 0 && strchr("\r\n", b->p[b->len - 1]) != NULL)
		b->len--;
}

int
secret_file(struct buf *out, const char *path, struct fail *f)
{
	if (file_read_secret(out, path, SECRET_MAX, f) < 0)
		return -1;
	cut_newlines(out);
	return 0;
}

static int
check_output(const struct buf *out, int status, struct fail *f)
{
	if (out->len > SECRET_MAX)
		return fail_system(
		    f, "the command's output is over %d bytes", SECRET_MAX);
	if (status != 0)
		return fail_system(f, "the command failed (status %d)",
		    WIFEXITED(status) ? WEXITSTATUS(status) : 128);
	if (out->len == 0)
		return fail_system(f, "the command printed nothing");
	return 0;
}

/* The command must not read the records on our stdin. */
int
secret_command(struct buf *out, const char *command, struct fail *f)
{
	struct buf line = {0};
	size_t n;
	FILE *p;

	buf_printf(&line, "exec </dev/null\n%s", command);
	p = popen(buf_cstr(&line), "re");
	buf_free(&line);
	if (p == NULL)
		return fail_errno(f, "cannot run a command");
	do {
		n = fread(buf_reserve(out, SECRET_MAX), 1, SECRET_MAX, p);
		out->len += n;
	} while (n > 0 && out->len <= SECRET_MAX);
	if (check_output(out, pclose(p), f) < 0)
		return -1;
	cut_newlines(out);
	return 0;
}

bool
secret_credential_path(struct buf *path, const char *name)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");

	if (dir == NULL || dir[0] == '\0')
		return false;
	buf_printf(path, "%s/%s", dir, name);
	return access(buf_cstr(path), F_OK) == 0;
}

int
secret_credential(
    struct buf *out, const char *name, bool *found, struct fail *f)
{
	struct buf path = {0};
	int result = 0;

	*found = secret_credential_path(&path, name);
	if (*found)
		result = secret_file(out, buf_cstr(&path), f);
	buf_free(&path);
	return result;
}
