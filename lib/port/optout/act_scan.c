#include "port/optout/act_scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "mail/optout/act.h"

#define PART_S 600      /* age of a part whose writer is dead */
#define SETTLED_MS 2000 /* a folder's time of change is as coarse as this */

static char *
make_drop_path(const char *db_path)
{
	char *real = realpath(db_path, NULL), *path;
	struct buf b = {0};

	/* Beside the file that a link names, as all that belongs to it. */
	buf_printf(&b, "%s-drop", real != NULL ? real : db_path);
	free(real);
	path = mem_dup(buf_cstr(&b), b.len);
	buf_free(&b);
	return path;
}

void
act_scan_init(struct act_scan *s, const char *db_path)
{
	*s = (struct act_scan){.path = make_drop_path(db_path)};
}

static void
close_folders(struct act_scan *s)
{
	for (size_t i = 0; i < s->folder_count; i++) {
		if (s->folders[i].fd >= 0)
			close(s->folders[i].fd);
		s->folders[i].fd = -1;
	}
}

static void
drop_entries(struct act_scan *s, size_t keep)
{
	while (s->count > keep)
		free(s->entries[--s->count].name);
}

void
act_scan_free(struct act_scan *s)
{
	close_folders(s);
	drop_entries(s, 0);
	for (size_t i = 0; i < s->folder_count; i++)
		free(s->folders[i].name);
	free(s->folders);
	free(s->entries);
	free(s->path);
}

static size_t
find_folder(struct act_scan *s, const char *name)
{
	for (size_t i = 0; i < s->folder_count; i++) {
		if (strcmp(s->folders[i].name, name) == 0)
			return i;
	}
	s->folders = mem_more(
	    s->folders, s->folder_count, &s->folder_cap, sizeof(*s->folders));
	s->folders[s->folder_count] =
	    (struct act_folder){.name = mem_dup(name, strlen(name)), .fd = -1};
	return s->folder_count++;
}

bool
act_scan_is_file(const struct act_folder *folder, const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_nlink == 1 &&
	       st->st_uid == folder->st.st_uid && st->st_size <= ACT_MAX;
}

