#!/usr/bin/env bats
# bm-send towards real servers, which scripts/setup --tests unpacks: `make peers`.

# shellcheck disable=SC2314,SC2030,SC2031,SC2034,SC2153,SC2154

BATS_TEST_DIRNAME=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
load helper
load messages
load smtp

plain_messages="plain_$(declare -f messages)"

setup() {
	prepare
	secure
	login
	# Servers give up root, and what bats makes is open to nobody else.
	dir=$(mktemp -d)
	chmod 755 "$dir"
}

teardown() {
	stop_servers
	wait
	rm -rf "${dir:-none}"
}

# Servers add what they miss.
messages() {
	eval "$plain_messages"
	plain_messages "$@" | sed 's/\\r\\nTo: /\\r\\nDate: Sat, 28 Nov 2026 20:00:00 +0000&/'
}

# peer SERVER [SETTING...]: it runs, and our settings are for it.
peer() {
	local server=$1 port
	shift
	port=$(free_port)
	rm -rf "${dir:?}/$server"
	mkdir "$dir/$server"
	chmod 755 "$dir/$server"
	cp "$CERTS/good.pem" "$dir/$server/cert.pem"
	if [ "$server" = npm ]; then
		NODE_PATH=$ROOT/build/node/node_modules node \
			"$ROOT/tests/peers/smtp-server.js" "$dir/npm" "$port" \
			"$@" >"$dir/npm/out" 2>&1 3>&- &
	else
		cp "$ROOT/tests/peers/serve" "$dir/$server/serve"
		"$ROOT/tests/peers/in-root" "$ROOT/build/servers/$server" \
			"$dir/$server" "$dir/$server/serve" "$server" \
			"$dir/$server" "$port" "$@" \
			>"$dir/$server/out" 2>&1 3>&- &
	fi
	SERVERS+=($!)
	wait_for 20 listening "$port" || {
		cat "$dir/$server/out"
		return 1
	}
	BOX=$dir/$server/mail
	export EMAIL_HOST=127.0.0.1 EMAIL_PORT=$port EMAIL_USE_TLS=yes
}

# is_there: all of m, byte for byte; fails for good if one differs.
is_there() {
	"$ROOT/tests/peers/mailbox" m "$BOX"
}

# brings MECHANISM: 20 awkward messages over STARTTLS and this login.
brings() {
	awkward 1 20 "$1" >m
	rm -rf "${BOX:?}"/new "$BOX"/[0-9]*
	AUTH_MECHANISMS=$1 ends 0 --separate-stderr timeout 60 bm-send m
	same "20 sent" "$(jq -r .status <<<"$output" | sort | uniq -c | xargs)"
	wait_for 30 is_there
}

# becomes STATUS OUTCOME [ARGUMENT...]: of all of m, as "status class code".
becomes() {
	local status=$1 want=$2

	shift 2
	ends "$status" --separate-stderr timeout 60 bm-send "$@" m
	same "$want" "$(jq -r '"\(.status) \(.class) \(.code)"' <<<"$output" |
		sort -u)"
}

# Recipients at a domain that is not the server's.
strangers() {
	messages 1 5 strangers | sed 's/@uni.example",\("sender\)/@far.example",\1/' >m
}

@test "Postfix: PLAIN, LOGIN and CRAM-MD5" {
	peer postfix
	brings PLAIN
	brings LOGIN
	brings CRAM-MD5
}

@test "Postfix: a wrong password costs two refusals" {
	peer postfix
	EMAIL_HOST_PASSWORD=wrong becomes 255 "deferred auth 535"
	same 2 "$(grep -c 'authentication failed' "$dir/postfix/log")"
}

@test "Postfix: relaying denied" {
	peer postfix
	unset EMAIL_HOST_USER EMAIL_HOST_PASSWORD
	strangers
	becomes 255 "deferred policy 554"
}

@test "Postfix: the sender is refused, at RCPT" {
	peer postfix 'smtpd_sender_restrictions=check_sender_access inline:{bounces@uni.example=REJECT}'
	becomes 255 "deferred sender 554"
}

@test "Postfix: the size limit, which it tells" {
	peer postfix message_size_limit=100
	becomes 255 "deferred too_big null"
}

