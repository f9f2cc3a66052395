# bm-send against every fault that a relay can have: what becomes of each
# message, the exit status, and what the server heard.
# shellcheck disable=SC2314,SC2030,SC2031,SC2034,SC2153

load helper
load messages
load smtp

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export BM_DB=$BATS_TEST_TMPDIR/bm.db BM_EHLO_NAME=client.example
	export BULK_EMAIL_MAX_RETRIES=1 BULK_EMAIL_DEFAULT_RETRY_DELAY=0
	printf 'email\na@uni.example\n' >roster.csv
	bm-import --create --course c roster.csv 2>/dev/null
	messages 1 3 >m
	SERVERS=()
}

teardown() {
	stop_servers
}

# sends STATUS OUTCOMES [ARGUMENT...]: bm-send of u1, u2 and u3.
sends() {
	local status=$1 want=$2

	shift 2
	ends "$status" --separate-stderr timeout 60 bm-send "$@" m
	printf '%s\n' "$output" >out
	same "$want" "$(outcomes out | sort)" || {
		cat out
		return 1
	}
}

# all REST: the same for u1, u2 and u3.
all() {
	printf 'u%d %s\n' 1 "$1" 2 "$1" 3 "$1"
}

# heard LINE...: the dialogues of all connections.
heard() {
	same "$(printf '%s\n' "$@")" "$(dialogue)"
}

ONE="MAIL RCPT DATA TEXT ."
SENT="sent ok dot 250"

@test "three messages through one pipelined connection" {
	fake
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ONE $ONE $ONE QUIT"
	same "u1 u2 u3" "$(received | xargs)"
	# One round trip a message: the next envelope rides behind the dot.
	grep -qF 'Hello 1\r\n.\r\nMAIL FROM:<bounces@uni.example>' fake/bytes
}

@test "three messages step by step" {
	fake --ext ''
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ONE $ONE $ONE QUIT"
	run ! grep -F '.\r\nMAIL' fake/bytes
}

@test "EHLO with our name, SIZE, the queue id" {
	fake
	sends 0 "$(all "$SENT")"
	grep -qF 'EHLO client.example\r\n' fake/bytes
	grep -qE 'MAIL FROM:<bounces@uni.example> SIZE=[0-9]+\\r' fake/bytes
	same "F1 F2 F3" "$(jq -r .queue_id out | xargs)"
	same "127.0.0.1:$EMAIL_PORT" "$(jq -r .relay out | sort -u)"
}

# --- before there is a transaction: nobody is charged ---

@test "DNS failure" {
	export EMAIL_HOST=relay.invalid
	sends 75 "$(all "deferred dns connect null")"
	same null "$(jq .attempt out | sort -u)"
}

@test "connection refused" {
	export EMAIL_HOST=127.0.0.1 EMAIL_USE_TLS=no
	EMAIL_PORT=$(free_port) sends 75 \
		"$(all "deferred connection connect null")"
}

@test "greeting 421, for ever and once" {
	fake '{"at":"greeting","say":"421 4.3.2 busy","then":"close"}'
	sends 75 "$(all "deferred busy_relay greeting 421")"
	heard 1: 2:
	stop_servers
	fake '{"at":"greeting","times":1,"say":"421 busy","then":"close"}'
	sends 0 "$(all "$SENT")"
}

@test "greeting 554" {
	fake '{"at":"greeting","say":"554 5.7.1 go away","then":"close"}'
	sends 75 "$(all "deferred policy greeting 554")"
	heard 1:
}

@test "EHLO and HELO refused" {
	fake '{"at":"ehlo","say":"501 5.5.4 what a name"}'
	sends 255 "$(all "deferred config ehlo 501")"
	run ! grep -F MAIL fake/bytes
}

@test "EHLO unknown, HELO taken" {
	fake '{"at":"ehlo","match":"EHLO","say":"502 unknown"}'
	sends 0 "$(all "$SENT")"
	heard "1: EHLO HELO $ONE $ONE $ONE QUIT"
}

