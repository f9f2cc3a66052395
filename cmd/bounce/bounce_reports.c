/* Reports in, bounce records out. */
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/filter.h"
#include "base/program.h"
#include "base/utf8.h"
#include "bounce/bounce.h"
#include "bounce/bounce_effect.h"
#include "bounce/bounce_store.h"
#include "bounce/bounce_tell.h"
#include "mail/bounce/bounce_judge.h"
#include "mail/bounce/bounce_reader.h"
#include "mail/bounce/bounce_record.h"
#include "mail/bounce/ses_event.h"
#include "mail/bounce/verp.h"
#include "port/mailbox/mailbox.h"
#include "port/open/store_open_file.h"

#define RETRY 75 /* tells the mail server to try again */

struct run {
	const char *maildir, *mbox, *spool, *pattern, *db;
	bool json;

	struct verp verp;
	struct filter *filter;
	struct arena *arena;
	struct bounce_mail mail;
	struct bounce_reader *reader; /* of the present message, or NULL */
	struct bounce_tell told;
	struct bounce_effect effect;
};

/* The records of a message or an event, and what it changes. */
static int
append_records(struct run *r, struct buf *b, const struct bounces *all,
    struct str verp, const char *place, struct arena *arena, struct fail *f)
{
	struct bounce_record_about *about =
	    arena_alloc(arena, all->count * sizeof(*about));

	if (bounce_effect_apply(&r->effect, all, verp, about, arena, f) < 0)
		return -1;
	r->told.messages++;
	for (size_t i = 0; i < all->count; i++) {
		r->told.kinds[all->all[i].kind]++;
		bounce_record_put(b, all, &all->all[i], &about[i], verp, place);
	}
	return 0;
}

/* 1: a person should see the message. An output that fails is reported. */
static int
put_records(
    struct run *r, const struct bounces *all, const char *place, struct fail *f)
{
	struct str verp = verp_find(r->pattern != NULL ? &r->verp : NULL,
	    bounce_mail_text(&r->mail, BOUNCE_TO));
	struct buf b = {0};
	int rc = append_records(r, &b, all, verp, place, r->arena, f);

	if (rc == 0 && filter_write(r->filter, buf_str(&b)) < 0) {
		f->kind = FAIL_NONE;
		rc = -1;
	}
	buf_free(&b);
	return rc == 0 ? all->all[0].kind == BOUNCE_UNKNOWN : -1;
}

static void
add_bytes(void *ctx, struct str bytes)
{
	struct run *r = ctx;

	if (r->reader == NULL)
		r->reader = bounce_reader_new(&r->mail);
	bounce_reader_add(r->reader, bytes);
}

static int
end_message(void *ctx, const char *place, struct fail *f)
{
	struct run *r = ctx;
	struct bounces all;
	int rc;

	add_bytes(r, (struct str){"", 0});
	bounce_reader_finish(r->reader);
	r->reader = NULL;
	bounce_judge(&all, &r->mail, r->arena);
	rc = put_records(r, &all, place, f);
	bounce_mail_reset(&r->mail);
	arena_reset(r->arena);
	return rc;
}

static int
read_messages(struct run *r, struct options *o, struct fail *f)
{
	const struct mailbox_reader to = {add_bytes, end_message, r};
	int rc = 0;

	if (r->maildir != NULL)
		return mailbox_read_maildir(r->maildir, &to, f);
	if (r->mbox != NULL)
		return mailbox_read_file(r->mbox, true, &to, f);
	if (o->operand_count == 0)
		return mailbox_read_file("-", false, &to, f);
	for (int i = 0; rc == 0 && i < o->operand_count; i++)
		rc = mailbox_read_file(o->operands[i], false, &to, f);
	return rc;
}

/* Events, one a line: filter_run() does the rest. */
static int
judge_event(void *ctx, const struct filter_record *record, struct arena *arena,
    struct buf *out, struct fail *f)
{
	struct run *r = ctx;
	struct bounces all;
	char *place;

