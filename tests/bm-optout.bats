# bm-optout: the register, the keys and the filter.

# shellcheck disable=SC2154 # bats sets stderr
load helper

COURSE='course-v1:UniX+CS101+2026'

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export BM_DB=$PWD/bm.db BM_KEY_FILE=$PWD/key
	export BM_OPTOUT_URL=https://mail.uni.example/optout
	bm-optout init 2>/dev/null
}

# columns FILTER [ARGUMENT...]: of the current entries.
columns() {
	local filter=$1

	shift
	bm-optout list "$@" | jq -rc "$filter"
}

rows() {
	sqlite3 "$BM_DB" 'SELECT count(*) FROM optouts'
}

# person ID ADDRESS: in the roster.
person() {
	sqlite3 "$BM_DB" "INSERT INTO users(id, email, key)
		VALUES('$1', '$2', lower('$2'))"
}

# say SCOPE ID ADDRESS ACTION SOURCE: an entry as the page makes it.
say() {
	sqlite3 "$BM_DB" "INSERT INTO optouts(course_id, user_id, key, action,
		source, at) VALUES('$1', nullif('$2', ''), nullif('$3', ''),
		'$4', '$5', 0)"
}

# waits_for_lock PID: it has the lock file open.
waits_for_lock() {
	find "/proc/$1/fd" -lname "$BM_DB-lock" | grep -q .
}

@test "init --upgrade brings an older database up, after a copy" {
	bm-optout init --db old.db
	sqlite3 old.db <"$ROOT/tests/data/ledger.sql"
	sqlite3 old.db "UPDATE deliveries SET class = 'expired' WHERE class = 'optout'"
	bm-optout add --db old.db a@uni.example
	bm-report --json old.db >want
	[ "$(wc -l <want)" -eq 2 ]
	bm-optout list --db old.db >people
	grep -q a@uni.example people
	newest=$(sqlite3 old.db 'PRAGMA user_version')
	sqlite3 old.db 'DROP TRIGGER deliveries_added;
		DROP TRIGGER deliveries_settled; DROP TRIGGER deliveries_taken;
		DROP TRIGGER deliveries_removed; DROP TABLE totals;
		ALTER TABLE deliveries DROP COLUMN first;
		DROP INDEX deliveries_refused; DROP TABLE answers;
		ALTER TABLE deliveries DROP COLUMN print;
		ALTER TABLE deliveries DROP COLUMN reopened;
		ALTER TABLE deliveries DROP COLUMN user_number;
		DROP TABLE relay_habits; DROP TABLE plans; DROP TABLE bounces; DROP TABLE roster_changes;
		DROP TABLE bounce_changes;
		DROP TABLE acts; ALTER TABLE optouts DROP COLUMN link;
		DROP TABLE stops;
		CREATE TABLE stops(relay TEXT NOT NULL, account TEXT NOT NULL,
			class TEXT NOT NULL, reply TEXT, at INTEGER NOT NULL,
			PRIMARY KEY(relay, account)) STRICT, WITHOUT ROWID;
		DROP TABLE generation; DROP TABLE journals;
		ALTER TABLE emails DROP COLUMN uncertain;
		PRAGMA user_version = 1'
	ends 2 bm-report --json old.db
	same "bm-report: $PWD/old.db has the older schema 1\
 (bm-optout init --upgrade brings it to $newest)"
	rm old.db-lock # schema 1 had no generation in it
	ends 0 bm-optout init --db old.db --upgrade
	same "bm-optout: $PWD/old.db has the newest schema;\
 as it was: $PWD/old.db.schema-1"
	bm-report --json old.db | cmp - want
	ends 0 bm-report --verify old.db
	bm-optout list --db old.db | cmp - people
	bm-optout init --db new.db
	same "$(sqlite3 new.db .schema | sort)" \
		"$(sqlite3 old.db .schema | sort)"
	same "$(stat -c %a old.db)" "$(stat -c %a old.db.schema-1)"
	[ "$(sqlite3 old.db.schema-1 'PRAGMA user_version')" = 1 ]
	[ "$(sqlite3 old.db.schema-1 'SELECT count(*) FROM deliveries')" = 2004 ]
	ends 0 bm-optout init --db old.db --upgrade
	same "bm-optout: $PWD/old.db has the newest schema"
	# Not over a copy, not from nowhere.
	sqlite3 old.db 'PRAGMA user_version = 1'
	ends 2 bm-optout init --db old.db --upgrade
	[[ $output == *"old.db.schema-1: "*"already exists"* ]]
	sqlite3 old.db 'PRAGMA user_version = 0'
	ends 2 bm-optout init --db old.db --upgrade
	[[ $output == *': schema 0 is unknown' ]]
	ends 2 bm-optout init --db none.db --upgrade
	[ ! -e none.db ]
}

@test "init makes the database once; in a setgid folder for the group, whatever the umask" {
	umask 077
	ends 0 bm-optout init --db own.db
	same '600 700' "$(stat -c %a own.db own.db-lock own.db-run | sort -u | paste -sd ' ')"
	chmod g+s .
	ends 0 bm-optout init --db new.db
	same "bm-optout: made $PWD/new.db"
	[ "$(stat -c %a new.db)" = 660 ]
	[ "$(stat -c %a new.db-lock)" = 660 ]
	[ "$(stat -c %a new.db-run)" = 2770 ]
	bm-optout add --db new.db a@uni.example
	ends 0 bm-optout init --db new.db
	same "bm-optout: $PWD/new.db is there already"
	[ "$(bm-optout list --db new.db | wc -l)" -eq 1 ]
}

@test "no database, or none named: 2, and nothing is made" {
	ends 2 bm-optout list --db nowhere.db
	[[ $output == *nowhere.db* ]]
	[ ! -e nowhere.db ]
	unset BM_DB
	ends 2 bm-optout check a@uni.example
	[[ $output == 'bm-optout: BM_DB is not set'* ]]
	ends 2 bm-optout filter </dev/null
}

