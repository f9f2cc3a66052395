#!/usr/bin/env bats
# bm-send --settle: what a person has found out about messages in doubt.

# shellcheck disable=SC2030,SC2031,SC2034,SC2153,SC2154 # as in other suites

load helper
load messages
load smtp

setup() {
	prepare
}

teardown() {
	stop_servers
}

# line NUMBER STATUS [MORE]: a line about uNUMBER.
line() {
	printf '{"email_id":"week3","email":"u%s@uni.example","status":"%s"%s}\n' \
		"$1" "$2" "${3-}"
}

# doubtful N: u1 to uN are in doubt, but for their relay and time.
doubtful() {
	messages 1 "$1" >m
	sqlite3 "$BM_DB" "INSERT INTO emails(id, course_id, content, created,
			subject) VALUES('week3', 'course-v1:UniX+CS101+2026',
			'$(printf %064d 0)', 1, 's');
		WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n
			WHERE i < $1)
		INSERT INTO deliveries(email_id, key, email, state, class,
			attempt, at, relay) SELECT 'week3',
			'u' || i || '@uni.example', 'u' || i || '@uni.example',
			'in_doubt', 'no_reply', 1, 5000, 'relay:25' FROM n"
}

states() {
	sqlite3 -separator ' ' "$BM_DB" "SELECT substr(email, 1,
		instr(email, '@') - 1), state, class FROM deliveries ORDER BY 1"
}

sound() {
	ends 0 bm-report --verify
}

@test "lost replies are settled by address: one is sent again, one not" {
	fake '{"at":"dot","match":"u1@","say":"","then":"close"}' \
		'{"at":"dot","match":"u2@","say":"","then":"close"}'
	ends 1 env BULK_EMAIL_MAX_RETRIES=9 bm-send m
	same "u1 u2" "$(people in_doubt | xargs)"
	{ line 1 sent && line 2 not_sent; } >known
	ends 0 bm-send --settle known
	same "bm-send: known: settled as sent: 1, to be sent again: 1, already settled: 0" \
		"$output"
	same "u3 u1" "$(people sent | sort -r | xargs)"
	sound
	# What is known of it stays.
	same "u1 ok dot 1 $EMAIL_HOST:$EMAIL_PORT" "$(bm-report --id week3 \
		--records --state sent | jq -r 'select(.email | startswith("u1")) |
		"u1 \(.class) \(.stage) \(.attempt) \(.relay)"')"
	# Again: nothing to do.
	ends 0 bm-send --settle - <known
	same "bm-send: stdin: settled as sent: 0, to be sent again: 0, already settled: 2" \
		"$output"
	stop_servers
	fake
	ends 0 bm-send m
	same u2 "$(received)"
	# It is sent now: the old word must not send it a second time.
	ends 1 bm-send --settle known
	[[ $output == *"known:2: u2@uni.example of mailing week3 is not in doubt but sent"* ]]
	ends 0 bm-send m
	same u2 "$(received)"
	sound
}

@test "by Message-ID, in whole, without the domain, and as bm-report has it" {
	doubtful 4
	bm-report --id week3 --records --state in_doubt >doubt
	same 4 "$(jq -r .message_id_left doubt | sort -u | wc -l)"
	jq -c 'select(.email < "u4") | {email_id, status: "sent",
		message_id: (.message_id_left as $left | {
			"u1@uni.example": "<\($left)@mail.uni.example>",
			"u2@uni.example": "\($left)@",
			"u3@uni.example": $left}[.email]),
		queue_id: "4Q\(.user_id)"}' doubt >known
	ends 0 bm-send --settle known
	same "u1 sent ok
u2 sent ok
u3 sent ok
u4 in_doubt no_reply" "$(states)"
	same 3 "$(sqlite3 "$BM_DB" "SELECT count(*) FROM deliveries
		WHERE queue_id LIKE '4Q%'")"
	ends 0 bm-send --settle known
	[[ $output == *"already settled: 3" ]]
}

@test "the Message-ID is that of the message" {
	cat >body.md <<<'Hello'
	printf '{"email":"a@uni.example","user_id":"1","course_id":"c","course_title":"T","course_url":"https://x.example/","why":"learner"}\n' |
		BM_OPTOUT_URL=https://x.example/o BM_POSTAL_ADDRESS=Here \
		BM_KEY_FILE=$PWD/keys bash -c 'bm-optout keygen >&2 &&
			bm-render --id r1 --subject S --from s@uni.example body.md' >r
	fake '{"at":"dot","say":"","then":"close"}'
	ends 1 bm-send r
	id=$(jq -r .message r | sed -n 's/^Message-ID: <\(.*\)@.*/\1/p')
	[ -n "$id" ]
	same "$id" "$(bm-report --id r1 --records | jq -r .message_id_left)"
	same "$id" "$(bm-report --id r1 --csv | python3 -c 'import csv, sys
for row in csv.DictReader(sys.stdin): print(row["message_id_left"])')"
	printf '{"email_id":"r1","message_id":"<%s@uni.example>","status":"sent"}\n' \
		"$id" | bm-send --settle -
	same a "$(people sent)"
}

