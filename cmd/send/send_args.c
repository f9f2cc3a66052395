#include "send/send_args.h"

#include <string.h>

#include "base/crypto.h"
#include "base/program.h"
#include "base/utf8.h"
#include "mail/mime/addr.h"
#include "port/open/store_open_file.h"
#include "port/relay/connection.h"

#define LIFETIME_MS (INT64_C(48) * 3600 * 1000)

static const struct option_rule rules[] = {
    {OPTION_RULE_ALONE, "check", "db relay-profile json"},
    {OPTION_RULE_NEEDS, "json", "check"},
    {OPTION_RULE_ALONE, "hold release cancel assume-sent uncertain lift", "db"},
    {OPTION_RULE_ALONE, "settle", "db rejects"},
    {OPTION_RULE_ALONE_WITHOUT_FILE, "accept-older-ledger", "db"},
    {OPTION_RULE_APART, "maildir",
	"connections per-connection rate relay-profile"},
    {OPTION_RULE_APART, "redirect unlink", NULL},
    {OPTION_RULE_NEEDS, "live-links", "redirect"},
    {OPTION_RULE_NEEDS, "plan unlink", "FILE"},
    {OPTION_RULE_NEEDS, "since", "retry"},
    {0},
};

static void
list_libraries(struct buf *b)
{
	connection_library(b);
	store_open_file_library(b);
	crypto_library(b);
	utf8_library(b);
	addr_library(b);
}

static void
set_defaults(struct send_args *a, struct options *o)
{
	*a = (struct send_args){.durability = "power",
	    .connections = 1,
	    .per_connection = 100,
	    .since = -1,
	    .lifetime = LIFETIME_MS};
	*o = (struct options){.program = SEND_ARGS_PROGRAM,
	    .versions = list_libraries,
	    .synopsis = "[options] [FILE ...]\n"
			"--check [--json]\n"
			"--hold ID | --release ID | --cancel ID | "
			"--assume-sent ID\n"
			"--uncertain ID\n"
			"--settle FILE\n"
			"--lift SCOPE[=KEY]\n"
			"--accept-older-ledger [FILE ...]",
	    .purpose = "Deliver message records; one outcome for each.",
	    .rules = rules,
	    .operands_max = -1};
}

int
send_args_parse(struct send_args *a, struct options *o, struct arena *arena,
    int argc, char **argv)
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
		"BM_RELAY_PROFILE", "whose replies to expect: generic or ses"),
	    OPTION_TEXT("redirect", 0, &a->redirect, "ADDRESS", NULL,
		"send test messages there"),
	    OPTION_FLAG("live-links", 0, &a->live_links, "and other messages"),
	    OPTION_FLAG("check", 0, &a->check,
		"try connection, TLS, login and sender; send nothing"),
	    OPTION_FLAG("json", 0, &a->json, "what --check finds, as records"),
	    OPTION_TEXT("db", 0, &a->db, "FILE", "BM_DB",
		"the database with ledger and opt-outs"),
	    OPTION_TEXT("durability", 0, &a->durability, "HOW", NULL,
		"survive the death of power or only of the process"),
	    OPTION_DURATION("deadline", 0, &a->deadline, "TIME", NULL, "m",
		"begin nothing after this time, as in 50m"),
	    OPTION_FLAG("wait", 'w', &a->wait, "try again what is put off"),
	    OPTION_DURATION("lifetime", 0, &a->lifetime, "TIME", NULL, "h",
		"give up what was put off for so long, as in 48h; 0: never"),
	    OPTION_TEXT("retry", 0, &a->retry, "CLASS", NULL,
		"send again what had this class of outcome, as in refused"),
	    OPTION_DURATION("since", 0, &a->since, "TIME", NULL, "d",
		"with --retry: only what is so old at most, as in 2d"),
	    OPTION_FLAG("resend-in-doubt", 0, &a->resend_in_doubt,
		"send again what may have been delivered"),
	    OPTION_FLAG("accept-content", 0, &a->accept_content,
		"take a corrected text for those not sent yet"),
	    OPTION_TEXT("assume-sent", 0, &a->assume_sent, "ID", NULL,
		"count what is in doubt as sent"),
	    OPTION_TEXT("settle", 0, &a->settle, "FILE", NULL,
		"settle single ones in doubt, as its lines say"),
	    OPTION_TEXT("uncertain", 0, &a->uncertain, "ID", NULL,
		"hold in doubt who may have got it since an older ledger"),
	    OPTION_FLAG("accept-older-ledger", 0, &a->accept_older,
		"go on with an older copy; its mailings are uncertain"),
	    OPTION_TEXT("lift", 0, &a->lift, "SCOPE[=KEY]", NULL,
		"end stops: mailing, sender, domain, account, relay or all"),
	    OPTION_TEXT("hold", 0, &a->hold, "ID", NULL, "send no more of it"),
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

	set_defaults(a, o);
	o->specs = memcpy(arena_alloc(arena, sizeof(specs)), specs,
	    sizeof(specs)); /* they outlive us */
	return program_options(o, argc, argv);
}
