# bm-recipients: who gets it. The names in brackets are those of the cases of
# the original's own tests.

# shellcheck disable=SC2154 # bats sets them
load helper

# One instructor, three staff, ten students, as the original's tests have them.
setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export BM_DB=$PWD/bm.db TMPDIR=$PWD
	{
		echo id,username,name,email,role
		echo 1,instructor,In Structor,instructor@x.example,instructor
		for i in 1 2 3; do
			echo "1$i,staff$i,Staff $i,staff$i@x.example,staff"
		done
	} >staff.csv
	{
		echo id,username,name,email,enrollment_mode,cohort,last_login
		for i in $(seq 10); do
			mode=audit cohort=Blue
			[ $((i % 2)) -eq 0 ] || mode=verified
			[ "$i" -le 4 ] || cohort=Red
			echo "2$i,student$i,Student $i,student$i@x.example,$mode,$cohort,"
		done
	} >students.csv
	bm-import --create --course c --title 'Bulk Email Test' \
		--url https://x.example/c students.csv 2>/dev/null
	bm-import --course c --role staff staff.csv
}

# got ARGUMENTS...: the addresses selected, in one line, without @x.example.
got() {
	bm-recipients --course c "$@" >records || [ $? -eq 1 ]
	jq -r .email records | sed 's/@x\.example$//' | sort -V | xargs
}

counts() {
	bm-recipients --course c --count "$@" | jq -c 'del(.course_id)'
}

# people CSV-ROWS: more of them; the first line names the columns.
people() {
	printf '%s\n' "$@" | bm-import --course c -
}

# out USER_ID COURSE [ACTION [KEY]]: a row in the register.
out() {
	sqlite3 "$BM_DB" "INSERT INTO optouts(course_id, user_id, key, action,
		source, at) VALUES('$2', $1, ${4-NULL}, '${3-out}', 'page', 1)"
}

students=$(seq -f student%.0f 10 | xargs)
staff='instructor staff1 staff2 staff3'

@test "[E1] to myself: the one message goes to the one who asks" {
	[ "$(got --to myself --as instructor)" = instructor ]
	same '{"email":"instructor@x.example","name":"In Structor","user_id":"1","username":"instructor","why":"myself","course_id":"c","course_title":"Bulk Email Test","course_url":"https://x.example/c"}' "$(cat records)"
	[ "$(got --to myself --as student3@X.example)" = student3 ]
	[ "$(got --to myself --as 27)" = student7 ]
	ends 2 bm-recipients --course c --to myself
	same 'bm-recipients: target "myself" needs --as USER'
	ends 2 bm-recipients --course c --to myself --as instrutor
	same 'bm-recipients: no user "instrutor"; did you mean "instructor"?'
}

@test "[E2] to staff: exactly the instructor and the staff" {
	[ "$(got --to staff)" = "$staff" ]
	same staff "$(jq -r .why records | sort -u)"
}

@test "[E3] to all: staff and students" {
	[ "$(got --to all)" = "$staff $students" ]
	[ "$(got --to staff --to learners)" = "$staff $students" ]
	[ "$(got --to myself --as staff2 --to staff --to learners)" = \
		"$staff $students" ]
	same 14 "$(wc -l <records)"
	same 'learner
myself
staff' "$(jq -r .why records | sort -u)"
}

@test "[E6] names in any script" {
	people 'id,username,email,name' '31,u31,u31@x.example,Ｉñtërnâtiônàl 😀' \
		'32,u32,u32@x.example,Ольга Ω' '33,u33,u33@x.example,' \
		'34,u34,u34@x.example,"""a\b"", c"'
	[ "$(got --to user:u31 --to user:u32 --to user:u33 --to user:u34)" = \
		"u31 u32 u33 u34" ]
	same '["Ｉñtërnâtiônàl 😀","Ольга Ω",null,"\"a\\b\", c"]' \
		"$(jq -cs 'map(.name)' records)"
}

@test "[E7] 137 more students, 5 opt-outs: 146, the exact set" {
	{
		echo id,username,email
		for i in $(seq 137); do
			printf '4%03d,more%d,more%d@x.example\n' "$i" "$i" "$i"
		done
	} | bm-import --course c -
	for i in 5 20 40 77 137; do
		out "$(printf "'4%03d'" "$i")" c
	done
	ends 0 bm-recipients --course c --to all --expect 146 --count
	[ "$(got --to all)" = "$({ tr ' ' '\n' <<<"$staff $students" &&
		seq -f more%.0f 137 | grep -vxE 'more(5|20|40|77|137)'; } |
		sort -V | xargs)" ]
}

@test "[O1] [O2] opted out: nobody to mail; in again: exactly one" {
	out "'21'" c
	ends 1 bm-recipients --course c --to user:student1
	same "bm-recipients: nobody to mail: 1 opted_out"
	out "'21'" c in
	[ "$(got --to user:student1)" = student1 ]
	same 1 "$(wc -l <records)"
}