@test "MAIL 4xx" {
	fake '{"at":"mail","say":"451 4.3.0 later"}'
	sends 75 "$(all "deferred busy_relay mail 451")"
	[ -z "$(received)" ]
}

@test "MAIL 4xx once" {
	fake '{"at":"mail","times":1,"say":"451 4.3.0 later"}'
	sends 0 "$(all "$SENT")"
}

@test "MAIL 5xx" {
	fake '{"at":"mail","say":"550 5.7.1 not you"}'
	sends 255 "$(all "deferred policy mail 550")"
	[ -z "$(received)" ]
}

# --- TLS ---

secure() {
	"$ROOT/tests/fake/certificates" certs
	export BM_CA_FILE=$PWD/certs/ca.pem
}

# A server that speaks TLS as $1 says, with certificate $2.
fake_tls() {
	local how=$1 cert=$2

	shift 2
	[ -d certs ] || secure
	fake --tls "$how" --cert "certs/$cert.pem" "$@"
	if [ "$how" = implicit ]; then
		export EMAIL_USE_SSL=yes
	else
		export EMAIL_USE_TLS=yes EMAIL_USE_SSL=no
	fi
}

login() {
	export EMAIL_HOST_USER=me EMAIL_HOST_PASSWORD=s3cret-word
}

# The password, or what AUTH PLAIN makes of it, in clear.
leaked() {
	grep -E ' < ' fake/bytes | grep -E \
		"AUTH|s3cret|$(printf '\0me\0s3cret-word' | base64)"
}

@test "STARTTLS and AUTH" {
	login
	fake_tls starttls good --auth me:s3cret-word
	sends 0 "$(all "$SENT")"
	heard "1: EHLO STARTTLS | EHLO AUTH $ONE $ONE $ONE QUIT"
	run ! leaked
	grep -F ' << AUTH PLAIN ' fake/bytes
}

@test "TLS from the first byte, AUTH LOGIN only" {
	login
	fake_tls implicit good --auth me:s3cret-word --mech LOGIN
	sends 0 "$(all "$SENT")"
	run ! leaked
}

@test "OAuth: XOAUTH2 and OAUTHBEARER by a token command" {
	export EMAIL_HOST_USER=me
	export EMAIL_HOST_TOKEN_COMMAND='echo ya29.token'
	for mech in XOAUTH2 OAUTHBEARER; do
		fake_tls starttls good --auth me:ya29.token --mech $mech
		messages 1 3 $mech >m
		sends 0 "$(all "$SENT")"
		grep -F " << AUTH $mech " fake/bytes
		stop_servers
	done
}

@test "STARTTLS not offered: no credential is said" {
	login
	fake --auth me:s3cret-word
	EMAIL_USE_TLS=yes sends 255 "$(all "deferred tls tls null")"
	run ! leaked
	run ! grep -F MAIL fake/bytes
}

@test "STARTTLS refused" {
	login
	fake_tls starttls good '{"at":"starttls","say":"502 5.5.1 no"}'
	sends 255 "$(all "deferred tls tls 502")"
	run ! leaked
	stop_servers
	fake_tls starttls good '{"at":"starttls","say":"454 4.7.0 no"}'
	sends 75 "$(all "deferred tls tls 454")"
	run ! leaked
}

@test "a certificate of another name, expired, of an unknown CA" {
	login
	for cert in wrong expired unknown; do
		for how in starttls implicit; do
			fake_tls $how $cert --auth me:s3cret-word
			sends 255 "$(all "deferred tls tls null")"
			run ! leaked
			run ! grep -F ' << ' fake/bytes
			stop_servers
		done
	done
}

@test "TLS 1.1" {
	login
	fake_tls starttls good --old-tls --auth me:s3cret-word
	sends 255 "$(all "deferred tls tls null")"
	run ! leaked
}

