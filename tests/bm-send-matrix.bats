#!/usr/bin/env bats
# The fault matrix: what can go wrong at each stage of an SMTP dialogue. A
# cell is a test: the outcome of each message (status, class, stage, code),
# the exit status, and what the server heard, by its byte log.
# shellcheck disable=SC2030,SC2031,SC2034,SC2153,SC2154

load helper
load messages
load smtp

setup() {
	prepare
}

teardown() {
	stop_servers
}

# untouched: no envelope was begun, so nobody is charged with an attempt.
untouched() {
	run ! grep -F 'MAIL FROM' "$FAKE/bytes"
	same null "$(jq .attempt out | sort -u)"
}

# nothing_arrived: the server took no message.
nothing_arrived() {
	same "" "$(received)"
}

# hasty: one second of patience, and no second attempt.
hasty() {
	export BM_RELAY_TIMEOUT=1 BULK_EMAIL_MAX_RETRIES=0
}

# --- no connection ---

@test "DNS: the name does not exist" {
	export EMAIL_HOST=relay.invalid
	# What goes on trying says so at once.
	sends 75 "$(all "deferred dns connect null")"
	same null "$(jq .attempt out | sort -u)"
}

@test "connect: refused" {
	export EMAIL_HOST=127.0.0.1 EMAIL_USE_TLS=no
	EMAIL_PORT=$(free_port) sends 75 \
		"$(all "deferred connection connect null")"
	same null "$(jq .attempt out | sort -u)"
}

# --- greeting ---

@test "greeting: 421, always" {
	fake '{"at":"greeting","say":"421 4.3.2 busy","then":"close"}'
	sends 75 "$(all "deferred busy_relay greeting 421")"
	heard 1: 2:
	untouched
}

@test "greeting: 421, once" {
	fake '{"at":"greeting","times":1,"say":"421 busy","then":"close"}'
	sends 0 "$(all "$SENT")"
	heard 1: "2: EHLO $ONE $ONE $ONE QUIT"
}

@test "greeting: 554" {
	fake '{"at":"greeting","say":"554 5.7.1 go away","then":"close"}'
	sends 75 "$(all "deferred policy greeting 554")"
	heard 1:
	untouched
}

@test "greeting: no SMTP" {
	fake '{"at":"greeting","say":"HTTP/1.1 400 Bad Request"}'
	BULK_EMAIL_MAX_RETRIES=0 sends 75 \
		"$(all "deferred connection greeting null")"
	heard "1: closed"
	untouched
}

@test "greeting: a text before it" {
	fake '{"at":"greeting","say":"You are logged\n220 fake.example"}'
	sends 75 "$(all "deferred connection greeting null")"
	[[ $stderr == *'it greets with "You are logged"'* ]]
	heard "1: closed"
	untouched
}

@test "greeting: 220 and a bare LF, on which libcurl waits" {
	fake '{"at":"greeting","raw":"220\n"}'
	# 30 seconds are what it waits for the rest.
	BM_RELAY_TIMEOUT=1 sends 75 "$(all "deferred connection greeting null")"
	[[ $stderr == *'"220"'* ]]
	heard "1: closed"
	untouched
}

@test "greeting: close" {
	fake '{"at":"greeting","then":"close"}'
	sends 75 "$(all "deferred connection greeting null")"
	heard 1: 2:
	untouched
}

@test "greeting: reset" {
	# Later than the connection is seen to be there.
	fake '{"at":"greeting","delay":0.3,"then":"reset"}'
	sends 75 "$(all "deferred connection greeting null")"
	heard 1: 2:
	untouched
}

@test "greeting: silence" {
	hasty
	fake '{"at":"greeting","then":"hang"}'
	sends 75 "$(all "deferred connection greeting null")"
	heard "1: closed"
	untouched
}

# --- EHLO ---

@test "EHLO: 5xx, and HELO too" {
	fake '{"at":"ehlo","say":"501 5.5.4 what a name"}'
	sends 255 "$(all "deferred config ehlo 501")"
	heard "1: EHLO HELO closed"
	untouched
}