@test "opt-outs of the course or of all mail, by user id or by address" {
	out "'21'" c
	out "'22'" '*'
	out "'23'" d
	out NULL c out "'student4@x.example'"
	out NULL '*' out "'student5@x.example'"
	out "'99'" c out "'student6@x.example'"
	out "'27'" c
	out "'27'" '*' in
	out NULL c in "'student4@x.example'"
	out NULL '*' out "'student4@x.example'"
	out "'11'" c
	[ "$(got --to learners)" = 'student3 student8 student9 student10' ]
	[ "$(got --to all)" = 'instructor staff2 staff3 student3 student8 student9 student10' ]
	[ "$(got --to myself --as staff1)" = '' ]
	[ "$(got --to learners --include-opted-out)" = "$students" ]
	same '21 22 24 25 26 27' \
		"$(jq -r 'select(.opted_out == true).user_id' records | xargs)"
}

@test "[T6] an inactive student is left out and counted" {
	people id,email,is_active 23,student3@x.example,no
	[ "$(got --to all)" = "$staff ${students/student3 /}" ]
	same '{"selected":14,"emitted":13,"inactive":1,"last_login":0,"excluded":0,"opted_out":0,"suppressed":0,"invalid":0,"duplicate":0,"ledger":0,"over_limit":0,"by_target":{"all":13}}' "$(counts --to all)"
}

@test "[T7] every fourth opted out: 25 of 100 skipped" {
	{
		echo id,email,cohort
		for i in $(seq 1001 1100); do
			echo "$i,$i@y.example,Big"
		done
	} | bm-import --course c -
	for i in $(seq 1004 4 1100); do
		out "'$i'" c
	done
	[ "$(got --to cohort:Big)" = "$(seq 1001 1100 |
		awk '$1 % 4 { print $1 "@y.example" }' | xargs)" ]
	same '{"selected":100,"emitted":75,"inactive":0,"last_login":0,"excluded":0,"opted_out":25,"suppressed":0,"invalid":0,"duplicate":0,"ledger":0,"over_limit":0,"by_target":{"cohort:Big":75}}' "$(counts --to cohort:Big)"
}

@test "a cohort: its members who are enrolled, staff among them too" {
	[ "$(got --to cohort:Blue)" = 'student1 student2 student3 student4' ]
	people id,email,enrollment_is_active,cohort \
		22,student2@x.example,no,Blue 11,staff1@x.example,yes,Blue
	[ "$(got --to cohort:Blue)" = 'staff1 student1 student3 student4' ]
	same 'cohort:Blue' "$(jq -r .why records | sort -u)"
	printf 'id,username,email,cohort\n41,other,other@x.example,Blue\n' |
		bm-import --course d - 2>/dev/null
	[ "$(got --to cohort:Blue)" = 'staff1 student1 student3 student4' ]
}

@test "a track: this course's enrolments only, without staff" {
	printf 'id,email,enrollment_mode\n22,student2@x.example,verified\n' |
		bm-import --course d - 2>/dev/null
	people id,email,enrollment_mode 12,staff2@x.example,verified \
		29,student9@x.example,audit
	[ "$(got --to track:verified)" = 'student1 student3 student5 student7' ]
	[ "$(got --to track:verified --last-login-within 30d)" = \
		'student1 student3 student5 student7' ]
}

@test "[last login] too long ago: no; never: yes; staff and the named: yes" {
	old=2020-01-01
	people id,email,last_login "21,student1@x.example,$old" \
		"22,student2@x.example,$(date -u +%FT%TZ)" \
		"25,student5@x.example,$old" "26,student6@x.example,None"
	people id,email,role,last_login "11,staff1@x.example,staff,$old"
	[ "$(got --to learners --last-login-within 18mo)" = \
		"${students/student1 student2 student3 student4 student5/student2 student3 student4}" ]
	[ "$(got --to cohort:Blue --last-login-within 18mo)" = \
		'student2 student3 student4' ]
	[ "$(got --to track:verified --last-login-within 18mo)" = \
		'student3 student7 student9' ]
	[ "$(got --to staff --last-login-within 18mo)" = "$staff" ]
	[ "$(got --to user:student5 --last-login-within 18mo)" = student5 ]
	[ "$(got --to all --last-login-within 100y)" = "$staff $students" ]
	[ "$(got --to cohort:Blue --last-login-within 0)" = \
		'student3 student4' ]
	# A reminder: who was last seen before, who never was, or both.
	[ "$(got --to learners --last-login-before 18mo)" = 'student1 student5' ]
	[ "$(got --to cohort:Blue --last-login-before 18mo)" = student1 ]
	[ "$(got --to learners --last-login-before 100y)" = '' ]
	[ "$(got --to learners --never-logged-in)" = \
		"${students/student1 student2 student3 student4 student5/student3 student4}" ]
	[ "$(got --to learners --last-login-before 18mo --never-logged-in)" = \
		"${students/student2 /}" ]
	[ "$(got --to learners --last-login-before 18mo --last-login-within 30y)" = \
		'student1 student5' ]
	[ "$(got --to learners --last-login-before 18mo --last-login-within 1y)" = '' ]
	[ "$(got --to staff --last-login-before 1d --never-logged-in)" = "$staff" ]
	[[ $(counts --to learners --last-login-within 18mo) == \
		*'"emitted":8,"inactive":0,"last_login":2,'* ]]
}

