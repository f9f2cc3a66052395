#include "announce/announce_args.h"

#include <limits.h>
#include <string.h>

#include "base/program.h"
#include "base/utf8.h"

static const struct option_rule rules[] = {
    {OPTION_RULE_APART, "test send", NULL},
    {OPTION_RULE_APART, "wait no-wait", NULL},
    {OPTION_RULE_NEEDS, "wait no-wait", "send"},
    {OPTION_RULE_APART, "to query read", NULL},
    {OPTION_RULE_NEEDS, "query-db timeout", "query"},
    {OPTION_RULE_APART, "never-logged-in", "last-login-within"},
    {OPTION_RULE_NEEDS, "last-login-within last-login-before never-logged-in",
	"to"},
    {OPTION_RULE_APART, "maildir",
	"connections per-connection rate relay-profile"},
    {0},
};

#define OPTIONS 64 /* room, with the end of the table */

struct table {
	struct option_spec *specs;
	size_t count;
};

static void
add_rows(struct table *t, const struct option_spec *specs, size_t count)
{
	memcpy(t->specs + t->count, specs, count * sizeof(*specs));
	t->count += count;
}

static void
add_mailing_options(struct table *t, struct announce_args *a)
{
	const struct option_spec specs[] = {
	    OPTION_TEXT("course", 0, &a->course, "ID", NULL, "the course"),
	    OPTION_LIST("to", 0, &a->to, "TARGET",
		"learners, staff, all, myself, cohort:NAME ..."),
	    OPTION_LIST("except", 0, &a->except, "TARGET", "leave these out"),
	    OPTION_TEXT(
		"subject", 0, &a->subject, "TEMPLATE", NULL, "the subject"),
	    OPTION_TEXT("id", 0, &a->id, "ID", NULL,
		"the mailing; else made of course and subject"),
	    OPTION_TEXT("test", 0, &a->test, "ADDRESS", NULL,
		"send one message there, as a learner would get it"),
	    OPTION_FLAG("send", 0, &a->send,
		"send to everybody; run again, it goes on"),
	    {"wait", 0, OPTION_TYPE_DURATION, &a->wait, "[=TIME]", NULL,
		ANNOUNCE_ARGS_WAIT, 0,
		"wait for what is put off, if it comes within TIME (1h)", "h"},
	    OPTION_FLAG(
		"no-wait", 0, &a->no_wait, "do not wait, on a terminal either"),
	    OPTION_TEXT("not-after", 0, &a->not_after, "WHEN", NULL,
		"send nothing after this time, as for date -d"),
	    OPTION_TEXT("not-before", 0, &a->not_before, "WHEN", NULL,
		"send nothing before this time"),
	    OPTION_TEXT("expect", 0, &a->expect, "N|A..B", NULL,
		"stop unless so many are selected"),
	    OPTION_NUMBER("workers", 0, &a->workers, "N", NULL, 1, 999,
		"sending processes"),
	    OPTION_TEXT("dir", 0, &a->dir, "DIR", NULL,
		"where to work; else $XDG_STATE_HOME/bm/ID"),
	    OPTION_FLAG("quiet", 0, &a->quiet,
		"print nothing unless something is wrong"),
	    OPTION_TEXT("db", 0, &a->db, "FILE", "BM_DB", "the database"),
	};

	add_rows(t, specs, sizeof(specs) / sizeof(*specs));
}

static void
add_selection_options(struct table *t, struct announce_args *a)
{
	const struct option_spec specs[] = {
	    OPTION_TEXT("as", 0, &a->as, "USER", NULL, "who \"myself\" is"),
	    OPTION_DURATION("last-login-within", 0, &a->within, "TIME", NULL,
		"d", "only learners seen within TIME"),
	    OPTION_DURATION("last-login-before", 0, &a->before, "TIME", NULL,
		"d", "only learners last seen longer ago than TIME"),
	    OPTION_FLAG("never-logged-in", 0, &a->never,
		"and, or only, learners who were never seen"),
	    OPTION_TEXT("ledger", 0, &a->ledger, "ID=STATE,...", NULL,
		"only whose row under mailing ID has the state, or none"),
	    OPTION_TEXT("query", 0, &a->query, "SQL|@FILE", NULL,
		"a SELECT of your own"),
	    OPTION_TEXT("query-db", 0, &a->query_db, "FILE", NULL,
		"where it is to run"),
	    OPTION_DURATION("timeout", 0, &a->timeout, "TIME", NULL, "s",
		"what --query may take"),
	    OPTION_TEXT(
		"read", 0, &a->read, "FILE", NULL, "records, or FILE.csv"),
	    OPTION_NUMBER("limit", 0, &a->limit, "N", NULL, 1, LLONG_MAX,
		"at most the first N"),
	};

	add_rows(t, specs, sizeof(specs) / sizeof(*specs));
}

