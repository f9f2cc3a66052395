# SMTP servers for the suites, and what they saw.
# shellcheck shell=bash disable=SC2034,SC2154 # ONE and SENT; output of bats

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

# some_received N: the dots of so many messages came.
some_received() {
	[ "$(wc -l <"$FAKE/messages")" -ge "$1" ]
}

# people STATE: who has it in the ledger.
people() {
	sqlite3 "$BM_DB" "SELECT substr(email, 1, instr(email, '@') - 1)
		FROM deliveries WHERE state = '$1'" | sort
}

# lawful ALL MOST: nobody twice, nobody lost; in doubt are at most MOST of
# those who may have it, and who has it without being noted as sent is so.
lawful() {
	received | sort >got
	people in_doubt >doubt
	people sent >noted
	same "" "$(uniq -d got)" || return
	same "$1" "$(sort -u got doubt | wc -l)" || return
	same "" "$(comm -23 noted got)" || return
	same "" "$(comm -23 got <(sort noted doubt))" || return
	[ "$(wc -l <doubt)" -le "$2" ]
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
	/usr/bin/python3 - "$1" "$FAKE" <<-'END'
		import json, sys
		sent, server = sys.argv[1:]
		want = {m['email']: m['message'].encode()
		        for m in map(json.loads, open(sent))}
		for line in open(server + '/messages'):
		    got = json.loads(line)
		    with open('%s/mail/%d' % (server, got['n']), 'rb') as f:
		        if f.read() != want.pop(got['rcpt'][0]):
		            sys.exit('message %d differs' % got['n'])
		if want:
		    sys.exit('not there: ' + ' '.join(want))
	END
}

# --- one sender and three messages, u1, u2 and u3, in m ---

ONE="MAIL RCPT DATA TEXT ."
SENT="sent ok dot 250"

# A database of this test's own, and no waiting between attempts.
prepare() {
	cd "$BATS_TEST_TMPDIR" || return
	export BM_DB=$BATS_TEST_TMPDIR/bm.db BM_EHLO_NAME=client.example
	export BULK_EMAIL_MAX_RETRIES=1 BULK_EMAIL_DEFAULT_RETRY_DELAY=0
	printf 'email\na@uni.example\n' >roster.csv
	bm-import --create --course c roster.csv 2>/dev/null
	messages 1 3 >m
	SERVERS=()
}

# sends STATUS OUTCOMES [ARGUMENT...]: bm-send of what is in m.
sends() {
	local status=$1 want=$2

	shift 2
	ends "$status" --separate-stderr timeout 60 bm-send "$@" m
	printf '%s\n' "$output" >out
	same "$want" "$(outcomes out | sort)" || {
		cat out
		return 1
	}
}

# all REST: the same for u1, u2 and u3.
all() {
	printf 'u%d %s\n' 1 "$1" 2 "$1" 3 "$1"
}

# only REST: u1 and u3 are sent, and this becomes of u2.
only() {
	printf 'u1 %s\nu2 %s\nu3 %s\n' "$SENT" "$1" "$SENT"
}

# heard LINE...: the dialogues of all connections, as soon as the server has
# noticed their end.
heard() {
	local want

	want=$(printf '%s\n' "$@")
	wait_for 5 is_dialogue "$want" || same "$want" "$(dialogue)"
}

is_dialogue() {
	[ "$(dialogue)" = "$1" ]
}

# --- TLS and login ---

# Certificates in $CERTS, the same for all tests of a file; ours is trusted.
secure() {
	CERTS=$BATS_FILE_TMPDIR/certs
	(
		flock 9
		[ -e "$CERTS/unknown.pem" ] ||
			"$ROOT/tests/fake/certificates" "$CERTS"
	) 9>"$CERTS.lock" || return
	export BM_CA_FILE=$CERTS/ca.pem
}

login() {
	export EMAIL_HOST_USER=me EMAIL_HOST_PASSWORD=s3cret-word
}

# fake_tls starttls|implicit CERTIFICATE [OPTION...] [RULE...]
fake_tls() {
	local how=$1 cert=$2

	shift 2
	secure
	fake --tls "$how" --cert "$CERTS/$cert.pem" "$@"
	export EMAIL_USE_TLS=yes EMAIL_USE_SSL=no
	[ "$how" = starttls ] || export EMAIL_USE_SSL=yes
}

# The password, or what AUTH makes of it, in clear.
leaked() {
	grep -E ' < ' "$FAKE/bytes" | grep -E \
		"AUTH|s3cret|$(printf '\0me\0s3cret-word' | base64)"
}

# swell BYTES: bodies so much larger, that do not leave at once.
swell() {
	awk -v least="$1" 'BEGIN {
		body = sprintf("%070d", 0) "\\r\\n"
		while (length(body) < least)
			body = body body
	}
	{
		at = index($0, "Hello ")
		print substr($0, 1, at - 1) body substr($0, at)
	}' m >m.big
	mv m.big m
}

# reaped PID STATUS: `run` has no children of ours to wait for.
reaped() {
	local status=0

	wait "$1" || status=$?
	[ $status -eq "$2" ]
}

# --- clocks ---

# with_clock FILE COMMAND...: its clock is ahead by what is in the file.
with_clock() {
	local file=$1

	shift
	ASAN_OPTIONS="${ASAN_OPTIONS-}:verify_asan_link_order=0" \
		faketime -f +0 env -u FAKETIME FAKETIME_NO_CACHE=1 \
		FAKETIME_TIMESTAMP_FILE="$file" "$@"
}

# at_offset +30s COMMAND...: under a clock that is so much off.
at_offset() {
	ASAN_OPTIONS="${ASAN_OPTIONS-}:verify_asan_link_order=0" \
		faketime -f "$1" "${@:2}"
}

at_day() { # N COMMAND...
	at_offset "$1d" "${@:2}"
}
