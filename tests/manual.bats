#!/usr/bin/env bats
# Sentences of the manual that the suites of the programs do not show, and the
# index of all sentences with their tests: tests/data/manual-sentences.

# shellcheck disable=SC2154,SC2030,SC2031,SC2034 # bats sets them, in subshells
load helper
load messages
load smtp

INDEX=$ROOT/tests/data/manual-sentences

setup() {
	prepare
}

teardown() {
	stop_servers
}

# --- the index ---

judge() { # FOLDER INDEX
	/usr/bin/python3 "$ROOT/tests/manual_sentences.py" "$@"
}

@test "each sentence of the manual has a test, and each test is there" {
	ends 0 judge "$ROOT/man" "$INDEX"
	[[ $output =~ '# '[0-9]{4}' lines' ]]
}

@test "a sentence that is changed, added or gone, or without its test, is found" {
	cp -r "$ROOT/man" man
	cp "$INDEX" index
	sed -i 's/^Make the database unless it exists\.$/Make the database./
		s/^Some rows were refused; each is named\.$/&\
They are red./' man/bm-import.1
	sed -i 's/^\.It 75$/.It 74/; /^The last batch may have fewer\.$/d' man/bm-batch.1
	sed -i 's/any CSV with an email column/any CSV with a column/' index
	sed -i '0,/^\tbm-send: /{/^\tbm-send: /d}' index
	ends 1 judge man index
	sort -u <<<"$output" >found
	grep -x 'bm-import.1 DESCRIPTION: no test shows: --create: Make the database.' found
	grep -x 'bm-import.1 DESCRIPTION: no such sentence: --create: Make the database unless it exists.' found
	grep -x 'bm-import.1 EXIT STATUS: no test shows: 1: They are red.' found
	grep 'bm-batch.1 DESCRIPTION: no such sentence: .*: The last batch may' found
	grep 'bm-batch.1 EXIT STATUS: no test shows: 74: ' found
	grep 'bm-import.1 .*: no such test: bm-import: any CSV with a column; ' found
	# A proposal is no test.
	judge man index --write
	run ! grep 'The last batch may' index
	ends 1 judge man index
	[[ $output == *'no such test: ? '* && $output != *'no such sentence'* ]]
}

# --- every program ---

# each COMMAND...: with every program, and every command of bm-optout and
# bm-sign, behind it.
each() {
	local path command

	for path in "$BM_BIN"/bm-*; do
		"$@" "${path##*/}"
		while read -r command; do
			"$@" "${path##*/}" "$command"
		done < <("$path" --help | tr ',\n' '  ' |
			sed -n 's/.*Commands: \([a-z ]*\)\..*/\1/p' | xargs -n 1)
	done
}

config() {
	BM_CONFIG=other "$@" --config one --print-config >shown
	same "$(bm-batch --config one --print-config)" "$(<shown)"
}

@test "--config FILE and --print-config of each program and command" {
	echo EMAIL_HOST=other.example >other
	printf 'EMAIL_PORT=3\nEMAIL_HOST_PASSWORD_COMMAND=true\n' >one
	export BM_PLATFORM_NAME=Uni
	each config
	grep -x '#EMAIL_HOST=  # not set' shown
	grep -x 'EMAIL_PORT=3  # one:1' shown
	grep -x 'BM_PLATFORM_NAME=Uni  # environment' shown
	grep -x 'EMAIL_USE_TLS=true  # default' shown
	same "$(sed -n 's/^\.It Ev //p' "$ROOT/man/bm.conf.5" | sort)" \
		"$(sed 's/^#//; s/=.*//; s/_COMMAND$//' shown | sort)"
}

# said COMMAND...: its stderr, with the status.
said() {
	local got=0

	"$@" >out 2>err </dev/null || got=$?
	cat err
	echo "$got"
}

@test "-v says more where the page says so, and nothing elsewhere" {
	export BM_KEY_FILE=key BM_OPTOUT_URL=https://m.example/o
	export BM_POSTAL_ADDRESS=x DEFAULT_BULK_FROM_EMAIL=c@uni.example
	bm-optout keygen 2>/dev/null
	bm-sign keygen --selector s k.pem >key-name
	printf 'email,name\nb@uni.example,B\n' >r.csv
	printf 'address\nx@uni.example\n' >o.csv
	echo '{"email":"a@uni.example"}' >one
	echo x >b.html
	for plain in "bm-batch -d spool m" "bm-send --maildir M m" \
		"bm-render -i w -s S -c c --part text --layout none b.html" \
		"bm-sign --key s=k.pem m" "bm-report" "bm-optout list" \
		"bm-optout filter one"; do
		# shellcheck disable=SC2086 # words
		same "$(said $plain)" "$(said $plain --verbose)"
	done
	for more in "bm-import --course c r.csv" "bm-optout import --course c o.csv" \
		"bm-recipients --course c --to all"; do
		# shellcheck disable=SC2086 # words
		said $more >brief
		# shellcheck disable=SC2086 # words
		said $more >brief # what is new was told before
		# shellcheck disable=SC2086 # words
		said $more -v >long
		[ "$(wc -l <long)" -gt "$(wc -l <brief)" ]
	done
}

# --- bm-batch ---

@test "bm-batch: a run that fails leaves its own files and those of before" {
	messages 1 6 | bm-batch -n 2 -d spool >names
	cp -r spool before
	messages 11 13 | head -c -9 | bm-batch -n 2 -d spool >names 2>err || true
	same spool/000001.ndjson "$(<names)"
	messages 11 12 | cmp - spool/000001.ndjson
	cmp before/000002.ndjson spool/000002.ndjson
	cmp before/000003.ndjson spool/000003.ndjson
}

@test "bm-batch: a name of seven digits is a batch, which the next run removes" {
	mkdir spool
	touch spool/1000000.ndjson spool/99999.ndjson
	messages 1 1 | bm-batch -d spool >names
	same "000001.ndjson 99999.ndjson" "$(printf '%s\n' spool/* | sed 's,.*/,,' | xargs)"
}