@test "EHLO: 5xx, and HELO is taken" {
	fake '{"at":"ehlo","match":"EHLO","say":"502 unknown"}'
	sends 0 "$(all "$SENT")"
	heard "1: EHLO HELO $ONE $ONE $ONE QUIT"
	run ! grep -F '.\r\nMAIL' fake/bytes
}

@test "EHLO: 4xx" {
	fake '{"at":"ehlo","say":"451 4.3.0 later"}'
	sends 75 "$(all "deferred busy_relay ehlo 451")"
	heard "1: EHLO HELO closed" "2: EHLO HELO closed"
	untouched
}

@test "EHLO: 421" {
	fake '{"at":"ehlo","say":"421 4.3.2 closing","then":"close"}'
	sends 75 "$(all "deferred busy_relay ehlo 421")"
	heard "1: EHLO" "2: EHLO"
	untouched
}

@test "EHLO: close" {
	fake '{"at":"ehlo","then":"close"}'
	sends 75 "$(all "deferred connection ehlo null")"
	heard "1: EHLO" "2: EHLO"
	untouched
}

@test "EHLO: reset" {
	fake '{"at":"ehlo","then":"reset"}'
	sends 75 "$(all "deferred connection ehlo null")"
	heard "1: EHLO" "2: EHLO"
	untouched
}

@test "EHLO: silence" {
	hasty
	fake '{"at":"ehlo","then":"hang"}'
	sends 75 "$(all "deferred connection ehlo null")"
	heard "1: EHLO closed"
	untouched
}

# --- STARTTLS and TLS ---

# A login that must not be seen, and a server at which this goes wrong.
insecure() {
	login
	fake_tls "$@" --auth me:s3cret-word
}

# unheard [LINE...]: nor was the password or an envelope.
unheard() {
	heard "$@"
	run ! leaked
	untouched
}

@test "STARTTLS: not offered" {
	login
	fake --auth me:s3cret-word
	EMAIL_USE_TLS=yes sends 255 "$(all "deferred tls tls null")"
	unheard "1: EHLO closed"
}

@test "STARTTLS: 5xx" {
	insecure starttls good '{"at":"starttls","say":"502 5.5.1 no"}'
	sends 255 "$(all "deferred tls tls 502")"
	unheard "1: EHLO STARTTLS closed"
}

@test "STARTTLS: 4xx" {
	insecure starttls good '{"at":"starttls","say":"454 4.7.0 no"}'
	sends 75 "$(all "deferred tls tls 454")"
	unheard "1: EHLO STARTTLS closed"
}

@test "STARTTLS: 421" {
	insecure starttls good \
		'{"at":"starttls","say":"421 4.3.2 closing","then":"close"}'
	sends 75 "$(all "deferred tls tls 421")"
	unheard "1: EHLO STARTTLS"
}

@test "STARTTLS: close" {
	insecure starttls good '{"at":"starttls","then":"close"}'
	sends 75 "$(all "deferred connection tls null")"
	unheard "1: EHLO STARTTLS" "2: EHLO STARTTLS"
}

@test "STARTTLS: reset" {
	insecure starttls good '{"at":"starttls","then":"reset"}'
	sends 75 "$(all "deferred connection tls null")"
	unheard "1: EHLO STARTTLS" "2: EHLO STARTTLS"
}

@test "STARTTLS: silence" {
	hasty
	insecure starttls good '{"at":"starttls","then":"hang"}'
	sends 75 "$(all "deferred connection tls null")"
	unheard "1: EHLO STARTTLS closed"
}

@test "STARTTLS: plaintext slipped in behind the 220" {
	insecure starttls good \
		'{"at":"starttls","say":"220 go on\n250-fake\n250 AUTH PLAIN"}'
	sends 255 "$(all "deferred tls tls null")"
	unheard "1: EHLO STARTTLS no-TLS"
}

@test "TLS: close in place of a handshake" {
	insecure starttls good '{"at":"tls","then":"close"}'
	sends 75 "$(all "deferred connection tls null")"
	unheard "1: EHLO STARTTLS" "2: EHLO STARTTLS"
}

@test "TLS: reset in place of a handshake" {
	insecure starttls good '{"at":"tls","then":"reset"}'
	sends 75 "$(all "deferred connection tls null")"
	unheard "1: EHLO STARTTLS" "2: EHLO STARTTLS"
}