@test "plaintext slipped in before TLS" {
	login
	fake_tls starttls good --auth me:s3cret-word \
		'{"at":"starttls","say":"220 go on\n250-fake\n250 AUTH PLAIN"}'
	sends 255 "$(all "deferred tls tls null")"
	run ! leaked
}

@test "no TLS towards another host: refused before anything is said" {
	export EMAIL_HOST=192.0.2.1 EMAIL_USE_TLS=no
	ends 2 bm-send m
	[[ $output == *"192.0.2.1 is not a loopback address"* ]]
}

@test "AUTH 454 and 535" {
	login
	fake_tls starttls good --auth me:other
	sends 255 "$(all "deferred auth auth 535")"
	[ "$(grep -c AUTH <<<"$(dialogue)")" -eq 1 ]
	stop_servers
	fake_tls starttls good --auth me:other \
		'{"at":"auth","say":"454 4.7.0 later"}'
	sends 75 "$(all "deferred auth auth 454")"
	[ "$(dialogue | wc -l)" -eq 1 ]
}

@test "a login is set and AUTH is not offered" {
	login
	fake_tls starttls good
	sends 255 "$(all "deferred auth auth null")"
	heard "1: EHLO STARTTLS | EHLO closed"
}

# --- the transaction ---

@test "RCPT 4xx of one" {
	fake '{"at":"rcpt","match":"<u2@","say":"450 4.2.0 later"}'
	sends 75 "u1 $SENT
u2 deferred busy_relay rcpt 450
u3 $SENT"
	heard "1: EHLO $ONE MAIL RCPT DATA RSET $ONE QUIT"
}

@test "RCPT 5xx of one, step by step" {
	fake --ext '' '{"at":"rcpt","match":"<u2@","say":"550 5.1.1 who?"}'
	sends 1 "u1 $SENT
u2 failed bad_mailbox rcpt 550
u3 $SENT"
	heard "1: EHLO $ONE MAIL RCPT RSET $ONE QUIT"
	same "5.1.1 who?" "$(jq -r 'select(.code == 550) |
		"\(.enhanced) \(.reply)"' out)"
}

@test "RCPT 550 of one, DATA 354 all the same: a lone dot is no message" {
	fake '{"at":"rcpt","match":"<u2@","say":"550 5.1.1 who?"}' \
		'{"at":"data","after":1,"times":1,"say":"354 go on"}'
	sends 1 "u1 $SENT
u2 failed bad_mailbox rcpt 550
u3 $SENT"
	heard "1: EHLO $ONE MAIL RCPT DATA . $ONE QUIT"
	same "u1 u3" "$(received | xargs)"
}

@test "a lone dot that the server takes for a message" {
	fake '{"at":"rcpt","match":"<u2@","say":"550 5.1.1 who?"}' \
		'{"at":"data","after":1,"times":1,"say":"354 go on"}' \
		'{"at":"dot","after":1,"times":1,"say":"250 2.0.0 lone"}'
	sends 1 "u1 $SENT
u2 failed bad_mailbox rcpt 550
u3 $SENT"
	[ "$(jq -r .reply out | grep -c lone || true)" -eq 0 ]
}

@test "RCPT 5xx of all" {
	fake '{"at":"rcpt","say":"550 5.1.1 who?"}'
	sends 1 "$(all "failed bad_mailbox rcpt 550")"
	heard "1: EHLO MAIL RCPT DATA RSET MAIL RCPT DATA RSET MAIL RCPT DATA QUIT"
	[ -z "$(received)" ]
}

@test "the breaker opens at the tenth refusal of the same kind" {
	messages 1 30 >m
	fake '{"at":"rcpt","say":"550 5.7.1 <x1@y> not from 192.0.2.7"}'
	ends 75 bm-send m
	printf '%s\n' "$output" >out
	same "failed refused 9" "$(jq -r 'select(.class != "breaker") |
		"\(.status) \(.class)"' out | uniq -c |
		awk '{ print $2, $3, $1 }')"
	same "deferred" "$(jq -r 'select(.class == "breaker").status' out |
		sort -u)"
	[ "$(grep -o 'RCPT' fake/bytes | wc -l)" -le 12 ]
}

