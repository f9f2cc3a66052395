#!/usr/bin/env bats
# Messages of bm-render as other programs read them.

load helper

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	# shellcheck disable=SC2046 # flags are words
	cc -o gmime "$ROOT/tests/peers/gmime.c" \
		$(pkg-config --cflags --libs gmime-3.0)
	printf '1 %s\n' "$(head -c 64 /dev/zero | base64 -w 0)" >keys
	chmod 600 keys
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	export BM_OPTOUT_URL=https://uni.example/optout BM_KEY_FILE=$PWD/keys
	export BM_POSTAL_ADDRESS='1 Main Street, Springfield'
	export DEFAULT_BULK_FROM_EMAIL=no-reply@uni.example
	export SOURCE_DATE_EPOCH=1795494481
	export NODE_PATH=$ROOT/build/node/node_modules
}

@test "the golden set: clean to the lint, Python and mblaze, twice the same" {
	mkdir one two
	"$ROOT/tests/peers/golden" one 2>/dev/null
	"$ROOT/tests/peers/golden" two 2>/dev/null
	run "$ROOT/tests/mimelint" --tags one/*.eml
	same '' && [ "$status" -eq 0 ]
	run /usr/bin/python3 "$ROOT/tests/judges/golden.py" one
	same '' && [ "$status" -eq 0 ]
	same 32 "$(find one -name '*.eml' | wc -l)"
	diff -r one two
}

@test "random records of all Unicode planes come back equal from each reader" {
	run "$ROOT/tests/peers/roundtrip" 200 "$RANDOM" ./gmime \
		"node $ROOT/tests/peers/mailparser.js"
	same '' && [ "$status" -eq 0 ]
}

@test "the readers tell when a message is not what it should be" {
	cat >liar <<-END
		#!/bin/bash
		# bm-render, with the last letter of each name lost
		"$BM_BIN/bm-render" "\$@" < <(jq -c '.name |= .[:-1] + "#"')
	END
	chmod +x liar
	mkdir -p bin
	ln -sf ../liar bin/bm-render
	PATH=$PWD/bin:$PATH run "$ROOT/tests/peers/roundtrip" 3 1 ./gmime \
		"node $ROOT/tests/peers/mailparser.js"
	[ "$status" -eq 1 ]
	for who in python ./gmime 'node '; do
		for what in subject 'to name' text html; do
			[[ $output == *"$who"*" 0: $what: wanted"* ]]
		done
	done
}