@test "TLS: silence in place of a handshake" {
	hasty
	insecure starttls good '{"at":"tls","then":"hang"}'
	sends 75 "$(all "deferred connection tls null")"
	unheard "1: EHLO STARTTLS TEXT closed"
}

@test "TLS: the certificate of another name" {
	insecure starttls wrong
	sends 255 "$(all "deferred tls tls null")"
	unheard "1: EHLO STARTTLS closed"
}

@test "TLS: a certificate with a common name only" {
	insecure starttls nameless
	sends 255 "$(all "deferred tls tls null")"
	[[ $(jq -r .reply out) == *subjectAltName* ]]
	unheard "1: EHLO STARTTLS | EHLO closed"
}

@test "TLS: our own file of certificates is missing or none: 2, no stop" {
	insecure starttls good
	BM_CA_FILE=$PWD/none ends 2 bm-send m
	[[ $output == *BM_CA_FILE*"/none: No such file"* ]]
	echo rubbish >none
	BM_CA_FILE=$PWD/none sends 2 "$(all "deferred config tls null")"
	same 0 "$(sqlite3 "$BM_DB" 'SELECT count(*) FROM stops')"
	BM_CA_FILE=$PWD/none ends 2 bm-send --check
	sends 0 "$(all "$SENT")"
}

@test "TLS: SSLKEYLOGFILE gets no keys" {
	insecure starttls good
	SSLKEYLOGFILE=$PWD/keys sends 0 "$(all "$SENT")"
	[ ! -e keys ]
}

@test "TLS: an expired certificate" {
	insecure starttls expired
	sends 255 "$(all "deferred tls tls null")"
	unheard "1: EHLO STARTTLS no-TLS"
}

@test "TLS: a certificate of an unknown CA" {
	insecure starttls unknown
	sends 255 "$(all "deferred tls tls null")"
	unheard "1: EHLO STARTTLS no-TLS"
}

@test "TLS: no more than 1.1" {
	insecure starttls good --old-tls
	sends 255 "$(all "deferred tls tls null")"
	unheard "1: EHLO STARTTLS no-TLS"
}

@test "TLS from the first byte: the certificate of another name" {
	insecure implicit wrong
	sends 255 "$(all "deferred tls tls null")"
	unheard "1: closed"
}

@test "TLS from the first byte: an expired certificate" {
	insecure implicit expired
	sends 255 "$(all "deferred tls tls null")"
	unheard "1: no-TLS"
}

@test "TLS from the first byte: a certificate of an unknown CA" {
	insecure implicit unknown
	sends 255 "$(all "deferred tls tls null")"
	unheard "1: no-TLS"
}

@test "TLS from the first byte: no more than 1.1" {
	insecure implicit good --old-tls
	sends 255 "$(all "deferred tls tls null")"
	unheard "1: no-TLS"
}

@test "TLS from the first byte: the server speaks in clear" {
	login
	fake
	EMAIL_USE_SSL=yes sends 255 "$(all "deferred tls tls null")"
	run ! leaked
	untouched
}

# --- AUTH ---

BEFORE_AUTH="EHLO STARTTLS | EHLO"

@test "AUTH: a login is set and none is offered" {
	login
	fake_tls starttls good
	sends 255 "$(all "deferred auth auth null")"
	unheard "1: $BEFORE_AUTH closed"
}

@test "AUTH: 535" {
	login
	fake_tls starttls good --auth me:other
	sends 255 "$(all "deferred auth auth 535")"
	unheard "1: $BEFORE_AUTH AUTH AUTH TEXT closed"
}

@test "AUTH: 454" {
	insecure starttls good '{"at":"auth","say":"454 4.7.0 later"}'
	sends 75 "$(all "deferred auth auth 454")"
	unheard "1: $BEFORE_AUTH AUTH closed"
}

@test "AUTH: 421" {
	insecure starttls good \
		'{"at":"auth","say":"421 4.3.2 closing","then":"close"}'
	sends 75 "$(all "deferred auth auth 421")"
	unheard "1: $BEFORE_AUTH AUTH"
}

@test "AUTH: close" {
	insecure starttls good '{"at":"auth","then":"close"}'
	sends 75 "$(all "deferred connection auth null")"
	unheard "1: $BEFORE_AUTH AUTH" "2: $BEFORE_AUTH AUTH"
}