@test "commands and options that are not there: 2" {
	ends 2 bm-optout
	ends 2 bm-optout frobnicate
	[[ $output == *frobnicate* ]]
	ends 2 bm-optout add
	ends 2 bm-optout add --no-such-thing a@uni.example
	ends 2 bm-optout check a@uni.example b@uni.example
	ends 2 bm-optout list --format xml
	ends 0 bm-optout add --help
	[[ $output == 'usage: bm-optout add '* ]]
}

@test "keygen never overwrites, and says what losing the file means" {
	(umask 077 && bm-optout keygen --key-file own 2>/dev/null)
	same 600 "$(stat -c %a own)"
	mkdir -m 2750 shared
	(umask 077 && bm-optout keygen --key-file shared/key 2>/dev/null)
	same 640 "$(stat -c %a shared/key)"
	umask 0
	ends 0 bm-optout keygen
	[[ $output == *'Keep a copy'* ]]
	[ "$(stat -c %a key)" = 640 ]
	[ "$(wc -l <key)" -eq 1 ]
	[ "$(cut -d' ' -f2 key | base64 -d | wc -c)" -eq 64 ]
	cp -p key before
	ends 2 bm-optout keygen
	[[ $output == *'exists already; --rotate'* ]]
	cmp key before
	ends 0 bm-optout keygen --rotate
	[ "$(wc -l <key)" -eq 2 ]
	tail -n 1 key | cmp - before
	[ "$(stat -c %a key)" = 640 ]
	ends 0 bm-optout keygen --rotate
	[ "$(cut -d' ' -f1 key | sort -u | wc -l)" -eq 3 ]
	[ "$(find . -maxdepth 1 -name "key*" | wc -l)" -eq 1 ]
}

@test "keygen: an unfit place, an unfit file to rotate" {
	ends 2 bm-optout keygen --key-file none/key
	ends 2 bm-optout keygen --rotate
	echo '1 short' >key
	chmod 640 key
	ends 2 bm-optout keygen --rotate
	[[ $output != *short* ]]
	same '1 short' "$(cat key)"
}

