#!/usr/bin/env bats
# bm-send over SMTP: what it says to a server, what it makes of what the server
# offers, and what its options do. What can go wrong is in bm-send-matrix.bats.
# shellcheck disable=SC2154,SC2314,SC2030,SC2031,SC2034,SC2153

load helper
load messages
load smtp

setup() {
	prepare
}

teardown() {
	stop_servers
}

# counts: "failed 25 sent 75".
counts() {
	jq -r .status out | sort | uniq -c | awk '{ print $2, $1 }' | xargs
}

@test "three messages through one pipelined connection" {
	fake
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ONE $ONE $ONE QUIT"
	same "u1 u2 u3" "$(received | xargs)"
	# One round trip a message: the next envelope rides behind the dot.
	grep -qE ' < (.*\\n)?\.\\r\\nMAIL FROM:<bounces@uni.example>' fake/bytes
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

@test "AUTH CRAM-MD5, when that is all there is" {
	login
	fake_tls starttls good --auth me:s3cret-word --mech CRAM-MD5
	sends 0 "$(all "$SENT")"
	run ! leaked
	run ! grep s3cret fake/bytes
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

# checked: the relay was reached and took the login.
checked() {
	ends 0 env "$@" bm-send --check
	[[ $output == *"takes mail from"* ]]
}

@test "the password comes from settings, a file, a command or systemd" {
	fake_tls starttls good --auth me:s3cret-word
	mkdir run
	printf 's3cret-word\n' >run/EMAIL_HOST_PASSWORD
	printf '%s\n' EMAIL_HOST_USER=me EMAIL_HOST_PASSWORD=s3cret-word >conf
	chmod 600 conf run/EMAIL_HOST_PASSWORD
	checked BM_CONFIG="$PWD/conf"
	export EMAIL_HOST_USER=me
	checked EMAIL_HOST_PASSWORD_FILE="$PWD/run/EMAIL_HOST_PASSWORD"
	checked EMAIL_HOST_PASSWORD_COMMAND='echo s3cret-word'
	checked CREDENTIALS_DIRECTORY="$PWD/run"
	same 4 "$(grep -c ' << AUTH ' fake/bytes)"
	# What others may read, and what fails, is said before a connection.
	chmod 644 conf run/EMAIL_HOST_PASSWORD
	ends 2 env BM_CONFIG="$PWD/conf" bm-send --check
	ends 2 env EMAIL_HOST_PASSWORD_FILE="$PWD/run/EMAIL_HOST_PASSWORD" \
		bm-send --check
	ends 2 env EMAIL_HOST_PASSWORD_COMMAND=false bm-send --check
	ends 2 bm-send --password s3cret-word --check
	same 4 "$(grep -c '(open)' fake/bytes)"
}

@test "a server that repeats the password is not quoted on it" {
	login
	fake_tls starttls good --auth me:s3cret-word '{"at":"auth",
		"say":"535 not AG1lAHMzY3JldC13b3Jk"}'
	sends 255 "$(all "deferred auth auth 535")"
	same "not ********************" "$(jq -r .reply out | sort -u)"
}

@test "proxies and netrc of the environment lead nowhere" {
	printf 'machine 127.0.0.1 login me password s3cret-word\n' >.netrc
	fake_tls starttls good
	HOME=$PWD ALL_PROXY=http://127.0.0.1:1 all_proxy=socks5://127.0.0.1:1 \
		https_proxy=http://127.0.0.1:1 sends 0 "$(all "$SENT")"
	run ! grep AUTH fake/bytes
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
	ends 75 --separate-stderr bm-send m
	printf '%s\n' "$output" >out
	same "30 deferred breaker" "$(jq -r '"\(.status) \(.class)"' out |
		sort | uniq -c | xargs)"
	[ "$(grep -o 'RCPT' fake/bytes | wc -l)" -le 12 ]
}

