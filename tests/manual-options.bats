#!/usr/bin/env bats
# The tables of options, as --help prints them, against what the programs do
# and what the manual says.

# shellcheck disable=SC2030,SC2031 # each test has its own
load helper

setup() {
	cd "$ROOT" || return
}

# programs_with NAME: a folder of the programs with this one from stdin.
programs_with() {
	mkdir bin
	ln -s "$BM_BIN"/bm-* bin
	rm "bin/$1"
	sed "s,REAL,$BM_BIN/$1," >"bin/$1"
	chmod +x "bin/$1"
}

@test "each pair of options works as written or is refused by name" {
	ends 0 /usr/bin/python3 tests/option_pairs.py "$BM_BIN"
	[[ $output =~ '# '[0-9]{3}' pairs' ]]
}

@test "an option that is silently ignored beside another one is found" {
	cd "$BATS_TEST_TMPDIR" || return
	programs_with bm-batch <<-'END'
		#!/bin/bash
		words=()
		for word; do
			[[ $word = --null && "$*" = *--size=* ]] || words+=("$word")
		done
		exec REAL "${words[@]}"
	END
	ends 1 /usr/bin/python3 "$ROOT/tests/option_pairs.py" bin bm-batch
	same 'bm-batch --size --null: as without --null: status 1' \
		"$(sed -n 's/\(status 1\):.*/\1/p' <<<"$output")"
}

@test "a rule that --help tells and the program does not keep is found" {
	cd "$BATS_TEST_TMPDIR" || return
	programs_with bm-batch <<-'END'
		#!/bin/bash
		[ "$1" = --help ] || exec REAL "$@"
		REAL --help | sed 's/records come$/records come (not with --null)/'
	END
	ends 1 /usr/bin/python3 "$ROOT/tests/option_pairs.py" bin bm-batch
	[[ $output == *'bm-batch --null --expect: not refused by name: status '* ]]
}

@test "unit, bounds, default and exclusions: the pages say what the tables say" {
	ends 0 /usr/bin/python3 tests/manual_values.py "$BM_BIN" man
}

@test "a value, an option or a rule that only one of the two has is found" {
	cp -r man "$BATS_TEST_TMPDIR/man"
	sed -i 's/^1 to 1000; default 1;/1 to 100; default 1;/
		/^\.It Li .-.-per-connection/,+1d
		s/^\.It Li .-.-unlink/.It Li \\-\\-delete/' \
		"$BATS_TEST_TMPDIR/man/bm-send.1"
	sed -i 's/^a number, 0 to 1000; default 5$/a number, 0 to 100; default 5/
		s/^a number of seconds, 1 to 86400; default 600$/a number, 1 to 86400; default 600/
		/^\.It Li BM_PLAINTEXT/,+1d; s/^\.It Li EMAIL_HOST$/.It Li EMAIL_HOTS/' \
		"$BATS_TEST_TMPDIR/man/bm.conf.5"
	ends 1 /usr/bin/python3 tests/manual_values.py "$BM_BIN" \
		"$BATS_TEST_TMPDIR/man"
	same 'bm-send --connections N
bm-send --delete
bm-send --per-connection N
bm-send --unlink
bm.conf BM_PLAINTEXT
bm.conf BM_RELAY_TIMEOUT
bm.conf BULK_EMAIL_MAX_RETRIES
bm.conf EMAIL_HOST
bm.conf EMAIL_HOTS' "$(cut -d: -f1 <<<"$output" | LC_ALL=C sort)"
}

# bounds_of PAGE: "NAME FROM TO" of each setting whose item has bounds.
bounds_of() {
	awk '/^\.It Ev / { name = $3; next }
		/^\.(It|El|Ss|Sh)/ { name = "" }
		name != "" && match($0, /[0-9]+ to [0-9]+/) {
			split(substr($0, RSTART, RLENGTH), bound, " to ")
			print name, bound[1], bound[2]
			name = ""
		}' "$1"
}

# takes NAME VALUE: a program that reads the setting does not refuse it.
takes() {
	run env EMAIL_HOST=127.0.0.1 EMAIL_PORT=1 EMAIL_USE_TLS=no \
		BM_ENVELOPE_SENDER=s@uni.example "$1=$2" bm-send --check
	[[ $status -ne 2 || $output != *"$1"* ]] || return
	run env "$1=$2" bm-batch --dir "$BATS_TEST_TMPDIR/spool" </dev/null
	[[ $status -ne 2 || $output != *"$1"* ]]
}

bounds_hold() { # PAGE
	local name from to

	while read -r name from to; do
		takes "$name" "$from" || return
		takes "$name" "$to" || return
		if takes "$name" $((from - 1)) || takes "$name" $((to + 1)) ||
			takes "$name" "${from}x"; then
			echo "$name takes what is not within $from and $to"
			return 1
		fi
	done < <(bounds_of "$1")
}

@test "a setting takes its bounds of bm.conf(5), and nothing beyond them" {
	same 'BM_RELAY_TIMEOUT
BULK_EMAIL_DEFAULT_RETRY_DELAY
BULK_EMAIL_MAX_RETRIES
EMAILS_PER_TASK
EMAIL_PORT' "$(bounds_of man/bm.conf.5 | cut -d' ' -f1 | LC_ALL=C sort)"
	bounds_hold man/bm.conf.5
	sed 's/1 to 86400/1 to 86399/' man/bm.conf.5 >"$BATS_TEST_TMPDIR/page"
	run ! bounds_hold "$BATS_TEST_TMPDIR/page"
	sed 's/1 to 65535/1 to 65536/' man/bm.conf.5 >"$BATS_TEST_TMPDIR/page"
	run ! bounds_hold "$BATS_TEST_TMPDIR/page"
}
