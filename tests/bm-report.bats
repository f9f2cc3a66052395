# The numbers are compared with those that the sqlite3 shell gets by itself.
# shellcheck disable=SC2154,SC2030,SC2031,SC2153 # bats sets them
load helper

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	bm-import --db db --create --course course-v1:UniX+CS101+2026
	cp db empty
	sqlite3 db <"$ROOT/tests/data/ledger.sql"
	sqlite3 db "INSERT INTO optouts(course_id, user_id, action, source, at)
		VALUES('course-v1:UniX+CS101+2026', 's1', 'out', 'page', 5)"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cp "$BATS_FILE_TMPDIR/db" db
	export BM_DB=$PWD/db
}

sql() {
	sqlite3 -separator ' ' db "$@"
}

@test "the mailings, with their numbers and what they are about" {
	ends 0 bm-report
	same '  id     begun       total   sent  failed  deferred  other
  week3  2026-11-24  2,003  1,950      50         1      2
    Week 3 is open, course-v1:UniX+CS101+2026
  exam   2026-11-25      1      1       0         0      0
    course-v1:UniX+CS101+2026, held'
	ends 0 bm-report --json
	same "$(sql "SELECT id, count(*), sum(d.state = 'sent') FROM emails
		JOIN deliveries d ON email_id = id GROUP BY id ORDER BY created")" \
		"$(jq -r '[.email_id, .total, .sent] | join(" ")' <<<"$output")"
}

@test "tests are listed with --all; a pipe has whole ids; a beginning names one" {
	id=week-3-is-open-and-the-forum-has-moved-to-another-place
	sql "INSERT INTO emails(id, course_id, subject, created)
		VALUES('week3.test.1~redirected', 'c', 'S', 1),
		('$id', 'c', 'S', 1)"
	ends 0 bm-report
	[[ $output != *redirected* && $output == *"  $id "* ]]
	same '' "$(bm-report --json | jq -r .email_id | grep redirected)"
	bm-report --all | grep -q '  week3.test.1~redirected '
	bm-report --all --json | jq -r .email_id | grep -qx 'week3.test.1~redirected'
	# On a terminal they are cut.
	COLUMNS=60 ends 0 bm-report
	[ "$(wc -L <<<"$output")" -le 60 ]
	same week3 "$(bm-report --id week3 --json | jq -r .email_id)"
	same "$id" "$(bm-report --id week-3 --json | jq -r .email_id)"
	same exam "$(bm-report --id e --json | jq -r .email_id)"
	ends 1 bm-report --id wee
	[[ $output == 'bm-report: no mailing is called wee'* ]]
	# What changes something takes whole ids.
	ends 2 bm-send --maildir M --hold e
	ends 2 bm-report --all --id week3
}

@test "times are local on a terminal, in UTC in pipes and records" {
	local zone command
	printf 'id,username,email,name\nA7,ada,ada@uni.example,Ada\n' |
		bm-import --course course-v1:UniX+CS101+2026 - 2>/dev/null
	sql "INSERT INTO emails(id, course_id, subject, created) VALUES
			('w1', 'c', 'S', 1795494420000);
		INSERT INTO deliveries(email_id, key, email, user_id, state, class,
			attempt, at, next_try) VALUES ('w1', 'ada@uni.example',
			'ada@uni.example', 'A7', 'deferred', 'greylisted', 2,
			1795494540000, 1795494600000)"
	for zone in Europe/Berlin:CET Asia/Kolkata:IST UTC:UTC; do
		for command in '--id w1' '--who A7'; do
			# shellcheck disable=SC2086 # two words
			TZ=${zone%:*} /usr/bin/python3 "$ROOT/tests/terminal.py" -- \
				bm-report $command 3>&- >screen
			TZ=${zone%:*} date -d @1795494540 "+%F %R ${zone#*:}" >want
			grep -qF "$(cat want)" screen
			# shellcheck disable=SC2086 # two words
			TZ=${zone%:*} bm-report $command >pipe
			grep -qF "$(date -u -d @1795494540 '+%F %R UTC')" pipe
		done
		TZ=${zone%:*} bm-report --id w1 --records | grep -q '"at":"[^"]*Z"'
	done
	TZ=Europe/Berlin bm-report --id w1 --json >local
	TZ=UTC bm-report --id w1 --json | cmp - local
}