# --- bm-import and bm-recipients ---

sql() {
	sqlite3 "$BM_DB" "$1"
}

@test "bm-import: a role is only added; an empty cell or no column leaves it" {
	import() {
		printf '%s\n' "$@" | bm-import --course r - 2>/dev/null
	}
	import id,email,role 1,a@uni.example,staff 2,b@uni.example,
	import id,email,role 1,a@uni.example, 2,b@uni.example,
	import id,email 1,a@uni.example 2,b@uni.example
	same a@uni.example "$(bm-recipients --course r --to staff | jq -r .email)"
	printf '%s\n' id,email 1,a@uni.example 2,b@uni.example |
		bm-import --course r --sync - 2>/dev/null
	same "1|staff" "$(sql 'SELECT user_id, role FROM roles')"
	printf 'id,email\n' | bm-import --course r --role staff --sync \
		--expect-removed 1 - 2>/dev/null
	same "" "$(sql 'SELECT user_id, role FROM roles')"
}

@test "bm-import: columns without a name; what an empty cell does" {
	printf 'id,email,,username,name,mode,cohort,last_login,city,\n%s\n' \
		'1,a@uni.example,x,ann,Ann,audit,Blue,2026-01-01,Bonn,y' |
		bm-import --course e - 2>/dev/null
	same '{"city":"Bonn"}' "$(sql 'SELECT data FROM enrollments WHERE
		course_id = "e"')"
	printf 'id,email\n1,a@uni.example\n' | bm-import --course e - 2>/dev/null
	who() {
		sql 'SELECT username, name, mode, cohort, last_login IS NULL,
			data FROM users JOIN enrollments ON user_id = id
			WHERE course_id = "e"'
	}
	same 'ann|Ann|audit|Blue|0|{"city":"Bonn"}' "$(who)"
	printf 'id,email,username,name,mode,cohort,last_login,city\n1,a@uni.example,,,,,,\n' |
		bm-import --course e - 2>/dev/null
	same '||||1|{"city":""}' "$(who)"
}

@test "bm-import --source: the id is NAME:ID in records, fields and opt-outs" {
	printf 'id,email,name\n7,g@uni.example,G\n8,h@uni.example,H\n' |
		bm-import --course s --source guests - 2>/dev/null
	bm-recipients --course s --to user:guests:7 >one
	same guests:7 "$(jq -r .user_id one)"
	echo '{{user_id}}' >b.html
	same guests:7 "$(bm-render -i w -s S --part html --layout none b.html <one)"
	bm-optout add user:guests:7 2>/dev/null
	same guests:7 "$(bm-optout list | jq -r .user_id)"
	same guests:8 "$(bm-recipients --course s --to learners | jq -r .user_id)"
	ends 2 bm-recipients --course s --to user:7
}

@test "bm-recipients: a tag or a dot makes another recipient, letter case does not" {
	printf '{"email":"%s@uni.example"}\n' me me+a m.e ME >in
	same "me me+a m.e" "$(bm-recipients --course c --read in |
		jq -r '.email | sub("@.*"; "")' | xargs)"
}

# --- bm-optout ---

@test "bm-optout: every command takes --db but keygen" {
	local with=()

	while read -r command; do
		! bm-optout "$command" --help | grep -q -- '--db FILE' ||
			with+=("$command")
	done < <(bm-optout --help | tr ',\n' '  ' |
		sed -n 's/.*Commands: \([a-z ]*\)\..*/\1/p' | xargs -n 1)
	same "init url add remove check list history filter import export backup\
 forget cgi mail take" "${with[*]}"
	bm-optout init --db second.db 2>/dev/null
	bm-optout add --db second.db a@uni.example 2>/dev/null
	ends 0 bm-optout check a@uni.example
	ends 1 bm-optout check --db second.db a@uni.example
}

@test "bm-optout export --course: the entries of that scope only" {
	bm-optout add --course c a@uni.example 2>/dev/null
	bm-optout add b@uni.example 2>/dev/null
	same '"a@uni.example"' "$(bm-optout export --course c |
		sed 1d | cut -d, -f3)"
	same '"b@uni.example"' "$(bm-optout export --course '*' |
		sed 1d | cut -d, -f3)"
}

@test "bm-optout url --url: the link begins with it, whatever the setting" {
	export BM_KEY_FILE=key BM_OPTOUT_URL=https://m.example/o
	bm-optout keygen 2>/dev/null
	link=$(bm-optout url --course c a@uni.example)
	ends 0 bm-optout url --course c --url https://n.example/p a@uni.example
	same "https://n.example/p${link#https://m.example/o}"
	ends 2 bm-optout url --course c --url http://n.example/p a@uni.example
}

@test "forget: no address in reports; a hash in ledger and register" {
	messages 1 2 | bm-send --maildir M >out
	bm-optout add u1@uni.example 2>/dev/null
	ends 0 bm-optout forget u1@uni.example
	bm-report --id week3 --records >rows
	same 'null null;u2@uni.example string' "$(jq -r '"\(.email) " +
		(.message_id_left | type)' rows | sort | paste -sd ';')"
	same "" "$(bm-report --id week3 --csv | grep u1@ || true)"
	same 2 "$(sql "SELECT (SELECT count(*) FROM deliveries
		WHERE key LIKE 'sha256:%' AND email = '') +
		(SELECT count(*) FROM optouts WHERE key LIKE 'sha256:%')")"
	bm-optout list | grep -q '"address":"sha256:'
}

@test "forget: a copy, batches and outcomes keep what they have" {
	messages 1 2 | bm-batch -d spool >names
	bm-send --maildir M spool/000001.ndjson >outcomes
	bm-optout backup copy.db 2>/dev/null
	ends 0 bm-optout forget u1@uni.example
	grep -q u1@uni.example spool/000001.ndjson
	grep -q u1@uni.example outcomes
	same 1 "$(sqlite3 copy.db "SELECT count(*) FROM deliveries
		WHERE email = 'u1@uni.example'")"
}