@test "[disabled account] neither as learner nor as staff" {
	people id,email,is_active 24,student4@x.example,false
	printf 'id,email,is_active\n13,staff3@x.example,0\n' |
		bm-import --course c --role staff -
	[ "$(got --to all)" = "${staff/ staff3/} ${students/student4 /}" ]
	[ "$(got --to staff)" = "${staff/ staff3/}" ]
	[ "$(got --to cohort:Blue)" = 'student1 student2 student3' ]
	[ "$(got --to user:student4)" = '' ]
	[ "$(got --to myself --as staff3)" = staff3 ]
}

@test "[dual roles] instructor and staff, and enrolled: once" {
	people id,email,role 1,instructor@x.example,staff \
		11,staff1@x.example,instructor
	[ "$(got --to staff)" = "$staff" ]
	same 4 "$(wc -l <records)"
	[ "$(got --to learners)" = "$students" ]
	[ "$(got --to all)" = "$staff $students" ]
	same 14 "$(wc -l <records)"
	[ "$(got --to myself --as staff1 --to staff --to learners)" = \
		"$staff $students" ]
	same 14 "$(wc -l <records)"
}

@test "[unenrolled] who has left is out; staff who never enrolled is in, once" {
	people id,email,enrollment_is_active 28,student8@x.example,no
	[ "$(got --to learners)" = "${students/ student8/}" ]
	[ "$(got --to track:audit)" = 'student2 student4 student6 student10' ]
	[ "$(got --to all)" = "$staff ${students/ student8/}" ]
	[ "$(got --to user:student8)" = student8 ]
	printf 'id,email,enrollment_mode\n12,staff2@x.example,audit\n' |
		bm-import --course d - 2>/dev/null
	[ "$(got --to staff)" = "$staff" ]
	same 4 "$(wc -l <records)"
}

@test "[shared address] two accounts, one message; case does not matter" {
	people id,username,email 31,twin,STUDENT1@X.Example \
		32,idn1,me@bücher.example 33,idn2,Me@xn--bcher-kva.example
	[ "$(got --to learners)" = "me@bücher.example $students" ]
	same '21 32' "$(jq -r 'select(.username | test("idn|1$|twin")).user_id' \
		records | xargs)"
	[[ $(counts --to learners) == *'"duplicate":2,'* ]]
	people id,email,is_active 21,student1@x.example,no
	[ "$(got --to learners)" = \
		"STUDENT1@X.Example me@bücher.example ${students/student1 /}" ]
	same twin "$(jq -r 'select(.email == "STUDENT1@X.Example").username' records)"
}

@test "a role of another course, or of another kind, makes nobody staff" {
	printf 'id,email\n24,student4@x.example\n' |
		bm-import --course d --role staff - 2>/dev/null
	people id,email,role 25,student5@x.example,beta_tester
	[ "$(got --to staff)" = "$staff" ]
	[ "$(got --to learners)" = "$students" ]
}

@test "user: and email: are looked up; a slip names what is near" {
	[ "$(got --to user:student2 --to email:Student4@x.EXAMPLE)" = \
		'student2 student4' ]
	same 'user:student2
email:Student4@x.EXAMPLE' "$(jq -r .why records)"
	while IFS='|' read -r target reason; do
		ends 2 bm-recipients --course c --to "$target"
		same "bm-recipients: $reason"
	done <<-'END'
		lerners|no target "lerners"; did you mean "learners"?
		cohrt:Blue|no target "cohrt:Blue"; did you mean "cohort:"?
		nobody at all|no target "nobody at all"; there are myself, staff, learners, all, cohort:NAME, track:MODE, user:USERNAME and email:ADDRESS
		cohort:|target "cohort:" needs a name
		cohort:Bleu|no cohort "Bleu"; did you mean "Blue"?
		track:verifed|no track "verifed"; did you mean "verified"?
		user:studnet1|no user "studnet1"; did you mean "student1"?
		email:student1@x.exmple|no address "student1@x.exmple"; did you mean "student1@x.example"?
		email:student1|"student1": the address has no '@'
	END
	ends 2 bm-recipients --course course --to all
	[[ $output == 'bm-recipients: no course "course"'* ]]
	ends 2 bm-recipients --course zzzz --to all
	same 'bm-recipients: no course "zzzz" in '"$BM_DB"
}

@test "--except leaves out people, and whoever shares their address" {
	[ "$(got --to all --except staff)" = "$students" ]
	[ "$(got --to all --except learners)" = "$staff" ]
	[ "$(got --to all --except staff --except cohort:Red)" = \
		'student1 student2 student3 student4' ]
	[ "$(got --to cohort:Blue --except user:student2)" = \
		'student1 student3 student4' ]
	[ "$(got --to cohort:Blue --except email:STUDENT2@x.example \
		--except email:unknown@x.example)" = 'student1 student3 student4' ]
	people id,username,email 31,twin,STUDENT2@X.Example
	[ "$(got --to learners --except user:twin)" = "${students/student2 /}" ]
	[[ $(counts --to all --except staff) == *'"excluded":4,'* ]]
	ends 1 bm-recipients --course c --to staff --except all
	ends 2 bm-recipients --course c --to staff --except cohort:Bleu
	ends 2 bm-recipients --course c --to staff --except myself
}

