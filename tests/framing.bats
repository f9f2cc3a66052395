# Where a record of a CSV file ends, for the three programs that read one:
# bm-import, bm-recipients --read and bm-optout import.

# shellcheck disable=SC2154 # bats sets them
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export BM_DB=$PWD/bm.db TMPDIR=$PWD
	printf 'id,email,name\n2,ada@x.example,Ada\n' |
		bm-import --create --course c - 2>/dev/null
	bm-optout add --course c old@x.example 2>/dev/null
}

sql() {
	sqlite3 -readonly "$BM_DB" "$1"
}

# Everything that a file could change.
everything() {
	sql 'SELECT id, username, email, name FROM users ORDER BY id;
		SELECT user_id, course_id, is_active, data FROM enrollments
		ORDER BY user_id; SELECT * FROM roles; SELECT * FROM courses;
		SELECT seq, course_id, user_id, key FROM optouts ORDER BY seq'
}

# How each program is told to read a file.
programs=('bm-import --course c' 'bm-recipients --course c --read'
	'bm-optout import --course c')

@test "2,000 random files: rows and cells as Python's csv reads them" {
	/usr/bin/python3 "$ROOT/tests/csv_oracle.py" \
		"${BM_BIN%/bin}/tests/csv-rows" 2000
}

# What a learner may write into a cell: lines that look like rows, behind a
# NUL, a byte that is not UTF-8, or more bytes than a field may have.
forge() {
	/usr/bin/python3 - "$1" <<-'END'
		import sys
		bad = {"nul": b"\0", "latin1": b"\xff", "cut": b"\xc3",
		       "long": b"x" * 1048577}[sys.argv[1]]
		cell = bad + b"\n2,eve@evil.example,Ada,instructor,g\n" \
		    b"77,third@evil.example,X,,g\n" \
		    b'1,""eve@x.example"",,,\nx'
		sys.stdout.buffer.write(
		    b'id,email,name,role,goals\n1,eve@x.example,Eve,,"' + cell +
		    b'"\n3,bob@x.example,Bob,,"two\nlines"\n')
	END
}

@test "no row begins inside a quoted cell, whatever is wrong with it" {
	declare -A reason=([nul]='NUL byte' [latin1]='invalid UTF-8'
		[cut]='invalid UTF-8' [long]='field is longer than 1 MiB')

	for bad in "${!reason[@]}"; do
		forge "$bad" >a.csv
		for program in "${programs[@]}"; do
			rm -f rejects
			# shellcheck disable=SC2086 # words
			ends 1 $program a.csv --rejects rejects
			[ "$(grep -c "a.csv:" <<<"$output")" -eq 1 ]
			[[ $output == *"a.csv:2: ${reason[$bad]}"* ]]
			same 2 "$(jq .line rejects)"
			[[ $output != *evil* ]]
		done
		same '2|ada@x.example
3|bob@x.example' "$(sql 'SELECT id, email FROM users ORDER BY id')"
		same 0 "$(sql 'SELECT count(*) FROM roles')"
		same 'old@x.example bob@x.example' \
			"$(sql 'SELECT key FROM optouts ORDER BY seq' | xargs)"
	done
}

# Good rows of two lines, more than one transaction of them, before a file breaks.
good_rows() {
	echo id,email,goals
	seq -f '%.0f,p@x.example,"P
2"' 100 499 | sed 's/^\([0-9]*\),p/\1,p\1/'
}

@test "broken quoting: 2, nothing is changed, the line of the quote" {
	local before

	good_rows >good.csv # 801 lines
	before=$(everything)
	while IFS='|' read -r tail line reason; do
		{ cat good.csv && printf '%b' "$tail"; } >a.csv
		for program in "${programs[@]}"; do
			# shellcheck disable=SC2086 # words
			run --separate-stderr $program a.csv
			[ "$status" -eq 2 ]
			same "${program%% *}: a.csv:$line: $reason: write a quote inside \
a field twice, and the field in quotes; nothing of the file is used" \
				"$(tail -n 1 <<<"$stderr")"
			[ -z "$output" ]
			same "$before" "$(everything)"
		done
	done <<-'END'
		1,eve@x.example,"open\n2,b@x.example,B\n|802|quote is never closed
		1,e@x.example,E\n2,b@x.example,"B\nb\n|803|quote is never closed
		1,e@x.example,"E\nx" y\n2,b@x.example,"B"\n|802|text behind a closing quote
		1,"e@x.example",O"Hara\n2,b@x.example,B\n|802|quote inside a field without quotes
		1,e@x.example,"E\n2,eve@x.example,"Ada"\n|802|text behind a closing quote
		1,e@x.example,"\\0\n2,eve@x.example,"Ada"\n|802|text behind a closing quote
	END
	run bm-import --course c - <a.csv
	[ "$status" -eq 2 ]
	[[ $output == *'stdin:802: text behind'* ]]
	run bm-optout import --course c - <a.csv
	[ "$status" -eq 2 ]
	[[ $output == *'stdin:802: text behind'* ]]
	same "$before" "$(everything)"
}

@test "UTF-16 is named, or read" {
	good_rows >rows.csv
	for order in LE BE; do
		{ printf '\ufeff' && cat rows.csv; } | iconv -t UTF-16$order >a.csv
		ends 2 bm-optout import --course c a.csv
		same 'bm-optout: a.csv: UTF-16: save the file as UTF-8'
		ends 0 bm-import --course c --dry-run a.csv
		[[ $output == *"encoding UTF-16$order"*'"refused":0'* ]]
		ends 0 bm-recipients --course c --read a.csv
		same "$(bm-recipients --course c --read rows.csv)"
	done
}

