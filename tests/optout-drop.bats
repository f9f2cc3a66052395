# Opt-outs that a user without any other right writes into a drop folder, and
# who takes them over.

# shellcheck disable=SC2154,SC2030,SC2031,SC2034 # bats sets them, in subshells
load helper
load smtp
load web

COURSE=course-v1:UniX+CS101+2026
WEB=daemon # a user of every Debian, who has nothing of ours

setup() {
	SERVERS=()
	page_setup
	bm-optout init --page-user "$(id -un)" 2>/dev/null
	DROP=$BM_DB-drop/$(id -un)
	printf '%s\n' "BM_KEY_FILE=$BM_KEY_FILE" "BM_OPTOUT_DROP=$DROP" >mail.conf
	bm-import --create --course $COURSE --title T <(printf '%s\n' id,email \
		42,ada@uni.example 43,bob@uni.example 44,eve@uni.example) 2>/dev/null
	# Now, since whoever makes a link takes acts over first.
	for who in 42,ada@uni.example 43,bob@uni.example; do
		printf 'Subject: %s\n\n' "$(token $COURSE "${who%,*}" "${who#*,}")" \
			>"${who#*,}"
	done
}

teardown() {
	stop_servers
	page_teardown
}

# says_no ADDRESS: an unsubscribe mail, as the mail server's user takes it.
says_no() {
	env -u BM_DB bm-optout mail --config mail.conf <"$1"
}

rows() {
	sqlite3 "$BM_DB" 'SELECT course_id, user_id, key, action, source
		FROM optouts ORDER BY seq'
}

waiting() {
	find "$DROP" -type f -name '0*' | wc -l
}

@test "an act is a file, and whoever uses the register takes it over first" {
	local use

	for use in "bm-optout check --course $COURSE ada@uni.example" \
		'bm-optout list' "bm-recipients --course $COURSE --to learners" \
		'bm-optout take' 'bm-send'; do
		sqlite3 "$BM_DB" 'DELETE FROM optouts'
		says_no ada@uni.example
		same 1 "$(waiting)"
		same 640 "$(stat -c %a "$DROP"/0*)"
		same "" "$(rows)"
		# shellcheck disable=SC2086 # a command and its arguments
		EMAIL_HOST=127.0.0.1 EMAIL_USE_TLS=no $use </dev/null >out 2>err || true
		same "$COURSE|42|ada@uni.example|out|mail" "$(rows)"
		same 0 "$(waiting)"
	done
	run ! grep -q ada@ <(bm-recipients --course $COURSE --to learners)
}

@test "the database by another name: its drop folders are the same" {
	ln -s bm.db other.db
	says_no ada@uni.example
	BM_DB=$PWD/other.db ends 0 bm-optout take
	same 'bm-optout: 1 opt-outs taken over'
}

@test "bm-report reads only, and counts the opt-outs that wait" {
	says_no ada@uni.example
	says_no bob@uni.example
	ends 0 bm-report
	[[ $output == *'2 opt-outs wait to be taken over (bm-optout take)'* ]]
	same 2 "$(waiting)"
}

@test "without the key of the links, or without the right, the status is 2" {
	says_no ada@uni.example
	BM_KEY_FILE='' ends 2 bm-recipients --course $COURSE --to learners
	[[ $output == *'opt-outs wait in '*'BM_KEY_FILE, which opens them'* ]]
	same 1 "$(waiting)"
	ends 0 bm-optout take
	same 'bm-optout: 1 opt-outs taken over'
	ends 0 bm-optout take
	same ''
}

@test "a key that is new opens the acts that wait with it" {
	bm-optout take --follow 2>said 3>&- &
	local taker=$!

	says_no ada@uni.example
	wait_for 10 grep -q '1 opt-outs taken over' said
	bm-optout keygen --rotate 2>/dev/null
	says_no bob@uni.example
	wait_for 10 test "$(grep -c . <(rows))" -ge 1
	wait_for 10 taken_over 2
	kill "$taker"
	wait "$taker" || true
	ends 1 bm-optout check --course $COURSE bob@uni.example
}

# taken_over COUNT: so many rows are in the register.
taken_over() {
	[ "$(rows | wc -l)" -eq "$1" ]
}

@test "what is no act is removed, is not followed, and stops no sender" {
	local name good

	name=000000001-$(printf '%024d-%024d-%016d' 1 2 3)
	says_no ada@uni.example
	good=$(basename "$DROP"/0*)
	echo secret >target
	ln -s "$PWD/target" "$DROP/$name"
	ln -s "$PWD/target" "$DROP/link"
	mkfifo "$DROP/${name%3}4" "$DROP/fifo"
	mkdir "$DROP/${name%3}5" "$DROP/${name%3}6" "$DROP/full"
	touch "$DROP/${name%3}6/x" "$DROP/full/x"
	head -c 100000 /dev/zero >"$DROP/${name%3}7"
	: >"$DROP/${name%3}8"
	sed s/stop-course/stop-all/ "$DROP/$good" >"$DROP/${name%3}9"
	sed '$d' "$DROP/$good" >"$DROP/${good%?}x"
	ln target "$DROP/hard"
	printf 'x' >"$DROP/-rf"
	touch "$DROP/tmp.0123456789abcdef"
	touch -d '1 hour ago' "$DROP/tmp.old"
	ends 0 timeout 20 bm-recipients --course $COURSE --to learners
	same 2 "$(grep -c '^{' <<<"$output")"
	same "$COURSE|42|ada@uni.example|out|mail" "$(rows)"
	same 'full tmp.0123456789abcdef' "$(cd "$DROP" && printf '%s\n' * |
		grep -v '^0' | paste -sd' ')"
	same secret "$(<target)"
	ends 0 timeout 20 bm-optout take
	ends 0 bm-report
	run ! grep -q 'opt-outs' <<<"$output"
}