@test "DATA 4xx and 5xx of one" {
	fake '{"at":"data","after":1,"times":1,"say":"451 4.3.0 later"}'
	sends 75 "u1 $SENT
u2 deferred busy_relay data 451
u3 $SENT"
	heard "1: EHLO $ONE MAIL RCPT DATA RSET $ONE QUIT"
	stop_servers
	messages 1 3 second >m
	fake '{"at":"data","after":1,"times":1,"say":"554 5.6.0 no"}'
	sends 1 "u1 $SENT
u2 failed content data 554
u3 $SENT"
}

@test "dot 4xx and 5xx of one" {
	fake '{"at":"dot","match":"u2@","say":"452 4.2.2 full"}'
	sends 75 "u1 $SENT
u2 deferred mailbox_full dot 452
u3 $SENT"
	heard "1: EHLO $ONE $ONE $ONE QUIT"
	stop_servers
	messages 1 3 second >m
	fake '{"at":"dot","match":"u2@","say":"554 5.7.1 spam"}'
	sends 1 "u1 $SENT
u2 failed refused dot 554
u3 $SENT"
}

@test "dot 5xx that is about us stops the run" {
	fake '{"at":"dot","match":"u2@","say":"550 5.7.26 no SPF, no DKIM"}'
	sends 255 "u1 $SENT
u2 deferred policy dot 550
u3 deferred policy dot 550"
	same u1 "$(received)"
}

@test "greylisting waits 5 minutes at least" {
	fake '{"at":"rcpt","match":"<u2@","say":"450 4.7.1 Greylisted"}'
	sends 75 "u1 $SENT
u2 deferred greylisted rcpt 450
u3 $SENT"
	jq -es 'map(select(.class == "greylisted"))[0] |
		((.next_try | sub("\\..*"; "Z") | fromdate) -
		(.at | sub("\\..*"; "Z") | fromdate)) >= 299' out
}

# --- the connection ends ---

# Messages of 400 kB, whose body does not leave at once.
swell() {
	awk 'BEGIN {
		line = sprintf("%070d", 0) "\\r\\n"
		while (length(body) < 400000)
			body = body line
	}
	{
		at = index($0, "Hello ")
		print substr($0, 1, at - 1) body substr($0, at)
	}' m >m.big
	mv m.big m
}

@test "closed and reset before the dot, once: all are sent" {
	for how in close reset; do
		for at in mail rcpt data body; do
			messages 1 3 $how-$at >m
			[ $at != body ] || swell
			fake '{"at":"'$at'","after":1,"times":1,
				"bytes":1000,"then":"'$how'"}'
			sends 0 "$(all "$SENT")"
			same "u1 u2 u3" "$(received | sort | xargs)"
			[ "$(dialogue | wc -l)" -eq 2 ]
			stop_servers
		done
	done
}

@test "closed before the dot, always: put off and charged to nobody" {
	fake '{"at":"data","then":"close"}'
	sends 75 "$(all "deferred connection data null")"
	[ -z "$(received)" ]
	same "" "$(jq -r .code out | grep -v null || true)"
}

@test "closed and reset behind the dot: in doubt, and held" {
	for how in close reset; do
		messages 1 3 $how >m
		fake '{"at":"dot","match":"u2@","then":"'$how'"}'
		sends 1 "u1 $SENT
u2 in_doubt no_reply dot null
u3 $SENT"
		same "u1 u3" "$(received | xargs)"
		stop_servers
		fake
		sends 1 "u1 skipped duplicate none null
u2 in_doubt no_reply none null
u3 skipped duplicate none null"
		[ -z "$(received)" ]
		sends 0 "u1 skipped duplicate none null
u2 $SENT
u3 skipped duplicate none null" --resend-in-doubt
		stop_servers
	done
}

