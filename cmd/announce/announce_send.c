#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "announce/announce_run.h"
#include "base/file.h"
#include "base/guarded.h"
#include "base/mem.h"
#include "base/program.h"
#include "mail/record/plan.h"

struct senders {
	struct announce *a;
	struct buf batches; /* names, a NUL behind each */
	size_t next;        /* where the next name begins */
	struct process *running;
	size_t count;
	int worst; /* the status that outweighs the others */
	int out;
	struct process follower; /* shows the progress */
	bool follows;
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

/* It takes a last look, and ends its line. */
static void
end_follower(struct senders *s)
{
	if (s->follows) {
		process_stop(&s->follower);
		process_reap(&s->follower);
	}
	s->follows = false;
}

static void
wait_for_sender(struct senders *s)
{
	bool was = s->a->stopped;
	int i = process_wait(
	    s->running, s->count, s->a->signals, -1, &s->a->stopped);

	if (!was && s->a->stopped) {
		end_follower(s);
		if (!s->a->args->quiet)
			program_note(
			    PROGRAM, "the senders finish what they are at");
	}
	if (i < 0)
		return;
	note_status(s, process_reap(&s->running[i]));
	s->running[i] = s->running[--s->count];
}

static void
run_senders(struct senders *s)
{
	s->running = mem_new((size_t)s->a->args->workers * sizeof(*s->running));
	for (;;) {
		while (may_start(s))
			start_sender(s);
		if (s->count == 0)
			break;
		wait_for_sender(s);
	}
	if (s->next < s->batches.len)
		note_status(s, 75);
	free(s->running);
}

/* Progress is for people who look. */
static void
start_follower(struct senders *s)
{
	const struct process_words w = announce_words(s->a, "bm-report", "db",
	    "--follow", "--plan", announce_path(s->a, "plan.json"), NULL);
	const struct process_files files = {-1, STDERR_FILENO, -1, -1};
	struct fail f;

	s->follows = !s->a->args->quiet && isatty(STDERR_FILENO) &&
		     process_start(&s->follower, &w, &files, &f) == 0;
}

/* The senders' status over all batches of the plan. */
int
announce_send(struct announce *a)
{
	const char *outcomes = announce_path(a, "outcomes.ndjson");
	struct senders s = {.a = a};
	struct fail f;

	s.out = guarded_write(outcomes, O_APPEND, &f);
	if (s.out < 0)
		return program_die(PROGRAM, &f);
	a->before = lseek(s.out, 0, SEEK_END);
	if (file_read(&s.batches, announce_path(a, "batches"), PLAN_MAX, NULL,
		&f) < 0) {
		s.worst = program_die(PROGRAM, &f);
	} else {
		start_follower(&s);
		run_senders(&s);
		end_follower(&s);
	}
	buf_free(&s.batches);
	close(s.out);
	return s.worst;
}