@test "--limit: the first, staff before learners, and the counts tell" {
	[ "$(got --to all --limit 6)" = "$staff student1 student10" ]
	[ "$(got --to all --limit 6)" = "$staff student1 student10" ]
	[[ $(counts --to all --limit 6) == *'"emitted":6,'*'"over_limit":8,'* ]]
	ends 2 bm-recipients --course c --to all --limit 0
}

@test "--count equals the number of records, and everything adds up" {
	out "'21'" c
	people id,username,email,is_active 31,twin,STUDENT2@X.Example, \
		23,student3,student3@x.example,no
	sqlite3 "$BM_DB" "UPDATE users SET email = 'x y' WHERE id = '25'"
	for args in '--to all' '--to staff --to learners' '--to cohort:Blue' \
		'--to all --except staff --limit 3' '--to track:audit' \
		'--to all --include-opted-out' '--to learners --last-login-within 1d'; do
		# shellcheck disable=SC2086
		got $args >/dev/null
		# shellcheck disable=SC2086
		bm-recipients --course c $args --count >count 2>err || [ $? -eq 1 ]
		same "$(wc -l <records)" "$(jq .emitted count)"
		jq -e '.selected == .emitted + .inactive + .last_login + .excluded +
			.opted_out + .invalid + .duplicate + .ledger + .over_limit and
			.emitted == ([.by_target[]] | add)' count
	done
}

@test "counts for people: with --verbose or on a terminal" {
	out "'21'" c
	bm-recipients --course c --to staff --to learners -v 2>err >out
	same 'bm-recipients: 14 selected, 13 to be mailed (4 staff, 9 learners), 1 opted_out' "$(cat err)"
	bm-recipients --course c --to all 2>err >out
	[ ! -s err ]
	script -qec 'bm-recipients --course c --to staff >out' /dev/null >screen
	same $'bm-recipients: 4 selected, 4 to be mailed (4 staff)\r' "$(cat screen)"
}

@test "--expect refuses before the first record" {
	for expect in 14 14..14 0..14 14..99; do
		ends 0 bm-recipients --course c --to all --expect $expect
		[ "${#lines[@]}" -eq 14 ]
	done
	for expect in 13 15 0..13 15..99; do
		ends 2 bm-recipients --course c --to all --expect $expect
		same "bm-recipients: 14 recipients where $expect are expected: nothing is written"
	done
	for expect in '' x 5.. ..5 9..3 -1 1...3; do
		ends 2 bm-recipients --course c --to all --expect "$expect"
		[ "${#lines[@]}" -eq 1 ]
	done
}

@test "--expect and --count with a query and with records from elsewhere" {
	jq -cn 'range(3) | {email: "p\(.)@x.example"}' >in
	jq -cn 'range(3) | {email: "P\(.)@x.example"}' >>in
	query='SELECT email FROM users WHERE username LIKE "student%"'
	ends 0 bm-recipients --course c --read in --expect 3
	[ "${#lines[@]}" -eq 3 ]
	ends 2 bm-recipients --course c --read in --expect 6
	same 'bm-recipients: 3 recipients where 6 are expected: nothing is written'
	ends 0 bm-recipients --course c --read in --count
	same '{"course_id":"c","selected":6,"emitted":3,"inactive":0,"last_login":0,"excluded":0,"opted_out":0,"suppressed":0,"invalid":0,"duplicate":3,"ledger":0,"over_limit":0,"by_target":{"read":3}}'
	ends 0 bm-recipients --course c --query "$query" --expect 10..11
	[ "${#lines[@]}" -eq 10 ]
	ends 2 bm-recipients --course c --query "$query" --expect 9
	[ "${#lines[@]}" -eq 1 ]
	ends 2 bm-recipients --course c --query "$query" --count --expect 9
	[[ $output == *'"emitted":10,'*'"by_target":{"query":10}}'* ]]
}

@test "email turned off, for the course or by the setting: 2, who can change it" {
	ends 2 env ENABLE_INSTRUCTOR_EMAIL=false \
		bm-recipients --course c --to all
	same 'bm-recipients: course email is turned off by ENABLE_INSTRUCTOR_EMAIL (environment); who may change that can turn it on'
	bm-import --course c --email-enabled no
	ends 2 bm-recipients --course c --to all --count
	same "bm-recipients: email is turned off for course c; who may write $BM_DB can turn it on (bm-import --course ... --email-enabled yes)"
	bm-import --course c --email-enabled yes
	ends 0 bm-recipients --course c --to all
}

@test "nobody to mail: 1, nothing on stdout" {
	printf 'email\n' | bm-import --course empty - 2>/dev/null
	bm-recipients --course empty --to all >out 2>err || got=$?
	[ "$got" -eq 1 ]
	[ ! -s out ]
	same "bm-recipients: nobody to mail" "$(cat err)"
}

@test "merge fields and course fields are in every record" {
	bm-import --course c --image-url https://x.example/i.png --language de
	people 'id,email,city,quote' '21,student1@x.example,Köln,"a ""b"" \"'
	got --to user:student1
	same '{"email":"student1@x.example","name":"Student 1","user_id":"21","username":"student1","why":"user:student1","course_id":"c","course_title":"Bulk Email Test","course_url":"https://x.example/c","course_image_url":"https://x.example/i.png","language":"de","enrollment_mode":"verified","cohort":"Blue","city":"Köln","quote":"a \"b\" \\"}' "$(cat records)"
}

