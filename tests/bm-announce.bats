# A whole mailing in one command, as a newcomer would do it.
# shellcheck disable=SC2154,SC2034,SC2030,SC2031 # bats and smtp.bash know them
load helper
load course
load smtp

setup_file() {
	export FOLDER=$BATS_FILE_TMPDIR/course
	make_course "$FOLDER" 2>/dev/null
	printf '# Hello {{name}}\n\n%s\n' \
		'Week **3** is open at [the course]({{course_url}}).' \
		>"$BATS_FILE_TMPDIR/body.md"
	sqlite3 "$FOLDER/course.db" 'PRAGMA wal_checkpoint(TRUNCATE)' >"$FOLDER/out"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cp "$FOLDER"/course.db{,-lock} "$FOLDER/bm.key" "$FOLDER/bm.conf" \
		"$BATS_FILE_TMPDIR/body.md" .
	sed -i "s,^BM_DB=.*,BM_DB=$PWD/course.db," bm.conf
	export BM_CONFIG=$PWD/bm.conf XDG_STATE_HOME=$PWD/state
	SERVERS=()
}

teardown() {
	stop_servers
}

# The command without its last words.
announce() {
	bm-announce --course "$COURSE" --to staff --to user:learner1001 \
		--subject 'Week 3 is open' body.md "$@" 3>&-
}

# Who is to get it.
people() {
	bm-recipients --course "$COURSE" --to staff --to user:learner1001 |
		jq -r .email | sort
}

@test "--base-url and --why reach the message" {
	fake
	echo '[Plan](plan.html)' >>body.md
	ends 0 announce --send --quiet --base-url https://e.example/c/ \
		--why 'you answered the survey'
	tr -d '\r' <fake/mail/1 | sed ':a; /=$/{N; s/=\n//; ba}' >mail
	grep -q 'https://e.example/c/plan.html' mail
	grep -q 'because you answered the survey' mail
}

@test "what would arrive broken stops it, and is shown" {
	fake
	echo 'Dear {name}, [the plan](file:///C:/plan.docx).' >>body.md
	ends 2 announce --send
	[[ $output == *'body.md:4: error: a tag that nothing replaces: {name}'* ]]
	[[ $output == *"error: an address of one's own computer or network"* ]]
	[[ $output == *'bm-announce: bm-render ended with status 2: nothing is sent'* ]]
	[ ! -s fake/bytes ]
	# Warnings do not.
	printf '<!DOCTYPE html><img src="https://x.example/a.png">\n' >body.md
	ends 0 announce
	[[ $output == *'an image without alt'* ]]
}