@test "AUTH: reset" {
	insecure starttls good '{"at":"auth","then":"reset"}'
	sends 75 "$(all "deferred connection auth null")"
	unheard "1: $BEFORE_AUTH AUTH" "2: $BEFORE_AUTH AUTH"
}

@test "AUTH: silence" {
	hasty
	insecure starttls good '{"at":"auth","then":"hang"}'
	sends 75 "$(all "deferred connection auth null")"
	unheard "1: $BEFORE_AUTH AUTH closed"
}

# --- MAIL ---

ENVELOPE="MAIL RCPT DATA"

@test "MAIL: 4xx, always" {
	fake '{"at":"mail","say":"451 4.3.0 later"}'
	sends 75 "$(all "deferred busy_relay mail 451")"
	heard "1: EHLO $ENVELOPE $ENVELOPE QUIT"
	nothing_arrived
}

@test "MAIL: 4xx, once" {
	fake '{"at":"mail","times":1,"say":"451 4.3.0 later"}'
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ENVELOPE $ONE $ONE $ONE QUIT"
}

@test "MAIL: 5xx" {
	fake '{"at":"mail","say":"550 5.7.1 not you"}'
	sends 255 "$(all "deferred policy mail 550")"
	heard "1: EHLO $ENVELOPE QUIT"
	nothing_arrived
}

@test "MAIL: 5xx, step by step" {
	fake --ext '' '{"at":"mail","say":"550 5.7.1 not you"}'
	sends 255 "$(all "deferred policy mail 550")"
	heard "1: EHLO MAIL QUIT"
	nothing_arrived
}

@test "MAIL: 421, always" {
	fake '{"at":"mail","say":"421 4.3.2 closing","then":"close"}'
	sends 75 "$(all "deferred busy_relay mail 421")"
	heard "1: EHLO $ENVELOPE" "2: EHLO $ENVELOPE"
	nothing_arrived
}

@test "MAIL: 421, once, on a fresh connection" {
	fake '{"at":"mail","times":1,"say":"421 4.3.2 closing","then":"close"}'
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ENVELOPE" "2: EHLO $ONE $ONE $ONE QUIT"
}

@test "MAIL: 421, once, after a message" {
	fake '{"at":"mail","after":1,"times":1,
		"say":"421 4.3.2 closing","then":"close"}'
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ONE $ENVELOPE" "2: EHLO $ONE $ONE QUIT"
}

@test "MAIL: close, always" {
	fake '{"at":"mail","then":"close"}'
	sends 75 "$(all "deferred connection mail null")"
	heard "1: EHLO $ENVELOPE" "2: EHLO $ENVELOPE"
	nothing_arrived
}

@test "MAIL: close, once, after a message" {
	fake '{"at":"mail","after":1,"times":1,"then":"close"}'
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ONE $ENVELOPE" "2: EHLO $ONE $ONE QUIT"
}

@test "MAIL: reset, once, after a message" {
	fake '{"at":"mail","after":1,"times":1,"then":"reset"}'
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ONE $ENVELOPE" "2: EHLO $ONE $ONE QUIT"
}

@test "MAIL: silence" {
	hasty
	fake '{"at":"mail","then":"hang"}'
	sends 75 "$(all "deferred connection mail null")"
	heard "1: EHLO $ENVELOPE closed"
	nothing_arrived
}

# --- RCPT ---

@test "RCPT: 4xx for one" {
	fake '{"at":"rcpt","match":"<u2@","say":"450 4.2.0 later"}'
	sends 75 "$(only "deferred busy_relay rcpt 450")"
	heard "1: EHLO $ONE $ENVELOPE RSET $ONE QUIT"
}

@test "RCPT: 5xx for one" {
	fake '{"at":"rcpt","match":"<u2@","say":"550 5.1.1 who?"}'
	sends 1 "$(only "failed bad_mailbox rcpt 550")"
	heard "1: EHLO $ONE $ENVELOPE RSET $ONE QUIT"
	same "5.1.1 who?" "$(jq -r 'select(.code == 550) |
		"\(.enhanced) \(.reply)"' out)"
}

