# The numbers are compared with those that the sqlite3 shell gets by itself.
# shellcheck disable=SC2154 # bats sets them
load helper

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	printf 'email\na@mail.example\n' |
		bm-import --db db --create --course course-v1:UniX+CS101+2026
	cp db empty
	sqlite3 db <"$ROOT/tests/data/ledger.sql"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cp "$BATS_FILE_TMPDIR/db" db
	export BM_DB=$PWD/db
}

sql() {
	sqlite3 -separator ' ' db "$@"
}

@test "the mailings, one a line" {
	ends 0 bm-report
	same '  id     course                begun       total   sent  failed  deferred  other
  week3  course-v1:UniX+CS10…  2026-11-24  2,003  1,950      50         1      2
  exam   course-v1:UniX+CS10…  2026-11-25      1      1       0         0      0'
	ends 0 bm-report --json
	same "$(sql "SELECT id, count(*), sum(d.state = 'sent') FROM emails
		JOIN deliveries d ON email_id = id GROUP BY id ORDER BY created")" \
		"$(jq -r '[.email_id, .total, .sent] | join(" ")' <<<"$output")"
}

@test "an empty ledger" {
	export BM_DB=$BATS_FILE_TMPDIR/empty
	ends 0 bm-report
	same "bm-report: there are no mailings yet"
	run --separate-stderr bm-report --json
	same ""
	ends 1 bm-report --id week3
	same "bm-report: no mailing is called week3"
	ends 75 bm-report --id week3 --status
}

@test "an id that is none: near ones are named, 1; with --status 75" {
	ends 1 bm-report --id week4
	same "bm-report: no mailing is called week4; did you mean week3?"
	ends 75 bm-report --id wek3 --status
	same "bm-report: no mailing is called wek3; did you mean week3?"
}

@test "a mailing at 80 columns" {
	ends 0 bm-report --id week3
	same "$(cat "$ROOT/tests/golden/report.txt")"
	[ "$(awk '{ n = length } n > 80 { print }' <<<"$output" | wc -l)" -eq 0 ]
}

@test "--json agrees with SQL" {
	bm-report --id week3 --json >json
	[ "$(wc -l <json)" -eq 1 ]
	same "$(sql "SELECT state, class, count(*) FROM deliveries
		WHERE email_id = 'week3' GROUP BY 1, 2 ORDER BY 1, 2")" \
		"$(jq -r '.classes | sort_by(.status, .class)[] |
			"\(.status) \(.class) \(.count)"' json)"
	same "$(sql "SELECT substr(key, instr(key, '@') + 1) d, count(*) n,
		sum(state = 'sent'), sum(state = 'failed') FROM deliveries
		WHERE email_id = 'week3' GROUP BY 1 ORDER BY n DESC")" \
		"$(jq -r '.domains[] |
			"\(.domain) \(.total) \(.sent) \(.failed)"' json)"
	same "$(sql "SELECT attempt, count(*) FROM deliveries
		WHERE email_id = 'week3' GROUP BY 1 ORDER BY 1")" \
		"$(jq -r '.attempts[] | "\(.attempt) \(.total)"' json)"
	same "$(sql "SELECT count(*), sum(ms) / count(*), max(ms)
		FROM deliveries WHERE email_id = 'week3' AND state = 'sent'")" \
		"$(jq -r '.latency | "\(.count) \(.mean) \(.max)"' json)"
	# The nearest rank: 50 % of 1950 is 975, 90 % is 1755, 99 % is 1931.
	for pair in 50:974 90:1754 99:1930; do
		same "$(sql "SELECT ms FROM deliveries WHERE email_id = 'week3'
			AND state = 'sent' ORDER BY ms LIMIT 1
			OFFSET ${pair#*:}")" "$(jq ".latency.p${pair%:*}" json)"
	done
	same "$(sql "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', at / 1000 - at / 1000 % s,
		'unixepoch') t, count(*) FROM deliveries,
		(SELECT $(jq '.series[0].seconds' json) AS s)
		WHERE email_id = 'week3' AND at IS NOT NULL GROUP BY 1")" \
		"$(jq -r '.series[] | select(.total > 0) |
			"\(.from | sub("[.]000"; "")) \(.total)"' json)"
}

@test "--records and --csv hold every row" {
	bm-report --id week3 --records >records
	same "$(sql "SELECT email, state, class, coalesce(code, 'null'),
		coalesce(queue_id, 'null'), attempt, coalesce(ms, 0)
		FROM deliveries WHERE email_id = 'week3' ORDER BY key")" \
		"$(jq -r '[.email, .status, .class, (.code | tostring),
			(.queue_id | tostring), .attempt, .ms] | join(" ")' records)"
	bm-report --id week3 --records --state failed,in_doubt >some
	jq -c 'select(.status == "failed" or .status == "in_doubt")' records |
		cmp - some
	bm-report --id week3 --csv --state failed >csv
	/usr/bin/python3 -c '
import csv, json
rows = list(csv.DictReader(open("csv", newline="", encoding="utf-8")))
want = [json.loads(line) for line in open("some", encoding="utf-8")]
want = [r for r in want if r["status"] == "failed"]
want = [{k: "" if v is None else str(v) for k, v in r.items()} for r in want]
assert rows == want, (rows[0], want[0])'
	ends 2 bm-report --id week3 --records --state lost
}

