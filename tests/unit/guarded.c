/*
 * Files in folders of one's own and of others.
 */
#include "base/guarded.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

#define OTHER_ID 54321

static const char *
store(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (write(fd, text, strlen(text)) < 0)
		exit(2);
	close(fd);
	return path;
}

static bool
holds(const char *path, const char *text)
{
	struct buf b = {0};
	struct fail f;
	bool good = guarded_read(&b, path, 1000, &f) == 0 &&
		    strcmp(buf_cstr(&b), text) == 0;

	buf_free(&b);
	return good;
}

/* Each kind of folder: whether a link is followed, and a stranger's file. */
static const struct {
	const char *name;
	mode_t mode;
	bool followed;
} folders[] = {{"own", 0700, true}, {"read", 0755, true},
    {"group", 0770, false}, {"setgid", 02770, false}, {"tmp", 01777, false}};

static void
test_write(const char *folder, mode_t mode, bool followed)
{
	struct fail f;
	char path[64];
	int fd;

	ok(mkdir(folder, mode) == 0 && chmod(folder, mode) == 0, "%s", folder);
	snprintf(path, sizeof(path), "%s/link", folder);
	store("precious", "kept");
	ok(symlink("../precious", path) == 0, "%s", path);
	fd = guarded_write(path, O_TRUNC, &f);
	ok((fd >= 0) == followed, "%s: a link: %s", folder, f.text);
	ok(holds("precious", followed ? "" : "kept"), "%s: its file", folder);
	close(fd);
	snprintf(path, sizeof(path), "%s/file", folder);
	umask(0);
	fd = guarded_write(path, O_TRUNC, &f);
	ok(fd >= 0 && write(fd, "one", 3) == 3, "%s: a new file", folder);
	close(fd);
	fd = guarded_write(path, O_APPEND, &f);
	ok(fd >= 0 && write(fd, "two", 3) == 3 && holds(path, "onetwo"),
	    "%s: appended to", folder);
	close(fd);
	if (geteuid() == 0) {
		ok(chown(path, OTHER_ID, OTHER_ID) == 0, "a stranger's");
		fd = guarded_write(path, O_TRUNC, &f);
		ok((fd >= 0) == followed, "%s: a stranger's file: %s", folder,
		    f.text);
		ok(holds(path, followed ? "" : "onetwo"), "and its content");
		close(fd);
	}
}

static void
test_modes(void)
{
	static const mode_t masks[][2] = {
	    {0, 0640}, {022, 0640}, {027, 0640}, {077, 0600}};
	struct stat st = {0};
	struct fail f;

	for (size_t i = 0; i < sizeof(masks) / sizeof(*masks); i++) {
		umask(masks[i][0]);
		unlink("new");
		close(guarded_write("new", O_TRUNC, &f));
		ok(stat("new", &st) == 0 && (st.st_mode & 07777) == masks[i][1],
		    "umask %o: %o", (unsigned)masks[i][0],
		    (unsigned)st.st_mode);
	}
}

static void
test_read(void)
{
	struct buf b = {0};
	struct fail f;

	ok(mkfifo("fifo", 0600) == 0 && guarded_read(&b, "fifo", 9, &f) < 0,
	    "a pipe");
	same(str_of(f.text), "fifo: is not a regular file", "its text");
	ok(guarded_read(&b, ".", 9, &f) < 0, "a folder");
	ok(guarded_read(&b, "/dev/null", 9, &f) < 0, "a device");
	ok(guarded_read(&b, "none", 9, &f) < 0, "no file");
	store("ten", "0123456789");
	ok(guarded_read(&b, "ten", 9, &f) < 0, "one byte too many");
	same(str_of(f.text), "ten: larger than 9 bytes", "its text");
	b.len = 0;
	ok(guarded_read(&b, "ten", 10, &f) == 0, "as many as may be");
	same(buf_str(&b), "0123456789", "its content");
	buf_free(&b);
}

int
main(void)
{
	char folder[] = "/tmp/guarded.XXXXXX";

	if (mkdtemp(folder) == NULL || chdir(folder) < 0)
		return 2;
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		test_write(
		    folders[i].name, folders[i].mode, folders[i].followed);
	test_modes();
	test_read();
	if (unit_end() != 0)
		return 1;
	fflush(stdout);
	execlp("rm", "rm", "-rf", folder, (char *)NULL);
	return 2;
}