@test "the 250 is still read after the connection broke" {
	fake '{"at":"dot","times":1,"say":"250 2.0.0 taken","then":"close"}'
	sends 0 "$(all "$SENT")"
	same "u1 u2 u3" "$(received | xargs)"
	same 1 "$(jq -r .reply out | grep -c taken)"
}

@test "parting words after so many messages cost nobody" {
	messages 1 10 >m
	fake '{"at":"mail","after":3,
		"say":"421 4.7.0 Maximum message count per session reached",
		"then":"close"}'
	ends 0 --separate-stderr bm-send m
	same 10 "$(received | sort -u | wc -l)"
	same 10 "$(received | wc -l)"
}

@test "parting words on an idle connection" {
	fake '{"at":"idle","after":1,"times":1,"delay":0.2,
		"say":"451 4.4.2 Timeout waiting for data from client.",
		"then":"close"}'
	ends 0 --separate-stderr bash -c \
		'{ head -n 1 m; sleep 1; tail -n 2 m; } | bm-send'
	same "u1 u2 u3" "$(received | sort | xargs)"
	same "sent" "$(jq -r .status <<<"$output" | sort -u)"
}

@test "421 at each stage, once" {
	for at in mail rcpt data dot; do
		for after in 0 1; do
			messages 1 3 $at-$after >m
			fake '{"at":"'$at'","after":'$after',"times":1,
				"say":"421 4.3.2 closing","then":"close"}'
			sends 0 "$(all "$SENT")"
			same "u1 u2 u3" "$(received | sort | xargs)"
			stop_servers
		done
	done
}

@test "421 at each stage, always" {
	for at in mail rcpt data dot; do
		messages 1 3 $at >m
		fake '{"at":"'$at'","say":"421 4.3.2 closing","then":"close"}'
		ends 75 --separate-stderr bm-send m
		same deferred "$(jq -r .status <<<"$output" | sort -u)"
		[ -z "$(received)" ]
		stop_servers
	done
}

@test "silence at each stage before the dot" {
	export BM_RELAY_TIMEOUT=1 BULK_EMAIL_MAX_RETRIES=0
	for at in greeting ehlo mail rcpt data; do
		messages 1 3 $at >m
		fake '{"at":"'$at'","then":"hang"}'
		sends 75 "$(all "deferred connection $at null")"
		[ -z "$(received)" ]
		stop_servers
	done
}

@test "silence during TLS and AUTH" {
	export BM_RELAY_TIMEOUT=1 BULK_EMAIL_MAX_RETRIES=0
	login
	for at in starttls tls auth; do
		messages 1 3 $at >m
		fake_tls starttls good --auth me:s3cret-word \
			'{"at":"'$at'","then":"hang"}'
		sends 75 "$(all "deferred connection ${at/starttls/tls} null")"
		run ! leaked
		stop_servers
	done
}

@test "silence behind the dot: in doubt" {
	export BM_RELAY_TIMEOUT=1
	fake '{"at":"dot","match":"u2@","then":"hang"}'
	sends 1 "u1 $SENT
u2 in_doubt no_reply dot null
u3 $SENT"
	same "u1 u3" "$(received | xargs)"
}

@test "an answer that comes late is waited for" {
	fake '{"at":"dot","match":"u2@","delay":1.5}'
	sends 0 "$(all "$SENT")"
}

# --- monsters ---

@test "monstrous replies" {
	long=$(printf '%05000d' 0)
	fake '{"at":"rcpt","match":"<u2@",
		"say":"550-5.1.1 '"$long"'\n550-5.1.1 \u0000\u0007\u00ff\u00c3\n550 5.1.1 end"}'
	sends 1 "u1 $SENT
u2 failed bad_mailbox rcpt 550
u3 $SENT"
	same 1000 "$(jq -r 'select(.code == 550).reply | length' out)"
	stop_servers
	messages 1 3 second >m
	fake '{"at":"rcpt","match":"<u2@",
		"say":"550-5.1.1 a\u0000b\u0007\u00ff\n550 5.1.1 end"}'
	sends 1 "u1 $SENT
