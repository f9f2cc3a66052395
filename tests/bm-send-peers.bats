#!/usr/bin/env bats
# bm-send towards real SMTP servers, by many processes, and killed.

# shellcheck disable=SC2314,SC2030,SC2031,SC2034,SC2153

load helper
load messages
load smtp

setup() {
	prepare
}

teardown() {
	stop_servers
	rm -rf "${dir:-none}"
}

# delivers FILE [ARGUMENT...]: all are sent, and all arrive as they are.
delivers() {
	local file=$1

	shift
	ends 0 --separate-stderr timeout 120 bm-send "$@" "$file"
	same "sent" "$(jq -r .status <<<"$output" | sort -u)"
	arrived "$file"
}

@test "aiosmtpd: 300 messages over STARTTLS with AUTH" {
	secure
	login
	awkward 1 300 >m
	serve fake "$ROOT/tests/fake/aiosmtp.py" fake "$CERTS/good.pem" starttls
	delivers m --connections 2
	same "true true" "$(jq -r '"\(.secure) \(.login)"' fake/messages |
		sort -u)"
}

@test "aiosmtpd: 300 messages over TLS from the first byte" {
	secure
	login
	export EMAIL_USE_SSL=yes
	awkward 1 300 >m
	serve fake "$ROOT/tests/fake/aiosmtp.py" fake "$CERTS/good.pem" implicit
	delivers m
}

@test "pipelined over STARTTLS and TLS: 300 messages each" {
	secure
	login
	awkward 1 300 >m
	fake --tls starttls --cert "$CERTS/good.pem" --auth me:s3cret-word
	EMAIL_USE_TLS=yes delivers m --connections 2
	stop_servers
	awkward 1 300 second >m
	fake --tls implicit --cert "$CERTS/good.pem" --auth me:s3cret-word
	EMAIL_USE_SSL=yes delivers m
}

@test "smtp-sink takes 2,000 messages on 8 connections" {
	port=$(free_port)
	asuser=()
	[ "$(id -u)" -ne 0 ] || asuser=(-u nobody)
	"$ROOT/build/postfix/bin/smtp-sink" "${asuser[@]}" -c \
		"127.0.0.1:$port" 100 3>&- >sink.log 2>&1 &
	SERVERS+=($!)
	wait_for 10 listening "$port"
	messages 1 2000 >m
	export EMAIL_HOST=127.0.0.1 EMAIL_PORT=$port EMAIL_USE_TLS=no
	ends 0 --separate-stderr bm-send --connections 8 m
	same "2000 sent" "$(jq -r .status <<<"$output" | sort | uniq -c |
		awk '{ print $1, $2 }')"
	wait_for 10 grep -q 'mesg=2000' sink.log
}

@test "Postfix's smtpd takes them, pipelined, as they are" {
	awkward 1 20 >m
	# It gives up root: what bats makes is open to nobody else, and a
	# checkout may be in a home that is not.
	dir=$(mktemp -d)
	chmod 755 "$dir"
	cp -r "$ROOT/build/postfix" "$dir"
	serve "$dir/fake" "$ROOT/tests/fake/postfix.py" "$dir/fake" \
		"$dir/postfix"
	EMAIL_USE_TLS=no ends 0 --separate-stderr bm-send m
	printf '%s\n' "$output" >out
	same 20 "$(jq -r .queue_id out | sort -u | wc -l)"
	while read -r id to; do
		"$ROOT/tests/fake/postfix.py" --read "$FAKE/queue/maildrop/$id" |
			cmp - <(jq -rj --arg to "$to" \
				'select(.email == $to).message' m)
	done < <(jq -r '"\(.queue_id) \(.email)"' out)
}

@test "eight processes over one spool with every batch given twice" {
	for i in 1 2 3 4 5 6 7 8; do
		messages $((i * 100)) $((i * 100 + 49)) >"b$i"
		cp "b$i" "c$i"
	done
	fake
	run bash -c 'printf "%s\0" b? c? |
		xargs -0 -P 8 -n 1 bm-send --connections 2 >out'
	printf '%s\0' b? c? | xargs -0 -n 1 bm-send >again
	same "400 400" "$(received | wc -l) $(received | sort -u | wc -l)"
	same "duplicate" "$(jq -r .class again | sort -u)"
}

# killed N: four senders with overlapping batches, killed when N have it.
killed() {
	local pids=() i

	for i in 1 2 3 4; do
		bm-send --connections 2 "b$i" >"out$i" 2>/dev/null 3>&- &
		pids+=($!)
	done
	wait_for 20 some_received "$1"
	kill -9 "${pids[@]}" 2>/dev/null || true
	wait "${pids[@]}" 2>/dev/null || true
}

# interrupted: 140 recipients, senders killed twice at random times while some
# but not all have it, then the same command to its end.
interrupted() {
	local i first=$((1 + RANDOM % 60)) second=$((70 + RANDOM % 50))

	for i in 1 2 3 4; do
		messages $((i * 30 - 29)) $((i * 30 + 20)) "k" >"b$i"
	done
	echo "# killed at $first and $second"
	fake '{"at":"dot","delay":0.02}'
	killed $first
	killed $second
	[ "$(received | sort -u | wc -l)" -lt 140 ] || return
	run bm-send b1 b2 b3 b4
	run bm-send b1 b2 b3 b4
}

@test "kill -9 of four senders: nobody twice, nobody lost" {
	interrupted
	# Two connections in each of four senders, killed twice.
	lawful 140 16
	# All that is in doubt is settled by a person's word.
	bm-send --assume-sent k 2>/dev/null
	ends 0 bm-send b1 b2 b3 b4
}