@test "one bad row does not stop the rest; it is named, counted, rejected" {
	sqlite3 "$BM_DB" "UPDATE users SET email = 'st 1@x.example' WHERE id = '21';
		UPDATE users SET key = 'other@x.example' WHERE id = '22';
		UPDATE users SET name = 'a' || char(10) || 'b' WHERE id = '23';
		UPDATE users SET name = CAST(x'ff' AS TEXT) WHERE id = '24';
		UPDATE enrollments SET data = '[1]' WHERE user_id = '25';
		UPDATE enrollments SET data = '{\"why\":\"x\"}' WHERE user_id = '26'"
	ends 1 bm-recipients --course c --to learners --rejects rejects --limit 1
	same "bm-recipients: user 21 <st 1@x.example>: the address has white space
bm-recipients: user 22 <student2@x.example>: the stored key does not belong to the address (run bm-import again)
bm-recipients: user 23 <student3@x.example>: name has a control character
bm-recipients: user 24 <student4@x.example>: name is not valid UTF-8
bm-recipients: user 25 <student5@x.example>: merge fields: JSON byte 1: not a JSON object
bm-recipients: user 26 <student6@x.example>: a merge field has the reserved name \"why\"
$(bm-recipients --course c --to user:student10 | sed 's/user:student10/learner/')"
	same '21 22 23 24 25 26' "$(jq -r .user_id rejects | xargs)"
}

@test "reserved domains are nobody's addresses, unless they are allowed" {
	people id,username,email 31,real,real@open.edu 32,local,me@localhost
	export BM_ALLOW_RESERVED=no
	ends 1 bm-recipients --course c --to learners --count
	[[ $output == *'"emitted":1,'*'"invalid":11,'* ]]
	[ "$(got --to learners)" = real@open.edu ]
}

# verdicts: the tables of addresses in the manual, a line ADDRESS TAB VERDICT.
verdicts() {
	/usr/bin/python3 - "$ROOT/man/bm-recipients.1" <<-'END'
		import re, sys
		special = {r"\(aq": "'", r"\(dq": '"', r"\ ": " ", r"\&": ""}
		for row in open(sys.argv[1], encoding="utf-8"):
		    if not row.startswith(".It Li ") or " Ta " not in row:
		        continue
		    address, verdict = row[7:].rstrip("\n").split(" Ta ")
		    for name, char in special.items():
		        address = address.replace(name, char)
		    address = re.sub(r"\\\[u([0-9A-F]+)\]",
		        lambda m: chr(int(m[1], 16)), address)
		    for repeated in r"([^)])\{(\d+)\}", r"\(([^)]*)\)\{(\d+)\}":
		        address = re.sub(repeated,
		            lambda m: m[1] * int(m[2]), address)
		    print(address, verdict, sep="\t")
	END
}

# judged ADDRESS VERDICT: is this what a record with it meets?
judged() {
	local got=0 other=${2#taken as }

	jq -cn --arg a "$1" '{email: $a}' >in
	bm-recipients --course c --read in >out 2>err || got=$?
	if [ "${2%% *}" != taken ]; then
		[ "$got" -eq 1 ] && same "bm-recipients: in:1: $2
bm-recipients: nobody to mail: 1 invalid" "$(cat err)"
		return
	fi
	[ "$got" -eq 0 ] && same "$1" "$(jq -r .email out)" || return
	[ "$other" != taken ] || return 0
	# The other form is a duplicate of it.
	jq -cn --arg a "$other" '{email: $a}' >>in
	bm-recipients --course c --read in --count |
		jq -e '.emitted == 1 and .duplicate == 1'
}

@test "each address of the manual's tables is judged as the table says" {
	verdicts >table
	[ "$(wc -l <table)" -eq 56 ]
	while IFS=$'\t' read -r address verdict; do
		BM_ALLOW_RESERVED=yes
		[ "${verdict#*reserved}" = "$verdict" ] || BM_ALLOW_RESERVED=no
		judged "$address" "$verdict" || { echo "$address" && false; }
	done <table
	# A wrong verdict is found out.
	run ! judged me@x.example 'the domain is reserved'
	run ! judged me@x..example taken
	run ! judged me@x.example 'taken as you@x.example'
}

@test "a roster of these addresses: taken, refused, mailed as the table says" {
	verdicts | grep -v -e reserved -e '^<' >table # a cell may have "<"
	/usr/bin/python3 - <<-'END'
		import csv, sys
		rows = [r.rstrip("\n").split("\t") for r in open("table")]
		with open("a.csv", "w", newline="") as f:
		    out = csv.writer(f, lineterminator="\n")
		    out.writerow(["id", "email"])
		    for i, row in enumerate(rows):
		        out.writerow(["%03d" % i, row[0]])
		verdicts = dict(rows)
		def key(address):
		    other = verdicts[address].removeprefix("taken as ")
		    return key(other) if other in verdicts else address
		taken = {}
		for address, verdict in rows:
		    if verdict.startswith("taken"):
		        taken.setdefault(key(address), address)
		with open("taken", "w") as f:
		    f.writelines(address + "\n" for address in taken.values())
		with open("reasons", "w") as f:
		    for i, (address, verdict) in enumerate(rows):
		        if not verdict.startswith("taken"):
		            print(f"a.csv:{i + 2}: {verdict}", file=f)
	END
	ends 1 bm-import --course d a.csv
	same "$(cat reasons)" "$(grep -v -e 'new course' -e ' has the address of ' \
		-e ' rows: ' <<<"$output" |
		sed 's/^bm-import: //; s/ email ".*": / /')"
	bm-recipients --course d --to learners | jq -r .email >mailed
	diff -u taken mailed
}

