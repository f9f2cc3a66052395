#include "send/send_delivery.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/program.h"
#include "base/signals.h"
#include "mail/mime/addr.h"
#include "port/optout/act_take.h"
#include "port/relay/maildir.h"
#include "port/send/delivery.h"
#include "send/send_relay.h"

static int
open_transport(struct send_run *r, struct fail *f)
{
	if (r->args->maildir == NULL)
		return send_relay_open(r, f);
	return maildir_open(&r->transport, r->args->maildir,
	    strcmp(r->args->durability, "power") == 0, f);
}

/*
 * Cron must not mail it each time, and the senders of a plan would say it for
 * each batch file.
 */
static void
note_skipped(void *ctx, size_t count, bool slow)
{
	const struct send_run *r = ctx;

	if (slow)
		program_note(SEND_ARGS_PROGRAM,
		    "skipping what is settled: %zu recipients so far", count);
	else if (r->args->plan == NULL && isatty(STDERR_FILENO))
		program_note(SEND_ARGS_PROGRAM,
		    "skipping %zu recipients who are settled", count);
}

/* SYSTEM for an option or setting that cannot be used. */
static int
fill_params(struct delivery_params *p, struct send_run *r, struct fail *f)
{
	const struct send_args *a = r->args;
	struct str sender;
	bool reserved;

	if (settings_bool(r->settings, "BM_ALLOW_RESERVED", &reserved, f) < 0 ||
	    send_relay_find_sender(r, "BM_ENVELOPE_SENDER", &sender, f) < 0)
		return -1;
	*p = (struct delivery_params){.filter = r->filter,
	    .store = r->store,
	    .ledger = r->ledger,
	    .transport = r->transport,
	    .limits = r->limits,
	    .relay = str_of(r->relay_name),
	    .account = str_of(send_relay_account(r)),
	    .answers = r->answers,
	    .batches = r->batches,
	    .policy = {.accept_content = a->accept_content,
		.resend_in_doubt = a->resend_in_doubt,
		.retry_class = a->retry,
		.retry_since = a->since >= 0 ? clock_wall_ms() - a->since : 0},
	    .addr_policy = reserved ? ADDR_RESERVED : ADDR_STRICT,
	    .sender = sender,
	    .deadline = a->deadline > 0 ? clock_mono_ms() + a->deadline : 0,
	    .wait = a->wait,
	    .lifetime = a->lifetime,
	    .on_stop = send_relay_on_stop,
	    .on_loss = send_relay_on_loss,
	    .on_skip = note_skipped,
	    .on_note = send_relay_note,
	    .ctx = r};
	if (send_relay_find_verp(r, &p->verp, &p->verp_pattern, f) < 0)
		return -1;
	if (a->redirect == NULL)
		return 0;
	if (addr_parse(&r->redirect, str_of(a->redirect), p->addr_policy,
		r->arena, f) < 0)
		return fail_system(
		    f, "--redirect: %s is no address", a->redirect);
	p->redirect = &r->redirect;
	p->live_links = a->live_links;
	/* A try may be made again, also with another text. */
	p->policy.accept_content = true;
	p->policy.again_before = clock_wall_ms();
	return 0;
}

/* All that waits, before the first letter; then what comes. */
static int
run_with_acts(struct delivery_params *p, struct send_run *r, struct fail *f)
{
	struct act_take_counts counts = {0};
	int rc;

	p->acts = act_take_new(
	    r->store->name, settings_get(r->settings, "BM_KEY_FILE"));
	rc = act_take_all(p->acts, r->store, &counts, f);
	if (rc == 0) {
		r->transport = NULL; /* delivery_run() closes it */
		rc = delivery_run(p, f);
	}
	act_take_free(p->acts);
	return rc;
}

int
send_delivery_run(struct send_run *r, struct fail *f)
{
	struct delivery_params p;
	int rc = open_transport(r, f);

	if (rc != 0)
		return rc;
	if (fill_params(&p, r, f) < 0 || (p.signals = signals_open(f)) < 0 ||
	    run_with_acts(&p, r, f) < 0)
		return -1;
	return r->args->unlink ? batch_files_remove(r->batches, f) : 0;
}