@test "without --send it shows and sends nothing; the printed command sends" {
	fake
	n=$(people | wc -l)
	ends 0 announce
	[[ ${lines[0]} == 'mailing   week-3-is-open-'???????? ]]
	same "people    $n" "${lines[1]}"
	dir=$(dirname state/bm/*/preview.html)
	grep -q 'Week <strong>3</strong> is open\|Week 3 is open' "$dir/preview.html"
	[ "$(cat "$dir"/spool/*.ndjson | wc -l)" -eq "$n" ]
	[ "$(stat -c %a "$dir")" = 700 ]
	[ ! -s fake/bytes ]
	sqlite3 course.db 'SELECT count(*) FROM deliveries' | grep -qx 0
	command=$(tail -n 1 <<<"$output")
	ends 0 bash -c "$command" 3>&-
	[[ $output == *"  sent "*"100.0 %"* && ${lines[1]} == 'subject  Week 3 is open' ]]
	diff <(received | sort) <(people | sed 's/@.*//' | sort)
	# Again: nobody is left, nobody is mailed.
	ends 0 bash -c "$command" 3>&-
	[ "$(received | wc -l)" -eq "$n" ]
}

@test "--test sends one message, to that address" {
	fake
	ends 0 announce --test me@staff.example
	same 'sent to me@staff.example, as this person would get it:' "${lines[0]}"
	same me "$(received)"
	name=$(jq -r .name state/bm/*/test.ndjson)
	[ -n "$name" ]
	people | grep -qx "$(jq -r .email state/bm/*/test.ndjson)"
	ends 0 announce --test me@staff.example --quiet
	same ''
	# Its links stop nobody's mail.
	t=$(tr -d '\r\n' <fake/mail/1 | grep -o 'List-Unsubscribe: *<[^>]*' |
		sed 's/.*t=//; s/[[:space:]]//g')
	sqlite3 course.db 'SELECT count(*) FROM optouts' >before
	REQUEST_METHOD=POST CONTENT_LENGTH=26 QUERY_STRING="t=$t" \
		CONTENT_TYPE=application/x-www-form-urlencoded \
		bm-optout cgi <<<List-Unsubscribe=One-Click >answer 2>log
	grep -q '^Status: 200' answer
	grep -q 'a test message changes nothing' log
	sqlite3 course.db 'SELECT count(*) FROM optouts' | cmp - before
	# It is not counted as the mailing's.
	ends 75 bm-report --id "$(basename state/bm/*)" --status
	# Why it was not sent is said.
	stop_servers
	fake '{"at":"rcpt","say":"550 5.7.1 not from you"}'
	ends 1 announce --test me@staff.example --quiet
	[[ $output == *'not sent to me@staff.example'*': 550 5.7.1 not from you' ]]
}

# Nobody holds the lock: all processes of the last run have ended.
at_rest() {
	flock -n "$(echo state/bm/*/lock)" true
}

# The server has taken one message for everybody who was selected.
all_once() {
	same "$(jq -r '.email | sub("@.*"; "")' state/bm/*/recipients.ndjson |
		sort)" "$(received | sort)"
}

# Programs that run as they are, but at the call number $KILL_AT kill the
# leader of the process group, or all of it, before or behind their work.
killing_programs() {
	mkdir -p bin
	for program in bm-recipients bm-render bm-batch bm-send bm-report; do
		cat >bin/$program <<-END
			#!/bin/bash
			echo >>"\$CALLS"
			[ "\$(wc -l <"\$CALLS")" -eq "\$KILL_AT" ] || exec $BM_BIN/$program "\$@"
			[ "\$KILL_WHEN" = before ] || $BM_BIN/$program "\$@"
			group=\$(ps -o pgid= \$\$ | tr -d ' ')
			kill -9 -- "\${KILL_WHOM/group/-\$group}" || true
			kill -9 "\${KILL_WHOM/leader/\$group}"
		END
		chmod +x bin/$program
	done
}

@test "killed at any point, run again: everybody once" {
	export CALLS=$PWD/calls KILL_AT KILL_WHEN KILL_WHOM EMAILS_PER_TASK=1
	local args=(--course "$COURSE" --to staff --workers 1
		--subject 'Week 3 is open' body.md --send)
	fake
	killing_programs
	for KILL_AT in 1 2 3 4 5 6 7 8 99; do
		# Each with another kind of death.
		KILL_WHEN=before KILL_WHOM=leader
		[ $((KILL_AT % 2)) -eq 0 ] || KILL_WHEN=after
		[ $((KILL_AT / 2 % 2)) -eq 0 ] || KILL_WHOM=group
		rm -rf state calls
		: >fake/messages
		sqlite3 course.db 'DELETE FROM deliveries; DELETE FROM emails'
		PATH=$PWD/bin:$PATH setsid -w bm-announce "${args[@]}" \
			>out 2>&1 3>&- && [ "$KILL_AT" = 99 ]
		wait_for 10 at_rest
		ends 0 bm-announce "${args[@]}" 3>&-
		all_once
	done
	[ "$(wc -l <calls)" -ge 8 ] # so that each of them was reached
}

