#include "base/filter.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/columns.h"
#include "base/file.h"
#include "base/guarded.h"
#include "base/json.h"
#include "base/json_get.h"
#include "base/json_put.h"
#include "base/lines.h"
#include "base/mem.h"
#include "base/program.h"
#include "base/progress.h"
#include "base/utf8.h"

#define OUT_MAX (64 * 1024) /* bytes buffered for one write */
#define NAMED_MAX 100       /* refused records; more bury what else is said */

struct filter {
	const char *program;
	struct lines *lines;

	struct buf out;
	bool broken; /* writing stdout has failed and is reported */
	const char *rejects_path;
	int rejects; /* descriptor, or -1 */
	struct arena *arena;
	int status;
	long most; /* refused records that are named; 0: all */
	long refused;
	long long read;            /* records */
	struct progress *progress; /* borrowed; or NULL */
};

static int
rank_status(int status)
{
	static const int order[] = {0, 1, 75, 2, 255};
	int i = 0;

	while (i < 4 && order[i] != status)
		i++;
	return i;
}

void
filter_raise(struct filter *f, int status)
{
	if (rank_status(status) > rank_status(f->status))
		f->status = status;
}

/* Reports a failure once. */
static int
flush_stdout(struct filter *f)
{
	if (f->broken)
		return -1;
	if (file_write(STDOUT_FILENO, buf_str(&f->out)) < 0) {
		filter_raise(f, program_die_stdout(f->program));
		f->broken = true;
		return -1;
	}
	buf_reset(&f->out);
	return 0;
}

static int
flush_before_wait(void *ctx, struct fail *fail)
{
	*fail = (struct fail){0}; /* flush_stdout() has reported it */
	return flush_stdout(ctx);
}

struct filter *
filter_new(const char *program, char **files, int count)
{
	struct filter *f = mem_new(sizeof(*f));

	f->program = program;
	f->lines = lines_new(files, count, flush_before_wait, f);
	f->rejects = -1;
	f->arena = arena_new();
	return f;
}

int
filter_open_rejects(struct filter *f, const char *path, struct fail *fail)
{
	if (path == NULL)
		return 0;
	f->rejects_path = path;
	f->rejects = guarded_write(path, O_TRUNC, fail);
	return f->rejects < 0 ? -1 : 0;
}

void
filter_set_progress(struct filter *f, struct progress *p)
{
	f->progress = p;
}

void
filter_note(struct filter *f, const char *text)
{
	progress_hide(f->progress);
	program_tell(f->program, text);
}

void
filter_name_few(struct filter *f)
{
	f->most = NAMED_MAX;
}

int
filter_next(struct filter *f, struct filter_record *r)
{
	struct fail fail;
	struct line line;
	int more = lines_next(f->lines, &line, &fail);

	if (more < 0 && fail.kind != FAIL_NONE)
		filter_raise(f, program_die(f->program, &fail));
	f->read += more == 1;
	if (more == 1)
		*r = (struct filter_record){line.file, line.number, line.text};
	return more;
}

void
filter_describe_input(const struct filter *f, struct buf *b)
{
	bool known;
	long long left = lines_left(f->lines, &known);

	columns_group(b, f->read);
	buf_adds(
	    b, f->read == 1 ? " record was read, " : " records were read, ");
	if (left > 0 || known)
		columns_group(b, left);
	if (left == 0 && !known)
		buf_adds(b, "the rest of the input was not");
	else
		buf_adds(b, left == 1 ? " was not" : " were not");
	if (left > 0 && !known)
		buf_adds(b, ", nor was the rest of the input");
}

bool
filter_ready(const struct filter *f)
{
	return lines_ready(f->lines);
}

void
filter_wait(const struct filter *f, int other, int ms)
{
	lines_wait(f->lines, other, ms);
}

/* Valid UTF-8: a file's name or a quoted reason may not be. */
static struct str
clean_text(struct filter *f, const char *s)
{
	size_t n = strlen(s), at = 0, bad;
	char *copy = arena_dup(f->arena, s, n);

	while ((bad = utf8_valid(copy + at, n - at)) < n - at) {
		at += bad;
		copy[at++] = '?';
	}
	return (struct str){copy, n};
}

static void
put_member(struct buf *b, const struct json_object *o, const char *name)
{
	const struct json_value *v = json_get(o, name);

	json_put_raw(b, name, v != NULL ? v->raw : STR("null"));
}