@test "--who: one person in all mailings, with the relay's words and opt-outs" {
	printf 'id,username,email,name\nA7,ada,ada@uni.example,Ada\n' |
		bm-import --course course-v1:UniX+CS101+2026 - 2>/dev/null
	sql "INSERT INTO emails(id, course_id, subject, created) VALUES('w1', 'c', 'S', 1),
		('w2', 'c', 'S', 2), ('w2.test~redirected', 'c', 'S', 3);
		INSERT INTO deliveries(email_id, key, email, user_id, state, class, code,
		enhanced, reply, attempt, at, next_try) VALUES
		('w1', 'ada@uni.example', 'Ada@uni.example', 'A7', 'sent', 'ok', 250,
			'2.0.0', 'queued as 5F', 1, 1795494480000, NULL),
		('w2', 'ada@old.example', 'ada@old.example', 'A7', 'deferred', 'greylisted',
			450, '4.2.0', 'later', 2, 1795494540000, 1795494600000),
		('w2', 'bob@uni.example', 'bob@uni.example', '8', 'sent', 'ok', 250, '',
			'bob', 1, 1795494480000, NULL),
		('w2.test~redirected', 'ada@uni.example', 'ada@uni.example', 'A7', 'failed',
			'refused', 550, '', 'test', 1, 1795494480000, NULL)"
	bm-optout add --course course-v1:UniX+CS101+2026 --reason 'by phone' \
		ada@uni.example 2>/dev/null
	at=$(date -u -d @1795494480 '+%F %R UTC')
	for who in ADA@uni.example user:ada user:A7 A7; do
		ends 0 bm-report --who "$who"
		same 'ada@uni.example (user A7)' "${lines[0]}"
		same "  $at  w1  sent      1  250 2.0.0 queued as 5F" "${lines[1]}"
		same "  $(date -u -d @1795494540 '+%F %R UTC')  w2  deferred  2  450 4.2.0 later; next try $(
			date -u -d @1795494600 '+%F %R UTC')" "${lines[2]}"
		same 'Opt-outs' "${lines[3]}"
		[[ ${lines[4]} == '  20'*' UTC  out  course-v1:UniX+CS101+2026, operator: by phone' ]]
		same 5 "${#lines[@]}"
	done
	ends 0 bm-report --who ada@uni.example --json
	same 'w1 sent
w2 deferred' "$(jq -r '"\(.email_id) \(.status)"' <<<"$output")"
	same "$(bm-report --id w1 --records)" "${lines[0]}"
	bm-report --who ada@uni.example --all | grep -q 'w2.test~redirected  failed'
	ends 0 bm-report --who bob@uni.example
	[[ $output == *'w2  sent'* && $output != *Opt-outs* ]]
	ends 1 bm-report --who nobody@uni.example
	same 'bm-report: no mailing and no opt-out is known of nobody@uni.example'
	ends 1 bm-report --who 'no address@'
	ends 2 bm-report --who ada@uni.example --id w1
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
	[ "$(wc -L <<<"$output")" -le 80 ]
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

# A mailing to LETTER... in batches of one, and its plan, as bm-batch makes them.
mailing_of() { # LETTER...
	local letter

	for letter; do
		jq -nc --arg u "$letter" '{email_id: "w", course_id: "c",
			user_id: $u, email: ($u + "@uni.example"),
			sender: "b@uni.example", content: ("0" * 64),
			message: "From: s@uni.example\r\n\r\nx\r\n"}'
	done | bm-batch -n 1 --dir spool --write-plan plan >batches
}

@test "a mailing whose plan its sender was told knows its size" {
	mailing_of a b c
	bm-send --maildir M --plan plan "$(sed -n 1p batches)" >outcomes
	ends 75 bm-report --id w --status
	same ''
	same '3 0 2' "$(bm-report --id w --json |
		jq -r '[.planned, .unplanned, .not_started] | join(" ")')"
	ends 0 bm-report --id w
	[[ $output == *'not started            2   66.7 %'*'total                  3'*'not complete: 1 of 3 have it, 2 not started'* ]]
	bm-report --id w --html page
	grep -q 'not complete: 1 of 3 have it, 2 not started' page
	# Another plan: one has left whose message is sent, two are new.
	mailing_of b c d e
	bm-send --maildir M --plan plan "$(sed -n 1p batches)" >outcomes
	same '4 1 3' "$(bm-report --id w --json |
		jq -r '[.planned, .unplanned, .not_started] | join(" ")')"
	ends 75 bm-report --id w --status
	xargs bm-send --maildir M --plan plan <batches >outcomes
	ends 0 bm-report --id w --status
	same ''
	ends 0 bm-report --id w
	[[ $output == *'complete: 5 of 5 have it'* ]]
	# What a person asks for counts more than what the ledger has.
	ends 75 bm-report --id w --status --total 9
	# A copy of the database has it, too; two ledgers are not asked.
	bm-optout backup copy
	ends 0 bm-report --id w --status copy
	ends 75 bm-report --id w --status copy db
}

@test "without a plan: of an unknown total, 75 unless --partial" {
	mailing_of a b
	bm-send --maildir M "$(sed -n 1p batches)" >outcomes
	ends 75 bm-report --id w --status
	same 'bm-report: w: of an unknown total: give bm-send or bm-report --plan, or --partial'
	ends 0 bm-report --id w --status --partial
	same ''
	ends 0 bm-report --id w
	[[ $output == *'1 of an unknown total have it'* ]]
	ends 0 bm-report --plan plan --json
	same 'null' "$(bm-report --id w --json | jq .planned)"
	ends 2 bm-report --id w --partial
}