@test "--query: columns are members, in the admin's own schema" {
	sqlite3 own.db "CREATE TABLE p(mail TEXT, n INTEGER, r REAL, b BLOB);
		INSERT INTO p VALUES('a@x.example', 9007199254740993, 1.10, NULL),
		('Student1@x.example', -1, 1e300, 'te\"xt'), ('bad', 1, 1, 1),
		('A@X.example', 2, 2, 2), ('z@x.example', 3, 0.5, x'ff')"
	out "'21'" c out "'student1@x.example'"
	query='SELECT mail AS email, n, r, b AS "B b" FROM p ORDER BY rowid'
	ends 1 bm-recipients --course c --query-db own.db --query "$query" -v
	same 'bm-recipients: query:3: the address has no '"'@'"'
bm-recipients: query:5: JSON byte 45: invalid UTF-8
bm-recipients: 5 selected, 1 to be mailed, 1 opted_out, 2 invalid, 1 duplicate
{"email":"a@x.example","n":9007199254740993,"r":1.1,"B b":null,"course_id":"c","course_title":"Bulk Email Test","course_url":"https://x.example/c"}'
	echo "-- $query
		$query; -- and a comment
		/* another; */ ;" >q.sql
	ends 1 bm-recipients --course c --query-db own.db --query @q.sql --count
	[[ $output == *'"selected":5,"emitted":1,'*'"by_target":{"query":1}}' ]]
	ends 0 bm-recipients --course c --query "SELECT email, id AS user_id,
		username FROM users WHERE id = '24'"
	same '{"email":"student4@x.example","user_id":"24","username":"student4","course_id":"c","course_title":"Bulk Email Test","course_url":"https://x.example/c"}'
}

@test "--query can do nothing but read, and not for ever" {
	cp bm.db before
	while IFS='|' read -r query reason; do
		ends 2 bm-recipients --course c --query "$query"
		same "bm-recipients: $reason"
	done <<-'END'
		DELETE FROM users|--query was refused: it may only read
		UPDATE users SET name = 1 RETURNING email|--query was refused: it may only read
		PRAGMA user_version = 9|--query was refused: it may only read
		ATTACH 'x.db' AS x|--query was refused: it may only read
		VACUUM INTO 'x.db'|--query was refused: it may only read
		CREATE TEMP TABLE email AS SELECT 1|--query was refused: it may only read
		SELECT load_extension('x') AS email|--query was refused: it may only read
		SELECT email FROM users; DELETE FROM users|--query has more than one statement
		SELECT email FROM users; x|--query has more than one statement
		SELECT email, id AS email FROM users|--query: columns 1 and 2 are both named "email"
		SELECT id FROM users|--query yields no column "email"
		|--query is empty
		SELEC email|--query: near "SELEC": syntax error
		SELECT email FROM nowhere|--query: no such table: nowhere
	END
	ends 2 timeout 20 bm-recipients --course c --timeout 200ms --query \
		'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
		SELECT count(*) AS email FROM n'
	same "bm-recipients: --query was stopped: its time (--timeout) is up"
	# Within one function SQLite does not look at the clock.
	ends 2 timeout 60 bm-recipients --course c --timeout 200ms --query \
		"SELECT instr(hex(zeroblob(5000000)),
		hex(zeroblob(2000000)) || '1') AS email"
	same "bm-recipients: --query was stopped: its time (--timeout) is up"
	ends 2 bm-recipients --course c --query \
		"SELECT hex(zeroblob(9000000)) AS email"
	same "bm-recipients: --query: string or blob too big"
	ends 0 bm-recipients --course c --timeout 10000y --query \
		'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
		WHERE i < 100000) SELECT count(*) || "@x.example" AS email FROM n'
	cmp bm.db before
	[ ! -e x.db ]
	ends 2 bm-recipients --course c --query-db none.db --query 'SELECT 1'
	ends 2 bm-recipients --course c --query @none.sql
	ends 2 bm-recipients --course c --query-db none.db --to all
}

