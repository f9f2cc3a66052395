# shellcheck disable=SC2154 # bats sets them
# Mustache: our own cases pass here and in an implementation that is not ours.
load helper

setup() {
	cd "$ROOT" || return
	cases=${BM_BUILD:-build}/tests/mustache-cases
	judge=tests/judges/mustache.py
	wrong=$BATS_TEST_TMPDIR/wrong.json
	jq -n '{overview: "", tests: [
		{name: "right", data: {x: 1}, template: "{{x}}", expected: "1"},
		{name: "wrong", data: {x: 1}, template: "{{x}}", expected: "2"}
	]}' >"$wrong"
}

@test "all cases pass, and there are enough of them" {
	ends 0 "$cases" tests/data/mustache/*.json
	[[ ${lines[-1]} =~ ^([0-9]+)" cases, 0 failed"$ ]]
	[ "${BASH_REMATCH[1]}" -ge 150 ]
}

@test "all cases pass in pystache" {
	ends 0 /usr/bin/python3 "$judge" tests/data/mustache/*.json
	[[ ${lines[-1]} =~ ^([0-9]+)" cases, 0 failed"$ ]]
	[ "${BASH_REMATCH[1]}" -ge 150 ]
}

@test "both see a wrong case" {
	ends 1 "$cases" "$wrong"
	[[ $output == *": wrong"$'\n'*"2 cases, 1 failed" ]]
	ends 1 /usr/bin/python3 "$judge" "$wrong"
	[[ $output == *": wrong: "*"2 cases, 1 failed" ]]
}

@test "a case file that is none is named" {
	ends 2 "$cases" Makefile
	[[ $output == *"mustache-cases: Makefile: "* ]]
	ends 2 "$cases" /nonexistent
}
