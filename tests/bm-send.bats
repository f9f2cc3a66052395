# bm-send into a Maildir: the ledger's promises as a person sees them.
# shellcheck disable=SC2314,SC2154 # bats sets stderr

load helper
load messages

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export BM_DB=$BATS_TEST_TMPDIR/bm.db
	bm-optout init 2>/dev/null
}

# count FIELD VALUE FILE: outcomes with that value.
count() {
	jq -r ".$1" "$3" | grep -cx "$2" || true
}

rows() {
	sqlite3 bm.db "SELECT state, count(*) FROM deliveries GROUP BY 1" |
		tr '\n' ' '
}

@test "each message is delivered once, with one outcome" {
	messages 1 100 >m.ndjson
	ends 0 --separate-stderr bm-send --maildir M m.ndjson
	same "" "$stderr"
	printf '%s\n' "$output" >out
	[ "$(count status sent out)" -eq 100 ]
	[ "$(find M/new -type f | wc -l)" -eq 100 ]
	[ -z "$(find M/tmp M/cur -type f)" ]
	same "sent|100 " "$(rows)"
}

@test "what arrives is the message, byte for byte" {
	messages 7 7 >m.ndjson
	bm-send --maildir M m.ndjson >/dev/null
	jq -rj .message m.ndjson | cmp - M/new/*
}

@test "an outcome has every member of bm-records(5)" {
	messages 1 1 | bm-send --maildir M >out
	same "at attempt class code course_id email email_id enhanced message_id\
 ms next_try queue_id relay reply stage status user_id" \
		"$(jq -r 'keys | join(" ")' out)"
	same "<week3.1@uni.example> ok maildir 1" \
		"$(jq -r '[.message_id, .class, .stage, .attempt] | join(" ")' out)"
}

@test "the same command again sends nothing and is content" {
	messages 1 20 >m.ndjson
	bm-send --maildir M m.ndjson >/dev/null
	ends 0 bm-send --maildir M m.ndjson
	printf '%s\n' "$output" >out
	[ "$(count class duplicate out)" -eq 20 ]
	[ "$(count was sent out)" -eq 20 ]
	[ "$(find M -type f | wc -l)" -eq 20 ]
}

@test "the same person twice in one input gets one message" {
	{
		messages 1 3
		messages 2 2 | sed 's/u2@uni/U2@UNI/'
	} >m.ndjson
	ends 0 bm-send --maildir M m.ndjson
	printf '%s\n' "$output" >out
	[ "$(count class duplicate out)" -eq 1 ]
	[ "$(find M -type f | wc -l)" -eq 3 ]
}

@test "eight processes with overlapping input: each person once" {
	for i in 1 2 3 4; do
		messages $((i * 100)) $((i * 100 + 149)) >"b$i"
		cp "b$i" "c$i"
	done
	run bash -c 'printf "%s\0" b? c? |
		xargs -0 -P 8 -n 1 bm-send --maildir M >out'
	[ "$(count status sent out)" -eq 450 ]
	[ "$(wc -l <out)" -eq 1200 ]
	[ "$(find M/new -type f | wc -l)" -eq 450 ]
	printf '%s\0' b? c? | xargs -0 -n 1 bm-send --maildir M >again
	[ "$(count class duplicate again)" -eq 1200 ]
}

@test "who opted out is skipped, and stays so" {
	bm-optout add --course course-v1:UniX+CS101+2026 \
		--reason "asked by phone" u2@uni.example
	messages 1 3 >m.ndjson
	ends 0 bm-send --maildir M m.ndjson
	printf '%s\n' "$output" >out
	same "skipped optout" \
		"$(jq -r 'select(.user_id == "2") | .status + " " + .class' out)"
	[ "$(find M -type f | wc -l)" -eq 2 ]
}

@test "--retry optout sends to who was taken back in, and to nobody else" {
	bm-optout add --force u1@uni.example u2@uni.example 2>/dev/null
	messages 1 3 >m
	bm-send --maildir M m >/dev/null
	bm-optout remove --reason mistake u1@uni.example 2>/dev/null
	ends 0 bm-send --maildir M m
	[ "$(find M/new -type f | wc -l)" -eq 1 ]
	ends 0 --separate-stderr bm-send --maildir M --retry optout m
	same "u1 sent ok
u2 skipped optout
u3 skipped duplicate" "$(jq -r '"\(.email | sub("@.*"; "")) \(.status) " +
		.class' <<<"$output" | sort)"
	bm-send --maildir M --retry optout m >/dev/null
	[ "$(find M/new -type f | wc -l)" -eq 2 ]
	same "sent|2 skipped|1 " "$(rows)"
}

@test "--retry of a class that is none, or is final, is refused before all" {
	messages 1 3 >m
	for class in greylistd nosuch "" REFUSED ok duplicate cancelled \
		invalid bad_domain busy held stopped no_reply; do
		ends 2 bm-send --maildir M --retry "$class" m
		[[ $output == "bm-send: --retry"* ]]
		[ "${#lines[@]}" -eq 1 ]
	done
	[ ! -e M ]
}

# Whoever thinks that a mailing is held must not be wrong.
@test "an action goes with no other action, option or file: 2, nothing done" {
	local actions=(--check "--hold week3" "--release week3" "--cancel week3"
		"--assume-sent week3" "--uncertain week3") a b

	messages 1 1 | bm-send --maildir M >/dev/null
	export EMAIL_HOST=127.0.0.1 EMAIL_PORT=1 EMAIL_USE_TLS=no
	for a in "${actions[@]}"; do
		for b in "${actions[@]}" "--maildir M" --wait "--retry refused" \
			--accept-older-ledger --unlink m; do
			# shellcheck disable=SC2086 # two words each
			ends 2 bm-send $a $b
			[[ $output == *"exclude each other"* || $output == *twice* ||
				$output == *"takes no operand"* ]]
		done
	done
	same open "$(sqlite3 bm.db 'SELECT state FROM emails')"
	same 0 "$(sqlite3 bm.db 'SELECT uncertain FROM emails')"
}

@test "--hold, --release and --cancel" {
	messages 1 1 | bm-send --maildir M >/dev/null
	bm-send --hold week3
	messages 1 5 >m.ndjson
	ends 75 bm-send --maildir M m.ndjson
	printf '%s\n' "$output" >out
	[ "$(count class held out)" -eq 5 ]
	bm-send --release week3
	messages 2 3 >two.ndjson
	ends 0 bm-send --maildir M two.ndjson
	bm-send --cancel week3
	ends 0 bm-send --maildir M m.ndjson
	printf '%s\n' "$output" >out
	[ "$(count class cancelled out)" -eq 2 ]
	[ "$(count class duplicate out)" -eq 3 ]
	same "sent|3 skipped|2 " "$(rows)"
	ends 2 bm-send --hold week9
	same "bm-send: no mailing week9 in the ledger"
}

@test "--assume-sent of no mailing is an error, as of --hold and --cancel" {
	messages 1 1 | bm-send --maildir M >/dev/null
	for option in --hold --release --cancel --assume-sent; do
		ends 2 bm-send $option week9
		same "bm-send: no mailing week9 in the ledger"
	done
	ends 0 bm-send --assume-sent week3
	same "bm-send: week3: 0 in doubt now count as sent"
}

@test "--cancel is final: neither --release nor --hold opens a way back" {
	messages 1 1 | bm-send --maildir M >/dev/null
	ends 0 bm-send --hold week3
	same "bm-send: week3: held until --release"
	ends 0 bm-send --release week3
	same "bm-send: week3: released"
	ends 0 bm-send --cancel week3
	same "bm-send: week3: cancelled for good"
	for option in --release --hold --release; do
		ends 2 bm-send $option week3
		same "bm-send: mailing week3 is cancelled, and stays so; to mail\
 the rest, render it with another --id for bm-recipients --ledger\
 week3=none,skipped"
	done
	ends 0 bm-send --cancel week3
	ends 0 --separate-stderr bm-send --maildir M <<<"$(messages 2 3)"
	same "cancelled cancelled" "$(jq -r .class <<<"$output" | xargs)"
	[ "$(find M -type f | wc -l)" -eq 1 ]
}

@test "another text under the same id is refused before anything is sent" {
	messages 1 2 | bm-send --maildir M >/dev/null
	messages 1 4 | sed 's/"content":"0/"content":"1/' >new.ndjson
	ends 2 bm-send --maildir M new.ndjson
	[[ $output == *"begun with another text"* ]]
	[ "$(find M -type f | wc -l)" -eq 2 ]
	ends 0 bm-send --maildir M --accept-content new.ndjson
	[ "$(find M -type f | wc -l)" -eq 4 ]
	messages 5 5 | sed 's/CS101/CS102/' >course.ndjson
	ends 2 bm-send --maildir M --accept-content course.ndjson
	[[ $output == *"belongs to course course-v1:UniX+CS101+2026"* ]]
}

@test "an expired message is skipped" {
	messages 1 1 | sed 's/"content"/"expires":"2020-01-01T00:00:00Z","content"/' >m
	ends 0 bm-send --maildir M m
	same "skipped expired" "$(jq -r '.status + " " + .class' <<<"$output")"
	[ ! -d M/new ] || [ -z "$(ls M/new)" ]
}

@test "a bad record is named with its line and does not stop the rest" {
	{
		messages 1 1
		echo '{"email_id":"week3"}'
		messages 2 2 | sed 's/u2@uni.example/u2@/'
		messages 3 3
	} >m.ndjson
	ends 1 --separate-stderr bm-send --maildir M --rejects r m.ndjson
	printf '%s\n' "$output" >out
	[ "$(find M -type f | wc -l)" -eq 2 ]
	[[ ${stderr_lines[0]} == "bm-send: m.ndjson:2: "* ]]
	[[ ${stderr_lines[1]} == "bm-send: m.ndjson:3: "* ]]
	[ "$(count class bad_address out)" -eq 1 ]
	[ "$(wc -l <r)" -eq 2 ]
}

# Broken in every member, and in no member.
@test "each broken record has one outcome, with what is known of it" {
	messages 1 1 >one
	{
		for name in email_id course_id email content message; do
			jq -c "del(.$name)" one
			jq -c ".$name = 7" one
			jq -c ".$name = \"\"" one
		done
		jq -c '.user_id = {}' one
		jq -c '.user_id = 1.5' one
		jq -c '.expires = "soon"' one
		jq -c '.sender = "no address"' one
		jq -c '.email_id = "a b"' one
		jq -c '.content = "0a"' one
		jq -c '.message = "x"' one
		jq -c '.message = ".\r\n"' one
		jq -c '.message += "x" * 999 + "\r\n"' one
		printf '%s\n' '' 'not json' '[]' '{"a":1}' '{"email":"' \
			'{"email_id":"w","email_id":"v"}'
		cat one
	} >m
	ends 1 --separate-stderr bm-send --maildir M m
	printf '%s\n' "$output" >out
	same "$(wc -l <m)" "$(wc -l <out)"
	same "1 sent ok|30 skipped invalid" "$(jq -r '.status + " " + .class' \
		out | sort | uniq -c | sed 's/^ *//' | paste -sd '|')"
	same "30" "$(jq -r 'select(.class == "invalid").reply' out | grep -c .)"
	jq -es 'map([.email_id, .course_id, .user_id, .email] |
			map(select(. != null)) | length) ==
		[3,3,3, 3,3,3, 3,3,3, 4,4,4, 4,4,4, 3,3,4,4,3,4,4,4,4, 0,0,0,0,0,0,4]' out
	same "sent|1 " "$(rows)"
}