@test "stopped while it sends: its senders end, and are waited for" {
	fake '{"at":"rcpt","delay":0.3}'
	local args=(--course "$COURSE" --to learners --subject Slow body.md
		--send --workers 2)
	bm-announce "${args[@]}" >out 2>&1 3>&- &
	wait_for 20 test -s fake/messages
	kill $!
	wait $! || true
	# As long as a sender lives nobody else begins.
	at_rest || ends 75 bm-announce "${args[@]}" 3>&-
	wait_for 10 at_rest
	n=$(received | wc -l)
	[ "$n" -lt 100 ]
	sleep 0.5
	[ "$(received | wc -l)" -eq "$n" ]
	ends 75 bm-report --plan state/bm/*/plan.json --status
	same '' "$(sqlite3 course.db "SELECT * FROM deliveries
		WHERE state NOT IN ('sent', 'deferred')")"
}

@test "each batch has a sender, without xargs or GNU parallel; quotes in the subject" {
	mkdir sys
	ln -s /usr/bin/* /bin/* sys 2>/dev/null || true
	rm -f sys/xargs sys/parallel
	export EMAILS_PER_TASK=1
	fake
	local args=(--course "$COURSE" --to staff
		--subject "It's \$5 & \"more\"" body.md --send)
	PATH=$BM_BIN:$PWD/sys ends 0 bm-announce "${args[@]}" 3>&-
	[ "$(find state/bm/*/spool -name '*.ndjson' | wc -l)" -gt 1 ]
	all_once
}

@test "--not-after: what came of it, when it is over" {
	local args=(--course "$COURSE" --to staff --subject Late body.md)
	ends 2 bm-announce "${args[@]}" --not-after yesterday --send
	same 'bm-announce: --not-after: yesterday is over'
	ends 0 bm-announce "${args[@]}" --not-after '2099-01-01 12:00 +0200'
	same 2099-01-01T10:00:00.000Z \
		"$(jq -r .expires state/bm/*/spool/*.ndjson | sort -u)"
	ends 1 bm-announce "${args[@]}" --not-after yesterday --send --quiet
	same 'bm-announce: --not-after: yesterday is over, and some have not got it'
	ends 0 bm-announce "${args[@]}" --maildir M --send --quiet \
		--not-after tomorrow
	ends 0 bm-announce "${args[@]}" --not-after yesterday --send --quiet
	same ''
}

@test "a relay that is not there: 75, and why" {
	EMAIL_HOST=127.0.0.1 EMAIL_USE_TLS=no EMAIL_PORT=$(free_port) \
		BULK_EMAIL_MAX_RETRIES=0 ends 75 announce --send --quiet
	[[ $output == *'connection: '*"Couldn't connect"* ]]
	# Settings that are wrong are no reason to try again.
	ends 2 announce --send --quiet
	same 'bm-send: EMAIL_HOST is not set: the relay'"'"'s host name or address (bm.conf(5))'
}

@test "a relay that refuses us: 255, and no more senders are started" {
	export EMAILS_PER_TASK=1
	fake '{"at":"mail","say":"550 5.7.1 you may not send"}'
	ends 255 announce --send --quiet --workers 1
	[[ $output == *'you may not send'* ]]
	[ "$(find state/bm/*/spool -name '*.ndjson' | wc -l)" -gt 2 ]
	same 1 "$(grep -c ' < MAIL' fake/bytes)"
}

@test "what has been done is shown before going on" {
	ends 0 announce --maildir M --send --quiet
	n=$(people | wc -l)
	bm-optout add --course "$COURSE" --reason asked "$(people | head -n 1)"
	ends 0 announce
	[[ $output == *"people    $((n - 1))"*"so far    complete: $n of $n have it"* ]]
	[[ $output == *$'\nleft out  1 opted_out\n'* ]]
	[[ $output == *'Nobody is left to send it to. '*'--id week-3-is-open-'????????-2 ]]
}

