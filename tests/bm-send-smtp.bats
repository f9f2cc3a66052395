#!/usr/bin/env bats
# bm-send over SMTP: what it says to a server, what it makes of what the server
# offers, and what its options do. What can go wrong is in bm-send-matrix.bats.
# shellcheck disable=SC2314,SC2030,SC2031,SC2034,SC2153

load helper
load messages
load smtp

setup() {
	prepare
}

teardown() {
	stop_servers
}

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

# --- TLS and login ---

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

@test "no TLS towards another host: refused before anything is said" {
	export EMAIL_HOST=192.0.2.1 EMAIL_USE_TLS=no
	ends 2 bm-send m
	[[ $output == *"192.0.2.1 is not a loopback address"* ]]
}

# --- the transaction ---

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
