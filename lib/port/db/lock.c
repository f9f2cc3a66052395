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

#include "base/folder.h"
#include "port/db/lock_holder.h"

#define TICK_NS \
	5000000 /* the timer repeats, since a tick before flock() is lost */

int
lock_open(const char *path, struct fail *f)
{
	const int flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC;
	int fd = open(path, flags);

	if (fd < 0 && errno == ENOENT) {
		fd = open(path, flags | O_CREAT | O_EXCL, 0660);
		if (fd >= 0 && folder_shared(path))
			fchmod(fd, 0660);
		else if (fd < 0 && errno == EEXIST)
			fd = open(path, flags);
	}
	if (fd < 0)
		return fail_errno(f, "cannot open %s", path);
	return fd;
}

static void
ignore_signal(int sig)
{
	(void)sig;
}

static bool
is_past(const struct timespec *deadline)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec > deadline->tv_sec ||
	       (now.tv_sec == deadline->tv_sec &&
		   now.tv_nsec >= deadline->tv_nsec);
}

/* A step of taking the lock; -1 with EAGAIN when it would have to wait. */
typedef int step_fn(int fd, bool wait);

/*
 * The head of the queue is a lock on the first byte of the file. The kernel
 * wakes all waiters of a flock and lets them race, and a process that has just
 * released the flock is awake already and would win each time. So only the
 * head of the queue waits for the flock; the others wait to become the head.
 */
static int
lock_head(int fd, bool wait)
{
	struct flock byte = {
	    .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};

	return fcntl(fd, wait ? F_OFD_SETLKW : F_OFD_SETLK, &byte);
}

static void
unlock_head(int fd)
{
	struct flock byte = {
	    .l_type = F_UNLCK, .l_whence = SEEK_SET, .l_len = 1};

	fcntl(fd, F_OFD_SETLK, &byte);
}

static int
lock_whole(int fd, bool wait)
{
	return flock(fd, wait ? LOCK_EX : LOCK_EX | LOCK_NB);
}

/* Other signals of the program do not end the wait. */
static int
wait_until(
    step_fn *step, int fd, const struct timespec *deadline, struct fail *f)
{
	while (step(fd, true) < 0) {
		if (errno != EINTR)
			return fail_errno(f, "cannot lock");
		if (is_past(deadline))
			return fail_temp(f, "locked");
	}
	return 0;
}

static struct timespec
add_ms(int ms)
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

/* A timer interrupts the blocking call at the deadline. */
static int
wait_blocking(
    step_fn *step, int fd, const struct timespec *deadline, struct fail *f)
{
	struct sigevent event = {
	    .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
	struct sigaction act = {.sa_handler = ignore_signal}, old;
	struct itimerspec when = {
	    .it_interval = {0, TICK_NS}, .it_value = *deadline};
	timer_t timer;
	int r;

	if (timer_create(CLOCK_MONOTONIC, &event, &timer) < 0)
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
	if (is_past(deadline))
		return fail_temp(f, "locked");
	return wait_blocking(step, fd, deadline, f);
}

/* One process has the lock, and it is not told twice. */
static int
take_both(int fd, const struct timespec *deadline, struct fail *f)
{
	int r;

	if (take_step(lock_head, fd, deadline, f) < 0)
		return -1;
	r = take_step(lock_whole, fd, deadline, f);
	unlock_head(fd);
	return r;
}

int
lock_take(int fd, const char *path, const struct waiting *wait, struct fail *f)
{
	struct timespec deadline = add_ms(wait->limit_ms);
	char holder[LOCK_HOLDER_SIZE];
	struct timespec first =
	    waiting_is_told(wait) ? add_ms(wait->after_ms) : deadline;
	int r = take_both(fd, &first, f);

	if (r == 0)
		return 0;
	if (f->kind != FAIL_TEMP)
		return fail_prefix(f, "%s", path);
	lock_holder_flock(holder, fd);
	if (waiting_is_told(wait)) {
		waiting_tell(wait, path, holder);
		if (take_both(fd, &deadline, f) == 0)
			return 0;
		lock_holder_flock(holder, fd);
	}
	return fail_temp(f, "%s: locked by %s for too long", path, holder);
}

void
lock_drop(int fd)
{
	flock(fd, LOCK_UN);
}
