#!/usr/bin/env bats
# The main job on the sample course: roster to Maildir, every selected person
# exactly one message, and what two other parsers read in it is its source.

load helper

load course

setup_file() {
	export FOLDER=$BATS_FILE_TMPDIR/course
	make_course "$FOLDER"
	mailing "$FOLDER" week3 >"$FOLDER/outcomes.ndjson"
}

setup() {
	export BM_CONFIG=$FOLDER/bm.conf
	cd "$BATS_TEST_TMPDIR" || return
}

expected() { # DIR
	/usr/bin/python3 "$ROOT/tests/expect-mail.py" "$1" "$SUBJECT" \
		"$1/body.txt" "$1/body.html" course_title="$TITLE" \
		course_url="$URL" optout_url="$OPTOUT?t=TOKEN" \
		postal_address="$POSTAL" | sort
}

# What PARSER reads in all messages of a Maildir; tokens are not the point.
read_by() { # PARSER MAILDIR
	find "$2/new" "$2/cur" -type f -print0 |
		xargs -0 "$ROOT/tests/$1" |
		sed 's/optout?t=[A-Za-z0-9_-]*/optout?t=TOKEN/g' | sort
}

# Does a Maildir hold what it should, by both parsers?
holds() { # DIR MAILDIR [HOW MANY]
	expected "$1" >want
	[ "$(wc -l <want)" -eq "${3-295}" ]
	read_by parse-mail.py "$2" >python
	diff want python >difference || return
	read_by parse-mail.pl "$2" >perl
	diff want perl >difference
}

@test "the import names each bad row, and only those" {
	for line in 302 303 304 305; do
		grep -q "learners.csv:$line: " "$FOLDER/import.err"
	done
	[ "$(grep -c 'learners.csv:' "$FOLDER/import.err")" -eq 4 ]
}

@test "each selected person has one message; two parsers read its source" {
	holds "$FOLDER" "$FOLDER/Maildir.week3" || {
		head -c 3000 difference
		false
	}
}

@test "when nobody has opted out, the same for all 300 learners and 3 staff" {
	cp -r "$FOLDER" all
	sqlite3 all/course.db 'DELETE FROM optouts'
	: >all/optouts.txt
	BM_DB=all/course.db mailing all everybody >outcomes
	holds all all/Maildir.everybody 303 || {
		head -c 3000 difference
		false
	}
}

@test "a message missing, doubled, changed or too many is found" {
	cp -r "$FOLDER/Maildir.week3" bad
	one=$(find bad/new -type f | sort | sed -n 5p)
	mv "$one" aside
	run ! holds "$FOLDER" bad
	cp aside "$one"
	cp aside bad/new/another
	run ! holds "$FOLDER" bad
	rm bad/new/another
	sed 's/^Subject: =?utf-8?B?./&A/' aside >"$one"
	run ! holds "$FOLDER" bad
	head -n 1 "$FOLDER/optouts.txt" | jq -cR '{email: ., course_id: $id,
		name: "X", course_title: "T", course_url: "https://x.example"}' \
		--arg id "$COURSE" | render "$FOLDER" week3 | jq -rj .message \
		>bad/new/out
	cp aside "$one"
	run ! holds "$FOLDER" bad
	rm bad/new/out
	holds "$FOLDER" bad
}

@test "nobody who opted out has a message or a row in the ledger" {
	while read -r email; do
		run ! grep -qrF "<$email>" "$FOLDER/Maildir.week3"
		same 0 "$(sqlite3 "$FOLDER/course.db" \
			"SELECT count(*) FROM deliveries WHERE email = '$email'")"
	done <"$FOLDER/optouts.txt"
	[ "$(wc -l <"$FOLDER/optouts.txt")" -eq 8 ]
}