@test "a user id that is a number stays one" {
	messages 1 3 | jq -c '.user_id |= tonumber' >m
	bm-send --maildir M m >out
	bm-send --maildir M m >>out
	same "1 2 3 1 2 3" "$(jq -c .user_id out | xargs)"
	messages 5 5 | bm-send --maildir M >>out
	same '1 2 3 "5"' "$(bm-report --id week3 --records | jq -c .user_id |
		paste -sd ' ')"
	messages 4 4 | sed 's/"user_id":"4"/"user_id":9007199254740993/' |
		bm-send --maildir M | grep -q '"user_id":9007199254740993,'
}

@test "a cut-off input: the whole records are sent, and 2 says so" {
	messages 1 3 | head -c -20 >m.ndjson
	ends 2 --separate-stderr bm-send --maildir M m.ndjson
	[[ $stderr == "bm-send: m.ndjson:3: "* ]]
	[ "$(find M/new -type f | wc -l)" -eq 2 ]
}

# The file of learner uN in a Maildir, by the rule of bm-records(5).
file_of() {
	printf 'bm message-id 1\0week3\0u%d@uni.example' "$1" |
		/usr/bin/python3 -c 'import base64, hashlib, sys
digest = hashlib.sha256(sys.stdin.buffer.read()).digest()
print(base64.b32encode(digest[:20]).decode().lower() + ".bm")'
}

