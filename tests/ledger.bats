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

# refuses WORDS COMMAND...: status 2, one line with the words, no new mail.
refuses() {
	local words=$1 before

	shift
	before=$(received | wc -l)
	run --separate-stderr "$@"
	echo "# $status $stderr"
	same 2 "$status"
	[[ $stderr == "bm-"*": "*"$words"* && $stderr != *$'\n'* ]]
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
