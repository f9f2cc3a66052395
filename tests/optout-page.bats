# The opt-out page: under lighttpd and nginx, and as a CGI program alone with
# the environments of other servers.

# shellcheck disable=SC2154,SC2030,SC2031 # bats sets them, in subshells
load helper
load web

COURSE=course-v1:UniX+CS101+2026

setup() {
	page_setup
	T=$(token $COURSE 42 ada@uni.example)
	ONE=List-Unsubscribe=One-Click
	before=$(dump)
}

teardown() {
	page_teardown
}

rows() {
	sqlite3 "$BM_DB" 'SELECT course_id, user_id, key, action, source
		FROM optouts ORDER BY seq'
}

# cgi METHOD QUERY [VAR=VALUE...]: the program as a server runs it, stdin is
# the body; leaves answer, and the status in $code.
cgi() {
	local method=$1 query=$2

	shift 2
	env -i PATH=/usr/bin:/bin GATEWAY_INTERFACE=CGI/1.1 \
		REQUEST_METHOD="$method" QUERY_STRING="$query" "$@" \
		./optout.cgi >answer 2>log
	code=$(sed -n '1s/^Status: \([0-9]*\) .*\r$/\1/p' answer)
}

# post BODY [VAR=VALUE...]
post() {
	local body=$1

	shift
	printf %s "$body" | {
		cgi POST "t=$T" CONTENT_TYPE=application/x-www-form-urlencoded \
			CONTENT_LENGTH=${#body} "$@"
		echo "$code" >code
	}
	code=$(cat code)
}

# dump: the database but for the count of its changes, since a test takes its
# opt-outs back by SQL.
dump() {
	sqlite3 "$BM_DB" .dump | grep -v 'INTO generation'
}

# unchanged: the database is as it was at the beginning of the test.
unchanged() {
	same "$before" "$(dump)"
}

# is STATUS: the last answer's, and nothing has changed unless it is 200.
is() {
	[ "$code" = "$1" ] || { echo "$code, not $1"; cat answer log; return 1; }
	[ "$1" = 200 ] || unchanged
}

# headers FILE: all that an answer must have, and nothing that it must not.
headers() {
	local line

	tr -d '\r' <"$1" | sed '/^$/,$d' >fields
	for line in 'Content-Type: text/html; charset=utf-8' \
		'Cache-Control: no-store' 'Referrer-Policy: no-referrer' \
		'X-Robots-Tag: noindex, nofollow' \
		'X-Content-Type-Options: nosniff' 'X-Frame-Options: DENY'; do
		grep -qix "$line" fields || { echo "no $line"; cat fields; return 1; }
	done
	grep -qi "^Content-Security-Policy: default-src 'none'; .*form-action\
 'self'; frame-ancestors 'none'; base-uri 'none'" fields
	run ! grep -qiE '^(Set-Cookie|Location|Refresh)' fields
	run ! grep -qiE '<script|onload|http-equiv|src=|https?://' "$1"
}

# form FILE: the buttons offered.
form() {
	grep -o 'value="[a-z]*-[a-z]*"' "$1" | cut -d'"' -f2 | paste -sd' '
}

# The whole life of a link under a real server.
under_server() {
	local before url="$page?t=$T"

	# Looking changes nothing.
	before=$(dump)
	curl -si "$url" >page.html
	headers page.html
	grep -q '^HTTP/1.1 200' page.html
	grep -q 'a…@uni.example' page.html
	run ! grep -q 'ada@' page.html
	same 'stop-course stop-all' "$(form page.html)"
	curl -sI "$url" >head-answer
	headers head-answer
	[ -z "$(sed '1,/^\r$/d' head-answer)" ]
	[ "$(curl -s -o body -w '%{http_code}' -I "$page?t=nothing")" = 404 ]
	curl -s -o body -w '%{http_code}' "$page?t=nothing" | grep -qx 404
	curl -si -X OPTIONS "$url" | grep -q '^HTTP/1.1 204'
	curl -si -X PUT -d x "$url" | tr -d '\r' |
		grep -qx 'Allow: GET, HEAD, POST, OPTIONS'
	[ "$(dump)" = "$before" ]

	# One click: urlencoded, multipart, chunked; 2xx, no redirect.
	for way in "-d $ONE" "-F $ONE" "-d $ONE -H Transfer-Encoding:chunked" \
		"-d x=1&$ONE&y=2"; do
		sqlite3 "$BM_DB" 'DELETE FROM optouts'
		# shellcheck disable=SC2086 # words are meant
		curl -si $way "$url" >answer
		headers answer
		grep -q '^HTTP/1.1 200' answer
		same "$COURSE|42|ada@uni.example|out|one-click" "$(rows)"
	done
	curl -s -d "$ONE" "$url" >/dev/null
	[ "$(rows | wc -l)" -eq 1 ]

	# The buttons.
	curl -s "$url" >page.html
	same 'stop-all start-course' "$(form page.html)"
	curl -s -d 'confirm=1&do=stop-all' "$url" >answer
	grep -q 'role="status"' answer
	same start-all "$(form answer)"
	curl -s -d 'confirm=1&do=start-all' "$url" >answer
	same 'stop-all start-course' "$(form answer)"
	curl -s -d 'confirm=1&do=start-course' "$url" >answer
	same 'stop-course stop-all' "$(form answer)"
	same 'out out in in' "$(rows | cut -d'|' -f4 | paste -sd' ')"
	ends 0 bm-optout check --course $COURSE ada@uni.example

	# The token in the path.
	curl -s -d "$ONE" "$page/$T" >answer
	same 'stop-all start-course' "$(form answer)"
	[ "$(rows | tail -n 1 | cut -d'|' -f4-)" = 'out|one-click' ]

	# The log is kept, but no link is in it.
	curl -s "${page%/optout}/other" >/dev/null
	wait_for 10 grep -q /other access.log
	run ! grep -rF "${T:0:40}" access.log error.log
}

# one_click_of FILE: the address of a message's one-click header, if it says
# that it is one; its body on stderr.
one_click_of() {
	/usr/bin/python3 - "$1" <<-'END'
		import email, email.policy, re, sys
		with open(sys.argv[1], "rb") as file:
		    m = email.message_from_binary_file(
		        file, policy=email.policy.default)
		print(re.match("<(http[^>]*)>", m["List-Unsubscribe"]).group(1))
		print(m["List-Unsubscribe-Post"], file=sys.stderr, end="")
	END
}

@test "the header's address and body, as mail providers post them" {
	start_lighttpd
	echo '<p>Hello</p>' >body.html
	jq -nc --arg course "$COURSE" '{email: "ada@uni.example",
		user_id: 42, course_id: $course}' |
		BM_OPTOUT_URL=$page BM_POSTAL_ADDRESS='1 College Road' \
		DEFAULT_BULK_FROM_EMAIL=courses@uni.example \
		bm-render --id one --subject Hello body.html |
		bm-send --maildir mail >/dev/null
	url=$(one_click_of mail/new/* 2>marker)
	[ "$(wc -c <marker)" -eq 26 ]
	for way in "--data-binary @marker" "-F $(cat marker)" \
		"--data-binary @marker -H Transfer-Encoding:chunked"; do
		sqlite3 "$BM_DB" 'DELETE FROM optouts'
		# shellcheck disable=SC2086 # words are meant
		curl -si --max-redirs 0 $way "$url" >answer
		headers answer
		grep -q '^HTTP/1.1 2' answer
		same "$COURSE|42|ada@uni.example|out|one-click" "$(rows)"
	done
}

# test_token: of the link in a test message to ada.
test_token() {
	echo '<p>Hello</p>' >body.html
	jq -nc --arg course "$COURSE" '{email: "ada@uni.example",
		user_id: 42, course_id: $course}' |
		BM_OPTOUT_URL=https://mail.uni.example/optout \
		BM_POSTAL_ADDRESS='1 College Road' \
		DEFAULT_BULK_FROM_EMAIL=courses@uni.example \
		bm-render --id one --subject Hello --test-links body.html >message
	jq -r .message message | tr -d '\r' |
		grep -om 1 'optout?t=[A-Za-z0-9_-]*' | cut -d = -f 2
}

@test "the link of a test message: the learner's page, and no change" {
	live=$T
	T=$(test_token)
	[ -n "$T" ] && [ "$T" != "$live" ]
	same true "$(jq .test message)"
	cgi GET "t=$T"
	same 200 "$code"
	grep -q 'belongs to a test message' answer
	grep -q 'a…@uni.example' answer
	same 'stop-course stop-all' "$(form answer)"
	for act in stop-course stop-all start-course start-all; do
		post "confirm=1&do=$act"
		same 200 "$code"
		grep -q 'belongs to a test message' answer
		run ! grep -q 'class="done"' answer
		grep -q "$act.*: the link of a test message changes nothing" log
	done
	post "$ONE"
	same 200 "$code"
	unchanged
	# The learner's own link changes what the tester's page shows.
	bm-optout add -q --course "$COURSE" ada@uni.example
	cgi GET "t=$T"
	same stop-all "$(form answer)"
	post 'confirm=1&do=start-course'
	same "$COURSE||ada@uni.example|out|operator" "$(rows)"
	for language in es ar; do
		cgi GET "t=$T" HTTP_ACCEPT_LANGUAGE=$language
		grep -q 'class="test"' answer
	done
	cgi GET "t=$live"
	run ! grep -q 'class="test"' answer
}

@test "the link of a test message sent by mail: nothing is stopped" {
	T=$(test_token)
	printf 'From: me@staff.example\nSubject: %s\n\n' "$T" >unsubscribe
	run --separate-stderr bm-optout mail <unsubscribe
	[ "$status" -eq 0 ]
	[[ $stderr == *'the link of a test message changes nothing'* ]]
	unchanged
}

@test "lighttpd: looking, one click, buttons" {
	start_lighttpd
	under_server
	# What servers do with strange paths.
	[ "$(curl -s -o x -w '%{http_code}' --path-as-is \
		"$page/../optout/$T%2F..%00%0d%0aX:y")" -ge 400 ]
}

@test "nginx and fcgiwrap: looking, one click, buttons" {
	start_nginx
	under_server
}

@test "1,000 GETs and HEADs leave the database as it was" {
	start_lighttpd
	say=$(dump)
	curl -s --parallel --parallel-max 8 -o '#1' \
		"$page?t=$T&do=stop-all&confirm=1&n=[1-500]" --create-dirs \
		--output-dir out -w '%{http_code}\n' >codes
	curl -sI --parallel --parallel-max 8 -o '#1' \
		"$page?t=$T&$ONE&n=[1-500]" --output-dir out \
		-w '%{http_code}\n' >>codes
	same '1000 200' "$(sort codes | uniq -c | awk '{ print $1, $2 }')"
	[ "$(dump)" = "$say" ]
}

# Bodies, methods, headers, paths; what a server answers by itself may differ.
attacks() {
	head -c 1000000 /dev/zero | tr '\0' a >big
	status() {
		curl -s -m 20 -o /dev/null -w '%{http_code}' "$@"
	}
	[ "$(status --data-binary @big "$page?t=$T")" = 413 ]
	[ "$(status -F x=@big "$page?t=$T")" = 413 ]
	[ "$(status -d '' "$page?t=$T")" = 400 ]
	[ "$(status -d '' -H Content-Length: "$page?t=$T")" -ge 400 ]
	[ "$(status -d x "$page?t=$T")" = 400 ]
	[ "$(status -d "$ONE" "$page?t=${T%?}")" = 404 ]
	[ "$(status -d "$ONE" "$page")" = 404 ]
	[ "$(status -d "$ONE" "$page?--help+x")" = 404 ]
	[ "$(status -d "$ONE" "$page?a+b")" = 404 ]
	for method in PUT DELETE PATCH TRACE CONNECTX; do
		code=$(status -X $method "$page?t=$T")
		[[ $code =~ ^(405|501|400)$ ]]
	done
	[ "$(status -H 'Proxy: http://evil.example' "$page?t=$T")" = 200 ]
	[ "$(status -H 'BM_DB: /tmp/x' "$page?t=$T")" = 200 ]
	[ "$(status "$page?t=$(head -c 1500 big)")" = 404 ]
	[ "$(status "$page?t=%00$T")" -ge 400 ]
	[ "$(status "$page?t=$T&t=$T")" = 404 ]
	[ "$(status -d "$ONE" "$page/$T/..")" = 404 ]
	[ "$(status -d "$ONE" --path-as-is "$page/../optout/$T%2F..")" -ge 400 ]
	[ "$(status -d "$ONE" "$page/$T%00")" -ge 400 ]
	[ "$(status -d "$ONE" "$page/$T%0d%0aX:y")" -ge 400 ]
	printf '%s\r\n' "POST /optout?t=$T HTTP/1.1" 'Host: x' \
		'Content-Length: -1' 'Connection: close' '' "$ONE" >raw
	raw_is 4
	printf '%s\r\n' "POST /optout?t=$T HTTP/1.1" 'Host: x' \
		'Content-Length: 100' 'Connection: close' '' "$ONE" >raw
	raw_is '[45]'
	unchanged
}

# raw_is CLASS: what is answered to the bytes in the file raw, behind which the
# client hangs up; no answer at all will do as well.
raw_is() {
	local port=${page#http://*:}

	/usr/bin/python3 - "${port%/*}" >reply <<-'END'
		import socket, sys
		s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20)
		with open("raw", "rb") as file:
		    s.sendall(file.read())
		s.shutdown(socket.SHUT_WR)
		sys.stdout.buffer.write(s.makefile("rb").readline())
	END
	[ ! -s reply ] || grep -q "^HTTP/1.1 $1" reply
}

@test "attacks under lighttpd: none has an effect" {
	start_lighttpd
	attacks
}

@test "attacks under nginx and fcgiwrap: none has an effect" {
	start_nginx
	attacks
}

@test "a hundred clicks on one link at once: one entry, one answer" {
	start_lighttpd
	curl -s --parallel --parallel-immediate --parallel-max 50 -d "$ONE" \
		-o 'out/#1' --create-dirs -w '%{http_code}\n' \
		"$page?t=$T&n=[1-100]" >codes
	same '100 200' "$(sort codes | uniq -c | awk '{ print $1, $2 }')"
	same "$COURSE|42|ada@uni.example|out|one-click" "$(rows)"
	[ "$(cat out/* | md5sum)" = "$(for _ in {1..100}; do cat out/1; done |
		md5sum)" ]
}

# begin: the head of a POST and the first byte of its body, on descriptor
# $line.
begin() {
	local port=${page#http://*:}

	exec {line}<>"/dev/tcp/127.0.0.1/${port%/*}"
	printf '%s\r\n' "POST /optout?t=$T HTTP/1.1" 'Host: x' \
		'Connection: close' "Content-Length: ${#ONE}" \
		'Content-Type: application/x-www-form-urlencoded' '' >&"$line"
	printf L >&"$line"
}

@test "slow bodies under a server: nothing is started until they are there" {
	sed -i "s|^exec|echo started >>$PWD/started; exec|" optout.cgi
	start_lighttpd
	# It stops in the middle, and the other end hangs up.
	begin
	exec {line}>&-
	# A hundred that say no more; the others go on.
	lines=()
	for _ in {1..100}; do
		begin
		lines+=("$line")
	done
	[ "$(curl -s -m 5 -o x -w '%{http_code}' "$page?t=$T")" = 200 ]
	[ "$(wc -l <started)" -eq 1 ]
	for line in "${lines[@]}"; do
		exec {line}>&-
	done
	unchanged
	# Byte after byte, but all of it: that is a request like any other.
	begin
	for ((i = 1; i < ${#ONE}; i++)); do
		printf %s "${ONE:i:1}" >&"$line"
	done
	timeout 10 cat <&"$line" >reply
	head -n 1 reply | grep -q '^HTTP/1.1 200'
	same "$COURSE|42|ada@uni.example|out|one-click" "$(rows)"
}

@test "a server's patience with a body that does not come: no effect" {
	patience=1 start_lighttpd
	begin
	timeout 10 cat <&"$line" >reply
	run ! grep -q '^HTTP/1.1 2' reply
	unchanged
}

@test "a length that lies, is none, or is missing" {
	post "$ONE" CONTENT_LENGTH=100
	is 400
	post "$ONE" CONTENT_LENGTH=-1
	is 400
	post "$ONE" CONTENT_LENGTH=26x
	is 400
	post "$ONE" CONTENT_LENGTH=0x1a
	is 400
	post "$ONE" CONTENT_LENGTH=4097
	is 413
	post "$ONE" CONTENT_LENGTH=99999999999999999999
	is 413
	post "$ONE" CONTENT_LENGTH=0
	is 400
	post "$ONE" CONTENT_LENGTH=10
	is 400
	post "$ONE" CONTENT_LENGTH=
	is 200
	same "$COURSE|42|ada@uni.example|out|one-click" "$(rows)"
}

# as SERVER METHOD [VAR=VALUE...]: the environment that this server was seen to
# make (tests/data/cgi-SERVER), the body on stdin.
as() {
	local server=() method=$2

	mapfile -t server <"$ROOT/tests/data/cgi-$1"
	shift 2
	env -i "${server[@]}" REQUEST_METHOD="$method" QUERY_STRING="t=$T" \
		"$@" ./optout.cgi >answer 2>log
	sed -n '1s/^Status: \([0-9]*\) .*\r$/\1/p' answer >code
}

# answers STATUS: the last of them, and with another than 200 no effect.
answers() {
	code=$(cat code)
	is "$1"
	[ "$1" != 200 ] || sqlite3 "$BM_DB" 'DELETE FROM optouts'
}

FORM=CONTENT_TYPE=application/x-www-form-urlencoded
CHUNKS=HTTP_TRANSFER_ENCODING=chunked

# both SERVER: what all servers do alike.
both() {
	as "$1" GET </dev/null
	answers 200
	unchanged
	as "$1" HEAD </dev/null
	answers 200
	unchanged
	[ -z "$(sed '1,/^\r$/d' answer)" ]
	printf %s "$ONE" | as "$1" POST $FORM CONTENT_LENGTH=26
	same "$COURSE|42|ada@uni.example|out|one-click" "$(rows)"
	answers 200
	part=$'Content-Disposition: form-data; name="List-Unsubscribe"\r\n'
	printf -- '--b\r\n%s\r\nOne-Click\r\n--b--\r\n' "$part" >in
	as "$1" POST 'CONTENT_TYPE=multipart/form-data; boundary=b' \
		CONTENT_LENGTH="$(wc -c <in)" <in
	same "$COURSE|42|ada@uni.example|out|one-click" "$(rows)"
	answers 200
	# Neither a body nor a length; a length that lies; what was %2F..%2Fz.
	as "$1" POST </dev/null
	answers 400
	printf short | as "$1" POST CONTENT_LENGTH=100
	answers 400
	as "$1" GET PATH_INFO=/z QUERY_STRING= </dev/null
	answers 404
	as "$1" POST QUERY_STRING=--help+init </dev/null
	answers 404
}

@test "as Apache starts it: chunks come decoded and without a length" {
	both apache
	printf %s "$ONE" | as apache POST $FORM $CHUNKS
	same "$COURSE|42|ada@uni.example|out|one-click" "$(rows)"
	answers 200
	head -c 5000 /dev/zero | as apache POST $FORM $CHUNKS
	answers 413
}

@test "as busybox httpd starts it: chunks come as they are, and a proxy" {
	both busybox
	printf '1a\r\n%s\r\n0\r\n\r\n' "$ONE" | as busybox POST $FORM $CHUNKS
	answers 400
}

@test "a body that never comes: 408 after ten seconds" {
	mkfifo body
	exec {open}<>body
	start=$SECONDS
	cgi POST "t=$T" CONTENT_LENGTH=26 <body
	exec {open}>&-
	is 408
	[ $((SECONDS - start)) -ge 9 ]
	[ $((SECONDS - start)) -lt 20 ]
}

@test "bodies that ask for nothing known: 400" {
	local body

	for body in '' x 'List-Unsubscribe=' 'List-Unsubscribe=one-click' \
		'list-unsubscribe=One-Click' 'List-Unsubscribe=One-Click%00' \
		'confirm=1' 'do=stop-all' 'confirm=0&do=stop-all' \
		'confirm=1&do=drop' 'confirm=1&do=stop-all&do=start-all' \
		'confirm=1&confirm=1&do=stop-all' 'confirm=1&do=%zz' \
		'List-Unsubscribe%3DOne-Click' "$ONE%" \
		"$(printf 'a=1&%.0s' {1..40})$ONE" \
		"{\"List-Unsubscribe\":\"One-Click\"}"; do
		echo "# $body"
		post "$body"
		is 400
	done
	post "$ONE" CONTENT_TYPE=application/json
	is 400
	post "$ONE" CONTENT_TYPE=text/plain
	is 400
	post "$ONE" CONTENT_TYPE=multipart/form-data
	is 400
	post "$ONE" 'CONTENT_TYPE=multipart/form-data; boundary='
	is 400
	post "$ONE" 'CONTENT_TYPE=multipart/form-data; boundary=x'
	is 400
	post "$ONE" 'CONTENT_TYPE=Application/X-WWW-Form-Urlencoded; charset=utf-8'
	is 200
}

@test "multipart as clients write it, and as none should" {
	local crlf=$'\r\n' part good

	part="Content-Disposition: form-data; name=\"List-Unsubscribe\"$crlf"
	good="--b$crlf$part${crlf}One-Click$crlf"
	for body in "$good" "${good}--b" "--b$crlf${part}One-Click$crlf--b--" \
		"--c$crlf$part${crlf}One-Click$crlf--c--" \
		"$good--b--$crlf${good//One/Two}" \
		"--b$crlf${crlf}One-Click$crlf--b--"; do
		T2=$body
		post "$body" 'CONTENT_TYPE=multipart/form-data; boundary=b'
		case $code in
		400) is 400 ;;
		*) [ "$T2" = "$good--b--$crlf${good//One/Two}" ] &&
			sqlite3 "$BM_DB" 'DELETE FROM optouts' ;;
		esac
	done
	post "$good--b--" 'CONTENT_TYPE=multipart/form-data; boundary="b"'
	is 200
}

@test "tokens that are not ours: 404, the same page for all" {
	local bad other

	cgi GET t=
	cp answer want
	printf '%s\n' "$(sed 's/ .*//' key) $(head -c 64 /dev/urandom |
		base64 -w0)" >other
	chmod 640 other
	other=$(BM_KEY_FILE=$PWD/other token $COURSE 42 ada@uni.example)
	for bad in "$other" "${T%?}" "${T}A" "A$T" "${T:0:20}" "$T=" "$T%3D" \
		"${T^^}" "$(tr A-Za-z B-ZAb-za <<<"$T")" "%41" x "../../key" \
		"' OR 1=1 --" '<script>alert(1)</script>' \
		"$(base64 -w0 key | tr '+/' '-_' | tr -d =)"; do
		cgi GET "t=$bad"
		is 404
		cmp answer want
		printf %s "$ONE" | cgi POST "t=$bad" CONTENT_LENGTH=26
		grep -q '^Status: 404' answer
		cmp answer want
	done
	cgi GET "" PATH_INFO="/$T"
	is 200
	cgi GET "t=$T" PATH_INFO="/$T"
	is 404
	cgi GET "" PATH_INFO="/x/$T"
	is 404
	cgi GET "t=$(head -c 1100 /dev/zero | tr '\0' A)"
	is 404
	[ -z "$(rows)" ]
}