@test "--approve: who and when; BM_REQUIRE_APPROVAL sends nothing else" {
	mailing_of a b
	export BM_REQUIRE_APPROVAL=yes
	ends 2 bm-send --maildir M --plan plan "$(sed -n 1p batches)"
	same 'bm-send: plan is not approved, and BM_REQUIRE_APPROVAL is on: bm-batch --approve plan'
	ends 2 bm-send --maildir M "$(sed -n 1p batches)"
	[[ $output == *'give --plan, and have the plan approved'* ]]
	ends 0 bm-batch --approve plan
	same "bm-batch: w to 2 recipients: approved by $(id -un)"
	ends 0 bm-send --maildir M --plan plan "$(sed -n 1p batches)"
	same "$(id -un) true" "$(bm-report --id w --json |
		jq -r '"\(.approved_by) \(.approved_at | fromdateiso8601? // (.[:19] + "Z" | fromdateiso8601) | (now - .) < 600)"')"
	ends 0 bm-report --id w
	[[ $output == *"approved $(id -un), 20"* ]]
	bm-report --id w --html page
	grep -q "<dt>Approved by</dt><dd>$(id -un)" page
	# The approval is for these recipients, and no others.
	mailing_of a b c
	ends 2 bm-send --maildir M --plan plan "$(sed -n 3p batches)"
	ends 0 bm-batch --approve plan
	ends 0 bm-send --maildir M --plan plan "$(sed -n 3p batches)"
	[ "$(find M/new -type f | wc -l)" -eq 2 ]
	BM_REQUIRE_APPROVAL=no ends 0 bm-send --maildir M --plan plan "$(sed -n 2p batches)"
	same "$(id -un)" "$(bm-report --id w --json | jq -r .approved_by)"
	# A plan of recipients names no mailing; a missing one is told.
	echo '{"email":"a@uni.example"}' |
		bm-batch --dir other --write-plan bare >batches
	ends 2 bm-batch --approve bare
	[[ $output == *'bare names no mailing: it was made of recipients' ]]
	ends 2 bm-batch --approve none
	ends 2 bm-batch --approve plan --dir spool
	ends 2 bm-batch
	same 'bm-batch: --dir is missing'
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

# shellcheck disable=SC2016 # the texts of cells
@test "--csv makes no formula of what strangers wrote, --raw nothing else" {
	local cell
	for cell in '=HYPERLINK(1)' '+1' '-1' '@SUM(1)' $'\t=1' $'\r=1' \
		'a=1' "'=1" ''; do
		reply=$cell python3 - <<-'E'
			import os, sqlite3
			db = sqlite3.connect("db")
			db.execute("UPDATE deliveries SET reply = ?, queue_id = ?"
			           " WHERE email_id = 'week3'", [os.environ["reply"]] * 2)
			db.commit()
		E
		bm-report --id week3 --csv --state failed >guarded
		bm-report --id week3 --csv --raw --state failed >exact
		cell=$cell python3 - <<-'E'
			import csv, os
			def texts(name):
			    rows = csv.DictReader(open(name, newline="", encoding="utf-8"))
			    return {row[m] for row in rows for m in ("reply", "queue_id")}
			cell = os.environ["cell"]
			formula = cell[:1] in ("=", "+", "-", "@", "\t", "\r") and cell != ""
			assert texts("exact") == {cell}, texts("exact")
			assert texts("guarded") == {"'" + cell if formula else cell}
		E
	done
	ends 2 bm-report --id week3 --raw
	[[ $output == 'bm-report: --raw needs --csv;'* ]]
}

@test "--status tells how the mailing stands" {
	ends 75 bm-report --id week3 --status --partial
	same ""
	sql "UPDATE deliveries SET state = 'sent' WHERE state = 'deferred'"
	ends 1 bm-report --id week3 --status --partial
	sql "UPDATE deliveries SET state = 'skipped' WHERE state = 'failed'"
	ends 1 bm-report --id week3 --status --partial
	sql "UPDATE deliveries SET state = 'sent' WHERE state = 'in_doubt'"
	ends 0 bm-report --id week3 --status --partial
	sql "UPDATE deliveries SET state = 'claimed', owner = 'x'
		WHERE key = 's1@mail.example'"
	mkdir -p db-run
	exec 4>db-run/x.log
	flock 4
	ends 75 bm-report --id week3 --status --partial
	exec 4>&-
}

# The plan that bm-batch would have written for week3, and one person more.
plan_with() {
	{
		sql "SELECT key FROM deliveries WHERE email_id = 'week3'"
		printf '%s' "${1:+$1
}"
	} | LC_ALL=C sort >keys
	jq -nc --arg hash "$(sha256sum <keys | cut -d ' ' -f 1)" \
		--argjson n "$(wc -l <keys)" '{email_id: "week3",
			course_id: null, content: null, count: $n,
			keys_sha256: $hash, domains: {}, batches: []}'
}

