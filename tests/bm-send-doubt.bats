#!/usr/bin/env bats
# In doubt is only whoever may have the message without the process knowing
# it: not whom the relay has refused, whose dot was never sent, or whose reply
# had come when the run ended, in whatever way it ended.
# shellcheck disable=SC2030,SC2031,SC2034,SC2153,SC2154

load helper
load messages
load smtp

setup() {
	prepare
	export BULK_EMAIL_MAX_RETRIES=9 BULK_EMAIL_DEFAULT_RETRY_DELAY=6
}

teardown() {
	stop_servers
}

# rows: "state class number" of each kind in the ledger.
rows() {
	sqlite3 -separator ' ' "$BM_DB" "SELECT state, class, count(*)
		FROM deliveries GROUP BY 1, 2"
}

journal_has() {
	grep -qsF "$1" "$BM_DB"-run/*.log
}

# --- the relay did not take the message ---

# refused SAY: the sixth dot gets this reply, and the sender is killed while the
# seventh recipient has none; the next run brings the rest.
refused() {
	messages 1 20 >m
	fake '{"at":"dot","after":5,"say":"'"$1"'"}' \
		'{"at":"rcpt","match":"<u7@","then":"hang"}'
	bm-send m >/dev/null 2>&1 3>&- &
	pid=$!
	wait_for 10 journal_has "${1:10:9}" || return
	kill -9 $pid
	received >got
	stop_servers
	fake
	ends 0 bm-send --wait m
	same "sent ok 20" "$(rows)"
	same "$(seq -f u%.0f 20 | sort)" "$(received | cat got - | sort)"
}

@test "450 to the dot, then kill -9: deferred with the reply, not in doubt" {
	refused '450 4.7.1 rate limit, slow down'
}

@test "421 to the dot, then kill -9: deferred with the reply, not in doubt" {
	refused '421 4.3.2 shutting down'
}

@test "the connection is closed in the body: nobody is in doubt" {
	fake '{"at":"body","then":"close"}'
	# The end of the connection has come when the intent is synced.
	run strace -qq -o trace -e trace=fdatasync \
		-e inject=fdatasync:delay_enter=100000 bm-send m
	same 75 "$status"
	same "" "$(people in_doubt)"
	same "" "$(received)"
	stop_servers
	fake
	ends 0 bm-send --retry connection m
	same "sent ok 3" "$(rows)"
}

@test "421 and the end while the body waits at the gate: nobody is in doubt" {
	fake '{"at":"body","say":"421 4.3.2 going down","then":"close"}'
	run timeout 20 strace -qq -o trace -e trace=fdatasync \
		-e inject=fdatasync:delay_enter=100000 bm-send m
	same "" "$(people in_doubt)"
	same "" "$(received)"
	stop_servers
	fake
	ends 0 bm-send --wait m
	same "sent ok 3" "$(rows)"
}

# --- replies that are lost ---

# three_of_ten COMMAND...: of 600 dots three of ten get no reply. The command
# stops by itself with at most ten in doubt, and once the relay is mended the
# rest gets it.
three_of_ten() {
	local digit rules=()

	for digit in 3 6 9; do
		rules+=("{\"at\":\"dot\",\"match\":\"$digit@\",\"say\":\"\",
			\"then\":\"close\"}")
	done
	messages 1 600 >m
	fake "${rules[@]}"
	run "$@"
	same "$((status == 123 ? 123 : 75))" "$status"
	people in_doubt >doubt
	echo "# $* in doubt: $(wc -l <doubt)"
	[ "$(wc -l <doubt)" -ge 5 ]
	[ "$(wc -l <doubt)" -le 10 ]
	# Nobody asks this relay again.
	taken=$(wc -l <"$FAKE/messages")
	ends 75 bm-send m
	[[ $output == *"refused us at "*"replies to messages are lost"* ]]
	same "$taken" "$(wc -l <"$FAKE/messages")"
	received >got
	stop_servers
	fake
	ends 1 bm-send --retry breaker m
	same "$(wc -l <doubt)" "$(people in_doubt | wc -l)"
	same "$(seq -f u%.0f 600 | sort)" "$(received | sort - got doubt)"
}

@test "a third of the replies lost, 1 connection: few are in doubt" {
	three_of_ten bm-send m
}

@test "a third of the replies lost, 4 connections: few are in doubt" {
	three_of_ten bm-send -c 4 m
}

@test "a third of the replies lost, 16 connections: few are in doubt" {
	three_of_ten bm-send -c 16 m
}

@test "a third of the replies lost, 4 processes: few are in doubt" {
	messages 1 600 | split -n r/4 - part.
	three_of_ten xargs -P 4 -n 1 bm-send < <(ls part.*)
}

# --- a run that fails ---

# batch: 12 more messages in m.
batch() {
	last=$((${last:-0} + 12))
	messages $((last - 11)) $last "m$last" >m
}

# count_calls CALL...: how many of each a run of a batch makes.
count_calls() {
	local call

	batch
	strace -qq -f -o trace bm-send -c 4 m >out 2>&1 || return
	for call; do
		n[$call]=$(grep -c "^[0-9]* *$call(" trace)
	done
}

# fatal CALL[,CALL] ERROR WHEN: the batch goes through four connections, whose
# replies take their time, and these calls fail; then the same command again.
fatal() {
	echo "# $*"
	batch
	run --separate-stderr strace -qq -f -o trace -e "trace=$1" \
		-e "inject=$1:error=$2:when=$3" bm-send -c 4 m
	grep -q INJECTED trace
	same 2 "$status"
	[[ $stderr == "bm-send: "* && $stderr != *$'\n'* ]]
	ends 0 bm-send m
	same "$(seq -f u%.0f "$last" | sort)" "$(received | sort)"
	same "" "$(people in_doubt)"
}

@test "each fatal error takes the replies that come: nobody is in doubt" {
	fake '{"at":"dot","delay":0.02}'
	declare -A n
	count_calls pwrite64 fdatasync write flock
	fatal pwrite64 ENOSPC $((n[pwrite64] / 2))+
	fatal pwrite64,fallocate ENOSPC $((n[pwrite64] / 2))+
	fatal fallocate EFBIG 1+
	fatal fdatasync EIO $((n[fdatasync] / 2))
	fatal write EIO $((n[write] / 2))
	fatal flock ENOLCK $((n[flock] / 2))
}

@test "a disk that fills up, and a file that may not grow: 2, nobody in doubt" {
	messages 1 200 >m
	fake '{"at":"dot","delay":0.002}'
	mkdir disk
	# shellcheck disable=SC2016
	ends 0 unshare -rm bash -c 'set -e
		mount -t tmpfs -o "size=$1k" tmpfs disk
		cp bm.db bm.db-lock disk
		export BM_DB=$PWD/disk/bm.db
		bm-send -c 4 m >out 2>err || echo $? >status
		mount -o remount,size=64m disk
		bm-send m >again
		cp -a disk/. .' bash $(($(stat -c %s bm.db) / 1024 + 220))
	same 2 "$(<status)"
	[[ $(<err) == "bm-send: "*full || $(<err) == *"No space left on device" ]]
	same "sent ok 200" "$(rows)"
	same "$(seq -f u%.0f 200 | sort)" "$(received | sort)"
	grep -q '"sent"' out
	messages 201 1200 limit >m
	# In units of 1,024 bytes: beyond the database, but not by much.
	ends 2 --separate-stderr bash -c "ulimit -f 256; bm-send -c 4 m"
	[[ $stderr == "bm-send: "* && $stderr != *$'\n'* ]]
	ends 0 bm-send m
	same "sent ok 1200" "$(rows)"
	same "$(seq -f u%.0f 1200 | sort)" "$(received | sort)"
}

# --- the same command again ---

@test "a restart says that it is skipping: on a terminal, or when it takes long" {
	fake
	ends 0 --separate-stderr bm-send m
	same "" "$stderr"
	messages 1 5 >m
	ends 0 --separate-stderr bm-send m
	same "" "$stderr"
	messages 1 6 >m
	run script -qec 'bm-send m >out' /dev/null
	same $'bm-send: skipping 5 recipients who are settled\r'
	{
		head -n 2 m
		wait_for 20 test -s out
		sleep 2.1
		sed -n 3,5p m
		messages 7 7
		cat m
	} | (rm -f out; bm-send >out 2>err)
	same "bm-send: skipping what is settled: 5 recipients so far" "$(cat err)"
	same "$(seq -f u%.0f 7)" "$(received | sort)"
}
