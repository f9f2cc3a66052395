#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "announce/announce_run.h"
#include "base/columns.h"
#include "base/crypto.h"
#include "base/file.h"
#include "base/json_get.h"
#include "base/num.h"
#include "base/option_rules.h"
#include "base/program.h"
#include "mail/report/report_summary.h"

#define TAIL (256 * 1024) /* bytes that the last outcomes are looked for in */

static struct process_words
make_report(struct announce *a, const char *option)
{
	return announce_words(a, "bm-report", "db", "--plan",
	    announce_path(a, "plan.json"), option, NULL);
}

static long long
get_number(const struct json_object *o, const char *name)
{
	const struct json_value *v = json_get(o, name);
	struct fail f;
	long long n;

	if (v == NULL || num_parse(v->raw, 0, INT64_MAX, &n, &f) < 0)
		return -1;
	return n;
}

static int64_t
get_time(const struct json_object *o, const char *name, struct arena *arena)
{
	struct str s = json_get_string(o, name, arena);
	struct fail f;
	int64_t ms;

	return s.p != NULL && num_parse_time(s, &ms, &f) == 0 ? ms : 0;
}

void
announce_end_count(struct announce *a, struct report *r)
{
	struct process_words w = make_report(a, "--json");
	struct json_object o = {0};
	struct buf text = {0};
	struct fail f;

	*r = (struct report){.id = str_of(a->id), .planned = -1};
	if (announce_capture(a, &w, &text) == 0 &&
	    json_parse(&o, buf_str(&text), a->arena, &f) == 0) {
		r->planned = get_number(&o, "planned");
		r->unplanned = get_number(&o, "unplanned");
		r->all.total = get_number(&o, "total");
		for (int i = 0; i < REPORT_STATES; i++)
			r->all.by[i] = get_number(
			    &o, report_state_name((enum report_state)i));
		r->state =
		    arena_str(a->arena, json_get_string(&o, "state", a->arena));
		r->content = arena_str(
		    a->arena, json_get_string(&o, "content", a->arena));
		r->is_stopped = !str_is(r->state, "open");
		r->is_pruned = str_is(r->state, "pruned");
		r->next_first = get_time(&o, "next_try", a->arena);
		r->next_last = get_time(&o, "next_try_last", a->arena);
	}
	buf_free(&text);
}

/* "class: 550 5.1.1 no such user" as far as it is known. */
static void
tell_outcome(const struct json_object *o, struct arena *arena)
{
	struct str class = json_get_string(o, "class", arena),
		   enhanced = json_get_string(o, "enhanced", arena),
		   reply = json_get_string(o, "reply", arena);
	const struct json_value *code = json_get(o, "code");
	struct buf b = {0};

	buf_addstr(&b, class);
	if (code != NULL && code->type == JSON_NUMBER)
		buf_printf(&b, ": %.*s", (int)code->raw.n, code->raw.p);
	else if (reply.n > 0)
		buf_addc(&b, ':');
	if (enhanced.n > 0)
		buf_printf(&b, " %.*s", (int)enhanced.n, enhanced.p);
	if (reply.n > 0)
		buf_printf(&b, " %.*s", (int)reply.n, reply.p);
	program_note(PROGRAM, "%s", buf_cstr(&b));
	buf_free(&b);
}

/*
 * Why the last one was not sent. Not all of it is in the ledger: what befalls
 * a connection is not charged to those who were to be served by it.
 */
void
announce_end_words(
    struct announce *a, const char *file, off_t from, const char *states)
{
	int fd = open(announce_path(a, file), O_RDONLY | O_CLOEXEC);
	struct json_object o, last = {0};
	struct buf text = {0};
	struct str rest, line;
	struct fail f;
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0)
		return;
	if (st.st_size - from > TAIL)
		from = st.st_size - TAIL;
	n = pread(fd, buf_reserve(&text, TAIL), TAIL, from);
	close(fd);
	text.len = n > 0 ? (size_t)n : 0;
	for (rest = buf_str(&text); str_line(&rest, &line);) {
		struct str status;

		if (json_parse(&o, line, a->arena, &f) < 0)
			continue;
		status = json_get_string(&o, "status", a->arena);
		if (status.p != NULL &&
		    option_rules_has(states, arena_str(a->arena, status).p))
			last = o;
	}
	if (last.count > 0)
		tell_outcome(&last, a->arena);
	buf_free(&text);
}

/* A time as the clock on the wall shows it. */
static void
put_local(struct buf *b, int64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	char text[64] = "";
	struct tm tm;

	if (localtime_r(&seconds, &tm) != NULL)
		strftime(text, sizeof(text), "%F %H:%M:%S %Z", &tm);
	buf_adds(b, text);
}

void
announce_end_next(const struct report *r)
{
	struct buf b = {0};

	if (r->next_first == 0)
		return;
	columns_group(&b, r->all.by[REPORT_DEFERRED]);
	buf_adds(&b, " put off; the next try is at ");
	put_local(&b, r->next_first);
	if (r->next_last / 1000 != r->next_first / 1000) {
		buf_adds(&b, ", the last at ");
		put_local(&b, r->next_last);
	}
	program_note(PROGRAM, "%s", buf_cstr(&b));
	buf_free(&b);
}

