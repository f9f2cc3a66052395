# SMTP servers for the suites, and what they saw.
# shellcheck shell=bash

# fake [OPTION...] [RULE...]: tests/fake/smtpd.py, with our settings for it.
fake() {
	FAKE=$BATS_TEST_TMPDIR/fake
	rm -rf "$FAKE"
	mkdir "$FAKE"
	"$ROOT/tests/fake/smtpd.py" "$FAKE" "$@" 3>&- >"$FAKE/log" 2>&1 &
	SERVERS+=($!)
	wait_for 10 test -s "$FAKE/port"
	export EMAIL_HOST=127.0.0.1 EMAIL_PORT EMAIL_USE_TLS=no
	EMAIL_PORT=$(<"$FAKE/port")
}

stop_servers() {
	[ ${#SERVERS[@]} -eq 0 ] || kill "${SERVERS[@]}" 2>/dev/null || true
	SERVERS=()
}

# Who got a message, in order: one "u1" for each dot that the server took.
received() {
	jq -r 'select(.reply | startswith("2")) | .rcpt[]' \
		"$FAKE/messages" | sed 's/@.*//'
}

dialogue() {
	"$ROOT/tests/fake/dialogue" "$FAKE/bytes"
}

# outcomes FILE: "u1 sent ok dot 250" for each line.
outcomes() {
	jq -r '"\(.email | sub("@.*"; "")) \(.status) \(.class) \(.stage) " +
		"\(.code)"' "$1"
}
