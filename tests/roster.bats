# The roster as a whole: random ones, two users, writers beside a slow reader.

# shellcheck disable=SC2154 # bats sets them
load helper
load messages

oracle=$ROOT/tests/roster_oracle.py
identity=$ROOT/tests/identity_oracle.py

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

@test "200 random rosters: selection, order and counts as the oracle says" {
	/usr/bin/python3 "$oracle" 200
}

@test "five planted errors are each found within these 200" {
	/usr/bin/python3 "$oracle" --planted 200
}

@test "200 random histories of imports: nobody becomes somebody else unsaid" {
	/usr/bin/python3 "$identity" 200
}

@test "seven planted errors are each found within these 200" {
	/usr/bin/python3 "$identity" --planted 200
}

@test "an import that makes other people of known ones is found out" {
	mkdir planted
	cat >planted/bm-import <<-END
		#!/bin/sh
		exec "$BM_BIN/bm-import" --change-people "\$@"
	END
	chmod +x planted/bm-import
	PATH=$PWD/planted:$PATH run ! /usr/bin/python3 "$identity" 20
	[[ $output == *'seed '*'want (1, '* ]]
}

# no_trouble N: what beside.py has printed.
no_trouble() {
	jq -e ".records == $1"' and .status == 0 and .sender == 0 and
		.sent > 0 and .writes > 10 and .longest < 1 and
		.wal < 67108864' out || { cat out && false; }
}

@test "a slow reader keeps no writer waiting, and the WAL small" {
	/usr/bin/python3 "$ROOT/tests/beside.py" read 50000 3 >out
	no_trouble 50000
}

@test "a large import keeps no writer waiting, and the WAL small" {
	/usr/bin/python3 "$ROOT/tests/beside.py" import 20000 >out
	no_trouble 20000
}

@test "a program that keeps its turn for long is found out" {
	mkdir planted
	cat >planted/bm-recipients <<-END
		#!/bin/sh
		flock "\$2-lock" sleep 1.5
		exec "$BM_BIN/bm-recipients" "\$@"
	END
	chmod +x planted/bm-recipients
	PATH=$PWD/planted:$PATH /usr/bin/python3 "$ROOT/tests/beside.py" \
		read 100 0 >out
	run ! no_trouble 100
	jq -e '.longest > 1' out
}

# class N: the course c with N learners.
class() {
	export BM_DB=$PWD/bm.db TMPDIR=$PWD
	{ echo email && seq -f '%.0f@x.example' "$1"; } |
		bm-import --create --course c - 2>/dev/null
}

@test "room for records that wait is missing: 2, nothing is written" {
	class 20000
	ends 2 env TMPDIR=/nonexistent bm-recipients --course c --to all
	same 'bm-recipients: cannot make a temporary file in /nonexistent (TMPDIR): No such file or directory'
}

@test "in a large class, too, a shared address is mailed once" {
	/usr/bin/python3 -c 'print("id,email")
for i in range(20500):
    print(f"{i:05},{i}@x.example")
for i in range(0, 20500, 1000):
    print(f"a{i:05},{i}@X.Example")
    print(f"b{i:05},{i}@x.example")' >a.csv
	bm-import --db bm.db --create --course c a.csv 2>/dev/null
	printf 'id,email\n1,777@x.example\n' |
		bm-import --db bm.db --course c --role staff -
	bm-recipients --db bm.db --course c --to all -v >records 2>counts
	same 'bm-recipients: 20543 selected, 20500 to be mailed (20500 all), 43 duplicate' \
		"$(cat counts)"
	diff <(seq 0 20499 | sort) \
		<(jq -r '.email | sub("@x.example$"; "")' records | sort)
	same '"staff"' "$(jq 'select(.email == "777@x.example").why' records)"
}

# busy: is a transaction open that keeps the WAL from starting anew?
busy() {
	sqlite3 bm.db 'UPDATE courses SET title = hex(randomblob(8))'
	[ "$(sqlite3 bm.db 'PRAGMA wal_checkpoint(TRUNCATE)')" != '0|0|0' ]
}