@test "at most 100 complaints, and a count of the rest; rejects have all" {
	{ echo id,email && seq -f '%.0f,nobody' 1234 &&
		echo 9999,last@x.example; } >a.csv
	for program in "${programs[@]}"; do
		rm -f rejects
		# shellcheck disable=SC2086 # words
		run --separate-stderr $program a.csv --rejects rejects
		[ "$status" -eq 1 ]
		[ "$(grep -c 'a.csv:' <<<"$stderr")" -eq 100 ]
		grep -qx "${program%% *}: 1,134 more are refused and not named \
here: --rejects FILE gets all" <<<"$stderr"
		[ "$(jq -s length rejects)" -eq 1234 ]
	done
	run bm-import --course c a.csv
	same 'bm-import: 1,235 rows: 1 people (0 new, 0 changed, 0 left), 1,234 refused' \
		"$(tail -n 1 <<<"$output")"
	same 1 "$(sql "SELECT count(*) FROM users WHERE email LIKE 'last@%'")"
	same 1 "$(sql "SELECT count(*) FROM optouts WHERE key LIKE 'last@%'")"
	sed -n 1,101p a.csv >b.csv
	for program in "${programs[@]}"; do
		# shellcheck disable=SC2086 # words
		ends 1 $program b.csv
		[ "$(grep -c 'b.csv:' <<<"$output")" -eq 100 ]
		[[ $output != *'more are refused'* ]]
	done
}

@test "a cell of lines: one complaint, however many lines" {
	/usr/bin/python3 -c 'print("id,email,name\n1,eve@x.example,\"" +
		"\n" * 2000000 + "\"\n3,bob@x.example,Bob", end="\n")' >a.csv
	ends 1 bm-import --course c a.csv
	same 'bm-import: a.csv:2: field is longer than 1 MiB
bm-import: 2 rows: 1 people (1 new, 0 changed, 0 left), 1 refused'
	same bob@x.example "$(sql 'SELECT email FROM users WHERE id = 3')"
}

# Controls and bidi controls, as UTF-8 and as single bytes.
no_controls() {
	/usr/bin/python3 -c 'import sys, unicodedata
text = sys.stdin.buffer.read().decode()
bad = [c for c in text if c != "\n" and (unicodedata.category(c) in
	("Cc", "Zl", "Zp") or unicodedata.bidirectional(c) in
	("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
	or c in "\u200e\u200f\u061c")]
sys.exit(f"{bad!r} in {text!r}" if bad else 0)'
}

@test "what a file holds and is called reaches no terminal as it is" {
	local evil name

	evil=$'\e[31m\a\x7f\xc2\x9b31m\xc2\x9d0;t\xc2\x9c'
	evil+=$'\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xae\xe2\x81\xa6\xd8\x9c'
	name=a$evil$'\x9b.csv'
	printf 'id,email,name,last_login,enrollment_status,at,action,course_id\n%s\n' \
		"1,eve$evil@x.example,E,,,,," "2,b@x.example,$evil,,,,," \
		"3,c@x.example,C,$evil,,,," "4,d@x.example,D,,$evil,,," \
		"5,e@x.example,E,,,$evil,," "6,f@x.example,F,,,,$evil," \
		"7,g@x.example,G,,,,,$evil" >"$name"
	for program in "${programs[@]}"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr $program "$name"
		[ "$status" -eq 1 ]
		[ "$(wc -l <<<"$stderr")" -ge 3 ]
		no_controls <<<"$stderr"
		# shellcheck disable=SC2086 # words
		run --separate-stderr $program "none$name"
		[ "$status" -eq 2 ]
		no_controls <<<"$stderr"
		run --separate-stderr "${program%% *}" "--$evil"
		[ "$status" -eq 2 ]
		no_controls <<<"$stderr"
	done
	printf 'email,"%s"\nx@x.example,y\n' "x$evil" >a.csv
	run --separate-stderr bm-import --course "c$evil" a.csv
	[ "$status" -eq 2 ]
	no_controls <<<"$stderr"
	run no_controls <<<"$evil"
	[ "$status" -eq 1 ]
}

# A quadratic step takes ten seconds of CPU here, a busy machine adds none.
@test "16,000 columns take time in proportion, at every import" {
	wide() {
		/usr/bin/python3 -c 'print("id,email," + ",".join(
	f"column{i}" for i in range(15998)))
for i in range(10, 30):
	print(f"{i},p{i}@x.example," + ",".join(["'"$1"'"] * 15998))'
	}
	wide a >a.csv
	wide b >b.csv
	for file in a a b; do
		(ulimit -t 4 && bm-import --course c "$file.csv") 2>err
	done
	ulimit -t 4
	bm-recipients --course c --read b.csv >out
	[ "$(head -n 1 out | jq '.column15997 + .column0')" = '"bb"' ]
	bm-recipients --course c --to learners >out
	[ "$(tail -n 1 out | jq '.column15997 + .column0')" = '"bb"' ]
	/usr/bin/python3 -c 'print("email," + "," * 500000)' >a.csv
	ends 2 bm-import --course c a.csv
	same 'bm-import: a.csv:1: row has more than 16,384 fields'
}