@test "what the breaker put off waits for --retry breaker" {
	messages 1 30 >m
	fake '{"at":"rcpt","times":10,"say":"550 5.7.1 not from 192.0.2.7"}'
	ends 75 bm-send m
	ends 75 bm-send m
	[[ $output == *"(breaker: not from 192.0.2.7)"*before* ]]
	same 1 "$(dialogue | wc -l)"
	ends 0 bm-send --retry breaker m
	same 30 "$(received | sort -u | wc -l)"
	same 30 "$(received | wc -l)"
}

@test "a day later those who opened the breaker still wait" {
	messages 1 30 >m
	fake '{"at":"rcpt","times":10,"say":"550 5.7.1 not from 192.0.2.7"}'
	ends 75 bm-send m
	sqlite3 "$BM_DB" 'UPDATE stops SET until = until - 24 * 3600000'
	ends 75 --separate-stderr bm-send m
	printf '%s\n' "$output" >out
	# The next one may have been at the gate when the tenth was refused.
	same 10 "$(grep -c '"status":"deferred"' out)"
	same 20 "$(received | sort -u | wc -l)"
	same 20 "$(received | wc -l)"
	same "u1 u10 u2 u3 u4 u5 u6 u7 u8 u9" "$(outcomes out |
		sed -n 's/ deferred breaker none null//p' | sort | xargs)"
}

@test "after a 5xx a recipient is never asked for again" {
	fake '{"at":"rcpt","match":"<u2@","say":"550 5.1.1 who?"}'
	sends 1 "$(only "failed bad_mailbox rcpt 550")"
	ends 1 bm-send m
	ends 2 bm-send --retry bad_mailbox m
	ends 1 bm-send --resend-in-doubt --wait m
	same 1 "$(grep -c 'RCPT TO:<u2@' fake/bytes)"
	same "u1 u3" "$(received | xargs)"
}

@test "4.7.28: nobody asks again for ten minutes, then all are sent" {
	fake '{"at":"rcpt","match":"<u2@","times":1,
		"say":"421 4.7.28 unusual rate of mail","then":"close"}'
	sends 75 "u1 $SENT
u2 deferred throttled rcpt 421
u3 deferred throttled rcpt 421"
	ends 75 bm-send m
	[[ $output == *"(throttled: unusual rate of mail)"*before* ]]
	same 1 "$(dialogue | wc -l)"
	sqlite3 "$BM_DB" 'UPDATE stops SET until = until - 600000;
		UPDATE deliveries SET next_try = next_try - 600000'
	sends 0 "u1 skipped duplicate none null
u2 $SENT
u3 $SENT"
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
	bm-bounce clear --since 1d
	messages 1 3 second >m
	fake '{"at":"rcpt","match":"<u2@",
		"say":"550-5.1.1 a\u0000b\u0007\u00ff\n550 5.1.1 end"}'
	sends 1 "u1 $SENT
u2 failed bad_mailbox rcpt 550
u3 $SENT"
	same "a?b?? end" "$(jq -r 'select(.code == 550).reply' out)"
}

@test "the 250 is read after sending failed" {
	# While the envelope of u2 waits to be sent, the server answers the dot
	# of u1 and resets the connection.
	fake '{"at":"dot","times":1,"delay":0.5,"say":"250 2.0.0 taken",
		"then":"reset"}'
	mkfifo pipe
	strace -qq -o trace -e trace=sendto \
		-e inject=sendto:delay_enter=1500000:when=5 bm-send pipe \
		>out 3>&- &
	pid=$!
	exec 5>pipe
	sed -n 1p m >&5
	wait_for 20 grep -qE ' < (.*\\n)?\.\\r\\n' fake/bytes
	sed -n 2,3p m >&5
	exec 5>&-
	wait "$pid"
	grep -qE 'MAIL.*= -1 E(PIPE|CONNRESET)' trace
	same "$(all "$SENT")" "$(outcomes out | sort)"
	same "u1 u2 u3" "$(received | xargs)"
	same 1 "$(jq -r .reply out | grep -c taken)"
}

