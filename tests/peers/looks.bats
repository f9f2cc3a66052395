#!/usr/bin/env bats
# Pages in Chromium at 320 px, and what a terminal of 80 x 24 and of 40 columns
# shows: nothing out of sight, nothing told by a colour only, and contrast.

# shellcheck disable=SC2030,SC2031,SC2034,SC2153,SC2154 # bats and smtp.bash

BATS_TEST_DIRNAME=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
load helper
load smtp

COURSE=course-v1:UniX+CS101+2026

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	SERVERS=()
	export BM_DB=$PWD/bm.db BM_KEY_FILE=$PWD/key XDG_STATE_HOME=$PWD/state
	export BM_OPTOUT_URL=https://learn.example/optout
	export BM_POSTAL_ADDRESS='1 College Street'
	export DEFAULT_BULK_FROM_EMAIL='Computing 101 <cs101@uni.example>'
	bm-import --create --course "$COURSE" --title 'Computing 101' 2>/dev/null
	bm-optout keygen 2>/dev/null
}

teardown() {
	stop_servers
}

looks() { # STATUS PAGE...
	ends "$1" timeout 120 /usr/bin/python3 "$ROOT/tests/judges/looks.py" "${@:2}"
}

# page PARAMETER LANGUAGE: the opt-out page.
page() {
	REQUEST_METHOD=GET QUERY_STRING="t=$1" HTTP_ACCEPT_LANGUAGE=$2 \
		bm-optout cgi 2>/dev/null | sed '1,/^\r*$/d'
}

@test "at 320 px: the report, the opt-out page and the preview" {
	sqlite3 bm.db <"$ROOT/tests/data/ledger.sql"
	# Long names, large numbers and every state.
	sqlite3 bm.db "UPDATE deliveries SET key = key || '.' || hex(randomblob(30)) ||
		'.example' WHERE key LIKE 's%' OR key LIKE 'd%'"
	bm-report --id week3 --total 9876543 --html report.html
	url=$(bm-optout url --course "$COURSE" --user-id 1 ada@uni.example)
	for language in en es ar; do
		page "${url#*t=}" $language >optout-$language.html
	done
	page none en >optout-none.html
	jq -nc '{email: ("ada." + "lovelace." * 5 + "@uni.example"), name: "Ada",
		user_id: "1"}' >ada
	printf '# Hello {{name}}\n\nSee [x](week3.html).\n' >body.md
	bm-render --id w --subject 'A long subject: week 3 of Computing 101' \
		--preview preview.html body.md <ada || [ $? -eq 1 ]
	looks 0 report.html optout-*.html preview.html
	same '6 pages, 0 findings, contrast '"$(sed -n 's/.*contrast //p' <<<"$output")"
}

@test "what is out of sight, unnamed, coloured only or faint is found" {
	sqlite3 bm.db <"$ROOT/tests/data/ledger.sql"
	bm-report --id week3 --html page.html
	sed 's/max-width:40rem/max-width:1rem/' page.html >wide.html
	sed 's/content:"sent"/content:"total"/' page.html >named.html
	sed 's/--dim:#57606a/--dim:#777/' page.html >faint.html
	sed -E 's/(<li class="s0">).*/\1<b>7<\/b><\/li>/' page.html >silent.html
	for name in wide named faint silent; do
		looks 1 $name.html
		echo "$output" >>found
	done
	for finding in 'wide.html: scrolls sideways: ' 'wide.html: out of sight: ' \
		'named.html: no name: td.n "1,950": total, not sent' \
		'faint.html: contrast 4.4' 'silent.html: a colour without a word: '; do
		grep -F "$finding" found || {
			echo "no $finding"
			return 1
		}
	done
}

# on COLUMNS COMMAND...: what a terminal of that width gets, and any status.
on() {
	local width=$1

	shift
	COLUMNS=$width TERM=${TERMINAL:-xterm} timeout 60 /usr/bin/python3 \
		"$ROOT/tests/terminal.py" -- "$@" || true
}

# The widest of what stands on a line, without colours; a line that is written
# over again and again is several.
widest() {
	sed 's/\x1b\[[0-9;]*[mK]//g' | tr '\r' '\n' | wc -L
}

@test "on a terminal of 80 and of 40 columns, without colours, on a dumb one" {
	export BULK_EMAIL_MAX_RETRIES=0 BULK_EMAIL_DEFAULT_RETRY_DELAY=1
	fake '{"at":"rcpt","match":"u8@","say":"550 5.1.1 there is no such user here, and there has never been one of that name"}' \
		'{"at":"rcpt","match":"u7@","times":1,"say":"450 4.2.0 later"}'
	seq 12 | sed 's/.*/&,u&@a-rather-long-name-of-a-domain.uni.example,N&/
		1i id,email,name' >learners.csv
	bm-import --course "$COURSE" learners.csv 2>/dev/null
	echo '# Hello {{name}}' >body.md
	local args=(--course "$COURSE" --to learners body.md
		--subject 'A subject that is longer than forty columns are wide')
	# The dry run is whole: what is long goes on in the next line.
	for width in 80 40; do
		on $width bm-announce "${args[@]}" | grep -v '^bm-recipients' >shown
		bm-announce "${args[@]}" 2>/dev/null | diff - shown
	done
	# The lines that are written over fit.
	COLUMNS=40 TERM=xterm timeout 60 /usr/bin/python3 "$ROOT/tests/terminal.py" \
		-- bm-announce "${args[@]}" --send >shown || [ $? -eq 1 ]
	grep -c $'\r' shown
	grep $'\r' shown >over
	grep -q ' put off, the next try in 0:0' over
	[ "$(widest <over)" -le 40 ]
	id=$(bm-report --json | jq -r .email_id)
	bm-report --id "$id" --json >json
	for width in 80 40; do
		for look in '' "--id $id" '--who u8@a-rather-long-name-of-a-domain.uni.example'; do
			# shellcheck disable=SC2086 # they are several
			on $width bm-report $look >shown
			case $look in
			--who*) run ! grep -q … shown ;;
			*) [ "$(widest <shown)" -le $width ] ;;
			esac
			# What is cut is whole in a pipe or in JSON.
			{
				# shellcheck disable=SC2086
				bm-report $look
				cat json
			} >whole
			sed 's/\x1b\[[0-9;]*m//g' shown | grep -oE '[^ ]+…' |
				sed 's/…$//' >short || true
			while read -r words; do
				grep -qF -- "$words" whole
			done <short
			# shellcheck disable=SC2086
			NO_COLOR=1 on $width bm-report $look >plain
			same "$(sed 's/\x1b\[[0-9;]*m//g' shown)" "$(<plain)"
			run ! grep -q $'\x1b' plain
		done
	done
	# A dumb terminal: no escapes, and no line over another.
	TERMINAL=dumb on 40 bm-announce "${args[@]}" --id other --send >shown
	grep -q '11 of 11: 11 sent' shown
	run ! grep -q $'[\x1b\r]' shown
}
