# bm-import: the lists of other systems, and of spreadsheets.

# shellcheck disable=SC2154 # bats sets them
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export BM_DB=$PWD/bm.db
}

sql() {
	sqlite3 -readonly "$BM_DB" "$1"
}

@test "67 lists of 20 systems: the people are those that their makers know" {
	/usr/bin/python3 "$ROOT/tests/rosters.py" "$ROOT/tests/data/rosters"
}

@test "planted differences between a list and its people are found" {
	/usr/bin/python3 "$ROOT/tests/rosters.py" "$ROOT/tests/data/rosters" \
		--planted
}

@test "--dry-run shows what is understood, and three people" {
	printf 'Vorname;Name;E-Mail;Raum 7;\r\nAda;Lovelace;ada@x.example;1,5;\r\n' >a.csv
	printf 'Bo;;bo@x.example;;\r\nCy;;cy@x.example;;\r\nDi;;di@x.example\r\n;;;;\r\n' >>a.csv
	bm-import --create --course c --title C
	ends 0 --separate-stderr bm-import --course c --dry-run a.csv
	same 'bm-import: a.csv: encoding UTF-8, separator ";", line ends LF or CRLF, columns named in line 1
bm-import: a.csv: column 1 "Vorname" -> name (given name) and merge field Vorname
bm-import: a.csv: column 2 "Name" -> name (family name)
bm-import: a.csv: column 3 "E-Mail" -> email
bm-import: a.csv: column 4 "Raum 7" -> merge field Raum_7
bm-import: a.csv: column 5 "" -> ignored
bm-import: a.csv:2: Ada Lovelace <ada@x.example>
bm-import: a.csv:3: Bo <bo@x.example>
bm-import: a.csv:4: Cy <cy@x.example>
bm-import: a.csv: 1 empty rows are skipped' "$(head -n 10 <<<"$stderr")"
	same 4 "$(jq .rows <<<"$output")"
	same 0 "$(sql 'SELECT count(*) FROM users')"
}

@test "--column: by title, by number, for merge fields, for two fields" {
	printf 'Login,Mail 1,Mail 2,Team,Team\nann,a@x.example,b@x.example,Red,1\n' >a.csv
	bm-import --create --course c --column email='mail2' \
		--column username=LOGIN --column cohort='#4' \
		--column Name_of_login=Login --column Seat='#5' a.csv
	same 'b@x.example|ann|Red|{"Name_of_login":"ann","Mail_1":"a@x.example","Seat":"1"}' \
		"$(sql 'SELECT email, username, cohort, data FROM users
			JOIN enrollments ON user_id = id')"
	while IFS='|' read -r option reason; do
		ends 2 bm-import --course c --column "$option" a.csv
		same "bm-import: $reason"
	done <<-'END'
		email|--column "email" is not FIELD=TITLE, as in email='Email address'
		a b=Login|--column: "a b" cannot be the name of a field: no blanks, dots or braces
		why=Login|--column: why is no field of a person
		email=Mail 3|a.csv:1: --column: there is no column "Mail 3"; did you mean "Mail 1"?
		email=#9|a.csv:1: --column: there is no column "#9"; the columns are "Login", "Mail 1", "Mail 2", "Team", "Team"
	END
}

@test "--delimiter and --encoding: what they take, and what they refuse" {
	printf 'name^email\nM\xfcller^a@x.example\n' >a.csv
	bm-import --create --course c --delimiter '^' --encoding latin1 a.csv
	same 'Müller|a@x.example' "$(sql 'SELECT name, email FROM users')"
	printf 'email\tname\nb@x.example\tB\n' >b.csv
	bm-import --course c --delimiter tab b.csv
	same B "$(sql "SELECT name FROM users WHERE email = 'b@x.example'")"
	ends 2 bm-import --course c --delimiter comma b.csv
	for bad in '' ab a '"' '@' ü; do
		ends 2 bm-import --course c --delimiter "$bad" b.csv
		same "bm-import: --delimiter \"$bad\" is not one sign like ; or | and not tab"
	done
	ends 2 bm-import --course c --encoding klingon b.csv
	same 'bm-import: b.csv: --encoding: there is no "klingon" (iconv -l lists the names)'
}

