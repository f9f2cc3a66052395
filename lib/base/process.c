#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/shell.h"
#include "base/signals.h"

#define WORDS 32 /* room at first */

/* posix_spawn() cannot set the signal of a parent's death; setpriv(1) can. */
static const char *const leash[] = {"setpriv", "--pdeathsig", "TERM"};

static void
append_word(struct process_words *w, const char *word)
{
	if (w->count + 2 > w->room) {
		size_t room = w->room * 2 + WORDS;
		const char **items =
		    arena_alloc(w->arena, room * sizeof(*items));

		if (w->count > 0)
			memcpy(items, w->items, w->count * sizeof(*items));
		w->items = items;
		w->room = room;
	}
	w->items[w->count++] = word;
	w->items[w->count] = NULL;
}

void
process_add(struct process_words *w, const char *word)
{
	for (size_t i = 0; w->count < sizeof(leash) / sizeof(*leash); i++)
		append_word(w, leash[i]);
	append_word(w, word);
}

const char *
process_name(const struct process_words *w)
{
	return w->items[sizeof(leash) / sizeof(*leash)];
}

void
process_put(struct buf *b, const struct process_words *w)
{
	for (size_t i = sizeof(leash) / sizeof(*leash); i < w->count; i++) {
		if (b->len > 0)
			buf_addc(b, ' ');
		shell_put(b, w->items[i]);
	}
}

/* A descriptor that is copied onto itself stays open in the program. */
static void
list_files(posix_spawn_file_actions_t *actions, const struct process_files *p)
{
	posix_spawn_file_actions_init(actions);
	if (p->in >= 0)
		posix_spawn_file_actions_adddup2(actions, p->in, STDIN_FILENO);
	else
		posix_spawn_file_actions_addopen(
		    actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (p->out >= 0)
		posix_spawn_file_actions_adddup2(
		    actions, p->out, STDOUT_FILENO);
	if (p->err >= 0)
		posix_spawn_file_actions_adddup2(
		    actions, p->err, STDERR_FILENO);
	if (p->kept >= 0)
		posix_spawn_file_actions_adddup2(actions, p->kept, p->kept);
}

/* program_options() ignores SIGPIPE and SIGXFSZ. */
static void
reset_signals(posix_spawnattr_t *attr)
{
	sigset_t none, ignored;

	sigemptyset(&none);
	sigemptyset(&ignored);
	sigaddset(&ignored, SIGPIPE);
	sigaddset(&ignored, SIGXFSZ);
	posix_spawnattr_init(attr);
	posix_spawnattr_setsigmask(attr, &none);
	posix_spawnattr_setsigdefault(attr, &ignored);
	posix_spawnattr_setflags(
	    attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

int
process_start(struct process *p, const struct process_words *w,
    const struct process_files *files, struct fail *f)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	int error;

	list_files(&actions, files);
	reset_signals(&attr);
	error = posix_spawnp(&p->pid, w->items[0], &actions, &attr,
	    (char *const *)w->items, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	if (error == 0) {
		p->fd = pidfd_open(p->pid, 0);
		if (p->fd >= 0)
			return 0;
		error = errno;
		kill(p->pid, SIGTERM);
		process_reap(p);
	}
	errno = error;
	return fail_errno(f, "%s", w->items[0]);
}

int
process_wait(
    const struct process *p, size_t count, int signals, int ms, bool *stopped)
{
	struct pollfd *fds = mem_new((count + 1) * sizeof(*fds));
	int ready, found = -1;

	for (size_t i = 0; i < count; i++)
		fds[i] = (struct pollfd){.fd = p[i].fd, .events = POLLIN};
	fds[count] = (struct pollfd){.fd = signals, .events = POLLIN};
	ready = poll(fds, count + 1, ms);
	for (size_t i = count; ready > 0 && i-- > 0;) {
		if (fds[i].revents != 0)
			found = (int)i;
	}
	if (ready > 0 && fds[count].revents != 0 && signals_read(signals)) {
		*stopped = true;
		for (size_t i = 0; i < count; i++)
			process_stop(&p[i]);
	}
	free(fds);
	return found;
}

void
process_stop(const struct process *p)
{
	pidfd_send_signal(p->fd, SIGTERM, NULL, 0);
}

int
process_reap(struct process *p)
{
	int status = 0;

	while (waitpid(p->pid, &status, 0) < 0 && errno == EINTR) {
	}
	if (p->fd >= 0)
		close(p->fd);
	*p = (struct process){.fd = -1};
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
