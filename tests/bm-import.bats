# bm-import: from CSV into the database.

# shellcheck disable=SC2154,SC2030,SC2031 # bats sets them, a test a subshell
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export BM_DB=$PWD/bm.db
}

sql() {
	sqlite3 -readonly "$BM_DB" "$1"
}

people() {
	sql "SELECT u.id, username, email, name, u.is_active, e.is_active, mode,
		cohort FROM users u JOIN enrollments e ON e.user_id = u.id
		WHERE course_id = '${1-c}' ORDER BY u.id"
}

# The header and two rows of an export of Open edX's dashboard.
export_csv() {
	cat <<-'END'
		id,username,name,email,language,location,year_of_birth,gender,level_of_education,mailing_address,goals,enrollment_mode,verification_status,cohort,city,country,last_login
		12,anna,Anna Ärger,anna@x.example,de,,1990,f,b,"Am ""Rhein"" 1,
		Köln",,verified,approved,Blue,Köln,DE,2026-05-01 12:30:00.123456+00:00
		7,bob,,Bob@X.example,,,,,,,,audit,,,,,None
	END
}

wanted='12|anna|anna@x.example|Anna Ärger|1|1|verified|Blue
7|bob|Bob@X.example||1|1|audit|'

@test "the dashboard's export, with BOM, CRLF, columns in any order" {
	export_csv >lf.csv
	sed 's/$/\r/' lf.csv >crlf.csv
	{ printf '\xef\xbb\xbf' && cat crlf.csv; } >bom.csv
	/usr/bin/python3 -c 'import csv, sys
rows = [r[::-1] for r in csv.reader(open("lf.csv", newline=""))]
csv.writer(sys.stdout).writerows(rows)' >turned.csv
	for file in lf crlf bom turned; do
		BM_DB=$PWD/$file.db
		ends 0 bm-import --create --course c $file.csv
		same "bm-import: new course c
bm-import: 2 rows: 2 people (2 new, 0 changed, 0 left), 0 refused"
		same "$wanted" "$(people)"
		same 1777638600123 "$(sql "SELECT last_login FROM users
			WHERE id = 12")"
		same "" "$(sql 'SELECT last_login FROM users WHERE id = 7')"
	done
}

@test "other columns are merge fields; the person's language is user_language" {
	export_csv >a.csv
	bm-import --create --course c a.csv
	sql "SELECT data FROM enrollments WHERE user_id = 12" |
		jq -e '. == {user_language: "de", location: "",
			year_of_birth: "1990", gender: "f",
			level_of_education: "b",
			mailing_address: "Am \"Rhein\" 1,\nKöln", goals: "",
			verification_status: "approved", city: "Köln",
			country: "DE"}'
}

@test "any CSV with an email column; from standard input as well" {
	printf ' EMail \nx@x.example\n Y@X.example \n' |
		bm-import --create --course c -
	same 'x@x.example||x@x.example||1|1||
y@x.example||Y@X.example||1|1||' "$(people)"
}

@test "again: updates, never duplicates; missing columns keep what is stored" {
	export_csv >a.csv
	bm-import --create --course c a.csv
	ends 0 bm-import --course c --dry-run a.csv
	[[ $output == *'{"course_id":"c","rows":2,"refused":0,"unchanged":2,'* ]]
	printf 'email,name\nANNA@x.example,Anna Neu\n' >b.csv
	bm-import --course c b.csv
	same '12|anna|ANNA@x.example|Anna Neu|1|1|verified|Blue
7|bob|Bob@X.example||1|1|audit|' "$(people)"
	printf 'username,email,city,extra\nbob,new@x.example,Bonn,1\n' >c.csv
	bm-import --course c c.csv
	same '7|bob|new@x.example||1|1|audit|' "$(people | tail -n 1)"
	same Bonn,1,de "$(sql "SELECT data ->> 'city', data ->> 'extra', (SELECT
		data ->> 'user_language' FROM enrollments WHERE user_id = '12')
		FROM enrollments WHERE user_id = '7'" | tr '|' ,)"
	same 2 "$(sql 'SELECT count(*) FROM users')"
}

@test "several courses share the people, not the enrolments" {
	export_csv >a.csv
	bm-import --create --course c --title 'Course C' a.csv
	printf 'id,username,email,enrollment_mode\n7,bob,b2@x.example,honor\n' >d.csv
	ends 0 bm-import --course d d.csv
	same "bm-import: d.csv:2: id 7: bob <Bob@X.example> -> <b2@x.example>, also in c
bm-import: d.csv: 1 people have another address
bm-import: new course d
bm-import: 1 rows: 1 people (1 new, 0 changed, 0 left), 0 refused"
	same '7|bob|b2@x.example||1|1|honor|' "$(people d)"
	same 'audit' "$(sql "SELECT mode FROM enrollments WHERE user_id = '7'
		AND course_id = 'c'")"
	same 'c|Course C' "$(sql "SELECT id, title FROM courses WHERE title
		IS NOT NULL")"
}

