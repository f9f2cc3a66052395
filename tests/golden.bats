#!/usr/bin/env bats
# The golden set, thirty-two messages of all kinds, as other programs judge
# them: readers of mail, filters of spam, validators of HTML. Each of those is
# shown what is broken, too. They come with scripts/setup --tests.
load helper

sender() {
	export BM_OPTOUT_URL=https://uni.example/optout BM_KEY_FILE=$PWD/keys
	export BM_POSTAL_ADDRESS='1 Main Street, Springfield'
	export DEFAULT_BULK_FROM_EMAIL=no-reply@uni.example
}

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	sender
	printf '1 %s\n' "$(head -c 64 /dev/zero | base64 -w 0)" >keys
	chmod 600 keys
	mkdir set db
	PORT=$(free_port)
	echo "$PORT" >port
	# -i: as root, too
	rspamd -f -i -c "$ROOT/tests/judges/rspamd.conf" --var PORT="$PORT" \
		--var DBDIR="$PWD/db" --var LOCAL_CONFDIR="$PWD" \
		>rspamd.log 2>&1 3>&- &
	echo $! >pid
	"$ROOT/tests/peers/golden" set 2>/dev/null
	broken
}

teardown_file() {
	kill "$(cat "$BATS_FILE_TMPDIR/pid")"
	wait
}

# One message and one page that no judge may let pass.
broken() {
	sed -e '/^Date:/d' -e '/^Message-ID:/d' -e '/^From:/p' \
		-e '/^Subject:/p' -e '/^--=_.*a--/d' set/english.eml \
		>broken.eml
	cat >broken.html <<-'END'
		<!DOCTYPE html><html><body>
		<p align=center><frobnicate>x</frobnicate><img src=x></div>
		<a href="x" href="y">z</a>
	END
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	sender
	messages=(set/*.eml)
	pages=(set/*.html)
	node=$ROOT/build/node/node_modules
	vnu=(java -jar "$node/vnu-jar/build/dist/vnu.jar" --errors-only)
	[ "${#messages[@]}" -eq 32 ] && [ "${#pages[@]}" -eq 32 ]
}

# tree FILE: the types of its parts, in order, by maildrop's reader.
tree() {
	reformime -i <"$1" | sed -n 's/^content-type: //p' | tr '\n' ' '
}

@test "the byte-level lint, Python and mblaze find nothing" {
	ends 0 "$ROOT/tests/mimelint" --tags "${messages[@]}"
	same ''
	ends 0 /usr/bin/python3 "$ROOT/tests/judges/golden.py" "${messages[@]}"
	same ''
	ends 1 "$ROOT/tests/mimelint" broken.eml
	ends 1 /usr/bin/python3 "$ROOT/tests/judges/golden.py" broken.eml
	[[ $output == *CloseBoundaryNotFoundDefect* ]]
}

@test "text before HTML in every message" {
	local both='multipart/alternative text/plain text/html ' file want
	for file in "${messages[@]}"; do
		want=$both
		case $file in
		*/attachment.eml) want="multipart/mixed ${both}text/csv " ;;
		*/personal-attachment.eml)
			want="multipart/mixed ${both}text/plain text/csv "
			;;
		*/inline-image.eml)
			want='multipart/alternative text/plain '
			want+='multipart/related text/html image/svg+xml '
			;;
		*/image-and-attachment.eml)
			want='multipart/mixed multipart/alternative text/plain '
			want+='multipart/related text/html image/svg+xml text/csv '
			;;
		esac
		same "$file $want" "$file $(tree "$file")"
	done
}

@test "SpamAssassin has nothing against them" {
	ends 0 "$ROOT/tests/judges/spam" spamassassin "${messages[@]}"
	same 'spamassassin: 32 messages, 0 blamed'
	ends 1 "$ROOT/tests/judges/spam" spamassassin broken.eml
	[[ $output == *MISSING_DATE*MISSING_MID* ]]
}

@test "rspamd has nothing against their form" {
	wait_for 180 listening "$(cat port)"
	ends 0 "$ROOT/tests/judges/spam" rspamd "$(cat port)" "${messages[@]}"
	same 'rspamd: 32 messages, 0 blamed'
	ends 1 "$ROOT/tests/judges/spam" rspamd "$(cat port)" broken.eml
	for symbol in MISSING_DATE MISSING_MID MULTIPLE_UNIQUE_HEADERS; do
		[[ $output == *"$symbol"* ]]
	done
}

@test "their HTML is valid: Nu, html-validate, tidy, xmllint" {
	ends 0 "${vnu[@]}" "${pages[@]}"
	same ''
	ends 0 "$node/.bin/html-validate" \
		-c "$ROOT/tests/data/html-validate.json" "${pages[@]}"
	for page in "${pages[@]}"; do
		ends 0 tidy -eq --show-warnings no "$page"
		same ''
		ends 0 xmllint --html --noout --nonet "$page"
		same ''
	done
	ends 1 "${vnu[@]}" broken.html
	ends 1 "$node/.bin/html-validate" \
		-c "$ROOT/tests/data/html-validate.json" broken.html
	ends 2 tidy -eq --show-warnings no broken.html
	run xmllint --html --noout --nonet broken.html
	[[ $output == *'Tag frobnicate invalid'* ]]
}

@test "rendered again, they are the same bytes" {
	mkdir -p one two
	export SOURCE_DATE_EPOCH=1795494481
	"$ROOT/tests/peers/golden" one 2>/dev/null
	"$ROOT/tests/peers/golden" two 2>/dev/null
	diff -r one two
	[ "$(find one -name '*.eml' -size +1k | wc -l)" -eq 32 ]
}