@test "url: the same for the same, and other people cannot read it" {
	bm-optout keygen 2>/dev/null
	person 42 ada@uni.example
	run bm-optout url --course $COURSE ADA@uni.example
	url=$output
	[[ $url =~ ^https://mail.uni.example/optout\?t=[A-Za-z0-9_-]+$ ]]
	[ "$(bm-optout url --course $COURSE --user-id 42 ada@UNI.example)" \
		= "$url" ]
	[ "$(bm-optout url --course $COURSE --user-id 43 ada@uni.example)" \
		!= "$url" ]
	[ "$(bm-optout url --course other ada@uni.example)" != "$url" ]
	bm-optout keygen --rotate 2>/dev/null
	[ "$(bm-optout url --course $COURSE ada@uni.example)" != "$url" ]
	BM_OPTOUT_URL=http://127.0.0.1:8080/x ends 0 bm-optout url \
		--course $COURSE ada@uni.example
	BM_OPTOUT_URL=http://mail.uni.example/ ends 2 bm-optout url \
		--course $COURSE ada@uni.example
	[[ $output == *https* ]]
	chmod 644 key
	ends 2 bm-optout url --course $COURSE ada@uni.example
	[[ $output == *'others may read it'* ]]
}

@test "add and check: one course, all mail, any spelling of the address" {
	bm-optout add --course $COURSE --reason 'by telephone' Ada@UNI.example
	ends 1 bm-optout check --course $COURSE ada@uni.example
	[ "$(jq -r '[.course_id, .address, .action, .source, .reason] |
		join(" ")' <<<"$output")" = \
		"$COURSE ada@uni.example out operator by telephone" ]
	ends 0 bm-optout check --course other ada@uni.example
	ends 0 bm-optout check ada@uni.example
	bm-optout add bob@uni.example
	ends 1 bm-optout check --course other BOB@uni.example
	ends 1 bm-optout check bob@uni.example
	ends 0 bm-optout check carol@uni.example
	ends 1 bm-optout add 'no address' dan@uni.example
	[[ $output == 'bm-optout: no address: '* ]]
	ends 1 bm-optout check dan@uni.example
}

@test "a course that is empty, as a script's unset variable: 2, no entry" {
	bm-optout keygen 2>/dev/null
	ends 2 bm-optout add --course '' ada@uni.example
	same 'bm-optout: --course names no course'
	ends 2 bm-optout check --course '' ada@uni.example
	ends 2 bm-optout remove --course '' --reason x ada@uni.example
	ends 2 bm-optout list --course ''
	ends 2 bm-optout export --course ''
	ends 2 bm-optout url --course '' ada@uni.example
	ends 2 bm-optout url --course '*' ada@uni.example
	[[ $output == *'a link is for one course'* ]]
	[ "$(rows)" -eq 0 ]
}

@test "bytes that are no UTF-8 do not get into the register" {
	ends 2 bm-optout add --course $'\xff' ada@uni.example
	same 'bm-optout: --course is not valid UTF-8'
	ends 2 bm-optout add --reason $'caf\xe9' ada@uni.example
	same 'bm-optout: --reason is not valid UTF-8'
	ends 2 bm-optout add --user-id $'\xff' ada@uni.example
	ends 1 bm-optout add $'\xff@uni.example'
	[ "$(rows)" -eq 0 ]
}

@test "an address beyond ASCII is the same in both its forms" {
	bm-optout add josé@bücher.example
	ends 1 bm-optout check josé@xn--bcher-kva.example
	ends 1 bm-optout check "$(printf 'jose\xcc\x81@BÜCHER.example')"
}

@test "either name counts: the user id too, when the address has changed" {
	person 42 ada@uni.example
	bm-optout add --course $COURSE ada@uni.example
	same '["42","ada@uni.example"]' "$(columns '[.user_id, .address]')"
	sqlite3 "$BM_DB" "UPDATE users SET email='new@uni.example',
		key='new@uni.example'"
	ends 1 bm-optout check --course $COURSE new@uni.example
	ends 1 bm-optout check --course $COURSE --user-id 42 x@uni.example
	ends 1 bm-optout check --course $COURSE --user-id 9 ada@uni.example
	ends 0 bm-optout check --course $COURSE --user-id 9 new@uni.example
}

@test "what is there already is not entered again" {
	bm-optout add --reason first ada@uni.example
	ends 0 bm-optout add --reason second ada@uni.example
	[[ $output == *'was opted out already'* ]]
	[ "$(rows)" -eq 1 ]
	same first "$(columns .reason)"
	bm-optout add --user-id 7 ada@uni.example
	[ "$(rows)" -eq 2 ]
}

# roster: two courses, three people; bib is not in the second course.
roster() {
	printf 'id,email,username\n1,ada@uni-a.edu,ada\n2,bob@uni-a.edu,bo
3,bib@uni-a.edu,7\n' >roster.csv
	bm-import --course $COURSE --title 'Computing 101' roster.csv
	bm-import --course course-v1:UniX+LOG+2026 roster.csv
} 2>/dev/null

@test "add says whom it stops, and what; --quiet does not" {
	roster
	ends 0 --separate-stderr bm-optout add --course $COURSE ADA@uni-a.edu
	same ''
	same 'bm-optout: ada@uni-a.edu: no more mail of Computing 101 (user 1)' \
		"$stderr"
	ends 0 bm-optout add --course $COURSE ada@uni-a.edu
	same "bm-optout: ada@uni-a.edu was opted out already:\
 no mail of Computing 101 (user 1)"
	ends 0 bm-optout add --course course-v1:UniX+LOG+2026 bob@uni-a.edu
	same "bm-optout: bob@uni-a.edu: no more mail of\
 course-v1:UniX+LOG+2026 (user 2)"
	ends 0 bm-optout add bob@uni-a.edu
	same 'bm-optout: bob@uni-a.edu: no more mail (user 2)'
	ends 0 bm-optout add --quiet --course $COURSE bob@uni-a.edu
	same ''
	ends 0 bm-optout add -q --course $COURSE bob@uni-a.edu
	same ''
}

@test "remove says whom it lets in, and what stands all the same" {
	roster
	bm-optout add --course $COURSE ada@uni-a.edu bob@uni-a.edu
	bm-optout add bob@uni-a.edu
	ends 0 bm-optout remove --course $COURSE --reason x ada@uni-a.edu \
		bob@uni-a.edu
	same "bm-optout: ada@uni-a.edu: mail of Computing 101 again (user 1)
bm-optout: bob@uni-a.edu: no opt-out of mail of Computing 101 any more\
 (user 2), but all mail is stopped (remove without --course)"
	ends 0 bm-optout remove --course $COURSE --reason x bob@uni-a.edu
	same "bm-optout: bob@uni-a.edu was not opted out of mail of Computing\
 101 (user 2), but all mail is stopped (remove without --course)"
	ends 0 bm-optout remove --reason x bob@uni-a.edu
	same 'bm-optout: bob@uni-a.edu: mail again (user 2)'
	ends 0 bm-optout remove --quiet --reason x bob@uni-a.edu
	same ''
}

@test "a course that is not there is an error that names the nearest" {
	local command course='course-v1:UniX+CS101+2025'

	roster
	bm-optout keygen
	for command in add url check list export remove; do
		case $command in
		list | export) set -- ;;
		remove) set -- --reason x ada@uni-a.edu ;;
		*) set -- ada@uni-a.edu ;;
		esac
		ends 2 --separate-stderr bm-optout $command \
			--course $course "$@"
		same ''
		[[ $stderr == "bm-optout: no course \"$course\";\
 did you mean \"$COURSE\"?"* ]]
		[ "${#stderr_lines[@]}" -eq 1 ]
		ends 2 bm-optout $command --course "$COURSE " "$@"
	done
	ends 2 bm-optout list --course nosuch
	same "bm-optout: no course \"nosuch\" in $BM_DB"
	[ "$(rows)" -eq 0 ]
	# A mailing tells of a course as well.
	sqlite3 "$BM_DB" "INSERT INTO emails(id, course_id, created)
		VALUES('m', 'elsewhere', 0)"
	ends 0 bm-optout add --course elsewhere ada@uni-a.edu
	ends 2 bm-optout add --course elsewere ada@uni-a.edu
	[[ $output == *'"elsewhere"?'* ]]
}

@test "--force enters a course that comes later" {
	roster
	ends 2 bm-optout add --course later ada@uni-a.edu
	[[ $output == *'(--force takes a course that comes later)' ]]
	ends 0 bm-optout add --course later --force ada@uni-a.edu
	same 'bm-optout: ada@uni-a.edu: no more mail of later (user 1)'
	ends 1 bm-optout check --course later ada@uni-a.edu
	same ada@uni-a.edu "$(columns .address --course later)"
	# An entry, which may be a slip, makes no course known for the next.
	ends 2 bm-optout add --course later bob@uni-a.edu
	ends 0 bm-optout remove --course later --reason x ada@uni-a.edu
	ends 2 bm-optout check --course latter ada@uni-a.edu
	[[ $output == *'"later"?'* ]]
	ends 0 bm-optout check --course latter --force ada@uni-a.edu
	for course in ' later' $'later\u00a0'; do
		ends 2 bm-optout add --course "$course" --force ada@uni-a.edu
	done
	bm-import --course later roster.csv
	same 'bib@uni-a.edu bob@uni-a.edu' "$(bm-optout add --course later \
		ada@uni-a.edu 2>/dev/null; bm-recipients --course later \
		--to learners 2>/dev/null | jq -r .email | sort | xargs)"
}

