#!/usr/bin/env bats
# The ledger knows itself: a database with two names, one that is replaced
# while it is used, and an older one that is put back are found before
# anybody gets mail twice.

# shellcheck disable=SC2034,SC2154,SC2314 # of bats, and for smtp.bash

load helper
load messages
load smtp

setup() {
	prepare
	fake
}

teardown() {
	stop_servers
}

# refuses WORDS COMMAND...: status 2, a line with the words, no new mail.
refuses() {
	local words=$1 before

	shift
	before=$(received | wc -l)
	run --separate-stderr "$@"
	echo "# $status $stderr"
	same 2 "$status"
	# Before it there may be a line about journals that are gone.
	[[ ${stderr##*$'\n'} == "bm-"*": "*"$words"* ]]
	same "" "$(grep -v '^bm-send: journal ' <<<"$stderr" | sed '$d')"
	same "$before" "$(received | wc -l)"
}

@test "a hard link of the database: refused by either name, until it is gone" {
	messages 1 3 >m
	mkdir c
	ln bm.db c/bm.db
	refuses 'bm.db has 2 names (hard links)' bm-send m
	BM_DB=c/bm.db refuses 'bm.db has 2 names (hard links)' bm-send m
	BM_DB=c/bm.db refuses '2 names' bm-report --id week3
	rm c/bm.db
	ends 0 bm-send m
	same 3 "$(received | sort -u | wc -l)"
}

@test "a database that is mounted as a single file: refused; its folder is not" {
	messages 1 3 >m
	mkdir c d
	touch c/bm.db
	# shellcheck disable=SC2016 # for the inner shell
	refuses 'c/bm.db is mounted as a single file' unshare -rm bash -c \
		'mount --bind bm.db c/bm.db && BM_DB=$PWD/c/bm.db bm-send m'
	ends 0 unshare -rm bash -c \
		"mount --bind . d && BM_DB=$PWD/d/bm.db bm-send m"
	same 3 "$(received | sort -u | wc -l)"
}

# changes WHAT COMMAND: while a sender waits for a reply, the command is run;
# the sender ends with 2 and says so, and nothing new is claimed.
changes() {
	local words=$1 sender

	stop_servers
	fake '{"at":"dot","match":"u2@","until":"go"}'
	messages 1 600 >m
	bm-send m >out 2>err 3>&- &
	sender=$!
	wait_for 20 some_received 1
	eval "$2"
	touch fake/go
	status=0
	wait "$sender" || status=$?
	echo "# $1: $status $(cat err)"
	same 2 "$status"
	grep -q "^bm-send: .*$words" err
	[ "$(received | wc -l)" -lt 600 ]
}

@test "a database that is deleted, renamed or replaced during a run: 2" {
	cp bm.db fresh.db
	for act in 'rm bm.db' 'mv bm.db away.db' \
		'cp bm.db new.db; mv new.db bm.db'; do
		changes 'bm.db was deleted, renamed or replaced while it was in use' \
			"$act"
		rm -rf bm.db-* away.db
		cp fresh.db bm.db
	done
	changes 'bm.db has 2 names' 'ln bm.db second.db'
}

# put_back NAME: the database as it was when it was copied to NAME.
put_back() {
	rm -f bm.db-wal bm.db-shm
	cp "$1" bm.db
}

@test "an older copy that is put back: refused until it is accepted, then in doubt" {
	messages 1 10 >m
	ends 0 bm-send m
	sqlite3 bm.db 'VACUUM INTO "old.db"'
	messages 1 30 >m
	ends 0 bm-send m
	put_back old.db
	refuses 'is older than' bm-send m
	[[ $stderr == *--accept-older-ledger* ]]
	refuses 'is older than' bm-send m

	ends 0 bm-send --accept-older-ledger
	echo "$output"
	[[ $output == *"accepted as of 20"*"in doubt: 1"*"bm-optout import"* ]]
	ends 1 bm-send m
	same 20 "$(people in_doubt | wc -l)"
	same 10 "$(people sent | wc -l)"
	lawful 30 20
	ends 0 bm-report --verify --id week3
	ends 0 bm-send --accept-older-ledger
	[[ $output == *"nothing to accept" ]]

	# A mailing begun afterwards is an ordinary one; so is this one, once a
	# person has decided.
	messages 1 5 week4 >later
	ends 0 bm-send later
	ends 0 bm-send --assume-sent week3
	ends 0 bm-send m
	same 35 "$(received | wc -l)"
}

@test "the database's log is deleted after a kill: nobody gets mail twice" {
	local sender

	messages 1 300 >m
	bm-send m >out 2>err 3>&- &
	sender=$!
	wait_for 20 some_received 30
	kill -9 "$sender"
	wait "$sender" || true
	rm -f bm.db-wal bm.db-shm
	refuses 'is older than' bm-send m
	# What the journal knew is in the rows by now.
	[ "$(people sent | wc -l)" -ge 20 ]
	ends 1 bm-report --verify
	[[ $output == *"BROKEN: the ledger is not behind its lock file: "* ]]
	ends 0 bm-send --accept-older-ledger
	ends 1 bm-send m
	lawful 300 270
}

@test "a mailing that the older copy does not know is listed beside it" {
	sqlite3 bm.db 'VACUUM INTO "old.db"'
	ends 0 bm-optout add u99@uni.example
	messages 1 5 >m
	ends 0 bm-send m
	put_back old.db
	refuses 'is older than' bm-send m
	ends 1 bm-send --accept-older-ledger m
	same 5 "$(people in_doubt | wc -l)"
	same 5 "$(received | wc -l)"
	# Who is no longer in doubt for a person is sent.
	ends 0 bm-send --resend-in-doubt m
	same 10 "$(received | wc -l)"
	ends 0 bm-send m
}

@test "put off in an older copy, perhaps sent since: in doubt" {
	stop_servers
	fake '{"at":"rcpt","match":"u2@","say":"450 4.2.0 later","times":1}'
	messages 1 3 >m
	ends 75 bm-send m
	same u2 "$(people deferred)"
	sqlite3 bm.db 'VACUUM INTO "old.db"'
	ends 0 bm-send --retry mailbox_full m || ends 0 bm-send --wait m
	same 3 "$(received | wc -l)"
	put_back old.db
	refuses 'is older than' bm-send m
	ends 0 bm-send --accept-older-ledger
	same u2 "$(people in_doubt)"
	ends 1 bm-send m
	same 3 "$(received | wc -l)"
}

@test "an opt-out that an older copy has lost: the sender does not go on" {
	messages 1 3 >m
	ends 0 bm-optout add u9@uni.example
	sqlite3 bm.db 'VACUUM INTO "old.db"'
	ends 0 bm-optout add u2@uni.example
	bm-optout export >newer.csv
	put_back old.db
	refuses 'is older than' bm-send m
	# A new one is taken all the same, and hides nothing.
	for n in 5 6 7 8; do
		ends 0 bm-optout add "u$n@uni.example"
		refuses 'is older than' bm-send m
	done
	ends 0 bm-send --accept-older-ledger
	ends 0 bm-optout import newer.csv
	ends 0 bm-send m
	same "u1 u3" "$(received | sort | xargs)"
}

@test "the lock file is missing, empty, cut or another's: refused" {
	messages 1 3 >m
	ends 0 bm-send m
	messages 1 6 >m
	cp bm.db-lock lock
	rm bm.db-lock
	refuses 'bm.db-lock does not tell how new' bm-send m
	: >bm.db-lock
	refuses 'bm.db-lock does not tell how new' bm-send m
	head -c 63 lock >bm.db-lock
	refuses 'bm.db-lock does not tell how new' bm-send m
	mkdir other
	BM_DB=other/bm.db ends 0 bm-optout init
	BM_DB=other/bm.db ends 0 bm-optout add u9@uni.example
	cat other/bm.db-lock >bm.db-lock
	refuses 'is not the database of' bm-send m
	cat lock >bm.db-lock
	ends 0 bm-send m
	rm bm.db-lock
	ends 1 bm-send --accept-older-ledger <(messages 1 9)
	same 3 "$(people in_doubt | wc -l)"
	lawful 9 3
}

@test "a database made anew beside the lock file of a lost one: refused" {
	messages 1 3 >m
	cp bm.db empty.db
	ends 0 bm-send m
	rm -r bm.db bm.db-*[!k]
	ends 0 bm-optout init
	bm-import --create --course course-v1:UniX+CS101+2026 --title T - \
		<<<$'id,email\n1,u1@uni.example' || true
	refuses 'is not the database of' bm-send m
	ends 1 bm-send --accept-older-ledger m
	same 3 "$(received | wc -l)"
}

@test "a mailing that is marked uncertain by hand, known or not" {
	cp bm.db empty.db
	messages 1 3 >m
	messages 1 6 >all
	ends 0 bm-send m
	ends 0 bm-send --uncertain week3
	ends 1 bm-send all
	same 3 "$(received | wc -l)"
	same "u4 u5 u6" "$(people in_doubt | xargs)"

	rm -rf bm.db-*
	cp empty.db bm.db
	ends 0 bm-send --uncertain week3
	[[ $output == *"did not know"* ]]
	ends 1 bm-send all
	same 3 "$(received | wc -l)"
	ends 0 bm-send --assume-sent week3
	ends 0 bm-send all
}

@test "--durability process: an older copy is found, and nothing is synced for it" {
	messages 1 10 >m
	strace -qq -y -o trace -e trace=fsync,fdatasync \
		bm-send --durability process m >out
	same 0 "$(grep -c 'bm.db-lock' trace || true)"
	sqlite3 bm.db 'VACUUM INTO "old.db"'
	messages 1 20 >m
	ends 0 bm-send --durability process m
	put_back old.db
	refuses 'is older than' bm-send m
}

# The drill of bm-ledger(7): the copy is put back to its place.
restore() {
	rm -f bm.db bm.db-wal bm.db-shm
	cp "$1" bm.db
}

@test "backup, and its restore after a loss: nobody twice, no opt-out lost" {
	stop_servers
	fake '{"at":"dot","match":"u150@","until":"go"}'
	messages 1 300 >m
	ends 0 bm-optout add u290@uni.example
	bm-send m >out 3>&- &
	sender=$!
	wait_for 20 some_received 149
	ends 0 bm-optout backup copy.db
	same "bm-optout: copy.db is a copy of $PWD/bm.db" "$output"
	same "$(stat -c %a bm.db)" "$(stat -c %a copy.db)"
	[ ! -e copy.db-wal ]
	touch fake/go
	wait "$sender" || true
	ends 0 bm-optout add u295@uni.example
	bm-optout export >newer.csv

	restore copy.db
	messages 1 310 >m
	refuses 'is older than' bm-send m
	ends 0 bm-send --accept-older-ledger
	[[ $output == *"accepted as of $(date -u +%Y-)"* ]]
	ends 0 bm-optout import newer.csv
	ends 1 bm-send m
	same "" "$(received | sort | uniq -d)"
	ends 1 bm-optout check u295@uni.example
	ends 0 bm-report --verify --id week3
	same "" "$(comm -3 <(for ((i = 1; i <= 310; i++)); do echo "u$i"; done |
		sort) <(cat <(people sent) <(people in_doubt) \
		<(people skipped) | sort))"
}

@test "a copy that is put back when nothing has happened since goes on" {
	messages 1 5 >m
	ends 0 bm-send m
	ends 0 bm-optout backup copy.db
	restore copy.db
	messages 1 8 >m
	ends 0 bm-send m
	same 8 "$(received | sort -u | wc -l)"
	same 8 "$(received | wc -l)"
}

@test "a copy used elsewhere, even of an unused ledger, is no ledger to send from" {
	messages 1 3 >m
	ends 0 bm-optout backup unused.db
	ends 0 bm-send m
	ends 0 bm-optout backup used.db
	for copy in unused used; do
		mkdir "$copy"
		mv "$copy.db" "$copy/bm.db"
		BM_DB=$copy/bm.db refuses 'does not tell how new' bm-send m
		ends 0 bm-report --id week3 --db "$copy/bm.db" ||
			[ "$copy" = unused ]
	done
}

@test "backup takes in what a killed sender has left" {
	stop_servers
	fake '{"at":"dot","match":"u4@","then":"hang"}'
	messages 1 9 >m
	bm-send m >out 3>&- &
	sender=$!
	wait_for 20 some_received 4
	kill -9 "$sender"
	wait "$sender" || true
	ends 0 bm-optout backup copy.db
	same "u1 u2 u3|u4" "$(sqlite3 copy.db "SELECT (SELECT group_concat(
		substr(email, 1, 2), ' ') FROM deliveries WHERE state = 'sent'),
		(SELECT substr(email, 1, 2) FROM deliveries
		WHERE state = 'in_doubt')")"
	same "" "$(find bm.db-run -name '*.log')"
}

@test "backup replaces a copy and nothing else" {
	ends 0 bm-optout backup copy.db
	ends 0 bm-optout add u1@uni.example
	ends 0 bm-optout backup copy.db
	same 1 "$(sqlite3 copy.db 'SELECT count(*) FROM optouts')"
	ends 2 bm-optout backup bm.db
	[[ $output == *"bm.db is the database itself" ]]
	echo precious >file
	mkdir folder
	BM_DB=other.db ends 0 bm-optout init
	for target in file folder other.db; do
		ends 2 bm-optout backup "$target"
		[[ $output == "bm-optout: $target exists and is no copy"* ]]
	done
	same precious "$(cat file)"
	ends 2 bm-optout backup nowhere/copy.db
	[[ $output == "bm-optout: "*nowhere/copy.db* ]]
	# A disk that is full: nothing is left of the attempt.
	# shellcheck disable=SC2016 # for the inner shell
	ends 2 unshare -rm bash -c 'mount -t tmpfs -o size=64k tmpfs folder &&
		bm-optout backup folder/copy.db; status=$?; ls folder >left
		exit $status'
	[[ $output == "bm-optout: cannot write folder/copy.db"* ]]
	same "" "$(cat left)"
	same 1 "$(sqlite3 copy.db 'SELECT count(*) FROM optouts')"
	ends 2 bm-optout backup
	ends 2 bm-optout backup a b
}