@test "methods: only five are known" {
	for method in PUT DELETE PATCH TRACE CONNECT PROPFIND post Post ''\
		'GET POST'; do
		printf %s "$ONE" | cgi "$method" "t=$T" CONTENT_LENGTH=26
		code=$(sed -n '1s/^Status: \([0-9]*\) .*/\1/p' answer)
		is 405
		tr -d '\r' <answer |
			grep -qx 'Allow: GET, HEAD, POST, OPTIONS'
	done
}

@test "path tricks: 404" {
	for path in / // "//$T" "/$T/" "/$T/.." "/../$T" "/./$T" "/x/../$T" \
		"/$T%00" "/$T%2F" "/${T}%0d%0aX:y" "/$T"$'\r\nX: y' "/$T "\
		"\\$T" "$T" /etc/passwd "/$T;x" "/$T?x"; do
		echo "# $path"
		cgi GET '' "PATH_INFO=$path"
		is 404
		run ! grep -q '^X: *y' answer
		printf %s "$ONE" | cgi POST '' "PATH_INFO=$path" \
			CONTENT_LENGTH=26
		grep -q '^Status: 404' answer
		unchanged
	done
}

@test "a query without = that becomes a command line is none" {
	printf '%s\n' '#!/bin/sh' 'exec ./optout.cgi --help init --upgrade' \
		>server
	chmod 755 server
	got=$(env -i REQUEST_METHOD=POST CONTENT_LENGTH=0 \
		QUERY_STRING=--help+init ./server </dev/null | head -n 1)
	same $'Status: 404 Not Found\r' "$got"
	unchanged
}