@test "forget: each address that a person had is forgotten by itself" {
	bm-optout add --user-id a@uni.example old@uni.example 2>/dev/null
	ends 0 bm-optout forget a@uni.example
	bm-optout list | grep -q old@uni.example
	ends 0 bm-optout forget old@uni.example
	run ! grep -q old@uni.example <(bm-optout list)
}

# serves [OPTION...]: the page as a GET gets it.
serves() {
	env REQUEST_METHOD=GET QUERY_STRING="t=$token" "${language[@]}" \
		bm-optout cgi --config site.conf "$@" 2>log
}

# site: settings of the page, and a link's token.
site() {
	printf '%s\n' "BM_DB=$BM_DB" "BM_KEY_FILE=$PWD/key" \
		BM_PLATFORM_NAME=Setting BM_OPTOUT_MAILTO=set@m.example >site.conf
	export BM_KEY_FILE=$PWD/key BM_OPTOUT_URL=https://m.example/o
	bm-optout keygen 2>/dev/null
	token=$(bm-optout url --course c a@uni.example)
	token=${token#*t=} language=()
}

@test "bm-optout cgi --platform and --mailto go before the settings" {
	site
	serves | grep -q Setting
	serves --platform Option >page
	grep -q Option page
	run ! grep -q Setting page
	# What cannot be done names the address to write to.
	sed -i /BM_DB/d site.conf
	unset BM_DB
	serves | grep -q 'mailto:set@m.example'
	serves --mailto option@m.example >page
	grep -q mailto:option@m.example page
	run ! grep -q set@m.example page
}

@test "bm-optout cgi: each variable of the page's templates" {
	local names

	site
	bm-import --course c --title Sorting 2>/dev/null
	names=$(mandoc -Tutf8 -O width=1000 "$ROOT/man/bm-optout.1" | col -bx |
		sed -n 's/.*The variables are \(.*\) and, to be used as sections, \([^.]*\)\..*/\1, \2/p' |
		tr ' ' '\n' | sed 's/,$//; /^and$/d')
	same 23 "$(wc -l <<<"$names")"
	mkdir pages
	while read -r name; do
		printf '%s=[{{#%s}}{{%s}}{{/%s}}]\n' "$name" "$name" "$name" "$name"
	done <<<"$names" >pages/page.en.html
	shows() { # STATE VALUE...
		serves --pages "$PWD/pages" | sed '1,/^\r*$/d' >shown
		printf '%s\n' "$@" >want
		same "" "$(grep -vxFf shown want || true)"
	}
	shows 'lang=[en]' 'dir=[ltr]' 'course=[Sorting]' 'platform=[Setting]' \
		'who=[a…@uni.example]' 'mailto=[set@m.example]' \
		'mailto_url=[mailto:set@m.example]' 'ready=[true]' \
		'course_out=[]' 'all_out=[]' 'done=[]' \
		'test=[]' 'course_kept=[]' 'all_kept=[]' 'refused=[]'
}

# --- bm-render ---

# render ARGUMENT...: of one recipient.
render() {
	[ -e key ] || bm-optout keygen --key-file key 2>/dev/null
	export BM_OPTOUT_URL=${BM_OPTOUT_URL-https://m.example/o}
	[ -e b.html ] || echo '<p>Hi {{name}}</p>' >b.html
	[ -e one ] || echo '{"email":"a@uni.example","name":"A","course_id":"c","why":"learner"}' >one
	bm-render --id w --subject S --key-file key --from c@uni.example \
		--postal-address 'X 1' "$@" b.html <one
}

@test "bm-render --header: each name of the list, and an empty value" {
	local name some=() none=() names=(Comments Keywords Organization Importance
		Content-Language List-Help List-Owner List-Archive CFBL-Address
		CFBL-Feedback-ID X-Any)

	for name in "${names[@]}"; do
		some+=(--header "$name: some")
		none+=(--header "$name: {{#no}}x{{/no}}")
	done
	render "${some[@]}" --part headers | tr -d '\r' >shown
	same "$(printf '%s: some\n' "${names[@]}")" "$(grep ': some$' shown)"
	render "${none[@]}" --part headers >shown
	for name in "${names[@]}"; do
		run ! grep -q "^$name:" shown
	done
	for name in To Cc Bcc From Date Received Return-Path List-Unsubscribe \
		Content-Type Message-ID X; do
		ends 2 render --header "$name: some"
	done
}

@test "bm-render --max-size 0: no limit; 10M unless set" {
	/usr/bin/python3 -c 'print("<p>{{name}}" + "word " * 2200000)' >b.html
	echo '{{optout_url}} {{postal_address}}' >b.txt
	ends 1 --separate-stderr render --text b.txt
	[[ $stderr == *' bytes, 10485760 allowed' ]]
	render --text b.txt --max-size 0 >m
	[ "$(wc -c <m)" -gt 10485760 ]
}

@test "bm-render: the opt-out page is https, or on a loopback address" {
	for url in https://m.example/o http://127.0.0.1/o http://localhost:8080/o \
		'http://[::1]/o'; do
		render --optout-url "$url" --part headers |
			grep -qF "List-Unsubscribe: <$url?t="
	done
	for url in http://m.example/o http://127.0.0.1.m.example/o ftp://m.example; do
		ends 2 render --optout-url "$url"
	done
}

@test "bm-render --optout-mailto and --platform-name, over their settings" {
	export BM_OPTOUT_MAILTO=set@m.example BM_PLATFORM_NAME=Setting
	render --part headers | tr -d '\r' | grep '^ <mailto:set@m.example?subject='
	render --part text | grep -q Setting
	render --optout-mailto option@m.example --platform-name Option \
		--part message | tr -d '\r' >shown
	grep '^ <mailto:option@m.example?subject=[A-Za-z0-9_-]*>$' shown
	grep -q Option shown
	run ! grep -qE 'set@m|Setting' shown
	render --optout-mailto o@BÜCHER.example --part headers | tr -d '\r' |
		grep '^ <mailto:o@xn--bcher-kva.example?subject='
	for bad in nobody 'Help <o@m.example>' '<o@m.example>' a@m.example,b@m.example \
		ö@m.example; do
		ends 2 --separate-stderr render --optout-mailto "$bad"
		[[ $stderr == "bm-render: BM_OPTOUT_MAILTO: "* ]]
	done
}

@test "bm-render --lint --preview: the findings, and the page" {
	echo '<p><img src="https://m.example/x.png">{{name}}' >b.html
	ends 1 render --lint --preview page.html
	same 'b.html:1: an image without alt'
	grep -q 'b.html:1: an image without alt' page.html
}

@test "bm-render: what hides a section" {
	echo '{{#x}}shown{{/x}}{{^x}}hidden{{/x}}' >b.html
	for value in false null 0 0.0 '""' '[]'; do
		echo "{\"email\":\"a@uni.example\",\"course_id\":\"c\",\"x\":$value}" >one
		same hidden "$(render --part html --layout none)"
	done
	for value in true 1 '"0"' '[0]' '" "' '{}'; do
		echo "{\"email\":\"a@uni.example\",\"course_id\":\"c\",\"x\":$value}" >one
		same shown "$(render --part html --layout none)"
	done
}

@test "bm-render: reason, lang and dir; the course without its title" {
	# LANGUAGE WHY COURSE_TITLE ARGUMENT...: what the fields are.
	fields() {
		jq -cn --arg l "$1" --arg w "$2" --arg t "$3" '{email:
			"a@uni.example", course_id: "c", why: $w} +
			if $l == "" then {} else {language: $l} end +
			if $t == "" then {} else {course_title: $t} end' >one
		echo '{{lang}} {{dir}} {{reason}}: {{course_title}}' >b.html
		render --part html --layout none "${@:4}"
	}
	same 'en ltr you are enrolled in: c' "$(fields '' learner '')"
	same 'ar rtl تسجيلك في المقرر: T' "$(fields ar learner T)"
	same 'he rtl you are enrolled in: T' "$(fields en learner T --set lang=he)"
	[[ $(fields '' staff T) != *enrolled* ]]
	echo '{"email":"a@uni.example","course_id":"c","course_url":"https://l.example/c","course_image_url":"https://l.example/c.png","why":"learner"}' >one
	echo x >b.html
	render --part html >shown
	grep -q 'href="https://l.example/c"' shown
	grep -q 'src="https://l.example/c.png"' shown
	echo '{"email":"a@uni.example","course_id":"c"}' >one
	render --part html >shown
	run ! grep -q l.example shown
}

# --- bm-report ---

@test "bm-report: of several ledgers the state is that of the first with the mailing" {
	bm-optout init --db two.db 2>/dev/null
	bm-optout init --db three.db 2>/dev/null
	messages 1 1 >one
	bm-send --db two.db --maildir M one >out
	bm-send --db three.db --maildir M one >out
	bm-send --db three.db --hold week3 2>/dev/null
	same open "$(bm-report --id week3 --json bm.db two.db three.db | jq -r .state)"
	same held "$(bm-report --id week3 --json bm.db three.db two.db | jq -r .state)"
}

@test "bm-report --prune works on each ledger; --db with operands is an error" {
	for db in bm.db two.db; do
		bm-optout init --db $db 2>/dev/null
		messages 1 2 | bm-send --db $db --maildir M$db >out
		sqlite3 $db 'UPDATE emails SET created = 1;
			UPDATE deliveries SET at = 1'
	done
	same "2 2" "$(bm-report --prune 1d bm.db two.db | jq .total | xargs)"
	for db in bm.db two.db; do
		same "pruned 0" "$(sqlite3 -separator ' ' $db 'SELECT state,
			(SELECT count(*) FROM deliveries) FROM emails')"
	done
	ends 2 bm-report --db bm.db two.db
	[[ $output == *--db* ]]
}

@test "bm-report --follow without a plan: until ten seconds without a change" {
	messages 1 2 | bm-send --maildir M >out
	ends 124 timeout 0.5 bm-report --id week3 --follow
	ends 0 at_offset '+0 x40' timeout 600 bm-report --id week3 --follow
	same "2: 2 sent" "${lines[-1]#*of }"
}

@test "bm-report: first and last, refusals, and what a plan makes known" {
	fake '{"at":"rcpt","match":"u2@","say":"550 5.1.1 who?"}'
	ends 1 bm-send m
	sql "UPDATE deliveries SET at = 1000 WHERE email LIKE 'u1@%';
		UPDATE deliveries SET at = 5000 WHERE email LIKE 'u3@%'"
	sql "UPDATE deliveries SET at = 3000 WHERE email LIKE 'u2@%'"
	bm-report --id week3 --json >json
	same "1970-01-01T00:00:01.000Z 1970-01-01T00:00:05.000Z" \
		"$(jq -r '"\(.first) \(.last)"' json)"
	same '{"status":"failed","class":"bad_mailbox","code":550,"enhanced":"5.1.1","reply":"who?","count":1}' \
		"$(jq -c '.refusals[]' json)"
	same "null null null" "$(jq -r '"\(.planned) \(.unplanned) \(.not_started)"' json)"
	same "null null" "$(jq -r '"\(.next_try) \(.next_try_last)"' json)"
	sql "UPDATE deliveries SET state = 'deferred', class = 'greylisted',
		next_try = 1000 * substr(email, 2, 1) WHERE email NOT LIKE 'u3@%'"
	same "1970-01-01T00:00:01.000Z 1970-01-01T00:00:02.000Z" \
		"$(bm-report --id week3 --json |
		jq -r '"\(.next_try) \(.next_try_last)"')"
	for total in 2:0 3:0 5:2; do
		same "${total%:*} null ${total#*:}" "$(bm-report --id week3 --json \
			--total "${total%:*}" |
			jq -r '"\(.planned) \(.unplanned) \(.not_started)"')"
	done
}