/* Acts stand in the order of their numbers, and among those of their names. */
static int
order_entries(const void *a, const void *b)
{
	const struct act_entry *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void
sort_folder(struct act_scan *s, size_t first)
{
	if (s->count > first)
		qsort(s->entries + first, s->count - first, sizeof(*s->entries),
		    order_entries);
}

/* Whatever it is; a folder that its owner fills and closes stays. */
static void
remove_garbage(struct act_scan *s, int fd, const char *name)
{
	if (unlinkat(fd, name, 0) == 0 ||
	    (errno == EISDIR && unlinkat(fd, name, AT_REMOVEDIR) == 0))
		s->garbage++;
}

static bool
is_part(int fd, const char *name)
{
	struct stat st;

	return strncmp(name, "tmp.", 4) == 0 &&
	       fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       st.st_mtime > clock_wall_ms() / 1000 - PART_S;
}

static void
add_entry(struct act_scan *s, size_t folder, size_t first, const char *name)
{
	s->entries =
	    mem_more(s->entries, s->count, &s->cap, sizeof(*s->entries));
	s->entries[s->count++] =
	    (struct act_entry){folder, mem_dup(name, strlen(name)), 0};
	if (s->count - first < 2 * ACT_SCAN_TURN)
		return;
	sort_folder(s, first);
	drop_entries(s, first + ACT_SCAN_TURN);
	s->more = true;
}

static bool
may_be_file(const struct dirent *e)
{
	return e->d_type == DT_REG || e->d_type == DT_UNKNOWN;
}

/* The first acts of the folder, sorted; *kept: something has to be looked at
 * again. */
static int
read_names(struct act_scan *s, size_t folder, bool *kept, struct fail *f)
{
	int copy = openat(
	    s->folders[folder].fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	size_t first = s->count;
	struct act_name n;
	struct dirent *e;
	int removed = 0;

	if (dir == NULL) {
		if (copy >= 0)
			close(copy);
		return fail_errno(f, "%s/%s", s->path, s->folders[folder].name);
	}
	while ((e = readdir(dir)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (may_be_file(e) && act_name_parse(&n, e->d_name))
			add_entry(s, folder, first, e->d_name);
		else if (is_part(s->folders[folder].fd, e->d_name))
			*kept = true;
		else if (removed++ < ACT_SCAN_TURN)
			remove_garbage(s, s->folders[folder].fd, e->d_name);
		else
			s->more = true;
	}
	closedir(dir);
	sort_folder(s, first);
	if (s->count > first + ACT_SCAN_TURN) {
		drop_entries(s, first + ACT_SCAN_TURN);
		s->more = true;
	}
	return 0;
}

/* The times of a folder's acts, which go on with their numbers. */
static void
read_times(struct act_scan *s, size_t first)
{
	int64_t at = 0, now = clock_wall_ms();

	for (size_t i = first; i < s->count; i++) {
		struct act_entry *e = &s->entries[i];
		struct stat st;
		int64_t t = now;

		if (fstatat(s->folders[e->folder].fd, e->name, &st,
			AT_SYMLINK_NOFOLLOW) == 0)
			t = (int64_t)st.st_mtim.tv_sec * 1000 +
			    st.st_mtim.tv_nsec / 1000000;
		if (t > now)
			t = now;
		at = t > at ? t : at;
		e->at = at;
	}
}

static bool
is_clean(const struct act_folder *folder)
{
	return folder->clean.tv_sec == folder->st.st_mtim.tv_sec &&
	       folder->clean.tv_nsec == folder->st.st_mtim.tv_nsec;
}

static int
read_folder(struct act_scan *s, size_t at, struct fail *f)
{
	struct act_folder *folder = &s->folders[at];
	int64_t changed, began = clock_wall_ms();
	size_t first = s->count;
	bool kept = false;

	if (is_clean(folder))
		return 0;
	if (read_names(s, at, &kept, f) < 0)
		return -1;
	read_times(s, first);
	changed = (int64_t)folder->st.st_mtim.tv_sec * 1000 +
		  folder->st.st_mtim.tv_nsec / 1000000;
	if (s->count == first && !kept && began - changed > SETTLED_MS)
		folder->clean = folder->st.st_mtim;
	return 0;
}

/* Made for the register's users: of mode 02770 and the parent's group. */
static bool
is_open(int parent, const struct stat *st)
{
	struct stat p;

	return fstat(parent, &p) == 0 && p.st_gid == st->st_gid &&
	       (st->st_mode & 0070) == 0070;
}

static int
open_drop(struct act_scan *s, int parent, const char *name, struct fail *f)
{
	size_t at = find_folder(s, name);
	struct act_folder *folder = &s->folders[at];

	if (fstatat(parent, name, &folder->st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    !S_ISDIR(folder->st.st_mode))
		return 0;
	folder->fd = openat(
	    parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder->fd < 0 && errno == ENOENT)
		return 0;
	if (folder->fd < 0 && !is_open(parent, &folder->st)) {
		folder->closed = true;
		return 0;
	}
	if (folder->fd < 0)
		return fail_errno(f,
		    "%s/%s: opt-outs that wait there cannot be taken over; "
		    "join its group",
		    s->path, name);
	return read_folder(s, at, f);
}

/* Of several folders: in the order of time, which a folder's numbers agree
 * with. */
static int
compare_times(const void *a, const void *b)
{
	const struct act_entry *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (x->folder != y->folder)
		return x->folder < y->folder ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int
read_folders(struct act_scan *s, DIR *dir, struct fail *f)
{
	struct dirent *e;

	while ((e = readdir(dir)) != NULL) {
		if (e->d_name[0] != '.' &&
		    open_drop(s, dirfd(dir), e->d_name, f) < 0)
			return -1;
	}
	if (s->count > 0)
		qsort(s->entries, s->count, sizeof(*s->entries), compare_times);
	return 0;
}

int
act_scan_read(struct act_scan *s, struct fail *f)
{
	DIR *dir = opendir(s->path);
	int rc;

	close_folders(s);
	drop_entries(s, 0);
	s->garbage = 0;
	s->more = false;
	if (dir == NULL && errno == ENOENT)
		return 0;
	if (dir == NULL)
		return fail_errno(f, "%s: opt-outs may wait there", s->path);
	rc = read_folders(s, dir, f);
	closedir(dir);
	return rc;
}

/* Counts the acts of one folder; -1 if it may not be read. */
static long long
count_folder(int parent, const char *name)
{
	int fd = openat(
	    parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	long long count = 0;
	struct act_name n;
	struct dirent *e;

	if (dir == NULL) {
		if (fd >= 0)
			close(fd);
		return errno == ENOTDIR || errno == ELOOP ? 0 : -1;
	}
	while ((e = readdir(dir)) != NULL)
		count += may_be_file(e) && act_name_parse(&n, e->d_name);
	closedir(dir);
	return count;
}

long long
act_scan_count(const char *db_path)
{
	char *path = make_drop_path(db_path);
	DIR *dir = opendir(path);
	long long count = 0, n;
	bool unknown = dir == NULL && errno != ENOENT;
	struct dirent *e;

	free(path);
	while (dir != NULL && (e = readdir(dir)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		n = count_folder(dirfd(dir), e->d_name);
		unknown |= n < 0;
		count += n > 0 ? n : 0;
	}
	if (dir != NULL)
		closedir(dir);
	return unknown ? -1 : count;
}
