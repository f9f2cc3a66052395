#!/usr/bin/env bats
# Progress of long work: when it is shown, what it says, that it goes away.

settings() {
	export BM_DB=m.db BM_KEY_FILE=key \
		BM_OPTOUT_URL=https://l.example.edu/o BM_POSTAL_ADDRESS='1 St' \
		DEFAULT_BULK_FROM_EMAIL=c@uni.example LC_ALL=C.UTF-8
}

setup_file() {
	load helper.bash
	mkdir "$BATS_FILE_TMPDIR/d" && cd "$BATS_FILE_TMPDIR/d" || return
	settings
	bm-optout keygen 2>/dev/null
	seq 400 | awk 'BEGIN { print "id,email,name" }
		{ print $1 ",u" $1 "@uni.example,N" }' >r.csv
	bm-import --create --course c r.csv 2>/dev/null
	bm-recipients --course c --to learners >in
	for _ in 1 2 3 4 5 6 7 8 9; do
		cat in
	done >many
	echo 'Hi {{name}}' >b.md
	head -3 in | bm-render --id old --subject s b.md |
		bm-send --maildir ../M >/dev/null
	awk -F, 'NR > 1 { print $2 } NR == 1 { print "email" }' r.csv >o.csv
}

setup() {
	load helper.bash
	cp -a "$BATS_FILE_TMPDIR/d" "$BATS_TEST_TMPDIR/d"
	cd "$BATS_TEST_TMPDIR/d" || return
	settings
	# faketime's library comes before that of the sanitizer.
	export ASAN_OPTIONS="${ASAN_OPTIONS-}:verify_asan_link_order=0"
}

# On a terminal; what it showed, escapes and all.
screen() {
	TERM=${TERM_IS-vt100} /usr/bin/python3 "$ROOT/tests/terminal.py" -- \
		"$@" 3>&-
}

# What stays on the terminal: a line is written over from its beginning.
left_over() {
	sed 's/.*\r\x1b\[K//' | sed '/^$/d'
}

# COMMAND|a line of its progress, a pattern of grep -P
long_work() {
	cat <<-'END'
		bm-import --course d r.csv|\[█+\] \d+/s, mean \d+/s: 400 of 400 written
		bm-import --course e r.csv|\[[^]]*\] \d+/s, mean \d+/s.*: \d+ rows read
		bm-render --id n --subject s b.md <many >out|\[█+.? +\] \d+/s, mean \d+/s, (\d+:)+\d\d left: [\d,]+ records read
		bm-optout import --course c o.csv|\[[^]]*\] \d+/s, mean \d+/s.*: \d+ rows read
		bm-report --verify|\d+/s, mean \d+/s: \d+ checks made
		bm-report --prune 0d|\d+:\d\d: recipients forgotten
	END
}

# In a copy of the folder. The clock of "faketime -f '+0 i30'" goes on by 30
# seconds each time that the program looks at it.
in_copy() { # COPY SCRIPT
	cp -a . "../$1"
	(cd "../$1" && screen bash -c "$2")
	rm -r "../${1:?}"
}

@test "what takes long is shown on a terminal, and the line goes away" {
	while IFS='|' read -r command pattern; do
		echo "$command"
		in_copy c "faketime -f '+0 i30' $command" >../shown
		tr '\r' '\n' <../shown | grep -aqP "^\x1b\[K$pattern\$"
		# The same without it: only the messages stay.
		in_copy c "$command --no-progress" >../quiet
		run ! grep -q "$(printf '\033')" ../quiet
		diff <(left_over <../shown) <(left_over <../quiet)
	done < <(long_work)
}

@test "a pipe, no terminal, a dumb one, two seconds that are not over: silent" {
	local slow="faketime -f '+0 i30' bm-render --id n --subject s"
	slow() { in_copy c "$1" | grep -ac 'records read\|checks made\|rows read'; }
	[ "$(slow "$slow b.md <many >out")" -gt 0 ]
	for script in "$slow --no-progress b.md <many >out" \
		"$slow b.md <many | wc -c" \
		"head -40 in | $slow b.md >/dev/tty" \
		"$slow b.md <many >out 2>err; cat err" \
		"TERM=dumb $slow b.md <many >out" \
		"faketime -f '+0 x0.01' bm-render --id n --subject s b.md <in >out" \
		"faketime -f '+0 i30' bm-report --verify | cat"; do
		echo "$script"
		same 0 "$(slow "$script" 2>/dev/null)"
	done
}

@test "--progress: at once and in any case; messages have lines of their own" {
	run --separate-stderr bm-render --progress --id n --subject s b.md <in
	same "0 400" "$status $(wc -l <<<"$output")"
	same "bm-render: 0:00: records read" "${stderr:?}"
	run --separate-stderr bm-report --verify --progress
	same "bm-report: 0:00: checks made" "$stderr"
	in_copy c "bm-render --progress --id n --subject s b.md <in | wc -l" >../shown
	[[ $(<../shown) == *$'\r\e[K[ '*'0:00: records read'* ]]
	same 400 "$(left_over <../shown)"
	# Refused records stand in lines of their own, whole.
	sed '7s/,N$/,/; 100s/u[0-9]*@/@/' r.csv >bad.csv
	in_copy c "faketime -f '+0 i30' bm-import --course g bad.csv" >../shown || :
	left_over <../shown | grep -x 'bm-import: bad.csv:100: .*'
	grep -aq 'rows read' ../shown
	jq -c 'if .user_id == "7" then del(.name) else . end' in >lack
	in_copy c "faketime -f '+0 i30' bm-render --id n --subject s b.md <lack >out" >../shown || :
	same "bm-render: stdin:$(grep -n '"user_id":"7"' lack | cut -d : -f 1): u7@uni.example (user 7): b.md:1:4: field name is missing" \
		"$(left_over <../shown | head -1)"
	ends 2 bm-render --progress --no-progress --id n --subject s b.md <in
	ends 2 bm-report --progress
}

@test "a line of progress fits the window" {
	for columns in 20 80; do
		cp -a . ../c
		(cd ../c && COLUMNS=$columns screen bash -c \
			"faketime -f '+0 i30' bm-render --id n --subject s b.md <many >out") >../shown
		rm -r ../c
		tr '\r' '\n' <../shown | sed 's/^\x1b\[K//' |
			/usr/bin/python3 -c 'import sys
lines = [line.rstrip("\n") for line in sys.stdin]
assert len(lines) > 20 and max(map(len, lines)) < int(sys.argv[1]), max(lines, key=len)' "$columns"
	done
}