@test "bm-report: optouts counts persons with an entry since the mailing began" {
	bm-optout add old@uni.example 2>/dev/null
	sql 'UPDATE optouts SET at = 1000'
	messages 1 2 | bm-send --maildir M >out
	for who in "u1@uni.example" "--course course-v1:UniX+CS101+2026 u2@uni.example" \
		"--course other --force x@uni.example" "--bounce b@uni.example" \
		"out@uni.example"; do
		# shellcheck disable=SC2086 # words
		bm-optout add $who 2>/dev/null
	done
	bm-optout remove --reason slip out@uni.example 2>/dev/null
	same 4 "$(bm-report --id week3 --json | jq .optouts)"
}

@test "bm-report: a ledger that somebody keeps locked: 75" {
	messages 1 1 | bm-send --maildir M >out
	mkfifo hold
	/usr/bin/python3 -c 'import sqlite3, sys
db = sqlite3.connect("bm.db", isolation_level=None)
db.execute("PRAGMA locking_mode = EXCLUSIVE")
db.execute("UPDATE emails SET subject = 1")
print("locked", flush=True)
sys.stdin.read()' <hold >state 3>&- &
	exec 8>hold
	wait_for 10 grep -q locked state
	ends 75 at_offset '+0 x200' bm-report --id week3 8>&-
	[[ $output == *locked* ]]
	exec 8>&-
	wait $!
	ends 0 bm-report --id week3
}