@test "100,000 files of garbage: the sender and the opt-out behind them go on" {
	/usr/bin/python3 - "$DROP" <<-'END'
		import os, sys
		os.chdir(sys.argv[1])
		for n in range(100000):
		    name = "x%d" % n if n % 2 else "%09d-%024x-%024x-%016x" % (n + 1, n, n, n)
		    os.close(os.open(name, os.O_WRONLY | os.O_CREAT, 0o640))
	END
	says_no ada@uni.example
	ends 0 timeout 60 bm-optout take
	[[ $output == *'1 opt-outs taken over'* ]]
	[[ $output == *'100000 files that were no opt-outs removed'* ]]
	same "" "$(ls "$DROP")"
	same "$COURSE|42|ada@uni.example|out|mail" "$(rows)"
}

# as_web COMMAND...: as a user who is in no group of ours.
as_web() {
	setpriv --reuid "$WEB" --regid "$WEB" --clear-groups "$@"
}

@test "the page's user has its folder, and nothing else of ours" {
	local file

	[ "$(id -u)" -eq 0 ]
	ends 2 bm-optout init --page-user nobody-here
	same "bm-optout: there is no user nobody-here" "${lines[-1]}"
	chmod 700 .
	ends 2 bm-optout init --page-user $WEB
	[[ $output == *"does not let $WEB through to the drop folder: chmod o+x "* ]]
	file=$PWD
	while [ "$file" != / ]; do
		chmod o+x "$file"
		file=$(dirname "$file")
	done
	ends 0 bm-optout init --page-user $WEB
	same "$WEB 2770" "$(stat -c '%U %a' "$BM_DB-drop/$WEB")"
	same "$(stat -c '%u %g 2751' "$BM_DB")" "$(stat -c '%u %g %a' "$BM_DB-drop")"
	install -m 600 -o $WEB "$BM_KEY_FILE" web.key
	printf '%s\n' "BM_KEY_FILE=$PWD/web.key" \
		"BM_OPTOUT_DROP=$BM_DB-drop/$WEB" >web.conf
	for file in "$BM_DB" "$BM_DB-lock" "$BM_KEY_FILE" "$DROP"; do
		run ! as_web head -c 1 "$file"
		run ! as_web dd if=/dev/null of="$file" conv=notrunc
	done
	run ! as_web ls "$BM_DB-run"
	run ! as_web touch "$BM_DB-drop/x"
	run ! as_web mv "$BM_DB-drop/$WEB" "$BM_DB-drop/other"
	as_web env -u BM_DB -u BM_KEY_FILE "$BM_BIN/bm-optout" mail --config web.conf \
		<ada@uni.example
	ends 0 bm-optout take
	same "$COURSE|42|ada@uni.example|out|mail" "$(rows)"
	# It closes its folder: what waits in it is its own affair.
	as_web chmod 0 "$BM_DB-drop/$WEB"
	says_no bob@uni.example
	ends 0 timeout 20 bm-recipients --course $COURSE --to learners
	same 1 "$(grep -c '^{' <<<"$output")"
}

