#!/usr/bin/env bats
# bm-send while the time of day is set: what it waits for comes after the time
# that has passed, whatever the clock on the wall says.

# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # as in the other suites

load helper
load messages
load smtp

setup() {
	prepare
	export FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_NO_CACHE=1
	echo +0 >clock
}

teardown() {
	stop_servers
}

# set_while_sending OFFSET ARGUMENT...: 30 messages; the clock is set after the
# fifth.
set_while_sending() {
	local pid status=0

	messages 1 30 >m
	with_clock "$PWD/clock" bm-send "${@:2}" m >out 3>&- &
	pid=$!
	wait_for 20 some_received 5
	echo "$1" >clock
	timeout 20 tail --pid="$pid" -f /dev/null || kill -KILL "$pid"
	wait "$pid" || status=$?
	same 0 "$status"
	same "$(seq -f u%.0f 30 | sort)" "$(received | sort)"
}

@test "--rate, the clock is set back: it goes on" {
	fake
	set_while_sending -3600 --rate 20/s
}

@test "--rate, the clock is set forth and a second window counts: it goes on" {
	fake
	set_while_sending +7200 --rate 20/s --rate 100/h
}

@test "--deadline counts the time that has passed: the clock is set forth" {
	fake '{"at":"dot","delay":0.02}'
	set_while_sending +7200 --deadline 1h
}

@test "--deadline counts the time that has passed: the clock is set back" {
	messages 1 300 >m
	fake '{"at":"dot","delay":0.02}'
	with_clock "$PWD/clock" bm-send --deadline 2s m >out 3>&- &
	pid=$!
	wait_for 20 some_received 5
	echo -7200 >clock
	reaped $pid 75
	[ "$(received | wc -l)" -lt 300 ]
}

@test "--wait, the clock is set back: it waits no longer" {
	export BULK_EMAIL_DEFAULT_RETRY_DELAY=1
	fake '{"at":"rcpt","match":"<u2@","times":1,"say":"450 4.2.0 later"}'
	with_clock "$PWD/clock" bm-send --wait m >out 3>&- &
	pid=$!
	wait_for 20 grep -q '450 4.2.0' fake/bytes
	echo -3600 >clock
	timeout 20 tail --pid="$pid" -f /dev/null || kill -KILL "$pid"
	reaped $pid 0
	same "u1 u3 u2" "$(received | xargs)"
}

@test "expired by a clock that was ahead: --retry expired sends it" {
	fake
	messages 1 3 | jq -c '.expires = (now + 3600 | todate)' >m
	ends 0 --separate-stderr at_day +1 bm-send m
	same "expired expired expired" "$(jq -r .class <<<"$output" | xargs)"
	ends 0 bm-send m
	same "" "$(received)"
	ends 0 bm-send --retry expired m
	same "u1 u2 u3" "$(received | sort | xargs)"
	ends 0 bm-send --retry expired m
	same 3 "$(received | wc -l)"
}

@test "given up by a clock that was ahead: --retry gave_up has all its time" {
	fake '{"at":"rcpt","match":"<u2@","times":3,"say":"450 4.2.0 later"}'
	ends 75 bm-send m
	ends 1 at_day +3 bm-send m
	same "failed gave_up" "$(sqlite3 -separator ' ' "$BM_DB" "SELECT state,
		class FROM deliveries WHERE email LIKE 'u2@%'")"
	ends 75 bm-send --retry gave_up m
	ends 0 --separate-stderr bm-send m
	same "u1 u2 u3" "$(received | sort | xargs)"
}