@test "every refused row is named with file, line and reason; the rest is taken" {
	{
		printf 'id,username,name,email,last_login,is_active\n'
		printf '1,a,A,good@x.example,,yes\n'
		printf '2,b,B,@x.example,,\n'                  # 3
		printf '3,c,C,,,\n'                            # 4
		printf '4,d,"D\nE",d@x.example,,\n'            # 5, 6
		printf '5,e,E,e@x.example,,,7\n'               # 7
		printf '6,f,F\n'                               # 8
		printf '7,g,G,g@x.example,,maybe\n'            # 9
		printf '8,h,H\rH,h@x.example,,\n'              # 10
		printf '9,i,I\xff,i@x.example,,\n'             # 11
		printf '10,j,J\0,j@x.example,,\n'              # 12
		printf '1,k,K,k@x.example,,\n'                 # 13
		printf '11,l,L,"l@x.example\r\nBcc: y@x.example",,\n' # 14, 15
		printf '12,m,M,last@x.example,,\n'
	} >a.csv
	ends 1 bm-import --create --course c --rejects rejects a.csv
	same 'bm-import: a.csv:3: email "@x.example": the address has no local part
bm-import: a.csv:4: email is empty
bm-import: a.csv:5: name has a control character
bm-import: a.csv:7: 7 fields where the header has 6: a field with a separator in it has to be in quotes
bm-import: a.csv:8: email is empty
bm-import: a.csv:9: is_active: "maybe" is not true, false, yes, no, 1 or 0
bm-import: a.csv:10: stray carriage return
bm-import: a.csv:11: invalid UTF-8: the file looks like windows-1252 (--encoding windows-1252 reads it so)
bm-import: a.csv:12: NUL byte
bm-import: a.csv:14: email "l@x.example??Bcc: y@x.example": the cell has several addresses: each person needs a row
bm-import: a.csv:13: the same person stands above (line 2)
bm-import: new course c
bm-import: 13 rows: 2 people (2 new, 0 changed, 0 left), 11 refused'
	same 'good@x.example
last@x.example' "$(sql 'SELECT email FROM users ORDER BY email')"
	same '3 4 5 7 8 9 10 11 12 14 13' "$(jq -r .line rejects | xargs)"
}

@test "a new course is not called *, and has no blank at an end" {
	bm-optout init
	printf 'id,email\n1,a@x.example\n' >a.csv
	for id in '*' ' c' 'c ' $'c\u00a0' $'\u3000c'; do
		for more in a.csv '--dry-run a.csv' '--title T'; do
			# shellcheck disable=SC2086 # words
			ends 2 bm-import --course "$id" $more
			[[ $output == "bm-import: "*"course"*" id "* ]]
			[ "${#lines[@]}" -eq 1 ]
		done
	done
	same 0 "$(sql 'SELECT count(*) FROM courses')"
	same 0 "$(sql 'SELECT count(*) FROM users')"
	printf 'id,email,course_id\n1,a@x.example,*\n2,b@x.example, c \n' >a.csv
	ends 1 bm-import --course c a.csv
	[[ ${lines[0]} == 'bm-import: a.csv:2: '* ]]
	same c "$(sql 'SELECT id FROM courses')"
	same 2 "$(sql 'SELECT user_id FROM enrollments')"
	# A course that an older bm-import has made goes on.
	sqlite3 bm.db "INSERT INTO courses(id) VALUES(' old ')"
	printf 'id,email\n3,c@x.example\n' >a.csv
	ends 0 bm-import --course ' old ' a.csv
	same 3 "$(sql "SELECT user_id FROM enrollments
		WHERE course_id = ' old '")"
}

@test "a header that cannot be used: 2, one line, nothing is made of it" {
	while IFS='|' read -r header reason; do
		printf '%b\nx@x.example,1,2\n' "$header" >a.csv
		ends 2 bm-import --create --course c a.csv
		same "bm-import: a.csv:1: $reason"
		same 0 "$(sql 'SELECT count(*) FROM users')"
		same 0 "$(sql 'SELECT count(*) FROM courses')"
	done <<-'END'
		Contact,a,b|no column is named "email"; the columns are "Contact", "a", "b"; there are addresses in column 1: say --column email='Contact'
		emial,a,b|no column is named "email"; the columns are "emial", "a", "b": say --column email='emial' if it has the addresses
		E-Mail,Email address,b|columns 1 "E-Mail" and 2 "Email address" both give the same thing (email): say --column email='#1' or --column email='#2'
		email,id,user_id|columns 2 "id" and 3 "user_id" both give the same thing (id): say --column id='#2' or --column id='#3'
		email,why,b|column 2 has the reserved name "why": rename it, or say --column NAME='#2'
		email,"a,b|quote is never closed: write a quote inside a field twice, and the field in quotes; nothing of the file is used
		email,\xff,c|invalid UTF-8: the file looks like windows-1252 (--encoding windows-1252 reads it so)
	END
	: >a.csv
	ends 2 bm-import --course c a.csv
	same "bm-import: a.csv:1: no header line"
	ends 2 bm-import --course c nothere.csv
	same "bm-import: nothere.csv: cannot open: No such file or directory"
	ends 2 bm-import --course c .
}