# --- what the relay offers ---

@test "SIZE: what is too large is not begun" {
	fake --ext 'PIPELINING,SIZE 100'
	sends 255 "$(all "deferred too_big ehlo null")"
	run ! grep -F MAIL fake/bytes
}

@test "SMTPUTF8 for a From whose local part is not ASCII" {
	sed 's/"sender":"[^@]*@/"sender":"b\\u00fc@/' m >m.sender
	sed 's/"message":"/&From: f\\u00fc@uni.example\\r\\n/; s/week3/third/' m >m.from
	mv m.sender m
	fake
	sends 0 "u1 $SENT
u2 $SENT
u3 $SENT"
	same 3 "$(grep -o 'SMTPUTF8\\r\\nRCPT' fake/bytes | wc -l)"
	mv m.from m
	sends 0 "u1 $SENT
u2 $SENT
u3 $SENT"
	same 6 "$(grep -o 'SMTPUTF8\\r\\nRCPT' fake/bytes | wc -l)"
	stop_servers
	fake --ext PIPELINING,8BITMIME
	sed 's/"third"/"fourth"/' m >m.fourth
	mv m.fourth m
	ends 1 bm-send m
	same 3 "$(grep -c '"class":"needs_smtputf8"' <<<"$output")"
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

# all_quit N: there were so many connections, and each was ended with QUIT.
all_quit() {
	[ "$(dialogue | wc -l)" -eq "$1" ] &&
		[ "$(dialogue | grep -c 'QUIT$')" -eq "$1" ]
}

@test "connections: as many as asked for, each used again" {
	messages 1 200 >m
	fake
	ends 0 --separate-stderr bm-send --connections 8 m
	same 200 "$(received | sort -u | wc -l)"
	wait_for 20 all_quit 8
}

@test "per-connection: a fresh one after so many" {
	messages 1 25 >m
	fake
	ends 0 --separate-stderr bm-send --per-connection 10 m
	same "10 10 5" "$(jq .conn fake/messages | uniq -c |
		awk '{ print $1 }' | xargs)"
	wait_for 20 all_quit 3
}

# one_in_ten CONNECTIONS: of 400, exactly u10, u20 ... are refused, in the
# server's own words; nobody is sent a lone dot.
one_in_ten() {
	same "failed 40 sent 360" "$(counts)"
	same "$(seq 10 10 400)" "$(jq -r 'select(.status == "failed").email |
		sub("u(?<n>.*)@.*"; "\(.n)")' out | sort -n)"
	same "550 5.1.1 no such user" "$(jq -r 'select(.status == "failed") |
		"\(.code) \(.enhanced) \(.reply)"' out | sort -u)"
	same 40 "$(jq -r 'select(.rcpt == []).reply' fake/messages |
		grep -c lone)"
	same "$(jq -r 'select(.status == "sent").email' out | sort)" \
		"$(jq -r '.rcpt[]' fake/messages | sort)"
	same 0 "$(grep -c lone out || true)"
	same "$1" "$(dialogue | wc -l)"
}

LONE='{"at":"data","match":"(nobody)","say":"354 go on"}'

@test "550 for one RCPT in ten: exactly those fail" {
	messages 1 400 >m
	fake '{"at":"rcpt","match":"0@","say":"550 5.1.1 no such user"}' \
		"$LONE" '{"at":"dot","match":"(nobody)","say":"250 lone"}'
	ends 1 --separate-stderr bm-send --per-connection 400 m
	printf '%s\n' "$output" >out
	one_in_ten 1
}

@test "550 for one RCPT in ten, four processes: a connection for each" {
	messages 1 400 >m
	split -n l/4 m part.
	fake '{"at":"rcpt","match":"0@","say":"550 5.1.1 no such user"}' \
		"$LONE" '{"at":"dot","match":"(nobody)","say":"554 lone"}'
	ends 123 --separate-stderr bash -c \
		'printf "%s\0" part.* | xargs -0 -P 4 -n 1 bm-send \
		--per-connection 400'
	printf '%s\n' "$output" >out
	one_in_ten 4
}

