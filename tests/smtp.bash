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

# serve DIR COMMAND...: another server that writes its port to DIR/port.
serve() {
	FAKE=$1
	shift
	rm -rf "$FAKE"
	mkdir "$FAKE"
	"$@" 3>&- >"$FAKE/log" 2>&1 &
	SERVERS+=($!)
	wait_for 10 test -s "$FAKE/port"
	export EMAIL_HOST=127.0.0.1 EMAIL_PORT
	EMAIL_PORT=$(<"$FAKE/port")
}

# awkward FIRST LAST [EMAIL_ID]: messages full of dots and long lines.
awkward() {
	messages "$@" | awk '{
		n = NR
		body = ".\\r\\n..\\r\\n.x\\r\\n\\r\\n" sprintf("%0990d", n) \
		    "\\r\\n.\\r\\nFrom me\\r\\n" sprintf("%0*d", n % 200 + 1, 0) \
		    "\\r\\n...\\r\\n.\\r\\n"
		at = index($0, "Hello ")
		print substr($0, 1, at - 1) body substr($0, at)
	}'
}

# arrived FILE: each message of FILE is at the server once, byte for byte.
arrived() {
	local n

	same "$(jq -r .email "$1" | sort)" \
		"$(jq -r '.rcpt[]' "$FAKE/messages" | sort)"
	while read -r n; do
		jq -rj --arg to "$(jq -r --argjson n "$n" \
			'select(.n == $n).rcpt[0]' "$FAKE/messages")" \
			'select(.email == $to).message' "$1" |
			cmp - "$FAKE/mail/$n" || return
	done < <(jq .n "$FAKE/messages" | shuf -n 10)
	cat "$FAKE"/mail/* | sort | cksum | cut -d ' ' -f 1 >got
	jq -rj .message "$1" | sort | cksum | cut -d ' ' -f 1 | cmp - got
}
