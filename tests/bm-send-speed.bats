#!/usr/bin/env bats
# What makes bm-send fast, seen from its system calls: one sync for many, the
# next envelope behind the dot, no reply waited for longer than need be.

# shellcheck disable=SC2034,SC2154 # SERVERS is smtp.bash's, output is bats'

load helper
load messages
load smtp

setup() {
	prepare
}

teardown() {
	stop_servers
}

# calls PATTERN: how many lines of the trace it fits.
calls() {
	grep -cE "$1" trace || true
}

# rows N: so many are settled in the database.
rows() {
	[ "$(sqlite3 "$BM_DB" "SELECT count(*) FROM deliveries
		WHERE state = 'sent'")" -ge "$1" ]
}

third_dot() {
	[ "$(grep -oE '[n ]\.\\r\\n' fake/bytes | wc -l)" -eq 3 ]
}

@test "claims are synced before what is claimed leaves; folds need no sync" {
	fake
	messages 1 300 >m
	strace -qq -y -o trace -e trace=fdatasync,sendto bm-send m >out
	same 300 "$(wc -l <out)"
	# Of the rows and of the journal, before the first dot.
	sed -n '/sendto.*[n"]\.\\r\\n/q;p' trace >before
	grep -qF 'bm.db-wal>' before
	grep -qF -- '-run/' before
	# A chunk is 256 at most; what was folded is synced with the next claim.
	claims=$(calls 'fdatasync.*bm\.db-wal>')
	[ "$claims" -ge 2 ]
	[ "$claims" -le 30 ]
}

# rows_are_synced: the last write of rows before a journal goes is synced.
rows_are_synced() {
	grep -q 'unlinkat.*\.log"' trace
	sed '/unlinkat.*\.log"/q' trace | grep -F 'bm.db-wal>' | tail -n 1 >last
	grep -q '^fdatasync' last
}

@test "rows are synced before the journal that has them is removed" {
	fake '{"at":"dot","delay":0.3}'
	messages 1 2 >m
	strace -qq -y -o trace -e trace=pwrite64,fdatasync,unlinkat \
		bm-send m >out
	same 2 "$(wc -l <out)"
	rows_are_synced
	# What a dead one has folded, too.
	messages 3 20 >m
	bm-send m >out 2>err 3>&- &
	pid=$!
	wait_for 20 rows 4
	kill -9 $pid
	wait $pid || true
	strace -qq -y -o trace -e trace=pwrite64,fdatasync,unlinkat \
		bm-send --hold week3
	rows_are_synced
}

@test "--durability process syncs nothing while it sends" {
	fake
	messages 1 300 >m
	strace -qq -y -o trace -e trace=fdatasync,fsync,sendto \
		bm-send --durability process m >out
	same 300 "$(wc -l <out)"
	# Until the last QUIT; but a journal and a WAL are made with syncs, each
	# of its file and its folder.
	sed '/QUIT/,$d' trace | grep -E '^f(data)?sync' >syncs || true
	same 0 "$(grep -c 'fdatasync.*-run/' syncs)"
	[ "$(wc -l <syncs)" -le 4 ]
}

@test "answers of several connections share a sync" {
	fake '{"at":"dot","delay":0.01}'
	messages 1 80 >m
	strace -qq -y -o trace -e trace=fdatasync -e \
		inject=fdatasync:delay_exit=60000 bm-send --connections 8 m >out
	same 80 "$(wc -l <out)"
	# One each would be 80.
	[ "$(calls 'fdatasync.*-run/')" -le 40 ]
}

@test "one segment has the dot and the next envelope, on each connection" {
	fake
	messages 1 60 >m
	bm-send --connections 3 m >out
	behind=$(grep -cE '[n ]\.\\r\\nMAIL FROM' fake/bytes)
	[ "$behind" -ge 50 ]
}

@test "replies that come one by one are acknowledged at once" {
	fake '{"at":"rcpt","delay":0.02}'
	messages 1 3 >m
	strace -qq -o trace -e trace=setsockopt bm-send m >out
	same 3 "$(wc -l <out)"
	[ "$(calls 'TCP_QUICKACK, \[1\]')" -ge 3 ]
}

