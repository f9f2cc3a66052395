#!/usr/bin/env bats
# Every record that the tests have made is as bm-records(5) says: its schemas
# are tests/data/*.schema.json, and the page has a table of them.

load helper
load messages

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

check() { # FOLDER
	/usr/bin/python3 "$ROOT/tests/records.py" check "$1"
}

# Records of each kind, as the preloaded tests/preload has seen them.
make_records() {
	export BM_TEST_RECORDS=$PWD/made LD_PRELOAD=$ROOT/build/tests/records.so
	export BM_DB=bm.db BM_KEY_FILE=key BM_OPTOUT_URL=https://m.example/o
	export BM_POSTAL_ADDRESS='1 Road' DEFAULT_BULK_FROM_EMAIL=c@uni.example
	mkdir made
	printf 'id,email,name\n%s\n' 1,a@uni.example,A 2,b@uni.example,B \
		3,bad,C >r.csv
	echo '<p>Hi {{name}}</p>' >body.html
	bm-optout keygen
	ends 1 bm-import --create --course c1 --rejects rejects r.csv
	bm-recipients --course c1 --to learners >recipients
	bm-render --id w1 --subject S body.html <recipients >messages
	mv messages w1
	{
		cat w1
		echo broken
		messages 1 3 other
	} >all
	ends 1 bm-send --maildir M --rejects rejects all
	bm-render --id w1 --subject S --test-links body.html <recipients >tried
	ends 0 bm-send --redirect t@uni.example --maildir M tried
	bm-optout add -q u9@uni.example
	messages 8 9 other | bm-send --maildir M >/dev/null
	bm-batch --dir spool --write-plan plan w1 >/dev/null
	bm-report --id w1 --json >/dev/null
	bm-report --json >/dev/null
	bm-report --id other --records >/dev/null
	printf '%s\n' 'From: postmaster@uni.example' 'Subject: Undelivered' '' \
		'<a@uni.example>: 550 5.1.1 no such user' | bm-bounce >/dev/null
	unset LD_PRELOAD BM_TEST_RECORDS
}

@test "records of each kind are as their schemas say" {
	make_records
	ends 0 check made
	for kind in bounce mailing message outcome plan recipient reject report row; do
		[[ $output =~ "# $kind: "[1-9] ]]
	done
}

@test "so is every record that the tests before this one have made" {
	[ -n "${BM_TEST_RECORDS-}" ] || BM_TEST_RECORDS=$BATS_TEST_TMPDIR
	unset LD_PRELOAD
	ends 0 check "$BM_TEST_RECORDS"
}

@test "a member that is missing, null or another one is found" {
	make_records
	mkdir bad
	grep -h '"status":"sent"' made/bm-send.* | head -n 1 >sent
	plant() { # JQ
		jq -c "$1" sent >bad/bm-send.1.1.0
		ends 1 check bad
	}
	plant 'del(.ms)'
	plant '.attempt = null'
	plant '.attempt = "1"'
	plant '.class = "sent_ok"'
	plant '.next_try = .at'
	plant '.at = "2026-11-24 04:00:00"'
	plant '.more = 1'
	plant '.was = "sent"'
	plant '.status = "lost"'
	plant '.status = "deferred"'
	cp sent bad/bm-send.1.1.0
	ends 0 check bad
	head -c 20 sent >bad/bm-send.1.1.0
	echo >>bad/bm-send.1.1.0
	ends 1 check bad
}

@test "the table of bm-records(5) and the schemas say the same" {
	ends 0 /usr/bin/python3 "$ROOT/tests/records.py" page \
		"$ROOT/man/bm-records.5"
}

@test "a member that only one of the two has, or has otherwise, is found" {
	sed 's,^\.It Li attempt Ta x Ta,.It Li attempt Ta x/0 Ta,
		/^\.It Li keys_sha256 Ta/d
		s/^\.It Li line Ta/.It Li lines Ta/
		s/^\.It Li greylisted/.It Li graylisted/' \
		"$ROOT/man/bm-records.5" >page
	ends 1 /usr/bin/python3 "$ROOT/tests/records.py" page page
	same 'outcome attempt
plan keys_sha256
reject line
reject lines
outcome class deferred graylisted
outcome class deferred greylisted' "$(cut -d: -f1 <<<"$output")"
}
