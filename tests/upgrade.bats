# What an older bm has left behind (tests/data/upgrade): databases, journals,
# keys, batches and plans. This one goes on with it.
# shellcheck disable=SC2030,SC2031,SC2034 # bats runs each test in a subshell

load helper
load smtp

COURSE=course-v1:UniX+CS101+2026

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	SERVERS=()
	use "$ROOT/tests/data/upgrade"
}

teardown() {
	stop_servers
}

# use DIR: a copy of it, with the modes that Git does not keep, upgraded. An
# upgrade leaves a copy of the database as it was.
use() {
	local db

	rm -rf left
	mkdir left
	cp -r "$1"/{mailing,waiting,killed,torn,running} left
	chmod 600 left/mailing/key left/*/db*
	chmod 700 left/*/db-run left/*/
	for db in left/*/db; do
		BM_DB=$db bm-optout init --upgrade 2>>upgraded
	done
	export BM_KEY_FILE=left/mailing/key BM_DB=left/mailing/db
	export BM_OPTOUT_URL=https://learn.example/optout
}

# go_on FOLDER STATUS: the sender runs again, and all is as expected.
go_on() {
	export BM_DB=left/$1/db
	fake
	ends "$2" --separate-stderr timeout 60 bm-send --wait \
		--plan left/mailing/plan left/mailing/spool/*
	same "$(cut -d' ' -f 1,2 "left/$1/expected")" \
		"$(sqlite3 "$BM_DB" "SELECT substr(email, 1, 3) || ' ' || state
			FROM deliveries ORDER BY key")"
	same "$(awk '$3 == "now" { print $1 }' "left/$1/expected" | sort)" \
		"$(received | sort)"
	same "" "$(sqlite3 "$BM_DB" 'SELECT * FROM deliveries
		WHERE owner IS NOT NULL')"
	same "" "$(find "left/$1/db-run" -name '*.log')"
	ends 0 bm-report --verify --id old --plan left/mailing/plan
	stop_servers
}

goes_on_from() { # SCHEMA
	local folder

	use "$ROOT/tests/data/upgrade/schema-$1"
	cp "$ROOT/tests/data/upgrade/schema-$1/mailing/db" old.db
	same "$1" "$(sqlite3 old.db 'PRAGMA user_version')"
	go_on mailing 0
	go_on waiting 1
	for folder in killed torn running; do
		go_on "$folder" 1
	done
}

@test "a database of an older schema is refused until it is upgraded" {
	local copy=left/killed/db.schema-2

	same 2 "$(sqlite3 "$copy" 'PRAGMA user_version')"
	for program in 'bm-send left/mailing/spool/000001.ndjson' \
		'bm-report --id old' "bm-recipients --course $COURSE --to learners"; do
		# shellcheck disable=SC2086 # a command and its operands
		BM_DB=$copy ends 2 $program
		[[ $output == *'has the older schema 2 (bm-optout init --upgrade brings it to '* ]]
	done
	same "" "$(grep -v 'has the newest schema; as it was: ' upgraded)"
	ends 0 bm-optout init --upgrade
	[[ $output == *'has the newest schema' ]]
}

# opened PID FILE: the process has the file open.
opened() {
	find "/proc/$1/fd" -lname "$(realpath "$2")" 2>/dev/null | grep -q .
}

@test "an upgrade waits for a program that has the database open" {
	local other upgrade db=$BATS_TEST_TMPDIR/old.db

	cp left/killed/db.schema-2 "$db"
	sqlite3 "$db" 'PRAGMA journal_mode = WAL' >/dev/null
	coproc SHELL { sqlite3 "$db"; }
	other=$SHELL_PID
	echo 'SELECT count(*) FROM emails;' >&"${SHELL[1]}"
	read -r _ <&"${SHELL[0]}"
	BM_DB=$db bm-optout init --upgrade 2>err 3>&- &
	upgrade=$!
	wait_for 10 opened "$upgrade" "$db"
	echo 'PRAGMA user_version;' >&"${SHELL[1]}"
	read -r version <&"${SHELL[0]}"
	same 2 "$version"
	echo .quit >&"${SHELL[1]}"
	wait "$other" || true
	wait "$upgrade"
	[[ $(<err) == *'has the newest schema; as it was: '* ]]
	same wal "$(sqlite3 "$db" 'PRAGMA journal_mode')"
}

@test "a database of a newer schema is refused, and nothing is sent" {
	export BM_DB=left/killed/db
	sqlite3 "$BM_DB" "PRAGMA user_version = $((1 + $(
		sqlite3 "$BM_DB" 'PRAGMA user_version')))"
	fake
	ends 2 bm-send left/mailing/spool/*
	[[ $output == *'was made by a newer bm (schema '* ]]
	same "" "$(received)"
	[ -n "$(find left/killed/db-run -name '*.log')" ]
}

@test "a plan and its batches: all are sent" {
	go_on mailing 0
}

@test "a sender that waited: who was put off is sent, nobody else" {
	go_on waiting 1
}

@test "a killed sender: the rest is sent, an intent without outcome is in doubt" {
	go_on killed 1
}

@test "a torn last line of the journal is ignored" {
	go_on torn 1
}

@test "a running sender's journal and database with a WAL" {
	go_on running 1
}

@test "what is in doubt is sent when a person says so" {
	go_on killed 1
	fake
	ends 1 --separate-stderr bm-send --resend-in-doubt left/mailing/spool/*
	same u05 "$(received)"
}

@test "a report first folds what a dead sender left" {
	BM_DB=left/killed/db ends 0 bm-report --id old --json
	same "2 1 1 1" "$(jq -r '[.sent, .failed, .deferred, .in_doubt] |
		join(" ")' <<<"$output")"
	go_on killed 1
}

@test "the links in all messages are open: those of both keys" {
	local address token

	while read -r address token; do
		same "$token" "$(jq -r "select(.email == \"$address\").message" \
			left/mailing/spool/* | grep -o 't=[A-Za-z0-9_-]*' |
			head -n 1 | cut -c 3-)"
		REQUEST_METHOD=GET QUERY_STRING="t=$token" bm-optout cgi >page
		head -n 1 page | grep -qx $'Status: 200 OK\r'
		grep -qF "${address:0:1}…@uni.example" page
		printf 'List-Unsubscribe=One-Click' |
			REQUEST_METHOD=POST QUERY_STRING="t=$token" \
				CONTENT_TYPE=application/x-www-form-urlencoded \
				CONTENT_LENGTH=26 bm-optout cgi >page 2>/dev/null
		head -n 1 page | grep -qx $'Status: 200 OK\r'
		ends 1 bm-optout check --course "$COURSE" "$address"
	done <left/mailing/tokens
	[ "$(wc -l <left/mailing/tokens)" -eq 12 ]
}

@test "links are sealed as before" {
	same "$(tail -n 1 left/mailing/tokens)" "u12@uni.example $(
		bm-optout url --course "$COURSE" --user-id 12 u12@uni.example |
			sed 's/.*t=//')"
}

@test "the register of opt-outs" {
	ends 0 bm-optout list --history
	same "$(cat left/mailing/optouts)"
}

@test "what schema 4 has left behind" {
	goes_on_from 4
}

@test "what schema 5 has left behind" {
	goes_on_from 5
}

@test "what schema 6 has left behind" {
	goes_on_from 6
}

@test "what schema 7 has left behind" {
	goes_on_from 7
}

@test "what schema 8 has left behind" {
	goes_on_from 8
}

@test "what schema 9 has left behind" {
	goes_on_from 9
}

@test "what schema 10 has left behind" {
	goes_on_from 10
}

@test "what schema 11 has left behind" {
	goes_on_from 11
}

@test "what schema 12 has left behind" {
	goes_on_from 12
}

@test "what schema 13 has left behind" {
	goes_on_from 13
}

@test "stops of schema 4 go on, but those for an unnamed mailing's content" {
	cp -r "$ROOT/tests/data/upgrade/schema-4/mailing" four
	chmod -R u+rwX four
	sqlite3 four/db "INSERT INTO stops VALUES
		('r.example:587', 'me', 'auth', 'who are you', 1000, NULL),
		('r.example:25', '', 'quota', 'enough', 2000, 3000),
		('r.example:25', 'me', 'content', 'bad header', 4000, NULL),
		('r.example:465', 'me', 'too_big', 'too big', 5000, NULL)"
	ends 0 bm-optout init --upgrade --db four/db
	same "r.example:25||account||quota|enough|2000|3000
r.example:587|me|account||auth|who are you|1000|" \
		"$(sqlite3 four/db 'SELECT relay, account, scope, key, class,
			reply, at, until FROM stops')"
}

@test "schema 3: journals with checksums, without a generation" {
	use "$ROOT/tests/data/upgrade/schema-3"
	same 3 "$(sqlite3 left/killed/db.schema-3 'PRAGMA user_version')"
	go_on mailing 0
	go_on waiting 1
	for folder in killed torn running; do
		go_on "$folder" 1
		same "" "$(find "left/$folder/db-run" -name '*.bad')"
	done
}

@test "made by this build the data ends the same" {
	cp -r "$ROOT/tests/data/upgrade" new
	ends 0 "$ROOT/tests/data/upgrade/make" "$BM_BIN" new
	use new
	go_on mailing 0
	for folder in killed torn running; do
		go_on "$folder" 1
	done
}
