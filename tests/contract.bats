# The laws that every program keeps. The table says how each is run; a program
# that is not in it makes the suite fail.

# shellcheck disable=SC2154 # bats sets them
load helper
load messages

COURSE=course-v1:UniX+CS101+2026

# For program $1: is it a filter, its arguments, whether - may be an operand.
# Records come from `record N`, a different one for each N.
table() {
	filter=yes dash=no args=()
	case $1 in
	bm-batch)
		args=(--dir "$T/spool" --size 1)
		dash=yes
		record() { printf '{"n":%d%s}\n' "$1" "${2-}"; }
		;;
	bm-import)
		filter=no args=(--db "$T/db" --course "$COURSE")
		;;
	bm-bounce)
		filter=no args=(--verp 'b+%s@uni.example')
		;;
	bm-recipients)
		filter=no args=(--db "$T/db" --course "$COURSE" --to all)
		;;
	bm-report)
		filter=no args=(--db "$T/db")
		;;
	bm-optout)
		args=(filter --db "$T/db")
		dash=yes
		record() { recipient "$@"; }
		;;
	bm-render)
		args=(--id week3 --subject Hello --from staff@uni.example
			--postal-address 'Uni, 1 Way' --key-file "$T/key"
			--optout-url https://uni.example/optout "$T/body.html")
		record() { recipient "$@"; }
		;;
	bm-sign)
		args=(--key "s1=$T/key.pem")
		dash=yes
		record() {
			local line

			line=$(messages "$1" "$1")
			printf '%s%s}\n' "${line%?}" "${2-}"
		}
		;;
	bm-announce)
		filter=no args=(--course "$COURSE" --to all --subject S body.html)
		;;
	bm-send)
		args=(--db "$T/db" --maildir "$T/mail")
		dash=yes
		record() {
			local line

			line=$(messages "$1" "$1")
			printf '%s%s}\n' "${line%?}" "${2-}"
		}
		;;
	*)
		echo "$1 is not in the table of contract.bats"
		return 1
		;;
	esac
}

recipient() {
	printf '{"email":"u%d@uni.example","course_id":"%s"%s}\n' \
		"$1" "$COURSE" "${2-}"
}

setup_file() {
	printf 'email\nu1@uni.example\n' |
		bm-import --db "$BATS_FILE_TMPDIR/db" --create --course "$COURSE" -
	bm-sign keygen --selector s1 "$BATS_FILE_TMPDIR/key.pem"
}

setup() {
	T=$BATS_TEST_TMPDIR
	export SOURCE_DATE_EPOCH=1800000000
	export XDG_STATE_HOME=$T/state
	cd "$T" || return
}