@test "SQL in everything" {
	local bad="x'); DELETE FROM optouts; DROP TABLE optouts; --"

	bm-optout add eve@uni.example
	before=$(dump)
	cgi GET "t=$bad"
	is 404
	cgi GET "t=$T' OR '1'='1"
	is 404
	post "$ONE'; DELETE FROM optouts; --"
	is 400
	post "confirm=1&do=stop-all'; DELETE FROM optouts; --"
	is 400
	cgi GET "t=$T" "HTTP_ACCEPT_LANGUAGE=$bad" "HTTP_COOKIE=$bad" \
		"REMOTE_USER=$bad" "REMOTE_ADDR=$bad"
	is 200
	unchanged
	T=$(token "$bad" "1' OR '1'='1" "o'x@uni.example")
	post "$ONE" "REMOTE_ADDR=$bad"
	is 200
	same "*||eve@uni.example|out|operator
$bad|1' OR '1'='1|o'x@uni.example|out|one-click" "$(rows)"
	post 'confirm=1&do=start-course'
	is 200
	[ "$(rows | wc -l)" -eq 3 ]
	ends 1 bm-optout check eve@uni.example
}

@test "a token does what it names and nothing else" {
	post "$ONE"
	same "$COURSE|42|ada@uni.example|out|one-click" "$(rows)"
	ends 0 bm-optout check --course other ada@uni.example
	ends 0 bm-optout check ada@uni.example
	post "$ONE&course_id=other&address=eve@uni.example&scope=all"
	post 'confirm=1&do=stop-course&course_id=other&user_id=43'
	same "$COURSE|42|ada@uni.example|out|one-click" "$(rows)"
}