# --- the reply tables, at work; the names are those of Open edX's tests ---

@test "R2, T8: 554 after the dot for every fourth of 100" {
	messages 1 100 >m
	awk 'NR % 4 == 0 { sub(/@uni/, "@four.uni") } { print }' m >m.four
	mv m.four m
	fake '{"at":"dot","match":"@four","say":"554 Email address is blacklisted"}'
	ends 1 --separate-stderr bm-send m
	printf '%s\n' "$output" >out
	same "failed 25 sent 75" "$(counts)"
	same 100 "$(jq .attempt out | grep -cx 1)"
	heard "1: EHLO$(printf " $ONE%.0s" {1..100}) QUIT"
}

@test "T9-T12: Amazon's words for an address cost that recipient only" {
	messages 1 100 >m
	fake '{"at":"rcpt","match":"4@","say":"554 Message rejected: Address blacklisted."}' \
		'{"at":"rcpt","match":"8@","say":"554 Transaction failed: Illegal address"}'
	ends 1 --separate-stderr bm-send --relay-profile ses m
	printf '%s\n' "$output" >out
	same "failed 20 sent 80" "$(counts)"
	same bad_address "$(jq -r 'select(.status == "failed").class' out |
		sort -u)"
}

@test "R3, T13: disconnected after each message, five recipients" {
	messages 1 5 >m
	fake '{"at":"mail","after":1,"then":"close"}'
	ends 0 --separate-stderr bm-send m
	same "u1 u2 u3 u4 u5" "$(received | xargs)"
	same 5 "$(dialogue | wc -l)"
}

@test "R4, T15: every other connection is refused, five recipients" {
	local odd rules=()

	messages 1 5 >m
	for odd in 1 3 5 7 9; do
		rules+=('{"at":"greeting","conn":'"$odd"',"say":"424 x",
			"then":"close"}')
	done
	fake "${rules[@]}"
	ends 0 --separate-stderr bm-send --per-connection 1 m
	same "u1 u2 u3 u4 u5" "$(received | xargs)"
	same 10 "$(dialogue | wc -l)"
}

@test "T14, T16: the same for ever: nobody is charged, all come again" {
	messages 1 10 >m
	fake '{"at":"greeting","say":"424 x","then":"close"}'
	BULK_EMAIL_MAX_RETRIES=5 ends 75 --separate-stderr bm-send m
	printf '%s\n' "$output" >out
	same "deferred 10" "$(counts)"
	same null "$(jq .attempt out | sort -u)"
	same 6 "$(dialogue | wc -l)"
}

# before_each REPLY: ten times this for each of eight, and then they are sent.
before_each() {
	local i rules=()

	messages 1 8 >m
	for i in {1..8}; do
		rules+=('{"at":"dot","match":"u'"$i"'@","times":10,
			"say":"'"$1"'"}')
	done
	fake "${rules[@]}"
	BULK_EMAIL_MAX_RETRIES=1000 ends 0 --separate-stderr timeout 60 \
		bm-send --wait m
	same "$(printf 'u%d\n' {1..8})" "$(received | sort)"
	stop_servers
}

@test "R1, T21: 455 ten times before each of eight" {
	before_each '455 x'
}

@test "T22: throttled ten times before each of eight" {
	export BM_RELAY_PROFILE=ses
	before_each '454 Throttling failure: Maximum sending rate exceeded'
}

@test "T23: a login that is refused: at once, nobody is charged" {
	messages 1 10 >m
	login
	fake_tls starttls good --auth me:other
	ends 255 --separate-stderr bm-send m
	printf '%s\n' "$output" >out
	same "deferred 10" "$(counts)"
	same "null auth" "$(jq -r '"\(.attempt) \(.class)"' out | sort -u)"
	heard "1: EHLO STARTTLS | EHLO AUTH AUTH TEXT closed"
}