@test "Postfix: anvil's rate of messages" {
	peer postfix smtpd_client_message_rate_limit=5 anvil_rate_time_unit=3s
	messages 1 12 rate >m
	BULK_EMAIL_MAX_RETRIES=5 BULK_EMAIL_DEFAULT_RETRY_DELAY=30 \
		becomes 0 "sent ok 250"
	wait_for 30 is_there
}

@test "Postfix: greylisting of one, an unknown user" {
	peer postfix 'smtpd_recipient_restrictions=check_recipient_access inline:{{u1@uni.example=450 4.7.1 Greylisted, try again} {u2@uni.example=550 5.1.1 User unknown}}'
	becomes 75 "deferred greylisted 450
failed bad_mailbox 550
sent ok 250"
}

@test "Exim: PLAIN, LOGIN and CRAM-MD5" {
	peer exim
	brings PLAIN
	brings LOGIN
	brings CRAM-MD5
}

@test "Exim: relaying not permitted, a wrong password, a refused sender" {
	peer exim
	EMAIL_HOST_PASSWORD=wrong becomes 255 "deferred auth 535"
	bm-send --lift account 2>/dev/null
	sed 's/bounces@uni/forbidden@uni/' m >m.new
	mv m.new m
	becomes 255 "deferred sender 550"
	rm -rf bm.db*
	bm-import --create --course c roster.csv 2>/dev/null
	unset EMAIL_HOST_USER EMAIL_HOST_PASSWORD
	strangers
	becomes 255 "deferred policy 550"
}

@test "Exim: a mailbox that is unknown, one that is put off" {
	peer exim
	messages 1 3 | sed 's/u1@/nobody@/g; s/u2@/grey@/g' >m
	becomes 75 "deferred greylisted 451
failed bad_mailbox 550
sent ok 250"
}

@test "OpenSMTPD, without TLS and login" {
	peer opensmtpd
	unset EMAIL_HOST_USER EMAIL_HOST_PASSWORD
	export EMAIL_USE_TLS=no
	awkward 1 20 >m
	becomes 0 "sent ok 250"
	wait_for 30 is_there
}

@test "chasquid forgets what is pipelined behind the dot: seconds, once" {
	peer chasquid
	export EMAIL_HOST_USER=u1@uni.example
	messages 1 6 >m
	SECONDS=0
	becomes 0 "sent ok 250"
	[ "$SECONDS" -le 15 ]
	[[ $stderr == *"cannot take what is pipelined behind the dot"* ]]
	wait_for 30 is_there
	rm -rf "${BOX:?}"/[0-9]*
	messages 1 6 again >m
	becomes 0 "sent ok 250"
	same "" "$stderr"
	wait_for 30 is_there
	EMAIL_HOST_PASSWORD=wrong bm-send --check || same 255 $?
}

@test "npm's smtp-server: PLAIN, LOGIN, CRAM-MD5 and XOAUTH2" {
	peer npm
	brings PLAIN
	brings LOGIN
	brings CRAM-MD5
	export EMAIL_HOST_TOKEN_COMMAND='echo s3cret-word'
	brings XOAUTH2
	rm -rf bm.db*
	bm-import --create --course c roster.csv 2>/dev/null
	EMAIL_HOST_TOKEN_COMMAND='echo bad-token' becomes 255 "deferred auth 535"
	[[ $output == *'status\":\"401'* ]]
}

@test "Dovecot's submission, in front of another server" {
	fake
	export HOP=$EMAIL_PORT
	peer dovecot
	# Version 2.3.19 dies of an envelope behind a dot, whose reply is lost.
	messages 1 3 first >m
	becomes 1 "in_doubt no_reply null
sent ok 250"
	same envelope "$(sqlite3 bm.db 'SELECT pipelining FROM relay_habits')"
	for mechanism in PLAIN LOGIN CRAM-MD5; do
		messages 1 3 $mechanism >m
		AUTH_MECHANISMS=$mechanism becomes 0 "sent ok 250"
	done
	same 12 "$(received | wc -l)"
	BOX=$FAKE/mail
	for mechanism in first PLAIN LOGIN CRAM-MD5; do
		messages 1 3 $mechanism
	done >m
	is_there
	EMAIL_HOST_PASSWORD=wrong bm-send --check || same 255 $?
}