@test "a mailing that is not begun: all of its plan is not started, 0" {
	plan_with | sed 's/"week3"/"week4"/' >plan
	n=$(jq .count plan)
	ends 0 --separate-stderr bm-report --plan plan --json
	same "week4 0 $n $n null" "$(jq -r '"\(.email_id) \(.total) \(.planned) " +
		"\(.not_started) \(.unplanned)"' <<<"$output")"
	[[ $stderr == "bm-report: no mailing is called week4; did you mean week3?" ]]
	ends 0 --separate-stderr bm-report --id week4 --total 7 --json
	same "0 7" "$(jq -r '"\(.total) \(.not_started)"' <<<"$output")"
	ends 0 bm-report --plan plan
	ends 0 bm-report --id week4 --total 7 --html page.html
	ends 0 --separate-stderr bm-report --plan plan --records
	same ""
	ends 75 bm-report --plan plan --status
	ends 1 bm-report --id week4
}

@test "--verify of an id that is none: 1, and near ones are named" {
	ends 1 bm-report --verify --id wek3
	same "bm-report: no mailing is called wek3; did you mean week3?"
	ends 0 bm-report --verify --id week3
}

@test "--plan: who has not been started is counted" {
	plan_with >plan
	sql "UPDATE deliveries SET state = 'sent', class = 'ok'
		WHERE state <> 'skipped'"
	ends 0 bm-report --plan plan --status
	plan_with z@z.example >larger
	ends 75 bm-report --plan larger --status
	ends 75 bm-report --id week3 --total 2004 --status
	bm-report --plan larger --json >json
	[ "$(jq -c '[.planned, .not_started, .total]' json)" = '[2004,1,2003]' ]
	bm-report --plan larger >text
	grep -q '  not started *1   <0.1 %' text
	ends 2 bm-report --id exam --plan plan
	same "bm-report: plan is the plan of another mailing, week3"
	echo '{}' >bad
	ends 2 bm-report --plan bad
	same 'bm-report: bad: not a plan: "email_id" is missing or wrong'
}

@test "--plan: people of an earlier run are not taken for those of this one" {
	# As many as planned are done: two of them have left the course since,
	# and two newcomers have not been started.
	sql "UPDATE deliveries SET state = 'sent', class = 'ok', code = 250, at = 1
		WHERE email_id = 'week3'"
	sed 's/.*/{"email_id":"week3","course_id":"c","content":"0000000000000000000000000000000000000000000000000000000000000000","email":"&"}/' \
		<(sql "SELECT key FROM deliveries WHERE email_id = 'week3'" |
			sed '1,2d'; printf 'new1@z.example\nnew2@z.example\n') |
		bm-batch -d spool --write-plan plan >names
	[ "$(stat -c %a plan.keys)" = 600 ]
	same "$(jq -r .keys_sha256 plan)  plan.keys" "$(sha256sum plan.keys)"
	ends 75 bm-report --plan plan --status
	bm-report --plan plan --json >json
	[ "$(jq -c '[.planned, .unplanned, .not_started, .total]' json)" = '[2003,2,2,2003]' ]
	bm-report --plan plan >text
	grep -qx '  2 of them are not of the plan' text
	ends 1 bm-report --verify --plan plan
	same 'BROKEN: every recipient of the plan is in a state: 2 are in none, new1@z.example among them' \
		"${lines[-1]}"
	bm-report --plan plan --follow >lines 3>&- &
	wait_for 10 grep -q '^2,003 of 2,005: 2,003 sent; ' lines
	sql "INSERT INTO deliveries(email_id, key, email, state, class, at, ms, attempt)
		VALUES('week3', 'new1@z.example', 'x', 'sent', 'ok', 1, 1, 1),
		('week3', 'new2@z.example', 'x', 'sent', 'ok', 1, 1, 1)"
	wait $!
	same '2,005 of 2,005: 2,005 sent' "$(tail -n 1 lines)"
	ends 0 bm-report --plan plan --status
	ends 0 bm-report --verify --plan plan
	# The same people in two ledgers are planned once.
	[ "$(bm-report --plan plan --json db db |
		jq -c '[.planned, .unplanned, .not_started, .total]')" = '[2003,2007,0,4010]' ]
	echo x >>plan.keys
	ends 2 bm-report --plan plan --status
	same 'bm-report: plan.keys: not the recipients of the plan'
	rm plan.keys
	bm-report --plan plan --json >json
	[ "$(jq -c '[.planned, .unplanned, .not_started]' json)" = '[2003,null,0]' ]
}