@test "wrong lines are named, each in a line, and the others are settled" {
	doubtful 3
	sqlite3 "$BM_DB" "UPDATE deliveries SET state = 'failed',
		class = 'refused' WHERE email LIKE 'u3%'"
	{
		line 1 sent
		line 3 sent
		line 7 sent
		line 2 maybe
		printf '{"email_id":"week3","status":"sent"}\n'
		line 2 sent ',"message_id":"x"'
		printf '{"email_id":"week3","message_id":"<@x>","status":"sent"}\n'
		printf '{"email_id":"week3","message_id":"<abc@x>","status":"sent"}\n'
		printf '{"email_id":"other","email":"u2@uni.example","status":"sent"}\n'
		printf '{"email_id":"week3","email":"nobody","status":"sent"}\n'
		printf '{"email_id":"week3"\n'
		printf '{"email":"u2@uni.example","status":"sent"}\n'
		line 2 not_sent
	} >known
	ends 1 bm-send --settle known --rejects bad
	same "known:2: u3@uni.example of mailing week3 is not in doubt but failed, so that it cannot become sent
known:3: u7@uni.example is no recipient of mailing week3
known:4: \"status\" is sent or not_sent, not \"maybe\"
known:5: either \"email\" or \"message_id\" names the recipient; the line has neither
known:6: either \"email\" or \"message_id\" names the recipient; the line has both
known:7: \"message_id\" is no Message-ID: \"<@x>\"
known:8: no recipient of mailing week3 has the Message-ID <abc@>
known:9: no mailing other in the ledger" \
		"$(sed -n 's/^bm-send: //p' <<<"$output" | sed -n 1,8p)"
	[[ $output == *"known:10: "*"@"*"known:11: JSON"*"known:12: \"email_id\" is missing"* ]]
	same "bm-send: known: settled as sent: 1, to be sent again: 1, already settled: 0" \
		"$(tail -n 1 <<<"$output")"
	same 11 "$(wc -l <bad)"
	same "u1 sent ok
u2 deferred connection
u3 failed refused" "$(states)"
	ends 2 bm-send --settle nothing
	ends 2 bm-send --settle known m
	ends 2 bm-send --settle known --wait
	ends 2 bm-send --settle known --resend-in-doubt
	sound
}

@test "an unfinished last line is an error, and what is before it is settled" {
	doubtful 2
	{ line 1 sent && line 2 sent | tr -d '\n'; } >known
	ends 2 bm-send --settle known
	same "u1 sent ok
u2 in_doubt no_reply" "$(states)"
}

@test "a sender runs: its recipients are busy, the others are settled" {
	doubtful 1
	messages 2 2 >m
	fake '{"at":"dot","until":"go"}'
	bm-send m >out 2>&1 3>&- &
	pid=$!
	wait_for 20 grep -q 'Hello 2' fake/bytes
	{ line 2 not_sent && line 1 sent; } >known
	ends 75 bm-send --settle known
	[[ $output == *"known:1: u2@uni.example is busy: a running bm-send"* ]]
	[[ $output == *"settled as sent: 1, to be sent again: 0, already settled: 0" ]]
	touch fake/go
	reaped $pid 0
	same "u1 sent ok
u2 sent ok" "$(states)"
	same u2 "$(received)"
}

@test "killed at any time, a second run settles the rest" {
	doubtful 600
	seq 600 | while read -r i; do line "$i" sent; done >known
	for call in fdatasync:1 fdatasync:2 pwrite64:9 pwrite64:40; do
		run strace -qq -o trace -e "trace=${call%:*}" \
			-e "inject=${call%:*}:signal=KILL:when=${call#*:}" \
			bm-send --settle known
		sound
	done
	ends 0 bm-send --settle known
	same 600 "$(people sent | wc -l)"
}