u2 failed bad_mailbox rcpt 550
u3 $SENT"
	same "a?b?? end" "$(jq -r 'select(.code == 550).reply' out)"
}

@test "no SMTP at all" {
	fake '{"at":"greeting","say":"HTTP/1.1 400 Bad Request"}'
	BULK_EMAIL_MAX_RETRIES=0 sends 75 \
		"$(all "deferred connection greeting null")"
}

@test "a reply to the dot that is none" {
	fake '{"at":"dot","match":"u2@","say":"+OK","then":"close"}'
	sends 1 "u1 $SENT
u2 in_doubt no_reply dot null
u3 $SENT"
}

# --- what the relay offers ---

@test "SIZE: what is too large is not begun" {
	fake --ext 'PIPELINING,SIZE 100'
	sends 255 "$(all "deferred too_big ehlo null")"
	run ! grep -F MAIL fake/bytes
}

@test "SMTPUTF8 only when needed, and only when offered" {
	sed '2s/"email":"u2@/"email":"\\u00fc2@/' m >m.utf8
	mv m.utf8 m
	fake
	sends 0 "u1 $SENT
u3 $SENT
ü2 $SENT"
	same 1 "$(grep -c 'SMTPUTF8\\r\\nRCPT' fake/bytes)"
	stop_servers
	fake --ext PIPELINING,8BITMIME
	sed 's/"week3"/"second"/' m >m.second
	mv m.second m
	sends 1 "u1 $SENT
u3 $SENT
ü2 failed needs_smtputf8 none null"
	run ! grep -F SMTPUTF8 fake/bytes
}

@test "messages arrive byte for byte: dots, long lines, lone dots" {
	body='.\r\n..\r\n.a\r\n\r\n.\r\n'$(printf '%0990d' 0)'\r\n.\r\n'
	sed "s/Hello [0-9]\\\\r\\\\n/${body//\\/\\\\}/" m >m.dots
	mv m.dots m
	fake
	sends 0 "$(all "$SENT")"
	for i in 1 2 3; do
		sed -n "${i}p" m | jq -rj .message | cmp - "fake/mail/$i"
	done
}

@test "connections: as many as asked for, each used again" {
	messages 1 200 >m
	fake
	ends 0 --separate-stderr bm-send --connections 8 m
	same 200 "$(received | sort -u | wc -l)"
	[ "$(dialogue | wc -l)" -eq 8 ]
	[ "$(dialogue | grep -c 'QUIT$')" -eq 8 ]
}

@test "per-connection: a fresh one after so many" {
	messages 1 25 >m
	fake
	ends 0 --separate-stderr bm-send --per-connection 10 m
	same "10 10 5" "$(jq .conn fake/messages | uniq -c |
		awk '{ print $1 }' | xargs)"
	[ "$(dialogue | grep -c 'QUIT$')" -eq 3 ]
}

@test "550 for one RCPT in ten: exactly those fail" {
	messages 1 100 >m
	fake '{"at":"rcpt","match":"0@","say":"550 5.1.1 no such user"}'
	ends 1 --separate-stderr bm-send m
	printf '%s\n' "$output" >out
	same "failed 10 sent 90" "$(jq -r .status out | sort | uniq -c |
		awk '{ print $2, $1 }' | xargs)"
	same "550 5.1.1 no such user" "$(jq -r 'select(.status == "failed") |
		"\(.code) \(.enhanced) \(.reply)"' out | sort -u)"
	same 90 "$(received | wc -l)"
	[ "$(dialogue | wc -l)" -eq 1 ]
}

# --- our side ---

@test "stdout closed, full: what was sent is known" {
	fake
	ends 2 bash -c 'bm-send m >/dev/full'
	ends 0 bm-send m
	same 3 "$(received | sort -u | wc -l)"
	same 3 "$(received | wc -l)"
}

