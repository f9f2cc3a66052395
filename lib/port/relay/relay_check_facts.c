#include "port/relay/relay_check_facts.h"

#include <string.h>
#include <time.h>

#include "port/relay/connection_state.h"

#define SOON_DAYS 14
#define DAY_MS (INT64_C(24) * 3600 * 1000)

struct report {
	const struct connection *c;
	const struct relay_check_listener *to;
	int64_t now;
	struct buf text;
};

/* The failure's text, or the finding's. */
static void
tell_stage(struct report *r, enum reply_stage stage, const char *name,
    const char *remedy)
{
	const struct connection_error *e = &r->c->error;
	struct buf b = {0};

	if (r->c->state == CONNECTION_UP || e->stage > stage) {
		relay_check_item_tell(
		    r->to, name, RELAY_CHECK_OK, buf_cstr(&r->text), NULL);
		return;
	}
	if (e->reply.code != 0)
		buf_printf(&b, "%d %s ", e->reply.code, e->reply.enhanced);
	buf_adds(&b, e->reply.text[0] != '\0' ? e->reply.text : "no answer");
	relay_check_item_tell(
	    r->to, name, RELAY_CHECK_ERROR, buf_cstr(&b), remedy);
	buf_free(&b);
}

/* True if the connection came to the stage. */
static bool
has_reached(const struct report *r, enum reply_stage stage)
{
	return r->c->state == CONNECTION_UP || r->c->error.stage >= stage;
}

static void
tell_address(struct report *r)
{
	const struct buf *tried = &r->c->facts.addresses;
	bool named =
	    r->c->error.class != NULL && strcmp(r->c->error.class, "dns") == 0;

	buf_adds(&r->text, "tried ");
	buf_addstr(&r->text, buf_str(tried));
	tell_stage(r, STAGE_CONNECT, "address",
	    named ? "EMAIL_HOST has to be a name that is known here"
		  : "EMAIL_HOST and EMAIL_PORT have to be those of a relay "
		    "that is up, and no firewall may stand between");
}

static void
tell_greeting(struct report *r)
{
	opening_quote_greeting(&r->c->opening, &r->text);
	tell_stage(r, STAGE_GREETING, "greeting",
	    "EMAIL_PORT has to be a port for SMTP; 465 needs EMAIL_USE_SSL");
}

/* Milliseconds since 1970 of "Nov 28 20:51:00 2036 GMT"; 0: unreadable. */
static int64_t
parse_date(const struct buf *date)
{
	struct buf copy = {0};
	struct tm tm = {0};
	int64_t ms = 0;

	buf_addstr(&copy, buf_str(date));
	if (strptime(buf_cstr(&copy), "%b %d %H:%M:%S %Y GMT", &tm) != NULL)
		ms = (int64_t)timegm(&tm) * 1000;
	buf_free(&copy);
	return ms;
}

static void
tell_certificate(struct report *r)
{
	const struct connection_facts *facts = &r->c->facts;
	int64_t until = parse_date(&facts->until);
	bool soon = until != 0 && until - r->now < SOON_DAYS * DAY_MS;

	if (facts->subject.len == 0)
		return;
	buf_reset(&r->text);
	buf_adds(&r->text, "for ");
	buf_addstr(&r->text, buf_str(&facts->names));
	buf_adds(&r->text, ", valid from ");
	buf_addstr(&r->text, buf_str(&facts->from));
	buf_adds(&r->text, " to ");
	buf_addstr(&r->text, buf_str(&facts->until));
	buf_adds(&r->text, ", by ");
	buf_addstr(&r->text, buf_str(&facts->issuer));
	relay_check_item_tell(r->to, "certificate",
	    soon ? RELAY_CHECK_WARNING : RELAY_CHECK_OK, buf_cstr(&r->text),
	    soon ? "it ends soon: the operator of the relay has to renew it"
		 : NULL);
}

static void
tell_tls(struct report *r)
{
	if (r->c->params->tls == RELAY_PLAIN)
		buf_adds(&r->text, "none, by EMAIL_USE_TLS=false");
	else
		buf_addstr(&r->text, buf_str(&r->c->facts.tls));
	tell_stage(r, STAGE_TLS, "tls",
	    "the relay has to offer TLS 1.2 or newer, with a certificate for "
	    "EMAIL_HOST by an authority that BM_CA_FILE or the system trusts");
	if (r->c->params->tls != RELAY_PLAIN)
		tell_certificate(r);
}

static void
tell_extensions(struct report *r)
{
	struct str rest = buf_str(&r->c->opening.extensions), line;

	while (str_line(&rest, &line)) {
		buf_adds(&r->text, r->text.len > 0 ? ", " : "");
		buf_addstr(&r->text, line);
	}
	if (r->text.len == 0)
		buf_adds(&r->text, "none");
	tell_stage(r, STAGE_EHLO, "extensions",
	    "BM_EHLO_NAME has to be a name that the relay accepts");
}

static void
tell_login(struct report *r)
{
	bool logged_in =
	    r->c->state == CONNECTION_UP && r->c->params->user != NULL;

	buf_adds(&r->text, logged_in
			       ? login_mechanism_name(r->c->login.mechanism)
			       : "none: EMAIL_HOST_USER is not set");
	tell_stage(r, STAGE_AUTH, "login",
	    "EMAIL_HOST_USER and its password or token have to be right, and "
	    "AUTH_MECHANISMS has to have one that the relay offers");
}

static void
tell_size(struct report *r)
{
	const struct ehlo *e = &r->c->opening.ehlo;

	if (e->has_size && e->size > 0)
		buf_printf(&r->text, "%llu bytes a message", e->size);
	else
		buf_adds(&r->text, "the relay tells no limit");
	relay_check_item_tell(
	    r->to, "size", RELAY_CHECK_OK, buf_cstr(&r->text), NULL);
}

void
relay_check_facts_tell(const struct connection *c, int64_t now,
    const struct relay_check_listener *to)
{
	static const struct {
		enum reply_stage from;
		void (*tell)(struct report *);
	} parts[] = {{STAGE_CONNECT, tell_address},
	    {STAGE_GREETING, tell_greeting}, {STAGE_EHLO, tell_extensions},
	    {STAGE_TLS, tell_tls}, {STAGE_AUTH, tell_login},
	    {STAGE_MAIL, tell_size}};
	struct report r = {.c = c, .to = to, .now = now};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (!has_reached(&r, parts[i].from))
			break;
		buf_reset(&r.text);
		parts[i].tell(&r);
	}
	buf_free(&r.text);
}
