#!/usr/bin/env bats
# Ways to log in, towards servers that cannot do what they offer.

# shellcheck disable=SC2314,SC2030,SC2031,SC2034,SC2153,SC2154

load helper
load messages
load smtp

setup() {
	prepare
	login
}

teardown() {
	stop_servers
}

# The lines with the password, of any form, that the server got.
secrets() {
	/usr/bin/python3 - "$FAKE/bytes" <<-'END'
		import base64, re, sys
		for line in open(sys.argv[1]):
		    number, direction, data = line.split(' ', 2)
		    if not direction.startswith('<'):
		        continue
		    for said in re.split(r'\\r\\n', data.strip()):
		        word = said.split(' ')[-1]
		        try:
		            plain = base64.b64decode(word).decode('latin-1')
		        except ValueError:
		            plain = ''
		        if 's3cret' in said or 's3cret' in plain:
		            print(re.sub(r'\S+$', '*', said))
	END
}

# goes_in OPTION...: the three messages are sent, the password was said in
# these lines only.
goes_in() {
	local want=$1

	shift
	fake --auth me:s3cret-word "$@"
	sends 0 "$(all "$SENT")"
	same "$want" "$(secrets)"
	stop_servers
	rm -rf bm.db*
	bm-import --create --course c roster.csv 2>/dev/null
}

@test "a mechanism that is dead, unknown or odd is followed by the next" {
	goes_in "AUTH PLAIN *" --mech 'CRAM-MD5 PLAIN LOGIN' \
		'{"at":"auth","match":"CRAM-MD5","say":"535 5.7.8 no"}'
	goes_in "AUTH PLAIN *
*" '{"at":"auth","match":"PLAIN","say":"504 5.5.4 no"}'
	goes_in "AUTH PLAIN *
*" '{"at":"auth","match":"PLAIN","say":"553 odd"}'
	goes_in "AUTH PLAIN *
*" '{"at":"auth","match":"PLAIN","say":"535 5.7.8 no"}'
}

@test "an initial response that is ignored or refused" {
	goes_in "AUTH PLAIN *
*" --mech PLAIN --odd PLAIN=ignore-initial
	goes_in "AUTH PLAIN *
*" --mech PLAIN --odd PLAIN=refuse-initial
	goes_in "*" --mech LOGIN
}

@test "odd prompts; where the name is asked for twice no password goes" {
	goes_in "*" --mech LOGIN --odd LOGIN=raw
	goes_in "*" --mech LOGIN --odd LOGIN=bare
	AUTH_MECHANISMS=LOGIN,PLAIN goes_in "AUTH PLAIN *" \
		--odd LOGIN=user-twice
	fake --auth me:s3cret-word --mech LOGIN --odd LOGIN=user-twice
	sends 255 "$(all "deferred auth auth 501")"
	same "" "$(secrets)"
}

@test "AUTH= as of old, and keywords in lower case" {
	goes_in "AUTH PLAIN *" --auth-word AUTH= --mech 'LOGIN PLAIN'
	goes_in "AUTH PLAIN *" --auth-word 'auth ' --mech 'login plain'
}

@test "AUTH_MECHANISMS sets the order, and what is never used" {
	AUTH_MECHANISMS=cram-md5 goes_in "" --mech 'PLAIN CRAM-MD5'
	fake --auth me:s3cret-word
	AUTH_MECHANISMS=CRAM-MD5 sends 255 "$(all "deferred auth auth null")"
	same "the relay offers only PLAIN and LOGIN, of which AUTH_MECHANISMS allows none" \
		"$(jq -r .reply out | sort -u)"
	same "" "$(secrets)"
	for bad in SCRAM-SHA-1 'PLAIN PLAIN' ',' XOAUTH2; do
		ends 2 env AUTH_MECHANISMS="$bad" bm-send m
		[[ $output == *AUTH_MECHANISMS* ]]
	done
}