@test "10 MB in one field are refused, and the next row is taken" {
	{
		printf 'email,x\na@x.example,'
		head -c 10000000 /dev/zero | tr '\0' x
		printf '\nb@x.example,1\n'
	} >a.csv
	ends 1 bm-import --create --course c a.csv
	[[ $output == *'a.csv:2: field is longer than 1 MiB'* ]]
	same b@x.example "$(sql 'SELECT email FROM users')"
}

@test "--role: people with a role are no learners because of it" {
	printf 'id,email\n1,s@x.example\n2,t@x.example\n' >staff.csv
	bm-import --create --course c --role staff staff.csv
	same '1|staff
2|staff' "$(sql 'SELECT user_id, role FROM roles ORDER BY 1')"
	same 0 "$(sql 'SELECT count(*) FROM enrollments')"
	printf 'id,email,role\n1,s@x.example,instructor\n3,l@x.example,\n' |
		bm-import --course c -
	same '1|instructor
1|staff
2|staff' "$(sql 'SELECT user_id, role FROM roles ORDER BY 1, 2')"
	same '1
3' "$(sql 'SELECT user_id FROM enrollments ORDER BY 1')"
	printf 'id,email\n2,t@x.example\n' |
		bm-import --course c --role staff --sync -
	same '1|instructor
2|staff' "$(sql 'SELECT user_id, role FROM roles ORDER BY 1, 2')"
}

# who: the ids of those who are in the course.
who() {
	bm-recipients --course c --to learners | jq -r .user_id | sort | xargs
}

@test "a column that the file does not have leaves what is stored" {
	printf 'id,email,enrollment_is_active,is_active,name,cohort,grade
1,a@x.example,yes,yes,Ann,Blue,7
2,b@x.example,no,yes,Bob,Red,8
3,c@x.example,yes,no,Cy,,9\n' | bm-import --create --course c -
	same "1" "$(who)"
	before=$(sql 'SELECT * FROM users; SELECT * FROM enrollments')
	printf 'id,email\n1,a@x.example\n2,b@x.example\n3,c@x.example\n' >plain
	ends 0 bm-import --course c plain
	same "bm-import: plain: 1 people have left the course and stay so: a\
 column enrollment_status that says enrolled brings them back, and so does\
 --sync
bm-import: 3 rows: 3 people (0 new, 0 changed, 0 left), 0 refused"
	same "$before" "$(sql 'SELECT * FROM users; SELECT * FROM enrollments')"
	for column in enrollment_is_active name is_active cohort grade; do
		printf 'id,email,%s\n2,b@x.example,\n' "$column" >empty
		ends 0 bm-import --course c empty
		same "1" "$(who)"
	done
	printf 'id,email\n4,d@x.example\n' | bm-import --course c -
	same "1 4" "$(who)"
	printf 'id,email,enrolled\n2,b@x.example,yes\n' | bm-import --course c -
	same "1 2 4" "$(who)"
	bm-import --course c --sync --expect-removed 1 plain
	same "1 2" "$(who)"
}

@test "rejects of a roster name the person, the course and the line" {
	printf 'id,email,is_active\n1,a@x.example,maybe\n2,B @x.example,yes
3,c@x.example,yes\n3,d@x.example,yes\n,"e\t@x.example",yes\n9,short\n' >r.csv
	ends 1 bm-import --create --course c --rejects rj r.csv
	same '2 1 a@x.example c
3 2 B @x.example c
5 3 d@x.example c
6 null e\t@x.example c
7 9 short c' "$(jq -r '"\(.line) \(.user_id) " +
		(.email | tojson | ltrimstr("\"") | rtrimstr("\"")) +
		" \(.course_id)"' rj | sort)"
	printf 'email,user_id,course_id\nx@@y,7,c\n,,c\nz@x.example,8,\n' >o.csv
	ends 1 bm-optout import --rejects ro o.csv
	same '["x@@y","7","c"] [null,null,"c"] ["z@x.example","8",null]' \
		"$(jq -c '[.email, .user_id, .course_id]' ro | xargs -d '\n')"
}

