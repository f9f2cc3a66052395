#!/usr/bin/env bats
# The views for --query are those of bm-schema(5).

setup() {
	load helper.bash
	cd "$BATS_TEST_TMPDIR" || return
	export BM_DB=m.db BM_KEY_FILE=key BM_POSTAL_ADDRESS='1 St' \
		BM_OPTOUT_URL=https://l.example.edu/o \
		DEFAULT_BULK_FROM_EMAIL=c@uni.example
	bm-optout keygen 2>/dev/null
	printf '%s\n' id,email,name,username,mode,cohort,last_login,role,enrolled,city \
		1,ada@uni.example,Ada,ada,verified,Blue,2026-11-24T05:03:07Z,staff,yes, \
		2,bob@uni.example,Bob,bob,,,,,yes, \
		3,eve@uni.example,Eve,eve,,,,,no,Bonn |
		bm-import --create --course c1 --title T - 2>/dev/null
	bm-recipients --course c1 --to user:2 >in
	bm-render --id w --subject 'S {{name}}' <(echo hi) --format text <in |
		bm-send --maildir M >/dev/null
	bm-optout add --course c1 --reason no bob@uni.example 2>/dev/null
}

query() { # SELECT...: the members of its rows, without those that are added
	bm-recipients --course c1 --query "$1" |
		jq -c 'del(.course_title, .why, .opted_out)'
}

# VIEW COLUMN of the page.
documented() {
	/usr/bin/python3 - "${PAGE-$ROOT/man/bm-schema.5}" <<-'END'
		import re, sys
		text = open(sys.argv[1]).read()
		for item in re.split(r"^\.It Sy ", text, flags=re.M)[1:]:
		    view = item.split()[0]
		    listed = re.search(r":\n((?:\.Li .*\n)+)", item).group(1)
		    for column in re.findall(r"[a-z_]+", listed.replace(".Li", "")):
		        print(view, column)
	END
}

# The same of the database: the columns of a row, and the views of the source.
present() {
	local view run=(bm-recipients --course c1 --include-opted-out --query)
	for view in $(tr -d "\"\n\t" <"$ROOT/lib/port/db/query_views.c" | grep -o "VIEW *bm_[a-z]*" | grep -o "bm_.*"); do
		if "${run[@]}" "SELECT * FROM $view" >row 2>/dev/null; then
			jq -c . row
		else
			"${run[@]}" "SELECT 'eve@uni.example' AS email, * FROM $view" |
				jq -c 'del(.email)'
		fi | head -1 | jq -r --arg v "$view" \
			'del(.course_title, .why, .opted_out) | keys[] | $v + " " + .'
	done
}

@test "each view and column of the page is there, and the other way round" {
	documented | sort >page
	present | sort >there
	[ "$(wc -l <page)" -gt 40 ]
	same 6 "$(cut -d ' ' -f 1 there | sort -u | wc -l)"
	diff page there
	# A column that is not there, or not in the page, is found.
	sed 's/last_login , data/last_logins , data/' \
		"$ROOT/man/bm-schema.5" >other.5
	same 2 "$(PAGE=other.5 documented | sort | diff - there | grep -c '^[<>]')"
}

@test "the views say what the roster, the ledger and the register hold" {
	same '{"email":"ada@uni.example","user_id":"1","username":"ada","name":"Ada","enrolled":1,"mode":"verified","cohort":"Blue","last_login":"2026-11-24T05:03:07Z","course_id":"c1"}' \
		"$(query "SELECT email, user_id, username, name, enrolled, mode, cohort, last_login FROM bm_people WHERE username = 'ada'")"
	same '{"email":"eve@uni.example","enrolled":0,"data":"{\"city\":\"Bonn\"}","course_id":"c1"}' \
		"$(query "SELECT email, enrolled, data FROM bm_people WHERE user_id = '3'")"
	same '{"email":"ada@uni.example","role":"staff","course_id":"c1"}' \
		"$(query "SELECT email, role FROM bm_roles")"
	same '{"email":"bob@uni.example","email_id":"w","state":"sent","class":"ok","subject":"S {{name}}","course_id":"c1"}' \
		"$(bm-recipients --course c1 --include-opted-out --query "SELECT email, email_id, d.state, class, subject FROM bm_deliveries d JOIN bm_mailings USING (email_id)" | jq -c 'del(.course_title, .why, .opted_out)')"
	same '{"email":"ada@uni.example","action":"out","reason":"no","course_id":"c1"}' \
		"$(query "SELECT 'ada@uni.example' AS email, action, reason FROM bm_optouts")"
	same '{"email":"ada@uni.example","title":"T","email_enabled":1,"course_id":"c1"}' \
		"$(query "SELECT 'ada@uni.example' AS email, title, email_enabled FROM bm_courses")"
	# A time is the one of the record, in UTC.
	same "$(bm-report --id w --records | jq -r '.at[:19] + "Z"')" \
		"$(bm-recipients --course c1 --include-opted-out --query "SELECT email, at FROM bm_deliveries" | jq -r .at)"
	# In a database of other programs its own names count.
	sqlite3 other.db "CREATE TABLE bm_people(email); INSERT INTO bm_people VALUES('eve@uni.example')"
	same eve@uni.example "$(bm-recipients --course c1 --query-db other.db --query 'SELECT email FROM bm_people' | jq -r .email)"
	# They can be read only.
	ends 2 bm-recipients --course c1 --query "DROP VIEW bm_people"
}