@test "what may be half a file, and lines in quotes as a whole, is said" {
	printf 'name,email\nAnn,ann@x.example\nBo,bo@x.exam' >a.csv
	ends 0 bm-import --create --course c a.csv
	same 'bm-import: a.csv:3: email "bo@x.exam" ends the file, without a line end: look whether the file is complete' \
		"${lines[0]}"
	printf 'email,name\nann@x.example,Ann' >a.csv
	ends 0 bm-import --course c a.csv
	same 'bm-import: 1 rows: 1 people (0 new, 0 changed, 0 left), 0 refused'
	printf '"email;name"\n"ann@x.example;Ann"\n' >a.csv
	ends 2 bm-import --course c a.csv
	same 'bm-import: a.csv:1: no column is named "email": the line is one column "email;name"; if each line is in quotes as a whole, take these quotes away, else say --delimiter'
}

@test "a person stored without id stays who it was when a list has ids" {
	printf 'Email,Name\nann@x.example,Ann\n' >old.csv
	bm-import --create --course c old.csv
	printf 'Email,Name,Student number\nann@x.example,Ann,77\nbo@x.example,Bo,78\n' >new.csv
	ends 0 bm-import --course c new.csv
	same 'bm-import: 2 rows: 2 people (1 new, 1 changed, 0 left), 0 refused'
	ends 0 bm-import --course c --sync new.csv
	same 'bm-import: 2 rows: 2 people (0 new, 0 changed, 0 left), 0 refused'
	same '78 ann@x.example' "$(sql 'SELECT id FROM users ORDER BY id' | xargs)"
}

@test "--sync removes nobody for a list with skipped rows, and refuses as before" {
	printf 'Student,ID,Email\n Points Possible,,\nAnn,1,ann@x.example\nBo,2,bo@x.example\n,,\n' >a.csv
	bm-import --create --course c a.csv
	ends 0 bm-import --course c --sync a.csv
	[[ $output == *'2 rows: 2 people (0 new, 0 changed, 0 left), 0 refused'* ]]
	printf 'Student,ID,Email\nAnn,1,ann@x.example\nBo,2,bo@\n' >b.csv
	ends 1 bm-import --course c --sync b.csv
	[[ $output == *'nothing is changed: --sync would remove 1 people, but 1 rows were refused' ]]
}

@test "another table of a file is left out and counted; who is only there is told" {
	printf 'Name,Email\nAnn,ann@x.example\n\nActivities\nName,Join Time,Email\n' >a.csv
	printf 'Ann,10:00,ann@x.example\nAnn,11:00,ANN@x.example\n' >>a.csv
	ends 0 bm-import --create --course c a.csv
	same 'bm-import: a.csv:4: another table begins with "Activities": its 2 rows are left out; the table before has all their addresses: cut the file here, or save that table alone' \
		"${lines[0]}"
	same 'bm-import: 1 rows: 1 people (1 new, 0 changed, 0 left), 0 refused' \
		"${lines[2]}"
	ends 0 --separate-stderr bm-import --course c --dry-run a.csv
	same 2 "$(jq .left_out <<<"$output")"
	[[ $stderr == *'a.csv:4: another table begins with "Activities": its 2 rows'* ]]
	printf 'Email,Name\nbo@x.example,Bo\n' >b.csv
	bm-import --course c b.csv
	printf 'Bo,11:00,bo@x.example\nCy,11:00,cy@x.example\n' >>a.csv
	ends 1 bm-import --course c a.csv
	same 'bm-import: a.csv:4: another table begins with "Activities": its 4 rows are left out; 2 addresses are only there: save that table alone and import it, too' \
		"${lines[0]}"
	ends 1 bm-import --course c --sync a.csv
	[[ $output == *'nothing is changed: --sync would remove 1 people, but 2 addresses of the file are in another table, which is left out' ]]
	same 2 "$(sql 'SELECT count(*) FROM enrollments WHERE is_active')"
	printf 'Ann"\t' >>a.csv
	ends 2 bm-import --course c a.csv
	same 'bm-import: a.csv:10: quote inside a field without quotes: write a quote inside a field twice, and the field in quotes; nothing of the file is used'
}

