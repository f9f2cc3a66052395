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

@test "2,000 random records of all Unicode planes come back equal from each reader" {
	local seed=$RANDOM
	echo "seed $seed"
	run "$ROOT/tests/peers/roundtrip" 2000 "$seed" ./gmime \
		"node $ROOT/tests/peers/mailparser.js"
	same '' && [ "$status" -eq 0 ]
}

# liar NAME COMMAND: what bm-render writes goes through the command.
liar() {
	mkdir -p "$1"
	cat >"$1/bm-render" <<-END
		#!/bin/bash
		"$BM_BIN/bm-render" "\$@" | $2
	END
	chmod +x "$1/bm-render"
	PATH=$PWD/$1:$PATH ends 1 "$ROOT/tests/peers/roundtrip" 3 1 ./gmime \
		"node $ROOT/tests/peers/mailparser.js"
}

@test "the readers tell when a message is not what it should be" {
	mkdir -p bin
	cat >bin/bm-render <<-END
		#!/bin/bash
		# The last letter of each name is another one.
		"$BM_BIN/bm-render" "\$@" < <(jq -c '.name |= .[:-1] + "#"')
	END
	chmod +x bin/bm-render
	PATH=$PWD/bin:$PATH run "$ROOT/tests/peers/roundtrip" 3 1 ./gmime \
		"node $ROOT/tests/peers/mailparser.js"
	[ "$status" -eq 1 ]
	for who in python ./gmime 'node '; do
		for what in subject 'to name' text html; do
			[[ $output == *"$who"*" 0: $what: wanted"* ]]
		done
	done
}

@test "the readers tell when the form of a message is broken" {
	liar end "jq -c '.message |= sub(\"\\r\\n--=_[^\\r]*--\\r\\n\$\"; \"\\r\\n\")'"
	[[ $output == *"M-04"* ]]
	[[ $output == *"python 0: defect CloseBoundaryNotFoundDefect"* ]]
	[[ $output == *"./gmime 0: "*@* ]]
	liar list "jq -c '.message |= sub(\"List-Unsubscribe: [^\\r]*\\r\\n\"; \"\")'"
	[[ $output == *"mailparser.js 0: no list.unsubscribe"* ]]
	liar twice "jq -c '.message |= sub(\"(?<x>To: )\"; \"\\(.x)v@e.org, \")'"
	for who in python ./gmime 'node '; do
		[[ $output == *"$who"*" 0: to "* ]]
	done
}

@test "pictures, names of files and invitations come back from six readers" {
	local seed=$RANDOM
	echo "seed $seed"
	ends 0 python3 "$ROOT/tests/judges/parts.py" "$BM_BIN/bm-render" 4 "$seed"
	same 6 "$(grep -c ': 4 of 4$' <<<"$output")"
	# they tell when a part is not what was put in
	mkdir -p bent
	printf '#!/bin/sh\n"%s/bm-render" "$@" | sed "s/=REQUEST/=X/; s/=CANCEL/=X/; s/=PUBLISH/=X/; s/pdf/txt/"\n' "$BM_BIN" >bent/bm-render
	chmod +x bent/bm-render
	ends 1 python3 "$ROOT/tests/judges/parts.py" "$PWD/bent/bm-render" 1 "$seed"
	same 6 "$(grep -c ': 0 of 1$' <<<"$output")"
}