@test "--read: records from elsewhere get the same checks and course fields" {
	out "'22'" c
	cat >in <<-'END'
		{"email":"new@x.example","big":9007199254740993,"x":1.10}
		{"email":"student2@y.example","user_id":22}
		{"email":"NEW@x.example"}
		{"email":"a@x.example","course_id":"d"}
		{"name":"nobody"}
		no record
		{"email":"b@x.example","course_title":"Own","course_id":"c","name":"","opted_out":true}
		{"email":"staff1@X.example"}
		{"email":"c@x.example","course_id":null}
	END
	ends 1 bm-recipients --course c --read in --except staff -v
	same 'bm-recipients: in:4: "course_id" is "d"
bm-recipients: in:5: "email" is missing
bm-recipients: in:6: JSON byte 1: not a JSON object
bm-recipients: 9 selected, 3 to be mailed, 1 excluded, 1 opted_out, 3 invalid, 1 duplicate
{"email":"new@x.example","big":9007199254740993,"x":1.10,"course_id":"c","course_title":"Bulk Email Test","course_url":"https://x.example/c"}
{"email":"b@x.example","course_title":"Own","course_id":"c","name":"","course_url":"https://x.example/c"}
{"email":"c@x.example","course_id":"c","course_title":"Bulk Email Test","course_url":"https://x.example/c"}'
	[ "$(bm-recipients --course c --to all --include-opted-out |
		bm-recipients --course c --read - | wc -l)" -eq 13 ]
	printf '{"email":"a@x.example"}\n{"email":"b@x.example"}' >in
	bm-recipients --course c --read in >out 2>err || got=$?
	[ "$got" -eq 2 ]
	[ ! -s out ]
}

@test "--read refuses lines that are no records, and takes the others" {
	{
		printf '\n{"email":"a@x.example"}\0\n{"email":"b\xff@x.example"}\n'
		printf '{"email":"c@x.example","email":"d@x.example"}\n[]\n'
		printf '{"email":"e\\u0000@x.example"}\n{"email":"f@x.example"\n'
		printf '{"email":"g@x.example","x":"%01000000d"}\n' 0
		printf '{"email":"h@x.example\\r\\nRCPT TO:<i@x.example>"}\n'
	} >in
	ends 1 bm-recipients --course c --read in --count
	[ "${#lines[@]}" -eq 9 ]
	[[ $output == *'"selected":9,"emitted":1,'*'"invalid":8,'* ]]
	same g@x.example "$(bm-recipients --course c --read in 2>/dev/null |
		jq -r .email)"
	: >in
	ends 1 bm-recipients --course c --read in
	same 'bm-recipients: nobody to mail'
}

@test "--read takes CSV as bm-import does" {
	printf 'id,email,is_active,city,language\n22,student2@x.example,,Köln,de\n31,n@x.example,no,,\n32,@,,,\n' >a.csv
	ends 1 bm-recipients --course c --read a.csv -v
	same 'bm-recipients: a.csv:4: email "@": the address has no local part
bm-recipients: 3 selected, 1 to be mailed, 1 inactive, 1 invalid
{"email":"student2@x.example","user_id":"22","course_id":"c","course_title":"Bulk Email Test","course_url":"https://x.example/c","city":"Köln","user_language":"de"}'
	printf 'email,mode,cohort,course_id\na@x.example,audit,Blue,c\nb@x.example,,,d\n' \
		>b.csv
	ends 1 bm-recipients --course c --read b.csv
	same 'bm-recipients: b.csv:3: course_id is "d"
{"email":"a@x.example","course_id":"c","course_title":"Bulk Email Test","course_url":"https://x.example/c","enrollment_mode":"audit","cohort":"Blue"}'
	cp a.csv A.CSV
	ends 1 bm-recipients --course c --read A.CSV --count
	[[ $output == *'"emitted":1,'* ]]
}

@test "--read names what is wrong in a CSV file" {
	while IFS='|' read -r text reason; do
		printf '%b' "$text" >a.csv
		ends 2 bm-recipients --course c --read a.csv
		same "bm-recipients: $reason"
	done <<-'END'
		id\n1\n|a.csv:1: no column is named "email"; the columns are "id"
		|a.csv:1: no header line
		email,"a\na@x.example,1\n|a.csv:1: quote is never closed: write a quote inside a field twice, and the field in quotes; nothing of the file is used
		email,\xff\na@x.example,1\n|a.csv:1: invalid UTF-8: the file looks like windows-1252 (--encoding windows-1252 reads it so) (an option of bm-import)
		em\0ail\na@x.example\n|a.csv:1: NUL byte
	END
	{
		printf 'email,x\na@x.example,\0\nb@x.example,\xff\n'
		printf 'c@x.example,1,2\nd@x.example,'
		head -c 10000000 /dev/zero | tr '\0' x
		printf '\ne@x.example,\r1\nf@x.example,1\n'
	} >a.csv
	ends 1 bm-recipients --course c --read a.csv
	same 'bm-recipients: a.csv:2: NUL byte
bm-recipients: a.csv:3: invalid UTF-8: the file looks like windows-1252 (--encoding windows-1252 reads it so) (an option of bm-import)
bm-recipients: a.csv:4: 3 fields where the header has 2: a field with a separator in it has to be in quotes
bm-recipients: a.csv:5: field is longer than 1 MiB
bm-recipients: a.csv:6: stray carriage return
{"email":"f@x.example","course_id":"c","course_title":"Bulk Email Test","course_url":"https://x.example/c","x":"1"}'
	ends 2 bm-recipients --course c --read none.csv
	same 'bm-recipients: none.csv: cannot open: No such file or directory'
	ends 2 bm-recipients --course c --read none
	ends 2 bm-recipients --course c --read .
}