# each FUNCTION: call it for every program, with -f for every filter.
each() {
	local only=all program paths=("$BM_BIN"/bm-*)

	if [ "$1" = -f ]; then
		only=filters
		shift
	fi
	for path in "${paths[@]}"; do
		program=${path##*/}
		table "$program"
		[ "$only" = all ] || [ "$filter" = yes ] || continue
		prepare
		echo "# $program"
		"$1" "$program"
	done
}

# What a program needs before it can run.
prepare() {
	rm -rf "${T:?}"/*
	cp "$BATS_FILE_TMPDIR/db" db
	echo '<p>Hello</p>' >body.html
	printf '1 %s\n' "$(head -c 64 /dev/zero | base64 -w 0)" >key
	cp "$BATS_FILE_TMPDIR/key.pem" .
	chmod 600 key
}

# status COMMAND...: its exit status; stdout and stderr go to files.
runs() {
	local want=$1 got=0

	shift
	timeout 20 "$@" >out 2>err || got=$?
	[ "$got" -eq "$want" ] && return
	echo "status $got, not $want: $*"
	cat err
	return 1
}

one_line() {
	[ "$(wc -l <err)" -eq 1 ] && grep -q "$1" err && return
	echo "not one line with '$1':"
	cat err
	return 1
}

help() {
	runs 0 "$1" --help
	[ ! -s err ]
	head -n 1 out | grep -q "^usage: $1 "
	awk 'length > 80 { print; bad = 1 } END { exit bad }' out
	got=0
	"$1" --help >/dev/full 2>err || got=$?
	[ "$got" -eq 2 ]
	one_line "^$1: .*No space left"
	got=0
	"$1" --help >&- 2>err || got=$?
	[ "$got" -eq 2 ]
	one_line "^$1: .*Bad file descriptor"
}

@test "--help is for stdout, at most 80 wide, and its loss is noticed" {
	each help
}

version() {
	runs 0 "$1" --version
	head -n 1 out | grep -Eq "^$1 \(bm\) [0-9]+\.[0-9]+\.[0-9]+$"
	# The libraries are those that it is linked with.
	grep -q '^libunistring 1\.' out
	if ldd "$(type -P "$1")" | grep -q libsqlite3; then
		grep -q "^SQLite $(sqlite3 --version | cut -d ' ' -f 1)$" out
	fi
	[ ! -s err ]
}

@test "--version" {
	each version
}

unknown() {
	runs 2 "$1" --no-such-option </dev/null
	[ ! -s out ]
	one_line "^$1: unknown option --no-such-option.*\(usage: $1\|--help\)"
	runs 2 "$1" --config
	one_line "^$1: option --config needs a value"
	runs 2 "$1" --config /nonexistent "${args[@]}" </dev/null
	one_line "^$1: /nonexistent: "
}

@test "an unknown option, a missing value, a missing settings file: 2" {
	each unknown
}

manual() {
	[ -s "$ROOT/man/$1.1" ]
}

# The options that --help lists with a TIME or a SIZE; a moment (bm-render
# --expires) is none of them.
no_unit() {
	local name

	"$1" --help | sed -nE '/--expires/d
		s/^ .*--([a-z-]+) (TIME|SIZE)( .*)?$/\1/p' >options
	while read -r name; do
		runs 2 "$1" "--$name=7" </dev/null
		one_line "^$1: --$name: \"7\" has no unit, did you mean 7[a-zA-Z]*?"
		echo "$name" >>"$BATS_TEST_TMPDIR.seen"
	done <options
}

@test "a time or a size without its unit: 2, and the likely one is named" {
	each no_unit
	same "deadline expire last-login-before last-login-within lifetime max-size prune since timeout" \
		"$(sort -u "$BATS_TEST_TMPDIR.seen" | xargs)"
	runs 2 env BM_DKIM_EXPIRE=14 bm-sign --key a=b /dev/null
	one_line "BM_DKIM_EXPIRE.*did you mean 14d?"
	runs 2 env EMAIL_HOST=127.0.0.1 EMAIL_USE_TLS=no bm-send --db db --rate 14/10 /dev/null
	one_line "did you mean 10s?"
	runs 2 bm-announce --course c --to all --subject S --lifetime 48 body.html
	one_line "did you mean 48h?"
}

@test "every program has a manual page" {
	each manual
}

empty() {
	runs 0 "$1" "${args[@]}" </dev/null
	[ ! -s out ]
	[ ! -s err ]
}

@test "empty input: 0, nothing printed" {
	each -f empty
}

good() {
	{ record 1; record 2; } >in
	runs 0 "$1" "${args[@]}" <in
	[ ! -s err ]
	[ -s out ]
	[ -z "$(tail -c 1 out)" ]
}

@test "good records: 0, whole lines, silence on stderr" {
	each -f good
}

truncated() {
	{ record 1; record 2 | tr -d '\n'; } >in
	runs 2 "$1" "${args[@]}" <in
	one_line "^$1: stdin:2: .*newline"
}

@test "a last line without newline: 2, and it is named" {
	each -f truncated
}

long() {
	{ record 1; record 2 ",\"pad\":\"$(head -c 1048576 /dev/zero |
		tr '\0' x)\""; record 3; } >in
	runs 0 "$1" "${args[@]}" <in
	[ "$(grep -c . out)" -ge 3 ]
}

@test "a line of 1 MiB is a line like others" {
	each -f long
}

# bad BYTES: one bad record between two good ones.
bad_between() {
	local program=$1

	{ record 1; printf '%b\n' "$2"; record 2; } >in
	runs 1 "$program" "${args[@]}" --rejects rejects <in
	one_line "^$program: stdin:2: "
	[ "$(grep -c . out)" -ge 2 ]
	/usr/bin/python3 -c 'import json, sys
rows = [json.loads(line) for line in open("rejects", encoding="utf-8")]
assert len(rows) == 1 and rows[0]["line"] == 2, rows
assert rows[0]["file"] == "stdin" and rows[0]["reason"], rows'
}

bad() {
	local bytes

	for bytes in 'no json' '' '[]' '{"a":1' '{"a":"\0"}' '{"a":"\xff"}' \
		'{"a":"\\ud800"}' '{"a":1,"a":2}' '{"a":"\t"}' '\0' \
		'\xef\xbb\xbf{}'; do
		echo "# $bytes"
		prepare
		bad_between "$1" "$bytes"
	done
}

@test "a bad record in the middle: named, put aside, the others go on, 1" {
	each -f bad
}

full() {
	record 1 >in
	got=0
	timeout 20 "$1" "${args[@]}" <in >/dev/full 2>err || got=$?
	[ "$got" -eq 2 ]
	one_line "^$1: .*No space left on device"
}

@test "a full disk under stdout: 2" {
	each -f full
}

gone() {
	record 1 >in
	/usr/bin/python3 -c 'import os, subprocess, sys
r, w = os.pipe()
os.close(r)
p = subprocess.run(sys.argv[1:], stdin=open("in"), stdout=w,
    stderr=open("err", "w"), timeout=20)
assert p.returncode == 2, p.returncode' "$1" "${args[@]}"
	[ ! -s err ]
}

@test "a reader that went away: 2, not a signal's death, and not a word" {
	each -f gone
}

closed() {
	local got=0

	record 1 >in
	runs 2 "$1" "${args[@]}" <&-
	one_line "^$1: stdin: cannot read: Bad file descriptor"
	timeout 20 "$1" "${args[@]}" <in >&- 2>err || got=$?
	[ "$got" -eq 2 ]
	one_line "^$1: .*Bad file descriptor"
	timeout 20 "$1" --help <&- >out 2>&-
	[ -s out ]
}

@test "closed descriptors are errors, never somebody else's file" {
	each -f closed
}

# lost COMMAND...: it notices each way in which stdout can be lost.
lost() {
	local got

	echo "# $*"
	runs 0 "$@" </dev/null
	[ -s out ]
	got=0
	"$@" </dev/null >/dev/full 2>err || got=$?
	[ "$got" -eq 2 ]
	one_line "^${1##*/}: .*No space left on device"
	got=0
	"$@" </dev/null >&- 2>err || got=$?
	[ "$got" -eq 2 ]
	one_line "^${1##*/}: .*Bad file descriptor"
}

