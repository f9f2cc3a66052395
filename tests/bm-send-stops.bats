#!/usr/bin/env bats
# Stops: what the relay refuses, how far that reaches, what is said of it, and
# how it ends.

# shellcheck disable=SC2034,SC2154 # SERVERS is smtp.bash's, stderr is bats'

load helper
load messages
load smtp

setup() {
	prepare
}

teardown() {
	stop_servers
}

# scope: scope and key of each stop that is kept.
scope() {
	sqlite3 "$BM_DB" 'SELECT scope || "=" || key FROM stops'
}

# sender ADDRESS FILE: the messages with this envelope sender.
sender() {
	jq -c --arg s "$1" '.sender = $s' "$2"
}

# others FILE: the outcomes of those who are not u1, u2 or u3.
others() {
	outcomes "$1" | grep -v '^u[123] '
}

@test "content: one mailing stops; others go on, in the same run and later" {
	messages 4 5 other >o
	fake '{"at":"dot","match":" u1@","say":"554 5.6.0 malformed header"}'
	ends 255 --separate-stderr bm-send m o
	outcomes /dev/stdin <<<"$output" | sort >out
	same "u1 deferred content dot 554
u2 deferred content dot 554
u3 deferred content dot 554
u4 $SENT
u5 $SENT" "$(<out)"
	same "mailing=week3" "$(scope)"
	[[ $stderr == "bm-send: $EMAIL_HOST:$EMAIL_PORT refused the mailing week3\
 at 20"*" (content: malformed header); mend the message and send it with\
 --accept-content, or run bm-send --lift mailing=week3; other mail goes on" ]]
	messages 6 6 other >o
	ends 0 bm-send o
	ends 255 bm-send m
	same "" "$(grep -o 'RCPT TO:<u3' fake/bytes)"
	ends 0 bm-send --check
	same "mailing=week3" "$(scope)"
}

@test "a mended text of the mailing is not stopped, nor after --lift" {
	fake '{"at":"dot","times":1,"say":"554 5.6.0 malformed header"}' \
		'{"at":"dot","match":" u7@","times":1,"say":"554 5.6.0 bad header"}'
	ends 255 --separate-stderr bm-send m
	jq -c '.content = "'"$(printf 'a%.0s' {1..64})"'"' m >mended
	ends 0 --separate-stderr bm-send --accept-content mended
	same 3 "$(received | sort -u | wc -l)"
	messages 7 8 more >m
	ends 255 --separate-stderr bm-send m
	[[ $stderr == *"--lift mailing=more"* ]]
	ends 1 bm-send --lift mailing=week4
	[[ $output == *"mailing=week4: no such stop"* ]]
	ends 0 bm-send --lift mailing=more
	same "mailing=week3" "$(scope)"
	ends 0 bm-send --lift all
	same "" "$(scope)"
	ends 0 bm-send m
}

@test "--lift of what is no scope" {
	local text

	for text in nobody all=x recipient recipient=a@b =x ''; do
		ends 2 bm-send --lift "$text"
		[[ $output == *"not \"$text\""* ]]
	done
}

@test "size: a message above the relay's SIZE stops its mailing only" {
	messages 4 4 other >o
	fake --ext 'SIZE 400'
	jq -c '.message += ("x" * 300 + "\r\n")' m | head -n 1 >big
	ends 255 --separate-stderr bm-send big o
	same "u1 deferred too_big ehlo 0
u4 $SENT" "$(outcomes /dev/stdin <<<"$output" | sort | sed 's/null$/0/')"
	same "mailing=week3" "$(scope)"
}

@test "sender: mailings of another sender go on" {
	messages 4 5 other >plain
	sender news@uni.example plain >o
	fake '{"at":"mail","match":"bounces@","say":"553 5.7.1 Sender address rejected: not owned by user"}'
	ends 255 --separate-stderr bm-send m o
	same "u4 $SENT
u5 $SENT" "$(others /dev/stdin <<<"$output" | sort)"
	same "sender=bounces@uni.example" "$(scope)"
	[[ $stderr == *"refused the sender <bounces@uni.example> at"* ]]
	# What is checked is what is lifted.
	BM_ENVELOPE_SENDER=news@uni.example ends 0 bm-send --check
	same "sender=bounces@uni.example" "$(scope)"
	fake
	sqlite3 "$BM_DB" "UPDATE stops SET relay = '$EMAIL_HOST:$EMAIL_PORT'"
	BM_ENVELOPE_SENDER=bounces@uni.example ends 0 bm-send --check
	same "" "$(scope)"
	ends 0 bm-send m
}