static int
write_reject(struct filter *f, const struct filter_record *r, const char *stage,
    const char *class, const char *reason)
{
	static const char *const identity[] = {
	    "email", "user_id", "course_id", "email_id"};
	struct json_object o = {0};
	struct fail ignored = {0};
	struct buf b = {0};
	int result;

	if (json_parse(&o, r->raw, f->arena, &ignored) < 0)
		o = (struct json_object){0};
	buf_addc(&b, '{');
	for (size_t i = 0; i < sizeof(identity) / sizeof(identity[0]); i++)
		put_member(&b, &o, identity[i]);
	json_put(&b, "stage", str_of(stage));
	json_put(&b, "class", str_of(class));
	json_put(&b, "reason", clean_text(f, reason));
	json_put(&b, "file", clean_text(f, r->file));
	json_put_int(&b, "line", (long long)r->line);
	buf_adds(&b, "}\n");
	result = file_write(f->rejects, buf_str(&b));
	buf_free(&b);
	arena_reset(f->arena);
	return result;
}

static void
drop_rejects(struct filter *f)
{
	struct fail fail;

	fail_errno(&fail, "%s: cannot write", f->rejects_path);
	filter_raise(f, program_die(f->program, &fail));
	close(f->rejects);
	f->rejects = -1;
}

bool
filter_put_aside(struct filter *f, const struct filter_record *r,
    const char *stage, const char *class, const char *reason)
{
	if (f->rejects < 0 || write_reject(f, r, stage, class, reason) == 0)
		return true;
	drop_rejects(f);
	return false;
}

static void
name_record(struct filter *f, const struct filter_record *r, const char *text)
{
	struct buf where = {0};

	progress_hide(f->progress);
	if (r != NULL && r->line > 0)
		buf_printf(&where, "%s:%lu: ", r->file, r->line);
	else if (r != NULL)
		buf_printf(&where, "%s: ", r->file);
	program_note_at(f->program, buf_cstr(&where), text);
	buf_free(&where);
}

bool
filter_report(struct filter *f, const struct filter_record *r,
    const char *stage, const char *class, const struct fail *fail)
{
	bool data = fail->kind == FAIL_DATA && r != NULL;

	f->refused += data;
	if (!data || f->most == 0 || f->refused <= f->most)
		name_record(f, r, fail->text);
	filter_raise(f, fail_status(fail));
	if (fail->kind != FAIL_DATA)
		return false;
	return r == NULL || filter_put_aside(f, r, stage, class, fail->text);
}

int
filter_write(struct filter *f, struct str s)
{
	if (f->out.len > 0 && f->out.len + s.n > OUT_MAX && flush_stdout(f) < 0)
		return -1;
	if (f->broken)
		return -1;
	buf_addstr(&f->out, s);
	return f->out.len > OUT_MAX ? flush_stdout(f) : 0;
}

int
filter_write_now(struct filter *f, struct str s)
{
	if (flush_stdout(f) < 0)
		return -1;
	buf_addstr(&f->out, s);
	return flush_stdout(f);
}

/* Some file systems report a failed write only at close. */
static void
close_stdout(struct filter *f)
{
	if (flush_stdout(f) == 0 && close(STDOUT_FILENO) < 0) {
		filter_raise(f, program_die_stdout(f->program));
	}
}

void
filter_count_rest(struct filter *f)
{
	struct buf n = {0};

	if (f->most == 0 || f->refused <= f->most)
		return;
	columns_group(&n, f->refused - f->most);
	program_note(f->program,
	    "%s more are refused and not named here: --rejects FILE gets all",
	    buf_cstr(&n));
	f->refused = f->most;
	buf_free(&n);
}

int
filter_finish(struct filter *f)
{
	int status;

	progress_hide(f->progress);
	close_stdout(f);
	filter_count_rest(f);
	if (f->rejects >= 0 && close(f->rejects) < 0) {
		f->rejects = -1;
		drop_rejects(f);
	}
	lines_free(f->lines);
	status = f->status;
	buf_free(&f->out);
	arena_free(f->arena);
	free(f);
	return status;
}

int
filter_run(struct filter *f, const char *stage, filter_fn *fn, void *ctx)
{
	struct arena *arena = arena_new();
	struct filter_record r;
	struct buf out = {0};
	struct fail fail;

	while (filter_next(f, &r) == 1) {
		buf_reset(&out);
		arena_reset(arena);
		fail = (struct fail){0};
		if (fn(ctx, &r, arena, &out, &fail) < 0) {
			if (!filter_report(f, &r, stage, "invalid", &fail))
				break;
		} else if (filter_write(f, buf_str(&out)) < 0) {
			break;
		}
	}
	buf_free(&out);
	arena_free(arena);
	return filter_finish(f);
}