@test "a full disk under the Maildir: nothing half-written, nothing lost" {
	messages 1 50 >m.ndjson
	mkdir -p M/tmp
	ends 2 --separate-stderr strace -qq -o trace -P "$PWD/M/tmp/$(file_of 30)" \
		-e inject=write:error=ENOSPC bm-send --maildir "$PWD/M" m.ndjson
	grep -q 'ENOSPC.*INJECTED' trace
	[[ $stderr == "bm-send: $PWD/M/tmp/"*": No space left on device" ]]
	[ -z "$(find M/tmp -type f)" ]
	[ ! -e "M/new/$(file_of 30)" ]
	same 0 "$(sqlite3 "$BM_DB" "SELECT count(*) FROM deliveries
		WHERE state = 'in_doubt'")"
	ends 0 bm-send --maildir M m.ndjson
	[ "$(find M/new -type f | wc -l)" -eq 50 ]
}

@test "without a message there is no Maildir; one that cannot be is named" {
	ends 0 bm-send --maildir M </dev/null
	[ ! -e M ]
	messages 1 1 >one
	ends 2 bm-send --maildir none/M one
	same 'bm-send: none/M: No such file or directory'
	touch file
	ends 2 bm-send --maildir file one
	same 'bm-send: file: Not a directory'
	mkdir M
	touch M/new
	ends 2 bm-send --maildir M one
	same 'bm-send: M/new: Not a directory'
	rm M/new
	ends 0 bm-send --maildir M one
	[ "$(find M/new -type f | wc -l)" -eq 1 ]
}

