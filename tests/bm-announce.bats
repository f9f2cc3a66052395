# A whole mailing in one command, as a newcomer would do it.
# shellcheck disable=SC2154,SC2034 # bats and smtp.bash know them
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
	cp "$FOLDER/course.db" "$FOLDER/bm.key" "$FOLDER/bm.conf" \
		"$BATS_FILE_TMPDIR/body.md" .
	sed -i "s,^BM_DB=.*,BM_DB=$PWD/course.db," bm.conf
	export BM_CONFIG=$PWD/bm.conf XDG_STATE_HOME=$PWD/state
	PATH=$ROOT/scripts:$PATH
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
	[[ $output == *"  sent "*"100.0 %"* ]]
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
	# It is not counted as the mailing's.
	ends 75 bm-report --id "$(basename state/bm/*)" --status
}

@test "killed while it sends, run again: everybody once" {
	local args=(--course "$COURSE" --to cohort:Blue --maildir M
		--subject 'Week 3 is open' --send body.md)
	export EMAILS_PER_TASK=10
	setsid bm-announce "${args[@]}" >out 2>&1 3>&- &
	wait_for 30 bash -c 'find M/new -type f 2>/dev/null | grep -q .'
	kill -9 -- -$! || true
	wait $! || true
	ends 0 bm-announce "${args[@]}" 3>&-
	[ "$(find M/new -type f | wc -l)" -eq "$(cat state/bm/*/recipients.ndjson | wc -l)" ]
	find M/new -type f -exec sed -n 's/^To: .*<\(.*\)>.*/\1/p; s/^To: \([^<]*@[^<]*\)\r$/\1/p' {} + |
		sort | uniq -d >twice
	same '' "$(cat twice)"
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
	exec 4>&-
	echo more >>body.md
	ends 2 announce --send --quiet --maildir M
	[[ $output == *"was begun with another text"* ]]
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

@test "usage" {
	ends 2 bm-announce
	same 'bm-announce: --course is missing'
	ends 2 announce --sned
	[[ $output == 'bm-announce: option --sned needs a value' ]]
	ends 2 announce other.md
	ends 2 announce --test a@b.example --send
	ends 2 announce --workers 0
	ends 2 announce --not-after 2001-01-01 --send
	same 'bm-announce: --not-after: 2001-01-01 is over'
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

@test "the manual's timer and crontab" {
	mkdir units
	example 'A systemd service' >units/bm-week3.service
	example 'and its timer' >units/bm-week3.timer
	sed -i "s,/usr/local/bin/bm-announce,$ROOT/scripts/bm-announce,; s/^User=.*/User=daemon/" \
		units/bm-week3.service
	ends 0 systemd-analyze verify --man=no units/bm-week3.service units/bm-week3.timer
	same ''
	# cron runs its line with /bin/sh and next to no environment.
	line=$(example 'A line of' | cut -d ' ' -f 6-)
	[[ $line == bm-announce* ]]
	line=$(sed "s,week3.md,body.md,; s,bm-announce,& --config bm.conf --maildir M," <<<"$line")
	ends 0 env -i HOME="$PWD" LOGNAME=x SHELL=/bin/sh \
		PATH="$BM_BIN:$ROOT/scripts:/usr/bin:/bin" /bin/sh -c "$line" 3>&-
	same ''
	[ "$(find M/new -type f | wc -l)" -gt 0 ]
}