@test "killed while it sends with all its senders, run again" {
	local args=(--course "$COURSE" --to cohort:Blue
		--subject 'Week 3 is open' --send body.md)
	export EMAILS_PER_TASK=10
	fake '{"at":"mail","delay":0.01}'
	setsid bm-announce "${args[@]}" >out 2>&1 3>&- &
	wait_for 30 test -s fake/messages
	kill -9 -- -$! || true
	wait $! || true
	wait_for 10 at_rest
	run bm-announce "${args[@]}" 3>&-
	# Busy: one worker was settling what the dead had when another came.
	[ "$status" -ne 75 ] || run bm-announce "${args[@]}" 3>&-
	# Whose dot had no answer is held, and neither mailed again nor forgotten.
	bm-report --id "$(basename state/bm/*)" --records --state in_doubt |
		jq -r '.email | sub("@.*"; "")' >doubt
	[ "$status" -eq "$([ -s doubt ] && echo 1 || echo 0)" ]
	same '' "$(received | sort | uniq -d)"
	same "$(jq -r '.email | sub("@.*"; "")' state/bm/*/recipients.ndjson |
		sort)" "$({ received && cat doubt; } | sort -u)"
}

@test "a stage that dies stops it, and nothing is sent" {
	fake
	mkdir bin
	for stage in bm-recipients bm-render bm-batch; do
		rm -f bin/*
		cat >bin/$stage <<-END
			#!/bin/bash
			[[ " \$* " == *" --lint "* || " \$* " == *" --preview "* ]] &&
				exec $BM_BIN/$stage "\$@"
			$BM_BIN/$stage "\$@" | head -n 3
			kill -9 \$\$
		END
		chmod +x bin/$stage
		PATH=$PWD/bin:$PATH ends 137 announce --send
		[[ $output == *"bm-announce: $stage ended with status 137: nothing is sent" ]]
	done
	[ ! -s fake/bytes ]
}

@test "one at a time; --quiet; a text that was changed" {
	ends 0 announce --send --quiet --maildir M
	same ''
	exec 4>"$(echo state/bm/*/lock)"
	flock 4
	ends 75 announce --send --maildir M
	[[ $output == *"is being worked on by another bm-announce" ]]
	ends 75 announce --send --quiet --maildir M
	same ''
	exec 4>&-
	echo more >>body.md
	ends 2 announce --send --quiet --maildir M
	[[ $output == *"was begun with another text"* ]]
	# A correction does not change the id, and the ledger's subject follows it.
	ends 0 bm-announce --course "$COURSE" --to staff --to user:learner1001 \
		--id "$(basename state/bm/*)" --subject 'Corrected {{name}}' body.md \
		--send --quiet --maildir M --accept-content
	same 'Corrected {{name}}' "$(bm-report --json | jq -r .subject)"
}

@test "failures are told with --quiet too, and are the status" {
	fake '{"at":"rcpt","match":"blue","say":"550 5.1.1 no such user"}' \
		'{"at":"rcpt","times":1,"say":"550 5.1.1 no such user"}'
	ends 1 announce --send --quiet
	[[ $output == *'no such user'* ]]
	stop_servers
	fake '{"at":"rcpt","say":"450 4.2.0 later"}'
	ends 75 bm-announce --course "$COURSE" --to staff --subject Other body.md --send
	[[ $output == *'not complete: run the same command again' ]]
}

# On a terminal, with keys that are typed when something is shown.
terminal() {
	TERM=vt100 ends "$1" /usr/bin/python3 "$ROOT/tests/terminal.py" "${@:2}" 3>&-
}

@test "what is put off is waited for, in rounds, and said with its time" {
	export BULK_EMAIL_DEFAULT_RETRY_DELAY=1 BULK_EMAIL_MAX_RETRIES=0
	fake '{"at":"rcpt","times":2,"say":"450 4.2.0 later"}'
	ends 75 announce --send
	[[ $output == *'next try 20'*' 2 deferred'*' 2 put off; the next try is at 20'* ]]
	same '"string" "string"' "$(bm-report --id "$(basename state/bm/*)" --json |
		jq -r '[.next_try, .next_try_last | type | tojson] | join(" ")')"
	ends 0 announce --send --wait
	all_once
	same 0 "$(grep -c 'not complete' <<<"$output")"
	# On a terminal without being asked; a round that sends nobody is no use.
	stop_servers
	fake '{"at":"rcpt","say":"450 4.2.0 later"}'
	local args=(--course "$COURSE" --to staff body.md --send)
	terminal 75 -- bm-announce "${args[@]}" --subject Second
	[[ $output == *'Ctrl-C stops it, and the same command goes on; from'*'bm-send --db='*' --hold second-'* ]]
	[[ $output == *' put off, the next try in 0:0'*' (Ctrl-C ends the wait)'*'not complete: run the same command again'* ]]
	same 2 "$(jq -s 'map(.attempt) | max' state/bm/second-*/outcomes.ndjson)"
	terminal 75 -- bm-announce "${args[@]}" --subject Third --no-wait
	[[ $output != *'the next try in'* ]]
	ends 75 bm-announce "${args[@]}" --subject Third --wait=1ms
	ends 2 bm-announce "${args[@]}" --subject Third --wait --no-wait
}