@test "kill -9: that a build without the gate breaks the law is found" {
	"$ROOT/tests/mutant" mutant build lib/port/send/delivery_gates.c \
		'/ledger_intend\(/d' build/bin/bm-send
	PATH=$PWD/mutant/build/bin:$PATH
	interrupted
	run lawful 140 16
	[ "$status" -eq 1 ]
	[ -n "$(uniq -d got)" ]
}

@test "--hold while four senders run, --release, --cancel" {
	messages 1 200 h >m
	split -n l/4 m part.
	fake '{"at":"dot","delay":0.02}'
	printf '%s\0' part.* |
		xargs -0 -P 4 -n 1 bm-send >out1 2>/dev/null 3>&- &
	pid=$!
	wait_for 20 some_received 20
	bm-send --hold h
	before=$(wc -l <fake/messages)
	wait $pid || true
	after=$(wc -l <fake/messages)
	same 4 "$(jq .conn fake/messages | sort -u | wc -l)"
	# One whose dot is said and one whose envelope is, in each.
	[ "$after" -le $((before + 8)) ]
	ends 75 bm-send m
	same "$after" "$(wc -l <fake/messages)"
	bm-send --release h
	ends 75 --separate-stderr bm-send --deadline 1s m
	[ "$(wc -l <fake/messages)" -gt "$after" ]
	bm-send --cancel h
	after=$(wc -l <fake/messages)
	ends 0 --separate-stderr bm-send m
	same "$after" "$(wc -l <fake/messages)"
	same "cancelled duplicate" "$(jq -r .class <<<"$output" | sort -u |
		xargs)"
	same "sent|ok skipped|cancelled" "$(sqlite3 "$BM_DB" "SELECT DISTINCT
		state, class FROM deliveries ORDER BY 1" | xargs)"
}

@test "after --release four senders bring the rest, and nobody twice" {
	messages 1 100 h >m
	split -n l/4 m part.
	fake '{"at":"dot","delay":0.02}'
	printf '%s\0' part.* |
		xargs -0 -P 4 -n 1 bm-send >out 2>/dev/null 3>&- &
	pid=$!
	wait_for 20 some_received 20
	bm-send --hold h
	wait $pid || true
	[ "$(received | wc -l)" -lt 100 ]
	bm-send --release h
	printf '%s\0' part.* | xargs -0 -P 4 -n 1 bm-send >out
	same 100 "$(received | sort -u | wc -l)"
	same 100 "$(received | wc -l)"
}

# ended SIGNAL: once, it ends after the messages in flight; twice, at once, and
# what was in flight is in doubt.
ended() {
	messages 1 200 "$1" >m
	fake '{"at":"dot","delay":0.05}'
	# A shell without job control lets its children ignore INT.
	env --default-signal="$1" bm-send --connections 2 m >out 3>&- &
	pid=$!
	wait_for 20 some_received 5
	kill "-$1" $pid
	reaped $pid 75
	same "deferred sent" "$(jq -r .status out | sort -u | xargs)"
	same "$(received | sort)" "$(jq -r 'select(.status == "sent").email |
		sub("@.*"; "")' out | sort)"
	same "" "$(sqlite3 "$BM_DB" "SELECT * FROM deliveries
		WHERE state != 'sent'")"
	stop_servers
	messages 1 3 "second-$1" >m
	fake '{"at":"dot","then":"hang"}'
	env --default-signal="$1" bm-send m >out 2>/dev/null 3>&- &
	pid=$!
	wait_for 20 some_received 1
	kill "-$1" $pid
	wait_for 20 is_read $pid
	kill "-$1" $pid
	wait_for 20 is_read $pid
	kill -0 $pid
	sleep 2.1 # what comes sooner belongs to the first
	kill "-$1" $pid
	reaped $pid 75
	stop_servers
	fake
	ends 1 --separate-stderr bm-send m
	same "u1 in_doubt
u2 sent
u3 sent" "$(jq -r '"\(.email | sub("@.*"; "")) \(.status)"' <<<"$output" |
		sort)"
	stop_servers
}

# is_read PID: no signal waits for it.
is_read() {
	[ "$(awk '/^(Shd|Sig)Pnd/ { sum += $2 != "0000000000000000" }
		END { print sum }' "/proc/$1/status")" -eq 0 ]
}

@test "TERM ends after the messages in flight; a second one at once" {
	ended TERM
}

@test "INT is the same" {
	ended INT
}

@test "HUP is the same: a terminal that is closed" {
	ended HUP
}

@test "QUIT is the same" {
	ended QUIT
}

@test "a signal that is ignored at the start stays ignored" {
	messages 1 40 nohup >m
	fake '{"at":"dot","delay":0.02}'
	env --ignore-signal=HUP,INT bm-send m >out 3>&- &
	pid=$!
	wait_for 20 some_received 5
	kill -HUP $pid
	kill -INT $pid
	reaped $pid 0
	same 40 "$(received | sort -u | wc -l)"
	stop_servers
}

@test "the password is in no argument, log or outcome, and no core" {
	secure
	login
	messages 1 1 >m
	fake --tls starttls --cert "$CERTS/good.pem" --auth me:s3cret-word \
		'{"at":"dot","delay":1}'
	EMAIL_USE_TLS=yes bm-send --verbose m >out 2>err 3>&- &
	pid=$!
	wait_for 20 grep -q TEXT <(wait_for 20 dot_waits; dialogue)
	run tr '\0' ' ' <"/proc/$pid/cmdline"
	[[ $output != *s3cret* ]]
	same "0 0" "$(awk '/Max core file size/ { print $5, $6 }' \
		"/proc/$pid/limits")"
	wait $pid
	run ! grep -r s3cret out err bm.db bm.db-run
}

dot_waits() {
	grep -qF 'Hello' fake/bytes
}
