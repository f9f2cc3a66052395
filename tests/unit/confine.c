/*
 * What a confined process can do, each try in a process of its own. The laws
 * are those of landlock(7) and seccomp(2): a kernel without them refuses none.
 */
#include "base/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "unit.h"

static int
read_inside(void)
{
	return open("in/file", O_RDONLY);
}

static int
write_read_only(void)
{
	return open("in/file", O_WRONLY);
}

static int
make_in_read_only(void)
{
	return open("in/new", O_WRONLY | O_CREAT, 0600);
}

static int
read_single(void)
{
	return open("single", O_RDONLY);
}

static int
read_beside(void)
{
	return open("secret", O_RDONLY);
}

static int
read_by_link(void)
{
	return open("in/link", O_RDONLY);
}

static int
read_above(void)
{
	return open("in/../secret", O_RDONLY);
}

static int
list_beside(void)
{
	return open(".", O_RDONLY | O_DIRECTORY);
}

static int
make_outside(void)
{
	return open("/tmp/confine-outside", O_WRONLY | O_CREAT, 0600);
}

static int
change_out(void)
{
	return open("out/file", O_RDWR | O_TRUNC);
}

static int
make_out(void)
{
	return mkdir("out/d", 0700) == 0 &&
		       rename("out/file", "out/d/file") == 0 &&
		       unlink("out/d/file") == 0 && rmdir("out/d") == 0
		   ? 0
		   : -1;
}

static int
make_pipe_out(void)
{
	return mkfifo("out/fifo", 0600);
}

static int
use_null(void)
{
	return open("/dev/null", O_WRONLY);
}

static int
open_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static int
connect_out(void)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(9)};

	if (connect(0, (struct sockaddr *)&in, sizeof(in)) == 0)
		return 0;
	return errno == ENOTSOCK ? 0 : -1; /* not refused, but no socket */
}

static int
execute(void)
{
	char *const words[] = {(char *)"true", NULL};

	return execv("/bin/true", words);
}

static int
trace(void)
{
	return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

enum { FILES = 1, CALLS = 2 };

static const struct {
	const char *name;
	int (*act)(void);
	int refused_by; /* FILES, CALLS; 0: it is allowed */
} acts[] = {
    {"read in a folder", read_inside, 0}, {"read a file", read_single, 0},
    {"change in a folder to read", write_read_only, FILES},
    {"make in a folder to read", make_in_read_only, FILES},
    {"read beside", read_beside, FILES}, {"by a link", read_by_link, FILES},
    {"by the folder above", read_above, FILES},
    {"list the folder above", list_beside, FILES},
    {"make in /tmp", make_outside, FILES},
    {"change in a folder to write", change_out, 0},
    {"make and remove there", make_out, 0},
    {"a pipe there", make_pipe_out, FILES}, {"/dev/null", use_null, 0},
    {"a socket", open_socket, CALLS}, {"connect", connect_out, CALLS},
    {"execute", execute, FILES | CALLS},
#ifndef BM_SANITIZED
    {"trace", trace, CALLS}
#endif
};

static int
store(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ssize_t n = write(fd, "kept", 4);

	close(fd);
	return n == 4 ? 0 : -1;
}

/* 1: refused; 0: done; 2: neither. */
static int
run_confined(int (*act)(void), bool calls)
{
	static const struct confine_path paths[] = {{"in", false},
	    {"single", false}, {"out", true}, {"not-there", true},
	    {NULL, true}};
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		struct fail f;

		if (confine(paths, 5, calls, &f) < 0)
			_exit(2);
		if (act() >= 0)
			_exit(0);
		_exit(errno == EACCES || errno == EPERM ? 1 : 2);
	}
	while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}

/* lack: the words of confine_library() for what is not there. */
static bool
kernel_has(const char *lack)
{
	struct buf b = {0};
	bool found;

	confine_library(&b);
	found = strstr(buf_cstr(&b), lack) == NULL;
	buf_free(&b);
	return found;
}

static void
test_acts(bool calls)
{
	int laws = (kernel_has(": not in this kernel") ? FILES : 0) |
		   (calls && kernel_has(", which this kernel") ? CALLS : 0);

	for (size_t i = 0; i < sizeof(acts) / sizeof(*acts); i++) {
		ok(store("in/file") == 0 && store("out/file") == 0, "files");
		ok(run_confined(acts[i].act, calls) ==
			((acts[i].refused_by & laws) != 0),
		    "%s: %s", calls ? "all" : "files only", acts[i].name);
	}
}

int
main(void)
{
	char folder[] = "/tmp/confine.XXXXXX";

	if (mkdtemp(folder) == NULL || chdir(folder) < 0)
		return 2;
	ok(mkdir("in", 0700) == 0 && mkdir("out", 0700) == 0 &&
		store("single") == 0 && store("secret") == 0 &&
		symlink("../secret", "in/link") == 0,
	    "folders");
	test_acts(true);
	test_acts(false);
	if (unit_end() != 0)
		return 1;
	fflush(stdout);
	unlink("/tmp/confine-outside");
	execlp("rm", "rm", "-rf", folder, (char *)NULL);
	return 2;
}