@test "T24-T27: Amazon's quota and unverified senders stop the run" {
	local text status n=0

	export BM_RELAY_PROFILE=ses
	while read -r status text; do
		messages 1 10 "t$((++n))" >m
		fake '{"at":"dot","say":"'"$text"'"}'
		ends "$status" --separate-stderr bm-send m
		printf '%s\n' "$output" >out
		same "deferred 10" "$(counts)"
		same 1 "$(grep -oE '( < |\\n)\.\\r' fake/bytes | wc -l)"
		stop_servers
	done <<-'END'
		75 454 Throttling failure: Daily message quota exceeded
		255 554 Message rejected: Email address is not verified.
		255 554 domain not verified
	END
}

@test "a connection of 5 minutes has served: a fresh one" {
	local sender

	messages 1 6 >m
	fake '{"at":"dot","match":"u3@","until":"go"}'
	echo +0 >clock
	with_clock "$PWD/clock" bm-send m >out &
	sender=$!
	wait_for 20 grep -q 'Hello 3' fake/bytes
	echo +301 >clock
	touch fake/go
	wait "$sender"
	same "u1 u2 u3 u4 u5 u6" "$(received | xargs)"
	# The fourth's envelope was behind the third's dot already.
	heard "1: EHLO $ONE $ONE $ONE $ONE QUIT" "2: EHLO $ONE $ONE QUIT"
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
	sends 0 "$(all "$SENT")" --live-links --redirect me@uni.example
	same "me me me" "$(received | xargs)"
	same "X-BM-Redirected-From: u1@uni.example" \
		"$(head -n 1 fake/mail/1 | tr -d '\r')"
	tail -n +2 fake/mail/1 | cmp - <(sed -n 1p m | jq -rj .message)
	sends 0 "$(all "$SENT")"
	same "me me me u1 u2 u3" "$(received | xargs)"
	ends 2 bm-send --live-links --redirect 'me you@uni.example' m
}

@test "a tester gets no learner's links, a learner no test links" {
	fake
	ends 2 --separate-stderr bm-send --redirect me@uni.example m
	same "skipped invalid" "$(jq -r '.status + " " + .class' <<<"$output" |
		sort -u)"
	[[ $stderr == *"m:1: the links are the learner's own: "*--live-links* ]]
	jq -c '.test = true' m >tests
	ends 2 --separate-stderr bm-send tests
	[[ $stderr == *"tests:1: a test message "*"--redirect sends it"* ]]
	same "" "$(received)"
	ends 0 bm-send --redirect me@uni.example tests
	same "me me me" "$(received | xargs)"
	# A mixed input: the others go.
	cat m tests >both
	ends 2 bm-send --redirect you@uni.example both
	same 3 "$(received | grep -c you)"
	jq -c '.test = 1' m >odd
	ends 1 --separate-stderr bm-send --redirect you@uni.example odd
	[[ $stderr == *'"test" is neither true nor false'* ]]
	ends 2 bm-send --live-links m
}

@test "a try can be made again, to any address and with another text" {
	fake '{"at":"rcpt","match":"<me@","times":1,"say":"450 4.2.0 later"}'
	bm-send --live-links --redirect me@uni.example m >/dev/null || true
	sends 0 "$(all "$SENT")" --live-links --redirect me@uni.example
	sends 0 "$(all "$SENT")" --live-links --redirect you@uni.example
	sed -i 's/Hello/Good day/; s/"content":"0/"content":"1/' m
	cat m m >twice
	ends 0 --separate-stderr bm-send --live-links --redirect you@uni.example twice
	same "duplicate duplicate duplicate ok ok ok" \
		"$(jq -r .class <<<"$output" | sort | xargs)"
	same "me 5 you 6" "$(received | sort | uniq -c |
		awk '{ print $2, $1 }' | xargs)"
	ends 1 bm-report --id week3
}