@test "who clicks after an operator did is opted out in person" {
	bm-optout add --course $COURSE --user-id 42 --reason x ada@uni.example
	post "$ONE"
	is 200
	same 'operator one-click' "$(rows | cut -d'|' -f5 | paste -sd' ')"
	ends 1 bm-optout remove --course $COURSE --user-id 42 --reason x \
		ada@uni.example
	[[ $output == *'opted out in person'* ]]
}

@test "a link takes back what links of the person have stopped, nothing else" {
	local other

	# An operator's entry: the page offers no way back, and a form of
	# another window is refused.
	bm-optout add --course $COURSE --user-id 42 --reason x ada@uni.example
	before=$(dump)
	cgi GET "t=$T"
	same stop-all "$(form answer)"
	grep -qF 'was not stopped by this link' answer
	post 'confirm=1&do=start-course'
	is 403
	grep -qF 'was not stopped by this link' answer
	grep -qF 'stopped by another act' log
	# The person's own no beside it is entered, and stays with it.
	post "$ONE"
	is 200
	before=$(dump)
	post 'confirm=1&do=start-course'
	is 403
	ends 0 bm-optout remove --course $COURSE --user-id 42 --person-asked \
		--reason asked ada@uni.example
	# A bounce.
	bm-optout add --course $COURSE --bounce ada@uni.example
	before=$(dump)
	post 'confirm=1&do=start-course'
	is 403
	sqlite3 "$BM_DB" 'DELETE FROM optouts'
	# All mail, which only the link that stopped it starts again.
	post 'confirm=1&do=stop-all'
	is 200
	other=$(token other 42 ada@uni.example)
	before=$(dump)
	T=$other post 'confirm=1&do=start-all'
	is 403
	cgi GET "t=$other"
	same '' "$(form answer)"
	post 'confirm=1&do=start-all'
	is 200
	ends 0 bm-optout check ada@uni.example
	# An operator's entry for all mail.
	bm-optout add ada@uni.example
	before=$(dump)
	post 'confirm=1&do=start-all'
	is 403
}