@test "a wrong password: two refusals, whatever the number of connections" {
	messages 1 40 >m
	fake --auth me:other --mech 'PLAIN LOGIN CRAM-MD5'
	ends 255 --separate-stderr bm-send --connections 8 m
	same "auth 535" "$(jq -r '"\(.class) \(.code)"' <<<"$output" | sort -u)"
	same 2 "$(grep -c '< AUTH ' fake/bytes)"
}

@test "what worked is remembered for the run" {
	fake --auth me:s3cret-word --mech 'PLAIN LOGIN' \
		'{"at":"auth","match":"PLAIN","say":"535 no"}'
	sends 0 "$(all "$SENT")" --per-connection 1
	same "1: AUTH PLAIN
1: AUTH LOGIN
2: AUTH LOGIN
3: AUTH LOGIN" "$(sed -n 's/^\([0-9]*\) < \(AUTH [A-Z]*\).*/\1: \2/p' \
		fake/bytes)"
}

@test "SCRAM only is said as it is, and --check says it, too" {
	fake --auth me:s3cret-word --mech SCRAM-SHA-256
	sends 255 "$(all "deferred auth auth null")"
	same "the relay offers only SCRAM-SHA-256, which bm does not speak" \
		"$(jq -r .reply out | sort -u)"
	ends 255 bm-send --check
	[[ $output == *"only SCRAM-SHA-256, which bm does not speak"* ]]
	same "1: EHLO closed" "$(dialogue | head -n 1)"
}

# --- tokens ---

token() {
	unset EMAIL_HOST_PASSWORD
	export EMAIL_HOST_TOKEN_COMMAND="echo x >>$PWD/n; $1"
	messages 1 5 >m
}

five() {
	printf "u%d $SENT\n" 1 2 3 4 5
}

@test "a token that runs out in mid-run is fetched again" {
	token 'echo tok'
	fake --auth me:tok --mech XOAUTH2 \
		'{"at":"auth","conn":2,"say":"535 5.7.8 token expired"}'
	sends 0 "$(five)" --per-connection 3
	same 2 "$(wc -l <n)"
}

@test "a fresh token that is refused as well ends the run, with the reason" {
	token 'echo bad'
	fake --auth me:tok --mech XOAUTH2 --odd XOAUTH2=reason
	ends 255 --separate-stderr bm-send m
	same "auth 535 who are you? ({\"status\":\"400\"})" \
		"$(jq -r '"\(.class) \(.code) \(.reply)"' <<<"$output" | sort -u)"
	same 2 "$(wc -l <n)"
	same 2 "$(grep -c '< AUTH ' fake/bytes)"
}

@test "a token that is older than it says is fetched before it is used" {
	token 'echo eyJhbGciOiJub25lIn0.eyJleHAiOjF9.tok'
	fake --auth me:tok --mech XOAUTH2
	sends 0 "$(five)" --per-connection 3
	# At the start, and before each of two connections.
	same 3 "$(wc -l <n)"
	same 2 "$(grep -c '< AUTH ' fake/bytes)"
}

@test "the JSON of a token endpoint; what is no token is an error of ours" {
	token 'printf "{\"access_token\":\"tok\",\"expires_in\":3600}\n"'
	fake --auth me:tok --mech OAUTHBEARER
	sends 0 "$(five)" --per-connection 3
	same 1 "$(wc -l <n)"
	token 'echo "{\"error\":\"invalid_grant\"}"'
	ends 2 bm-send m
	[[ $output == *EMAIL_HOST_TOKEN*access_token* ]]
}

@test "a token command that fails later: 2, and nobody else is stopped" {
	token "test ! -e $PWD/once && touch $PWD/once && echo tok"
	fake --auth me:tok --mech XOAUTH2 \
		'{"at":"auth","conn":2,"say":"535 5.7.8 token expired"}'
	ends 2 --separate-stderr bm-send --per-connection 3 m
	same "deferred config
sent ok" "$(jq -r '"\(.status) \(.class)"' <<<"$output" | sort -u)"
	same 0 "$(sqlite3 "$BM_DB" 'SELECT count(*) FROM stops')"
	rm once
	ends 0 --separate-stderr bm-send m
}
