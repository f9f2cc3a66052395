# shellcheck disable=SC2154 # bats sets them
# Markdown and plain text of a body, against suites that others publish.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	judge=$ROOT/tests/judges/commonmark.py
	convert=${BM_BUILD:-$ROOT/build}/tests/markdown-html
	cmark=$ROOT/build/cmark-gfm/test
	suites=("CommonMark=$ROOT/build/node/node_modules/commonmark-spec/spec.txt"
		"GFM=$cmark/spec.txt" "extensions=$cmark/extensions.txt"
		"regression=$cmark/regression.txt")
}

@test "the published suites pass, but for the examples that bm-render(1) lists" {
	ends 0 --separate-stderr python3 "$judge" "$convert" \
		"$ROOT/man/bm-render.1" "${suites[@]}"
	same '' "$output"
	[[ $stderr =~ CommonMark:\ ([0-9]+) ]] && [ "${BASH_REMATCH[1]}" -ge 650 ]
	[[ $stderr =~ GFM:\ ([0-9]+) ]] && [ "${BASH_REMATCH[1]}" -ge 670 ]
	[[ $stderr =~ GFM:[^\;]*\;\ ([0-9]+)\ with ]] && [ "${BASH_REMATCH[1]}" -ge 300 ]
}

@test "the judge sees what differs, and what is listed and does not" {
	printf '.It GFM: 610 614 616 619 620 1\n' >page
	ends 1 --separate-stderr python3 "$judge" "$convert" page \
		"${suites[1]}"
	[[ $output == *"GFM 1: is as published, but listed"* ]]
	[[ $output == *"GFM 653: "*wanted* ]]
}

@test "random plain texts: each word, line and list item is in the HTML" {
	ends 0 --separate-stderr python3 "$ROOT/tests/judges/plain.py" 300 "$RANDOM" \
		"${BM_BUILD:-$ROOT/build}/tests/markdown-html"
	same 300 "$output"
}