# --- bm-send ---

@test "bm-send: a try is listed as ID~redirected; --hold and --cancel take it" {
	bm-send --maildir M --live-links --redirect me@uni.example m >out
	same week3~redirected "$(bm-report --all --json | jq -r .email_id)"
	ends 0 bm-send --hold week3~redirected
	ends 75 bm-send --maildir M --live-links --redirect me@uni.example m
	ends 0 bm-send --maildir M m
	ends 0 bm-send --cancel week3~redirected
	same "cancelled open" "$(bm-report --all --json | jq -r .state | sort | xargs)"
}

@test "bm-send --wait leaves a mailing on hold to the next run" {
	messages 1 1 | bm-send --maildir M >out
	bm-send --hold week3 2>/dev/null
	ends 75 timeout 20 bm-send --wait --maildir M m
	same "held held held" "$(jq -r .class <<<"$output" | xargs)"
}

@test "bm-send --unlink: of a symbolic link the link goes, and no other file" {
	ln -s m link
	cp m copy
	ends 0 bm-send --maildir M --unlink link
	[ ! -L link ]
	cmp m copy
	messages 4 4 >n
	ends 0 bm-send --maildir M --unlink - <n
	[ -s n ]
}

@test "bm-send --check without a sender tries the null reverse-path and says so" {
	fake
	ends 0 --separate-stderr bm-send --check
	same "" "$output"
	[[ $stderr == *'takes mail from <>'*DEFAULT_BULK_FROM_EMAIL* ]]
	grep -q 'MAIL FROM:<>' fake/bytes
}

@test "bm-send: a file that cannot be read: 2, and what stood before it is sent" {
	ends 2 --separate-stderr bm-send --maildir M m nosuch
	same "bm-send: nosuch: cannot open: No such file or directory" "$stderr"
	same 3 "$(find M/new -type f | wc -l)"
	messages 4 4 >n
	ends 2 --separate-stderr bm-send --maildir M nosuch n
	same "" "$output"
	same 3 "$(find M/new -type f | wc -l)"
}

# --- bm-sign ---

@test "bm-sign: a command is the first word; a file of its name is ./check" {
	bm-sign keygen --selector s k.pem >out
	mv m check
	ends 0 bm-sign --key s=k.pem ./check
	same 3 "${#lines[@]}"
	ends 2 bm-sign --key s=k.pem check nosuch
	ends 0 --separate-stderr bm-sign --config /dev/null dns --key s=k.pem \
		--domain uni.example
	[[ $output == s._domainkey.uni.example.* ]]
	ends 2 bm-sign --key s=k.pem dns --domain uni.example
}

@test "bm-sign check: From and the envelope's sender, by option or setting" {
	bm-sign keygen --selector s k.pem >out
	bm-sign dns --domain uni.example --key s=k.pem >zone
	check() {
		"$ROOT/tests/fake/with-dns" zone bm-sign check --key s=k.pem "$@" ||
			true
	}
	export DEFAULT_BULK_FROM_EMAIL=c@uni.example
	BM_ENVELOPE_SENDER=b@bounce.example check >shown
	grep -q '^s._domainkey.uni.example: ok' shown
	grep -q '^envelope: bounce.example' shown
	check --domain uni.example --from c@cs.uni.example \
		--envelope-sender b@else.example >shown
	grep -q '^envelope: else.example' shown
	grep -q "^d=: uni.example is a parent of From's domain, cs.uni.example" shown
}

# --- bm(7) and bm.conf(5) ---

# time_is UNIT SECONDS: of so many of the unit a signature is valid as long.
time_is() {
	local n

	n=$(awk -v v="$2" 'BEGIN { printf "%d", 8 * 86400 / v + 1 }')
	SOURCE_DATE_EPOCH=1 bm-sign --key s=k.pem --expire "$n$1" letter >signed
	same "$(awk -v n="$n" -v v="$2" 'BEGIN { printf "%d", 1 + int(n * v) }')" \
		"$(sed 's/.* x=\([0-9]*\);.*/\1/' signed)"
}

# size_is UNIT BYTES: a message of more than one of the unit is refused.
size_is() {
	run render --max-size "1$1" --part message
	if [ "$2" -gt 1000000 ]; then
		[ "$status" -eq 0 ]
	else
		[ "$status" -eq 1 ] && [[ $output == *" bytes, $2 allowed" ]]
	fi
}