@test "RCPT: 5xx for one, step by step" {
	fake --ext '' '{"at":"rcpt","match":"<u2@","say":"550 5.1.1 who?"}'
	sends 1 "$(only "failed bad_mailbox rcpt 550")"
	heard "1: EHLO $ONE MAIL RCPT RSET $ONE QUIT"
	same "5.1.1 who?" "$(jq -r 'select(.code == 550) |
		"\(.enhanced) \(.reply)"' out)"
}

@test "RCPT: 4xx for all" {
	fake '{"at":"rcpt","say":"450 4.2.0 later"}'
	sends 75 "$(all "deferred busy_relay rcpt 450")"
	heard "1: EHLO $ENVELOPE RSET $ENVELOPE RSET $ENVELOPE QUIT"
	nothing_arrived
}

@test "RCPT: 5xx for all" {
	fake '{"at":"rcpt","say":"550 5.1.1 who?"}'
	sends 1 "$(all "failed bad_mailbox rcpt 550")"
	heard "1: EHLO $ENVELOPE RSET $ENVELOPE RSET $ENVELOPE QUIT"
	nothing_arrived
}

@test "RCPT: 550, and DATA 354 all the same: a lone dot is no message" {
	fake '{"at":"rcpt","match":"<u2@","say":"550 5.1.1 who?"}' \
		'{"at":"data","match":"(nobody)","say":"354 go on"}'
	sends 1 "$(only "failed bad_mailbox rcpt 550")"
	heard "1: EHLO $ONE $ENVELOPE . $ONE QUIT"
	same "u1 u3" "$(received | xargs)"
}

@test "RCPT: 550, DATA 354, and the lone dot 250: nobody has that" {
	fake '{"at":"rcpt","match":"<u2@","say":"550 5.1.1 who?"}' \
		'{"at":"data","match":"(nobody)","say":"354 go on"}' \
		'{"at":"dot","match":"(nobody)","say":"250 2.0.0 lone"}'
	sends 1 "$(only "failed bad_mailbox rcpt 550")"
	heard "1: EHLO $ONE $ENVELOPE . $ONE QUIT"
	same "" "$(jq -r 'select(.reply | contains("lone"))' out)"
}

@test "RCPT: 421, always" {
	fake '{"at":"rcpt","say":"421 4.3.2 closing","then":"close"}'
	sends 75 "$(all "deferred busy_relay rcpt 421")"
	heard "1: EHLO $ENVELOPE" "2: EHLO $ENVELOPE"
	nothing_arrived
}

@test "RCPT: 421, once, on a fresh connection" {
	fake '{"at":"rcpt","times":1,"say":"421 4.3.2 closing","then":"close"}'
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ENVELOPE" "2: EHLO $ONE $ONE $ONE QUIT"
}

@test "RCPT: 421, once, after a message" {
	fake '{"at":"rcpt","after":1,"times":1,
		"say":"421 4.3.2 closing","then":"close"}'
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ONE $ENVELOPE" "2: EHLO $ONE $ONE QUIT"
}

@test "RCPT: close, always" {
	fake '{"at":"rcpt","then":"close"}'
	sends 75 "$(all "deferred connection rcpt null")"
	heard "1: EHLO $ENVELOPE" "2: EHLO $ENVELOPE"
	nothing_arrived
}

@test "RCPT: close, once, after a message" {
	fake '{"at":"rcpt","after":1,"times":1,"then":"close"}'
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ONE $ENVELOPE" "2: EHLO $ONE $ONE QUIT"
}

@test "RCPT: reset, once, after a message" {
	fake '{"at":"rcpt","after":1,"times":1,"then":"reset"}'
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ONE $ENVELOPE" "2: EHLO $ONE $ONE QUIT"
}

@test "RCPT: silence" {
	hasty
	fake '{"at":"rcpt","then":"hang"}'
	sends 75 "$(all "deferred connection rcpt null")"
	heard "1: EHLO $ENVELOPE closed"
	nothing_arrived
}

# --- DATA ---

@test "DATA: 4xx for one" {
	fake '{"at":"data","match":"u2@","say":"451 4.3.0 later"}'
	sends 75 "$(only "deferred busy_relay data 451")"
	heard "1: EHLO $ONE $ENVELOPE RSET $ONE QUIT"
}