@test "acts stand in the order in which they were answered, each once" {
	local n

	for n in 1 2 3 4 5; do
		says_no ada@uni.example
	done
	same '1 2 3 4 5' "$(cd "$DROP" && printf '%s\n' 0* |
		sed 's/^0*//; s/-.*//' | paste -sd' ')"
	ends 0 bm-optout take
	same 1 "$(rows | wc -l)"
	# The file of an act that was taken comes back, as after a power cut.
	says_no bob@uni.example
	cp -a "$DROP" kept
	bm-optout take 2>/dev/null
	bm-optout remove --course $COURSE --person-asked --reason asked \
		bob@uni.example
	cp -a kept/* "$DROP"
	ends 0 bm-optout take
	same "" "$(ls "$DROP")"
	ends 0 bm-optout check --course $COURSE bob@uni.example
}

@test "a disk that is full: 75, and nothing is claimed" {
	mkdir small
	mount -t tmpfs -o size=16k none small 2>/dev/null || ends 0 false
	head -c 20000 /dev/zero >small/full 2>/dev/null || true
	sed "s|^BM_OPTOUT_DROP=.*|BM_OPTOUT_DROP=$PWD/small|" mail.conf >full.conf
	run env -u BM_DB bm-optout mail --config full.conf <ada@uni.example
	rm small/full
	left=$(ls small)
	umount small
	same 75 "$status"
	[[ $output == *'No space left on device'* ]]
	same "" "$left"
}

@test "an opt-out reaches a sender that works" {
	local sender

	fake
	export BM_POSTAL_ADDRESS='1 Street' DEFAULT_BULK_FROM_EMAIL=c@uni.example
	echo '<p>Hi {{email}} {{optout_url}} {{postal_address}}</p>' >b.html
	bm-recipients --course $COURSE --to learners |
		bm-render --id w --subject S --layout none b.html >messages
	mkfifo records
	bm-send <records >out 2>err 3>&- &
	sender=$!
	exec 4>records
	grep ada@ messages >&4
	wait_for 10 grep -q '"sent"' out
	says_no bob@uni.example
	wait_for 10 taken_over 1
	grep 'bob@\|eve@' messages >&4
	exec 4>&-
	wait "$sender" || true
	same 'ada@uni.example sent
bob@uni.example skipped
eve@uni.example sent' "$(jq -r '"\(.email) \(.status)"' out | sort)"
}

# killed CALL N COMMAND...: SIGKILL at the Nth such call.
killed() {
	local call=$1 n=$2

	shift 2
	strace -qq -f -o /dev/null -e "trace=$call" \
		-e "inject=$call:signal=KILL:when=$n" "$@" 2>/dev/null
}

@test "killed at every call: an act that was answered stands, once" {
	local call n answered kills=0

	for call in write fsync renameat fchmod; do
		for n in 1 2 3; do
			rm -f "$DROP"/*
			sqlite3 "$BM_DB" 'DELETE FROM optouts; DELETE FROM acts'
			answered=0
			killed "$call" "$n" env -u BM_DB bm-optout mail \
				--config mail.conf <ada@uni.example && answered=1
			kills=$((kills + !answered))
			bm-optout take 2>/dev/null
			[ "$answered" = 0 ] || same 1 "$(rows | wc -l)"
			[ "$(rows | wc -l)" -le 1 ]
			[ "$answered" = 0 ] || break
		done
	done
	for call in pwrite64 fdatasync fsync unlinkat; do
		for n in 1 2 3 5; do
			sqlite3 "$BM_DB" 'DELETE FROM optouts; DELETE FROM acts'
			says_no ada@uni.example 2>/dev/null
			says_no bob@uni.example 2>/dev/null
			if ! killed "$call" "$n" bm-optout take; then
				kills=$((kills + 1))
				# Taken back meanwhile: no act may come again.
				bm-optout take 2>/dev/null
			fi
			same 2 "$(rows | wc -l)"
			same 0 "$(waiting)"
		done
	done
	[ "$kills" -ge 15 ]
}
