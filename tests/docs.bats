#!/usr/bin/env bats
# Every example of a manual page and every command block of the README runs,
# in a folder with the sample course, its database and a key, and with a relay
# on 127.0.0.1 that takes everything.
#
# In a block whose commands follow "$ " (and "> "), the lines behind each are
# the output it must have. Any other block is a script that must end with
# status 0. What cannot run here says so in a comment before it:
#	.\" not run: REASON		<!-- not run: REASON -->

load helper

setup_file() {
	export FOLDER=$BATS_FILE_TMPDIR/folder COURSE
	COURSE='course-v1:UniX+CS101+2026'
	make_folder >/dev/null
	start_relay
}

teardown_file() {
	[ -z "${RELAY-}" ] || kill "$RELAY"
}

make_folder() {
	"$ROOT/scripts/sample-course" "$FOLDER"
	cd "$FOLDER" || return
	sed -i "/,Bad Address/d; s/,2026-0[1-5]-../,$(date +%F)/" learners.csv
	cat >bm.conf <<-END
		BM_DB=course.db
		BM_KEY_FILE=bm.key
		BM_OPTOUT_URL=https://learn.example/optout
		BM_POSTAL_ADDRESS=1 College Street, Springfield
		DEFAULT_BULK_FROM_EMAIL=cs101@learn.example
		BM_ALLOW_RESERVED=yes
		EMAIL_HOST=127.0.0.1
		EMAIL_USE_TLS=false
	END
	export BM_CONFIG=$FOLDER/bm.conf
	bm-optout init
	bm-optout keygen
	bm-import --course "$COURSE" --title 'Computing 101' \
		--url https://learn.example/cs101 learners.csv
	bm-import --course "$COURSE" --role staff staff.csv
	printf 'id,email,name\n1,eve@guest.example,Eve\n' >guests.csv
	edx_tables
	bm-recipients --course "$COURSE" --to learners >recipients.ndjson
	bm-render --id week3 --subject 'Week 3 is open' week3.html \
		<recipients.ndjson >messages.ndjson
	bm-batch --size 50 --dir spool/week3 --write-plan spool/week3.plan \
		<messages.ndjson
}

# Tables of Open edX as mysql --batch writes them.
edx_tables() {
	printf '%s\t' id username email name is_active >users.tsv
	printf 'last_login\n1\tann\tann@edx.example\tAnn\t1\tNULL\n' >>users.tsv
	printf '%s\t' user_id course_id mode >enrolments.tsv
	printf 'is_active\n1\t%s\taudit\t1\n' "$COURSE" other >>enrolments.tsv
	printf 'user_id\tcourse_id\trole\n1\t%s\tstaff\n' "$COURSE" >roles.tsv
}

start_relay() {
	local port user=()

	port=$(free_port)
	[ "$(id -u)" -ne 0 ] || user=(-u nobody)
	"$ROOT/build/postfix/bin/smtp-sink" "${user[@]}" -c "127.0.0.1:$port" \
		100 >/dev/null 2>&1 3>&- &
	export RELAY=$!
	echo "EMAIL_PORT=$port" >>"$FOLDER/bm.conf"
	wait_for 10 listening "$port"
}

setup() {
	cp -r "$FOLDER" "$BATS_TEST_TMPDIR/folder"
	cd "$BATS_TEST_TMPDIR/folder" || return
	export BM_CONFIG=$PWD/bm.conf HOME=$PWD
}

