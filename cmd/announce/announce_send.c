#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "announce/announce_run.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/program.h"
#include "mail/record/plan.h"

#define FOLLOWER_MS 2000 /* the progress may take to see the end */

struct senders {
	struct announce *a;
	struct buf batches; /* names, a NUL behind each */
	size_t next;        /* where the next name begins */
	struct process *running;
	size_t count;
	int worst; /* the status that outweighs the others */
	int out;
};

/* 255 over 2 over 75 over 1; a sender that cannot be run is like 2. */
static void
note_status(struct senders *s, int status)
{
	static const char order[] = {0, 1, 75, 2, (char)255};
	const char *now, *worst;

	if (status == 126 || status == 127)
		status = 2;
	now = memchr(order, status, sizeof(order));
	if (now == NULL)
		now = memchr(order, 75, sizeof(order));
	worst = memchr(order, s->worst, sizeof(order));
	if (now > worst)
		s->worst = (unsigned char)*now;
}

/* Settings or a relay that one sender finds wrong, all would find. */
static bool
may_start(const struct senders *s)
{
	return s->next < s->batches.len && !s->a->stopped && s->worst != 255 &&
	       s->worst != 2 && s->count < (size_t)s->a->args->workers;
}

static void
start_sender(struct senders *s)
{
	struct announce *a = s->a;
	const char *batch = s->batches.p + s->next;
	const struct process_words w =
	    announce_words(a, "bm-send", ANNOUNCE_ARGS_SEND, "--plan",
		announce_path(a, "plan.json"), batch, NULL);
	const struct process_files files = {-1, s->out, -1, a->lock};
	struct fail f;

	if (process_start(&s->running[s->count], &w, &files, &f) < 0) {
		note_status(s, program_die(PROGRAM, &f));
		return;
	}
	s->count++;
	s->next += strlen(batch) + 1;
}

static void
run_senders(struct senders *s)
{
	s->running = mem_new((size_t)s->a->args->workers * sizeof(*s->running));
	for (;;) {
		int i;

		while (may_start(s))
			start_sender(s);
		if (s->count == 0)
			break;
		i = process_wait(
		    s->running, s->count, s->a->signals, -1, &s->a->stopped);
		if (i < 0)
			continue;
		note_status(s, process_reap(&s->running[i]));
		s->running[i] = s->running[--s->count];
	}
	if (s->next < s->batches.len)
		note_status(s, 75);
	free(s->running);
}

/* Progress is for people who look. False: there is none. */
static bool
start_follower(struct announce *a, struct process *p)
{
	const struct process_words w = announce_words(a, "bm-report", "db",
	    "--follow", "--plan", announce_path(a, "plan.json"), NULL);
	const struct process_files files = {-1, STDERR_FILENO, -1, -1};
	struct fail f;

	return !a->args->quiet && isatty(STDERR_FILENO) &&
	       process_start(p, &w, &files, &f) == 0;
}

/* It ends by itself when all is settled. */
static void
end_follower(struct announce *a, struct process *p)
{
	if (process_wait(p, 1, a->signals, a->stopped ? 0 : FOLLOWER_MS,
		&a->stopped) < 0) {
		process_stop(p);
		file_write(STDERR_FILENO, STR("\n"));
	}
	process_reap(p);
}

/* The senders' status over all batches of the plan. */
int
announce_send(struct announce *a)
{
	const char *outcomes = announce_path(a, "outcomes.ndjson");
	struct senders s = {.a = a};
	struct process follower;
	struct fail f;
	bool follows;

	s.out = open(outcomes, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	if (s.out < 0) {
		fail_errno(&f, "%s", outcomes);
		return program_die(PROGRAM, &f);
	}
	a->before = lseek(s.out, 0, SEEK_END);
	if (file_read(&s.batches, announce_path(a, "batches"), PLAN_MAX, NULL,
		&f) < 0) {
		s.worst = program_die(PROGRAM, &f);
	} else {
		follows = start_follower(a, &follower);
		run_senders(&s);
		if (follows)
			end_follower(a, &follower);
	}
	buf_free(&s.batches);
	close(s.out);
	return s.worst;
}
