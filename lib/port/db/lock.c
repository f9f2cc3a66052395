#include "port/db/lock.h"

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

/* A step of taking the lock; -1 with errno EAGAIN when it would have to wait */
typedef int step_fn(int fd, bool wait);

/*
 * The place at the head of the queue: a lock on the file's first byte. The
 * kernel wakes all who wait for a flock and lets them race; whoever has just
 * released it and comes again is awake already and would win each time. So
 * only one may wait for the flock, and the others for this place.
 */
static int
head(int fd, bool wait)
{
	struct flock byte = {
	    .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};

	return fcntl(fd, wait ? F_OFD_SETLKW : F_OFD_SETLK, &byte);
}

static void
leave_head(int fd)
{
	struct flock byte = {
	    .l_type = F_UNLCK, .l_whence = SEEK_SET, .l_len = 1};

	fcntl(fd, F_OFD_SETLK, &byte);
}

static int
own(int fd, bool wait)
{
	return flock(fd, wait ? LOCK_EX : LOCK_EX | LOCK_NB);
}

/* A signal of the program's own does not end the wait. */
static int
wait_until(
    step_fn *step, int fd, const struct timespec *deadline, struct fail *f)
{
	while (step(fd, true) != 0) {
		if (errno != EINTR)
			return fail_errno(f, "cannot lock");
		if (past(deadline))
			return timed_out(f);
	}
	return 0;
}

static struct timespec
in_ms(int ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += ms / 1000;
	t.tv_nsec += ms % 1000 * 1000000L;
	if (t.tv_nsec >= 1000000000L) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000L;
	}
	return t;
}

/* Blocking calls, which a timer interrupts when the time is up. */
static int
wait_blocking(
    step_fn *step, int fd, const struct timespec *deadline, struct fail *f)
{
	struct sigevent event = {
	    .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
	struct sigaction act = {.sa_handler = ignore}, old;
	struct itimerspec when = {
	    .it_interval = {0, TICK_NS}, .it_value = *deadline};
	timer_t timer;
	int r;

	if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0)
		return fail_errno(f, "cannot make a timer");
	sigaction(SIGALRM, &act, &old);
	timer_settime(timer, TIMER_ABSTIME, &when, NULL);
	r = wait_until(step, fd, deadline, f);
	timer_delete(timer);
	sigaction(SIGALRM, &old, NULL);
	return r;
}

static int
take_step(
    step_fn *step, int fd, const struct timespec *deadline, struct fail *f)
{
	if (step(fd, false) == 0)
		return 0;
	if (errno != EAGAIN && errno != EACCES && errno != EINTR)
		return fail_errno(f, "cannot lock");
	if (past(deadline))
		return timed_out(f);
	return wait_blocking(step, fd, deadline, f);
}

int
lock_take(int fd, int wait_ms, struct fail *f)
{
	struct timespec deadline = in_ms(wait_ms);
	int r;

	if (take_step(head, fd, &deadline, f) != 0)
		return -1;
	r = take_step(own, fd, &deadline, f);
	leave_head(fd);
	return r;
}

void
lock_drop(int fd)
{
	flock(fd, LOCK_UN);
}
