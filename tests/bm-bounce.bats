#!/usr/bin/env bats
# bm-bounce: reports as people and mail servers hand them over.

# shellcheck disable=SC2030,SC2031,SC2034 # each test is a subshell of its own
# shellcheck disable=SC2094 # --id names a mailing, not the file
load helper
load smtp

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export BM_CONFIG=/dev/null BM_ALLOW_RESERVED=yes
	SERVERS=() # of smtp.bash
}

teardown() {
	stop_servers
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

# A course with ada, bob, cyd, dan and eve, and an envelope sender for each.
course() {
	export BM_DB=bm.db BM_VERP='b+%s@bounces.uni.example' \
		BM_VERP_KEY_FILE=verp.key BM_KEY_FILE=key \
		BM_OPTOUT_URL=https://uni.example/o BM_POSTAL_ADDRESS='1 Way'
	printf '%s@college.example\n' email ada bob cyd dan eve |
		sed 1s/@.*// >r.csv
	bm-optout keygen
	bm-optout keygen --verp
	bm-import --create --course c1 r.csv
	echo '<p>Hi</p>' >body.html
}

# mailing ID: it is sent to all who get mail; its messages are in ID.
mailing() {
	bm-recipients --course c1 --to learners 2>counts |
		bm-render --id "$1" --subject S --from s@uni.example body.html >"$1"
	bm-send --maildir sent "$1" >/dev/null
}

# back ID NAME [WORDS]: what comes back to the envelope sender.
back() {
	TO=$(bm-bounce address --id "$1" "$2@college.example") \
		notice "${4-somebody.else}" "${3-550 5.1.1 no such user}"
}

left_out() {
	bm-bounce list | jq -r '"\(.address | split("@")[0]) \(.why) \(.by)"'
}

emitted() {
	bm-recipients --course c1 --to learners --count "$@" |
		jq -c '[.emitted, .suppressed, .opted_out]'
}

@test "who is dead is left out of the next mailing, by a proof only, and once" {
	course
	mailing w1
	back w1 ada >a
	ends 0 --separate-stderr bm-bounce a a
	same 'verp w1 ada@college.example' \
		"$(jq -r '"\(.by) \(.email_id) \(.recipient)"' <<<"$output" | sort -u)"
	[[ $stderr == *'1 entered, 1 known before, 0 of nobody '* ]]
	same 1 "$(sqlite3 bm.db 'SELECT count(*) FROM bounces')"
	# By the Message-ID that is returned.
	{
		notice other | sed '/^From: staff/,$d'
		jq -r 'select(.email | startswith("bob")).message' w1
	} >b
	ends 0 --separate-stderr bm-bounce b
	[[ $(jq -r .by <<<"$output") == message_id ]]
	# By the address alone: it may be somebody else's claim.
	notice cyd >c
	ends 0 --separate-stderr bm-bounce c
	[[ $(jq -r .by <<<"$output") == address ]]
	# Full, and policy.
	back w1 dan 'the mailbox is full' >d
	back w1 eve '550 5.1.1 blocked using zen.spamhaus.org' >e
	bm-bounce d e >/dev/null
	same 'ada hard verp
bob hard message_id' "$(left_out)"
	same '[3,2,0]' "$(emitted)"
	same '[5,0,0]' "$(emitted --include-suppressed)"
	ends 1 bm-bounce check ada@college.example CYD@college.example
	same 'ada@college.example: left out, no such mailbox
cyd@college.example: mailed' "$output"
	mailing w2
	same 3 "$(wc -l <w2)"
	ends 2 --separate-stderr bm-bounce clear
	ends 0 --separate-stderr bm-bounce clear ada@college.example
	same 'bm-bounce: 1 bounce cleared' "$stderr"
	same 'bob hard message_id' "$(left_out)"
	# The same report again does not take that back.
	bm-bounce a >/dev/null
	same 'bob hard message_id' "$(left_out)"
	ends 0 --separate-stderr bm-bounce clear --since 1d
	same '' "$(left_out)"
	ends 0 bm-bounce check bob@college.example
}

@test "forged, foreign and replayed tokens change nothing" {
	local token

	course
	mailing w1
	token=$(bm-bounce address --id w1 ada@college.example)
	# Another code, another mailing, somebody who got nothing, another key.
	{
		TO=${token/b+????/b+aaaa} notice x.y
		echo
		TO=${token%????@*}aaaa@${token##*@} notice x.y
	} >forged
	bm-bounce address --id w2 ada@college.example >w2
	bm-bounce address --id w1 zoe@college.example >>w2
	bm-optout keygen --verp --verp-key-file other.key
	BM_VERP_KEY_FILE=other.key bm-bounce address --id w1 \
		ada@college.example >>w2
	while read -r token; do
		TO=$token notice x.y >one
		bm-bounce one >>out
	done < <(cat w2; sed -n 's/^To: //p' forged)
	same 5 "$(jq -r 'select(.by == null) | .kind' out | grep -c hard)"
	same 0 "$(sqlite3 bm.db 'SELECT count(*) FROM bounces')"
	# A key that was rotated away still proves.
	back w1 ada >a
	bm-optout keygen --verp --rotate
	bm-bounce a >/dev/null
	same 'ada hard verp' "$(left_out)"
}

# Every kind of report, into samples/: proven or not, and about whom.
samples() {
	mkdir samples
	back w1 ada >samples/hard
	back w1 bob '552 5.2.2 mailbox full' >samples/full
	back w1 cyd '550 5.7.1 blocked using zen.spamhaus.org' >samples/policy
	notice dan >samples/address
	printf '%s\n' 'From: fbl@provider.example' \
		"To: $(bm-bounce address --id w1 eve@college.example)" \
		'Content-Type: multipart/report; report-type=feedback-report; boundary=x' \
		'' --x 'Content-Type: message/feedback-report' '' \
		'Feedback-Type: abuse' '' --x-- >samples/complaint
	printf '%s\n' 'From: dan@college.example' "To: $TO" \
		'Subject: Out of office' 'Auto-Submitted: auto-replied' '' \
		'There is no such user here.' >samples/away
	back w1 dan '450 4.1.1 no such user' |
		sed 's/^Subject: .*/Subject: Warning: message delayed/
			s/^--- Below/It will be retried.\n\n&/' >samples/delayed
	jq -cn --arg id "$(jq -r 'select(.email | startswith("bob")) | .message' \
		w1 | sed -n 's/^Message-I[Dd]: \(.*\)\r$/\1/p')" '{
		notificationType: "Bounce", bounce: {bounceType: "Transient",
			bounceSubType: "MailboxFull", bouncedRecipients: [{
			emailAddress: "bob@college.example"}]},
		mail: {headers: [{name: "Message-ID", value: $id}]}}' >event
}

# All that bounces have changed.
effects() {
	sqlite3 bm.db 'SELECT * FROM bounces ORDER BY 1, 2'
	bm-bounce list
	bm-optout list --history
	emitted
}

@test "each sample twice, in any order and any line ends, counts once" {
	local file

	course
	mailing w1
	samples
	bm-bounce samples/* >/dev/null
	bm-bounce --json event >/dev/null
	effects >once
	same 'ada hard verp' "$(left_out)"
	same '[3,1,1]' "$(emitted)"
	mkdir -p M/new M/cur M/tmp
	for file in samples/*; do
		cp "$file" "M/new/${file##*/}"
		sed 's/$/\r/' "$file" >"M/new/${file##*/}-crlf"
		tr '\n' '\r' <"$file" >"M/new/${file##*/}-cr"
		{
			echo 'From MAILER-DAEMON Sun Nov 29 01:00:00 2026'
			cat "$file"
			echo
		} >>box
	done
	bm-bounce --json event event >/dev/null
	bm-bounce --maildir M >/dev/null
	bm-bounce --mbox box >/dev/null
	printf '%s\n' samples/* | tac | xargs bm-bounce >/dev/null
	effects | diff once -
}

@test "a judge that takes each code of 5.x.x for hard is found" {
	"$ROOT/tests/mutant" mutant build lib/mail/bounce/bounce_class.c \
		's/^\tswitch \(matter\) \{/\tif (permanent)\n\t\treturn BOUNCE_HARD;\n&/' \
		build/tests/bounce
	run mutant/build/tests/bounce
	[ "$status" -ne 0 ]
	for kind in 'soft mailbox_full' 'policy policy' 'policy content' \
		'soft too_big' 'soft refused'; do
		grep -q "^not ok .*$kind" <<<"$output"
	done
}

@test "a complaint is a no to all mail if it is proven" {
	course
	mailing w1
	complaint() {
		printf '%s\n' 'From: fbl@provider.example' \
			"To: ${2:-fbl@uni.example}" \
			'Content-Type: multipart/report; report-type=feedback-report; boundary=x' \
			'' --x 'Content-Type: message/feedback-report' '' \
			'Feedback-Type: abuse' "Original-Rcpt-To: $1" '' --x--
	}
	complaint ada@college.example >a
	complaint redacted@redacted.example \
		"$(bm-bounce address --id w1 bob@college.example)" >b
	ends 0 --separate-stderr bm-bounce a b
	[[ $stderr == *'; 1 said no by a complaint' ]]
	same '[4,0,1]' "$(emitted)"
	ends 1 bm-optout check --course c1 bob@college.example
	bm-optout list >register
	same complaint "$(jq -r .source register)"
	# It is the person's own: only who asks for it is let in again.
	ends 1 bm-optout remove --reason r bob@college.example
	ends 0 bm-bounce a b
	same 1 "$(bm-optout list --history | wc -l)"
	# It stays one in another register.
	bm-optout export >register.csv
	BM_DB=two.db bm-optout init
	BM_DB=two.db bm-optout import register.csv
	same complaint "$(BM_DB=two.db bm-optout list | jq -r .source)"
}

@test "what came back stands beside what was sent, and selects people" {
	local numbers

	course
	mailing w1
	same '[5,0,0,[]]' "$(bm-report --id w1 --json |
		jq -c '[.sent, .bounced, .complained, .warnings]')"
	back w1 ada >r1
	back w1 bob 'the mailbox is full' >r2
	back w1 cyd '550 5.7.1 blocked using zen.spamhaus.org' >r3
	printf '%s\n' 'From: fbl@provider.example' \
		"To: $(bm-bounce address --id w1 dan@college.example)" \
		'Content-Type: multipart/report; report-type=feedback-report; boundary=x' \
		'' --x 'Content-Type: message/feedback-report' '' \
		'Feedback-Type: abuse' '' --x-- >r4
	bm-bounce r1 r1 r2 r3 r4 >/dev/null
	# The rows say so themselves; sent remains sent.
	numbers=$(sqlite3 -separator , bm.db "SELECT
		(SELECT count(*) FROM deliveries WHERE state = 'sent'),
		sum(kind <> 'complaint'), sum(kind = 'complaint') FROM bounces")
	same 5,3,1 "$numbers"
	same "[$numbers,[\"bounced\",\"complained\"]]" "$(bm-report --id w1 --json |
		jq -c '[.sent, .bounced, .complained, .warnings]')"
	same "[$numbers]" "$(bm-report --json |
		jq -c '[.sent, .bounced, .complained]')"
	bm-report --id w1 --html page.html >table
	bm-report --id w1 >table
	grep -q '^  sent  *5 ' table
	grep -q '^  bounced  *3  60.0 % of those sent$' table
	grep -q '^  complained  *1  20.0 % of those sent$' table
	same 2 "$(grep -c '^  Warning: ' table)"
	bm-report | grep -q '^    S, c1, 3 bounced (60.0 %), 1 complained (20.0 %)$'
	same 2 "$(grep -c '<strong>Warning: ' page.html)"
	grep -q '<b>3</b>bounced <span>60.0 % of those sent</span>' page.html
	select_people() {
		bm-recipients --course c1 --to learners --include-suppressed \
			--include-opted-out --ledger "$1" | jq -r '.email[:3]' | xargs
	}
	same 'ada bob cyd' "$(select_people w1=bounced)"
	same dan "$(select_people w1=complained)"
	same 'ada bob cyd dan' "$(select_people w1=complained,bounced)"
	same 'ada bob cyd dan eve' "$(select_people w1=bounced,sent)"
	# Who is left out is left out of these, too.
	same 'bob cyd' "$(bm-recipients --course c1 --to learners \
		--ledger w1=bounced | jq -r '.email[:3]' | xargs)"
	ends 2 --separate-stderr bm-recipients --course c1 --to learners \
		--ledger w1=bouncy
	[[ $stderr == *'claimed, bounced, complained and none'* ]]
	# Who got the mailing is forgotten, who is dead is not.
	sqlite3 bm.db 'UPDATE emails SET created = 1; UPDATE deliveries SET at = 1'
	bm-report --prune 9d >pruned
	same "[$numbers]" "$(jq -c '[.sent, .bounced, .complained]' pruned)"
	same 'ada hard verp' "$(left_out)"
}

# outcomes FILE: name, status and class of each.
outcomes() {
	jq -r '"\(.email[:3]) \(.status) \(.class)"' "$1" | sort
}

@test "bm-send leaves out who is dead since, and sends what was included" {
	course
	mailing w1
	bm-recipients --course c1 --to learners >recipients
	render() {
		bm-render --id "$1" --subject S --from s@uni.example body.html
	}
	render w2 <recipients >w2
	back w1 ada >a
	bm-bounce a >/dev/null
	ends 0 bm-send --maildir sent w2
	same 'ada skipped suppressed
bob sent ok
cyd sent ok
dan sent ok
eve sent ok' "$(outcomes <(echo "$output"))"
	same '[{"status":"skipped","class":"suppressed","count":1}]' \
		"$(bm-report --id w2 --json |
			jq -c '[.classes[] | select(.status == "skipped")]')"
	# Again, and with the class while it stands.
	ends 0 bm-send --maildir sent w2
	same 'ada skipped duplicate' "$(outcomes <(echo "$output") | head -n 1)"
	ends 0 bm-send --maildir sent --retry suppressed w2
	same 'ada skipped suppressed' "$(outcomes <(echo "$output") | head -n 1)"
	# The decision of bm-recipients travels with the record.
	bm-recipients --course c1 --to learners --include-suppressed >included
	same '["ada@college.example",true]' "$(jq -c 'select(.include_suppressed) |
		[.email, .include_suppressed]' included)"
	ends 0 bm-send --maildir sent <(render w3 <included)
	same 5 "$(echo "$output" | jq -r .status | grep -c sent)"
	# But not through a second selection.
	same '[4,1,0]' "$(bm-recipients --course c1 --read included --count |
		jq -c '[.emitted, .suppressed, .opted_out]')"
	# A test of her message goes to the tester.
	bm-render --test-links --id w4 --subject S --from s@uni.example body.html \
		<recipients >tests
	ends 0 bm-send --maildir sent --redirect me@uni.example tests
	same 5 "$(echo "$output" | jq -r .status | grep -c sent)"
	bm-bounce clear ada@college.example
	ends 0 bm-send --maildir sent --retry suppressed w2
	same 'ada sent ok' "$(outcomes <(echo "$output") | head -n 1)"
	ends 1 --separate-stderr render w5 < <(jq -c '.include_suppressed = "yes"' \
		<(head -n 1 recipients))
	[[ $stderr == *'"include_suppressed" is neither true nor false' ]]
	ends 1 --separate-stderr bm-send --maildir sent \
		<(head -n 1 w2 | jq -c '.include_suppressed = 1')
	[[ $stderr == *'"include_suppressed" is neither true nor false' ]]
}

@test "a run that goes on sees who bounces and who is cleared" {
	local n

	course
	mailing w1
	bm-recipients --course c1 --to learners |
		bm-render --id w2 --subject S --from s@uni.example body.html >w2
	mkfifo in
	bm-send --maildir sent in >out 2>err 3>&- &
	exec 5>in
	# next N: the Nth message, and its outcome.
	next() {
		sed -n "$1p" w2 >&5
		wait_for 10 has_lines "$1" out
	}
	has_lines() {
		[ "$(wc -l <"$2")" -ge "$1" ]
	}
	next 1
	for n in bob cyd; do
		back w1 $n >$n
		bm-bounce $n >/dev/null 2>&1
	done
	next 2
	bm-bounce clear cyd@college.example
	next 3
	back w1 dan >dan
	back w1 eve >eve
	bm-bounce dan eve >/dev/null 2>&1
	next 4
	bm-bounce clear --since 1d
	next 5
	exec 5>&-
	wait $!
	same 'ada sent ok
bob skipped suppressed
cyd sent ok
dan skipped suppressed
eve sent ok' "$(outcomes out)"
}

@test "a mailbox file of last month: the date of a report counts, if it can be" {
	local n

	course
	for n in 1 2 3 4 5; do
		mailing m$n
		sqlite3 bm.db "UPDATE emails SET created = (unixepoch() -
			$((40 - 7 * n)) * 86400) * 1000 WHERE id = 'm$n';
			UPDATE deliveries SET at = (unixepoch() -
			$((40 - 7 * n)) * 86400) * 1000 WHERE email_id = 'm$n'"
		echo 'From MAILER-DAEMON Sun Nov 29 01:00:00 2026'
		printf 'Date: %s\n' "$(date -R -d "-$((40 - 7 * n)) days +1 hour")"
		back m$n ada 'the mailbox is full'
		echo
	done >box
	for n in 1 2 3 4 5; do
		echo 'From MAILER-DAEMON Sun Nov 29 01:00:00 2026'
		back m$n bob 'the mailbox is full'
		echo
	done >undated
	bm-bounce --mbox box >/dev/null
	bm-bounce --mbox undated >/dev/null
	# 28 days apart; without dates all have come today.
	same 'ada soft verp' "$(left_out)"
	same '0 28' "$(sqlite3 -separator ' ' bm.db "SELECT
		(max(at) - min(at)) / 86400000 FROM bounces GROUP BY key
		ORDER BY 1" | xargs)"
	# Neither before its mailing nor in the future.
	{ echo 'Date: Mon, 1 Jan 1990 00:00:00 +0000'; back m1 cyd; } >early
	{ echo 'Date: Mon, 1 Jan 2090 00:00:00 +0000'; back m1 dan; } >late
	bm-bounce early late >/dev/null
	same '1|0
0|1' "$(sqlite3 bm.db "SELECT at = created,
		abs(at / 1000 - unixepoch()) < 600 FROM bounces
		JOIN emails ON id = email_id WHERE key LIKE 'cyd%' OR key LIKE 'dan%'
		ORDER BY key")"
	# An event of SES has its time.
	jq -cn --arg to "$(jq -r 'select(.email | startswith("eve")).message' m2 |
		sed -n 's/^Message-ID: //Ip' | tr -d '\r')" \
		--arg at "$(date -u -d '-20 days' +%FT%T.000Z)" \
		'{eventType: "Bounce", bounce: {bounceType: "Permanent",
		bounceSubType: "General", timestamp: $at, bouncedRecipients: [
		{emailAddress: "eve@college.example"}]}, mail: {headers: [
		{name: "Message-ID", value: $to}]}}' >event
	bm-bounce --json event >/dev/null
	same 20 "$(sqlite3 bm.db "SELECT (unixepoch() - at / 1000 + 3600) / 86400
		FROM bounces WHERE key LIKE 'eve%'")"
	bm-bounce clear --since 25d 2>said
	same 'cyd hard verp' "$(left_out)"
}

# by_smtp ID DAY: the mailing goes to the relay on that day.
by_smtp() {
	bm-recipients --course c1 --to learners |
		bm-render --id "$1" --subject S --from s@uni.example body.html >"$1"
	ends "${3-1}" at_day "+$2" bm-send "$1"
}

@test "a mailbox that the relay does not know: at once, or when heard again" {
	course
	printf '%s\n' email ann@one.example x-gone@one.example ann@two.example \
		x-gone@two.example x-lost@two.example full@two.example \
		x-alone@three.example >people.csv
	bm-import --course c1 people.csv
	fake '{"at":"rcpt","match":"<x-","say":"550 5.1.1 No such user"}' \
		'{"at":"rcpt","match":"full@","say":"552 5.2.2 Mailbox full"}'
	export BM_EHLO_NAME=uni.example BM_ENVELOPE_SENDER=b@uni.example
	by_smtp w1 0
	# At two.example the relay refuses three, and takes one.
	same 'x-gone hard smtp' "$(left_out)"
	same one.example "$(bm-bounce list | jq -r '.address | split("@")[1]')"
	same '[7,5,0,0,[]]' "$(bm-report --id w1 --json |
		jq -c '[.sent, .failed, .bounced, .complained, .warnings]')"
	# The next mailing on the same day proves nothing; a day later it does.
	by_smtp w2 0
	same 'x-gone hard smtp' "$(left_out)"
	by_smtp w3 2
	same 'x-alone@three.example
x-gone@one.example
x-gone@two.example
x-lost@two.example' "$(bm-bounce list | jq -r .address)"
	# The mailbox is there again: the relay's last word counts.
	stop_servers
	fake
	ends 1 at_day +3 bm-send --retry bad_mailbox --since 6d w1
	ends 1 at_day +3 bm-send --retry bad_mailbox --since 6d w2
	ends 1 at_day +3 bm-send --retry bad_mailbox --since 6d w3
	same '' "$(left_out)"
}

# rows: "MAILING NAME DAYS KIND": that bounced so many days ago; or "sent".
rows() {
	local id name days kind

	while read -r id name days kind; do
		echo "INSERT OR IGNORE INTO emails(id, course_id, created)
			VALUES('$id', 'c1', 0);"
		echo "INSERT OR IGNORE INTO deliveries(email_id, key, email, state, at)
			VALUES('$id', '$name@u.example', '$name@u.example', 'sent',
			(unixepoch() - $days * 86400) * 1000);"
		[ "$kind" = sent ] ||
			echo "INSERT INTO bounces(email_id, key, domain, kind, proof, at)
			VALUES('$id', '$name@u.example', 'u.example', '$kind', 'verp',
			(unixepoch() - $days * 86400) * 1000);"
	done | sqlite3 "$BM_DB"
}

@test "five soft ones in two weeks without a success; a directory's outage" {
	local n

	export BM_DB=bm.db
	bm-optout init
	for n in 1 2 3 4 5; do
		echo "m$n full $((40 - 7 * n)) soft"  # 28 days
		echo "m$n fast $((20 - 3 * n)) soft"  # 12 days
		echo "m$n works $((40 - 7 * n)) soft"
		echo "m$n bad $((40 - 7 * n)) policy"
	done | rows
	echo 'm6 works 1 sent' | rows
	echo 'm1 few 30 soft' | rows
	same 'full soft verp' "$(left_out | sort)"
	# 31 of 61 at one domain, on one day.
	for n in {1..61}; do
		echo "out p$n 9 $([ "$n" -le 31 ] && echo hard || echo sent)"
	done | rows
	same 'full soft verp' "$(left_out | sort)"
	ends 0 bm-bounce check p1@u.example
	# The next mailing hears it again of one of them.
	echo 'm7 p1 7 hard' | rows
	same 'full soft verp
p1 hard verp' "$(left_out | sort)"
	# One more recipient, and it is half of them: people are dead.
	echo 'out p62 9 sent' | rows
	same 32 "$(left_out | wc -l)"
}