@test "a register without any course takes all, and says how it is written" {
	ends 0 bm-optout add --course $COURSE ada@uni.example
	same "bm-optout: $BM_DB has no course yet; this is for \"$COURSE\" as it\
 is written
bm-optout: ada@uni.example: no more mail of $COURSE
bm-optout: ada@uni.example: the roster has no such address"
	ends 0 --separate-stderr bm-optout check --course other ada@uni.example
	same '' "$stderr"
	ends 2 bm-optout add --course "$COURSE " ada@uni.example
	ends 2 bm-optout list --course other
}

@test "an address that the roster does not have: entered, with near ones" {
	roster
	ends 0 --separate-stderr bm-optout add --course $COURSE bbo@uni-a.edu
	same ''
	same "bm-optout: bbo@uni-a.edu: no more mail of Computing 101
bm-optout: bbo@uni-a.edu: the roster has no such address;\
 near: bob@uni-a.edu" "$stderr"
	same bbo@uni-a.edu "$(columns .address --course $COURSE)"
	ends 0 bm-optout add --quiet bub@uni-a.edu zoe@gmail.com
	same "bm-optout: bub@uni-a.edu: the roster has no such address;\
 near: bib@uni-a.edu, bob@uni-a.edu
bm-optout: zoe@gmail.com: the roster has no such address"
	ends 0 bm-optout check ada@unia.edu
	same "bm-optout: ada@unia.edu: the roster has no such address;\
 near: ada@uni-a.edu"
	ends 0 bm-optout history bob@gmail.com
	same "bm-optout: bob@gmail.com: the roster has no such address;\
 near: bob@uni-a.edu"
	ends 0 bm-optout remove --reason x bib@uni-b.edu
	[[ $output == *'near: bib@uni-a.edu'* ]]
	# One that stands in the register, or whose user is known, is no slip.
	ends 1 --separate-stderr bm-optout check --course $COURSE bbo@uni-a.edu
	same '' "$stderr"
	ends 0 bm-optout add --user-id 1 old@uni-a.edu
	same 'bm-optout: old@uni-a.edu: no more mail (user 1)'
	ends 0 bm-optout add --user-id 1 bob@uni-a.edu
	same 'bm-optout: bob@uni-a.edu: no more mail (user 1)
bm-optout: bob@uni-a.edu: the roster has this address for user 2'
}

@test "many unknown addresses: the roster is searched for the first five" {
	roster
	printf 'bo%d@uni-a.edu\n' {1..9} | xargs bm-optout add -q 2>notes
	same 9 "$(rows)"
	same 9 "$(grep -c 'the roster has no such address' notes)"
	same 5 "$(grep -c 'near: bob@uni-a.edu' notes)"
}

@test "import: unknown courses are entered, counted and named" {
	roster
	{
		echo address,course_id
		echo "ada@uni-a.edu,$COURSE"
		echo 'ada@uni-a.edu,course-v1:UniX+CS101+2025'
		echo 'bob@uni-a.edu,*'
		echo 'bob@uni-a.edu,course-v1:UniX+CS101+2025'
		printf 'bib@uni-a.edu,%d\n' {1..12}
	} >in.csv
	ends 0 --separate-stderr bm-optout import in.csv
	same ''
	same "bm-optout: in.csv:3: no course \"course-v1:UniX+CS101+2025\"; did you\
 mean \"$COURSE\"? (2 entered all the same)
bm-optout: in.csv:6: no course \"1\" in $BM_DB (1 entered all the same)" \
		"$(head -n 2 <<<"$stderr")"
	same 'bm-optout: in.csv: 3 more unknown courses' \
		"$(tail -n 1 <<<"$stderr")"
	same 11 "${#stderr_lines[@]}"
	same 16 "$(rows)"
}

@test "user:NAME is a user name or a user id, as for bm-recipients" {
	roster
	ends 0 bm-optout add user:bo
	same 'bm-optout: bob@uni-a.edu: no more mail (user 2)'
	same '["2","bob@uni-a.edu"]' "$(columns '[.user_id, .address]')"
	ends 1 bm-optout check user:2
	ends 1 bm-optout check email:bob@uni-a.edu
	same '"out"' "$(bm-optout history user:bo | jq .action)"
	# The user name goes before the id.
	ends 0 bm-optout add user:7 user:1
	same 'bib@uni-a.edu ada@uni-a.edu' "$(bm-optout list | tail -n 2 |
		jq -r .address | xargs)"
	bm-optout keygen
	[ "$(bm-optout url --course $COURSE user:ada)" = \
		"$(bm-optout url --course $COURSE ada@uni-a.edu)" ]
	ends 0 bm-optout remove --reason x user:bo
	ends 0 bm-optout check user:bo
	same ''
}

@test "user:NAME that names nobody, or two: named, and the others go on" {
	roster
	bm-optout keygen
	ends 1 bm-optout add user:adaa user:nosuchuser bob@uni-a.edu
	same "bm-optout: no user \"adaa\"; did you mean \"ada\"?
bm-optout: no user \"nosuchuser\" in $BM_DB
bm-optout: bob@uni-a.edu: no more mail (user 2)"
	for command in check history 'url --course '$COURSE; do
		# shellcheck disable=SC2086 # words
		ends 2 bm-optout $command user:adaa
		[[ $output == *'"ada"?' ]]
	done
	ends 1 bm-optout add ada
	[[ $output == 'bm-optout: ada: '*'(user:NAME names a user)' ]]
	ends 2 bm-optout add --user-id 1 user:ada
	sqlite3 "$BM_DB" "UPDATE users SET username = 'ada' WHERE id = '3'"
	ends 1 bm-optout add user:ada
	same "bm-optout: 2 users have the name \"ada\"; give the address, and\
 --user-id"
	[ "$(rows)" -eq 1 ]
	sqlite3 "$BM_DB" "UPDATE users SET key = 'bob@uni-a.edu' WHERE id = '3'"
	ends 0 bm-optout add --course $COURSE bob@uni-a.edu
	same "bm-optout: bob@uni-a.edu: no more mail of Computing 101\
 (2 users have the address)"
}