@test "while it waits: no lock, and a hold, the time or Ctrl-C ends it" {
	export BULK_EMAIL_DEFAULT_RETRY_DELAY=600 BULK_EMAIL_MAX_RETRIES=0
	fake '{"at":"rcpt","times":1,"say":"450 4.2.0 later"}'
	echo +0 >clock
	with_clock clock bm-announce --course "$COURSE" --to staff --subject Held \
		body.md --send --wait >out 2>&1 3>&- &
	wait_for 20 grep -q 'put off; the next try' out
	at_rest
	n=$(received | wc -l)
	bm-send --hold "$(basename state/bm/*)"
	echo +20m >clock
	reaped $! 75
	grep -q "^bm-announce: $(basename state/bm/*) is held$" out
	same "$n" "$(received | wc -l)"
	stop_servers
	fake '{"at":"rcpt","times":1,"say":"450 4.2.0 later"}'
	terminal 75 'the next try in' '\x03' -- bm-announce --course "$COURSE" \
		--to staff --subject Stopped body.md --send
	[[ $output == *"stopped: not complete: $((n)) of $((n + 1)) have it, 1 deferred; the same command goes on"* ]]
}

@test "Ctrl-C, hangup and TERM: the senders finish, and it says how far it came" {
	fake '{"at":"dot","delay":0.2}'
	local args=(--course "$COURSE" --to learners body.md --send --workers 2)
	export EMAILS_PER_TASK=50
	terminal 75 '[1-9][0-9]* sent' '\x03' -- bm-announce "${args[@]}" --subject C
	# The line of the progress ends before anything else is said.
	[[ $output == *$'\r\033[K'[1-9]*' of '*' sent'*$'\n''bm-announce: the senders finish what they are at'$'\n'* ]]
	[[ $output == *'bm-announce: stopped: not complete: '*' have it, '*'; the same command goes on'* ]]
	terminal 75 '[1-9][0-9]* sent' HANGUP -- bm-announce "${args[@]}" --subject H
	# Ctrl-C before anything is sent.
	mkdir bin
	printf '#!/bin/sh\necho begun >&2\nsleep 60\n' >bin/bm-render
	chmod +x bin/bm-render
	PATH=$PWD/bin:$PATH terminal 75 begun '\x03' -- bm-announce "${args[@]}" --subject P
	[[ $output == *'bm-announce: stopped before anything was sent'* ]]
	same 0 "$(sqlite3 course.db "SELECT count(*) FROM deliveries
		WHERE state NOT IN ('sent', 'deferred')")"
}