@test "EMAIL_HOST has no default; names are checked" {
	unset EMAIL_HOST
	ends 2 bm-send m
	[[ $output == *"EMAIL_HOST is not set"* ]]
	export EMAIL_HOST=127.0.0.1 EMAIL_USE_TLS=no
	BM_EHLO_NAME=localhost ends 2 bm-send m
	BM_RELAY_PROFILE=aws ends 2 bm-send m
	EMAIL_HOST='a b' ends 2 bm-send m
	EMAIL_HOST_USER=me ends 2 bm-send m
}

@test "EHLO is never localhost" {
	unset BM_EHLO_NAME
	fake
	sends 0 "$(all "$SENT")"
	run ! grep -F 'EHLO localhost' fake/bytes
	grep -E 'EHLO ([^ ]+\.[^ ]+|\[[0-9.]+\])\\r' fake/bytes
}

@test "--check sends nothing and goes the whole way" {
	login
	fake_tls starttls good --auth me:s3cret-word
	BM_ENVELOPE_SENDER=bounces@uni.example ends 0 bm-send --check
	[[ $output == *"takes mail from <bounces@uni.example>" ]]
	heard "1: EHLO STARTTLS | EHLO AUTH MAIL RSET QUIT"
	EMAIL_HOST_PASSWORD=wrong ends 255 bm-send --check
	[[ $output == *"auth: 535 5.7.8 who are you?" ]]
	EMAIL_PORT=$(free_port) ends 75 bm-send --check
	stop_servers
	fake '{"at":"mail","say":"553 5.7.1 not yours"}'
	unset EMAIL_HOST_USER EMAIL_HOST_PASSWORD
	ends 255 bm-send --check
	[[ $output == *"mail: 553 5.7.1 not yours" ]]
}

@test "a stop is kept: nobody asks again until --check succeeds" {
	fake '{"at":"mail","times":1,"say":"550 5.7.1 not you"}'
	sends 255 "$(all "deferred policy mail 550")"
	ends 255 bm-send m
	[[ $output == *"refused us at 20"*"(policy: not you)"*--check* ]]
	heard "1: EHLO MAIL RCPT DATA QUIT"
	EMAIL_HOST=localhost ends 0 bm-send --check
	ends 255 bm-send m
	ends 0 bm-send --check
	sends 0 "$(all "$SENT")"
}

@test "--redirect sends all to one address, in a ledger of its own" {
	fake
	sends 0 "$(all "$SENT")" --redirect me@uni.example
	same "me me me" "$(received | xargs)"
	same "X-BM-Redirected-From: u1@uni.example" \
		"$(head -n 1 fake/mail/1 | tr -d '\r')"
	tail -n +2 fake/mail/1 | cmp - <(sed -n 1p m | jq -rj .message)
	sends 0 "$(all "skipped duplicate none null")" --redirect me@uni.example
	sends 0 "$(all "$SENT")"
	same "me me me u1 u2 u3" "$(received | xargs)"
	ends 2 bm-send --redirect 'me you@uni.example' m
}

# --- the last moment ---

claimed() {
	[ "$(sqlite3 "$BM_DB" "SELECT count(*) FROM deliveries
		WHERE state = 'claimed'")" -eq 3 ]
}

@test "who opts out while the message waits for a connection is not mailed" {
	fake '{"at": "greeting", "delay": 3}'
	timeout 60 bm-send m >out &
	pid=$!
	wait_for 10 claimed
	bm-optout add --course course-v1:UniX+CS101+2026 \
		--reason "asked by phone" u1@uni.example
	bm-send --hold week3
	bm-send --release week3
	wait "$pid"
	same "u1 skipped optout none null
u2 $SENT
u3 $SENT" "$(outcomes out | sort)"
	run ! grep -F 'RCPT TO:<u1@' fake/bytes
}