@test "remove: a reason is needed, and the history stays" {
	bm-optout add --course $COURSE ada@uni.example
	ends 2 bm-optout remove --course $COURSE ada@uni.example
	[[ $output == *'--reason is missing'* ]]
	ends 0 bm-optout remove --reason mistake ada@uni.example
	[[ $output == *'was not opted out'* ]]
	ends 1 bm-optout check --course $COURSE ada@uni.example
	ends 0 bm-optout remove --course $COURSE --reason mistake \
		ada@uni.example
	same "bm-optout: ada@uni.example: mail of $COURSE again"
	ends 0 bm-optout check --course $COURSE ada@uni.example
	same '["out",null] ["in","mistake"]' "$(bm-optout history \
		ada@uni.example | jq -c '[.action, .reason]' | paste -sd' ')"
	same '' "$(bm-optout list)"
	[ "$(bm-optout list --history | wc -l)" -eq 2 ]
}

@test "remove finds the person under every name of an entry" {
	say $COURSE 42 old@uni.example out operator
	ends 0 bm-optout remove --course $COURSE --reason x old@uni.example
	ends 0 bm-optout check --course $COURSE --user-id 42 z@uni.example
	say $COURSE 42 old@uni.example out operator
	say $COURSE 42 new@uni.example out operator
	ends 0 bm-optout remove --course $COURSE --reason x --user-id 42 \
		new@uni.example
	ends 0 bm-optout check --course $COURSE old@uni.example
	ends 0 bm-optout check --course $COURSE --user-id 42 new@uni.example
}

@test "a person's own act: the operator needs to be asked" {
	for source in page one-click mail import; do
		say '*' 42 "$source@uni.example" out "$source"
		ends 1 bm-optout remove --reason x "$source@uni.example"
		[[ $output == *'opted out in person'* ]]
		ends 1 bm-optout check "$source@uni.example"
		ends 0 bm-optout remove --reason x --person-asked \
			"$source@uni.example"
		ends 0 bm-optout check "$source@uni.example"
	done
}

@test "a person's own act under another name of the entry is kept, too" {
	say '*' '' old@uni.example out page
	say '*' 42 old@uni.example out operator
	ends 1 bm-optout remove --reason x --user-id 42 new@uni.example
	[[ $output == *'new@uni.example: opted out in person'* ]]
	ends 1 bm-optout check old@uni.example
	ends 1 bm-optout check --user-id 42 new@uni.example
	[ "$(rows)" -eq 2 ]
	ends 0 bm-optout remove --reason x --person-asked --user-id 42 \
		new@uni.example
	ends 0 bm-optout check old@uni.example
}

@test "remove decides while nobody else writes: an own act of now is kept" {
	bm-optout add --reason x ada@uni.example
	exec {held}>>"$BM_DB-lock"
	flock "$held"
	bm-optout remove --reason x ada@uni.example 2>err {held}>&- &
	remover=$!
	wait_for 10 waits_for_lock "$remover"
	say '*' '' ada@uni.example out page
	exec {held}>&-
	got=0
	wait "$remover" || got=$?
	[ "$got" -eq 1 ]
	grep -q 'opted out in person' err
	ends 1 bm-optout check ada@uni.example
}

@test "a bounce can be cleared, but not the own act below it" {
	bm-optout add --bounce --reason 5.1.1 ada@uni.example
	bm-optout add --bounce --reason again ada@uni.example
	[ "$(rows)" -eq 1 ]
	same bounce "$(columns .source)"
	ends 0 bm-optout remove --reason fixed ada@uni.example
	ends 0 bm-optout check ada@uni.example
	say '*' '' bob@uni.example out page
	bm-optout add --bounce bob@uni.example
	ends 1 bm-optout remove --reason fixed bob@uni.example
	ends 1 bm-optout check bob@uni.example
	say '*' '' eve@uni.example out bounce
	say '*' '' eve@uni.example out page
	ends 1 bm-optout remove --reason fixed eve@uni.example
}

@test "list: by course, as CSV with anything in it" {
	bm-optout add --course a --reason 'x, "y"
z' ada@uni.example
	bm-optout add --course b bob@uni.example
	bm-optout add carol@uni.example
	[ "$(bm-optout list | wc -l)" -eq 3 ]
	same bob@uni.example "$(columns .address --course b)"
	same carol@uni.example "$(columns .address --course '*')"
	same '' "$(columns .address --course c)"
	bm-optout list --format csv >list.csv
	run /usr/bin/python3 -c 'import csv
for row in csv.DictReader(open("list.csv", newline="")):
    print(row["course_id"], row["address"], repr(row["reason"]))'
	same "a ada@uni.example 'x, \"y\"\\nz'
b bob@uni.example ''
* carol@uni.example ''"
}

@test "filter: byte for byte, the others put aside with their class" {
	bm-optout add --course $COURSE ada@uni.example
	say '*' 99 '' out page
	cat >in <<-END
		{"email":"Ada@uni.example" ,"course_id":"$COURSE","n":1.10}
		{"email":"ada@uni.example","course_id":"other"}
		{"email":"eve@uni.example","user_id":99,"course_id":"other"}
		{"email":"eve@uni.example","user_id":"99"}
		{"email":"bob@uni.example","x":9007199254740993,"y":"\u00e9"}
		{"email":"ada@uni.example"}
	END
	bm-optout filter --rejects rejects <in >out
	sed -n '2p;5p;6p' in | cmp - out
	same "optout optout 1
optout optout 3
optout optout 4" "$(jq -r '[.stage, .class, .line] | join(" ")' rejects)"
	{ echo '{"email":"no address"}'; cat in; } >bad
	ends 1 bm-optout filter bad
	[[ $output == *'bm-optout: bad:1: '* ]]
	[ "$(grep -c '^{' <<<"$output")" -eq 3 ]
}