@test "outcomes of a try say where it went, and no other outcome does" {
	fake
	bm-send --live-links --redirect me@uni.example m >out
	bm-send m >>out
	same "me@uni.example 3 null 3" "$(jq -r .redirected_to out | sort |
		uniq -c | awk '{ print $2, $1 }' | xargs)"
	same "week3 week3~redirected" "$(sqlite3 "$BM_DB" \
		'SELECT id FROM emails ORDER BY 1' | xargs)"
}

@test "--redirect --unlink is refused: the batches of the mailing stay" {
	fake
	ends 2 bm-send --live-links --redirect me@uni.example --unlink m
	[[ $output == *"--redirect and --unlink exclude each other"* ]]
	[ -s m ]
	[ ! -s fake/messages ]
}

@test "who failed has failed in the second run as well: 1" {
	fake '{"at":"rcpt","match":"u2@","say":"552 5.2.2 full"}'
	sends 1 "u1 $SENT
u2 failed mailbox_full rcpt 552
u3 $SENT"
	sends 1 "$(all "skipped duplicate none null")"
	ends 1 bm-report --db "$BM_DB" --id week3 --status --partial
}

@test "busy is deferred; --wait waits until the other process is done" {
	fake '{"at":"dot","times":1,"delay":2}'
	bm-send --per-connection 1 m >first &
	pid=$!
	wait_for 10 claimed
	ends 75 --separate-stderr bm-send m
	same "deferred busy" "$(jq -r '"\(.status) \(.class)"' <<<"$output" |
		sort -u)"
	jq -e '.next_try > .at' <<<"$output" >/dev/null
	ends 75 bm-send --wait --deadline 200ms m
	ends 0 --separate-stderr bm-send --wait m
	same "skipped duplicate sent" "$(jq -r \
		'"\(.status) \(.class) \(.was)"' <<<"$output" | sort -u)"
	wait "$pid"
	same 3 "$(received | wc -l)"
}

@test "a record without sender: BM_ENVELOPE_SENDER, or it is refused" {
	fake
	{
		sed -n 1p m | jq -c 'del(.sender)'
		sed -n 2p m | jq -c '.sender = null'
		sed -n 3p m | jq -c '.sender = ""'
	} >n
	ends 1 --separate-stderr bm-send n
	same "skipped invalid null
skipped invalid null
sent ok 250" "$(jq -r '"\(.status) \(.class) \(.code)"' <<<"$output")"
	[[ $stderr == *'n:1: "sender" is missing, and BM_ENVELOPE_SENDER is not set'* ]]
	BM_ENVELOPE_SENDER='Bounces <e@uni.example>' ends 0 bm-send n
	same ",e@uni.example,e@uni.example" \
		"$(jq -r .sender fake/messages | paste -sd ,)"
}

@test "an address that bm-send refuses is a row of the ledger as well" {
	fake
	sed -i 's/u2@uni/U2@@uni/; s/"u3@uni.example"/"u3@uni.test"/' m
	export BM_ALLOW_RESERVED=no
	sed -i 's/u1@uni.example/u1@uni.edu/; s/bounces@uni.example/b@uni.edu/' m
	ends 1 bm-send m
	same "u1@uni.edu sent ok|U2@@uni.example failed bad_address|u3@uni.test\
 failed bad_address|" "$(sqlite3 "$BM_DB" "SELECT email || ' ' || state ||
		' ' || class FROM deliveries ORDER BY user_id" | tr '\n' '|')"
	ends 1 bm-report --id week3 --status --partial
	ends 1 bm-send m
	export BM_ALLOW_RESERVED=yes
	ends 1 bm-send m
	same u1 "$(received | xargs)"
	ends 1 bm-send --retry bad_address m
	same "u1 u3" "$(received | xargs)"
	same 3 "$(sqlite3 "$BM_DB" 'SELECT count(*) FROM deliveries')"
}

