#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "announce/announce_run.h"
#include "base/file.h"
#include "base/json_get.h"
#include "base/lines.h"
#include "base/program.h"

/* Records of the folder; none of a file that cannot be read. */
long long
announce_prepare_count(const struct announce *a, const char *name)
{
	char *path = (char *)announce_path(a, name);
	struct lines *lines = lines_new(&path, 1, NULL, NULL);
	struct line line;
	struct fail f;
	long long count = 0;

	while (lines_next(lines, &line, &f) == 1)
		count++;
	lines_free(lines);
	return count;
}

/* Status 1 means that some records were refused, and is remembered. */
static int
judge_step(struct announce *a, const char *program, int status)
{
	if (a->stopped || status > 1)
		announce_end_said(a);
	if (a->stopped) {
		program_note(PROGRAM, "stopped before anything was sent");
		return 75;
	}
	if (status > 1)
		program_note(PROGRAM,
		    "%s ended with status %d: nothing is sent", program,
		    status);
	if (status == 1)
		a->refused = true;
	return status > 1 ? status : 0;
}

/*
 * The program's output is there only when it is whole. nothing: what is said
 * when it is empty.
 */
static int
run_step(struct announce *a, const struct process_words *w, const char *in,
    const char *out, const char *nothing)
{
	const char *part = arena_printf(a->arena, "%s.part", out);
	const char *said = a->args->quiet ? ANNOUNCE_SAID : NULL;
	int status = judge_step(
	    a, process_name(w), announce_run_in(a, w, in, part, said));
	struct fail f;

	if (status != 0)
		return status;
	if (rename(announce_path(a, part), announce_path(a, out)) < 0) {
		fail_errno(&f, "%s", announce_path(a, out));
		return program_die(PROGRAM, &f);
	}
	if (nothing == NULL || announce_prepare_count(a, out) > 0)
		return 0;
	announce_end_said(a);
	if (*nothing != '\0')
		program_note(PROGRAM, "%s", nothing);
	return 1;
}

/* bm-recipients says why there is nobody. */
static int
select_people(struct announce *a)
{
	const struct process_words w =
	    announce_words(a, "bm-recipients", ANNOUNCE_ARGS_RECIPIENTS,
		"--rejects", announce_path(a, "recipients.rejects"), NULL);

	return run_step(a, &w, NULL, "recipients.ndjson", "");
}

static struct process_words
make_render(
    struct announce *a, const char *id, const char *option, const char *file)
{
	struct process_words w = announce_words(
	    a, "bm-render", ANNOUNCE_ARGS_RENDER, "--id", id, NULL);

	if (a->expires != NULL)
		process_addf(&w, "--expires=%s", a->expires);
	if (option != NULL)
		process_add(&w, option);
	if (file != NULL)
		process_add(&w, announce_path(a, file));
	process_add(&w, a->body);
	return w;
}

static int
render_people(struct announce *a)
{
	const struct process_words w =
	    make_render(a, a->id, "--rejects", "messages.rejects");

	return run_step(a, &w, "recipients.ndjson", "messages.ndjson",
	    "no message could be made");
}

/* Sign when there are keys; a message that cannot be signed is not sent. */
static struct process_words
make_sign(struct announce *a)
{
	struct process_words w = announce_words(a, "bm-sign", "", NULL);

	if (a->args->relay_profile != NULL)
		process_addf(&w, "--profile=%s", a->args->relay_profile);
	return w;
}

static int
sign_messages(struct announce *a)
{
	struct process_words w = make_sign(a);

	if (!a->signs)
		return 0;
	process_addf(&w, "--rejects=%s", announce_path(a, "signed.rejects"));
	return run_step(a, &w, "messages.ndjson", "messages.ndjson",
	    "no message could be signed");
}