@test "no transaction is open while input comes or output goes slowly" {
	class 5000
	mkfifo in out
	# The reader has taken one line of more than a pipe holds.
	(bm-recipients --course c --to all >out 2>err) 3>&- &
	exec 8<out
	read -r _ <&8
	run ! busy
	exec 8<&-
	wait
	sqlite3 bm.db "INSERT INTO emails(id, course_id, created)
		VALUES('w', 'c', 1)"
	while IFS='|' read -r command first; do
		# shellcheck disable=SC2086
		($command <in >/dev/null 2>err) 3>&- &
		exec 8>in
		printf '%s\n@\n' "$first" >&8
		head -c 70000 /dev/zero | tr '\0' '\n' >&8
		wait_for 20 grep -q ':2: ' err
		run ! busy
		exec 8>&-
		wait
	done <<-'END'
		bm-recipients --course c --except all --read -|{"email":"a@x.example"}
		bm-recipients --course c --ledger w=none --read -|{"email":"a@x.example"}
		bm-import --course c -|email
	END
	# The same question of one who keeps a transaction open.
	exec 8> >(sqlite3 bm.db >log 3>&-)
	echo 'BEGIN; SELECT count(*) FROM users;' >&8
	wait_for 20 grep -q 5000 log
	busy
	exec 8>&-
	wait
}

# as NAME COMMAND...: as one of two users of the group. Without the right to
# change users both are ourselves, and only the modes are tested.
as() {
	local uid=$1

	shift
	if [ "$(id -u)" -eq 0 ]; then
		(umask 077 && exec setpriv --reuid "$uid" --regid 54300 \
			--clear-groups "$@")
	else
		(umask 077 && exec "$@")
	fi
}

# shared: every file for both, the folder of journals passes its group on.
shared() {
	same '2770 bm.db-run' "$(stat -c '%a %n' bm.db-run)"
	same 660 "$(stat -c %a bm.db bm.db-* bm.db-run/* | grep -v 2770 |
		sort -u)"
}

@test "two users of a group work on one database in any order" {
	place=$(mktemp -d /tmp/bm-two-users.XXXXXX)
	echo "$place" >place # for teardown
	cp "$BM_BIN"/bm-{import,recipients,optout,send} "$place"
	chmod 755 "$place"
	mkdir "$place/data"
	[ "$(id -u)" -ne 0 ] || chown 54301:54300 "$place/data"
	chmod 2770 "$place/data"
	cd "$place/data"
	export BM_DB=bm.db TMPDIR=$place/data
	printf 'id,email\n1,a@x.example\n2,b@x.example\n' >"$place/a.csv"
	messages 1 4 >"$place/messages"
	for users in '54301 54302' '54302 54301'; do
		# shellcheck disable=SC2086
		set -- $users
		as "$1" "$place/bm-import" --create --course c "$place/a.csv"
		shared
		as "$2" "$place/bm-recipients" --course c --to all
		as "$2" "$place/bm-import" --course d "$place/a.csv"
		as "$1" "$place/bm-optout" add --course c a@x.example
		as "$1" "$place/bm-import" --course c --sync "$place/a.csv"
		as "$2" "$place/bm-import" --course c --title x
		as "$1" "$place/bm-recipients" --course d --to all
		shared
		# A connection of one keeps -wal and -shm open for the other.
		exec 8> >(as "$2" sqlite3 bm.db >log 2>&1 3>&-)
		other=$!
		echo "UPDATE courses SET title = 'y' WHERE id = 'd';" >&8
		echo '.print ready' >&8
		wait_for 10 grep -q ready log
		as "$1" "$place/bm-import" --course c --title z
		shared
		exec 8>&-
		wait "$other" # its last act locks out everybody
		same 'c|z
d|y' "$(as "$2" sqlite3 bm.db 'SELECT id, title FROM courses ORDER BY id')"
		as "$1" "$place/bm-send" --maildir "mail$1" <"$place/messages" |
			jq -e '.status == "sent"'
		shared
		as "$2" "$place/bm-send" --maildir "mail$2" <"$place/messages" |
			jq -e '.class == "duplicate"'
		shared
		rm -r bm.db* mail*
	done
}

teardown() {
	rm -rf "$(cat "$BATS_TEST_TMPDIR/place" 2>/dev/null)"
}