# The blocks of a page's examples, or of a whole tutorial, each in a file: 01,
# 02, ...
blocks_of_page() { # PAGE DIR
	mkdir -p "$2"
	awk -v dir="$2" '
	FILENAME ~ /tutorial/ { examples = 1 }
	/^\.Sh / && FILENAME !~ /tutorial/ { examples = $2 == "EXAMPLES" }
	!examples { next }
	/^\.\\" not run: ./ { skip = 1; next }
	/^\.Bd -(literal|unfilled)/ { if (!skip) start(); else skipping = 1; next }
	/^\.Ed/ { skip = skipping = block = 0; next }
	/^\.Dl / { if (!skip) { start(); put(substr($0, 5)) }
		skip = block = 0; next }
	block { put($0) }
	function start() { block = 1; file = sprintf("%s/%02d", dir, ++n) }
	function put(line) {
		gsub(/\\&/, "", line)
		gsub(/\\\(aq/, "\047", line)
		gsub(/\\\(dq/, "\"", line)
		gsub(/\\-/, "-", line)
		gsub(/\\e/, "\\", line)
		print line > file
	}' "$1"
}

blocks_of_readme() { # FILE DIR
	mkdir -p "$2"
	awk -v dir="$2" '
	/^<!-- not run: ./ { skip = 1; next }
	/^```(sh|bash|console)$/ {
		open = 1
		if (!skip)
			file = sprintf("%s/%02d", dir, ++n)
		next
	}
	/^```$/ { open = skip = 0; next }
	open && !skip { print > file }' "$1"
}

# A block with prompts as a script that prints the prompts and the output.
with_prompts() { # BLOCK
	awk '
	function quote(s) {
		gsub(/\047/, "\047\\\047\047", s)
		return "\047" s "\047"
	}
	function flush() {
		printf "%s%s", say, code
		say = code = ""
	}
	/^\$ / { flush() }
	/^[$>] / || goes_on {
		say = say "printf \"%s\\n\" " quote($0) "\n"
		sub(/^[$>] /, "")
		code = code $0 "\n"
		goes_on = /[\\|]$/
	}
	END { flush() }' "$1"
}

# Output as the pages have it: of somebody called me, on a Monday.
plain() {
	sed -E "s,$HOME,/home/me,g
		s/20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2} /2026-11-30 08:00 /"
}

run_block() { # BLOCK
	if grep -q '^\$ ' "$1"; then
		with_prompts "$1" >block.sh
		bash -o pipefail block.sh </dev/null >got 3>&-
		diff -u "$1" <(plain <got)
	else
		bash -euo pipefail "$1" </dev/null 3>&-
	fi
}

run_blocks() { # DIR NAME
	local block count=0

	for block in "$1"/*; do
		count=$((count + 1))
		run run_block "$block"
		[ "$status" -eq 0 ] && continue
		echo "$2: example ${block##*/} ends with status $status:"
		cat "$block"
		echo "--- and says:"
		echo "$output"
		return 1
	done
}

# page NAME: all its examples run, and it has some.
page() {
	blocks_of_page "$ROOT/man/$1" "$BATS_TEST_TMPDIR/blocks"
	compgen -G "$BATS_TEST_TMPDIR/blocks/*" >/dev/null || {
		echo "$1 has no example"
		return 1
	}
	run_blocks "$BATS_TEST_TMPDIR/blocks" "$1"
}

@test "bm(7)" { page bm.7; }
@test "bm-import(1)" { page bm-import.1; }
@test "bm-recipients(1)" { page bm-recipients.1; }
@test "bm-render(1)" { page bm-render.1; }
@test "bm-batch(1)" { page bm-batch.1; }
@test "bm-send(1)" { page bm-send.1; }
@test "bm-sign(1)" { page bm-sign.1; }
@test "bm-bounce(1)" { page bm-bounce.1; }
@test "bm-optout(1)" { page bm-optout.1; }

@test "bm-report(1)" {
	bm-send --maildir Maildir messages.ndjson >outcomes.ndjson
	sqlite3 course.db "UPDATE deliveries SET state = 'failed'
		WHERE key = (SELECT min(key) FROM deliveries)"
	page bm-report.1
}

@test "every program has a page, and is named in bm(7)" {
	for program in "$ROOT"/cmd/*.c; do
		[ -e "$program" ] || continue
		name=$(basename "$program" .c)
		[ -e "$ROOT/man/$name.1" ]
		grep -q "^.It Xr $name 1" "$ROOT/man/bm.7"
	done
}

# The options of a program; those of all its commands, if it has commands.
options_of() { # PROGRAM
	local command

	"$1" --help
	for command in $("$1" --help | tr '\n' ' ' |
		sed -nE 's/.*Commands: ([a-z, ]+)\..*/\1/p' | tr -d ,); do
		"$1" "$command" --help
	done
}

ours() {
	sort -u | grep -vxE -- '--(help|version|config|print-config|verbose)' ||
		true
}

# The options that the lines of a page name: those that begin with MACRO.
named() { # PAGE MACRO
	sed -n "s/\\\\-/-/g; s/^\\.$2/&/p" "$1" |
		grep -oE 'Fl (-|Fl )[a-z][a-z-]+' |
		sed -E 's/Fl (-|Fl )/--/' | ours
}