@test "senders of BM_VERP are one sender to a stop, and to --check" {
	export BM_VERP='b+%s@uni.example' BM_VERP_KEY_FILE=verp.key
	bm-optout keygen --verp
	for i in 1 2 3; do
		sender "$(bm-bounce address --id week3 u$i@uni.example)" \
			<(sed -n "${i}p" m)
	done >v
	fake '{"at":"mail","match":"b+","say":"553 5.7.1 Sender address rejected: not owned by user"}'
	ends 255 --separate-stderr bm-send v
	same "sender=$BM_VERP" "$(scope)"
	fake
	sqlite3 "$BM_DB" "UPDATE stops SET relay = '$EMAIL_HOST:$EMAIL_PORT'"
	ends 255 --separate-stderr bm-send v
	BM_VERP='' BM_ENVELOPE_SENDER=b@uni.example ends 0 bm-send --check
	same "sender=$BM_VERP" "$(scope)"
	ends 0 bm-send --check
	same "" "$(scope)"
	ends 0 bm-send v
}

@test "account and relay: the run ends; another account goes on" {
	fake --auth me:secret \
		'{"at":"rcpt","times":1,"say":"550 5.7.1 Relaying denied"}'
	export EMAIL_HOST_USER=me EMAIL_HOST_PASSWORD=secret
	ends 255 --separate-stderr bm-send m
	same "account=" "$(scope)"
	[[ $stderr == *"refused us at 20"*"(policy: Relaying denied); when that is\
 mended run bm-send --check; 3 records were read, 0 were not" ]]
	ends 255 --separate-stderr bm-send m
	[[ $stderr == *"--check; 0 records were read, 3 were not" ]]
	sqlite3 "$BM_DB" "UPDATE stops SET account = 'you'"
	ends 0 bm-send m
}

@test "a domain's stop puts off its people; others go on" {
	jq -c '.email |= sub("u2@uni"; "u2@Other")' m >two
	fake
	sqlite3 "$BM_DB" "INSERT INTO stops(relay, account, scope, key, class,
		reply, at, until) VALUES ('$EMAIL_HOST:$EMAIL_PORT', '', 'domain',
		'other.example', 'breaker', 'who?', 1000, 9000000000000)"
	ends 75 --separate-stderr bm-send two
	same "u1 $SENT
u2 deferred breaker none null
u3 $SENT" "$(outcomes /dev/stdin <<<"$output" | sort)"
	[[ $stderr == *"refused the recipients at other.example at"*"nothing of that\
 is sent before 2255-"*", or after bm-send --retry breaker; other mail goes on" ]]
	ends 0 bm-send --lift domain=OTHER.example
	ends 0 bm-send two
}

@test "a stop that another process makes ends this run within seconds" {
	messages 1 200 >many
	fake
	timeout 60 bm-send --rate 10/s many >out 2>err &
	pid=$!
	wait_for 10 some_received 2
	sqlite3 "$BM_DB" "INSERT INTO stops(relay, account, scope, key, class,
		reply, at) VALUES ('$EMAIL_HOST:$EMAIL_PORT', '', 'relay', '',
		'tls', 'no', 1000)"
	status=0
	wait "$pid" || status=$?
	same 255 "$status"
	[ "$(received | wc -l)" -lt 100 ]
	grep -q 'refused us at.*(tls: no); .*records were read' err
}

@test "what was not read has no outcome: the line counts it" {
	local rest

	messages 1 3000 >many
	fake '{"at":"rcpt","say":"550 5.7.1 Relaying denied"}'
	ends 255 --separate-stderr bm-send many
	rest=$(sed 's/.*records were read, \([0-9,]*\) were not$/\1/; s/,//' \
		<<<"$stderr")
	same 3000 "$((rest + $(wc -l <<<"$output")))"
	[ "$rest" -gt 2000 ]
	# Nobody listens.
	stop_servers
	EMAIL_PORT=9 ends 75 --separate-stderr bm-send many many
	[[ $stderr == *"127.0.0.1:9 could not be used at"*"(connection: "*"); the\
 same command tries again; "*" records were read, "*" were not" ]]
	# A pipe's end is not known.
	EMAIL_PORT=9 ends 75 --separate-stderr bash -c 'cat many | bm-send'
	[[ $stderr == *" was the rest of the input" || \
		$stderr == *"the rest of the input was not" ]]
}