@test "a link that is pressed all day leaves few rows, and its last word" {
	local n

	for n in {1..15}; do
		post 'confirm=1&do=stop-course'
		is 200
		post 'confirm=1&do=start-course'
		is 200
	done
	same 8 "$(rows | wc -l)"
	ends 0 bm-optout check --course $COURSE --user-id 42 ada@uni.example
	post "$ONE"
	same 8 "$(rows | wc -l)"
	ends 1 bm-optout check --course $COURSE --user-id 42 ada@uni.example
}

@test "old keys, deleted courses and people without a user id" {
	bm-optout keygen --rotate 2>/dev/null
	post "$ONE"
	is 200
	same "$COURSE|42|ada@uni.example|out|one-click" "$(rows)"
	grep -q "<bdi>$COURSE</bdi>" answer
	T=$(token gone '' eve@uni.example)
	post 'confirm=1&do=stop-course'
	is 200
	ends 1 bm-optout check --course gone eve@uni.example
}

@test "titles, names and settings are text, whatever they hold" {
	local bad='"><script>alert(1)</script>{{who}}'\''&amp;<b'

	sqlite3 "$BM_DB" "INSERT INTO courses(id, title)
		VALUES('$COURSE', '${bad//\'/\'\'}')"
	sed -i 's/^BM_PLATFORM_NAME=.*/BM_PLATFORM_NAME=<img src=x>/' \
		optout.conf
	T=$(token $COURSE '<i>' '&b@uni.example')
	cgi GET "t=$T" "HTTP_ACCEPT_LANGUAGE=<script>,../../etc/passwd,en" \
		'HTTP_HOST=<script>' 'HTTP_REFERER=<script>' \
		'HTTP_USER_AGENT=<script>'
	is 200
	run ! grep -qE '<(script|img|b|u|i)\b' answer
	/usr/bin/python3 - "$bad" <<-'END'
		import html.parser, sys
		text = open("answer", encoding="utf-8", newline="").read()
		class P(html.parser.HTMLParser):
		    def __init__(self):
		        super().__init__()
		        self.out, self.on = [], None
		    def handle_starttag(self, tag, attrs):
		        self.on = tag
		    def handle_data(self, data):
		        self.out.append(data)
		p = P()
		p.feed(text.split("\r\n\r\n", 1)[1])
		words = "".join(p.out)
		assert words.count(sys.argv[1]) == 2, words
		assert "<img src=x>" in words
	END
}

