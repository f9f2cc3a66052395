/*
 * bm-send: deliver message records; one outcome for each.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/filter.h"
#include "base/options.h"
#include "base/program.h"
#include "base/utf8.h"
#include "mail/mime/addr.h"
#include "port/db/db.h"
#include "port/db/db_open.h"
#include "port/ledger/ledger.h"
#include "port/ledger/ledger_admin.h"
#include "port/relay/connection.h"
#include "port/relay/maildir.h"
#include "port/relay/rate_limits.h"
#include "port/relay/relay.h"
#include "port/relay/relay_check.h"
#include "port/relay/relay_stops.h"
#include "port/send/batch_files.h"
#include "port/send/delivery.h"

#define PROGRAM "bm-send"
#define DB_WAIT_MS 60000
#define LIFETIME_MS (INT64_C(48) * 3600 * 1000)

struct args {
	const char *plan, *db, *maildir, *rejects, *durability, *retry;
	const char *hold, *release, *cancel, *assume_sent, *profile, *redirect;
	long long connections, per_connection;
	struct option_list rates;
	int64_t deadline; /* ms from the start */
	int64_t lifetime; /* ms from the first attempt */
	bool wait, unlink, accept_content, resend_in_doubt, check;
};

/* What is open while the program works. */
struct run {
	struct rate_limits *limits;
	struct batch_files *batches;
	struct db *db;
	struct ledger *ledger;
	struct transport *transport;
	struct filter *filter;
	struct relay_params relay;
	char *relay_params_name; /* NULL: no relay is used */
	struct arena *arena;     /* lives as long as the run */
	struct addr redirect;
};

/* TERM and INT are read as data by the loop that sends. */
static int
watch_signals(struct fail *f)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0 ||
	    (fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC)) < 0)
		return fail_errno(f, "signals");
	return fd;
}

static int
parse_durability(const char *name, enum ledger_durability *d, struct fail *f)
{
	if (strcmp(name, "power") == 0)
		*d = LEDGER_POWER;
	else if (strcmp(name, "process") == 0)
		*d = LEDGER_PROCESS;
	else
		return fail_system(
		    f, "--durability is power or process, not \"%s\"", name);
	return 0;
}

static int
open_ledger(struct run *r, const struct args *a, const struct options *o,
    struct fail *f)
{
	enum ledger_durability durability = LEDGER_POWER;
	const char *path;

	if (parse_durability(a->durability, &durability, f) < 0 ||
	    settings_need(o->settings, "BM_DB", &path, f) < 0 ||
	    db_open(&r->db, path, DB_WRITE, DB_WAIT_MS, f) < 0)
		return -1;
	return ledger_open(&r->ledger, r->db, durability, f);
}

static int
assume_sent(struct run *r, const char *id, struct fail *f)
{
	long long count;

	if (ledger_admin_assume_sent(
		r->db, str_of(id), clock_wall_ms(), &count, f) < 0)
		return -1;
	program_note(PROGRAM, "%s: %lld in doubt now count as sent", id, count);
	return 0;
}

/* 1: one of the options that change a mailing and send nothing was given. */
static int
administer(struct run *r, const struct args *a, struct fail *f)
{
	const struct {
		const char *id;
		enum ledger_state state;
	} states[] = {
	    {a->hold, LEDGER_HELD},
	    {a->release, LEDGER_OPEN},
	    {a->cancel, LEDGER_CANCELLED},
	};
	int done = 0;

	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++) {
		if (states[i].id == NULL)
			continue;
		if (ledger_admin_set_state(
			r->db, str_of(states[i].id), states[i].state, f) < 0)
			return -1;
		done = 1;
	}
	if (a->assume_sent != NULL) {
		if (assume_sent(r, a->assume_sent, f) < 0)
			return -1;
		done = 1;
	}
	return done;
}

/* The relay's login name, as stops are kept by it. */
static const char *
account(const struct run *r)
{
	return r->relay.user != NULL ? r->relay.user : "";
}

static int
read_relay(struct run *r, const struct args *a, const struct options *o,
    struct fail *f)
{
	if (relay_params_init(&r->relay, o->settings, f) < 0)
		return -1;
	r->relay.connections = (int)a->connections;
	r->relay.per_connection = (int)a->per_connection;
	r->relay_params_name = relay_params_name(&r->relay);
	return 0;
}

/* The relay refuses us, and a person has to look: xargs starts no more. */
static int
refused(struct run *r, const struct fail *f)
{
	program_note(PROGRAM, "%s", f->text);
	filter_raise(r->filter, 255);
	return 1;
}

static int
open_relay(struct run *r, const struct args *a, const struct options *o,
    struct fail *f)
{
	int stopped;

	if (read_relay(r, a, o, f) < 0)
		return -1;
	/* Who lets the breaker's victims go has looked at the reason. */
	if (a->retry != NULL && strcmp(a->retry, "breaker") == 0 &&
	    relay_stops_clear(
		r->db, r->relay_params_name, account(r), "breaker", f) < 0)
		return -1;
	stopped = relay_stops_check(
	    r->db, r->relay_params_name, account(r), clock_wall_ms(), f);
	if (stopped != 0)
		return stopped < 0 ? -1 : refused(r, f);
	if (rate_limits_open(&r->limits, db_path(r->db), r->relay_params_name,
		account(r), a->rates.items, a->rates.count, f) < 0)
		return -1;
	return relay_open(&r->transport, &r->relay, f);
}

