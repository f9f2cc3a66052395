#!/usr/bin/env bats
# bm-send --check: the way to the relay, a line or a record for each finding.

# shellcheck disable=SC2314,SC2030,SC2031,SC2034,SC2153,SC2154

load helper
load messages
load smtp

setup() {
	prepare
	export DEFAULT_BULK_FROM_EMAIL='Staff <staff@uni.example>'
	export BM_ENVELOPE_SENDER=bounces@uni.example
}

teardown() {
	stop_servers
}

# found [ARGUMENT...]: "NAME STATUS TEXT" of each record.
found() {
	jq -r '"\(.name) \(.status) \(.text)"' <<<"$output"
}

@test "--check --json: all that is found on the way" {
	login
	fake_tls starttls good --auth me:s3cret-word --mech 'LOGIN PLAIN'
	ends 0 --separate-stderr bm-send --check --json
	same "address ok tried 127.0.0.1:$EMAIL_PORT
greeting ok \"220 fake.example ESMTP\"
extensions ok PIPELINING, 8BITMIME, SMTPUTF8, SIZE 10240000, ENHANCEDSTATUSCODES, AUTH LOGIN PLAIN
login ok PLAIN
size ok 10240000 bytes a message
sender ok 250 2.1.0 Ok
recipient ok 250 2.1.5 Ok" "$(found | grep -v '^tls\|^certificate')"
	found | grep -x 'tls ok TLSv1\.[23] / .*'
	found | grep -x "certificate ok for .*127.0.0.1.*, valid from \
.* to .* GMT, by .*"
	same '["name","status","text","remedy"]' \
		"$(jq -c keys_unsorted <<<"$output" | sort -u)"
	same null "$(jq .remedy <<<"$output" | sort -u)"
	same "bm-send: 127.0.0.1:$EMAIL_PORT takes mail from \
<bounces@uni.example>" "$stderr"
	heard "1: EHLO STARTTLS | EHLO AUTH MAIL RCPT RSET QUIT"
	grep -q 'RCPT TO:<staff@uni.example>' fake/bytes
	run ! leaked
}

@test "--check -v: the same, a line each, for people" {
	fake
	ends 0 --separate-stderr bm-send --check -v
	same "" "$output"
	same 9 "$(wc -l <<<"$stderr")"
	[[ $stderr == *"bm-send: ok: tls: none, by EMAIL_USE_TLS=false"* ]]
	[[ $stderr == *"bm-send: ok: recipient: 250 2.1.5 Ok"* ]]
}

@test "each stage that fails is an error with a remedy, and the last one" {
	stage() { # STATUS NAME TEXT
		ends "$1" --separate-stderr bm-send --check --json
		same "$2 error" "$(tail -n 1 <<<"$output" |
			jq -r '"\(.name) \(.status)"')"
		[[ $(tail -n 1 <<<"$output" | jq -r .text) == *"$3"* ]]
		[ "$(tail -n 1 <<<"$output" | jq -r '.remedy | length')" -gt 20 ]
		[[ $stderr == *"$3"* ]]
		same ok "$(sed '$d' <<<"$output" | jq -r .status | sort -u)" ||
			[ "$2" = address ]
		stop_servers
	}
	EMAIL_HOST=relay.invalid stage 75 address 'resolve host'
	EMAIL_HOST=127.0.0.1 EMAIL_PORT=$(free_port) EMAIL_USE_TLS=no \
		stage 75 address "Couldn't connect"
	fake '{"at":"greeting","say":"+OK POP3 ready"}'
	stage 75 greeting '"+OK POP3 ready"'
	fake '{"at":"ehlo","say":"501 5.5.4 what a name"}'
	stage 255 extensions '501 5.5.4 what a name'
	fake_tls starttls expired
	stage 255 tls 'certificate has expired'
	login
	fake_tls starttls good --auth me:other
	stage 255 login '535 5.7.8 who are you?'
	unset EMAIL_HOST_USER EMAIL_HOST_PASSWORD
	fake '{"at":"mail","say":"553 5.7.1 not yours"}'
	stage 255 sender '553 5.7.1 not yours'
	fake '{"at":"rcpt","say":"554 5.7.1 <x>: Relay access denied"}'
	stage 255 recipient 'Relay access denied'
}

@test "a warning is no failure: our own mailbox, a certificate that ends" {
	fake '{"at":"rcpt","say":"550 5.1.1 no such user"}'
	ends 0 --separate-stderr bm-send --check --json
	same "recipient warning 550 5.1.1 no such user" "$(found | tail -n 1)"
	stop_servers
	fake_tls starttls good
	ends 0 --separate-stderr at_day +10 bm-send --check --json
	same "certificate warning" "$(jq -r 'select(.status != "ok") |
		"\(.name) \(.status)"' <<<"$output")"
	unset DEFAULT_BULK_FROM_EMAIL
	ends 0 --separate-stderr bm-send --check --json
	same "recipient warning not tried" "$(found | tail -n 1)"
}

@test "--json needs --check; --check alone asks no recipient" {
	ends 2 bm-send --json m
	fake
	ends 0 bm-send --check
	heard "1: EHLO MAIL RSET QUIT"
}

@test "a host that is not there is named at once, while the run goes on" {
	export BULK_EMAIL_MAX_RETRIES=20 BULK_EMAIL_DEFAULT_RETRY_DELAY=300
	EMAIL_HOST=relay.invalid bm-send m >out 2>err 3>&- &
	pid=$!
	wait_for 5 grep -qx "bm-send: relay.invalid:587: Could not resolve \
host: relay.invalid; trying again" err
	kill -TERM $pid
	wait $pid || true
	same 1 "$(grep -c 'trying again' err)"
}