@test "the address, masked, in the form that its owner knows" {
	shown() {
		T=$(token $COURSE '' "$1")
		cgi GET "t=$T"
		sed -n 's/.*class="who">\([^<]*\)<.*/\1/p' answer
	}
	same 'a…@uni.example' "$(shown ada@uni.example)"
	same 'a…@uni.example' "$(shown a@UNI.example)"
	same 'é…@bücher.example' "$(shown "$(printf 'e\xcc\x81a')@BÜCHER.example")"
	same 'j…@bücher.example' "$(shown jo@xn--bcher-kva.example)"
}

@test "in English, Spanish and Arabic, as the browser likes" {
	lang() {
		cgi GET "t=$T" "HTTP_ACCEPT_LANGUAGE=$1"
		grep -o '<html [^>]*>' answer
	}
	same '<html lang="en" dir="ltr">' "$(lang '')"
	same '<html lang="en" dir="ltr">' "$(lang 'de-DE, fr;q=0.9')"
	same '<html lang="es" dir="ltr">' "$(lang 'es-MX, en;q=0.9')"
	same '<html lang="ar" dir="rtl">' "$(lang 'fr, ar-EG;q=0.8, en;q=0.5')"
	same '<html lang="ar" dir="rtl">' "$(lang 'en;q=0.1,ar ; q=0.2')"
	same '<html lang="es" dir="ltr">' "$(lang 'en;q=0, ES')"
	same '<html lang="es" dir="ltr">' "$(lang 'es, ar, en')"
	same '<html lang="ar" dir="rtl">' "$(lang 'ar;q=0.7,en;q=0.7')"
	same '<html lang="en" dir="ltr">' "$(lang 'style, page, *;q=0.5')"
	same '<html lang="ar" dir="rtl">' "$(lang "$(printf 'xx,%.0s' {1..29})ar")"
	same '<html lang="en" dir="ltr">' "$(lang "$(printf 'xx,%.0s' {1..30})ar")"
	grep -q '^Content-Language: en' answer
	grep -q '^Vary: Accept-Language' answer
}

@test "the HTML is valid, in every state and language" {
	local lang n=0

	page_of() {
		n=$((n + 1))
		sed '1,/^\r$/d' answer >"$lang-$n.html"
	}
	for lang in en es ar; do
		sqlite3 "$BM_DB" 'DELETE FROM optouts'
		cgi GET "t=$T" "HTTP_ACCEPT_LANGUAGE=$lang"
		page_of
		for act in stop-course stop-all start-all start-course; do
			post "confirm=1&do=$act" "HTTP_ACCEPT_LANGUAGE=$lang"
			[ "$code" = 200 ]
			page_of
			cgi GET "t=$T" "HTTP_ACCEPT_LANGUAGE=$lang"
			page_of
		done
		cgi GET t= "HTTP_ACCEPT_LANGUAGE=$lang"
		page_of
		post '' "HTTP_ACCEPT_LANGUAGE=$lang"
		page_of
		mv bm.db away
		cgi GET "t=$T" "HTTP_ACCEPT_LANGUAGE=$lang"
		page_of
		mv away bm.db
		mv key away
		cgi GET "t=$T" "HTTP_ACCEPT_LANGUAGE=$lang"
		page_of
		mv away key
	done
	[ "$n" -eq 39 ]
	ends 0 "$ROOT/build/node/node_modules/.bin/html-validate" \
		-c "$ROOT/tests/data/html-validate.json" ./*.html
	sed 's/<title>/<tilte>/' en-1.html >broken.html
	ends 1 "$ROOT/build/node/node_modules/.bin/html-validate" \
		-c "$ROOT/tests/data/html-validate.json" broken.html
}

@test "what is said was done is true, also when it was said in two windows" {
	# The one stops all mail, the other, older, starts the course's.
	post 'confirm=1&do=stop-all'
	post 'confirm=1&do=start-course'
	is 200
	grep 'role="status"' answer | grep -qF 'All mail from'
	run ! grep -qF 'You get mail' answer
	same start-all "$(form answer)"
	# All mail again, but not the course's.
	post 'confirm=1&do=stop-course'
	post 'confirm=1&do=start-all'
	grep -qF 'Mail from this course is stopped.' answer
	run ! grep -qF 'You get mail from this course' answer
}

@test "templates of one's own go before the built-in ones" {
	mkdir pages
	echo '<p lang="{{lang}}">{{course}} {{#course_out}}aus{{/course_out}}' \
		>pages/page.de.html
	echo 'p { color: red }' >pages/style.html
	sed -i 's|cgi|cgi --pages '"$PWD"'/pages|' optout.cgi
	cgi GET "t=$T" HTTP_ACCEPT_LANGUAGE=de
	grep -qF "<p lang=\"de\">$COURSE " answer
	cgi GET "t=$T" HTTP_ACCEPT_LANGUAGE=en
	grep -q 'color: red' answer
	grep -q 'stop-course' answer
	echo '{{#open}}' >pages/page.de.html
	cgi GET "t=$T" HTTP_ACCEPT_LANGUAGE=de
	grep -q 'stop-course' answer
	grep -q 'page.de' log
	rm -r pages
	cgi GET "t=$T" HTTP_ACCEPT_LANGUAGE=de
	is 200
	grep -q -- '--pages: .*/pages cannot be used' log
}