@test "--verify finds what is not as it must be" {
	plan_with >plan
	ends 0 bm-report --verify --plan plan
	[ "$(grep -c '^ok: ' <<<"$output")" -eq "${#lines[@]}" ]
	ends 0 bm-report --verify db db
	plan_with z@z.example >larger
	ends 1 bm-report --verify --plan larger
	[[ ${lines[-1]} == 'BROKEN: the recipients are those of the plan: 2003 of 2004 '* ]]
	jq -c '.keys_sha256 |= sub("^.."; "zz")' plan >other
	ends 1 bm-report --verify --plan other
	[[ ${lines[-1]} == *': as many, but other people' ]]
}

# broken WORDS CHANGE: of a sound ledger, the change breaks the check that
# begins so, and it names the one who was changed.
broken() {
	cp "$BATS_FILE_TMPDIR/db" broken
	sqlite3 broken "PRAGMA foreign_keys = OFF; $2"
	ends 1 bm-report --verify broken
	grep -q "^BROKEN: $1.*: 1 are not, [a-z0-9@.]* among them\$" <<<"$output"
	ends 0 bm-report --verify --id exam broken
}

@test "--verify: each promise that is broken is found by its own check" {
	row() {
		broken "$1" "UPDATE deliveries SET $2 WHERE key = '${3-u0001@mail.example}'"
	}
	row 'every recipient belongs to a mailing' "email_id = 'none'"
	row 'every recipient is in one known state' "state = 'lost'"
	row 'who is in progress' "state = 'claimed'"
	row 'sent: class ok, and a time' "class = 'bad_mailbox'"
	row 'sent: class ok, and a time' 'at = NULL'
	row 'sent: no answer that says otherwise' 'code = 550'
	row 'failed: a reason' "state = 'failed'"
	row 'failed: a reason' 'at = NULL' u0000@uni.example
	row 'deferred: a reason' 'class = NULL' d1@slow.example
	row 'skipped: a reason' "state = 'skipped'"
	row 'skipped for an opt-out' "user_id = 's2', key = 's2@mail.example'" \
		s1@mail.example
	# Not when it may be one whose address was erased.
	sqlite3 broken "INSERT INTO optouts(course_id, key, action, source, at)
		VALUES('*', 'sha256:0011', 'out', 'page', 5)"
	ends 0 bm-report --verify broken
	row 'in doubt: class no_reply' "state = 'in_doubt'"
	broken 'every mailing is open' "UPDATE emails SET state = 'lost' WHERE id = 'week3'"
	# Whose prior state is none, in the hands of one who lives.
	mkdir -p broken-run
	exec 4>broken-run/x.log
	flock 4
	row 'every recipient is in one known state' \
		"state = 'claimed', owner = 'x', prior = 'lost'"
	# Lines that are none, but for the last, which may be torn.
	printf 'torn' >&4
	cp "$BATS_FILE_TMPDIR/db" broken
	ends 0 bm-report --verify broken
	printf ' and on\nmore' >&4
	ends 1 bm-report --verify broken
	grep -qx 'BROKEN: every line of a journal but its last is whole: line 1 of x.log is none' \
		<<<"$output"
	exec 4>&-
	rm -r broken-run
	# An owner without a journal; the lock keeps us from mending it.
	sqlite3 broken "UPDATE deliveries SET owner = 'nobody' WHERE key = 'u0001@mail.example'"
	exec 5>broken-lock
	flock 5
	ends 1 bm-report --verify broken
	grep -qx 'BROKEN: every owner has a journal: nobody has none' <<<"$output"
	exec 5>&-
}

@test "an uncertain mailing: nobody is not started, and it says so" {
	doubt=$(sql "SELECT count(*) FROM deliveries WHERE email_id = 'week3'
		AND state = 'in_doubt'")
	count=$(sql "SELECT count(*) FROM deliveries WHERE email_id = 'week3'")
	ends 0 bm-report --id week3 --total $((count + 7)) --json
	same "false 7 $doubt $count" "$(jq -r '[.uncertain, .not_started,
		.in_doubt, .total] | join(" ")' <<<"$output")"
	sql "UPDATE emails SET uncertain = 1"
	ends 0 bm-report
	[[ $output == *$'2026, uncertain\n'*'2026, held, uncertain' ]]
	ends 0 bm-report --id week3 --total $((count + 7))
	[[ $output == *$'\nstate    open, uncertain\n         the ledger is older'* ]]
	[ "$(wc -L <<<"$output")" -le 80 ]
	[[ $output != *'not started'* ]]
	grep -Eq "^  in doubt +$((doubt + 7)) " <<<"$output"
	ends 0 bm-report --id week3 --total $((count + 7)) --json
	same "true 0 $((doubt + 7)) $((count + 7)) $((doubt + 7))" "$(jq -r '
		[.uncertain, .not_started, .in_doubt, .total, (.classes[]
		| select(.status == "in_doubt" and .class == "no_reply").count)]
		| join(" ")' <<<"$output")"
	ends 0 bm-report --json
	same "true true" "$(jq .uncertain <<<"$output" | xargs)"
	ends 0 bm-report --id week3 --html page.html
	grep -q '<dt>Uncertain</dt><dd>The ledger is older' page.html
	ends 1 bm-report --id exam --total 3 --status
	sql "UPDATE emails SET uncertain = 0"
	ends 75 bm-report --id exam --total 3 --status
}

