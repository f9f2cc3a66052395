#!/usr/bin/env bats
# What is about us is charged to nobody: refusals that many share, over
# processes and runs, and domains that lose their mailboxes.
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

# mended: the relay begins anew at the same port, and takes all.
mended() {
	local port=$EMAIL_PORT

	stop_servers
	fake --port "$port"
}

# counts FILE: "failed/refused 9, sent/ok 21".
counts() {
	jq -r '"\(.status)/\(.class)"' "$1" | sort | uniq -c |
		awk '{ print $2, $1 }' | paste -sd, | sed 's/,/, /g'
}

# rows: the same of the ledger.
rows() {
	sqlite3 "$BM_DB" "SELECT state || '/' || class || ' ' || count(*)
		FROM deliveries GROUP BY state, class" | paste -sd, | sed 's/,/, /g'
}

asked() {
	grep -o 'RCPT TO' fake/bytes | wc -l
}

@test "one who is refused has failed when the run ends, and others are sent" {
	fake '{"at":"rcpt","match":"<u2@","say":"550 5.7.1 not you"}'
	sends 1 "$(only "failed refused rcpt 550")"
	same "failed/refused 1, sent/ok 2" "$(rows)"
}

@test "nine alike are charged, as ten others were answered" {
	messages 1 40 >m
	fake '{"at":"rcpt","times":9,"say":"550 5.7.1 not you"}'
	bm-send m >out || [ $? -eq 1 ]
	same "failed/refused 9, sent/ok 31" "$(counts out)"
	# The first outcome comes behind that of the tenth other recipient.
	[ "$(grep -n '"u1@' out | cut -d: -f1)" -gt 1 ]
}

@test "ten of the last fifty: those who were charged are reopened" {
	messages 1 60 >m
	for i in 1 5 9 13 17 21 25 29 33 37 41 45; do
		rules+=("{\"at\":\"rcpt\",\"match\":\"<u$i@\",
			\"say\":\"550 5.7.1 <u$i@uni.example>: not you\"}")
	done
	fake "${rules[@]}"
	ends 75 --separate-stderr bm-send m
	[[ $stderr == *"(breaker: <u37@uni.example>: not you)"* ]]
	[[ $stderr == *"recipients had failed with the same words"* ]]
	same "deferred/breaker 10, sent/ok" "$(rows | sed 's/ok .*/ok/')"
	mended
	ends 0 bm-send --retry breaker m
	same "sent/ok 60" "$(rows)"
}

@test "batches of five open it together: all is sent when it is mended" {
	fake '{"at":"rcpt","say":"550 trouble on our side"}'
	for i in 0 1 2 3; do
		messages $((5 * i + 1)) $((5 * i + 5)) >b$i
	done
	printf '%s\0' b0 b1 b2 b3 | xargs -0 -n 1 bm-send >out 2>err || true
	same "deferred/breaker 10" "$(rows)"
	same 10 "$(asked)"
	grep -q '^bm-send: 5 recipients had failed with the same words' err
	bm-report --id week3 | grep -q '^  5 had failed as many others did'
	same 5 "$(bm-report --id week3 --json | jq .reopened)"
	# Of a sender that died before it could fold its outcomes.
	sqlite3 "$BM_DB" "UPDATE deliveries SET state = 'failed',
		class = 'refused', reopened = NULL WHERE email LIKE 'u3@%'"
	mended
	ends 0 bm-send --retry breaker b0 b1 b2 b3
	same "sent/ok 20" "$(rows)"
}

@test "four workers open it together" {
	fake '{"at":"rcpt","delay":0.1,"say":"550 trouble on our side"}'
	for i in 0 1 2 3; do
		messages $((4 * i + 1)) $((4 * i + 4)) >b$i
	done
	printf '%s\0' b0 b1 b2 b3 | xargs -0 -n 1 -P 4 bm-send >out 2>err || true
	[[ $(rows) == "deferred/breaker "* && $(rows) != *,* ]]
	mended
	ends 0 bm-send --retry breaker b0 b1 b2 b3
	same "sent/ok 16" "$(rows)"
}

@test "ten equal 4xx: the relay is left alone, and the same command goes on" {
	messages 1 30 >m
	fake '{"at":"rcpt","say":"450 4.2.0 not now"}'
	ends 75 bm-send m
	[ "$(asked)" -le 12 ]
	[[ $(rows) =~ ^"deferred/breaker "1[0-2]$ ]]
	ends 75 bm-send m
	[ "$(asked)" -le 12 ]
	mended
	# Five minutes go by.
	sqlite3 "$BM_DB" 'UPDATE stops SET until = until - 300000, at = at - 300000;
		UPDATE deliveries SET next_try = next_try - 300000'
	ends 0 bm-send m
	same "sent/ok 30" "$(rows)"
}

@test "greylisting in many domains opens nothing" {
	messages 1 30 | sed 's/u\([0-9]*\)@uni/u\1@uni\1/g' >m
	fake '{"at":"rcpt","say":"450 4.7.1 greylisted, come back later"}'
	ends 75 bm-send m
	same "deferred/greylisted 30" "$(rows)"
}

@test "a domain without mailboxes stops alone; the same command sends to all" {
	{
		messages 1 30 | sed 's/@uni/@other/g; s/"u/"o/' >others
		messages 101 400
		cat others
	} >m
	fake '{"at":"rcpt","match":"@uni.","say":"550 5.1.1 no such user"}'
	ends 75 --separate-stderr bm-send m
	printf '%s\n' "$output" >out
	same "deferred/breaker 271, failed/bad_mailbox 29, sent/ok 30" \
		"$(counts out)"
	[[ $stderr == *"refused the recipients at uni.example at "*"(breaker: no\
 such user); each run asks for one of them"*"; other mail goes on"* ]]
	[[ $stderr == *"uni.example has lost its mailboxes: 29 recipients"* ]]
	[[ $(rows) == "deferred/breaker "*", sent/ok 30" ]]
	same "domain uni.example" "$(sqlite3 "$BM_DB" \
		"SELECT scope || ' ' || key FROM stops")"
	n=$(asked)
	ends 75 bm-send m
	same $((n + 1)) "$(asked)" # one asks whether it is over
	mended
	ends 0 bm-send m
	same "sent/ok 330" "$(rows)"
	same "" "$(sqlite3 "$BM_DB" 'SELECT * FROM stops')"
}

@test "old accounts at the head of a roster stop nobody" {
	messages 1 40 >m
	fake '{"at":"rcpt","times":20,"say":"550 5.1.1 no such user"}'
	bm-send m >out || [ $? -eq 1 ]
	same "failed/bad_mailbox 20, sent/ok 20" "$(counts out)"
}

@test "an outage is counted over processes and runs" {
	fake '{"at":"rcpt","say":"550 5.1.1 no such user"}'
	for i in 0 1 2 3 4 5 6 7; do
		messages $((5 * i + 1)) $((5 * i + 5)) >b$i
	done
	printf '%s\0' b? | xargs -0 -n 1 bm-send >out 2>err || true
	[[ $(rows) == "deferred/breaker "* && $(rows) != *,* ]]
	grep -q 'has lost its mailboxes: 29 recipients' err
	mended
	ends 0 bm-send b?
	same "sent/ok 40" "$(rows)"
}

@test "no learner's address holds up the others" {
	for name in spamcop blocklist dnsbl spamhaus.x s3150 relay-denied quota; do
		rm -rf "$BM_DB"*
		bm-import --create --course c roster.csv 2>/dev/null
		messages 1 5 "$name" | sed "s/u2@/$name@/g" >m
		fake "{\"at\":\"rcpt\",\"match\":\"<$name@\",
			\"say\":\"550 5.1.1 <$name@uni.example>: User unknown\"}"
		bm-send m >out || [ $? -eq 1 ]
		same "failed/bad_mailbox 1, sent/ok 4" "$(counts out)"
		stop_servers
	done
}

@test "a kill leaves a pending refusal deferred, and the next run asks again" {
	messages 1 3 >m
	fake '{"at":"rcpt","match":"<u1@","say":"550 5.7.1 not you"}' \
		'{"at":"rcpt","match":"<u2@","then":"hang"}'
	bm-send m >out 2>err &
	wait_for 10 grep -q 'RCPT TO:<u2' fake/bytes
	wait_for 10 grep -q '"u1@uni.example".*"outcome"\|"outcome".*u1@' \
		"$BM_DB"-run/*.log
	kill -9 $!
	wait $! || true
	[ ! -s out ]
	mended
	ends 0 bm-send m
	same "sent/ok 3" "$(rows)"
	same "" "$(received | sort | uniq -d)"
}

@test "--retry bad_mailbox needs a time, of seven days at most" {
	fake '{"at":"rcpt","match":"<u2@","say":"550 5.1.1 who?"}'
	sends 1 "$(only "failed bad_mailbox rcpt 550")"
	ends 2 bm-send --retry bad_mailbox m
	[[ $output == *"--retry bad_mailbox needs --since TIME"* ]]
	ends 2 bm-send --retry bad_mailbox --since 8d m
	[[ $output == *"give --since 7d or less" ]]
	ends 2 bm-send --since 1d m
	mended
	sqlite3 "$BM_DB" 'UPDATE deliveries SET at = at - 2 * 86400000'
	ends 1 bm-send --retry bad_mailbox --since 1d m
	same "" "$(received)"
	ends 0 bm-send --retry bad_mailbox --since 3d m
	same u2 "$(received)"
}