static int
on_stop(void *ctx, const struct outcome *o, struct fail *f)
{
	struct run *r = ctx;

	return relay_stops_put(
	    r->db, r->relay_params_name, account(r), o, clock_wall_ms(), f);
}

/* The envelope sender of a mailing, without what stands around it. */
static int
find_sender(
    struct run *r, const struct options *o, struct str *sender, struct fail *f)
{
	const char *text = settings_get(o->settings, "BM_ENVELOPE_SENDER");
	struct str name;
	struct addr a;

	if (text == NULL)
		text = settings_get(o->settings, "DEFAULT_BULK_FROM_EMAIL");
	*sender = STR("");
	if (text == NULL)
		return 0;
	if (addr_parse_mailbox(
		&a, &name, str_of(text), ADDR_RESERVED, r->arena, f) < 0)
		return fail_system(f, "the sender: %s", text);
	*sender = a.wire;
	return 0;
}

/* --check: try the way to the relay; what is well again is open again. */
static int
check(struct run *r, const struct args *a, const struct options *o,
    struct fail *f)
{
	const char *path = settings_get(o->settings, "BM_DB");
	struct str sender;

	if (read_relay(r, a, o, f) < 0 || find_sender(r, o, &sender, f) < 0 ||
	    (path != NULL &&
		db_open(&r->db, path, DB_WRITE, DB_WAIT_MS, f) < 0))
		return -1;
	if (relay_check(&r->relay, arena_dup(r->arena, sender.p, sender.n), f) <
	    0) {
		fail_prefix(f, "%s", r->relay_params_name);
		return f->kind == FAIL_TEMP ? -1 : refused(r, f);
	}
	program_note(PROGRAM, "%s takes mail from <%.*s>", r->relay_params_name,
	    (int)sender.n, sender.p);
	if (r->db == NULL)
		return 0;
	return relay_stops_clear(
	    r->db, r->relay_params_name, account(r), NULL, f);
}

static int
open_transport(struct run *r, const struct args *a, const struct options *o,
    struct fail *f)
{
	if (a->maildir == NULL)
		return open_relay(r, a, o, f);
	return maildir_open(
	    &r->transport, a->maildir, strcmp(a->durability, "power") == 0, f);
}

static int
deliver(struct run *r, const struct args *a, const struct options *o,
    struct fail *f)
{
	struct delivery_params p = {.filter = r->filter,
	    .db = r->db,
	    .ledger = r->ledger,
	    .transport = r->transport,
	    .limits = r->limits,
	    .batches = r->batches,
	    .on_stop = on_stop,
	    .ctx = r};
	bool reserved;

	if (settings_bool(o->settings, "BM_ALLOW_RESERVED", &reserved, f) < 0)
		return -1;
	p.addr_policy = reserved ? ADDR_RESERVED : ADDR_STRICT;
	p.policy.accept_content = a->accept_content;
	p.policy.resend_in_doubt = a->resend_in_doubt;
	p.policy.retry_class = a->retry;
	p.wait = a->wait;
	p.lifetime = a->lifetime;
	p.deadline = a->deadline > 0 ? clock_wall_ms() + a->deadline : 0;
	if (a->redirect != NULL) {
		if (addr_parse(&r->redirect, str_of(a->redirect), p.addr_policy,
			r->arena, f) < 0)
			return fail_system(
			    f, "--redirect: %s is no address", a->redirect);
		p.redirect = &r->redirect;
	}
	p.signals = watch_signals(f);
	if (p.signals < 0)
		return -1;
	r->transport = NULL; /* freed by the delivery */
	if (delivery_run(&p, f) < 0)
		return -1;
	return a->unlink ? batch_files_remove(r->batches, f) : 0;
}

/* The operator's switch; each course has one of its own in the database. */
static int
check_enabled(const struct settings *settings, struct fail *f)
{
	return settings_need_on(
	    settings, "ENABLE_INSTRUCTOR_EMAIL", "course email", f);
}

static int
run(struct run *r, const struct args *a, const struct options *o,
    struct fail *f)
{
	int rc;

	if (a->check)
		return check(r, a, o, f);
	if ((a->plan != NULL &&
		batch_files_check(r->batches, a->plan, f) < 0) ||
	    filter_open_rejects(r->filter, a->rejects, f) < 0 ||
	    open_ledger(r, a, o, f) < 0)
		return -1;
	rc = administer(r, a, f);
	if (rc == 0)
		rc = check_enabled(o->settings, f);
	if (rc == 0)
		rc = open_transport(r, a, o, f);
	return rc != 0 ? rc : deliver(r, a, o, f);
}

