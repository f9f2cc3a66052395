# shellcheck disable=SC2154 # bats sets them
# The text of mails as they are in the world, with a browser as the judge.
# What it needs is fetched by scripts/setup --tests.
load helper

setup_file() {
	local dir=$BATS_FILE_TMPDIR

	cd "$ROOT" || return
	mkdir -p "$dir/mails" "$dir/texts" "$dir/cut"
	node tests/judges/mails.js build/node/node_modules "$dir/mails"
	"${BM_BUILD:-build}/tests/html-text" "$dir/texts" "$dir"/mails/*.html
}

setup() {
	cd "$ROOT" || return
	dir=$BATS_FILE_TMPDIR
	judge=(/usr/bin/python3 tests/judges/visible.py)
}

@test "nothing that a browser shows is lost, and nothing else is there" {
	mails=("$dir"/mails/*.html)
	[ "${#mails[@]}" -ge 29 ]
	ends 0 timeout 120 "${judge[@]}" "$dir/texts" "${mails[@]}"
	echo "# ${lines[-1]}" >&3
}

@test "the judge sees a lost word, a lost link and what should not be there" {
	name=mailgen-default-welcome.html
	for change in 's/Confirm //' 's/<https.*>//' 's/Welcome/& uninvited/' \
		's/account/&\xc2\xa0/'; do
		cp "$dir/mails/$name" "$dir/cut/$((++n)).html"
		sed "$change" "$dir/texts/$name.txt" >"$dir/cut/$n.html.txt"
	done
	ends 1 timeout 60 "${judge[@]}" "$dir/cut" "$dir"/cut/?.html
	[[ ${lines[0]} == *" recall 45/46 "* ]]
	[[ ${lines[1]} == *" links 0/3 "* ]]
	[[ ${lines[2]} == *" precision 46/47 "* ]]
	[[ ${lines[3]} == *nbsp ]]
}

@test "twice the same bytes, without network or temporary file" {
	mkdir -p "$dir/again"
	strace -f -e trace=%network,openat,creat -o "$dir/calls" \
		"${BM_BUILD:-build}/tests/html-text" "$dir/again" \
		"$dir"/mails/*.html
	diff -r "$dir/texts" "$dir/again"
	run ! grep -E 'socket|connect' "$dir/calls"
	run ! grep -E 'O_CREAT' <(grep -v "$dir/again" "$dir/calls")
}