static void
add_message_options(struct table *t, struct announce_args *a)
{
	const struct option_spec specs[] = {
	    OPTION_TEXT("from", 0, &a->from, "MAILBOX", NULL,
		"instead of \"Title Course Staff\" <...>"),
	    OPTION_TEXT("reply-to", 0, &a->reply_to, "MAILBOX", NULL,
		"where answers go"),
	    OPTION_TEXT("text", 0, &a->text, "FILE", NULL,
		"a template for the text part"),
	    OPTION_TEXT("format", 0, &a->format, "html|markdown|text", NULL,
		"of the body; else its suffix decides"),
	    OPTION_FLAG("hard-breaks", 0, &a->hard_breaks,
		"each line break of Markdown is one"),
	    OPTION_FLAG(
		"inline", 0, &a->images, "put local images into the message"),
	    OPTION_TEXT("layout", 0, &a->layout, "DIR|none", NULL,
		"layout.html and layout.txt round the body"),
	    OPTION_LIST("set", 0, &a->sets, "NAME=VALUE",
		"a merge field of every record"),
	    OPTION_LIST("header", 0, &a->headers, "'NAME: TEMPLATE'",
		"one more header"),
	    OPTION_LIST("attach", 0, &a->attach, "FILE",
		"attach a file; its name may be a template"),
	    OPTION_TEXT("envelope-sender", 0, &a->envelope_sender, "ADDRESS",
		NULL, "where bounces go"),
	    OPTION_TEXT("base-url", 0, &a->base_url, "URL", NULL,
		"what relative links and pictures belong to"),
	    OPTION_TEXT("why", 0, &a->why, "TEXT", NULL,
		"the reason that the footer gives"),
	    OPTION_LIST("default", 0, &a->defaults, "NAME=VALUE",
		"that field where a person has no value for it"),
	    OPTION_TEXT("missing", 0, &a->missing, "error|empty", NULL,
		"what a field without a value means"),
	};

	add_rows(t, specs, sizeof(specs) / sizeof(*specs));
}

static void
add_delivery_options(struct table *t, struct announce_args *a)
{
	const struct option_spec specs[] = {
	    OPTION_TEXT("maildir", 0, &a->maildir, "DIR", NULL,
		"deliver into this Maildir and not over SMTP"),
	    OPTION_NUMBER("connections", 0, &a->connections, "N", NULL, 1, 1000,
		"connections of each sending process"),
	    OPTION_NUMBER("per-connection", 0, &a->per_connection, "N", NULL, 1,
		1000000, "messages through one connection"),
	    OPTION_DURATION("deadline", 0, &a->deadline, "TIME", NULL, "m",
		"begin nothing after this time, as in 50m"),
	    OPTION_DURATION("lifetime", 0, &a->lifetime, "TIME", NULL, "h",
		"give up what was put off for so long"),
	    OPTION_LIST("rate", 0, &a->rates, "[DOMAIN=]N/TIME",
		"no more than N in any TIME"),
	    OPTION_TEXT("relay-profile", 0, &a->relay_profile, "NAME", NULL,
		"generic or ses"),
	    OPTION_TEXT("durability", 0, &a->durability, "HOW", NULL,
		"survive the death of power or only of the process"),
	    OPTION_TEXT("retry", 0, &a->retry, "CLASS", NULL,
		"send again what had this class of outcome"),
	    OPTION_FLAG("accept-content", 0, &a->accept_content,
		"take a corrected text for those not sent yet"),
	    OPTION_FLAG("resend-in-doubt", 0, &a->resend_in_doubt,
		"send again what may have been delivered"),
	};

	add_rows(t, specs, sizeof(specs) / sizeof(*specs));
}

int
announce_args_parse(struct announce_args *a, struct options *o,
    struct arena *arena, int argc, char **argv)
{
	struct table t = {
	    .specs = arena_alloc(arena, OPTIONS * sizeof(*t.specs))};

	*a = (struct announce_args){.workers = 4,
	    .wait = -1,
	    .within = -1,
	    .before = -1,
	    .timeout = -1,
	    .deadline = -1,
	    .lifetime = -1};
	add_mailing_options(&t, a);
	add_selection_options(&t, a);
	add_message_options(&t, a);
	add_delivery_options(&t, a);
	*o = (struct options){.program = "bm-announce",
	    .versions = utf8_library,
	    .synopsis = "--course ID --to TARGET --subject TEMPLATE "
			"[OPTION...] BODY\n"
			"... --test ADDRESS\n"
			"... --send",
	    .purpose = "Prepare a mailing and show it; send nothing without "
		       "--test or --send.",
	    .specs = t.specs,
	    .required = "course subject",
	    .rules = rules,
	    .operands_min = 1,
	    .operands_max = 1};
	return program_options(o, argc, argv);
}