static int
finish(struct run *r, int rc, struct fail *f)
{
	struct fail last = {0};

	if (rc < 0)
		filter_report(r->filter, NULL, NULL, NULL, f);
	if (r->transport != NULL)
		r->transport->ops->close(r->transport, true);
	/* After a failure it would only say the same again. */
	if (r->ledger != NULL && ledger_close(r->ledger, &last) < 0 && rc >= 0)
		filter_report(r->filter, NULL, NULL, NULL, &last);
	rate_limits_close(r->limits);
	batch_files_free(r->batches);
	if (r->db != NULL)
		db_close(r->db);
	relay_params_free(&r->relay);
	free(r->relay_params_name);
	return filter_finish(r->filter);
}

static void
versions(struct buf *b)
{
	connection_library(b);
	db_library(b);
	crypto_library(b);
	utf8_library(b);
	addr_library(b);
}

/* Fill args and options; -1 to go on, else the exit status. */
static int
parse(struct args *a, struct options *o, struct arena *arena, int argc,
    char **argv)
{
	const struct option_spec specs[] = {
	    OPTION_TEXT("maildir", 'm', &a->maildir, "DIR", NULL,
		"deliver into this Maildir and not over SMTP"),
	    OPTION_NUMBER("connections", 'c', &a->connections, "N", NULL, 1,
		1000, "connections to the relay at the same time"),
	    OPTION_NUMBER("per-connection", 0, &a->per_connection, "N", NULL, 1,
		1000000, "messages through one connection"),
	    OPTION_LIST("rate", 0, &a->rates, "[DOMAIN=]N/TIME",
		"no more than N in any TIME, as in 14/s or gmail.com=20/min"),
	    OPTION_TEXT("relay-profile", 0, &a->profile, "NAME",
		"BM_RELAY_PROFILE",
		"which provider's replies to expect: generic or ses"),
	    OPTION_TEXT("redirect", 0, &a->redirect, "ADDRESS", NULL,
		"send everything there, for a try"),
	    OPTION_FLAG("check", 0, &a->check,
		"try settings, connection, TLS, login and sender; send "
		"nothing"),
	    OPTION_TEXT("db", 0, &a->db, "FILE", "BM_DB",
		"the database with ledger and opt-outs"),
	    OPTION_TEXT("durability", 0, &a->durability, "HOW", NULL,
		"survive the death of power or only of the process"),
	    OPTION_DURATION("deadline", 0, &a->deadline, "TIME", NULL,
		"begin nothing after this time, as in 50m"),
	    OPTION_FLAG("wait", 'w', &a->wait,
		"wait for what is put off and try it again"),
	    OPTION_DURATION("lifetime", 0, &a->lifetime, "TIME", NULL,
		"give up what was put off for so long, as in 48h; 0: never"),
	    OPTION_TEXT("retry", 0, &a->retry, "CLASS", NULL,
		"send again what failed or was put off with this class"),
	    OPTION_FLAG("resend-in-doubt", 0, &a->resend_in_doubt,
		"send again what may have been delivered"),
	    OPTION_FLAG("accept-content", 0, &a->accept_content,
		"take a corrected text for those not sent yet"),
	    OPTION_TEXT("assume-sent", 0, &a->assume_sent, "ID", NULL,
		"count what is in doubt as sent"),
	    OPTION_TEXT("hold", 0, &a->hold, "ID", NULL,
		"stop sending this mailing for now"),
	    OPTION_TEXT("release", 0, &a->release, "ID", NULL, "end the hold"),
	    OPTION_TEXT("cancel", 0, &a->cancel, "ID", NULL,
		"never send the rest of this mailing"),
	    OPTION_TEXT("plan", 0, &a->plan, "FILE", NULL,
		"send only batch files that this plan names"),
	    OPTION_FLAG("unlink", 0, &a->unlink,
		"remove a batch file when nothing in it is left to do"),
	    OPTION_TEXT("rejects", 0, &a->rejects, "FILE", NULL,
		"write refused records there"),
	    {0}};

	o->specs = memcpy(arena_alloc(arena, sizeof(specs)), specs,
	    sizeof(specs)); /* they outlive us */
	return program_options(o, argc, argv);
}

int
main(int argc, char **argv)
{
	struct args a = {.durability = "power",
	    .connections = 1,
	    .per_connection = 100,
	    .lifetime = LIFETIME_MS};
	struct options o = {.program = PROGRAM,
	    .versions = versions,
	    .synopsis = "[options] [FILE ...]\n"
			"--check\n"
			"--hold ID | --release ID | --cancel ID | "
			"--assume-sent ID",
	    .purpose = "Deliver message records; one outcome for each.",
	    .operands_max = -1};
	struct run r = {.arena = arena_new()};
	struct fail f = {0};
	int status = parse(&a, &o, r.arena, argc, argv);

	if (status >= 0) {
		arena_free(r.arena);
		return status;
	}
	r.filter = filter_new(PROGRAM, o.operands, o.operand_count);
	r.batches = batch_files_new(o.operands, o.operand_count);
	status = finish(&r, run(&r, &a, &o, &f), &f);
	options_free(&o); /* its table is in the arena */
	arena_free(r.arena);
	return status;
}