@test "--sync un-enrols who is missing, guarded by --expect-removed" {
	{ echo email && seq -f '%.0f@x.example' 40; } >a.csv
	head -n 31 a.csv >b.csv
	head -n 25 a.csv >c.csv
	bm-import --create --course c a.csv
	bm-import --course d a.csv
	active="SELECT count(*) FROM enrollments WHERE course_id = 'c' AND is_active"
	ends 0 bm-import --course c --sync --expect-removed 10 b.csv
	same 30 "$(sql "$active")"
	ends 0 bm-import --course c a.csv
	same 30 "$(sql "$active")"
	ends 0 bm-import --course c --sync a.csv
	same 40 "$(sql "$active")"
	ends 2 bm-import --course c --sync c.csv
	same "bm-import: nothing is changed: --sync would remove 16 people (say --expect-removed 16 if that is right)"
	for guard in 15 17..99 0..15 x 5..; do
		ends 2 bm-import --course c --sync --expect-removed $guard c.csv
	done
	echo '@' >>c.csv
	ends 1 bm-import --course c --sync --expect-removed 16 c.csv
	[[ $output == *'--sync would remove 16 people, but 1 rows were refused' ]]
	same 40 "$(sql "$active")"
	sed -i '$d' c.csv
	ends 0 bm-import --course c --sync --expect-removed 16..20 c.csv
	same 24 "$(sql "$active")"
	same 40 "$(sql "SELECT count(*) FROM enrollments WHERE course_id = 'd'
		AND is_active")"
	same 40 "$(sql 'SELECT count(*) FROM users')"
}

@test "--sync with a file cut to its header removes nobody" {
	printf 'id,email\n1,a@x.example\n2,b@x.example\n3,c@x.example\n' >a.csv
	bm-import --create --course c a.csv
	bm-import --course c --role staff a.csv
	head -n 1 a.csv >none.csv
	for role in '' '--role staff'; do
		# shellcheck disable=SC2086
		ends 2 bm-import --course c $role --sync none.csv
		same "bm-import: nothing is changed: --sync would remove 3 people (say --expect-removed 3 if that is right)"
	done
	same 3 "$(sql 'SELECT count(*) FROM enrollments WHERE is_active')"
	same 3 "$(sql 'SELECT count(*) FROM roles')"
	ends 0 bm-import --course c --sync --expect-removed 3 none.csv
	same 0 "$(sql 'SELECT count(*) FROM enrollments WHERE is_active')"
}

@test "--dry-run shows the difference and changes nothing" {
	printf 'id,email,cohort\n1,a@x.example,Red\n2,b@x.example,\n3,c@x.example,\n' |
		bm-import --create --course c -
	cp bm.db before
	printf 'id,email,cohort\n1,a@x.example,Blue\n3,c@x.example,\n4,d@x.example,\n5,@,\n' >b.csv
	ends 1 bm-import --course c --dry-run b.csv
	same 'bm-import: b.csv: encoding UTF-8, separator ",", line ends LF or CRLF, columns named in line 1
bm-import: b.csv: column 1 "id" -> id
bm-import: b.csv: column 2 "email" -> email
bm-import: b.csv: column 3 "cohort" -> cohort
bm-import: b.csv:2: <a@x.example>, id 1, cohort Blue
bm-import: b.csv:3: <c@x.example>, id 3
bm-import: b.csv:4: <d@x.example>, id 4
bm-import: b.csv:5: email "@": the address has no local part
bm-import: c: would change: 4 rows, 1 refused, 1 unchanged; people: 1 new, 0 changed; 1 enrolled, 1 enrolments changed, 0 ended; 0 roles given; 0 removed by --sync
bm-import: 4 rows: 3 people (1 new, 1 changed, 0 left), 1 refused; nothing is changed (--dry-run)
{"course_id":"c","rows":4,"refused":1,"unchanged":1,"users_added":1,"users_changed":0,"enrolled":1,"enrollments_changed":1,"unenrolled":0,"roles_added":0,"removed":0,"left_out":0}'
	sed -i '$d' b.csv
	ends 0 bm-import --course c --dry-run --sync b.csv
	[[ $output == *'"removed":1,"left_out":0}' ]]
	cmp bm.db before
	# What it says is what happens, and then nothing is left to do.
	bm-import --course c --sync b.csv
	same '1|Blue|1
2||0
3||1
4||1' "$(sql 'SELECT user_id, cohort, is_active FROM enrollments ORDER BY 1')"
	ends 0 bm-import --course c --dry-run --sync b.csv
	[[ $output == *'{"course_id":"c","rows":3,"refused":0,"unchanged":3,"users_added":0,"users_changed":0,"enrolled":0,"enrollments_changed":0,"unenrolled":0,"roles_added":0,"removed":0,"left_out":0}' ]]
	ends 2 bm-import --db none.db --create --course c --dry-run b.csv
	[ ! -e none.db ]
}

