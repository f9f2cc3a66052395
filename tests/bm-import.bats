# bm-import: from CSV into the database.

# shellcheck disable=SC2154 # bats sets them
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
		same "bm-import: new course c"
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
	printf 'id,email,enrollment_mode\n7,b2@x.example,honor\n' |
		bm-import --course d -
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
		printf '5,e,E,e@x.example\n'                   # 7
		printf '6,f,F,f@x.example,soon,\n'             # 8
		printf '7,g,G,g@x.example,,maybe\n'            # 9
		printf '8,h,H"H,h@x.example,,\n'               # 10
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
bm-import: a.csv:7: 4 fields where the header has 6
bm-import: a.csv:8: last_login "soon" is not a time
bm-import: a.csv:9: is_active: "maybe" is not true, false, yes, no, 1 or 0
bm-import: a.csv:10: quote inside a field without quotes
bm-import: a.csv:11: invalid UTF-8
bm-import: a.csv:12: NUL byte
bm-import: a.csv:14: email "l@x.example??Bcc: y@x.example": the address has a control character
bm-import: a.csv:13: the same person stands above (line 2)
bm-import: new course c'
	same 'good@x.example
last@x.example' "$(sql 'SELECT email FROM users ORDER BY email')"
	same '3 4 5 7 8 9 10 11 12 14 13' "$(jq -r .line rejects | xargs)"
}

@test "a header that cannot be used: 2, one line, nothing is made of it" {
	while IFS='|' read -r header reason; do
		printf '%b\nx@x.example,1,2\n' "$header" >a.csv
		ends 2 bm-import --create --course c a.csv
		same "bm-import: a.csv:1: $reason"
		same 0 "$(sql 'SELECT count(*) FROM users')"
		same 0 "$(sql 'SELECT count(*) FROM courses')"
	done <<-'END'
		mail,a,b|no column is named "email"
		email,City, city |columns 2 and 3 have the same name "city"
		email,id,user_id|columns 2 and 3 both give the same thing ("user_id")
		email,why,b|column 2 has the reserved name "why"
		email,"a,b|quote is never closed
		email,"a\tb",c|a column's name has a control character
		email,\xff,c|invalid UTF-8
		email,language,user_language|columns 2 and 3 have the same name "user_language"
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
	same 'bm-import: b.csv:5: email "@": the address has no local part
bm-import: c: would change: 4 rows, 1 refused, 1 unchanged; people: 1 new, 0 changed; 1 enrolled, 1 enrolments changed, 0 ended; 0 roles given; 0 removed by --sync
{"course_id":"c","rows":4,"refused":1,"unchanged":1,"users_added":1,"users_changed":0,"enrolled":1,"enrollments_changed":1,"unenrolled":0,"roles_added":0,"removed":0}'
	sed -i '$d' b.csv
	ends 0 bm-import --course c --dry-run --sync b.csv
	[[ $output == *'"removed":1}' ]]
	cmp bm.db before
	# What it says is what happens, and then nothing is left to do.
	bm-import --course c --sync b.csv
	same '1|Blue|1
2||0
3||1
4||1' "$(sql 'SELECT user_id, cohort, is_active FROM enrollments ORDER BY 1')"
	ends 0 bm-import --course c --dry-run --sync b.csv
	[[ $output == *'{"course_id":"c","rows":3,"refused":0,"unchanged":3,"users_added":0,"users_changed":0,"enrolled":0,"enrollments_changed":0,"unenrolled":0,"roles_added":0,"removed":0}' ]]
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