@test "a locked database: 75 for those who write, no wait for readers" {
	bm-optout add ada@uni.example
	exec {held}>>"$BM_DB-lock"
	flock "$held"
	ends 1 timeout 10 bm-optout check ada@uni.example
	ends 124 timeout 1 bm-optout add bob@uni.example
	exec {held}>&-
	ends 0 bm-optout check bob@uni.example
}

@test "SQL in an address, a course or a reason is just text" {
	bm-optout add --course "x'); DROP TABLE optouts; --" \
		--reason "'; DELETE FROM optouts; --" "o'neil@uni.example"
	[ "$(rows)" -eq 1 ]
	same "o'neil@uni.example" "$(columns .address)"
	ends 1 bm-optout check --course "x'); DROP TABLE optouts; --" \
		"o'neil@uni.example"
}

@test "import: each row an own act, bad rows named, nobody taken back in" {
	person 42 ada@uni.example
	printf '%s\r\n' 'Email,course_id,reason,at,action' \
		"Ada@uni.example,$COURSE,,2020-02-29T12:00:00Z,out" \
		"no address,$COURSE,,," "bob@uni.example,,,," \
		"carol@uni.example,*,\"by, hand\",2999-01-01," \
		"dan@uni.example,$COURSE,,yesterday," \
		"eve@uni.example,$COURSE,,,in" >in.csv
	ends 1 bm-optout import --rejects rejects in.csv
	same '3 4 6 7' "$(grep -o 'in.csv:[0-9]*' <<<"$output" |
		cut -d: -f2 | paste -sd' ')"
	same '3 4 6 7' "$(jq .line rejects | paste -sd' ')"
	run columns '[.course_id, .user_id, .address, .source, .reason]'
	same "[\"$COURSE\",\"42\",\"ada@uni.example\",\"import\",null]
[\"*\",null,\"carol@uni.example\",\"import\",\"by, hand\"]"
	same 2020-02-29T12:00:00.000Z "$(columns .at --course $COURSE)"
	[[ $(columns .at --course '*') == 202* ]]
	ends 1 bm-optout remove --reason x carol@uni.example
	ends 1 bm-optout import --course '*' in.csv
	[ "$(columns .address | paste -sd' ')" = "ada@uni.example \
carol@uni.example bob@uni.example" ]
	ends 2 bm-optout import none.csv
	echo 'name,phone' >in.csv
	ends 2 bm-optout import in.csv
	[[ $output == *'no column address'* ]]
}

@test "import: a course id with a blank at an end is refused by its row" {
	printf '%s\n' email,course_id "ann@uni.example,$COURSE " \
		"bob@uni.example, *" $'eve@uni.example,\u00a0'"$COURSE" \
		"dan@uni.example,*" >in.csv
	ends 1 bm-optout import in.csv
	same '2 3 4' "$(grep -o 'in.csv:[0-9]*: .* blank' <<<"$output" |
		cut -d: -f2 | paste -sd' ')"
	same dan@uni.example "$(columns .address)"
}

@test "no enrolment and no roster takes anybody back in" {
	printf 'id,email\n42,ada@uni.example\n7,bob@uni.example\n' >roster.csv
	bm-import --course $COURSE roster.csv 2>/dev/null
	say $COURSE 42 ada@uni.example out page
	# Gone, and enrolled again, under another number too.
	printf 'id,email\n7,bob@uni.example\n' >few.csv
	bm-import --course $COURSE few.csv 2>/dev/null || true
	for id in 42 43; do
		sed "s/^42,/$id,/" roster.csv >again.csv
		bm-import --course $COURSE again.csv 2>/dev/null
		same bob@uni.example "$(bm-recipients --course $COURSE \
			--to learners 2>/dev/null | jq -r .email)"
		ends 1 bm-optout check --course $COURSE ada@uni.example
	done
}

@test "import keeps a bounce a bounce, and the operator the operator" {
	bm-optout add --bounce --reason 5.1.1 ada@uni.example
	bm-optout add eve@uni.example
	bm-optout export >export.csv
	bm-optout init --db other.db 2>/dev/null
	bm-optout import --db other.db export.csv
	same 'bounce 5.1.1
operator ' "$(bm-optout list --db other.db |
		jq -r '.source + " " + .reason')"
	ends 0 bm-optout remove --db other.db --reason fixed ada@uni.example
	ends 0 bm-optout remove --db other.db --reason x eve@uni.example
}

@test "import twice, import an export: the same register" {
	for i in $(seq 450); do
		echo "$i,p$i@uni.example,course$((i % 7))"
	done | { echo user_id,email,course; cat; } >in.csv
	bm-optout import in.csv
	bm-optout import in.csv
	[ "$(rows)" -eq 450 ]
	bm-optout export >export.csv
	bm-optout init --db other.db 2>/dev/null
	bm-optout import --db other.db export.csv
	bm-optout export --db other.db | cut -d, -f1-5,7 | sort >b
	cut -d, -f1-5,7 export.csv | sort | cmp - b
	bm-optout import --db other.db - <export.csv
	# Who was forgotten is a hash in it, and nothing else is one.
	bm-optout forget p1@uni.example
	bm-optout export | grep -F sha256: >hashed
	{ echo 'course_id,user_id,address,action,source,reason,at'; cat hashed
	} >hashed.csv
	bm-optout init --db third.db 2>/dev/null
	bm-optout import --db third.db hashed.csv
	ends 1 bm-optout check --db third.db --course course1 p1@uni.example
	sed -i 's/sha256:./sha256:/' hashed.csv
	ends 1 bm-optout import --db other.db hashed.csv
	[ "$(sqlite3 other.db 'SELECT count(*) FROM optouts')" -eq 450 ]
}