@test "held, released, cancelled: what goes on, and what does not" {
	local args=(--course "$COURSE" --to staff body.md --maildir M --subject Held)
	ends 0 bm-announce "${args[@]}" --send --quiet --limit 1
	id=$(basename state/bm/*)
	bm-send --hold "$id"
	ends 0 bm-announce "${args[@]}"
	release=$(grep -A 1 'It is held, and nothing is sent before:' <<<"$output" | tail -n 1)
	ends 75 bm-announce "${args[@]}" --send
	same "bm-announce: not complete, and held: ${release#  } lets it go on" "${lines[-1]}"
	bash -c "$release"
	ends 0 bm-announce "${args[@]}" --send --limit 2
	bm-send --cancel "$id"
	ends 0 bm-announce "${args[@]}"
	[[ $output == *'It is cancelled for good. Another mailing with this subject takes an id of its own:'*"--id $id-2" ]]
	[[ $output != *--send* ]]
}

@test "those whose mail failed are mailed again, and nobody else" {
	fake '{"at":"rcpt","match":"prof","say":"550 5.2.2 mailbox full"}' \
		'{"at":"rcpt","times":2,"say":"552 5.2.2 mailbox full"}'
	run announce --send --quiet
	[ "$status" -eq 1 ]
	id=$(basename state/bm/*)
	sqlite3 course.db "SELECT email FROM deliveries WHERE state = 'failed'
		AND email_id = '$id'" | sort >failed
	[ "$(wc -l <failed)" -ge 2 ]
	stop_servers
	fake
	bm-recipients --course "$COURSE" --to all --ledger "$id=failed" |
		bm-render --id again --subject Again body.md | bm-send >outcomes
	jq -r 'select(.status == "sent") | .email' outcomes | sort | diff failed -
	diff <(received | sort) <(sed 's/@.*//' failed | sort)
}

@test "cron: what is wrong with a finished mailing is told once" {
	local args=(--course "$COURSE" --to staff --to user:bad body.md --maildir M
		--subject Cron --send --quiet)
	sqlite3 course.db "INSERT INTO users(id, username, email, key, name)
		VALUES('b1', 'bad', 'no address', 'no address', 'B');
		INSERT INTO enrollments(course_id, user_id) VALUES('$COURSE', 'b1')"
	ends 1 bm-announce "${args[@]}"
	[[ $output == *'bm-recipients: '*'complete: '* ]]
	ends 1 bm-announce "${args[@]}"
	same ''
	ends 0 bm-announce "${args[@]}" --not-after yesterday
	same ''
	# Whoever looks sees it again, and so does cron's reader when it changes.
	ends 1 bm-announce "${args[@]/--quiet/--verbose}"
	[[ $output == *'bm-recipients: '* ]]
	sqlite3 course.db "UPDATE users SET email = 'another' WHERE id = 'b1'"
	ends 1 bm-announce "${args[@]}"
	[[ $output == *'another'* ]]
	ends 1 bm-announce "${args[@]}"
	same ''
}

@test "another text is told in the dry run; {{date}} in an id; --not-before" {
	local args=(--course "$COURSE" --to staff body.md --subject Text)
	ends 0 bm-announce "${args[@]}" --maildir M --send --quiet --limit 2
	echo more >>body.md
	ends 0 bm-announce "${args[@]}"
	[[ $output == *$'\ntext      not the one that the mailing was begun with, which 2 have:\n'*'--accept-content to send'*'--id ID for a mailing to all'* ]]
	# The first sender that is refused is the last one.
	EMAILS_PER_TASK=1 ends 2 bm-announce "${args[@]}" --maildir M --send --workers 1
	same 1 "$(grep -c 'another text' <<<"$output")"
	ends 0 bm-announce "${args[@]}" --id 'week-{{date}}'
	[[ ${lines[0]} == "mailing   week-$(date +%F)" ]]
	ends 75 bm-announce "${args[@]}" --id later --not-before tomorrow --send --maildir M
	same 'bm-announce: --not-before: tomorrow is to come: nothing is sent yet'
	ends 75 bm-announce "${args[@]}" --id later --not-before tomorrow --send --maildir M --quiet
	same ''
	ends 0 bm-announce "${args[@]}" --id later --not-before yesterday --send --maildir M --quiet
	ends 2 bm-announce "${args[@]}" --not-before whenever
}

@test "people of a query, of a file, and of another mailing's ledger" {
	local args=(--course "$COURSE" body.md --maildir M --quiet --send)
	printf 'email,name\nx@guest.example,X\n' >guests.csv
	ends 0 bm-announce "${args[@]}" --read guests.csv --subject Read
	same x@guest.example "$(jq -r .email state/bm/read-*/recipients.ndjson)"
	ends 0 bm-announce "${args[@]}" --subject Query --query \
		"SELECT email, name FROM users WHERE username = 'learner1001'" \
		--query-db course.db --timeout 20s
	same 1 "$(wc -l <state/bm/query-*/recipients.ndjson)"
	# A correction to those who have the first text, and to nobody else.
	ends 0 bm-announce "${args[@]}" --to staff --subject First --limit 2
	ends 0 bm-announce "${args[@]}" --to all --subject Correction \
		--ledger "$(basename state/bm/first-*)=sent"
	same "$(jq -r .email state/bm/first-*/recipients.ndjson | sort)" \
		"$(jq -r .email state/bm/correction-*/recipients.ndjson | sort)"
	ends 2 bm-announce "${args[@]}" --to all --read guests.csv --subject S
	sqlite3 course.db "UPDATE users SET last_login = NULL
		WHERE username = 'learner1002'"
	ends 0 bm-announce "${args[@]}" --to learners --never-logged-in --subject Never
	same learner1002 "$(jq -r .username state/bm/never-*/recipients.ndjson)"
	ends 0 bm-announce "${args[@]}" --to learners --last-login-before 1d \
		--never-logged-in --subject Reminder --limit 3
	same 3 "$(wc -l <state/bm/reminder-*/recipients.ndjson)"
	ends 0 bm-announce "${args[@]}" --to staff --subject Loud --verbose
	[[ $output == *'bm-recipients: '*' selected, '*' to be mailed'* ]]
	ends 2 bm-announce "${args[@]}" --query-db x --to all --subject S
}

@test "usage" {
	ends 2 bm-announce
	[[ $output == 'bm-announce: --course is missing; usage: '* ]]
	ends 2 announce --sned
	[[ $output == 'bm-announce: unknown option --sned, did you mean --send?; '* ]]
	ends 2 announce --to
	[[ $output == 'bm-announce: option --to needs a value; usage: '* ]]
	ends 2 announce other.md
	ends 2 announce --test a@b.example --send
	ends 2 announce --workers 0
	ends 2 announce --not-after whenever --send
	mkdir -m 755 open
	ends 2 announce --dir open
	ends 2 announce --expect 1
	ends 2 bm-announce --course "$COURSE" --to nobody --subject x body.md
	ends 2 bm-announce --course none --to staff --subject x body.md
	ends 2 bm-announce --course "$COURSE" --to cohort:None --subject x body.md
	sqlite3 course.db 'UPDATE roles SET role = "none"'
	ends 1 bm-announce --course "$COURSE" --to staff --subject x body.md
	same 'bm-recipients: nobody to mail'
	ends 0 bm-announce --help
	[ "$(wc -L <<<"$output")" -le 80 ]
	ends 0 bm-announce --version
	[[ ${lines[0]} == 'bm-announce (bm) '* ]]
}

# What stands between .Bd and .Ed behind the line $1 of the manual.
example() {
	sed -n "/^$1/,/^\.Ed/p" "$ROOT/man/bm-announce.1" |
		sed -n '/^\.Bd/,/^\.Ed/p' | sed '1d;$d; s/\\e/\\/g; s/\\-/-/g'
}

@test "the manual's systemd service and timer" {
	mkdir units
	example 'A systemd service' >units/bm-week3.service
	example 'and its timer' >units/bm-week3.timer
	sed -i "s,/usr/local/bin/bm-announce,$BM_BIN/bm-announce,; s/^User=.*/User=daemon/" \
		units/bm-week3.service
	ends 0 systemd-analyze verify --man=no units/bm-week3.service units/bm-week3.timer
	same ''
}

@test "the manual's crontab, with what cron gives" {
	line=$(example 'A line of' | cut -d ' ' -f 6-)
	[[ $line == /usr/local/bin/bm-announce* ]]
	# Installed somewhere else, for a user with settings in the home directory.
	mkdir -p local/bin .config/bm
	cp "$BM_BIN"/bm-* local/bin
	cp body.md week3.md
	cp bm.conf .config/bm
	fake
	printf '%s\n' "EMAIL_HOST=$EMAIL_HOST" "EMAIL_PORT=$EMAIL_PORT" \
		EMAIL_USE_TLS=no >>.config/bm/bm.conf
	ends 0 env -i HOME="$PWD" LOGNAME=x SHELL=/bin/sh PATH=/usr/bin:/bin \
		/bin/sh -c "${line/\/usr/$PWD}" 3>&-
	same ''
	[ "$(received | wc -l)" -eq "$(wc -l <.local/state/bm/*/recipients.ndjson)" ]
}

@test "with BM_DKIM_KEYS every message is signed, the test as well, or not sent" {
	fake
	bm-sign keygen --selector s1 >/dev/null
	echo 'BM_DKIM_KEYS=s1=s1.pem' >>bm.conf
	n=$(people | wc -l)
	ends 0 announce
	[[ $output == *'signed    with DKIM'* ]]
	[ ! -s fake/messages ]
	ends 0 announce --test me@uni.example
	ends 0 announce --send
	same $((n + 1)) "$(find fake/mail -type f | wc -l)"
	ends 0 bm-sign verify --key s1=s1.pem fake/mail/*
	same $((n + 1)) "$(grep -c ': pass d=' <<<"$output")"
	# A resume signs again, and mails nobody twice.
	ends 0 announce --send
	same $((n + 1)) "$(find fake/mail -type f | wc -l)"
	echo 'BM_DKIM_DOMAIN=other.example' >>bm.conf
	ends 1 announce --id next --send
	[[ $output == *'no message could be signed'* ]]
	ends 1 announce --id next --test me@uni.example
	chmod 644 s1.pem
	ends 2 announce --id next --send
	[[ $output == *'s1.pem: holds a secret'*'nothing is sent'* ]]
	same $((n + 1)) "$(find fake/mail -type f | wc -l)"
}

@test "--relay-profile ses: Date and Message-ID stay unsigned" {
	fake
	bm-sign keygen --selector s1 >/dev/null
	export BM_DKIM_KEYS=s1=s1.pem
	ends 0 announce --relay-profile ses --send
	run ! grep -hE '[h: ](date|message-id)[:;]' fake/mail/*
	ends 0 bm-sign verify --key s1=s1.pem fake/mail/*
	BM_DKIM_EASY=yes ends 2 announce --id next --relay-profile ses --send
	[[ $output == *'Easy DKIM is on'* ]]
}

@test "no home: it says so, 2; a path that is not absolute is none" {
	unset XDG_STATE_HOME HOME
	ends 2 bm-announce --course "$COURSE" --to all --subject S body.md
	same "bm-announce: neither XDG_STATE_HOME nor HOME is set: use --dir"
	HOME='' ends 2 bm-announce --course "$COURSE" --to all --subject S body.md
	export HOME=$PWD/home XDG_STATE_HOME=relative
	mkdir home
	run bm-announce --course "$COURSE" --to all --subject S body.md
	[ ! -e relative ]
	[ -d home/.local/state/bm ]
}

@test "its folder is named by a valid id, belongs to us, and has no links of others" {
	for id in ../../../escape a/b . .hidden -x '' "$(printf %300s '' | tr ' ' x)"; do
		ends 2 announce --id="$id"
		[[ $output == "bm-announce: --id $id: the email id "* ]]
	done
	same "" "$(ls state 2>/dev/null)"
	# Links that somebody of the group has put there.
	mkdir -m 770 shared
	echo kept >precious
	for file in lock recipients.ndjson.part recipients.rejects preview.html \
		plan.json messages.ndjson.part outcomes.ndjson; do
		ln -s "$PWD/precious" "shared/$file"
		announce --dir shared >out 2>&1 || true
		grep -qx kept precious
		rm "shared/$file"
	done
	ln -s "$PWD/precious" shared/recipients.ndjson.part
	ends 2 announce --dir shared
	[[ $output == *'is a link in a folder that others may write'* ]]
	rm shared/recipients.ndjson.part
	if [ "$(id -u)" -eq 0 ]; then
		chown 54321 shared
		ends 2 announce --dir shared
		same "bm-announce: $PWD/shared belongs to uid 54321, and\
 addresses go there: use a folder of your own"
	fi
}