@test "--ledger keeps those whose row has the state" {
	sqlite3 "$BM_DB" "INSERT INTO emails(id, course_id, created)
		VALUES('week3', 'c', 1);
		INSERT INTO deliveries(email_id, key, email, state) VALUES
		('week3', 'student1@x.example', 'a', 'sent'),
		('week3', 'student2@x.example', 'a', 'failed'),
		('week3', 'student3@x.example', 'a', 'deferred'),
		('week3', 'student4@x.example', 'a', 'in_doubt')"
	[ "$(got --to cohort:Blue --ledger week3=failed)" = student2 ]
	same 'Bulk Email Test' "$(jq -r .course_title records)"
	[ "$(got --to cohort:Blue --ledger week3=failed,deferred)" = \
		'student2 student3' ]
	[ "$(got --to all --ledger week3=none)" = \
		"$staff $(seq -f student%.0f 5 10 | xargs)" ]
	[[ $(counts --to cohort:Blue --ledger week3=sent) == *'"ledger":3,'* ]]
	ends 2 bm-recipients --course c --to all --ledger week4=sent
	same 'bm-recipients: no mailing "week4"; did you mean "week3"?'
	for bad in week3 week3= week3=send =; do
		ends 2 bm-recipients --course c --to all --ledger $bad
	done
}

# message ID RECORD...: message records of the mailing for recipient records.
message() {
	jq -c --arg id "$1" '{email_id: $id, course_id, user_id, email,
		sender: "b@x.example", content: ("0" * 64),
		message: "To: \(.email)\r\n\r\nHello\r\n"}' "$2"
}

@test "--ledger counts what a killed sender has left in its journal" {
	mkfifo in
	bm-recipients --course c --to user:student1 >records
	for id in w1 w2 w3 w4 w5 w6 w7 w8; do
		(exec bm-send --maildir mail <in >out 2>/dev/null) 3>&- &
		exec 8>in
		message $id records >&8
		wait_for 20 [ -s out ]
		kill -KILL $!
		exec 8>&-
		wait $! || :
		# Unless it had the time to settle the row.
		state=$(sqlite3 "$BM_DB" "SELECT state FROM deliveries
			WHERE email_id = '$id'")
		[ "$state" != claimed ] || break
	done
	[ "$state" = claimed ]
	[ "$(got --to cohort:Blue --ledger "$id=claimed")" = '' ]
	[ "$(got --to cohort:Blue --ledger "$id=sent")" = student1 ]
	[ "$(got --to cohort:Blue --ledger "$id=none")" = \
		'student2 student3 student4' ]
}

@test "--include-opted-out shows them; bm-send refuses them all the same" {
	out "'22'" c
	[ "$(got --to cohort:Blue --include-opted-out)" = \
		'student1 student2 student3 student4' ]
	message w records | bm-send --maildir mail >outcomes
	same 'student1@x.example sent ok
student2@x.example skipped optout
student3@x.example sent ok
student4@x.example sent ok' "$(jq -r '"\(.email) \(.status) \(.class)"' outcomes | sort)"
}

@test "usage: one source, and a database" {
	for args in '' '--to all --read x' '--query x --read x' '--to x --to=' \
		'--read x --last-login-within 1d'; do
		# shellcheck disable=SC2086
		ends 2 bm-recipients --course c $args
		[ "${#lines[@]}" -eq 1 ]
	done
	ends 2 bm-recipients --to all
	[[ $output == *'--course is missing'* ]]
	ends 2 env -u BM_DB bm-recipients --course c --to all
	same "bm-recipients: no database: use --db or set BM_DB"
	ends 2 bm-recipients --db none.db --course c --to all
	same "bm-recipients: none.db does not exist (bm-import --create or bm-optout init makes it)"
	head -c 8192 /dev/zero | tr '\0' x >junk.db
	ends 2 bm-recipients --db junk.db --course c --to all
	[[ $output == *'not a database'* ]]
	sqlite3 "$BM_DB" 'PRAGMA user_version = 99'
	ends 2 bm-recipients --course c --to all
	[[ $output == "bm-recipients: $BM_DB"*'a newer bm'* ]]
	[ "${#lines[@]}" -eq 1 ]
}

@test "a database that somebody keeps locked: 75" {
	mkfifo hold
	/usr/bin/python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA locking_mode = EXCLUSIVE")
db.execute("UPDATE courses SET title = title")
print("locked", flush=True)
sys.stdin.read()' "$BM_DB" <hold >state 3>&- &
	exec 8>hold
	wait_for 10 grep -q locked state
	ends 75 bm-recipients --course c --to all 8>&-
	[[ $output == *locked* ]]
	exec 8>&-
	wait
	ends 0 bm-recipients --course c --to all
}

@test "a full disk, a reader that goes away: 2, one line" {
	bm-recipients --course c --to all >/dev/full 2>err || got=$?
	[ "$got" -eq 2 ]
	same "bm-recipients: cannot write stdout: No space left on device" \
		"$(cat err)"
	TMPDIR=/nonexistent bm-recipients --course c --to all >out
	same 14 "$(wc -l <out)"
}