@test "a slow producer holds up nobody" {
	doubtful 2
	mkfifo pipe
	bm-send --settle - <pipe >out 2>&1 3>&- &
	pid=$!
	exec 5>pipe
	line 1 sent >&5
	settled() { [ "$(people sent)" = u1 ]; }
	wait_for 20 settled
	ends 0 bm-send --hold week3
	line 2 sent >&5
	exec 5>&-
	reaped $pid 0
	same "u1 u2" "$(people sent | xargs)"
}

# --- the recipes of bm-ledger(7) ---

# recipe N: the Nth command of the section, for a log in this folder.
recipe() {
	awk -v n="$1" '/^\.Ss/ { here = /In doubt: finding out/ }
		/^\.Ed/ { open = 0 }
		open && count == n
		here && /^\.Bd/ { open = 1; count++ }' "$ROOT/man/bm-ledger.7" |
		sed 's/\\e/\\/g; s,/var/log/,,; s/week3/r1/'
}

# follow N...: runs these recipes.
follow() {
	for n; do
		recipe "$n" >"recipe.$n"
		[ -s "recipe.$n" ]
		ends 0 bash -euo pipefail "recipe.$n"
	done
}

# rendered N: messages of bm-render to u1..uN in m.
rendered() {
	for i in $(seq "$1"); do
		printf '{"email":"u%d@uni.example","user_id":"%d","course_id":"c","course_title":"T","course_url":"https://x.example/","why":"learner"}\n' \
			"$i" "$i"
	done >recipients
	cat >body.md <<<'Hello'
	export BM_KEY_FILE=$PWD/keys
	bm-optout keygen 2>/dev/null
	BM_OPTOUT_URL=https://x.example/o BM_POSTAL_ADDRESS=Here bm-render \
		--id r1 --subject S --from s@uni.example body.md <recipients >m
}

@test "connections break before and behind the dot: Postfix's log settles all" {
	local dir

	rendered 6
	dir=$(mktemp -d)
	chmod 755 "$dir"
	cp -r "$ROOT/build/postfix" "$dir"
	fake
	hop=$FAKE
	serve "$dir/relay" "$ROOT/tests/fake/postfix-relay.py" "$dir/relay" \
		"$dir/postfix" "$EMAIL_PORT"
	relay=$EMAIL_PORT
	serve "$PWD/proxy" "$ROOT/tests/fake/cut-proxy.py" proxy "$relay" \
		u1,u3 u2,u5
	ends 1 env EMAIL_USE_TLS=no BULK_EMAIL_MAX_RETRIES=9 bm-send m
	same "u1 u2 u3 u5" "$(people in_doubt | xargs)"
	at_hop() { [ "$(wc -l <"$hop/messages")" -ge "$1" ]; }
	wait_for 30 at_hop 4
	cp "$dir/relay/queue/log" mail.log
	follow 1 2 4
	same "bm-send: known: settled as sent: 2, to be sent again: 2, already settled: 0" \
		"$output"
	same "u1 u3" "$(people deferred | xargs)"
	# What was sent has its queue id, and what was not is sent now.
	same 4 "$(sqlite3 "$BM_DB" "SELECT count(DISTINCT queue_id)
		FROM deliveries WHERE state = 'sent'")"
	EMAIL_PORT=$relay ends 0 env EMAIL_USE_TLS=no bm-send m
	wait_for 30 at_hop 6
	FAKE=$hop
	same "u1 u2 u3 u4 u5 u6" "$(received | sort | xargs)"
	rm -r "$dir"
}

@test "the events of Amazon SES settle all" {
	rendered 3
	fake '{"at":"dot","say":"","then":"close"}'
	ends 1 env BULK_EMAIL_MAX_RETRIES=9 bm-send m
	same "u1 u2 u3" "$(people in_doubt | xargs)"
	# As the provider's manual has them; u2 was not taken.
	jq -c '(.message | capture("Message-ID: (?<id>[^\r]+)").id) as $id |
		select(.user_id != "2") | {eventType: "Send", send: {},
		mail: {timestamp: "2026-11-28T12:00:00.000Z",
			messageId: "0100018\(.user_id)-000000", source: .sender,
			destination: [.email], headersTruncated: false,
			headers: [{name: "From", value: "s@uni.example"},
				{name: "Message-ID", value: $id}],
			commonHeaders: {from: ["s@uni.example"]}}},
		{eventType: "Delivery", mail: {messageId: "x", headers: []}}' m \
		>events
	follow 1 3 4
	same "u1 u3" "$(people sent | xargs)"
	same u2 "$(people deferred)"
	same "0100018" "$(sqlite3 "$BM_DB" "SELECT DISTINCT
		substr(queue_id, 1, 7) FROM deliveries WHERE state = 'sent'")"
}