@test "what prints without reading notices a lost stdout as well" {
	local at=(--db db --course "$COURSE") address=u9@uni.example command

	prepare
	export BM_OPTOUT_URL=https://uni.example/optout
	messages 1 1 >one
	bm-send --db db --maildir mail one >outcomes
	bm-optout add "${at[@]}" --reason asked "$address"
	for command in help version print-config; do
		lost bm-import --"$command"
	done
	lost bm-recipients "${at[@]}" --to all
	lost bm-recipients "${at[@]}" --to all --count
	lost bm-report --db db
	lost bm-report --db db --id week3
	lost bm-report --db db --id week3 --json
	lost bm-report --db db --id week3 --records
	lost bm-report --db db --id week3 --csv
	lost bm-optout list --db db
	lost bm-optout export --db db
	lost bm-optout history --db db "$address"
	lost bm-optout url --db db --key-file key --course "$COURSE" "$address"
	lost bm-optout filter --help
}

# Times differ between two runs, and nothing else.
keep() {
	kept=$(sed -E "$times" out)
}

same_output() {
	same "$kept" "$(sed -E "$times" out)"
}

times='s/"(ms|at)":[^,}]*/"\1":0/g; s/Date: [^\\]*//'

dashes() {
	record 1 >in
	runs 0 "$1" "${args[@]}" <in
	keep
	[ "$dash" = yes ] || return 0
	prepare
	record 1 >in
	runs 0 "$1" "${args[@]}" - <in
	same_output
	prepare
	record 1 >in
	runs 0 "$1" "${args[@]}" -- in
	same_output
	runs 2 "$1" "${args[@]}" -- --help <in
	one_line "^$1: --help: cannot open"
}

@test "- is stdin, -- ends the options" {
	each -f dashes
}

places() {
	record 1 >in
	runs 0 "$1" "${args[@]}" <in
	keep
	prepare
	record 1 >in
	(cd /proc && LC_ALL=C "$1" "${args[@]}" <"$T/in" >"$T/out")
	same_output
	prepare
	record 1 >in
	LC_ALL=xx_XX.nowhere "$1" "${args[@]}" <in >out
	same_output
}

@test "the locale and a folder that cannot be written change nothing" {
	each -f places
}