@test "--verify: a ledger behind its lock file is named with the remedy" {
	behind() {
		ends 1 bm-report --verify
		grep "^BROKEN: " <<<"$output" >said
		same 1 "$(wc -l <said)"
		[[ $(<said) == 'BROKEN: the ledger is not behind its lock file: '*$1*'--accept-older-ledger'* ]]
	}
	ends 0 bm-report --verify
	ends 0 bm-optout add u1@uni.example
	ends 0 bm-report --verify
	ends 0 bm-optout backup copy
	ends 0 bm-report --verify copy
	grep -q '^ok: this is a copy made by bm-optout backup' <<<"$output"
	ends 0 bm-optout add u2@uni.example
	mv db newer
	cp copy db
	behind "$PWD/db is older than $PWD/db-lock says"
	mv db-lock lock
	ends 0 bm-report --verify
	rm db
	cp newer db
	behind "$PWD/db-lock does not tell how new $PWD/db is"
	mv lock db-lock
	ends 0 bm-report --verify
	BM_DB=$PWD/other ends 0 bm-optout init
	BM_DB=$PWD/other ends 0 bm-optout add u1@uni.example
	cat other-lock >db-lock
	behind "is not the database of $PWD/db-lock"
	rm db-lock
	mkdir db-lock
	ends 2 bm-report --verify
	[[ $output == *"db-lock"* ]]
}

@test "--verify: a page of the file that is not as it should be" {
	sql 'PRAGMA wal_checkpoint(TRUNCATE)' >out
	first=$(sql "SELECT rootpage FROM sqlite_schema WHERE name = 'deliveries_owner'")
	/usr/bin/python3 -c "f = open('db', 'r+b')
f.seek(($first - 1) * 4096 + 3)
f.write(b'\\0\\x09')"
	run bm-report --verify
	[ "$status" -eq 1 ] || [ "$status" -eq 2 ]
	[[ $output == *'BROKEN: the database file is sound: '* ]]
}

@test "--verify finds totals that are not those of the rows" {
	sql "UPDATE totals SET count = count + 1 WHERE class = 'bad_mailbox'"
	ends 1 bm-report --verify
	grep -qx "BROKEN: the totals are those of the recipients: 1 are not,\
 failed among them" <<<"$output"
	ends 0 bm-report --verify --id exam
}

@test "totals follow whatever is written to the rows" {
	count() {
		same "$(sql "SELECT state, coalesce(class, ''), count(*)
			FROM deliveries WHERE owner IS NULL GROUP BY 1, 2")" \
			"$(sql "SELECT state, class, sum(count) AS n FROM totals
			GROUP BY 1, 2 HAVING n <> 0")"
	}
	load messages
	count
	messages 1 30 exam2 | bm-send --maildir M >out
	count
	sql "UPDATE deliveries SET owner = 'x', prior = state,
		state = 'claimed' WHERE key LIKE 'u000%'"
	count
	sql "DELETE FROM deliveries WHERE key LIKE 'u00%' OR state = 'skipped'"
	count
	sql "PRAGMA foreign_keys = OFF;
		UPDATE deliveries SET email_id = 'moved', class = NULL
		WHERE key LIKE 'u01%'"
	count
	[ "$(sql "SELECT count(*) FROM deliveries WHERE class IS NULL")" -gt 50 ]
}

@test "--html: one page, numbers of --json in it, nothing from elsewhere" {
	sql "UPDATE deliveries SET reply = '<script>alert(1)</script>'
		WHERE key = 'd1@slow.example'"
	ends 0 bm-report --id week3 --html page.html
	same ""
	run ! grep -Eq '<script|<link|<img|@import|url\(|src=|href=' page.html
	/usr/bin/python3 - <<-'END'
	import json, re, subprocess
	r = json.loads(subprocess.check_output(
	    ["bm-report", "--id", "week3", "--json"]))
	page = open("page.html", encoding="utf-8").read()
	def cells(row):
	    return re.findall(r">([^<]*)</t[dh]>", row)
	rows = [cells(x) for x in re.findall(r"<tr>(.*?)</tr>", page, re.S)]
	for c in r["classes"]:
	    want = [c["status"].replace("in_doubt", "in doubt"), c["class"],
	        f"{c['count']:,}"]
	    assert want in rows, want
	for d in r["domains"]:
	    keys = "total sent failed deferred in_doubt skipped claimed".split()
	    want = [d["domain"]] + [f"{d[k]:,}" for k in keys]
	    assert want in rows, want
	assert ["200 ms to 500 ms", f"{r['latency']['histogram'][6]['count']:,}"] in rows
	assert ["uni.example", "17", "0", "0"] in rows
	for name, key in ("median", "p50"), ("99 %", "p99"), ("longest", "max"):
	    assert [name, f"{r['latency'][key]:,}"] in rows
	drawn = re.findall(r"<title>\d\d:\d\d:\d\d: (\d+) sent</title>", page)
	assert sum(map(int, drawn)) == r["sent"], sum(map(int, drawn))
	END
	grep -q "Content-Security-Policy\" content=\"default-src 'none';" page.html
	ends 2 bm-report --id week3 --html /dev/full
	ends 2 bm-report --id week3 --html none/page.html
}

