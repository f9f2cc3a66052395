#!/usr/bin/env bats
# A week of an admin, with a terminal where one sits before it: every status and
# closing line, and, by the count of the server, everybody once.

# shellcheck disable=SC2030,SC2031,SC2034,SC2153,SC2154 # bats and smtp.bash

BATS_TEST_DIRNAME=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
load helper
load smtp

COURSE=course-v1:UniX+CS101+2026

# u5 does not want mail, u8 is not there and left out from then on, u7 is put off
# until later, u9 has too much mail for a while, and the dot of u30 waits as long
# as the test needs somebody under way.
setup() {
	cd "$BATS_TEST_TMPDIR" || return
	SERVERS=()
	export BM_DB=$PWD/bm.db BM_KEY_FILE=$PWD/key XDG_STATE_HOME=$PWD/state
	export BM_OPTOUT_URL=https://learn.example/optout
	export BM_POSTAL_ADDRESS='1 College Street'
	export DEFAULT_BULK_FROM_EMAIL='Computing 101 <cs101@uni.example>'
	export EMAILS_PER_TASK=10 BULK_EMAIL_MAX_RETRIES=0
	export BULK_EMAIL_DEFAULT_RETRY_DELAY=1
	fake '{"at":"rcpt","match":"u8@","say":"550 5.1.1 no such user"}' \
		'{"at":"rcpt","match":"u7@","unless":"later","say":"450 4.2.0 later"}' \
		'{"at":"rcpt","match":"u9@","unless":"room","say":"550 5.2.2 mailbox full"}' \
		'{"at":"dot","match":"u30@","until":"go"}'
	touch "$FAKE/room"
	awk -v login="$(date +%F)" 'BEGIN {
		print "id,username,email,name,last_login"
		for (i = 1; i <= 40; i++)
			printf "%d,u%d,u%d@uni.example,N%d,%s\n", i, i, i, i,
				i % 4 ? login : ""
	}' >learners.csv
	echo '# Hello {{name}}' >week3.md
	echo '# Sorry, {{name}}' >sorry.md
	ends 0 bm-optout keygen
	ends 0 bm-import --create --course "$COURSE" --title 'Computing 101' learners.csv
	[[ $output == *'bm-import: 40 rows: 40 people (40 new'* ]]
	ends 0 bm-optout add --course "$COURSE" --reason 'asked by phone' user:u5
	same 'bm-optout: u5@uni.example: no more mail of Computing 101 (user 5)'
	ends 0 bm-send --check
}

teardown() {
	stop_servers
}

# say STATUS SUBJECT [OPTION...]: the announcement of week 3, or of BODY.
say() {
	ends "$1" bm-announce --course "$COURSE" --subject "$2" "${BODY:-week3.md}" "${@:3}"
}

# The same on a terminal: sit STATUS STEPS... -- SUBJECT [OPTION...]
sit() {
	local status=$1 steps=()

	shift
	while [ "$1" != -- ]; do
		steps+=("$1")
		shift
	done
	TERM=xterm ends "$status" timeout 120 /usr/bin/python3 "$ROOT/tests/terminal.py" \
		"${steps[@]}" -- bm-announce --course "$COURSE" --subject "$2" week3.md "${@:3}"
}

# closes LINE: it is the last one; the pattern is bash's.
closes() {
	# shellcheck disable=SC2053 # a pattern
	[[ ${lines[-1]} == $1 ]] || {
		printf 'closing line: %s\nnot: %s\n' "${lines[-1]}" "$1"
		return 1
	}
}

# id SUBJECT: of the mailing, as it is listed.
id() {
	bm-report --json | jq -r --arg s "$1" 'select(.subject == $s) | .email_id'
}

# had SUBJECT: which learners got it, as the server counts, in order: "u1", or
# "2 u1" if it took two.
had() {
	/usr/bin/python3 - "$FAKE" "$1" <<-'END'
		import collections, email, email.policy, json, sys
		fake, subject = sys.argv[1:]
		count = collections.Counter()
		for line in open(fake + '/messages'):
		    m = json.loads(line)
		    if not m['reply'].startswith('2'):
		        continue
		    with open('%s/mail/%d' % (fake, m['n']), 'rb') as f:
		        mail = email.message_from_binary_file(
		            f, policy=email.policy.default)
		    if mail['Subject'] == subject and m['rcpt'] != ['me@uni.example']:
		        for to in m['rcpt']:
		            count[to.split('@')[0]] += 1
		for name in sorted(count, key=lambda n: (len(n), n)):
		    print(name if count[name] == 1 else '%d %s' % (count[name], name))
	END
}

everybody_but() { # NAME...
	seq -f 'u%g' 40 | grep -vxF "$(printf '%s\n' "$@")"
}