@test "TERM while no connection is up: all come back at once" {
	fake '{"at": "greeting", "then": "hang"}'
	timeout 60 bm-send m >out &
	pid=$!
	wait_for 10 claimed
	wait_for 10 grep -q open fake/bytes
	kill -TERM "$(pgrep -P "$pid")"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 75 ]
	same "$(all "deferred stopped none null")" "$(outcomes out | sort)"
	same "" "$(sqlite3 "$BM_DB" 'SELECT * FROM deliveries')"
}

@test "a quota that is used up: nobody asks again before its time" {
	fake '{"at":"rcpt","match":"<u2@","times":1,
		"say":"454 4.7.0 Daily message quota exceeded"}'
	sends 75 "u1 $SENT
u2 deferred quota rcpt 454
u3 deferred quota rcpt 454"
	ends 75 bm-send m
	[[ $output == *"refused us at 20"*"(quota: Daily message quota "*before* ]]
	heard "1: EHLO $ONE MAIL RCPT DATA QUIT"
	sqlite3 "$BM_DB" 'UPDATE stops SET until = until - 25 * 3600000;
		UPDATE deliveries SET next_try = 0'
	sends 0 "u1 skipped duplicate none null
u2 $SENT
u3 $SENT"
}

# --- waiting ---

LATER='{"at":"rcpt","match":"<u2@","say":"450 4.2.0 later"}'

@test "--wait tries again until it is sent, with one outcome" {
	fake '{"at":"rcpt","match":"<u2@","times":2,"say":"450 4.2.0 later"}'
	sends 0 "$(all "$SENT")" --wait
	same "1 3 1" "$(jq -s 'sort_by(.email)[].attempt' out | xargs)"
	same "u1 u3 u2" "$(received | xargs)"
}

@test "--wait has no connection meanwhile; TERM and the deadline end it" {
	fake "$LATER"
	export BULK_EMAIL_DEFAULT_RETRY_DELAY=3600
	bm-send --wait m >out &
	pid=$!
	wait_for 20 grep -q QUIT fake/bytes
	same "u1 $SENT
u3 $SENT" "$(outcomes out | sort)"
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 75 ]
	same "u2 deferred busy_relay rcpt 450" "$(outcomes out | tail -n 1)"
	ends 75 --separate-stderr bm-send --wait --deadline 200ms m
	jq -se 'map(select(.next_try != null).email) == ["u2@uni.example"]' \
		<<<"$output"
}

@test "--lifetime ends it all" {
	fake "$LATER"
	sends 75 "u1 $SENT
u2 deferred busy_relay rcpt 450
u3 $SENT"
	ends 75 bm-send --lifetime 0 m
	ends 75 bm-send m
	sqlite3 "$BM_DB" 'UPDATE deliveries SET first = first - 48 * 3600000'
	ends 75 bm-send --lifetime 72h m
	ends 75 bm-send --lifetime 0 m
	sends 1 "u1 skipped duplicate none null
u2 failed gave_up rcpt 450
u3 skipped duplicate none null"
	ends 0 bm-send m
	ends 1 bm-send --retry gave_up m
}

@test "a producer that pauses: the connection is closed, then a fresh one" {
	fake
	mkfifo pipe
	timeout 60 bm-send <pipe >out &
	pid=$!
	exec 5>pipe
	sed -n 1p m >&5
	wait_for 20 grep -q QUIT fake/bytes
	sed -n 2,3p m >&5
	exec 5>&-
	wait "$pid"
	same "$(all "$SENT")" "$(outcomes out | sort)"
	heard "1: EHLO $ONE QUIT" "2: EHLO $ONE $ONE QUIT"
}

@test "TERM while the producer pauses ends the run" {
	fake
	mkfifo pipe
	bm-send <pipe >out &
	pid=$!
	exec 5>pipe
	sed -n 1p m >&5
	wait_for 20 test -s out
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	exec 5>&-
	[ "$status" -eq 75 ]
	same "u1 $SENT" "$(outcomes out)"
}