@test "DATA: 5xx for one" {
	fake '{"at":"data","match":"u2@","say":"554 5.6.0 no"}'
	sends 1 "$(only "failed content data 554")"
	heard "1: EHLO $ONE $ENVELOPE RSET $ONE QUIT"
}

@test "DATA: 5xx for one, step by step" {
	fake --ext '' '{"at":"data","match":"u2@","say":"554 5.6.0 no"}'
	sends 1 "$(only "failed content data 554")"
	heard "1: EHLO $ONE $ENVELOPE RSET $ONE QUIT"
}

@test "DATA: 421, always" {
	fake '{"at":"data","say":"421 4.3.2 closing","then":"close"}'
	sends 75 "$(all "deferred busy_relay data 421")"
	heard "1: EHLO $ENVELOPE" "2: EHLO $ENVELOPE"
	nothing_arrived
}

@test "DATA: 421, once, on a fresh connection" {
	fake '{"at":"data","times":1,"say":"421 4.3.2 closing","then":"close"}'
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ENVELOPE" "2: EHLO $ONE $ONE $ONE QUIT"
}

@test "DATA: 421, once, after a message" {
	fake '{"at":"data","after":1,"times":1,
		"say":"421 4.3.2 closing","then":"close"}'
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ONE $ENVELOPE" "2: EHLO $ONE $ONE QUIT"
}

@test "DATA: close, always" {
	fake '{"at":"data","then":"close"}'
	sends 75 "$(all "deferred connection data null")"
	heard "1: EHLO $ENVELOPE" "2: EHLO $ENVELOPE"
	nothing_arrived
}

@test "DATA: close, once, after a message" {
	fake '{"at":"data","after":1,"times":1,"then":"close"}'
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ONE $ENVELOPE" "2: EHLO $ONE $ONE QUIT"
}

@test "DATA: reset, once, after a message" {
	fake '{"at":"data","after":1,"times":1,"then":"reset"}'
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ONE $ENVELOPE" "2: EHLO $ONE $ONE QUIT"
}

@test "DATA: silence" {
	hasty
	fake '{"at":"data","then":"hang"}'
	sends 75 "$(all "deferred connection data null")"
	heard "1: EHLO $ENVELOPE closed"
	nothing_arrived
}

# --- body ---

BODY="MAIL RCPT DATA TEXT"

@test "body: 552 before its end" {
	swell 400000
	fake '{"at":"body","match":"u2@","bytes":1000,
		"say":"552 5.2.3 too long for this one"}'
	sends 1 "$(only "failed too_big body 552")"
	heard "1: EHLO $ONE $BODY closed" "2: EHLO $ONE QUIT"
}

@test "body: 421 before its end, always" {
	swell 400000
	fake '{"at":"body","bytes":1000,"say":"421 4.3.2 closing",
		"then":"close"}'
	sends 75 "$(all "deferred busy_relay body 421")"
	heard "1: EHLO $BODY" "2: EHLO $BODY"
	nothing_arrived
}

@test "body: 421 before its end, once, after a message" {
	swell 400000
	fake '{"at":"body","after":1,"times":1,"bytes":1000,
		"say":"421 4.3.2 closing","then":"close"}'
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ONE $BODY" "2: EHLO $ONE $ONE QUIT"
}

@test "body: close, always" {
	swell 400000
	fake '{"at":"body","bytes":1000,"then":"close"}'
	sends 75 "$(all "deferred connection body null")"
	heard "1: EHLO $BODY" "2: EHLO $BODY"
	nothing_arrived
}

@test "body: close, once, after a message" {
	swell 400000
	fake '{"at":"body","after":1,"times":1,"bytes":1000,"then":"close"}'
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ONE $BODY" "2: EHLO $ONE $ONE QUIT"
}

@test "body: reset, once, after a message" {
	swell 400000
	fake '{"at":"body","after":1,"times":1,"bytes":1000,"then":"reset"}'
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ONE $BODY" "2: EHLO $ONE $ONE QUIT"
}

