# shellcheck disable=SC2154,SC2012 # bats sets them; the names are ours
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

records() {
	seq -f '{"n":%.0f}' "$1"
}

# The same as split(1) makes of it.
oracle() {
	mkdir -p "$1"
	split -l "$2" --numeric-suffixes=1 -a 6 --additional-suffix=.ndjson - "$1/"
}

@test "batches hold all records in order, byte for byte" {
	{
		printf '{ "x" : 1.10, "y":"\\u00e4" ,"z":[ ]}\n'
		printf ' {"big":9007199254740993}\t\n'
		printf '{"pad":"%s"}\n' "$(head -c 700000 /dev/zero | tr '\0' x)"
		records 48
	} >in
	for size in 1 2 7 51 52; do
		oracle want-$size $size <in
		ends 0 bm-batch --size $size --dir got-$size in
		same "$(ls -d want-$size/* | sed s/want/got/)"
		diff -r want-$size got-$size
	done
	[ "$(stat -c %a got-1)" = 700 ]
}

@test "the size is EMAILS_PER_TASK, 100 by default" {
	records 101 | bm-batch -d a
	[ "$(ls a)" = $'000001.ndjson\n000002.ndjson' ]
	records 101 | EMAILS_PER_TASK=101 bm-batch -d b
	[ "$(ls b)" = 000001.ndjson ]
	ends 2 env EMAILS_PER_TASK=none bm-batch -d c
	[[ $output == "bm-batch: EMAILS_PER_TASK (environment): "* ]]
	ends 2 bm-batch -d c -n 0
	ends 2 bm-batch
	[[ $output == *"--dir is missing" ]]
	[ ! -e c ]
}

@test "names end in NUL with --null, and suit xargs" {
	records 5 | bm-batch -0 -n 2 -d 'my spool//' >names
	printf '%s\0' 'my spool/00000'{1,2,3}.ndjson | cmp - names
	xargs -0 cat <names | cmp - <(records 5)
	records 1 | bm-batch --dir=-odd >names
	xargs -n 1 cat <names | cmp - <(records 1)
	[ "$(cat names)" = ./-odd/000001.ndjson ]
	records 1 | bm-batch --dir deep/er/est
	[ -s deep/er/est/000001.ndjson ]
}

@test "a name is told as soon as the batch is complete" {
	mkfifo pipe
	bm-batch -n 2 -d spool <pipe >names 3>&- &
	exec 4>pipe
	records 3 >&4
	wait_for 10 test -s names
	[ "$(cat names)" = spool/000001.ndjson ]
	[ ! -e spool/000002.ndjson ]
	exec 4>&-
	wait $!
	[ "$(tail -n 1 names)" = spool/000002.ndjson ]
}

@test "a second run replaces files and removes higher numbers" {
	records 10 | bm-batch -n 1 -d spool
	touch spool/notes spool/000004.txt spool/1.ndjson spool/.000099.part
	records 5 | bm-batch -n 3 -d spool
	[ "$(ls -A spool)" = $'000001.ndjson\n000002.ndjson\n000004.txt\n1.ndjson\nnotes' ]
	cat spool/00000?.ndjson | cmp - <(records 5)
	ends 0 bm-batch -d spool </dev/null
	[ -z "$output" ]
	cat spool/00000?.ndjson | cmp - <(records 5)
}

@test "a folder in use: 75, and it is left alone" {
	mkdir spool
	touch spool/.000001.part spool/000001.ndjson
	exec 4<spool
	flock 4
	ends 75 bm-batch -d spool < <(records 1)
	same "bm-batch: spool: the folder is in use by another process"
	same $'.000001.part\n000001.ndjson' "$(ls -A spool)"
	flock -u 4 # the process that wrote the records may still have it
	exec 4<&-
	ends 0 bm-batch -d spool < <(records 1)
}