@test "list --format csv makes no formula of a cell; --raw and export do not touch it" {
	bm-optout add --user-id =1+1 --reason '@SUM(1)' -q +ada@uni.example
	bm-optout list --format csv >guarded
	bm-optout list --format csv --raw >exact
	bm-optout export >exported
	same "" "$(cmp exact exported)"
	grep -F "\"'=1+1\",\"'+ada@uni.example\",\"out\",\"operator\",\"'@SUM(1)\"" guarded
	grep -F '"=1+1","+ada@uni.example","out","operator","@SUM(1)"' exact
	ends 2 bm-optout list --raw
	same 'bm-optout: --raw needs --format csv'
}

@test "forget: names and data are gone from the file, the no stays" {
	person 42 ada@uni.example
	sqlite3 "$BM_DB" "UPDATE users SET name='Ada Lovelace';
		INSERT INTO courses(id) VALUES('c');
		INSERT INTO enrollments(course_id, user_id, data)
			VALUES('c', '42', '{\"phone\":\"555-1234\"}');
		INSERT INTO roles VALUES('c', '42', 'staff');
		INSERT INTO emails(id, course_id, created) VALUES('m', 'c', 0);
		INSERT INTO deliveries(email_id, key, email, user_id, state,
			reply) VALUES('m', 'ada@uni.example',
			'Ada@uni.example', '42', 'sent', '250 Ada');
		INSERT INTO bounces(email_id, key, domain, kind, proof, reply, at)
			VALUES('m', 'ada@uni.example', 'uni.example', 'hard', 'verp',
			'<ada@uni.example>: no such user', 5)"
	same ada@uni.example "$(bm-bounce list | jq -r .address)"
	say c 42 ada@uni.example out page
	bm-optout add --course d --force --reason 'Ada rang' ada@uni.example
	bm-optout add bob@uni.example
	ends 0 bm-optout forget ADA@uni.example
	run ! grep -aciE 'ada|lovelace|555-1234' "$BM_DB" "$BM_DB-wal"
	ends 1 bm-optout check --course c ada@uni.example
	[ "$(jq -r .source <<<"$output")" = page ]
	ends 1 bm-optout check --course d Ada@uni.example
	ends 0 bm-optout check --course e --force ada@uni.example
	ends 1 bm-optout check --course c --user-id 42 other@uni.example
	ends 1 bm-optout check bob@uni.example
	[ "$(bm-optout history ada@uni.example | wc -l)" -eq 2 ]
	echo '{"email":"ada@uni.example","course_id":"c"}' |
		bm-optout filter >out
	[ ! -s out ]
	same 'sent||' "$(sqlite3 "$BM_DB" 'SELECT state, email, reply
		FROM deliveries')"
	same '1' "$(bm-report --id m --json | jq .bounced)"
	same '' "$(bm-bounce list)"
	ends 0 bm-optout remove --course d --reason asked ada@uni.example
	ends 0 bm-optout check --course d ada@uni.example
}

