/*
 * Preloaded into a program: at its first read of stdin, when it is confined, it
 * tries what a stranger would who has taken it over, and writes what came of
 * each try into the file BM_TEST_HOSTILE. BM_TEST_SECRET is a file that is none
 * of the program's; its folder is not, either.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static ssize_t (*real_read)(int, void *, size_t);
static int report = -1;
static char secret[4096], made[4200];

__attribute__((constructor)) static void
prepare(void)
{
	const char *path = getenv("BM_TEST_HOSTILE");
	void *symbol = dlsym(RTLD_NEXT, "read");

	memcpy(&real_read, &symbol, sizeof(symbol));
	if (path == NULL || getenv("BM_TEST_SECRET") == NULL ||
	    strncmp(program_invocation_short_name, "bm-", 3) != 0)
		return;
	snprintf(secret, sizeof(secret), "%s", getenv("BM_TEST_SECRET"));
	snprintf(made, sizeof(made), "%s.made", secret);
	report = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void
tell(const char *what, int result)
{
	dprintf(report, "%s: %s\n", what,
	    result >= 0 ? "done" : strerrorname_np(errno));
}

static void
try_connect(void)
{
	struct sockaddr_in in = {.sin_family = AF_INET,
	    .sin_port = htons(9),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_un un = {AF_UNIX, "/run/none"};

	tell("socket", socket(AF_INET, SOCK_STREAM, 0));
	tell("local socket", socket(AF_UNIX, SOCK_STREAM, 0));
	tell("connect", connect(0, (struct sockaddr *)&in, sizeof(in)));
	tell("local connect", connect(0, (struct sockaddr *)&un, sizeof(un)));
}

static void
try_exec(void)
{
	char *const words[] = {(char *)"true", NULL};
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		execv("/bin/true", words);
		_exit(errno == EPERM || errno == EACCES ? 77 : 78);
	}
	while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
	}
	errno = EPERM;
	tell("exec", WEXITSTATUS(status) == 77 ? -1 : 0);
}

ssize_t
read(int fd, void *p, size_t n)
{
	if (fd == STDIN_FILENO && report >= 0) {
		tell("read", open(secret, O_RDONLY));
		tell("write", open(secret, O_WRONLY));
		tell("make", open(made, O_WRONLY | O_CREAT, 0600));
		tell("remove", unlink(secret));
		try_connect();
		try_exec();
		close(report);
		report = -1;
	}
	return real_read(fd, p, n);
}