first_mailing() {
	mkdir -p bin
	printf '#!/bin/sh\necho begun >&2\nsleep 600\n' >bin/bm-render
	chmod +x bin/bm-render
	# Looked at, and tried.
	say 0 'Week 3' --to learners
	[[ $output == *$'\npeople    39\n'*$'\nleft out  1 opted_out\n'*$'\nNothing was sent. '* ]]
	closes '  bm-announce *--send'
	say 0 'Week 3' --to learners --test me@uni.example
	closes '  u1@uni.example'
	same me "$(received)"
	# Ctrl-C while the messages are made, while they are under way, and
	# while somebody is put off.
	PATH=$PWD/bin:$PATH sit 75 begun '\x03' -- 'Week 3' --to learners --send
	closes '*bm-announce: stopped before anything was sent'
	same me "$(received)"
	sit 75 '[1-9][0-9]* sent' "!until grep -q u30@ $FAKE/bytes; do sleep 0.05; done" \
		' sent' '\x03' 'finish what they are at' "!touch $FAKE/go" \
		-- 'Week 3' --to learners --send --workers 2
	closes 'bm-announce: stopped: not complete: *; the same command goes on'
	had 'Week 3' | grep -x u30
	sit 75 'the next try in' '\x03' -- 'Week 3' --to learners --send
	closes 'bm-announce: stopped: not complete: 37 of 39 have it, 1 failed, 1 deferred; the same command goes on'
	# Resumed, it waits by itself, and is complete.
	touch "$FAKE/later"
	sit 1 -- 'Week 3' --to learners --send
	[[ $output == *'complete: 38 of 39 have it, 1 failed'* ]]
	[[ $output != *'not complete'* ]]
	say 0 'Week 3' --to learners
	[[ $output == *$'\nso far    complete: 38 of 39 have it, 1 failed\n'* ]]
	[[ $output == *$'\nNobody is left to send it to. '* ]]
	closes "  bm-announce * --id $(id 'Week 3')-2"
	same "$(everybody_but u5 u8)" "$(had 'Week 3')"
}

correction_and_reminder() {
	BODY=sorry.md say 0 'Week 3, corrected' --to all --ledger "$(id 'Week 3')=sent"
	[[ $output == *$'\npeople    38\n'* ]]
	BODY=sorry.md say 0 'Week 3, corrected' --to all --ledger "$(id 'Week 3')=sent" --send
	[[ $output == *'complete: 38 of 38 have it'* ]]
	same "$(everybody_but u5 u8)" "$(had 'Week 3, corrected')"
	# u8, who is not there, is one of those who have never come.
	say 0 Reminder --to learners --never-logged-in --send
	[[ $output == *'complete: 9 of 9 have it'* ]]
	same "$(seq -f 'u%g' 4 4 40 | grep -vx u8)" "$(had Reminder)"
}

cron() {
	rm "$FAKE/room"
	say 1 Cron --to learners --id 'week-{{date}}' --send --quiet
	[[ $output == *'complete: 37 of 38 have it, 1 failed'* ]]
	say 1 Cron --to learners --id 'week-{{date}}' --send --quiet
	same ''
	same "$(everybody_but u5 u8 u9)" "$(had Cron)"
	touch "$FAKE/room"
	say 0 'All well' --to user:u1 --send --quiet
	same ''
	say 0 'All well' --to user:u1 --send --quiet
	same ''
	same u1 "$(had 'All well')"
}

questions() {
	ends 0 bm-report --who u8@uni.example
	same 'u8@uni.example (user 8)' "${lines[0]}"
	same 1 "$(grep -c 'failed.*550 5.1.1 no such user' <<<"$output")"
	ends 0 bm-report --who user:u7
	same 3 "$(grep -c ' sent .*250 ' <<<"$output")"
	ends 0 bm-report --who user:u5
	[[ $output == *'asked by phone'* && $output != *' sent '* ]]
	ends 1 bm-report --who nobody@uni.example
	# For the dean: the numbers are those of the server.
	bm-report --json >numbers
	for subject in 'Week 3' 'Week 3, corrected' Reminder Cron 'All well'; do
		same "$(had "$subject" | wc -l)" "$(jq --arg s "$subject" \
			'select(.subject == $s) | .sent' numbers)"
	done
	ends 0 bm-report --id "$(id 'Week 3')" --html dean.html
	grep -q '38 of 39' dean.html
	same 40 "$(bm-report --id "$(id 'Week 3')" --csv | wc -l)"
}

# held_while STATUS SUBJECT OPTION: bm-send OPTION elsewhere, with u30 under way.
held_while() {
	rm "$FAKE/go"
	sit "$1" '[1-9][0-9]* sent' "!bm-send $3 \$(basename state/bm/${2,,}-*) && touch $FAKE/go" \
		-- "$2" --to learners --send --workers 1
}

hold_release_cancel() {
	held_while 75 Hold --hold
	closes "bm-announce: not complete, and held: *bm-send *--release $(id Hold) lets it go on"
	say 75 Hold --to learners --send
	before=$(had Hold)
	[ "$(wc -l <<<"$before")" -lt 38 ]
	ends 75 bm-report --id "$(id Hold)" --status
	ends 0 bm-send --release "$(id Hold)"
	say 0 Hold --to learners --send
	[[ $output == *'complete: 38 of 38 have it'* ]]
	same "$(everybody_but u5 u8)" "$(had Hold)"
	held_while 0 Cancel --cancel
	before=$(had Cancel)
	say 0 Cancel --to learners --send
	[[ $output == *'cancelled: '*' of 38 have it, '* ]]
	same "$before" "$(had Cancel)"
	[ "$(wc -l <<<"$before")" -lt 38 ]
	ends 0 bm-report --id "$(id Cancel)" --status
	ends 2 bm-send --release nosuch
}

@test "a week: stopped, resumed, corrected, repeated, asked about, held, cancelled" {
	first_mailing
	correction_and_reminder
	cron
	questions
	hold_release_cancel
	same '' "$(sqlite3 "$BM_DB" "SELECT * FROM deliveries
		WHERE state IN ('in_doubt', 'claimed')")"
	ends 0 bm-report --verify
}
