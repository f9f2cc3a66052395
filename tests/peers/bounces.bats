#!/usr/bin/env bats
# bm-bounce behind real mail servers: `make peers`. They send on what bm-send
# gives them, report what the next server refuses, and pipe the reports to
# bm-bounce, as its manual shows.

# shellcheck disable=SC2034,SC2094,SC2153,SC2154 # --id names a mailing

BATS_TEST_DIRNAME=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
load helper
load smtp

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	# Servers give up root, and what bats makes is open to nobody else.
	dir=$(mktemp -d)
	chmod 755 "$dir"
	SERVERS=()
	export BM_DB=bm.db BM_KEY_FILE=key BM_EHLO_NAME=client.example \
		BM_OPTOUT_URL=https://learn.example/o BM_POSTAL_ADDRESS='1 Way' \
		BM_VERP='bounce+%s@bounces.learn.example' \
		BM_VERP_KEY_FILE=verp.key EMAIL_USE_TLS=no
	bm-optout keygen
	bm-optout keygen --verp
	echo '<p>Hi</p>' >body.html
	printf '%s@far.example\n' email gone full big slow fine |
		sed 1s/@.*// >roster.csv
	bm-import --create --course c1 roster.csv
}

teardown() {
	stop_servers
	wait
	rm -rf "${dir:-none}"
}

# The parts of bm-bounce(1) that say so are a server's configuration.
recipes() {
	mkdir "$1"
	awk -v dir="$1" '
		/^\.\\" not run: .*, by tests\/peers$/ {
			sub(/,$/, "", $4)
			file = dir "/" $4
		}
		/^\.Ed/ { file = "" }
		file != "" && !/^\./ {
			gsub(/\\e/, "\\")
			print >file
		}' "$ROOT/man/bm-bounce.1"
}

# The next server: what it says to whom.
next_server() {
	fake --ext 'PIPELINING,8BITMIME,SIZE 20000,ENHANCEDSTATUSCODES' \
		'{"at":"rcpt","match":"gone@","say":"550 5.1.1 <gone@far.example>: Recipient address rejected: User unknown in virtual mailbox table"}' \
		'{"at":"rcpt","match":"full@","say":"552 5.2.2 <full@far.example>: user is over quota"}' \
		'{"at":"rcpt","match":"big@","say":"552 5.3.4 message size exceeds fixed limit"}' \
		'{"at":"rcpt","match":"slow@","say":"450 4.2.0 try again later"}'
	NEXT=$EMAIL_PORT
}

# relay SERVER: it runs, and bm-send's settings are for it.
relay() {
	local port

	next_server
	port=$(free_port)
	mkdir "$dir/$1"
	chmod 755 "$dir/$1"
	recipes "$dir/$1/recipes"
	cp "$BM_BIN/bm-bounce" "$dir/$1"
	cp "$ROOT/tests/peers/returns" "$dir/$1/returns"
	"$ROOT/tests/peers/in-root" "$ROOT/build/servers/$1" "$dir/$1" \
		"$dir/$1/returns" "$1" "$dir/$1" "$port" "$NEXT" \
		>"$dir/$1/out" 2>&1 3>&- &
	SERVERS+=($!)
	wait_for 20 listening "$port" || {
		cat "$dir/$1/out"
		return 1
	}
	SPOOL=$dir/$1/spool/bounces
	export EMAIL_PORT=$port
}

# mailing ID: to all who get mail, a large one to big@.
mailing() {
	bm-recipients --course c1 --to learners |
		bm-render --id "$1" --subject S --from staff@learn.example \
			body.html |
		jq -c 'if .email | startswith("big") then
			.message += ("x" * 70 + "\r\n") * 400 else . end' >"$1"
	ends 0 --separate-stderr timeout 60 bm-send "$1"
	same "$(wc -l <"$1") sent" \
		"$(jq -r .status <<<"$output" | sort | uniq -c | xargs)"
}

# in_spool TEXT...: a message came with each of them.
in_spool() {
	local text

	for text; do
		grep -rqsF "$text" "$SPOOL/new" || return
	done
}

