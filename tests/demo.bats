#!/usr/bin/env bats
# The demo, as a newcomer runs it: into a Maildir, and through a relay.

# shellcheck disable=SC2034,SC2154 # bats sets output, smtp.bash uses SERVERS

load helper
load smtp

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	SERVERS=()
}

teardown() {
	stop_servers
}

demo() { # STATUS [NAME=VALUE...]
	local want=$1

	shift
	ends "$want" timeout 300 env "$@" "$ROOT/scripts/demo"
}

@test "the demo mails 295 people, one message each" {
	demo 0
	same 295 "$(find demo-*/Maildir/new -type f | wc -l)"
	same 295 "$(jq -r .email demo-*/outcomes.ndjson | sort -u | wc -l)"
	same "295 sent" "$(jq -r .status demo-*/outcomes.ndjson | sort | uniq -c |
		sed 's/^ *//')"
	[[ $output == *'295 pass d=learn.example s=demo a=rsa-sha256'* ]]
	[[ $output == *'All 295 messages are in '*'/Maildir/new'* ]]
}

@test "with a relay it sends three messages, all to TO" {
	"$ROOT/tests/fake/certificates" certs
	serve fake "$ROOT/tests/fake/aiosmtp.py" fake certs/good.pem starttls
	demo 0 SMTP="$EMAIL_HOST:$EMAIL_PORT" TO=me@uni.example \
		EMAIL_HOST_USER=me EMAIL_HOST_PASSWORD=s3cret-word \
		BM_CA_FILE="$PWD/certs/ca.pem"
	same '3 ["me@uni.example"]' "$(jq -c .rcpt fake/messages | uniq -c |
		sed 's/^ *//')"
	[[ $output != *s3cret* ]]
}

@test "with a relay but nobody to send to it refuses" {
	demo 2 SMTP=127.0.0.1:25
	[[ $output == *'SMTP needs TO='* ]]
	demo 2 SMTP=127.0.0.1 TO=me@uni.example
	[[ $output == *'is not host:port'* ]]
	same '' "$(ls)"
}

@test "a relay that is not there ends the demo with 75" {
	demo 75 SMTP="127.0.0.1:$(free_port)" TO=me@uni.example
	same 3 "$(grep -c '"status":"deferred"' <<<"$output")"
}
