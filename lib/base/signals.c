#include "base/signals.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* A signal that is ignored at the start stays ignored: nohup(1). */
static void
add_unless_ignored(sigset_t *set, int sig)
{
	struct sigaction act;

	if (sigaction(sig, NULL, &act) == 0 && act.sa_handler != SIG_IGN)
		sigaddset(set, sig);
}

int
signals_open(struct fail *f)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	add_unless_ignored(&set, SIGTERM);
	add_unless_ignored(&set, SIGINT);
	add_unless_ignored(&set, SIGHUP);
	add_unless_ignored(&set, SIGQUIT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0 ||
	    (fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC)) < 0)
		return fail_errno(f, "signals");
	return fd;
}

bool
signals_read(int fd)
{
	struct signalfd_siginfo info;
	bool any = false;

	while (read(fd, &info, sizeof(info)) == sizeof(info))
		any = true;
	return any;
}