@test "every option of a program is in its page, and the other way round" {
	for program in "$BM_BIN"/bm-*; do
		name=${program##*/}
		page=$ROOT/man/$name.1
		options_of "$program" |
			sed -nE 's/^ +(-., )?(--[a-z][a-z-]+).*/\2/p' | ours >has
		named "$page" '' >mentioned
		named "$page" 'It Fl' >described
		same '' "$(comm -23 has mentioned | sed "s/^/$name: not in page: /")"
		same '' "$(comm -13 has described | sed "s/^/$name: has no /")"
	done
}

@test "the README's commands" {
	blocks_of_readme "$ROOT/README.md" "$BATS_TEST_TMPDIR/blocks"
	run_blocks "$BATS_TEST_TMPDIR/blocks" README.md
}

# The blocks of the README with this fence, from its line on, under a heading.
readme_blocks() { # HEADING FENCE
	awk -v heading="## $1" -v fence="$2" '
	/^## / { here = $0 == heading }
	$0 == "```" && open { open = 0; next }
	open == 2
	/^```/ { open = here && $0 == fence ? 2 : 1 }' "$ROOT/README.md"
}

# An empty home with a roster, and the settings on standard input, of which our
# relay takes the place of theirs.
newcomer() {
	local port

	port=$(sed -n 's/^EMAIL_PORT=//p' bm.conf)
	export HOME=$PWD/home
	unset BM_CONFIG
	mkdir -p home/bm home/.config/bm
	cp learners.csv home/bm
	{
		sed "s,/home/me,$HOME,; /^EMAIL_HOST/d"
		printf '%s\n' EMAIL_HOST=127.0.0.1 "EMAIL_PORT=$port" EMAIL_USE_TLS=no
	} >home/.config/bm/bm.conf
	grep -q ^BM_POSTAL_ADDRESS= home/.config/bm/bm.conf
}

@test "bm-tutorial(7), from an empty home" {
	# The settings are the one block that is not run.
	newcomer < <(sed -n '/not run/,/^\.Ed/p' "$ROOT/man/bm-tutorial.7" | grep '^[BDE]')
	page bm-tutorial.7
	same 300 "$(bm-report --json | jq 'select(.email_id == "week3") | .sent')"
	ends 1 bm-optout check --course "$COURSE" user:learner1001
	same cancelled "$(bm-report --json |
		jq -r 'select(.email_id == "week3-date") | .state')"
}

@test "the README's commands for a newcomer, from nothing to delivered" {
	newcomer < <(readme_blocks 'An announcement' '```' | grep '^[BDE]')
	printf '# Hello {{name}}\n' >home/bm/week3.md
	readme_blocks 'An announcement' '```bash' >home/commands
	same 9 "$(wc -l <home/commands)"
	cd home || return
	ends 0 bash -euo pipefail commands 3>&-
	[[ $output == *'takes mail from <cs101@example.edu>'* ]]
	[[ $output == *$'\nhttps://learn.example.edu/optout?t='* ]]
	[[ $output == *'Nothing was sent.'*'complete: 300 of 300 have it'* ]]
	# From's name, and what it is without one.
	for from in 'Computing 101 <cs101@example.edu>' cs101@example.edu; do
		bm-recipients --course "$COURSE" --to user:learner1002 |
			DEFAULT_BULK_FROM_EMAIL=$from bm-render --id from \
				--subject S bm/week3.md | jq -r .message |
			grep '^From: '
	done >senders
	same $'From: Computing 101 <cs101@example.edu>\r
From: Computing 101 Course Staff <cs101@example.edu>\r' "$(tr -d "\"" <senders)"
	# What cron is given, on its day and before.
	readme_blocks 'An announcement' '```' | sed -n 's/^\*.* \* bm-/bm-/p' >line
	cp bm/week3.md bm/week4.md
	sed 's/2026-12-07/2999-12-07/' line >early
	sed 's/2026-12-07/2001-12-07/' line >late
	ends 75 sh early
	same ''
	ends 0 sh late
	same ''
	same '[300,300]' "$(bm-report --json |
		jq -c 'select(.subject == "Week 4 is open") | [.total, .sent]')"
}

@test "what the README's map names is there" {
	# shellcheck disable=SC2016 # backquotes are meant
	sed -nE 's/^\| `([^`]+)` .*/\1/p' "$ROOT/README.md" |
		while read -r path; do
			[ -e "$ROOT/$path" ] || {
				echo "$path is not there"
				false
			}
		done
}

@test "an example that fails is found" {
	printf '.Sh EXAMPLES\n.Dl false\n' >bad.1
	blocks_of_page bad.1 bad
	run ! run_blocks bad bad.1
	printf '.Sh EXAMPLES\n.Bd -literal\n$ echo a\nb\n.Ed\n' >wrong.1
	blocks_of_page wrong.1 wrong
	run ! run_blocks wrong wrong.1
}
