#!/usr/bin/env bats
# bm-send over SMTP while the database, the disk or the reader of its outcomes
# fails: nothing is sent that could not be noted, nobody gets it twice, and
# the same command brings the rest.

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

# recovers N: after the fault and one more run all N have it or are in doubt.
recovers() {
	run bm-send m
	[ "$status" -le 1 ]
	lawful "$1" "$1"
}

# fails_at CALL ERROR N: the Nth call fails, bm-send says so in one line and
# ends with 2. False when there are not so many calls.
fails_at() {
	run --separate-stderr strace -qq -o trace -e "trace=$1" \
		-e "inject=$1:error=$2:when=$3" bm-send m
	grep -q "$2.*INJECTED" trace || { echo "# $1 $2 $3: not there"; return 1; }
	echo "# $1 $2 $3: $status $stderr"
	[ "$status" -eq 2 ]
	[[ $stderr == "bm-send: "* && $stderr != *$'\n'* ]]
}

@test "a disk that is full or fails, at the early and late writes and syncs" {
	first=1
	for fault in pwrite64:ENOSPC pwrite64:EIO pwrite64:EROFS write:ENOSPC \
		fdatasync:EIO; do
		for n in 1 4 7; do
			messages "$first" $((first + 9)) "try$first" >m
			first=$((first + 10))
			fails_at "${fault%:*}" "${fault#*:}" "$n" || return
			recovers $((first - 1))
		done
	done
}

@test "a database that cannot be opened, or is none: nothing is begun" {
	messages 1 3 >m
	for error in EACCES EROFS ENOSPC; do
		ends 2 strace -qq -o trace -P "$BM_DB" -e trace=openat \
			-e "inject=openat:error=$error" bm-send m
		echo "$output"
		[[ $output == "bm-send: "*bm.db* ]]
	done
	cp bm.db whole
	printf 'no database, whatever its name' >bm.db
	ends 2 bm-send m
	[[ $output == "bm-send: "*bm.db* ]]
	same "" "$(cat fake/bytes)"
	cp whole bm.db
	recovers 3
}

@test "a damaged page of the ledger: 2, and nothing leaves" {
	messages 1 3 >m
	ends 0 bm-send m
	messages 4 6 >m
	page=$(sqlite3 "$BM_DB" "SELECT rootpage FROM sqlite_schema
		WHERE name = 'deliveries'; PRAGMA wal_checkpoint(TRUNCATE)" |
		head -n 1)
	cp bm.db whole
	size=$(sqlite3 "$BM_DB" 'PRAGMA page_size')
	head -c "$size" /dev/zero | dd of=bm.db bs="$size" seek=$((page - 1)) \
		conv=notrunc 2>/dev/null
	ends 2 bm-send m
	[[ $output == "bm-send: "*malformed* ]]
	same 3 "$(received | wc -l)"
	cp whole bm.db
	rm -f bm.db-wal bm.db-shm
	recovers 6
}

@test "a database that somebody holds: it waits, and then goes on" {
	messages 1 3 >m
	coproc HOLD { sqlite3 "$BM_DB"; }
	pid=$HOLD_PID
	printf '%s\n' 'BEGIN IMMEDIATE;' 'SELECT 1;' >&"${HOLD[1]}"
	read -r _ <&"${HOLD[0]}"
	strace -qq -o trace -e trace=clock_nanosleep,nanosleep,flock \
		bm-send m >out 3>&- &
	sender=$!
	wait_for 20 test -s trace
	same "" "$(received)"
	sql=${HOLD[1]}
	exec {sql}>&-
	wait "$pid"
	wait "$sender"
	recovers 3
}

@test "the reader of the outcomes is gone, or never was" {
	messages 1 300 >m
	status=0
	bm-send m 2>err | head -n 1 >out || true
	[ -s out ]
	recovers 300
	messages 301 303 >m
	ends 2 bash -c 'bm-send m >&-'
	recovers 303
	messages 304 306 >m
	ends 2 bash -c 'bm-send m >/dev/full'
	recovers 306
}

# The wait behind each attempt is twice the one before, up to 960 s, times 0.75
# to 1.25.
@test "one recipient put off again and again: the waits grow" {
	local attempt wait want=30000

	unset BULK_EMAIL_DEFAULT_RETRY_DELAY
	messages 1 1 >m
	fake '{"at":"rcpt","say":"451 4.3.0 local error in processing"}'
	for attempt in 1 2 3 4 5 6 7 8; do
		ends 75 bm-send m
		read -r at wait <<<"$(sqlite3 -separator ' ' "$BM_DB" "SELECT
			attempt, next_try - at FROM deliveries")"
		same "$attempt" "$at"
		((4 * wait >= 3 * want && 4 * wait <= 5 * want)) || {
			echo "attempt $attempt: $wait ms, not about $want"
			return 1
		}
		want=$((want * 2 < 960000 ? want * 2 : 960000))
		sqlite3 "$BM_DB" 'UPDATE deliveries SET next_try = 1'
	done
}