# click TOKEN [BODY]: the button of a mail program, or of the page.
click() {
	local body=${2:-List-Unsubscribe=One-Click}

	printf %s "$body" | env REQUEST_METHOD=POST CONTENT_LENGTH=${#body} \
		CONTENT_TYPE=application/x-www-form-urlencoded \
		QUERY_STRING="t=$1" bm-optout cgi | sed -n '1s/\r$//p'
}

@test "forget: an old link enters the hash, by page, mail and one click" {
	local act url hidden
	bm-optout keygen
	sqlite3 "$BM_DB" "INSERT INTO courses(id) VALUES('$COURSE')"
	person 1 ada@uni.example
	person 2 bob@uni.example
	hidden=sha256:$(printf 'bm forget 1\0ada@uni.example' | sha256sum | cut -d' ' -f1)
	url=$(bm-optout url --course "$COURSE" ada@uni.example)
	ends 0 bm-optout forget ada@uni.example
	ends 0 bm-optout check ada@uni.example
	for act in List-Unsubscribe=One-Click 'confirm=1&do=stop-course' \
		'confirm=1&do=stop-all' 'confirm=1&do=start-course' mail; do
		sqlite3 "$BM_DB" 'DELETE FROM optouts'
		if [ "$act" = mail ]; then
			printf 'Subject: %s\n\n' "${url#*t=}" | bm-optout mail
		else
			same 'Status: 200 OK' "$(click "${url#*t=}" "$act")"
		fi
		run ! grep -aq ada@ "$BM_DB" "$BM_DB-wal"
		[[ $act == *start* ]] ||
			same "null $hidden" "$(columns '"\(.user_id) \(.address)"')"
	done
	ends 1 bm-optout check --course "$COURSE" ada@uni.example
	# People of the roster, and whom a mailing knows, are entered by name.
	url=$(bm-optout url --course "$COURSE" bob@uni.example)
	click "${url#*t=}"
	same '2 bob@uni.example' "$(columns '"\(.user_id) \(.address)"' | tail -n 1)"
}

@test "forget names the files that still have the address" {
	export XDG_STATE_HOME=$PWD/state
	person 42 ada@uni.example
	mkdir -p state/bm/w1/spool spool other
	for file in state/bm/w1/spool/000001.ndjson spool/a spool/b other/c \
		"$BM_DB.schema-1"; do
		echo '{"email":"Ada@uni.example"}' >"$file"
	done
	echo '{"email":"bada@uni.example"}' >spool/b
	mkfifo spool/fifo
	ends 2 bm-optout forget ada@uni.example spool no-such-folder
	same 'bm-optout: no-such-folder: No such file or directory'
	same 1 "$(sqlite3 "$BM_DB" 'SELECT count(*) FROM users')"
	bm-optout forget ada@uni.example spool >files 2>said
	same "$BM_DB.schema-1
$PWD/state/bm/w1/spool/000001.ndjson
spool/a" "$(cat files)"
	grep -F 'bm-optout: 3 files still have the address: see standard output' said
}

@test "forget: what was sent is not sent again, what was to be is cancelled" {
	local zeros

	zeros=$(printf '%064d' 0)
	send_both() {
		for id in one two; do
			jq -nc --arg id $id '{email_id: $id, course_id: "c",
				content: ("0" * 64), email: "Ada@uni.example",
				user_id: "42", sender: "s@uni.example",
				message: "From: s@uni.example\r\n\r\nx\r\n"}'
		done | BM_DB=$BM_DB bm-send --maildir mail |
			jq -r '.status + " " + .class' | sort
	}
	sqlite3 "$BM_DB" "INSERT INTO emails(id, course_id, content, created)
			VALUES('two', 'c', '$zeros', 0);
		INSERT INTO deliveries(email_id, key, email, state, class,
			attempt, next_try) VALUES('two', 'ada@uni.example',
			'Ada@uni.example', 'deferred', 'greylisted', 1,
			9999999999999)"
	same 'deferred greylisted
sent ok' "$(send_both)"
	ends 0 bm-optout forget ada@uni.example
	same 'skipped duplicate
skipped duplicate' "$(send_both)"
	[ "$(find mail/new -type f | wc -l)" -eq 1 ]
	same 'one|sent|ok|
two|skipped|cancelled|' "$(sqlite3 "$BM_DB" 'SELECT email_id, state, class,
		next_try FROM deliveries')"
	ends 0 bm-report --verify "$BM_DB"
	ends 0 bm-optout forget ada@uni.example
	run ! grep -aci 'ada@' "$BM_DB" "$BM_DB-wal"
}

@test "forget: also what a sender that was killed has left behind" {
	jq -nc '{email_id: "m", course_id: "c", content: ("0" * 64),
		email: "ada@uni.example", sender: "s@uni.example",
		message: "From: s@uni.example\r\n\r\nx\r\n"}' >in
	# It is killed when it shows the outcome.
	strace -o trace -e trace=write -e inject=write:signal=KILL -P "$PWD/out" \
		"$BM_BIN/bm-send" --maildir mail <in >out 2>err || true
	grep -q ada "$BM_DB"-run/*.log
	ends 0 bm-optout forget ada@uni.example
	run ! grep -aciE 'ada@' -r "$BM_DB" "$BM_DB-wal" "$BM_DB-run"
	same 'sent' "$(sqlite3 "$BM_DB" 'SELECT state FROM deliveries')"
}

@test "forget: a reason that stands by the user id alone goes, too" {
	person 42 ada@uni.example
	sqlite3 "$BM_DB" "INSERT INTO optouts(course_id, user_id, action, source,
		reason, at) VALUES('c', '42', 'out', 'operator', 'Ada rang', 0)"
	ends 0 bm-optout forget ada@uni.example
	same 'null' "$(columns .reason)"
	ends 1 bm-optout check --course c --user-id 42 x@uni.example
}

@test "forget waits for a message that is under way" {
	sqlite3 "$BM_DB" "INSERT INTO emails(id, course_id, created)
			VALUES('m', 'c', 0);
		INSERT INTO deliveries(email_id, key, email, state)
			VALUES('m', 'ada@uni.example', 'x', 'in_doubt')"
	ends 75 bm-optout forget ada@uni.example
	[[ $output == *'under way'* ]]
}

# Sources, scopes, reasons, persons known by id, address, both or a hash.
@test "export and import give the same register" {
	bm-optout init --db one.db 2>/dev/null
	bm-optout init --db two.db 2>/dev/null
	/usr/bin/python3 - <<-'END'
		import hashlib, itertools, sqlite3
		db = sqlite3.connect("one.db")
		sources = "page one-click mail operator import bounce".split()
		reasons = [None, "asked", 'a "quoted", one', "two\nlines", "operator"]
		n = 0
		for source, reason, scope in itertools.product(
		        sources, reasons, ["*", "course-v1:U+C+1"]):
		    hidden = "sha256:" + hashlib.sha256(b"%d" % n).hexdigest()
		    for user, key in (("u%d" % n, None), (None, "k%d@x.example" % n),
		                      ("b%d" % n, "b%d@x.example" % n), (None, hidden)):
		        db.execute("INSERT INTO optouts(course_id, user_id, key, action,"
		                   " source, reason, at) VALUES(?,?,?,'out',?,?,?)",
		                   (scope, user, key, source, reason,
		                    1700000000000 + n))
		    n += 1
		db.commit()
	END
	bm-optout export --db one.db >one.csv
	bm-optout import --db two.db one.csv 2>/dev/null
	bm-optout export --db two.db >two.csv
	cmp one.csv two.csv
	same 240 "$(sqlite3 two.db 'SELECT count(*) FROM optouts')"
	same 0 "$(sqlite3 two.db "ATTACH 'one.db' AS o; SELECT count(*) FROM
		(SELECT course_id, user_id, key, action, source, reason, at
			FROM optouts EXCEPT SELECT course_id, user_id, key, action,
			source, reason, at FROM o.optouts)")"
	printf 'address,source\nx@x.example,helpdesk\n' |
		bm-optout import --db two.db --course '*' - 2>/dev/null
	same "import helpdesk" "$(bm-optout history --db two.db x@x.example |
		jq -r '.source + " " + .reason')"
}
