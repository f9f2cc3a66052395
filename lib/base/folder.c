#include "base/folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"

int
folder_make(const char *path, struct fail *f)
{
	char *copy, *slash;
	int result;

	if (mkdir(path, 0700) == 0) {
		file_sync_parent(path);
		return 0;
	}
	if (errno == EEXIST)
		return 0;
	if (errno != ENOENT || strchr(path, '/') == NULL)
		return fail_errno(f, "%s: cannot make the folder", path);
	copy = mem_dup(path, strlen(path));
	slash = strrchr(copy, '/');
	*slash = '\0';
	result = slash == copy ? fail_errno(f, "%s: cannot make", path)
			       : folder_make(copy, f);
	free(copy);
	if (result == 0 && mkdir(path, 0700) < 0 && errno != EEXIST)
		return fail_errno(f, "%s: cannot make the folder", path);
	file_sync_parent(path);
	return result;
}

bool
folder_state(struct buf *path)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (state != NULL && state[0] == '/')
		buf_printf(path, "%s/bm", state);
	else if (home != NULL && home[0] != '\0')
		buf_printf(path, "%s/.local/state/bm", home);
	else
		return false;
	return true;
}

bool
folder_shared(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash == NULL
			   ? mem_dup(".", 1)
			   : mem_dup(path, (size_t)(slash + 1 - path));
	struct stat st;
	bool shared = stat(folder, &st) == 0 && (st.st_mode & S_ISGID) != 0;

	free(folder);
	return shared;
}