@test "a sync that fails, whichever: it stops, and the next run ends it" {
	# SQLite ignores the answer of its sync of the folder.
	for n in first second; do
		messages 1 50 "$n" >m.ndjson
		strace -qq -y -o trace -e trace=fdatasync \
			bm-send --maildir "$n" m.ndjson >out
	done
	mapfile -t places < <(grep -vn "<$PWD>" trace | cut -d: -f1)
	[ ${#places[@]} -ge 5 ]
	for n in "${places[@]:0:5}"; do
		messages 1 50 "try$n" >m.ndjson
		ends 2 --separate-stderr strace -qq -o trace -e trace=fdatasync \
			-e "inject=fdatasync:error=EIO:when=$n" \
			bm-send --maildir "M$n" m.ndjson
		grep -q 'EIO.*INJECTED' trace
		[[ $stderr == "bm-send: "* ]]
		[ "$(find "M$n/new" -type f | wc -l)" -lt 50 ]
		ends 0 bm-send --maildir "M$n" m.ndjson
		[ "$(find "M$n/new" -type f | wc -l)" -eq 50 ]
		[ -z "$(find "M$n/tmp" -type f)" ]
	done
}

@test "stdout that cannot be written ends the run, and the ledger knows all" {
	messages 1 300 >m.ndjson
	ends 2 bash -c 'bm-send --maildir M m.ndjson >/dev/full'
	[[ $output == *"cannot write stdout"* ]]
	[ "$(find M/new -type f | wc -l)" -lt 300 ]
	ends 0 bm-send --maildir M m.ndjson
	[ "$(find M/new -type f | wc -l)" -eq 300 ]
}

@test "no database, no way to deliver: one line and 2" {
	ends 2 env -u BM_DB bm-send --maildir M /dev/null
	[[ $output == "bm-send: BM_DB is not set"* ]]
	ends 2 env BM_DB=nowhere.db bm-send --maildir M /dev/null
	[[ $output == "bm-send: "*"nowhere.db"* ]]
	[ ! -e nowhere.db ]
}

@test "TERM finishes what is under way, gives back the rest, and 75" {
	messages 1 3000 >m.ndjson
	bm-send --maildir M m.ndjson >out &
	pid=$!
	wait_for 20 test -s out
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 75 ]
	[ "$(count status sent out)" -eq "$(find M/new -type f | wc -l)" ]
	[ "$(find M/new -type f | wc -l)" -lt 3000 ]
	same "" "$(find M/tmp -type f)"
	ends 0 bash -c 'bm-send --maildir M m.ndjson >out2'
	[ "$(find M/new -type f | wc -l)" -eq 3000 ]
}

@test "--deadline begins nothing after it" {
	messages 1 2000 >m.ndjson
	ends 75 bash -c 'bm-send --maildir M --deadline 1ms m.ndjson >out'
	[ "$(find M/new -type f | wc -l)" -lt 2000 ]
	[ "$(count status sent out)" -eq "$(find M/new -type f | wc -l)" ]
	ends 0 bash -c 'bm-send --maildir M m.ndjson >out2'
	[ "$(find M/new -type f | wc -l)" -eq 2000 ]
}

@test "--unlink removes a batch when nothing in it is left to do" {
	messages 1 3 >all-sent
	messages 4 5 >held
	printf '{"email_id":"week3"}\n' >bad
	messages 6 6 >>bad
	ends 1 bm-send --maildir M --unlink all-sent bad
	[ ! -e all-sent ] && [ -e bad ]
	bm-send --hold week3
	ends 75 bm-send --maildir M --unlink held
	[ -e held ]
	bm-send --release week3
	ends 0 bm-send --maildir M --unlink held
	[ ! -e held ]
}

@test "--plan: only files that the plan names, with that content" {
	mkdir spool
	messages 1 6 | bm-batch --size 2 --dir spool --write-plan plan >/dev/null
	ends 0 bm-send --maildir M --plan plan spool/000001.ndjson
	messages 9 9 >spool/000002.ndjson
	ends 2 bm-send --maildir M --plan plan spool/000002.ndjson
	same "bm-send: spool/000002.ndjson: is not the batch that plan speaks of"
	cp spool/000003.ndjson other.ndjson
	ends 2 bm-send --maildir M --plan plan spool/000003.ndjson other.ndjson
	same "bm-send: plan: names no batch other.ndjson"
	ends 2 bm-send --maildir M --plan plan <spool/000003.ndjson
	[ "$(find M/new -type f | wc -l)" -eq 2 ]
}

@test "a course or an installation whose email is turned off is not mailed" {
	printf 'email\na@uni.example\n' |
		bm-import --course course-v1:UniX+CS101+2026 --email-enabled no - 2>/dev/null
	messages 1 2 >m.ndjson
	ends 2 bm-send --maildir M m.ndjson
	[[ $output == *"email is turned off for course course-v1:UniX+CS101+2026"* ]]
	bm-import --course course-v1:UniX+CS101+2026 --email-enabled yes
	ends 2 env ENABLE_INSTRUCTOR_EMAIL=no bm-send --maildir M m.ndjson
	[[ $output == *"turned off by ENABLE_INSTRUCTOR_EMAIL"* ]]
	[ -z "$(find M -type f 2>/dev/null)" ]
	ends 0 bm-send --maildir M m.ndjson
}