@test "--read of a file with another table names it" {
	bm-import --create --course c --title C
	printf 'Name,Email\nAnn,ann@x.example\n\nActivities\nName,Join Time,Email\n' >a.csv
	printf 'Ann,10:00,ann@x.example\n' >>a.csv
	ends 1 --separate-stderr bm-recipients --course c --read a.csv
	same ann@x.example "$(jq -r .email <<<"$output")"
	[[ $stderr == *'bm-recipients: a.csv:4: another table begins with "Activities": its 1 rows are left out; cut the file here, or save that table alone'* ]]
}

@test "a tag with the title of a column: the name that it has is told" {
	printf '<p>{{First Name}}</p>' >b.html
	ends 2 bm-render --id m --course c --subject S b.html </dev/null
	[[ $output == *'a name cannot have white space in it: First Name; did you mean First_Name?'* ]]
}

@test "--read of records trims an address as bm-import does" {
	bm-import --create --course c --title C
	printf '{"email":" \\u00a0ann@x.example\\u200b\\n","x":1}\n' >in
	ends 0 bm-recipients --course c --read in
	same ann@x.example "$(jq -r .email <<<"$output")"
	same 1 "$(jq .x <<<"$output")"
}

# example WORDS: the example of the page that has them, as a script.
example() {
	awk -v words="$1" '
	/^\.Bd -literal/ { text = ""; inside = 1; next }
	/^\.Ed/ { if (inside && index(text, words)) printf "%s", text; inside = 0 }
	inside { gsub(/\\e/, "\\"); text = text $0 "\n" }
	' "$ROOT/man/bm-import.1"
}

@test "a week of Open edX, by the lines of the manual: who gets which mail" {
	C=course-v1:UniX+CS101+2026
	# Quotes are text, a tab and a backslash are escaped, NULL is no value.
	cat >users.tsv <<-'END'
		id	username	email	name	is_active	last_login
		4	ann	ann@uni.example	Ann "Annie" Lee	1	2026-11-20 10:00:00.000000
		5	bo	bo@uni.example	"Bo	1	NULL
		6	cy	cy@uni.example	Cy	1	NULL
		7	di	di@uni.example	Di "D	0	NULL
		8	ed	ed@uni.example	Ed\\ward	1	NULL
		9	flo	flo@uni.example	NULL	1	NULL
		10	guy	guy@uni.example	Guy	1	NULL
	END
	{
		printf 'user_id\tcourse_id\tmode\tis_active\n'
		printf '%s\t%s\t%s\t%s\n' 4 "$C" verified 1 5 "$C" audit 1 \
			6 "$C" audit 0 7 "$C" audit 1 8 "$C" honor 1
		printf '%s\tother\taudit\t1\n' 4 7 10
	} >enrolments.tsv
	printf '%s\t%s\t%s\n' user_id course_id role 9 "$C" instructor \
		4 "$C" beta_testers 10 other staff >roles.tsv
	printf '<p>Dear {{#name}}{{name}}{{/name}}{{^name}}all{{/name}}</p>\n' >week3.html
	bm-import --create --course "$C" --title CS101
	bm-optout keygen --key-file key
	export BM_KEY_FILE=key BM_OPTOUT_URL=https://x.example/o \
		BM_POSTAL_ADDRESS='1 Road' DEFAULT_BULK_FROM_EMAIL=c@x.example
	printf '#!/bin/sh\nexec "%s" --maildir mail\n' "$BM_BIN/bm-send" >bm-send
	chmod +x bm-send
	example 'bm-import --source edx' >script
	PATH=$PWD:$PATH bash -eo pipefail script >outcomes
	same 'ann@uni.example edx:4
bo@uni.example edx:5
ed@uni.example edx:8
flo@uni.example edx:9' "$(jq -r 'select(.status == "sent") |
		"\(.email) \(.user_id)"' outcomes | sort)"
	same 'Ann "Annie" Lee|1
"Bo|1
Cy|0
Di "D|1
Ed\ward|1' "$(sql "SELECT name, e.is_active FROM users
		JOIN enrollments e ON user_id = id ORDER BY email")"
	example 'HAVING courses' >script
	PATH=$PWD:$PATH bash -eo pipefail script >outcomes
	same 'ann@uni.example' "$(jq -r .email outcomes)"
}