@test "the course's own fields: set, kept, checked" {
	bm-import --create --course c --title 'Tïtle' --url https://x.example/c \
		--image-url https://x.example/i.png --language pt-BR
	same 'c|Tïtle|https://x.example/c|https://x.example/i.png|pt-BR|1' \
		"$(sql 'SELECT * FROM courses')"
	bm-import --course c --email-enabled no
	bm-import --course c --title New
	same 'c|New|https://x.example/c|https://x.example/i.png|pt-BR|0' \
		"$(sql 'SELECT * FROM courses')"
	ends 2 bm-import --course c </dev/null
	same 'bm-import: nothing to do: name a file (- is standard input), or set something of the course'
	ends 2 bm-import --course c --url javascript:alert
	ends 2 bm-import --course c --url 'https://x.example/"'
	ends 2 bm-import --course c --title $'a\nb'
	ends 2 bm-import --course c --language 'en us'
	ends 2 bm-import --course c --email-enabled perhaps
	ends 2 bm-import --course '' --title x
	ends 2 bm-import --course c --sync
	same New "$(sql 'SELECT title FROM courses')"
}

@test "a database that cannot be used: 2, one line" {
	printf 'email\na@x.example\n' >a.csv
	while read -r prepare words; do
		rm -rf bm.db*
		case $prepare in
		missing) ;;
		text) head -c 9000 /dev/zero | tr '\0' x >bm.db ;;
		folder) mkdir bm.db ;;
		foreign) sqlite3 bm.db 'CREATE TABLE t(a)' ;;
		newer)
			bm-import --create --course c a.csv 2>/dev/null
			sqlite3 bm.db 'PRAGMA user_version = 99'
			;;
		damaged)
			bm-import --create --course c a.csv 2>/dev/null
			printf 'xxxxxxxx' | dd of=bm.db bs=1 seek=100 \
				conv=notrunc status=none
			;;
		esac
		ends 2 bm-import --course c a.csv
		[[ $output == bm-import:*"$words"* ]]
		[ "${#lines[@]}" -eq 1 ]
	done <<-'END'
		missing bm-import --create or bm-optout init
		text not a database
		folder not a file
		foreign no database of bm
		newer newer bm
		damaged damaged
	END
	unset BM_DB
	ends 2 bm-import --course c a.csv
	same "bm-import: no database: use --db or set BM_DB"
}

@test "it waits for its turn" {
	printf 'email\na@x.example\n' >a.csv
	bm-import --create --course c a.csv
	exec 9>>bm.db-lock
	flock 9
	(sleep 0.3 && flock -u 9) &
	ends 0 bm-import --course d a.csv
	wait
	same 'c
d' "$(sql 'SELECT id FROM courses ORDER BY id')"
}

@test "killed at any time, run again: the same as if nothing had happened" {
	/usr/bin/python3 -c 'print("id,email,name,city")
for i in range(20000): print(f"{i},p{i}@x.example,Person {i},City {i % 7}")' >a.csv
	bm-import --create --course c a.csv
	dump="SELECT * FROM users; SELECT * FROM enrollments"
	sql "$dump" >want
	for delay in 0.05 0.1 0.15 0.2 0.3; do
		BM_DB=$PWD/k.db
		rm -rf k.db*
		timeout -s KILL $delay bm-import --create --course c a.csv || :
		bm-import --create --course c a.csv
		sql "$dump" | cmp - want
	done
}

# enrolled: who is in the course, with everything that reports say of people.
enrolled() {
	sql "SELECT u.id, username, email, mode, cohort, e.is_active
		FROM users u JOIN enrollments e ON e.user_id = u.id ORDER BY 1"
	BM_ALLOW_RESERVED=yes bm-recipients --course c --to learners |
		jq -r .email
}

@test "a profile export and a grade report in any order give one roster" {
	cat >profiles.csv <<-'END'
		id,username,name,email,enrollment_mode,cohort,city,enrollment_is_active
		1,ann,Ann,ann@x.example,audit,Blue,None,yes
		2,bo,Bo,bo@x.example,verified,[unassigned],Bonn,no
	END
	cat >grades.csv <<-'END'
		Student ID,Email,Username,Grade,Cohort Name,Enrollment Track,Enrollment Status
		1,ann@x.example,ann,0.75,Blue,audit,enrolled
		2,bo@x.example,bo,0.0,[unassigned],verified,unenrolled
	END
	want='1|ann|ann@x.example|audit|Blue|1
2|bo|bo@x.example|verified||0
ann@x.example'
	for order in 'profiles grades' 'grades profiles' 'grades grades' \
		'profiles grades profiles' 'profiles grades --sync'; do
		rm -rf bm.db*
		sync=()
		for part in $order; do
			[ "$part" != --sync ] || sync=(--sync)
		done
		for part in ${order% --sync}; do
			ends 0 bm-import --create --course c "${sync[@]}" \
				"$part.csv"
		done
		same "$want" "$(enrolled)"
	done
	same ',Bonn' "$(sql "SELECT group_concat(data ->> 'city') FROM enrollments
		WHERE data ->> 'Grade' IS NOT NULL")"
	BM_ALLOW_RESERVED=yes ends 0 --separate-stderr \
		bm-recipients --course c --read grades.csv
	same ann@x.example "$(jq -r .email <<<"$output")"
}