@test "bm(7): each unit of the table means what the table says" {
	/usr/bin/python3 - "$ROOT/man/bm.7" >units <<-'END'
		import re, sys
		size = {"byte": 1, "bytes": 1, "thousandth of a second": 0.001, "second": 1,
		    "minute": 60, "hour": 3600, "day": 86400, "days": 86400}
		known = {}
		for line in open(sys.argv[1], encoding="utf-8"):
		    if not line.startswith(".It Li ") or " Ta " not in line:
		        continue
		    units, text = line[7:].strip().split(" Ta ")
		    text = re.sub(r"^(a day of 24 hours|a month of|a year of|an|a) ?",
		        lambda m: "day" if "24" in m[1] else "", text)
		    number, word = re.fullmatch(r"([0-9.,]+ )?(.*)", text).groups()
		    value = float((number or "1").replace(",", "")) * (
		        size.get(word) or known[word])
		    for unit in units.replace(" ,", ",").split(", "):
		        known[unit] = value
		        print(unit, value)
	END
	same 17 "$(wc -l <units)"
	# Twice the unit behind a time, half of it behind: by the expiry of a
	# signature (7 days or more), and by the limit of a message's size.
	messages 1 1 >letter
	bm-sign keygen --selector s k.pem >out
	while read -r unit value; do
		case $unit in
		[BkKMG]*) size_is "$unit" "${value%.0}" ;;
		*) time_is "$unit" "$value" ;;
		esac
	done <units
}

@test "bm.conf(5): the places of the settings, a later one wins" {
	mkdir -p home/.config/bm xdg/bm
	echo EMAIL_HOST=home >home/.config/bm/bm.conf
	echo EMAIL_HOST=xdg >xdg/bm/bm.conf
	# shellcheck disable=SC2016 # for the inner shell
	ends 0 unshare -rm bash -c 'unset BM_CONFIG
		mount -t tmpfs none /etc && mkdir /etc/bm || exit
		printf "%s\n" EMAIL_HOST=etc EMAIL_PORT=25 >/etc/bm/bm.conf
		first() { bm-batch --print-config | head -n 2; }
		HOME=none first
		HOME=$PWD/home first
		HOME=$PWD/home XDG_CONFIG_HOME=$PWD/xdg first
		HOME=$PWD/home EMAIL_HOST=environment first
		BM_CONFIG= HOME=none first
		BM_CONFIG=$PWD/xdg/bm/bm.conf HOME=$PWD/home first
		EMAIL_HOST=environment BM_CONFIG=/dev/null bm-batch \
			--config xdg/bm/bm.conf --print-config | head -n 2'
	same "EMAIL_HOST=etc  # /etc/bm/bm.conf:1
EMAIL_PORT=25  # /etc/bm/bm.conf:2
EMAIL_HOST=home  # $PWD/home/.config/bm/bm.conf:1
EMAIL_PORT=25  # /etc/bm/bm.conf:2
EMAIL_HOST=xdg  # $PWD/xdg/bm/bm.conf:1
EMAIL_PORT=25  # /etc/bm/bm.conf:2
EMAIL_HOST=environment  # environment
EMAIL_PORT=25  # /etc/bm/bm.conf:2
EMAIL_HOST=etc  # /etc/bm/bm.conf:1
EMAIL_PORT=25  # /etc/bm/bm.conf:2
EMAIL_HOST=xdg  # $PWD/xdg/bm/bm.conf:1
EMAIL_PORT=587  # default
EMAIL_HOST=environment  # environment
EMAIL_PORT=587  # default"
}

@test "bm.conf(5): what the environment has that is no setting; who checks a value" {
	EMAIL_HOTS=x ends 0 bm-batch -d spool m
	export EMAIL_PORT=x EMAIL_USE_TLS=maybe
	ends 0 bm-batch -d spool m
	ends 0 bm-send --maildir M m
	EMAIL_HOST=127.0.0.1 ends 2 bm-send --check
	[[ $output == 'bm-send: EMAIL_'*'(environment): '* ]]
}

@test "bm.conf(5): a token goes before the password" {
	fake_tls starttls good --auth me:token --mech 'PLAIN XOAUTH2'
	export EMAIL_HOST_USER=me EMAIL_HOST_PASSWORD=word
	EMAIL_HOST_TOKEN=token ends 0 bm-send --check
	grep -q ' << AUTH XOAUTH2' fake/bytes
	run ! grep -q '<< AUTH PLAIN' fake/bytes
}

@test "bm.conf(5): the shorter limits stay, whatever BM_RELAY_TIMEOUT is" {
	export BM_RELAY_TIMEOUT=86400 BULK_EMAIL_MAX_RETRIES=0
	# A day would last two minutes.
	quick() {
		ends 75 at_offset '+0 x700' timeout 42000 bm-send --check
	}
	fake '{"at":"greeting","then":"hang"}'
	quick
	/usr/bin/python3 -c 'import socket, time
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(0)
full = [socket.socket() for _ in range(4)]
for c in full:
    c.setblocking(False)
    c.connect_ex(s.getsockname())
print(s.getsockname()[1], flush=True); time.sleep(100)' >port 3>&- &
	SERVERS+=($!)
	wait_for 10 test -s port
	EMAIL_PORT=$(<port) quick
}

# --- bm-ledger(7) and bm-records(5) ---