@test "a database that is locked, missing, damaged or read-only: 503" {
	exec {held}>>"$BM_DB-lock"
	flock "$held"
	post "$ONE"
	is 503
	grep -q '^Retry-After: [0-9]' answer
	grep -q 'mailto:optout@uni.example' answer
	cgi GET "t=$T"
	is 200
	exec {held}>&-
	mv bm.db away
	post "$ONE"
	[ "$code" = 503 ]
	cgi GET "t=$T"
	[ "$code" = 503 ]
	[ ! -e bm.db ]
	mv away bm.db
	[ -z "$(rows)" ]
	echo nonsense >bad.db
	sed -i 's/bm.db/bad.db/' optout.conf
	post "$ONE"
	[ "$code" = 503 ]
}

# fails_at CALL ERROR: one click while that system call on the database fails.
fails_at() {
	printf '%s\n' '#!/bin/sh' "exec strace -f -o trace -e trace=$1 \
-e inject=$1:error=$2 -P '$BM_DB' -P '$BM_DB-wal' \
$BM_BIN/bm-optout cgi --config $PWD/optout.conf" >optout.cgi
	post "$ONE" "ASAN_OPTIONS=detect_leaks=0"
	grep -q "$2.*INJECTED" trace
}

@test "a full disk, a failing disk: 503, nothing claimed, and again later" {
	cp optout.cgi whole.cgi
	# The connection stays, so that the log is not begun anew each time.
	coproc KEEP { sqlite3 "$BM_DB"; }
	pid=$KEEP_PID # gone with the process
	echo 'SELECT count(*) FROM optouts;' >&"${KEEP[1]}"
	read -r _ <&"${KEEP[0]}"
	for failure in pwrite64:ENOSPC pwrite64:EDQUOT pwrite64:EIO \
		pwrite64:EROFS fdatasync:EIO fdatasync:ENOSPC; do
		echo "# $failure"
		fails_at "${failure%:*}" "${failure#*:}"
		is 503
		grep -q '^Retry-After: [0-9]' answer
		run ! grep -q 'role="status"' answer
		grep -q 'stop-course (one-click) token [0-9a-f]*: ' log
		run ! grep -q ': done' log
	done
	cp whole.cgi optout.cgi
	post "$ONE"
	is 200
	sql=${KEEP[1]}
	exec {sql}>&-
	wait "$pid"
	same "$COURSE|42|ada@uni.example|out|one-click" "$(rows)"
}

@test "a program or a folder without the right to write: 503" {
	local as=()

	chmod 444 bm.db bm.db-lock
	if [ "$(id -u)" -eq 0 ]; then
		as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
		chgrp 65534 key optout.conf
	fi
	outside=$(mktemp -d)
	chmod 755 "$outside"
	cp -p bm.db bm.db-lock key optout.conf "$outside"
	sed -i "s|$PWD|$outside|" "$outside/optout.conf"
	printf %s "$ONE" | env -i REQUEST_METHOD=POST CONTENT_LENGTH=26 \
		"QUERY_STRING=t=$T" "${as[@]}" "$BM_BIN/bm-optout" cgi --config \
		"$outside/optout.conf" >answer 2>log || true
	cat answer log
	grep -q '^Status: 503' answer
	grep -q '^Retry-After: [0-9]' answer
	same "$before" "$(BM_DB=$outside/bm.db dump)"
	rm -r "$outside"
}

@test "a database held by somebody who asks for no lock: 503, then 200" {
	coproc HOLD { sqlite3 "$BM_DB"; }
	pid=$HOLD_PID # gone with the process
	printf '%s\n' 'BEGIN IMMEDIATE;' 'SELECT 1;' >&"${HOLD[1]}"
	read -r _ <&"${HOLD[0]}"
	post "$ONE"
	is 503
	grep -q '^Retry-After: [0-9]' answer
	sql=${HOLD[1]}
	exec {sql}>&-
	wait "$pid"
	post "$ONE"
	is 200
}

@test "without keys or settings: 500, and never 'done'" {
	mv key away
	post "$ONE"
	is 500
	mv away key
	chmod 644 key
	post "$ONE"
	is 500
	chmod 640 key
	sed -i /BM_KEY_FILE/d optout.conf
	post "$ONE"
	is 500
	: >optout.conf
	post "$ONE"
	is 500
	echo 'no setting' >optout.conf
	post "$ONE" || true
	is 500
	rm optout.conf
	post "$ONE" || true
	is 500
	grep -q '<h1>This page is out of order</h1>' answer
}