@test "an empty enrolment status leaves the enrolment, an unknown one is refused" {
	printf 'id,email,Enrollment Status\n1,a@x.example,unenrolled\n2,b@x.example,enrolled\n' |
		bm-import --create --course c -
	printf 'id,email,Enrollment Status\n1,a@x.example,\n2,b@x.example,\n3,c@x.example,\n4,d@x.example,frozen\n' >b.csv
	ends 1 bm-import --course c b.csv
	[[ ${lines[0]} == 'bm-import: b.csv:5: enrolment status "frozen" is not enrolled, '* ]]
	same '1|0
2|1
3|1' "$(sql 'SELECT user_id, is_active FROM enrollments ORDER BY 1')"
}

remedy="(--change-people if they are one person, --source NAME if the ids are another system's)"

@test "an id of another system makes nobody another person" {
	printf 'id,username,email,name\n1,ada,ada@a.example,Ada\n' >cs.csv
	bm-import --create --course cs cs.csv
	printf 'id,email,name\n1,eve@b.example,Eve\n2,bob@b.example,Bob\n' >g.csv
	before=$(people cs)
	ends 1 bm-import --course es --rejects rejects g.csv
	same "bm-import: g.csv:2: id 1 is ada <ada@a.example>, this file says Eve <eve@b.example> $remedy
bm-import: new course es
bm-import: 2 rows: 1 people (1 new, 0 changed, 0 left), 1 refused"
	same 2 "$(jq .line rejects)"
	same "$before" "$(people cs)"
	same '2||bob@b.example|Bob|1|1||' "$(people es)"
	# With the name of their system they are people of their own.
	ends 0 bm-import --course es --source b --sync g.csv
	same "bm-import: g.csv:3: id b:2 <bob@b.example> has the address of id 2 Bob <bob@b.example>: it gets one mail, and an opt-out of it is of both
bm-import: 2 rows: 2 people (2 new, 0 changed, 1 left), 0 refused"
	same "$before" "$(people cs)"
	same 'b:1||eve@b.example|Eve|1|1||
b:2||bob@b.example|Bob|1|1||' "$(people es | grep -v '^2|')"
	ends 0 bm-import --course es --source b --sync g.csv
	same "bm-import: 2 rows: 2 people (0 new, 0 changed, 0 left), 0 refused"
	# A person may say that ids pass on; it is listed.
	ends 0 bm-import --course es --change-people g.csv
	same "bm-import: g.csv:2: id 1: ada <ada@a.example> -> Eve <eve@b.example>, also in cs
bm-import: g.csv:2: id 1 <eve@b.example> has the address of id b:1 Eve <eve@b.example>: it gets one mail, and an opt-out of it is of both
bm-import: g.csv: 1 people have another address
bm-import: g.csv: 1 people have left the course and stay so: a column enrollment_status that says enrolled brings them back, and so does --sync
bm-import: 2 rows: 2 people (1 new, 0 changed, 0 left), 0 refused"
	same '1|ada|eve@b.example|Eve|1|1||' "$(people cs)"
}

@test "without names every changed address is another person's" {
	printf 'id,username,email\n1,ada,ada@a.example\n2,bo,bo@a.example\n' |
		bm-import --create --course c -
	printf 'id,email\n1,new@a.example\n2,Bo@A.example\n' >a.csv
	for more in '' '--role staff' '--sync' '--expect-changed 9'; do
		# shellcheck disable=SC2086
		ends 1 bm-import --course c $more a.csv
		same "bm-import: a.csv:2: id 1 is ada <ada@a.example>, this file says <new@a.example> $remedy" \
			"${lines[0]}"
	done
	same 'ada@a.example
Bo@A.example' "$(sql 'SELECT email FROM users ORDER BY id')"
	same 2 "$(sql 'SELECT user_id FROM roles')"
	ends 0 bm-import --course c --change-people a.csv
	same new@a.example "$(sql "SELECT email FROM users WHERE id = '1'")"
}

@test "an address as it was is no change, whatever key is stored" {
	printf 'id,email\n1,a@x.example\n' >a.csv
	bm-import --create --course c a.csv
	sqlite3 bm.db "UPDATE users SET key = 'as an older bm wrote it'"
	ends 0 bm-import --course c a.csv
	same "bm-import: 1 rows: 1 people (0 new, 1 changed, 0 left), 0 refused"
	same a@x.example "$(sql 'SELECT key FROM users')"
}