@test "bm-ledger(7): a Maildir settles who was in doubt: tmp no, new and cur yes" {
	messages 1 3 >m
	for place in tmp new cur; do
		rm -rf M bm.db* row
		bm-optout init 2>/dev/null
		# Killed behind the intent, before the outcome is known.
		strace -qq -o trace -e trace=renameat \
			-e inject=renameat:signal=KILL:when=2 \
			bm-send --maildir M <<<"$(head -n 1 m)" >out 2>err || true
		file=$(find M -type f)
		[ -n "$file" ]
		mkdir -p M/cur M/new
		[ "$(dirname "$file")" = "M/$place" ] || mv "$file" "M/$place/"
		echo mark >>"M/$place/${file##*/}"
		ends 0 bm-send --maildir M <<<"$(head -n 1 m)"
		same "sent" "$(sql 'SELECT state FROM deliveries')"
		same 1 "$(find M/new M/cur -type f | wc -l)"
		if [ $place = tmp ]; then
			run ! grep -r mark M
		else
			grep -q mark M/$place/*
		fi
	done
}

@test "bm-records(5): 32 levels are read, 33 are broken" {
	nest() {
		printf '{"email":"a@uni.example","x":%s0%s}\n' \
			"$(printf '[%.0s' $(seq "$1"))" "$(printf ']%.0s' $(seq "$1"))"
	}
	ends 0 bm-optout filter <<<"$(nest 31)"
	ends 1 bm-optout filter <<<"$(nest 32)"
}

@test "bm-records(5): null is absent; opted_out is false, null or refused" {
	ends 0 --separate-stderr bm-send --maildir M <<<"$(messages 1 1 |
		jq -c '.user_id = null | .subject = null | .expires = null')"
	same "null ok" "$(jq -r '"\(.user_id) \(.class)"' <<<"$output")"
	echo '{"email":"a@uni.example","course_id":null,"name":null,"user_id":null}' >in
	same 'c null null' "$(bm-recipients --course c --read in |
		jq -r '"\(.course_id) \(.name) \(.user_id)"')"
	for value in false null true '"true"' '""' 0 1; do
		echo "{\"email\":\"a@uni.example\",\"course_id\":\"c\",\"opted_out\":$value}"
	done >one
	echo x >b.html
	ends 1 --separate-stderr render
	same 2 "${#lines[@]}"
	same 'bm-render: stdin:3: "opted_out" is true: the person said no' \
		"${stderr_lines[0]}"
	same 4 "$(grep -c '"opted_out" is neither true nor false' <<<"$stderr")"
	bm-optout add a@uni.example 2>/dev/null
	bm-recipients --course c --to learners --include-opted-out >one
	ends 1 render
	[[ $output == *'the person said no' ]]
}

@test "bm-records(5): attempt where nothing was tried" {
	fake '{"at":"rcpt","match":"u2@","say":"450 4.2.0 later"}'
	export BULK_EMAIL_DEFAULT_RETRY_DELAY=3600
	ends 75 bm-send m
	ends 75 --separate-stderr bm-send m
	same "none 1" "$(jq -r 'select(.class == "busy_relay") |
		"\(.stage) \(.attempt)"' <<<"$output")"
	bm-optout add u8@uni.example 2>/dev/null
	ends 0 --separate-stderr bm-send <<<"$(messages 8 8)"
	same "optout 1" "$(jq -r '"\(.class) \(.attempt)"' <<<"$output")"
	sql 'UPDATE deliveries SET next_try = 0'
	ends 0 --separate-stderr bm-send <<<"$(messages 2 2 |
		jq -c '.expires = "2020-01-01"')"
	same "expired 2" "$(jq -r '"\(.class) \(.attempt)"' <<<"$output")"
}

@test "bm-records(5): a plan of recipients has their course and no mailing" {
	printf '{"email":"u%d@uni.example","course_id":"c"}\n' 1 2 |
		bm-batch -d spool --write-plan plan >names
	same '[null,"c",null,2]' "$(jq -c '[.email_id, .course_id, .content,
		.count]' plan)"
}

@test "bm-records(5): the content covers what is the same for all, in order" {
	mkdir parts lay
	printf 'P{{name}}' >parts/sig.mustache
	printf '<img src="i.png">{{> sig}}<a href="{{optout_url}}">o</a> {{postal_address}}' >b.html
	printf '\x89PNG\r\n\x1a\n' >i.png
	printf 'L{{> body}}' >lay/layout.html
	printf 'T{{> body}}' >lay/layout.txt
	printf 'FILE' >all.txt
	printf 'MINE' >a.txt
	echo '{"email":"a@uni.example","name":"a","course_id":"c","why":"learner"}' >one
	render --partials parts --layout lay --inline --attach all.txt \
		--attach '{{name}}.txt' --sender s@uni.example \
		--reply-to r@uni.example --header 'X-A: a' --set z=1 --set b=2 \
		--why because >made
	cid=$(jq -r .message made | tr -d '\r' |
		sed -n 's/^Content-ID: <\(.*\)>$/\1/p')
	/usr/bin/python3 - "$cid" >want <<-'END'
		import hashlib, sys
		items = ["c", "S", '<img src="cid:%s">{{> sig}}<a href="{{optout_url}}">o</a> {{postal_address}}' % sys.argv[1],
		    "", "L{{> body}}", "T{{> body}}", "From: c@uni.example\r\n",
		    "s", "r", "X-A: a", "b=2", "z=1", "sig", "P{{name}}",
		    "all.txt", "FILE", "{{name}}.txt", "i.png", b"\x89PNG\r\n\x1a\n",
		    "because"]
		items[7:9] = ["r@uni.example", "s@uni.example"]
		h = hashlib.sha256()
		for item in items:
		    data = item if isinstance(item, bytes) else item.encode()
		    h.update(b"%d\n%s" % (len(data), data))
		print(h.hexdigest())
	END
	same "$(<want)" "$(jq -r .content made)"
}

# --- bm-announce ---

# announcing: settings, three learners of course n, and a body.
announcing() {
	export BM_KEY_FILE=$PWD/key BM_OPTOUT_URL=https://m.example/o
	export BM_POSTAL_ADDRESS='X 1' DEFAULT_BULK_FROM_EMAIL=c@uni.example
	bm-optout keygen 2>/dev/null
	printf '%s\n' id,email,name 1,u1@uni.example,N 2,u2@uni.example,N \
		3,u3@uni.example,N | bm-import --course n - 2>/dev/null
	printf '<p>Hi {{user_id}} {{name}}</p>' >b.html
}

announce() {
	bm-announce --course n --to learners --subject S --dir d "$@" b.html 3>&-
}

@test "bm-announce: who opts out between the look and --send is left out" {
	announcing
	ends 0 announce
	bm-optout add --course n u2@uni.example 2>/dev/null
	ends 0 announce --send --maildir M --quiet
	same 2 "$(find M/new -type f | wc -l)"
	run ! grep -r u2@uni.example M d/recipients.ndjson
}

@test "bm-announce: its files tell of refusals, outcomes, senders and the test" {
	announcing
	fake '{"at":"rcpt","match":"u2@","say":"550 5.1.1 who?"}'
	ends 0 announce --test me@uni.example
	same u1@uni.example "$(jq -r .email d/test.ndjson)"
	same sent "$(jq -r .status d/test.outcome)"
	# What would arrive broken is sent to nobody.
	sed -i 's,$,<a href="/notes">The notes</a>,' b.html
	ends 2 announce --send
	[[ $output == *"nothing is sent" ]]
	# Refused by bm-recipients, and by bm-render.
	echo '<p>Hi {{user_id}} {{name}} {{city}}<img src="https://m.example/a"></p>' >b.html
	printf '%s\n' id,email,name,city 1,u1@uni.example,N,Bonn \
		2,u2@uni.example,N,Bonn 3,u3@uni.example,N,Bonn \
		4,u4@uni.example,N, | bm-import --course n - 2>/dev/null
	sql "UPDATE users SET name = 'a' || char(7) WHERE id = '3'"
	ends 1 announce
	same 3 "$(jq -r .user_id d/recipients.rejects)"
	same 4 "$(jq -r .user_id d/messages.rejects)"
	grep -q 'field city is empty' d/errors
	grep -q 'Hi 1 N' d/preview.html
	grep -q 'b.html:1: an image without alt' d/lint.txt
	for n in 1 2; do
		ends 1 announce --send --quiet
		# The relay does not know u2, who is left out from then on.
		same $((n + 1)) "$(wc -l <d/outcomes.ndjson)"
	done
	same "u1@uni.example sent u2@uni.example failed" "$(head -n 2 \
		d/outcomes.ndjson | jq -r '"\(.email) \(.status)"' | sort | xargs)"
	same "$PWD/d/spool/000001.ndjson" "$(realpath "$(<d/batches)")"
	same 1 "$(jq .count d/plan.json)"
	same 1 "$(wc -l <d/plan.json.keys)"
}

# noting: a folder of programs that write their words to words/PROGRAM first.
noting() {
	local program

	mkdir words noting
	for program in bm-recipients bm-render bm-batch bm-send; do
		printf '#!/bin/bash\nprintf "%%s\\n" "$@" >>%q\nexec %q "$@"\n' \
			"$PWD/words/$program" "$BM_BIN/$program" >"noting/$program"
	done
	chmod +x noting/*
	PATH=$PWD/noting:$PATH
}

@test "bm-announce: what is passed to the other programs" {
	local option program value args=()
	local -A values=([as]=1 [last-login-within]=30d [limit]=2
		[from]=f@uni.example [reply-to]=r@uni.example [text]=b.txt
		[format]=markdown [layout]=lay [set]=a=b [header]=X-A:b
		[attach]=b.txt [envelope-sender]=e@uni.example [missing]=empty
		[connections]=2 [per-connection]=3 [deadline]=50m
		[lifetime]=47h [rate]=1000/s [relay-profile]=ses
		[durability]=process [retry]=refused [config]=conf [db]=bm.db
		[except]=myself [base-url]=https://e.example/
		[why]=asked [default]=q=r)

	announcing
	noting
	fake
	: >conf
	echo '{{> body}}{{optout_url}} {{postal_address}}' >b.txt
	mkdir lay
	cp b.txt lay/layout.html
	{
		echo bm-recipients except
		/usr/bin/python3 - "$ROOT/tests" "$ROOT/man/bm-announce.1" <<-'END'
			import re, sys
			sys.path.insert(0, sys.argv[1])
			from manual_sentences import Page
			for _, item, text, _ in Page(sys.argv[2]).blocks:
			    for program in re.findall(r"^to (bm-[a-z]+)", item):
			        for name in re.findall("--([a-z-]+)", text):
			            print(program, name)
		END
		printf 'bm-%s config\n' recipients render batch send
		printf 'bm-%s db\n' recipients send
	} >passed
	[ "$(wc -l <passed)" -ge 28 ]
	while read -r option; do
		args+=("--$option" ${values[$option]+"${values[$option]}"})
	done < <(cut -d ' ' -f 2 passed | sort -u)
	run announce --send --quiet "${args[@]}"
	echo "$output"
	while read -r program option; do
		value=${values[$option]-}
		grep -xEe "--$option=($value|[0-9]+ms)" "words/$program" ||
			grep -xA1 -e "--$option" "words/$program" |
			grep -xe "${value:---$option}" || {
			echo "$program gets no --$option $value"
			cat "words/$program"
			return 1
		}
	done <passed
}

@test "bm-announce sends with four processes, and shows them on a terminal" {
	announcing
	printf '%s\n' id,email,name 4,u4@uni.example,N 5,u5@uni.example,N \
		6,u6@uni.example,N | bm-import --course n - 2>/dev/null
	export EMAILS_PER_TASK=1
	fake '{"at":"dot","until":"go"}'
	mkfifo keyboard
	exec 7<>keyboard
	TERM=xterm script -qec 'bm-announce --course n --to learners \
		--subject S --dir d --send b.html' /dev/null <keyboard >screen 3>&- &
	opened() {
		[ "$(grep -c '(open)' fake/bytes)" -ge "$1" ]
	}
	wait_for 20 opened 4
	wait_for 20 grep -q 'of 6' screen
	same 4 "$(grep -c '(open)' fake/bytes)"
	touch fake/go
	all_six() {
		[ "$(received | sort -u | wc -l)" -eq 6 ]
	}
	wait_for 20 all_six
	wait_for 20 flock -n d/lock true
	exec 7>&-
	grep -q $'\r\033\[K' screen
}

@test "bm-announce: a relay that refuses us is 255" {
	announcing
	fake '{"at":"mail","say":"550 5.7.1 not you"}'
	ends 255 announce --send --quiet
	[[ $output == *"not you"* ]]
}

@test "bm-announce: a second signal drops what is under way" {
	announcing
	fake '{"at":"dot","then":"hang"}'
	bm-announce --course n --to learners --subject S --dir d --send b.html \
		>out 2>&1 3>&- &
	pid=$!
	wait_for 20 grep -q 'Hi' fake/bytes
	kill -TERM "$pid"
	sleep 2.2 # signals within two seconds count as one
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	same 75 "$status"
	same "" "$(received)"
}
