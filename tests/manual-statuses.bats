#!/usr/bin/env bats
# Each exit status that a page lists has a test that shows it: the index is
# tests/data/manual-statuses.

load helper

setup() {
	cd "$ROOT" || return
}

# The pages that the index covers: all with programs in C.
statuses_of_pages() { # FOLDER
	local page

	for page in bm-announce bm-batch bm-import bm-optout bm-recipients bm-render \
		bm-report bm-send bm-sign; do
		awk -v page="$page" '
			/^\.Sh / { here = $2 " " $3 == "EXIT STATUS" }
			here && /^\.It / { print page, $2 }' "$1/$page.1"
	done
}

index() {
	sed '/^#/d' tests/data/manual-statuses
}

@test "each exit status of a page is in the index, and the other way round" {
	same "$(statuses_of_pages man | sort)" "$(index | sed 's/:.*//' | sort -u)"
}

@test "each test of the index is there, in a file of its program" {
	local place name

	while IFS=: read -r place name; do
		grep -qF "@test \"${name# }\" {" tests/"${place% *}"*.bats || {
			echo "$place: no test \"${name# }\""
			return 1
		}
	done < <(index)
}

@test "a status that only the page or only the index has is found" {
	cp -r man "$BATS_TEST_TMPDIR/man"
	sed -i 's/^\.It 75$/.It 74/' "$BATS_TEST_TMPDIR/man/bm-batch.1"
	statuses_of_pages "$BATS_TEST_TMPDIR/man" | sort >"$BATS_TEST_TMPDIR/has"
	same 'bm-batch 74' "$(comm -23 "$BATS_TEST_TMPDIR/has" \
		<(index | sed 's/:.*//' | sort -u))"
	same 'bm-batch 75' "$(comm -13 "$BATS_TEST_TMPDIR/has" \
		<(index | sed 's/:.*//' | sort -u))"
}
