/* Reports in, bounce records out. */
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/filter.h"
#include "base/program.h"
#include "base/utf8.h"
#include "bounce/bounce.h"
#include "bounce/bounce_tell.h"
#include "mail/bounce/bounce_judge.h"
#include "mail/bounce/bounce_reader.h"
#include "mail/bounce/bounce_record.h"
#include "mail/bounce/ses_event.h"
#include "mail/bounce/verp.h"
#include "port/mailbox/mailbox.h"

#define RETRY 75 /* tells the mail server to try again */

struct run {
	const char *maildir, *mbox, *spool, *pattern;
	bool json;

	struct verp verp;
	struct filter *filter;
	struct arena *arena;
	struct bounce_mail mail;
	struct bounce_reader *reader; /* of the present message, or NULL */
	struct bounce_tell told;
};

/* True if a person should see the message. */
static int
put_records(struct run *r, const struct bounces *all, const char *place)
{
	struct str verp = verp_find(r->pattern != NULL ? &r->verp : NULL,
	    bounce_mail_text(&r->mail, BOUNCE_TO));
	struct buf b = {0};
	int rc = 0;

	r->told.messages++;
	for (size_t i = 0; i < all->count; i++) {
		const struct bounce *one = &all->all[i];

		r->told.kinds[one->kind]++;
		if (one->kind == BOUNCE_UNKNOWN)
			rc = 1;
		bounce_record_put(&b, all, one, verp, place);
	}
	if (filter_write(r->filter, buf_str(&b)) < 0)
		rc = -1;
	buf_free(&b);
	return rc;
}

static void
add_bytes(void *ctx, struct str bytes)
{
	struct run *r = ctx;

	if (r->reader == NULL)
		r->reader = bounce_reader_new(&r->mail);
	bounce_reader_add(r->reader, bytes);
}

/* An output that fails is reported already. */
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
	rc = put_records(r, &all, place);
	if (rc < 0)
		f->kind = FAIL_NONE;
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
	r->told.messages++;
	for (size_t i = 0; i < all.count; i++) {
		r->told.kinds[all.all[i].kind]++;
		bounce_record_put(
		    out, &all, &all.all[i], (struct str){NULL, 0}, place);
	}
	return 0;
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
	if (r->pattern != NULL && verp_parse(&r->verp, r->pattern, &f) < 0) {
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
	bounce_mail_free(&r->mail);
	arena_free(r->arena);
	return status;
}

static void
add_libraries(struct buf *b)
{
	crypto_library(b);
	utf8_library(b);
}

static const struct option_rule rules[] = {
    {OPTION_RULE_APART, "maildir mbox json spool", NULL},
    {OPTION_RULE_APART, "FILE", "maildir mbox spool"},
    {OPTION_RULE_APART, "verp", "json spool"},
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
			"address --id ID ADDRESS",
	    .purpose = "Tell what came back of the mail that was sent.",
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