@test "eight that make the same folder at once: 0 or 75, one at a time" {
	local pids pid

	for round in 1 2 3 4 5; do
		pids=()
		for _ in 1 2 3 4 5 6 7 8; do
			records 30 | bm-batch -n 3 -d "deep/$round/spool" \
				>>names 2>>err &
			pids+=($!)
		done
		for pid in "${pids[@]}"; do
			got=0
			wait "$pid" || got=$?
			[ "$got" -eq 0 ] || [ "$got" -eq 75 ]
			echo "$got" >>"statuses.$round"
		done
		grep -qx 0 "statuses.$round"
		cat "deep/$round"/spool/*.ndjson | diff - <(records 30)
	done
	run ! grep -v 'spool: the folder is in use by another process$' err
}

@test "--expect publishes all or nothing" {
	records 4 | bm-batch -n 1 -d spool
	for n in 2 6; do
		ends 2 bm-batch -n 2 -d spool --expect 5 < <(records $n)
		same "bm-batch: $n records came, not the 5 expected: nothing is published"
		cat spool/*.ndjson | cmp - <(records 4)
		[ "$(ls -A spool | wc -l)" -eq 4 ]
	done
	ends 2 bm-batch -n 2 -d spool --expect 3..4 < <(records 5)
	same "bm-batch: 5 records came, not the 3..4 expected: nothing is published"
	for bad in x 5..3 -1 '' 5..; do
		ends 2 bm-batch -n 2 -d spool --expect="$bad" < <(records 5)
		[[ $output == 'bm-batch: --expect'* ]]
	done
	ends 0 bm-batch -n 2 -d other --expect 5..6 < <(records 5)
	ends 0 bm-batch -n 2 -d spool --expect 5 < <(records 5)
	same $'spool/000001.ndjson\nspool/000002.ndjson\nspool/000003.ndjson'
	cat spool/*.ndjson | cmp - <(records 5)
	ends 0 bm-batch -d spool --expect 0 </dev/null
}

@test "--expect: no name is told before the end of the input" {
	mkfifo pipe
	bm-batch -n 1 -d spool --expect 3 <pipe >names 3>&- &
	exec 4>pipe
	records 3 >&4
	wait_for 10 test -e spool/.000003.part
	[ ! -s names ]
	[ -z "$(ls spool)" ]
	exec 4>&-
	wait $!
	[ "$(wc -l <names)" -eq 3 ]
}

@test "a producer killed between two records" {
	(records 7; kill -9 $BASHPID) >in || true
	ends 2 bm-batch -n 2 -d a --expect 9 in
	[ -z "$(ls -A a)" ]
	run bash -c 'set -o pipefail
		(seq -f "{\"n\":%.0f}" 7; kill -9 $BASHPID) | bm-batch -n 2 -d b'
	[ "$status" -eq 137 ]
	[ "$(ls b | wc -l)" -eq 4 ]
}

@test "a truncated last line: 2, named, earlier batches stay" {
	records 5 >in
	printf '{"n":6' >>in
	ends 2 bm-batch -n 2 -d spool <in
	same $'spool/000001.ndjson\nspool/000002.ndjson\nbm-batch: stdin:6: the last line does not end in a newline: the input is cut off'
	cat spool/*.ndjson | cmp - <(records 4)
	[ "$(ls -A spool | wc -l)" -eq 2 ]
}

@test "a bad line is named and left out" {
	printf '{"n":1}\n{"email":"a@b.example","n":\n[]\n{"n":2}\n' >in
	run --separate-stderr bm-batch -d spool --rejects bad <in
	[ "$status" -eq 1 ]
	[ "$(wc -l <<<"$stderr")" -eq 2 ]
	[[ $stderr == "bm-batch: stdin:2: "*"bm-batch: stdin:3: "* ]]
	cat spool/*.ndjson | cmp - <(records 2)
	[ "$(jq -c '[.stage, .class, .file, .line, .email]' bad)" = \
		$'["batch","invalid","stdin",2,null]\n["batch","invalid","stdin",3,null]' ]
	ends 2 bm-batch -d spool --rejects bad --expect 4 <in
	ends 2 bm-batch -d spool --rejects /dev/full <in
	[[ $output == *"/dev/full: cannot write: No space left on device" ]]
}

@test "a full disk: 2, nothing half-written" {
	{
		records 10
		printf '{"pad":"%s"}\n' "$(head -c 100000 /dev/zero | tr '\0' x)"
	} >in
	ends 2 bash -c 'trap "" XFSZ; ulimit -f 64; bm-batch -n 10 -d spool in'
	same 'spool/000001.ndjson
bm-batch: spool/000002.ndjson: cannot write: File too large'
	[ "$(ls -A spool)" = 000001.ndjson ]
	cmp spool/000001.ndjson <(records 10)
}

# A leak checker cannot work below strace.
export ASAN_OPTIONS=detect_leaks=0

# Each call that makes a batch durable fails in turn.
@test "errors of the disk at each call: 2, nothing half-written" {
	for call in write fsync renameat openat; do
		for error in ENOSPC EIO; do
			n=1
			[ $call != openat ] || n=$(openings)
			rm -rf spool
			records 4 | bm-batch -n 2 -d spool
			ends 2 strace -qqq -o trace -e trace=$call \
				-e inject=$call:error=$error:when="$n" \
				bm-batch -n 4 -d spool < <(records 8)
			grep -q INJECTED trace
			[[ $output == "bm-batch: spool"* ]]
			[ "$(ls -A spool)" = $'000001.ndjson\n000002.ndjson' ]
			cat spool/* | cmp - <(records 4)
		done
	done
}

# The number of the openat(2) that makes the first batch file.
openings() {
	strace -qqq -o trace -e trace=openat bm-batch -d spool < <(records 1) >names
	grep -n part trace | cut -d: -f1
}

@test "killed at any write, it leaves no file that is not whole" {
	for call in write fsync renameat; do
		for n in 1 2 3; do
			rm -rf spool
			run strace -qqq -o trace -e trace=$call \
				-e inject=$call:signal=KILL:when="$n" \
				bm-batch -n 2 -d spool < <(records 6)
			[ "$status" -eq 137 ]
			for file in spool/*.ndjson; do
				[ ! -e "$file" ] || [ "$(wc -l <"$file")" -eq 2 ]
			done
			ends 0 bm-batch -n 2 -d spool < <(records 6)
			[ "$(ls -A spool | wc -l)" -eq 3 ]
		done
	done
}

@test "--write-plan says what is to be sent, before any batch is there" {
	load messages
	{ messages 1 5; messages 3 7; } >in
	mkfifo pipe
	bm-batch -n 4 -d spool --write-plan plan <pipe >names 3>&- &
	exec 4>pipe
	cat in >&4
	wait_for 10 test -e spool/.000002.part
	[ -z "$(ls spool)" ]
	exec 4>&-
	wait $!
	[ "$(wc -l <names)" -eq 3 ]
	[ "$(jq -r '[.email_id, .course_id, .count, (.domains | tojson)] | join(" ")' plan)" = \
		'week3 course-v1:UniX+CS101+2026 7 {"uni.example":7}' ]
	[ "$(jq -r .content plan)" = "$(jq -r .content in | sort -u)" ]
	[ "$(jq -r .keys_sha256 plan)" = \
		"$(jq -r .email in | sort -u | sha256sum | cut -d ' ' -f 1)" ]
	[ "$(sha256sum <plan.keys)" = "$(jq -r .keys_sha256 plan)  -" ]
	[ "$(stat -c %a plan.keys)" = 600 ]
	jq -r '.batches[] | "\(.sha256)  spool/\(.name)"' plan | sha256sum -c
	[ "$(jq -c '[.batches[].count]' plan)" = '[4,4,2]' ]
}

@test "the plan is not written through a link in its way" {
	load messages
	messages 1 2 >in
	echo keep >victim
	# shellcheck disable=SC2016 # the PID is that of bm-batch
	ends 0 bash -c 'ln -s victim "plan.$$.part"
		exec bm-batch -d spool --write-plan plan in'
	same keep "$(cat victim)"
	same 2 "$(jq .count plan)"
}

@test "a plan is of one mailing, and of good addresses" {
	load messages
	{ messages 1 2; messages 3 3 exam; } >in
	ends 2 bm-batch -d spool --write-plan plan in
	same 'bm-batch: in:3: "email_id" is another one than before: a plan is of one mailing'
	[ ! -e plan ]
	[ -z "$(ls -A spool)" ]
	printf '{"email":"A@b.example"}\n{"email":"a.b.example"}\n{"n":1}\n' >in
	ends 1 bm-batch -d spool --write-plan plan in
	[[ ${lines[0]} == "bm-batch: in:2: "* ]]
	same 'bm-batch: in:3: "email" is missing or no string' "${lines[1]}"
	[ "$(jq -c '[.email_id, .count, .batches[].count]' plan)" = '[null,1,1]' ]
	ends 2 bm-batch -d other --write-plan /dev/full <spool/000001.ndjson
	same "bm-batch: /dev/full: cannot write: No space left on device"
	[ ! -e /dev/full.keys ]
	[ -z "$(ls -A other)" ]
	ends 2 bm-batch -d other --write-plan none/plan <spool/000001.ndjson
	[ -z "$(ls -A other)" ]
}

@test "the folder cannot be made or is none" {
	touch file
	echo '{}' >record
	ends 2 bm-batch -d file </dev/null
	same "bm-batch: file: cannot open the folder: Not a directory"
	ends 2 bm-batch -d file/x </dev/null
	same "bm-batch: file/x: cannot open the folder: Not a directory"
	ends 2 bm-batch -d /proc/x/y record
	same "bm-batch: /proc/x: cannot make the folder: No such file or directory"
	ends 2 bm-batch -d '' record
	same "bm-batch: --dir is empty"
}

@test "no records: no folder is made, and one from before is left alone" {
	ends 0 bm-batch -d none/spool </dev/null
	ends 0 bm-batch -d none/spool --expect 0 </dev/null
	ends 2 bm-batch -d none/spool --expect 1 </dev/null
	[ ! -e none ]
	echo '{"email":"u1@uni.example"}' | bm-batch -d spool --write-plan plan
	sha256sum plan spool/* >before
	for args in "" "--write-plan plan" "--expect 0" "--null"; do
		# shellcheck disable=SC2086 # words
		ends 0 bm-batch -d spool $args </dev/null
		same ''
		sha256sum --quiet -c before
	done
	ends 1 bm-batch -d spool --write-plan plan <<<'no record'
	sha256sum --quiet -c before
}

@test "the manual's first example runs" {
	seq -f '{"n":%.0f}' 5 | bm-batch -n 2 --dir spool >out
	printf '%s\n' spool/00000{1,2,3}.ndjson | diff - out
	grep -A 3 '^\$ seq' "$ROOT/man/bm-batch.1" | tail -n 3 | diff - out
}