@test "--html: valid, and no barrier to a browser, on a telephone and in the dark" {
	node=$ROOT/build/node/node_modules
	# More than a day, long names, text from right to left.
	sql "UPDATE deliveries SET key = key || '.' || hex(randomblob(30)) || '.example'
			WHERE key LIKE 's%' OR key LIKE 'd%';
		UPDATE deliveries SET at = at + user_id * 90000, ms = ms * ms
			WHERE key LIKE 'u%';
		UPDATE emails SET subject = 'a&<b>' || char(0x5e9, 0x5dc, 0x5d5, 0x5dd)"
	bm-report --id week3 --total 9000 --html page.html
	grep -q '>2026-11-25<' page.html
	ends 0 "$node/.bin/html-validate" page.html
	sed 's/--dim:#57606a/--dim:#ddd/; s/max-width:40rem/max-width:1rem/; s/min-width:36rem/min-width:0/; s/\.scroll{[^}]*}//' \
		page.html >broken.html
	ends 1 timeout 200 /usr/bin/python3 "$ROOT/tests/judges/axe.py" \
		"$node/axe-core/axe.min.js" page.html broken.html
	[[ $output != *page.html* ]]
	echo "$output"; [[ $output == *'broken.html: 320 px: color-contrast'* ]]
	grep -q '^broken.html: 320 px: overflow' <<<"$output"
}

@test "--follow ends when the mailing is complete, with the numbers of --json" {
	# Those deferred may be tried again within two seconds.
	ends 124 timeout 1 bm-report --id week3 --follow --total 2003
	ends 0 bm-report --id week3 --follow --total 2003
	same "2,003 of 2,003: 1,950 sent, 50 failed, 1 deferred, 1 in doubt, 1 skipped" \
		"${lines[-1]}"
	plan_with z@z.example >larger
	bm-report --plan larger --follow --status >lines 3>&- &
	wait_for 10 grep -q '2,003 of 2,004: 1,950 sent.*; 0/s, mean 0/s' lines
	sql "INSERT INTO deliveries(email_id, key, email, state, class, at, ms, attempt)
		VALUES('week3', 'z@z.example', 'z@z.example', 'sent', 'ok', 1, 1, 1)"
	got=0
	wait $! || got=$?
	[ "$got" -eq 75 ] # one is deferred
	same "2,004 of 2,004: 1,951 sent, 50 failed, 1 deferred, 1 in doubt, 1 skipped" \
		"$(tail -n 1 lines)"
	sql "UPDATE deliveries SET state = 'sent', class = 'ok' WHERE state = 'deferred'"
	run script -qec "stty cols 60; TERM=xterm bm-report --id week3 --follow --total 2004" /dev/null
	[[ $output == *$'\r\033[K2,004 of 2,004: '*' 1 in doubt, 1 skipped'$'\r' ]]
	for width in 24 80 160; do
		run script -qec "stty cols $width; TERM=xterm timeout --foreground -s KILL 1 \
			bm-report --id week3 --follow --total 4008" /dev/null
		[[ $output == *$'\r\033[K['*' '*'] 0/s, '* ]]
		line=$(tail -n 1 <<<"$output" | sed 's/.*\r\x1b\[K//')
		[ "$(wc -L <<<"$line")" -le "$width" ]
	done
	[[ $line == "[$(printf '█%.0s' {1..20})$(printf ' %.0s' {1..20})] 0/s, mean 0/s: 1,952 sent, 50 failed, "*' of 4,008' ]]
	# Ctrl-C ends the line; a dumb terminal gets whole ones.
	TERM=xterm ends 0 /usr/bin/python3 "$ROOT/tests/terminal.py" ' sent' '\x03' \
		-- bm-report --id week3 --follow --total 4008
	[[ $output == *$'\r\033[K2,004 of 4,008: 1,952 sent, '*' 1 skipped' ]]
	ends 0 /usr/bin/python3 "$ROOT/tests/terminal.py" ' sent' '\x03' \
		-- bm-report --id week3 --follow --total 4008
	[[ $output != *$'\033'* && $output != *$'\r'* ]]
}