void
announce_end_said(struct announce *a)
{
	struct buf said = {0};
	struct fail f;

	if (file_read(&said, announce_path(a, ANNOUNCE_SAID), SIZE_MAX, NULL,
		&f) == 0)
		file_write(STDERR_FILENO, buf_str(&said));
	unlink(announce_path(a, ANNOUNCE_SAID));
	buf_free(&said);
}

/*
 * What a reader of cron's mail would see, in one hash: true if it is that of
 * the run before. Else it is noted.
 */
static bool
is_told(struct announce *a, int status, const struct report *r)
{
	unsigned char digest[CRYPTO_SHA256];
	struct buf now = {0}, hash = {0}, before = {0};
	struct fail f;
	bool same;

	file_read(&now, announce_path(a, ANNOUNCE_SAID), SIZE_MAX, NULL, &f);
	if (status == 0 && now.len == 0) {
		buf_free(&now);
		return true; /* there is nothing to tell */
	}
	buf_printf(&now, "%d", status);
	report_summary(&now, r);
	crypto_sha256(now.p, now.len, digest);
	crypto_hex(&hash, digest, sizeof(digest));
	same = file_read(&before, announce_path(a, "told"), SIZE_MAX, NULL,
		   &f) == 0 &&
	       str_eq(buf_str(&hash), buf_str(&before));
	if (!same)
		file_replace(announce_path(a, "told"), buf_str(&hash), &f);
	buf_free(&now);
	buf_free(&hash);
	buf_free(&before);
	return same;
}

void
announce_end_release(struct announce *a, struct buf *b)
{
	const struct process_words w =
	    announce_words(a, "bm-send", "db", "--release", a->id, NULL);

	process_put(b, &w);
}

static int
tell_stopped(const struct report *r, int status)
{
	struct buf summary = {0};

	report_summary(&summary, r);
	program_note(PROGRAM, "stopped: %s; the same command goes on",
	    buf_cstr(&summary));
	buf_free(&summary);
	return status == 0 || status == 1 ? status : 75;
}

static void
tell_remedy(struct announce *a, const struct report *r)
{
	struct buf command = {0};

	if (str_is(r->state, "held")) {
		announce_end_release(a, &command);
		program_note(PROGRAM,
		    "not complete, and held: %s lets it go on",
		    buf_cstr(&command));
	} else {
		program_note(
		    PROGRAM, "not complete: run the same command again");
	}
	buf_free(&command);
}

/*
 * With the table, unless all is well and nobody wants to know, or cron's reader
 * knows it. When the ledger does not know the mailing, another program has said
 * why nothing was sent.
 */
int
announce_end(struct announce *a, int status, const char *note)
{
	const struct process_words w = make_report(a, NULL);
	struct process_files files = PROCESS_FILES;
	struct report r;

	announce_end_count(a, &r);
	if (a->args->quiet && status <= 1 && is_told(a, status, &r)) {
		unlink(announce_path(a, ANNOUNCE_SAID));
		return status;
	}
	announce_end_said(a);
	if (note != NULL)
		program_note(PROGRAM, "%s", note);
	if (a->args->quiet)
		files.out = STDERR_FILENO;
	if (r.all.total > 0 && (!a->args->quiet || status != 0))
		announce_run(a, &w, &files);
	if (a->stopped)
		return tell_stopped(&r, status);
	if (status == 75) {
		announce_end_words(a, "outcomes.ndjson", a->before, "deferred");
		announce_end_next(&r);
		tell_remedy(a, &r);
	}
	return status;
}

/* The mailing's own status; what is wrong with the ledger is told. */
static int
ask_status(struct announce *a)
{
	const struct process_words w = make_report(a, "--status");
	struct buf none = {0};
	int status = announce_capture(a, &w, &none);

	buf_free(&none);
	if (status > 1 && status != 75) {
		announce_run_in(a, &w, NULL, NULL, NULL);
		return 2;
	}
	return status;
}

int
announce_end_status(struct announce *a, int senders)
{
	int mailing = ask_status(a);

	if (senders == 255)
		return 255;
	if (senders == 2 || mailing == 2)
		return 2;
	if (senders == 75 || mailing == 75)
		return 75;
	return senders == 1 || mailing == 1 || a->refused;
}

/* Nothing is sent any more. Cron's reader learns how it came out. */
int
announce_end_late(struct announce *a)
{
	int status;

	if (!a->args->send || access(announce_path(a, "plan.json"), F_OK) < 0) {
		program_note(
		    PROGRAM, "--not-after: %s is over", a->args->not_after);
		return 2;
	}
	status = ask_status(a);
	if (status != 75)
		return announce_end(a, status, NULL);
	return announce_end(a, 1,
	    arena_printf(a->arena,
		"--not-after: %s is over, and some have not got it",
		a->args->not_after));
}
