# Loaded by every suite: our programs on PATH, no settings but the test's own,
# and a few helpers. Everything else a test does itself.
# shellcheck shell=bash

bats_require_minimum_version 1.5.0

ROOT=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
BM_BIN=${BM_BIN:-build/bin}
case $BM_BIN in
/*) ;;
*) BM_BIN=$ROOT/$BM_BIN ;;
esac

isolate() {
	local name

	while read -r name; do
		case $name in
		BM_BIN | BM_BUILD | BM_TEST_RECORDS) ;;
		BM_* | EMAIL_* | EMAILS_* | BULK_EMAIL_* | DEFAULT_BULK_* | \
			ENABLE_INSTRUCTOR_* | AUTH_MECHANISMS | CREDENTIALS_DIRECTORY | \
			XDG_CONFIG_HOME | SOURCE_DATE_EPOCH | COLUMNS | NO_COLOR)
			unset "$name"
			;;
		esac
	done < <(compgen -e)
	export BM_BIN BM_CONFIG=/dev/null BM_ALLOW_RESERVED=yes
	# The records of all tests are checked at the end of scripts/run-tests.
	[ -z "${BM_TEST_RECORDS-}" ] ||
		export LD_PRELOAD=$ROOT/build/tests/records.so
	export PYTHONDONTWRITEBYTECODE=1 LC_ALL=C.UTF-8 TZ=UTC TERM=dumb PATH=$BM_BIN:$PATH
}
isolate

# same EXPECTED [GOT]: equal texts; GOT is what `run` left in $output.
same() {
	diff -u --label expected --label got \
		<(printf '%s\n' "$1") <(printf '%s\n' "${2-$output}")
}

# ends STATUS COMMAND...: run it and check its status.
ends() {
	local want=$1

	shift
	run "$@"
	[ "${status:?}" -eq "$want" ] && return
	echo "status $status, not $want: $*"
	echo "$output"
	return 1
}

# LeakSanitizer cannot work in a process that is traced, and valgrind's own
# calls are not those that a test counts, nor are those of tests/preload: there
# the program runs without them.
strace() {
	PATH=${BM_BIN%/bin}/plain:$PATH LD_PRELOAD='' \
		ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" command strace "$@"
}

# A TCP port of 127.0.0.1 that nobody listens on.
free_port() {
	/usr/bin/python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

# As a program of ours that runs beside it, the shell waits for a lock.
sqlite3() {
	command sqlite3 -cmd '.timeout 10000' "$@"
}

# wait_for SECONDS COMMAND...: until the command succeeds; fails in the end.
wait_for() {
	local end=$((SECONDS + $1))

	shift
	until "$@"; do
		if [ "$SECONDS" -ge "$end" ]; then
			echo "waited in vain for: $*"
			return 1
		fi
		sleep 0.05
	done
}

# listening PORT: somebody does, on 127.0.0.1.
listening() {
	(exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}