@test "the relay's words cannot forge a line or reach the terminal" {
	fake '{"at":"rcpt","say":"550 5.7.1 Relaying denied \u001b[31m\u0007\u00c2\u009b2J\u007f\u00e2\u0080\u00ae\u00e2\u0080\u00a8bm-send: all is well"}'
	ends 255 --separate-stderr bm-send m
	same 1 "$(wc -l <<<"$stderr")"
	same "" "$(LC_ALL=C grep -P '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8-\xae]' \
		<<<"$stderr$output")"
	bm-report --stops >shown
	bm-report --stops --json >>shown
	bm-report --id week3 >>shown
	same "" "$(LC_ALL=C grep -P '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8-\xae]' \
		shown)"
}

@test "bm-report --stops shows them, and their end" {
	ends 0 bm-report --stops
	same "bm-report: there are no stops" "$output"
	ends 0 bm-report --stops --json
	same "" "$output"
	fake '{"at":"dot","say":"554 5.6.0 malformed header"}'
	ends 255 bm-send m
	sqlite3 "$BM_DB" "INSERT INTO stops(relay, account, scope, key, class,
		reply, at, until) VALUES ('r.example:587', 'me', 'account', '',
		'quota', 'enough', 1000, 9000000000000),
		('old.example:25', '', 'account', '', 'quota', 'x', 1000, 2000)"
	ends 0 bm-report --stops
	same "SCOPE KEY RELAY ACCOUNT CLASS
mailing week3 $EMAIL_HOST:$EMAIL_PORT content
account r.example:587 me quota" "$(grep -v '^ ' <<<"$output" | tr -s ' ')"
	[[ ${lines[2]} == "    $EMAIL_HOST:$EMAIL_PORT refused the mailing week3 at"* ]]
	[[ ${lines[4]} == "    r.example:587 refused us at 1970-"*"before 2255-"* ]]
	same 5 "${#lines[@]}"
	ends 0 bm-report --stops --json
	same '"account","r.example:587","me",null,"quota",null,null,"enough","1970-01-01T00:00:01.000Z","2255-03-14T16:00:00.000Z"' \
		"$(jq -r 'select(.class == "quota") | [.scope, .relay, .account,
		.key, .class, .code, .enhanced, .reply, .at, .until] |
		map(tojson) | join(",")' <<<"$output")"
	same "mailing week3 554" "$(jq -r 'select(.class == "content") |
		"\(.scope) \(.key) \(.code)"' <<<"$output")"
	ends 2 bm-report --stops --id week3
}

@test "an address with words of lists in it concerns its owner only" {
	local name

	messages 1 9 >m
	for name in spamcop blocklist dnsbl spamhaus.x s3150 dmarc greylist \
		relay-denied; do
		messages 90 90 | sed "s/u90@/$name@/g" >>m
	done
	messages 10 20 >>m
	fake '{"at":"rcpt","match":"spamcop","say":"550 5.1.1 <spamcop@uni.example>: User unknown"}' \
		'{"at":"rcpt","match":"blocklist","say":"550 5.1.1 <blocklist@uni.example>... User unknown"}' \
		'{"at":"rcpt","match":"dnsbl","say":"550 dnsbl@uni.example unknown user"}' \
		'{"at":"rcpt","match":"spamhaus.x","say":"550 <spamhaus.x@uni.example> no such user"}' \
		'{"at":"rcpt","match":"s3150","say":"550 no mailbox s3150@uni.example"}' \
		'{"at":"rcpt","match":"dmarc","say":"452 4.2.2 <dmarc@uni.example> is full"}' \
		'{"at":"rcpt","match":"greylist","say":"550 5.1.1 User greylist@uni.example not found"}' \
		'{"at":"rcpt","match":"relay-denied","say":"550 relay-denied@uni.example: user unknown"}'
	ends 75 --separate-stderr bm-send m
	same "" "$stderr"
	same 20 "$(received | sort -u | wc -l)"
	same "1 deferred mailbox_full
7 failed bad_mailbox
20 sent ok" "$(jq -r '"\(.status) \(.class)"' <<<"$output" | sort |
		uniq -c | sed 's/^ *//')"
	same "" "$(scope)"
}