@test "--follow over four senders ends with the numbers of --json" {
	load messages
	messages 1 300 exam2 >in
	bm-batch -n 20 -d spool -0 --write-plan exam2.plan in >names
	bm-report --plan exam2.plan --follow >lines 3>&- &
	local follower=$!
	wait_for 10 test -s lines
	same '0 of 300: 0 sent; 0/s, mean 0/s' "$(head -n 1 lines)"
	xargs -0 -P 4 -n 1 bm-send --maildir M <names >outcomes
	wait "$follower"
	same "$(bm-report --plan exam2.plan --json |
		jq -r '"\(.total) of \(.planned): \(.sent) sent"')" \
		"$(tail -n 1 lines)"
	same '300 of 300: 300 sent' "$(tail -n 1 lines)"
}

@test "--prune forgets people, keeps the mailing, prints its numbers" {
	ends 0 bm-report --prune 400d
	same ""
	sql "UPDATE emails SET created = 1000 WHERE id = 'week3';
		INSERT INTO optouts(course_id, key, action, source, at)
		VALUES('*', 'o@o.example', 'out', 'page', 5)"
	ends 0 bm-report --prune 400d
	same "" # its outcomes are new
	sql "UPDATE deliveries SET at = 2000 WHERE email_id = 'week3'"
	ends 0 bm-report --prune 400d
	[ "$(jq -c '[.email_id, .total, .sent]' <<<"$output")" = '["week3",2003,1950]' ]
	[ "$(sql "SELECT state FROM emails WHERE id = 'week3'")" = pruned ]
	[ "$(sql "SELECT email_id, count(*) FROM deliveries GROUP BY 1")" = 'exam 1' ]
	[ "$(sql "SELECT count(*) FROM optouts")" = 2 ]
	load messages
	messages 1 1 | bm-send --accept-content --maildir M >out || true
	[ "$(jq -r '[.status, .class] | join(" ")' out)" = 'skipped pruned' ]
	ends 2 bm-report --prune 1d --id week3
}

@test "a pruned mailing says so, and no way mails anybody of it again" {
	load messages
	sql "UPDATE emails SET created = 1000;
		UPDATE deliveries SET at = 2000 WHERE email_id = 'week3'"
	bm-report --prune 1d >/dev/null
	for option in --release --hold --cancel; do
		ends 2 bm-send $option week3
		[[ $output == *"week3 was pruned: who got it is forgotten"* ]]
	done
	messages 1 2 >m
	for option in --wait --resend-in-doubt "--retry refused" \
		"--retry optout"; do
		# shellcheck disable=SC2086 # two words each
		ends 0 --separate-stderr bm-send --accept-content --maildir M \
			$option m
		same "skipped pruned" "$(jq -r '"\(.status) \(.class)"' \
			<<<"$output" | sort -u)"
	done
	[ ! -d M/new ] || [ -z "$(ls M/new)" ]
	ends 2 bm-recipients --course "$(sql "SELECT course_id FROM emails
		WHERE id = 'week3'")" --to all --ledger week3=none
	same 0 "$(sql "SELECT count(*) FROM deliveries WHERE email_id='week3'")"
	bm-report --verify | grep -qx \
		'ok: every mailing is open, held, cancelled or pruned'
	ends 0 bm-report --id week3 --status
	ends 0 bm-report --id week3 --total 2003 --status
	bm-report --id week3 | grep -q pruned
	same "pruned 0" "$(bm-report --id week3 --total 2003 --json |
		jq -r '"\(.state) \(.not_started)"')"
}

@test "options that need others say so" {
	ends 2 bm-report --status
	[[ $output == 'bm-report: --status needs --id or --plan;'* ]]
	ends 2 bm-report --id week3 --state failed
	[[ $output == 'bm-report: --state needs --records or --csv;'* ]]
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
	# What is cut from right to left keeps what follows in its place.
	mark=$'\u200e'
	COLUMNS=22 bm-report | grep -q "    a?.*ש.*…$mark\$"
	printf '%s' "$output" >text
	run ! grep -qP '[\x00-\x08\x0b-\x1f\x7f]' text
}

@test "20 columns, no UTF-8, a terminal" {
	# Long names, all kinds of tables, and more domains than are shown.
	sql "UPDATE deliveries SET key = key || '.d' || user_id || '.example',
			attempt = 12345, at = at + user_id * 1000
		WHERE key LIKE 'u%' AND CAST(user_id AS INTEGER) < 30"
	for width in 20 21 37 38 65 66 79 80 200; do
		for options in '' '--id week3' '--id exam'; do
			# shellcheck disable=SC2086 # they are several
			COLUMNS=$width ends 0 bm-report $options
			[ "$(wc -L <<<"$output")" -le "$width" ]
		done
	done
	COLUMNS=20 ends 0 bm-report --id week3
	[[ $output == *'more (-'* && $output == *$'\n  over '* ]]
	LC_ALL=C ends 0 bm-report --id week3
	[[ $output == *"97.4 %  ####"* && $output == *' 99 % '*$'\n  '*'#'*$'\n  04:01 '* ]]
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
