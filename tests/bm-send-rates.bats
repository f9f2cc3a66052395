#!/usr/bin/env bats
# --rate: what a relay's account, and what one recipient domain may be given,
# by all processes together. Judged by the times that the server wrote down.

# shellcheck disable=SC2034,SC2154 # SERVERS is smtp.bash's, output is bats'

load helper
load messages
load smtp

setup() {
	prepare
	unset BULK_EMAIL_MAX_RETRIES BULK_EMAIL_DEFAULT_RETRY_DELAY
}

teardown() {
	stop_servers
}

# within N MS [DOMAIN]: the most messages that arrived within any MS are N;
# those to a domain, if it is given.
within() {
	local got

	got=$(jq -s --argjson ms "$2" --arg domain "@${3-}" '
		[.[] | select($domain == "@" or
			(.rcpt[0] | endswith($domain))) | .at] | sort as $t |
		[range($t | length) as $i |
			[$t[$i:][] | select(. < $t[$i] + $ms)] | length] | max
		' fake/messages)
	[ "$got" -le "$1" ] || {
		echo "$got within $2 ms, not $1"
		return 1
	}
}

count() {
	jq -r "select(.rcpt[0] | endswith(\"$1\")).rcpt[0]" fake/messages |
		sort | uniq | wc -l
}

@test "a rate is kept by three processes together, and used" {
	fake
	for i in 1 2 3; do
		messages "${i}01" "${i}40" >m$i
	done
	start=$(date +%s%N)
	printf '%s\n' m1 m2 m3 | timeout 60 xargs -P 3 -n 1 \
		bm-send --rate 40/s --rate 90/2s >/dev/null
	took=$((($(date +%s%N) - start) / 1000000))
	same 120 "$(count @uni.example)"
	# The law is about the grants: 150 ms of slack on the way.
	within 46 1000
	within 97 2000
	[ "$took" -lt 6000 ]
}

@test "a domain's rate holds up nobody else, and keeps its order" {
	fake
	messages 1 30 | sed '1,6s/@uni\.example/@slow.example/g' >m
	ends 0 --separate-stderr timeout 60 bm-send \
		--rate SLOW.example=2/s --rate 1000/s m
	same 6 "$(count @slow.example)"
	same 24 "$(count @uni.example)"
	within 3 1000 slow.example
	same "u1 u2 u3 u4 u5 u6" "$(jq -r .rcpt[0] fake/messages |
		sed -n 's/@slow.*//p' | xargs)"
	# The last of the others was there before the fourth of the slow ones:
	# they have a second and a half.
	jq -es 'map(.rcpt[0]) | (map(endswith("@uni.example")) | rindex(true)) <
		(map(. == "u4@slow.example") | index(true))' fake/messages
}

@test "two processes share a domain's rate; TERM gives back who waits" {
	fake
	messages 1 20 | sed 's/@uni\.example/@slow.example/g' >m
	split -l 10 m part
	printf '%s\n' partaa partab | timeout 60 xargs -P 2 -n 1 \
		bm-send --rate slow.example=5/s >/dev/null
	same 20 "$(count @slow.example)"
	within 6 1000 slow.example
	messages 1 9 again | sed 's/@uni\.example/@slow.example/g' >m
	bm-send --rate slow.example=1/h m >out &
	pid=$!
	wait_for 20 test -s out
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 75 ]
	same "8 stopped 1 ok" "$(jq -r .class out | sort -r | uniq -c | xargs)"
	same "1" "$(sqlite3 "$BM_DB" "SELECT count(*) FROM deliveries
		WHERE email_id = 'again'")"
}

@test "rates that are none" {
	export EMAIL_HOST=127.0.0.1 EMAIL_PORT=1 EMAIL_USE_TLS=no
	messages 1 1 >m
	for rate in x 5 5/x =5/s a@b.example=5/s slow.example= slow.example=5; do
		ends 2 bm-send --rate "$rate" m
		[[ $output == "bm-send: --rate: "* ]]
	done
}
