#!/usr/bin/env bats
# The linters themselves: each is shown a fault that it has to find.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return
	tree=$BATS_TEST_TMPDIR
	mkdir -p "$tree"
	cp -r lib cmd "$tree"
}

# A fault in FILE makes SCRIPT fail and name it: rejects SCRIPT FILE TEXT
rejects() {
	run -1 "scripts/$1" "$tree"
	[[ $output == *"$2"*"$3"* ]] || {
		echo "wanted $2: $3, got: $output"
		false
	}
}

@test "the tree as it is keeps its layers" {
	run -0 scripts/check-layers "$tree"
}

@test "a foreign library in the wrong file is found" {
	echo '#include <curl/curl.h>' >>"$tree/lib/mail/mime/addr.c"
	rejects check-layers lib/mail/mime/addr.c curl/curl.h
}

@test "a foreign library in a header is found" {
	echo '#include <sqlite3.h>' >>"$tree/lib/port/db/db.h"
	rejects check-layers lib/port/db/db.h sqlite3.h
}

@test "an upward include is found" {
	echo '#include "port/db/db.h"' >>"$tree/lib/base/buf.c"
	rejects check-layers lib/base/buf.c port/db/db.h
}

@test "an include without its layer is found" {
	echo '#include "addr.h"' >>"$tree/lib/mail/mime/addr.c"
	rejects check-layers lib/mail/mime/addr.c '"addr.h", which names no layer'
}

@test "a header of the system in the pure layer is found" {
	echo '#include <sys/socket.h>' >>"$tree/lib/mail/mime/addr.c"
	rejects check-layers lib/mail/mime/addr.c 'lib/mail is pure'
}

@test "the clock in the pure layer is found" {
	echo 'long f(void) { return time(0); }' >>"$tree/lib/mail/mime/addr.c"
	rejects check-layers lib/mail/mime/addr.c 'time: lib/mail is pure'
}

@test "printing in a library is found, but not in comments and strings" {
	echo 'static const char *s = "exit(1)"; /* printf("x") */' \
		>>"$tree/lib/base/buf.c"
	run -0 scripts/check-layers "$tree"
	echo 'void f(void) { printf("x"); }' >>"$tree/lib/base/buf.c"
	rejects check-layers lib/base/buf.c printf
}

@test "a function above 60 lines is found, unless it says why" {
	find "$tree" -name '*.[ch]' -delete
	{
		printf 'void\nlong_one(void)\n{\n'
		yes '	f();' | head -n 61
		echo '}'
	} >"$BATS_TEST_TMPDIR/long"
	cat "$BATS_TEST_TMPDIR/long" >"$tree/lib/base/long.c"
	rejects sizes lib/base/long.c 'long_one() has 61 lines'
	sed 's,^{,{\n	/* size: one table of calls */,' \
		"$BATS_TEST_TMPDIR/long" >"$tree/lib/base/long.c"
	run -0 scripts/sizes "$tree"
}