@test "a row without id is of nobody whom its user name fits only half" {
	printf 'id,username,email,name\n1,ada,ada@a.example,Ada\n2,bo,bo@a.example,Bo\n3,bo,bo3@a.example,Bo\n' |
		bm-import --create --course c -
	printf 'username,email,name\nada,new@a.example,Ada\n' |
		bm-import --course c -
	same new@a.example "$(sql "SELECT email FROM users WHERE id = '1'")"
	# Another name, two people of that user name, one of another system.
	printf 'id,username,email,name\n7,cy,cy@a.example,Cy\n' |
		bm-import --course c --source sis -
	printf 'username,email,name\nada,x@a.example,Eve\nbo,y@a.example,Bo\nbo,bo3@a.example,Bo\ncy,z@a.example,Cy\n' >a.csv
	before=$(people)
	ends 1 bm-import --course c a.csv
	same "bm-import: a.csv:2: id 1 is Ada <new@a.example>, this file says Eve <x@a.example> $remedy
bm-import: a.csv:3: id 2 is Bo <bo@a.example>, this file says Bo <y@a.example> $remedy
bm-import: a.csv:5: id sis:7 is Cy <cy@a.example>, this file says Cy <z@a.example> $remedy
bm-import: 4 rows: 1 people (0 new, 0 changed, 0 left), 3 refused"
	same "$before" "$(people)"
	printf 'username,email,name\ncy,z@a.example,Cy\n' |
		bm-import --course c --source sis -
	same z@a.example "$(sql "SELECT email FROM users WHERE id = 'sis:7'")"
	printf 'username,email,name\nada,z@b.example,Eve\n' |
		bm-import --course c --source b -
	same 'b:ada|new@a.example' "$(sql "SELECT (SELECT id FROM users WHERE
		name = 'Eve'), (SELECT email FROM users WHERE id = '1')")"
}

@test "more changed addresses than --expect-changed: 2, nothing is changed" {
	roster() { # roster ROWS CHANGED
		/usr/bin/python3 -c 'import sys
print("id,name,email")
for i in range(int(sys.argv[1])):
    print(f"{i},P{i},p{i}@{'"'new' if i < int(sys.argv[2]) else 'x'"'}.example")' "$@"
	}
	while read -r rows changed most; do
		rm -rf bm.db*
		roster "$rows" 0 | bm-import --create --course c -
		roster "$rows" "$changed" >a.csv
		for more in '' '--dry-run' "--expect-changed $((changed - 1))" \
			"--expect-changed $((changed + 1))..999"; do
			# shellcheck disable=SC2086
			ends 2 bm-import --course c $more a.csv
			[[ $output == *"bm-import: nothing is changed: $changed people would have another address, "*" (say --expect-changed $changed if that is right)"* ]]
		done
		[[ $output == *"a.csv: $changed people have another address"* ]]
		same 0 "$(sql "SELECT count(*) FROM users
			WHERE email LIKE '%@new%'")"
		roster "$rows" "$most" >b.csv
		ends 0 bm-import --course c b.csv
		ends 0 bm-import --course c --expect-changed "$changed" a.csv
		same "$changed" "$(sql "SELECT count(*) FROM users
			WHERE email LIKE '%@new%'")"
	done <<-'END'
		4 4 3
		79 4 3
		80 5 4
		3000 151 150
	END
	# The last one lists a hundred and counts the rest.
	roster 3000 150 >a.csv
	roster 3000 0 | bm-import --course c --expect-changed 151 -
	ends 0 bm-import --course c a.csv
	same 100 "$(grep -c -- '->' <<<"$output")"
	[[ $output == *'a.csv: and 50 more like these'* ]]
	for bad in x -1 2..1; do
		ends 2 bm-import --course c --expect-changed $bad a.csv
	done
}

@test "two ids of one address are named, once" {
	printf 'id,email,name\n1,a@x.example,Ann\n2,b@x.example,Bo\n' |
		bm-import --create --course c -
	printf 'id,email,name\n1,a@x.example,Ann\n3,A@x.example,Cy\n4,d@x.example,Di\n5,D@x.example,Ed\n' >a.csv
	ends 0 bm-import --course c a.csv
	same "bm-import: a.csv:3: id 3 <A@x.example> has the address of id 1 Ann <a@x.example>: it gets one mail, and an opt-out of it is of both
bm-import: a.csv:5: id 5 <D@x.example> has the address of id 4 Di <d@x.example> (line 4): it gets one mail, and an opt-out of it is of both
bm-import: 4 rows: 4 people (3 new, 0 changed, 0 left), 0 refused"
	ends 0 bm-import --course c a.csv
	same "bm-import: 4 rows: 4 people (0 new, 0 changed, 0 left), 0 refused"
	# Two who swap addresses have none in common.
	printf 'id,email,name\n1,b@x.example,Ann\n2,a@x.example,Bo\n' >b.csv
	BM_DB=$PWD/s.db
	printf 'id,email,name\n1,a@x.example,Ann\n2,b@x.example,Bo\n' |
		bm-import --create --course c -
	ends 0 bm-import --course c b.csv
	same "bm-import: b.csv:2: id 1: Ann <a@x.example> -> <b@x.example>
bm-import: b.csv:3: id 2: Bo <b@x.example> -> <a@x.example>
bm-import: b.csv: 2 people have another address
bm-import: 2 rows: 2 people (0 new, 2 changed, 0 left), 0 refused"
}