	if (ses_event_read(&all, record->raw, arena, f) < 0)
		return -1;
	place = arena_printf(arena, "%s:%lu", record->file, record->line);
	return append_records(
	    r, out, &all, (struct str){NULL, 0}, place, arena, f);
}

static int
run_reports(struct run *r, struct options *o)
{
	struct fail f = {0};
	int status;

	r->filter = filter_new(PROGRAM, o->operands, o->operand_count);
	r->arena = arena_new();
	if (r->pattern != NULL && r->pattern[0] == '\0')
		r->pattern = NULL;
	if ((r->pattern != NULL && verp_parse(&r->verp, r->pattern, &f) < 0) ||
	    bounce_effect_open(&r->effect, o->settings, &f) < 0) {
		filter_raise(r->filter, program_die(PROGRAM, &f));
		status = filter_finish(r->filter);
	} else if (r->json) {
		status = filter_run(r->filter, "bounce", judge_event, r);
	} else {
		if (read_messages(r, o, &f) < 0 && f.kind != FAIL_NONE)
			filter_raise(r->filter, program_die(PROGRAM, &f));
		status = filter_finish(r->filter);
	}
	if (r->maildir != NULL || r->mbox != NULL || r->json)
		bounce_tell_counts(&r->told);
	bounce_effect_tell(&r->effect);
	bounce_effect_close(&r->effect);
	bounce_mail_free(&r->mail);
	arena_free(r->arena);
	return status;
}

static void
add_libraries(struct buf *b)
{
	crypto_library(b);
	store_open_file_library(b);
	utf8_library(b);
}

static const struct option_rule rules[] = {
    {OPTION_RULE_APART, "maildir mbox json spool", NULL},
    {OPTION_RULE_APART, "FILE", "maildir mbox spool"},
    {OPTION_RULE_APART, "verp", "json spool"},
    {OPTION_RULE_APART, "db", "spool"},
    {0},
};

/* A mail server is told to try again, whatever is wrong. */
static bool
is_spool(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], "--spool", 7) == 0)
			return true;
	}
	return false;
}

int
bounce_reports(int argc, char **argv)
{
	struct run r = {0};
	struct option_spec specs[] = {
	    OPTION_TEXT("maildir", 0, &r.maildir, "DIR", NULL,
		"read the messages in DIR/new and move them to DIR/cur"),
	    OPTION_TEXT("mbox", 0, &r.mbox, "FILE", NULL,
		"read the messages of a mailbox file"),
	    OPTION_FLAG(
		"json", 0, &r.json, "read events of Amazon SES, one a line"),
	    OPTION_TEXT("spool", 0, &r.spool, "MAILDIR", NULL,
		"only store the message; the status is 0 or 75"),
	    BOUNCE_STORE_OPTION(r.db),
	    OPTION_TEXT("verp", 0, &r.pattern, "PATTERN", "BM_VERP",
		"how our envelope senders look, %s for the token"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .versions = add_libraries,
	    .synopsis = "[--verp PATTERN] [FILE...]\n"
			"[--verp PATTERN] --maildir DIR | --mbox FILE\n"
			"--json [FILE...]\n"
			"--spool MAILDIR\n"
			"COMMAND --help",
	    .purpose = "Tell what came back of the mail that was sent.\n\n"
		       "Commands: address, list, check, clear.",
	    .specs = specs,
	    .rules = rules,
	    .operands_max = -1};
	bool spooling = is_spool(argc, argv);
	struct fail f = {0};
	int status = program_options(&o, argc, argv);

	if (status != -1)
		return status != 0 && spooling ? RETRY : status;
	if (r.spool != NULL) {
		status = 0;
		if (mailbox_store(r.spool, &f) < 0) {
			program_die(PROGRAM, &f);
			status = RETRY;
		}
	} else {
		status = run_reports(&r, &o);
	}
	options_free(&o);
	return status;
}