@test "--status tells how the mailing stands" {
	ends 75 bm-report --id week3 --status
	same ""
	sql "UPDATE deliveries SET state = 'sent' WHERE state = 'deferred'"
	ends 1 bm-report --id week3 --status
	sql "UPDATE deliveries SET state = 'skipped' WHERE state = 'failed'"
	ends 1 bm-report --id week3 --status
	sql "UPDATE deliveries SET state = 'sent' WHERE state = 'in_doubt'"
	ends 0 bm-report --id week3 --status
	sql "UPDATE deliveries SET state = 'claimed', owner = 'x'
		WHERE key = 's1@mail.example'"
	mkdir -p db-run
	exec 4>db-run/x.log
	flock 4
	ends 75 bm-report --id week3 --status
	exec 4>&-
}

@test "what running processes have in their journals counts" {
	mkdir -p db-run
	exec 4>db-run/77.log
	flock 4
	sql "UPDATE deliveries SET state = 'claimed', owner = '77', prior = 'deferred'
		WHERE key IN ('d1@slow.example', 'd2@slow.example');
		UPDATE deliveries SET state = 'claimed', owner = '77'
		WHERE key IN ('s1@mail.example', 'u0000@uni.example')"
	fact() {
		printf '{"fact":"%s","email_id":"week3","key":"%s","at":1795492999000,"attempt":2%s}\n' \
			"$1" "$2" "${3-}"
	}
	outcome=',"status":"sent","class":"ok","stage":"dot","code":250,"enhanced":"2.1.5","reply":"fine","queue_id":"Q","relay":"r:25","ms":7,"next_try":0'
	{
		fact intent d1@slow.example
		fact intent u0000@uni.example
		fact outcome u0000@uni.example "$outcome"
		fact release d2@slow.example
		fact release s1@mail.example
		fact outcome u0001@mail.example "$outcome" # not its own
		printf '{"fact":"outc'
	} >&4
	bm-report --id week3 --json >json
	# u0000 was failed, d2 in doubt, s1 skipped.
	[ "$(jq -c '[.total, .sent, .failed, .deferred, .in_doubt, .skipped, .claimed]' json)" = \
		'[2002,1951,49,1,0,0,1]' ]
	bm-report --id week3 --records >records
	[ "$(jq -c 'select(.email == "U0000@uni.example") | [.status, .reply, .relay, .attempt]' records)" = \
		'["sent","fine","r:25",2]' ]
	[ "$(sql "SELECT count(*) FROM deliveries WHERE owner = '77'")" -eq 4 ]
	# Once the owner is dead, its journal is folded, and then removed.
	exec 4>&-
	bm-report --id week3 --json >json
	[ "$(jq -c '[.total, .sent, .failed, .deferred, .in_doubt, .skipped, .claimed]' json)" = \
		'[2002,1951,49,1,1,0,0]' ]
	[ ! -e db-run/77.log ]
}

@test "several ledgers are added up" {
	cp db other
	sqlite3 other "DELETE FROM deliveries WHERE email_id = 'exam';
		DELETE FROM emails WHERE id = 'exam'"
	bm-report --id week3 --json db other >json
	[ "$(jq -c '[.total, .sent, .latency.count]' json)" = '[4006,3900,3900]' ]
	[ "$(bm-report --json db other | jq -c '[.email_id, .total]')" = \
		$'["week3",4006]\n["exam",1]' ]
}

@test "names that would harm a terminal are made harmless" {
	sql "UPDATE emails SET subject = 'a' || char(27) || '[31mb' || char(10) ||
			'c' || char(0x202e) || 'd' || char(0x5e9, 0x5dc, 0x5d5, 0x5dd)
		WHERE id = 'exam';
		UPDATE deliveries SET reply = char(155) || '2J' || x'ff' WHERE email_id = 'exam'" || true
	ends 0 bm-report --id exam
	[[ ${lines[1]} == "subject  a?[31mb?c?dשלום"* ]]
	printf '%s' "$output" >text
	run ! grep -qP '[\x00-\x08\x0b-\x1f\x7f]' text
}

@test "20 columns, no UTF-8, a terminal" {
	COLUMNS=20 ends 0 bm-report --id week3
	[ "$(sed -n 7,12p <<<"$output" | wc -L)" -le 20 ]
	LC_ALL=C ends 0 bm-report --id week3
	[[ $output == *"97.4 %  ####"* ]]
	[ -z "$(LC_ALL=C tr -d '[:print:][:space:]' <<<"$output")" ]
	run script -qec "stty cols 60; TERM=xterm bm-report --id week3" /dev/null
	[[ $output == *$'\033[32m'* ]]
	[ "$(sed 's/\x1b\[[0-9;]*m//g; s/\r//' <<<"$output" | wc -L)" -le 60 ]
	run script -qec "NO_COLOR=1 TERM=xterm bm-report --id week3" /dev/null
	[[ $output != *$'\033['* ]]
}

@test "a ledger that is missing, foreign, newer, damaged" {
	ends 2 bm-report none
	[[ $output == "bm-report: "*none* ]]
	echo "no database, but quite some text in a file" >text
	ends 2 bm-report text
	sqlite3 newer 'PRAGMA application_id = 1651336290; PRAGMA user_version = 99'
	ends 2 bm-report newer
	[[ $output == *"newer bm"* ]]
	sql "PRAGMA wal_checkpoint(TRUNCATE)" >out
	/usr/bin/python3 -c 'f = open("db", "r+b")
f.seek(8192)
f.write(b"\xff" * 200000)'
	ends 2 bm-report --id week3
	[[ $output == *"damaged"* ]]
	ends 2 env -u BM_DB bm-report
	same "bm-report: BM_DB is not set: the database file (bm.conf(5))"
}
