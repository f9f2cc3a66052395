#!/usr/bin/env bats
# bm-bounce: reports as people and mail servers hand them over.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export BM_CONFIG=/dev/null BM_ALLOW_RESERVED=yes
}

# notice NAME [WORDS]: a notice about NAME@college.example.
notice() {
	printf '%s\n' 'From: MAILER-DAEMON@mx.example' \
		'Subject: Undelivered Mail' "To: ${TO:-bounces@uni.example}" '' \
		"<$1@college.example>: ${2-550 5.1.1 no such user}" '' \
		'--- Below this line is a copy of the message.' '' \
		'From: staff@uni.example' "Message-ID: <$1@uni.example>" '' 'Hi'
}

# kinds FILE: kind and name of each record.
kinds() {
	jq -r '"\(.kind) \(.address // "-" | split("@")[0])"' "$1"
}

@test "one message from a file, from stdin, of a Maildir, of a mailbox file" {
	mkdir -p M/new M/cur M/tmp
	notice ada >a
	notice bob 'the mailbox is full' | tr '\n' '\r' >b
	cp a c
	ends 0 --separate-stderr bm-bounce a - b <c
	same 'hard ada
hard ada
soft bob' "$(kinds <(echo "$output"))"
	[ -z "$stderr" ]
	cp a M/new/1.x
	cp b M/new/2.x:2,
	echo 'Subject: hello' >M/new/3.x
	ends 0 --separate-stderr bm-bounce --maildir M
	same 'hard ada
soft bob
unknown -' "$(kinds <(echo "$output"))"
	same 'bm-bounce: 3 messages: 1 hard, 1 soft, 1 unrecognized' "$stderr"
	same '1.x:2,S 2.x:2,S 3.x:2,FS' "$(cd M/cur && echo *)"
	cmp a M/cur/1.x:2,S
	[ -z "$(ls M/new)" ]
	ends 0 --separate-stderr bm-bounce --maildir M
	same '' "$output"
	{
		echo 'From MAILER-DAEMON Sun Nov 29 01:00:00 2026'
		notice ada
		printf 'From here on it is text, since no line is empty before:\n'
		echo 'From MAILER-DAEMON'
		echo
		echo 'From MAILER-DAEMON Sun Nov 29 01:00:00 2026'
		notice bob
	} >box
	ends 0 --separate-stderr bm-bounce --mbox box
	same 'hard ada
hard bob' "$(kinds <(echo "$output"))"
	same 'box, message 1
box, message 2' "$(echo "$output" | jq -r .file)"
}

@test "events of SES, one a line; a line that is none is named: 1" {
	local event='{"notificationType":"Bounce","bounce":{"bounceType":
		"Permanent","bounceSubType":"General","bouncedRecipients":[
		{"emailAddress":"ada@college.example"}]},"mail":{"headers":[
		{"name":"Message-ID","value":"<one@uni.example>"}]}}'

	event=${event//[$'\n\t']/}
	jq -cn --arg m "$event" '{Type: "Notification", Message: $m}' >events
	printf '%s\n{"eventType":"Click"}\nbroken\n' "$event" >>events
	ends 1 --separate-stderr bm-bounce --json events
	same 'hard ada <one@uni.example>
hard ada <one@uni.example>
unknown - null' "$(paste -d' ' <(kinds <(echo "$output")) \
		<(echo "$output" | jq -r .message_id))"
	[[ $stderr == *'bm-bounce: events:4: '* ]]
	[[ $stderr == *'3 messages: 2 hard, 1 unrecognized' ]]
}

@test "usage, a file that is missing, a pattern that is none" {
	ends 2 --separate-stderr bm-bounce none
	[[ $stderr == 'bm-bounce: none: cannot open: '* ]]
	ends 2 --separate-stderr bm-bounce --maildir none
	[[ $stderr == *'none/new: cannot open; a Maildir has new, cur and tmp'* ]]
	ends 2 --separate-stderr bm-bounce --verp bounce@uni.example /dev/null
	[[ $stderr == *'bounce@uni.example is no pattern of addresses'* ]]
	ends 2 --separate-stderr bm-bounce --json --maildir M
	ends 2 --separate-stderr bm-bounce address --id week3 ada@college.example
	[[ $stderr == *'BM_VERP is not set'* ]]
}

@test "--spool stores the message, or 75" {
	notice ada >a
	ends 0 --separate-stderr bm-bounce --spool M <a
	same '' "$output$stderr"
	ends 0 --separate-stderr bm-bounce --spool M <a
	same 2 "$(find M/new -type f | wc -l)"
	same '' "$(ls M/tmp)"
	for file in M/new/*; do
		cmp a "$file"
	done
	ends 75 --separate-stderr bm-bounce --spool none/M <a
	[[ $stderr == 'bm-bounce: none/M: cannot make it: '* ]]
	ends 75 --separate-stderr bm-bounce --spool M --no-such <a
	ends 0 --separate-stderr bm-bounce --maildir M
	same 'hard ada
hard ada' "$(kinds <(echo "$output"))"
}

@test "an envelope sender for each recipient, and the token that comes back" {
	local token

	export BM_VERP='b+%s@bounces.uni.example' BM_VERP_KEY_FILE=verp.key
	ends 0 --separate-stderr bm-optout keygen --verp
	ends 2 --separate-stderr bm-optout keygen --verp
	ends 0 --separate-stderr bm-bounce address --id week3 Ada@College.example
	[[ $output =~ ^b\+([a-z2-7]{32})@bounces.uni.example$ ]]
	token=${BASH_REMATCH[1]}
	same "$output" "$(bm-bounce address --id week3 ada@college.example)"
	[ "$output" != "$(bm-bounce address --id week4 ada@college.example)" ]
	echo '<p>Hi</p>' >body.html
	bm-optout keygen --key-file key
	printf '{"email":"%s","course_id":"c1"}\n' ada@college.example \
		bob@college.example >recipients
	export BM_OPTOUT_URL=https://uni.example/o BM_KEY_FILE=key \
		BM_POSTAL_ADDRESS='1 Way' BM_ENVELOPE_SENDER=e@uni.example
	bm-render --id week3 --subject S --from s@uni.example body.html \
		<recipients >messages
	same "b+$token@bounces.uni.example" "$(head -n 1 messages | jq -r .sender)"
	same 2 "$(jq -r .sender messages | sort -u | wc -l)"
	ends 0 --separate-stderr bm-render --id week3 --subject S --from s@uni.example --verp '' \
		body.html <recipients
	same e@uni.example "$(echo "$output" | jq -r .sender | sort -u)"
	TO=$(head -n 1 messages | jq -r '.sender | ascii_upcase') notice eve >a
	ends 0 --separate-stderr bm-bounce a
	same "${token^^}" "$(echo "$output" | jq -r .verp)"
	BM_VERP_KEY_FILE='' ends 2 --separate-stderr bm-render --id w --subject S \
		--from s@uni.example body.html <recipients
}