@test "what arrives is what was rendered, byte for byte" {
	cat "$FOLDER"/spool/week3/*.ndjson | /usr/bin/python3 -c '
import hashlib, json, sys
for line in sys.stdin.buffer:
    print(hashlib.sha256(json.loads(line)["message"].encode()).hexdigest())
' | sort >rendered
	find "$FOLDER/Maildir.week3/new" -type f -exec sha256sum {} + |
		cut -d ' ' -f 1 | sort >arrived
	diff rendered arrived
}

@test "everybody is in the ledger, has one outcome, and the report agrees" {
	same 'sent|295' "$(sqlite3 "$FOLDER/course.db" \
		'SELECT state, count(*) FROM deliveries GROUP BY state')"
	same '295 295' "$(jq -rs '"\(length) \([.[].email] | unique | length)"' \
		"$FOLDER/outcomes.ndjson")"
	ends 0 bm-report --id week3 --status --total 295
	ends 0 bm-report --id week3
	[[ $output == *sent*295* ]]
}

@test "the same pipeline again sends nothing" {
	find "$FOLDER/Maildir.week3" -type f -printf '%p %T@ %i\n' | sort >before
	mailing "$FOLDER" week3 >outcomes
	find "$FOLDER/Maildir.week3" -type f -printf '%p %T@ %i\n' | sort >after
	diff before after
	same 'skipped duplicate 295' "$(jq -r '"\(.status) \(.class)"' outcomes |
		sort | uniq -c | awk '{ print $2, $3, $1 }')"
}

@test "nobody to mail: said, 1, and nothing is made" {
	bm-import --course lonely --title Lonely --url "$URL" "$FOLDER/staff.csv"
	sqlite3 "$FOLDER/course.db" \
		'SELECT count(*) FROM emails, deliveries' >before
	nobody() {
		bm-recipients --course lonely --to staff | render "$FOLDER" lonely |
			bm-batch --dir spool --null |
			xargs -0 -P 4 -n 1 bm-send --maildir Maildir
		echo "${PIPESTATUS[*]}"
	}
	ends 0 nobody
	same $'bm-recipients: nobody to mail\n1 0 0 0'
	same before "$(ls)"
	same "$(cat before)" "$(sqlite3 "$FOLDER/course.db" \
		'SELECT count(*) FROM emails, deliveries')"
}

# Everything from the roster on, in DIR; prints what the messages are.
whole() { # DIR
	make_course "$1" >/dev/null && mailing "$1" week3 >/dev/null || return
	find "$1/Maildir.week3/new" -type f -exec sha256sum {} + |
		sed 's, .*/, ,' | sort
}

@test "the C locale, another folder, one that cannot be written: the same" {
	tmp=$PWD
	find "$FOLDER/Maildir.week3/new" -type f -exec sha256sum {} + |
		sed 's, .*/, ,' | sort >reference
	(
		cd /
		LC_ALL=C whole "$tmp/one" </dev/null >"$tmp/got"
	)
	diff reference got
	(
		cd /proc
		unset HOME
		LC_ALL=POSIX TZ=Asia/Kathmandu whole "$tmp/two" \
			</dev/null >"$tmp/got"
	)
	diff reference got
}

@test "kill -9 of all senders, and the same again: each once" {
	KILL_ROUNDS=3 ends 0 "$ROOT/tests/stress/kill-senders"
}

# As user 60000 + N of group 60000, if that can be; else as oneself.
as_user() { # N COMMAND...
	local uid=$((60000 + $1))

	shift
	if [ "$(id -u)" -eq 0 ]; then
		(umask 077 && PATH=$shared/bin:$PATH setpriv --reuid "$uid" \
			--regid "$uid" --groups 60000 "$@")
	else
		(umask 077 && "$@")
	fi
}

@test "two users of a group work on one database, whoever comes first" {
	shared=$(mktemp -d)
	chmod 755 "$shared"
	cp -r "$BM_BIN" "$shared/bin"
	for first in 1 2; do
		dir=$shared/$first
		mkdir "$dir"
		[ "$(id -u)" -ne 0 ] || chgrp 60000 "$dir"
		chmod 2770 "$dir"
		cp "$FOLDER"/*.csv "$dir"
		chmod 644 "$dir"/*.csv
		export BM_CONFIG=/dev/null BM_DB=$dir/course.db
		for user in "$first" $((3 - first)) "$first"; do
			as_user "$user" bm-optout init
			as_user "$user" bm-import --course "$COURSE" "$dir/staff.csv"
			as_user "$user" bm-optout add --course "$COURSE" \
				--reason asked emmy@staff.example
			as_user "$user" bm-recipients --course "$COURSE" \
				--to learners >got
			[ "$(wc -l <got)" -eq 2 ]
		done
		same '660' "$(stat -c %a "$dir/course.db")"
	done
	rm -rf "$shared"
}