@test "outcomes leave as whole lines, many in one piece of a pipe" {
	fake
	messages 1 200 >m
	strace -qq -s 8192 -o trace -e trace=write bm-send --connections 16 m |
		cat >out
	same 200 "$(jq -r .email out | sort -u | wc -l)"
	grep '^write(1,' trace >writes
	run ! grep -vE '\\n", [0-9]+\) += [0-9]+$' writes
	same "" "$(sed 's/.*) *= //' writes | awk '$1 > 4096')"
	[ "$(wc -l <writes)" -lt 150 ]
}

@test "a journal's reserved space is no part of it" {
	fake '{"at":"dot","after":2,"then":"hang"}'
	messages 1 5 >m
	bm-send --per-connection 5 m >out 3>&- &
	pid=$!
	# The third dot is there, and no answer.
	wait_for 20 third_dot
	kill -9 "$pid"
	wait "$pid" || true
	log=$(echo bm.db-run/*.log)
	[ "$(stat -c %s "$log")" -ge 131072 ]
	tr -d '\0' <"$log" | jq -e .fact >/dev/null
	stop_servers
	fake
	ends 1 --separate-stderr bm-send m
	same "in_doubt 1 sent 2 skipped 2" \
		"$(jq -r .status <<<"$output" | sort | uniq -c |
			awk '{ print $2, $1 }' | xargs)"
	run ! ls bm.db-run/*.log
}

@test "a file system that reserves no space will do" {
	fake
	messages 1 3 >m
	strace -qq -o trace -e trace=fallocate \
		-e inject=fallocate:error=EOPNOTSUPP bm-send m >out
	[ "$(calls "= -1 EOPNOTSUPP .*INJECTED")" -ge 1 ]
	same "sent sent sent" "$(jq -r .status out | xargs)"
}

# killed_after N: a sender that was killed when the relay had N messages.
killed_after() {
	fake "{\"at\":\"dot\",\"after\":$1,\"then\":\"hang\"}"
	messages 1 8 >m
	bm-send --per-connection 8 m >out 3>&- &
	pid=$!
	wait_for 20 hears "$(($1 + 1))"
	kill -9 "$pid"
	wait "$pid" || true
	mv fake/messages first
	stop_servers
	fake
}

# hears N: the relay has had so many dots.
hears() {
	[ "$(grep -oE '[n ]\.\\r\\n' fake/bytes | wc -l)" -ge "$1" ]
}

@test "with the database's -wal lost, the journal makes the rows" {
	killed_after 3
	rm bm.db-wal
	ends 2 --separate-stderr bm-send m
	[[ $stderr == *' is older than '* ]]
	ends 1 --separate-stderr bm-send --accept-older-ledger m
	same "" "$(received)"
	same 3 "$(sqlite3 "$BM_DB" "SELECT count(*) FROM deliveries
		WHERE state = 'sent' AND owner IS NULL")"
	same "" "$(find bm.db-run -name '*.log')"
}

@test "a damaged journal is set aside, and its people are in doubt" {
	killed_after 3
	printf x | dd of="$(echo bm.db-run/*.log)" bs=1 seek=200 conv=notrunc \
		status=none
	ends 1 --separate-stderr bm-send m
	[[ $stderr == *"bm.db-run/"*".log is damaged at byte "*"; it is kept as "*".bad, and "*" of its recipients are in doubt" ]]
	same "" "$(received)"
	same 1 "$(find bm.db-run -name '*.bad' | wc -l)"
	# Said once; the people stay in doubt.
	ends 1 --separate-stderr bm-send m
	[[ $stderr != *damaged* ]]
}

@test "a journal that cannot be opened is named, and nothing is sent" {
	fake
	messages 1 2 >m
	mkdir -p bm.db-run
	if [ "$(id -u)" -eq 0 ]; then
		install -o 54321 -g 54321 /dev/null bm.db-run/9-9-9.log
	else
		install -m 0 /dev/null bm.db-run/9-9-9.log
	fi
	ends 2 --separate-stderr bm-send m
	[[ $stderr == *"journal "*"/bm.db-run/9-9-9.log"* ]]
	same "" "$(received)"
}