# come_back PROOF: what the server reports of the first mailing, and what
# becomes of the next one.
come_back() {
	wait_for 30 in_spool {gone,full,big,slow}@far.example || {
		cat "$dir"/*/out "$dir"/*/log "$dir"/*/log/* 2>/dev/null
		return 1
	}
	ends 0 --separate-stderr bm-bounce --maildir "$SPOOL"
	same "delayed slow w1 $1
hard gone w1 $1
soft big w1 $1
soft full w1 $1" "$(jq -r '"\(.kind) \(.recipient // .address |
		split("@")[0]) \(.email_id) \(.by)"' <<<"$output" | sort -u)" ||
		{
			tail -n 100 "$SPOOL"/cur/*
			return 1
		}
	same 'mailbox_full too_big' "$(jq -r 'select(.kind == "soft") |
		.class' <<<"$output" | sort -u | xargs)"
	same '[4,1,0]' "$(counts)"
	same gone@far.example "$(bm-bounce list | jq -r .address)"
	same '[5,3]' "$(bm-report --id w1 --json | jq -c '[.sent, .bounced]')"
	mailing w2
	same 'big fine full slow' \
		"$(jq -r '.email | split("@")[0]' w2 | sort | xargs)"
}

counts() {
	bm-recipients --course c1 --to learners --count |
		jq -c '[.emitted, .suppressed, .opted_out]'
}

# comes ADDRESS: the relay gets the message on stdin for it.
comes() {
	/usr/bin/python3 -c 'import smtplib, sys
with smtplib.SMTP("127.0.0.1", int(sys.argv[1])) as relay:
    relay.sendmail("", sys.argv[2], sys.stdin.read())' "$EMAIL_PORT" "$1"
}

# sent_id NAME: the Message-ID of the first mailing to this person.
sent_id() {
	jq -r --arg name "$1@" 'select(.email | startswith($name)) | .message' w1 |
		sed -n 's/^Message-I[Dd]: \(.*\)\r$/\1/p'
}

# A complaint about what NAME was sent, whose provider hides the address.
complaint() {
	printf '%s\n' 'From: fbl@provider.example' \
		'To: bounce@bounces.learn.example' 'Subject: complaint' \
		'MIME-Version: 1.0' \
		'Content-Type: multipart/report; report-type=feedback-report; boundary=x' \
		'' --x 'Content-Type: text/plain' '' 'An abuse report.' '' \
		--x 'Content-Type: message/feedback-report' '' \
		'Feedback-Type: abuse' 'User-Agent: fbl/1' 'Version: 1' '' \
		--x 'Content-Type: message/rfc822' '' \
		'From: staff@learn.example' 'To: redacted@redacted.example' \
		"Message-ID: $(sent_id "$1")" '' 'Hi' --x--
}

# What SNS mails when SES reports that NAME has no mailbox.
notification() {
	printf '%s\n' 'From: AWS Notifications <no-reply@sns.amazonaws.com>' \
		'To: bounce@bounces.learn.example' \
		'Subject: AWS Notification Message' ''
	jq -cn --arg address "$1@far.example" --arg id "$(sent_id "$1")" '{
		notificationType: "Bounce", bounce: {bounceType: "Permanent",
			bounceSubType: "General", bouncedRecipients: [{
			emailAddress: $address, action: "failed", status: "5.1.1",
			diagnosticCode: "smtp; 550 5.1.1 user unknown"}]},
		mail: {destination: [$address], headers: [
			{name: "Message-ID", value: $id}]}}'
	printf '%s\n' '' -- 'If you wish to stop receiving notifications from' \
		'this topic, please click or visit the link below to unsubscribe:' \
		'https://sns.eu-west-1.amazonaws.com/unsubscribe.html'
}

@test "Postfix reports: unknown, full, too big, delayed; by the token" {
	relay postfix
	mailing w1
	come_back verp
}

@test "Exim reports: unknown, full, too big, delayed; by the Message-ID" {
	export BM_VERP='' BM_ENVELOPE_SENDER=bounce@bounces.learn.example
	relay exim
	mailing w1
	come_back message_id
}

@test "Exim reports to the envelope sender of each recipient" {
	relay exim
	mailing w1
	come_back verp
}

@test "OpenSMTPD reports: unknown, full, too big, delayed; by the token" {
	relay opensmtpd
	mailing w1
	come_back verp
}

@test "Postfix pipes a complaint and an event of SES; a fetcher brings both again" {
	local file n=0

	next_server() {
		fake
		NEXT=$EMAIL_PORT
	}
	relay postfix
	mailing w1
	complaint fine | comes bounce@bounces.learn.example
	notification full | comes bounce@bounces.learn.example
	printf '%s\n' 'From: no-reply@sns.amazonaws.com' \
		'Subject: AWS Notification - Subscription Confirmation' '' \
		'You have chosen to subscribe to the topic.' |
		comes bounce@bounces.learn.example
	wait_for 20 in_spool feedback-report notificationType 'chosen to' || {
		cat "$dir/postfix/log"
		return 1
	}
	ends 0 --separate-stderr bm-bounce --maildir "$SPOOL"
	same 'complaint fine message_id
hard full message_id
unknown - -' "$(jq -r '"\(.kind) \(.recipient // "-" | split("@")[0]) \(
		.by // "-")"' <<<"$output" | sort)"
	[[ $stderr == *'3 messages: 1 complaint, 1 hard, 1 unrecognized'* ]]
	same '[3,1,1]' "$(counts)"
	# As mbsync(1) and getmail(1) name what they fetch.
	mkdir -p fetched/{new,cur,tmp}
	for file in "$SPOOL"/cur/*; do
		n=$((n + 1))
		cp "$file" "fetched/new/176440000$n.4711_$n.host,U=$n:2,"
		cp "$file" "fetched/new/176440000$n.M1P2Q$n.host"
	done
	ends 0 --separate-stderr bm-bounce --maildir fetched
	[[ $stderr == *'0 entered, 4 known before, 0 of nobody '* ]]
	same '' "$(ls fetched/new)"
	same 6 "$(find fetched/cur -type f | wc -l)"
	same '[3,1,1]' "$(counts)"
	mailing w2
	same 'big gone slow' \
		"$(jq -r '.email | split("@")[0]' w2 | sort | xargs)"
}
