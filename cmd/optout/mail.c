/* mail: one unsubscribe message from the pipe of a mail server. */
#include <errno.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/program.h"
#include "mail/optout/unsub.h"
#include "optout/confined.h"
#include "optout/optout.h"
#include "optout/subcommand.h"
#include "port/open/store_open_file.h"
#include "port/optout/act_drop.h"
#include "port/optout/keyfile.h"

#define WAIT_MS 5000             /* then the mail server tries again */
#define RETRY 75                 /* tells the mail server to try again */
#define HEADER_MAX (1024 * 1024) /* bytes of a message that are searched */

struct mail {
	const char *db_path, *key_file;
	struct arena *arena;
	struct buf message;
};

/* Reads to the end, so that the writer gets no EPIPE; keeps HEADER_MAX. */
static int
read_message(struct buf *b, struct fail *f)
{
	char piece[65536];
	ssize_t n;

	while ((n = read(STDIN_FILENO, piece, sizeof(piece))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_errno(f, "stdin: cannot read");
		if (b->len < HEADER_MAX)
			buf_add(b, piece, (size_t)n);
	}
	return 0;
}

/* Finds the first word that is a valid token. */
static bool
find_token(struct mail *m, const struct token_keys *keys, const struct unsub *u,
    struct str *text, struct token *t)
{
	struct fail f;

	for (size_t i = 0; i < u->count; i++) {
		*text = u->words[i];
		if (token_read(t, keys, *text, m->arena, &f) == 0)
			return true;
	}
	return false;
}

static int
stop_mail(const char *path, const struct token *t, struct fail *f)
{
	struct optout o = {.course_id = t->course_id,
	    .user_id = t->user_id,
	    .key = t->key,
	    .out = true,
	    .source = STR("mail"),
	    .at = clock_wall_ms(),
	    .link = t->course_id};
	struct store *store;
	int rc = store_open_file(
	    &store, path, STORE_WRITE, waiting_quiet(WAIT_MS), f);

	if (rc == 0)
		rc = optouts_add(store->optouts, &o, NULL, f);
	store_close(store);
	return rc;
}

static int
drop_act(const char *folder, const struct token_keys *keys,
    const struct token *t, struct str text, struct fail *f)
{
	const struct act act = {PAGE_STOP_COURSE, STR("mail"), text};

	return act_drop_write(folder, keys, t, &act, f);
}

static int
process_mail(struct mail *m, struct options *o, struct fail *f)
{
	const char *drop = settings_get(o->settings, "BM_OPTOUT_DROP");
	const char *key_file, *db_path = NULL;
	struct token_keys keys;
	struct unsub u;
	struct token t;
	struct str text;

	if (settings_need(o->settings, "BM_KEY_FILE", &key_file, f) < 0 ||
	    (drop == NULL &&
		settings_need(o->settings, "BM_DB", &db_path, f) < 0) ||
	    confined_enter(o, NULL, f) < 0 ||
	    keyfile_load(&keys, key_file, m->arena, f) < 0 ||
	    read_message(&m->message, f) < 0)
		return -1;
	unsub_read(&u, buf_str(&m->message), m->arena);
	if (u.automatic || !find_token(m, &keys, &u, &text, &t)) {
		program_note(PROGRAM, "mail ignored: %s",
		    u.automatic ? "an automatic message" : "no valid token");
		return 0;
	}
	if (t.kind == TOKEN_TEST) {
		subcommand_note_token("stop-course (mail)", text,
		    "the link of a test message changes nothing");
		return 0;
	}
	if (drop != NULL ? drop_act(drop, &keys, &t, text, f) < 0
			 : stop_mail(db_path, &t, f) < 0)
		return -1;
	subcommand_note_token("stop-course (mail)", text, "done");
	return 0;
}

int
optout_mail(int argc, char **argv)
{
	struct mail m = {0};
	struct option_spec specs[] = {
	    DB_OPTION(m.db_path),
	    OPTION_TEXT("key-file", 0, &m.key_file, "FILE", "BM_KEY_FILE",
		"the file of the keys"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .synopsis = "mail [OPTION...]",
	    .purpose = "Take one unsubscribe mail from stdin. The status is 0 "
		       "or 75.",
	    .specs = specs};
	struct fail f = {0};
	int status = program_options(&o, argc, argv);

	if (status != -1)
		return status == 0 ? 0 : RETRY;
	m.arena = arena_new();
	status = 0;
	if (process_mail(&m, &o, &f) < 0) {
		program_die(PROGRAM, &f);
		status = RETRY;
	}
	buf_free(&m.message);
	arena_free(m.arena);
	options_free(&o);
	return status;
}