@test "the last line counts the people of the course, or of the role" {
	printf 'id,email,name,enrolled\n1,a@x.example,A,\n2,b@x.example,B,\n3,c@x.example,C,no\n' |
		bm-import --create --course c -
	printf 'id,email,name,enrolled\n1,a@x.example,Al,\n2,b@x.example,B,no\n3,c@x.example,C,yes\n4,d@x.example,D,\n5,@,E,\n' >a.csv
	ends 1 bm-import --course c a.csv
	same 'bm-import: 5 rows: 4 people (2 new, 1 changed, 1 left), 1 refused' \
		"${lines[-1]}"
	printf 'id,email,name\n1,a@x.example,Al\n' >b.csv
	ends 0 bm-import --course c --role staff b.csv
	same 'bm-import: 1 rows: 1 people (1 new, 0 changed, 0 left), 0 refused'
	printf 'id,email,name\n1,a@x.example,Alf\n' >b.csv
	ends 0 bm-import --course c --role staff b.csv
	same 'bm-import: 1 rows: 1 people (0 new, 1 changed, 0 left), 0 refused'
	ends 0 bm-import --course c --sync b.csv
	same 'bm-import: 1 rows: 1 people (0 new, 0 changed, 2 left), 0 refused'
	for bad in '' a:b 'a b' ä "$(printf '%065d' 0)"; do
		ends 2 bm-import --course c --source "$bad" b.csv
		same 'bm-import: --source is not a name of at most 64 letters, digits, dots, hyphens and underscores'
	done
	ends 2 bm-import --course c --source x
}

# waits PID: it waits for a lock of flock(2).
waits() {
	grep -q -- "-> FLOCK .* $1 " /proc/locks
}

@test "an import compares with what the import before it has written" {
	printf 'id,email,name\n2,b@x.example,Bo\n' |
		bm-import --create --course c -
	printf 'id,email,name\n1,eve@x.example,Eve\n' >eve.csv
	exec 9>>bm.db-run/import.lock
	flock 9
	bm-import --course d eve.csv 2>err 9>&- &
	wait_for 20 waits $!
	ends 0 bm-import --course d --dry-run eve.csv
	sqlite3 bm.db "INSERT INTO users(id, email, key, name)
		VALUES('1', 'ada@x.example', 'ada@x.example', 'Ada')"
	flock -u 9
	status=0
	wait $! || status=$?
	same 1 "$status"
	same "bm-import: eve.csv:2: id 1 is Ada <ada@x.example>, this file says Eve <eve@x.example> $remedy
bm-import: new course d
bm-import: 1 rows: 0 people (0 new, 0 changed, 0 left), 1 refused" "$(cat err)"
	same ada@x.example "$(sql "SELECT email FROM users WHERE id = '1'")"
}

@test "a status in a column that is not known is a merge field, and said so" {
	while IFS='|' read -r column word told; do
		rm -rf bm.db*
		printf 'id,email,%s\n1,a@x.example,fine\n2,b@x.example,%s\n3,c@x.example,%s\n' \
			"$column" "$word" "$word" >a.csv
		ends 0 bm-import --create --course c a.csv
		same "${told:+"bm-import: a.csv:3: \"$column\" is \"$word\" and a merge field: nobody leaves by it unless the column is called \"Enrollment Status\"
"}bm-import: new course c
bm-import: 3 rows: 3 people (3 new, 0 changed, 0 left), 0 refused"
		same 2 "$(sql "SELECT count(*) FROM enrollments
			WHERE data ->> '${column// /_}' = '$word'")"
	done <<-'END'
		Status|withdrawn|yes
		membership_state|Dropped|yes
		Enrolment Remark|suspended|yes
		Status|gold|
		City|withdrawn|
	END
}

@test "each change of the roster is counted, and an import of the same is not" {
	local before=-1 now command

	printf 'id,email,name,cohort\n1,a@uni.example,A,X\n2,b@uni.example,B,X\n' >r.csv
	printf 'id,email,name,cohort\n1,a@uni.example,A,Y\n2,b@uni.example,B,X\n' >cohort.csv
	printf 'id,email,name,cohort\n1,a@uni.example,A,Y\n' >fewer.csv
	for command in 'bm-import --create --course c --title T r.csv' \
		'bm-import --course c --title U r.csv' \
		'bm-import --course c cohort.csv' \
		'bm-import --course c --role staff fewer.csv' \
		'bm-import --course c --sync fewer.csv' \
		'bm-optout forget b@uni.example'; do
		eval "$command" 2>/dev/null
		now=$(sqlite3 "$BM_DB" 'SELECT counter FROM roster_changes')
		[ "$now" -gt "$before" ]
		before=$now
	done
	bm-import --course c --title U fewer.csv 2>/dev/null
	same "$before" "$(sqlite3 "$BM_DB" 'SELECT counter FROM roster_changes')"
}
