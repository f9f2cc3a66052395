# What a program can do that somebody has taken over, as its stdin begins.

# shellcheck disable=SC2154 # bats sets stderr
load helper

COURSE='course-v1:UniX+CS101+2026'

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir data mail elsewhere
	export BM_DB=$PWD/data/bm.db BM_KEY_FILE=$PWD/key
	export BM_OPTOUT_URL=https://mail.uni.example/optout
	export BM_POSTAL_ADDRESS='1 Main Street' DEFAULT_BULK_FROM_EMAIL=no@uni.example
	bm-optout init 2>/dev/null
	bm-optout keygen 2>/dev/null
	url=$(bm-optout url --course "$COURSE" ada@uni.example)
	echo kept >elsewhere/secret
	echo '<p>Hi {{name}}</p>' >mail/body.html
}

# hostile COMMAND...: with what tests/preload/hostile.c tries, into the file
# tries.
hostile() {
	rm -f tries
	LD_PRELOAD=$ROOT/build/tests/hostile.so BM_TEST_HOSTILE=$PWD/tries \
		BM_TEST_SECRET=$PWD/elsewhere/secret \
		ASAN_OPTIONS="${ASAN_OPTIONS-}:verify_asan_link_order=0" "$@"
}

# all_refused: what this kernel can refuse, is, and nothing was done.
all_refused() {
	bm-optout --version >version
	! grep -q 'not in this kernel\|does not have' version || return 0
	same 'connect: EPERM
exec: EPERM
local connect: EPERM
local socket: EPERM
make: EACCES
read: EACCES
remove: EACCES
socket: EPERM
write: EACCES' "$(sort tries)"
	same kept "$(cat elsewhere/secret)"
	[ ! -e elsewhere/secret.made ]
}

@test "the page and bm-optout mail open, connect and execute nothing else" {
	body='confirm=1&do=stop-course'
	printf %s "$body" | REQUEST_METHOD=POST CONTENT_LENGTH=${#body} \
		CONTENT_TYPE=application/x-www-form-urlencoded \
		QUERY_STRING="t=${url#*t=}" hostile bm-optout cgi >answer
	head -n 1 answer | grep -q '^Status: 200'
	all_refused
	printf 'Subject: %s\n\n' "${url#*t=}" | hostile bm-optout mail
	all_refused
	ends 1 bm-optout check --course "$COURSE" ada@uni.example
}

@test "bm-render opens, connects and executes nothing else" {
	echo '{"email":"ada@uni.example","name":"Ada","course_id":"c"}' |
		hostile bm-render --id w --subject S mail/body.html >out
	[ "$(wc -l <out)" -eq 1 ]
	all_refused
}

@test "--version says what a program is confined by" {
	for program in bm-render bm-optout; do
		"$program" --version | grep -Eqx 'libseccomp [0-9.]+(, which this kernel does not have)?'
		"$program" --version | grep -Eqx 'Landlock [1-9][0-9]*|Landlock 0: not in this kernel'
	done
}