@test "body: it is read no further" {
	hasty
	swell 8000000
	fake --ext PIPELINING '{"at":"body","bytes":1000,"then":"stall"}'
	sends 75 "$(all "deferred connection body null")"
	heard "1: EHLO $BODY"
	nothing_arrived
}

# --- dot ---

@test "dot: 4xx for one" {
	fake '{"at":"dot","match":"u2@","say":"452 4.2.2 full"}'
	sends 75 "$(only "deferred mailbox_full dot 452")"
	heard "1: EHLO $ONE $ONE $ONE QUIT"
	same "u1 u3" "$(received | xargs)"
}

@test "dot: 5xx for one" {
	fake '{"at":"dot","match":"u2@","say":"554 5.7.1 spam"}'
	sends 1 "$(only "failed content dot 554")"
	heard "1: EHLO $ONE $ONE $ONE QUIT"
	same "u1 u3" "$(received | xargs)"
}

@test "dot: 5xx for one, step by step" {
	fake --ext '' '{"at":"dot","match":"u2@","say":"554 5.7.1 spam"}'
	sends 1 "$(only "failed content dot 554")"
	heard "1: EHLO $ONE $ONE $ONE QUIT"
	same "u1 u3" "$(received | xargs)"
}

@test "dot: 5xx that is about us stops the run" {
	fake '{"at":"dot","match":"u2@","say":"550 5.7.26 no SPF, no DKIM"}'
	sends 255 "u1 $SENT
u2 deferred policy dot 550
u3 deferred policy dot 550"
	same u1 "$(received)"
}

@test "dot: 421, always" {
	fake '{"at":"dot","say":"421 4.3.2 closing","then":"close"}'
	sends 75 "$(all "deferred busy_relay dot 421")"
	heard "1: EHLO $ONE $ENVELOPE" "2: EHLO $ONE $ENVELOPE"
	nothing_arrived
}

@test "dot: 421, once, on a fresh connection" {
	fake '{"at":"dot","times":1,"say":"421 4.3.2 closing","then":"close"}'
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ONE $ENVELOPE" "2: EHLO $ONE $ONE $ONE QUIT"
}

@test "dot: 421, once, after a message" {
	fake '{"at":"dot","after":1,"times":1,
		"say":"421 4.3.2 closing","then":"close"}'
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ONE $ONE $ENVELOPE" "2: EHLO $ONE $ONE QUIT"
}

# in_doubt [TAKEN]: u2 is, and is held until a person says what to do; what
# the server took, "u1 u3".
in_doubt() {
	sends 1 "$(only "in_doubt no_reply dot null")"
	same "${1-u1 u3}" "$(received | xargs)"
	stop_servers
	fake
	sends 1 "u1 skipped duplicate none null
u2 in_doubt no_reply none null
u3 skipped duplicate none null"
	nothing_arrived
	sends 0 "u1 skipped duplicate none null
u2 $SENT
u3 skipped duplicate none null" --resend-in-doubt
	heard "1: EHLO $ONE QUIT"
}

@test "dot: close in place of a reply" {
	fake '{"at":"dot","match":"u2@","then":"close"}'
	in_doubt
}

@test "dot: reset in place of a reply" {
	fake '{"at":"dot","match":"u2@","then":"reset"}'
	in_doubt
}

@test "dot: silence" {
	export BM_RELAY_TIMEOUT=1
	fake '{"at":"dot","match":"u2@","then":"hang"}'
	in_doubt
}

@test "dot: a reply that is none" {
	fake '{"at":"dot","match":"u2@","say":"+OK","then":"close"}'
	in_doubt
}

@test "dot: half a reply" {
	fake '{"at":"dot","match":"u2@","say":"250-2.0.0 Ok","then":"close"}'
	in_doubt "u1 u2 u3"
}

@test "dot: an answer that comes late is waited for" {
	fake '{"at":"dot","match":"u2@","delay":1.5}'
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ONE $ONE $ONE QUIT"
}

@test "dot: 250 and close: the 250 counts" {
	fake '{"at":"dot","times":1,"say":"250 2.0.0 taken","then":"close"}'
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ONE $ENVELOPE" "2: EHLO $ONE $ONE QUIT"
	same "u1 u2 u3" "$(received | xargs)"
	same 1 "$(jq -r .reply out | grep -c taken)"
}