/* Rendering has told already of the records that are refused. */
static int
look_at_messages(struct announce *a)
{
	const struct process_words lint = make_render(a, a->id, "--lint", NULL);
	const struct process_words preview =
	    make_render(a, a->id, "--preview", "preview.html");
	struct buf errors = {0};
	const char *said = "errors";
	struct fail f;
	int status;

	status = announce_run_in(
	    a, &lint, "recipients.ndjson", "lint.txt", "errors");
	/* Its findings are the reason, unless it could not begin. */
	if (status == 2 && announce_prepare_count(a, "lint.txt") > 0)
		said = "lint.txt";
	if (status <= 1)
		status = announce_run_in(
		    a, &preview, "recipients.ndjson", NULL, "errors");
	if (status <= 1 && !a->stopped)
		return 0;
	if (file_read(&errors, announce_path(a, said), 1 << 20, NULL, &f) == 0)
		file_write(STDERR_FILENO, buf_str(&errors));
	buf_free(&errors);
	return judge_step(a, "bm-render", status);
}

static int
make_batches(struct announce *a)
{
	const char *messages = announce_path(a, "messages.ndjson");
	struct process_words w = announce_words(a, "bm-batch", "", "--null",
	    "--dir", announce_path(a, "spool"), "--write-plan",
	    announce_path(a, "plan.json"), messages, NULL);
	int status;

	process_addf(
	    &w, "--expect=%lld", announce_prepare_count(a, "messages.ndjson"));
	status = run_step(a, &w, NULL, "batches", NULL);
	if (status == 0)
		unlink(messages);
	return status;
}

int
announce_prepare(struct announce *a)
{
	int (*const steps[])(struct announce *) = {select_people, render_people,
	    sign_messages, look_at_messages, make_batches};
	int status = 0;

	unlink(announce_path(a, "errors"));
	unlink(announce_path(a, ANNOUNCE_SAID));
	for (size_t i = 0; status == 0 && i < sizeof(steps) / sizeof(*steps);
	     i++)
		status = steps[i](a);
	return status;
}

/* The first of the people, alone in a file; their address. */
static int
pick_one(const struct announce *a, struct str *email, struct fail *f)
{
	char *path = (char *)announce_path(a, "recipients.ndjson");
	struct lines *lines = lines_new(&path, 1, NULL, NULL);
	struct json_object o;
	struct line line;
	struct buf text = {0};
	int rc = -1;

	if (lines_next(lines, &line, f) == 1 &&
	    json_parse(&o, line.text, a->arena, f) == 0) {
		*email =
		    arena_str(a->arena, json_get_string(&o, "email", a->arena));
		buf_printf(&text, "%.*s\n", (int)line.text.n, line.text.p);
		rc = file_replace(
		    announce_path(a, "test.ndjson"), buf_str(&text), f);
	}
	buf_free(&text);
	lines_free(lines);
	return rc;
}

/* A mailing of its own each time, so that no try is a duplicate. */
static int
send_one(struct announce *a)
{
	const char *id = arena_printf(a->arena, "%s.test.%lld.%d", a->id,
	    (long long)time(NULL), (int)getpid());
	const struct process_words sign = make_sign(a),
				   render =
				       make_render(a, id, "--test-links", NULL);
	const struct process_words send = announce_words(a, "bm-send",
	    ANNOUNCE_ARGS_SEND, "--redirect", a->args->test, NULL);
	const char *messages = "test.messages";
	int status;

	status = announce_run_in(a, &render, "test.ndjson", messages, NULL);
	if (status == 0 && a->signs) {
		messages = "test.signed";
		status =
		    announce_run_in(a, &sign, "test.messages", messages, NULL);
	}
	if (status == 0)
		status =
		    announce_run_in(a, &send, messages, "test.outcome", NULL);
	unlink(announce_path(a, "test.messages"));
	unlink(announce_path(a, "test.signed"));
	return status;
}

int
announce_test(struct announce *a)
{
	struct str email = {0};
	struct buf text = {0};
	struct fail f;
	int status;

	if (pick_one(a, &email, &f) < 0)
		return program_die(PROGRAM, &f);
	status = send_one(a);
	if (status != 0) {
		program_note(PROGRAM, "not sent to %s", a->args->test);
		announce_end_words(
		    a, "test.outcome", 0, "failed deferred in_doubt skipped");
		return status;
	}
	buf_printf(&text, "sent to %s, as this person would get it:\n  %.*s\n",
	    a->args->test, (int)email.n, email.p);
	return announce_say(a, &text);
}
