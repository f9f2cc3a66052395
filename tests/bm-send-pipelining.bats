#!/usr/bin/env bats
# Relays that offer PIPELINING and cannot do it.

# shellcheck disable=SC2314,SC2030,SC2031,SC2034,SC2153,SC2154

load helper
load messages
load smtp

setup() {
	prepare
}

teardown() {
	stop_servers
}

remembered() {
	sqlite3 "$BM_DB" 'SELECT pipelining FROM relay_habits'
}

# learns WORDS HABIT HOW: the first run finds out, the second one knows.
learns() {
	fake --deaf "$3"
	sends 0 "$(all "$SENT")"
	[[ $stderr == *"$1"* ]]
	same 1 "$(wc -l <<<"$stderr")"
	same 2 "$(grep -c '(open)' fake/bytes)"
	same "$2" "$(remembered)"
	messages 1 3 again >m
	sends 0 "$(all "$SENT")"
	same "" "$stderr"
	same 3 "$(grep -c '(open)' fake/bytes)"
	same 6 "$(received | wc -l)"
}

@test "deaf to what is pipelined behind the dot" {
	learns "cannot take what is pipelined behind the dot" envelope behind
	# What is remembered is over in the end, and another account is asked.
	sqlite3 "$BM_DB" 'UPDATE relay_habits SET at = at - 7 * 86400000'
	messages 1 3 later >m
	sends 0 "$(all "$SENT")"
	same 5 "$(grep -c '(open)' fake/bytes)"
}

@test "dies of what is pipelined behind the dot: one in doubt, no more" {
	messages 1 9 >m
	fake --deaf die
	ends 1 --separate-stderr timeout 60 bm-send m
	same "1 in_doubt
8 sent" "$(jq -r .status <<<"$output" | sort | uniq -c | sed 's/^ *//')"
	same envelope "$(remembered)"
	messages 1 9 again >m
	ends 0 --separate-stderr bm-send m
}

@test "one command a packet" {
	learns "does not answer pipelined commands" none packet
}

@test "503 to pipelined commands" {
	learns "does not answer pipelined commands" none refuse
}

@test "BM_SMTP_IGNORE=PIPELINING: nothing is tried" {
	export BM_SMTP_IGNORE=pipelining
	fake --deaf packet
	sends 0 "$(all "$SENT")"
	heard "1: EHLO $ONE $ONE $ONE QUIT"
	same "" "$(remembered)"
	! grep -F 'RCPT' fake/bytes | grep MAIL
}

@test "BM_SMTP_IGNORE=SIZE,8BITMIME,SMTPUTF8" {
	fake --ext PIPELINING,8BITMIME,SMTPUTF8,'SIZE 100'
	BM_SMTP_IGNORE=SIZE sends 0 "$(all "$SENT")"
	! grep SIZE= fake/bytes
	messages 1 3 utf8 | sed 's/Hello/H\xc3\xa9llo/' >m
	BM_SMTP_IGNORE=SIZE,8BITMIME sends 1 "$(all "failed content none null")"
}

@test "RCPT answered late, pipelined: nobody gets another's outcome" {
	fake '{"at":"rcpt","delay":5,"match":"u1@","times":2}' \
		'{"at":"rcpt","match":"u2@","say":"550 5.1.1 no such user"}'
	sends 1 "$(only "failed bad_mailbox rcpt 550")"
	same "" "$(remembered)"
	same "" "$stderr"
	same "u1 u3" "$(received | xargs)"
}

@test "four connections to a relay that is deaf behind the dot" {
	messages 1 60 >m
	fake --deaf behind
	ends 0 --separate-stderr timeout 60 bm-send --connections 4 m
	same "60 sent" "$(jq -r .status <<<"$output" | sort | uniq -c | xargs)"
	same 60 "$(received | sort -u | wc -l)"
	same 60 "$(received | wc -l)"
	same envelope "$(remembered)"
}

@test "503 that is about something else is judged, and not remembered" {
	fake '{"at":"mail","say":"503 5.5.1 say hello first"}'
	ends 255 --separate-stderr bm-send m
	same "" "$(remembered)"
}