@test "refused addresses of any form have a row each" {
	fake
	long=$(printf '%0400d' 0)
	for a in '@' 'a@' '@b.example' "$long@x.example" "${long}1@x.example" \
		'a b@c.example' $'a\tb@c.example' 'ä@@ö.example' 'Ä@@ö.example'; do
		sed -n 1p m | jq -c --arg a "$a" '.email = $a'
	done >n
	ends 1 --separate-stderr bm-send n
	same "9 failed bad_address" "$(jq -r '"\(.status) \(.class)"' \
		<<<"$output" | sort | uniq -c | sed 's/^ *//')"
	same 9 "$(sqlite3 "$BM_DB" 'SELECT count(*) FROM deliveries')"
	ends 1 --separate-stderr bm-send n
	same duplicate "$(jq -r .class <<<"$output" | sort -u)"
	[ ! -s fake/messages ]
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

@test "a hold while the relay is slow: only the one that is said goes" {
	fake '{"at":"data","delay":2}'
	timeout 60 bm-send m >out 3>&- &
	pid=$!
	wait_for 20 grep -q DATA fake/bytes
	bm-send --hold week3
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 75 ]
	same "u1 $SENT
u2 deferred held none null
u3 deferred held none null" "$(outcomes out | sort)"
	heard "1: EHLO $ONE QUIT"
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

@test "a clock that was wrong sends nobody twice and holds nobody back" {
	fake '{"at":"rcpt","match":"<u2@","times":2,"say":"450 4.2.0 later"}'
	export BULK_EMAIL_DEFAULT_RETRY_DELAY=30
	ends 75 at_day +30 bm-send m
	ends 75 --separate-stderr bm-send m
	same "u1 skipped duplicate none null
u2 deferred busy_relay rcpt 450
u3 skipped duplicate none null" "$(outcomes /dev/stdin <<<"$output" | sort)"
	ends 0 at_day -30 bm-send m
	ends 0 bm-send m
	ends 0 at_day +30 bm-send m
	same "u1 u3 u2" "$(received | xargs)"
}

@test "the waits of one recipient grow: 30, 60 ... 960 s, and are kept" {
	local ahead=0 n want gap asked

	messages 1 1 >m
	fake '{"at":"rcpt","say":"450 4.2.0 busy, try later"}'
	export BULK_EMAIL_DEFAULT_RETRY_DELAY=30
	for n in 30 60 120 240 480 960 960 960; do
		ends 75 --separate-stderr at_offset "+${ahead}s" bm-send m
		gap=$(jq '(.next_try | sub("\\..*"; "Z") | fromdate) -
			(.at | sub("\\..*"; "Z") | fromdate)' <<<"$output")
		# A quarter more or less, and a second of rounding.
		[ "$gap" -ge $((n * 3 / 4 - 1)) ] && [ "$gap" -le $((n * 5 / 4 + 1)) ]
		asked=$(grep -c RCPT fake/bytes)
		ahead=$((ahead + gap))
		ends 75 --separate-stderr at_offset "+$((ahead - 5))s" bm-send m
		same "$asked" "$(grep -c RCPT fake/bytes)"
		ahead=$((ahead + 2))
	done
	same 8 "$(grep -c RCPT fake/bytes)"
	same 8 "$(sqlite3 "$BM_DB" 'SELECT attempt FROM deliveries')"
	same deferred "$(sqlite3 "$BM_DB" 'SELECT state FROM deliveries')"
}

@test "a quota noted by a clock that was ahead stops nobody" {
	fake '{"at":"rcpt","match":"<u2@","times":1,
		"say":"454 4.7.0 Daily message quota exceeded"}'
	ends 75 at_day +30 bm-send m
	ends 0 bm-send m
	same "u1 u2 u3" "$(received | xargs)"
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
	ends 1 bm-send m
	# Its lifetime begins anew.
	ends 75 bm-send --retry gave_up m
	ends 75 bm-send m
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
