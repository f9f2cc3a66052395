#include "port/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TICK_NS 5000000 /* the timer repeats: a tick before flock is lost */

int
lock_open(const char *path, struct fail *f)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT) {
		fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0660);
		if (fd >= 0)
			fchmod(fd, 0660);
		else if (errno == EEXIST)
			fd = open(path, O_RDWR | O_CLOEXEC);
	}
	if (fd < 0)
		return fail_errno(f, "cannot open %s", path);
	return fd;
}

static void
ignore(int sig)
{
	(void)sig;
}

static bool
past(const struct timespec *deadline)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec > deadline->tv_sec ||
	       (now.tv_sec == deadline->tv_sec &&
		   now.tv_nsec >= deadline->tv_nsec);
}

static int
timed_out(struct fail *f)
{
	return fail_temp(f, "locked by another process for too long");
}

/* A signal of the program's own does not end the wait. */
static int
wait_until(int fd, const struct timespec *deadline, struct fail *f)
{
	while (flock(fd, LOCK_EX) != 0) {
		if (errno != EINTR)
			return fail_errno(f, "cannot lock");
		if (past(deadline))
			return timed_out(f);
	}
	return 0;
}

/*
 * Blocking, since the kernel's queue is fair and polling is not. The timer
 * interrupts flock at the deadline.
 */
static int
wait_blocking(int fd, int wait_ms, struct fail *f)
{
	struct sigevent event = {
	    .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
	struct sigaction act = {.sa_handler = ignore}, old;
	struct itimerspec when = {.it_interval = {0, TICK_NS}};
	timer_t timer;
	int r;

	clock_gettime(CLOCK_MONOTONIC, &when.it_value);
	when.it_value.tv_sec += wait_ms / 1000;
	when.it_value.tv_nsec += wait_ms % 1000 * 1000000L;
	if (when.it_value.tv_nsec >= 1000000000L) {
		when.it_value.tv_sec++;
		when.it_value.tv_nsec -= 1000000000L;
	}
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0)
		return fail_errno(f, "cannot make a timer");
	sigaction(SIGALRM, &act, &old);
	timer_settime(timer, TIMER_ABSTIME, &when, NULL);
	r = wait_until(fd, &when.it_value, f);
	timer_delete(timer);
	sigaction(SIGALRM, &old, NULL);
	return r;
}

int
lock_take(int fd, int wait_ms, struct fail *f)
{
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno != EWOULDBLOCK && errno != EINTR)
		return fail_errno(f, "cannot lock");
	if (wait_ms <= 0)
		return timed_out(f);
	return wait_blocking(fd, wait_ms, f);
}

void
lock_drop(int fd)
{
	flock(fd, LOCK_UN);
}