@test "the log: what and how, but no token and no address" {
	post "$ONE"
	cat log
	grep -qE '^bm-optout: stop-course \(one-click\) token [0-9a-f]{12}: done$' \
		log
	run ! grep -qE "$T|ada|uni.example" log
	cgi GET "t=$T"
	[ ! -s log ]
}

@test "the environment decides nothing but the request" {
	post "$ONE" HTTP_PROXY=http://evil.example LD_BIND_NOW=1 \
		TZ=:/etc/passwd IFS=x HTTP_X_FORWARDED_FOR=1.2.3.4 \
		REMOTE_USER=eve
	is 200
	[ "$(rows | wc -l)" -eq 1 ]
}

@test "it asks nobody on the network, and tells no other program" {
	printf %s "$ONE" | REQUEST_METHOD=POST CONTENT_LENGTH=26 \
		QUERY_STRING="t=$T" HTTP_PROXY=http://127.0.0.1:1/ strace -f \
		-o trace -e trace=network,process ./optout.cgi >answer
	grep -q '^Status: 200' answer
	run ! grep -E 'socket\(|connect\(|fork\(|clone' trace
	# The script that starts it, and it.
	[ "$(grep -c 'execve(.* = 0' trace)" -eq 2 ]
}

@test "the web server's own user needs no more than the group" {
	local as=()

	shared=$(mktemp -d)
	if [ "$(id -u)" -eq 0 ]; then
		as=(setpriv --reuid=65533 --regid=65534 --clear-groups)
		chgrp 65534 "$shared"
	fi
	chmod 2770 "$shared"
	cp "$BM_BIN/bm-optout" "$shared"
	chmod 755 "$shared/bm-optout"
	BM_DB=$shared/bm.db "$shared/bm-optout" init
	BM_KEY_FILE=$shared/key "$shared/bm-optout" keygen
	sed "s|$PWD|$shared|" optout.conf >"$shared/optout.conf"
	T=$(BM_KEY_FILE=$shared/key token $COURSE 42 ada@uni.example)
	# Another user has it open, whose the log and its index are.
	coproc KEEP { sqlite3 "$shared/bm.db"; }
	pid=$KEEP_PID # gone with the process
	echo 'SELECT count(*) FROM optouts;' >&"${KEEP[1]}"
	read -r _ <&"${KEEP[0]}"
	printf %s "$ONE" | env -i REQUEST_METHOD=POST CONTENT_LENGTH=26 \
		"QUERY_STRING=t=$T" "${as[@]}" "$shared/bm-optout" cgi \
		--config "$shared/optout.conf" >answer 2>log || true
	cat answer log
	grep -q '^Status: 200' answer
	BM_DB=$shared/bm.db ends 1 "$shared/bm-optout" check \
		--course $COURSE ada@uni.example
	BM_DB=$shared/bm.db ends 0 "$shared/bm-optout" add eve@uni.example
	printf %s "$ONE" | env -i REQUEST_METHOD=GET "QUERY_STRING=t=$T" \
		"${as[@]}" "$shared/bm-optout" cgi --config \
		"$shared/optout.conf" | grep -q '^Status: 200'
	sql=${KEEP[1]}
	exec {sql}>&-
	wait "$pid"
	rm -r "$shared"
}

@test "an answer that cannot be written is no success" {
	got=0
	printf %s "$ONE" | env -i PATH=/bin REQUEST_METHOD=POST \
		CONTENT_LENGTH=26 "QUERY_STRING=t=$T" ./optout.cgi \
		>/dev/full 2>log || got=$?
	[ "$got" -eq 2 ]
}

@test "a token of 400 days ago, its key rotated since, its course deleted" {
	days_ago() {
		ASAN_OPTIONS="${ASAN_OPTIONS-}:verify_asan_link_order=0" \
			faketime -f "-$1d" "${@:2}"
	}
	printf 'id,email\n42,ada@uni.example\n' >roster.csv
	bm-import --course $COURSE --title 'Computing 101' roster.csv 2>/dev/null
	rm "$BM_KEY_FILE"
	days_ago 400 bm-optout keygen 2>/dev/null
	T=$(days_ago 400 bm-optout url --course $COURSE --user-id 42 \
		ada@uni.example)
	T=${T#*t=}
	days_ago 300 bm-optout keygen --rotate 2>/dev/null
	bm-optout keygen --rotate 2>/dev/null
	cgi GET "t=$T"
	[ "$code" = 200 ]
	grep -q 'Computing 101' answer
	sqlite3 "$BM_DB" 'DELETE FROM enrollments; DELETE FROM courses'
	cgi GET "t=$T"
	[ "$code" = 200 ]
	grep -qF "$COURSE" answer
	run ! grep -q 'Computing 101' answer
	post "$ONE"
	is 200
	same "$COURSE|42|ada@uni.example|out|one-click" "$(rows)"
}

# asks QUERY WORD...: the program itself as a CGI, which gets the words.
asks() {
	local query=$1

	shift
	env GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET QUERY_STRING="$query" \
		bm-optout "$@" >answer 2>log
}

@test "words of a query are no options: 400, and nothing of ours is told" {
	asks '--print-config' --print-config
	head -n 1 answer | grep -q '^Status: 400 '
	run ! grep -q "$BM_KEY_FILE" answer log
	asks 'list+--db+%2ftmp%2Fx' list --db /tmp/x
	head -n 1 answer | grep -q '^Status: 400 '
	asks '--print-config' '\-\-print\-config'
	head -n 1 answer | grep -q '^Status: 400 '
	asks 'cgi+--print-config' cgi --config /dev/null cgi --print-config
	head -n 1 answer | grep -q '^Status: 400 '
	# Options of a script are its own, whatever the query is.
	asks "t=$T" cgi
	head -n 1 answer | grep -q '^Status: 200 '
	asks "$T" cgi
	head -n 1 answer | grep -q '^Status: 404 '
	asks '' cgi
	head -n 1 answer | grep -q '^Status: 404 '
}
