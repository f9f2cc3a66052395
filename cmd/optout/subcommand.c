#include "optout/subcommand.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/crypto.h"
#include "base/json_put.h"
#include "base/num.h"
#include "base/program.h"
#include "base/utf8.h"
#include "port/open/store_open.h"
#include "port/open/take_over.h"

static int
open_and_run(struct subcommand *s, enum db_mode mode, subcommand_fn *body,
    void *ctx, struct fail *f)
{
	const char *path;

	if (settings_need(s->o->settings, "BM_DB", &path, f) < 0 ||
	    take_over_once(path, settings_get(s->o->settings, "BM_KEY_FILE"),
		waiting_told(DB_WAIT_MS, program_tell, PROGRAM), f) < 0 ||
	    db_open(&s->db, path, mode,
		waiting_told(DB_WAIT_MS, program_tell, PROGRAM), f) < 0 ||
	    store_open(&s->store, s->db, f) < 0)
		return -1;
	return body(s, ctx, f);
}

int
subcommand_run(struct options *o, int argc, char **argv, enum db_mode mode,
    subcommand_fn *body, void *ctx)
{
	struct subcommand s = {.o = o};
	struct fail f = {0};
	int status = program_options(o, argc, argv);

	if (status != -1)
		return status;
	s.out = filter_new(PROGRAM, NULL, 0);
	s.arena = arena_new();
	if (open_and_run(&s, mode, body, ctx, &f) < 0 && f.kind != FAIL_NONE)
		filter_raise(s.out, program_die(PROGRAM, &f));
	store_close(s.store);
	db_close(s.db);
	arena_free(s.arena);
	status = filter_finish(s.out);
	options_free(o);
	return status;
}

int
subcommand_check_text(const char *option, const char *value, struct fail *f)
{
	size_t n = value != NULL ? strlen(value) : 0;

	if (n == 0 || utf8_valid(value, n) == n)
		return 0;
	return fail_system(f, "%s is not valid UTF-8", option);
}

int
subcommand_scope(const char *course, struct str *scope, struct fail *f)
{
	*scope = str_of(course != NULL ? course : ALL_MAIL);
	if (subcommand_check_text("--course", course, f) < 0)
		return -1;
	return scope->n > 0 ? 0 : fail_system(f, "--course names no course");
}

void
subcommand_put_row(struct buf *b, const struct optout *o)
{
	struct buf at = {0};

	num_rfc3339(&at, o->at);
	buf_addc(b, '{');
	json_put(b, "course_id", o->course_id);
	json_put(b, "user_id", o->user_id);
	json_put(b, "address", o->key);
	json_put(b, "action", o->out ? STR("out") : STR("in"));
	json_put(b, "source", o->source);
	json_put(b, "reason", o->reason);
	json_put(b, "at", buf_str(&at));
	buf_adds(b, "}\n");
	buf_free(&at);
}

void
subcommand_note_token(const char *act, struct str token, const char *what)
{
	unsigned char sum[CRYPTO_SHA256];
	struct buf id = {0};

	crypto_sha256(token.p, token.n, sum);
	crypto_hex(&id, sum, 6);
	program_note(PROGRAM, "%s token %s: %s", act, buf_cstr(&id), what);
	buf_free(&id);
}
