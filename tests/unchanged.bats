# tests/unchanged compares two builds: nothing differs from itself, and one
# byte that differs is found.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	compare=("$ROOT/tests/unchanged" --only)
}

@test "a build is the same as itself" {
	ends 0 "${compare[@]}" golden,help "$BM_BIN" "$BM_BIN"
	same '97 passed, 0 failed'
}

# other NAME COMMAND: the build, but what this program prints goes through the
# command.
other() {
	mkdir bin
	ln -s "$BM_BIN"/bm-* bin
	rm "bin/$1"
	cat >"bin/$1" <<-END
		#!/bin/bash
		set -o pipefail
		"$BM_BIN/$1" "\$@" | $2
	END
	chmod +x "bin/$1"
}

@test "a byte that differs in one text is found" {
	other bm-report "sed 's/Tell what happened/tell what happened/'"
	ends 1 "${compare[@]}" help --keep sides "$BM_BIN" bin
	[ "${lines[0]}" = 'differs: help: bm-report --help' ]
	[ "${lines[-1]}" = '31 passed, 1 failed' ]
	same 1 "$(cmp -l sides/1.before sides/1.after | wc -l)"
}
