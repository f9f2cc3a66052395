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

@test "an include that the table of folders does not list is found" {
	echo '#include "mail/html/html.h"' >>"$tree/lib/mail/mime/addr.c"
	rejects check-layers lib/mail/mime/addr.c 'no mail/mime -> mail/html'
	echo '#include "port/relay/relay.h"' >>"$tree/lib/port/ledger_sqlite/fold.h"
	rejects check-layers lib/port/ledger_sqlite/fold.h 'no port/ledger_sqlite -> port/relay'
}

@test "the database is found in what works through a store" {
	local file files=(lib/port/ledger/ledger.c lib/port/optout/optouts.h
		lib/port/relay/{rate_share,answer_share,loss_share}.c
		lib/port/relay/relay_stops.h lib/port/send/delivery.c
		lib/port/store/store.c cmd/send/send_run.h cmd/bm-send.c
		cmd/report/view.c cmd/bm-report.c)

	for file in "${files[@]}"; do
		echo '#include "port/db/db.h"' >>"$tree/$file"
	done
	echo '#include "port/store_sqlite/sqlite_store.h"' \
		>>"$tree/cmd/send/send_relay.c"
	run -1 scripts/check-layers "$tree"
	for file in "${files[@]}"; do
		[[ $output == *"$file: includes \"port/db/db.h\""* ]]
	done
	[[ $output == *"cmd/send/send_relay.c: "*"works through a store"* ]]
}

@test "a part of one program in another is found" {
	echo '#include "optout/optout.h"' >>"$tree/cmd/bm-batch.c"
	rejects check-layers cmd/bm-batch.c 'belongs to bm-optout'
}

@test "SQLite outside its room is found" {
	echo '#include <sqlite3.h>' >>"$tree/lib/port/ledger_sqlite/claim.c"
	rejects check-layers lib/port/ledger_sqlite/claim.c sqlite3.h
}

@test "a circle of files is found, also through three of them" {
	echo '#include "base/utf8.h"' >>"$tree/lib/base/mem.c"
	echo '#include "base/mem.h"' >>"$tree/lib/base/utf8.h"
	rejects check-layers base/mem base/utf8
	cp lib/base/{mem.c,utf8.h} "$tree/lib/base"
	run -0 scripts/check-layers "$tree"
	for name in a b c; do
		echo "void circle_$name(void);" >"$tree/lib/base/circle_$name.h"
	done
	echo '#include "base/circle_b.h"' >"$tree/lib/base/circle_a.c"
	echo '#include "base/circle_c.h"' >"$tree/lib/base/circle_b.c"
	echo '#include "base/circle_a.h"' >"$tree/lib/base/circle_c.c"
	rejects check-layers base/circle_a base/circle_c
}

# A tree of one file: only NAME <TEXT
only() {
	find "$tree" -name '*.[ch]' -delete
	cat >"$tree/$1"
	export EXCEPTIONS=
}

# long_one LINES: a function with a body of so many
long_one() {
	printf 'void\nlong_one(void)\n{\n'
	yes '	f();' | head -n "$1"
	echo '}'
}

@test "a function above 60 lines is found" {
	only lib/base/long.c < <(long_one 60)
	run -0 scripts/sizes "$tree"
	only lib/base/long.c < <(long_one 61)
	rejects sizes lib/base/long.c 'long_one() has 61 lines'
}

@test "a file above 400 lines and a header above 60 are found" {
	only lib/base/long.c < <(yes '/* */' | head -n 401)
	rejects sizes lib/base/long.c 'has 401 lines'
	only lib/base/long.h < <(yes '/* */' | head -n 61)
	rejects sizes lib/base/long.h 'has 61 lines'
	only lib/base/long.h < <(yes '/* */' | head -n 60)
	run -0 scripts/sizes "$tree"
}

@test "the list of exceptions can only shrink" {
	only lib/base/long.c < <(long_one 70)
	EXCEPTIONS='70 lib/base/long.c:long_one' run -0 scripts/sizes "$tree"
	EXCEPTIONS='71 lib/base/long.c:long_one'
	rejects sizes lib/base/long.c 'has 70 lines, its exception 71'
	EXCEPTIONS=$'70 lib/base/long.c:long_one\n500 lib/base/gone.c'
	rejects sizes lib/base/gone.c 'an exception that nothing needs'
}

@test "the functions of the tree keep the rules for names" {
	run -0 scripts/check-names "$tree"
}

@test "a static function of one word is found" {
	printf 'static int\nrun(void)\n{\n}\n' >>"$tree/lib/base/buf.c"
	rejects check-names lib/base/buf.c 'run(): one word'
}

@test "a function without the prefix of its file is found" {
	printf 'int\nmend_roof(void)\n{\n}\n' >>"$tree/lib/base/buf.c"
	rejects check-names lib/base/buf.c 'mend_roof(): the prefix'
	cp lib/base/buf.c "$tree/lib/base"
	printf 'int mend_roof(void);\n' >>"$tree/lib/base/buf.h"
	rejects check-names lib/base/buf.h 'mend_roof(): the prefix'
}

@test "a name that is defined in three files is found" {
	for file in buf map num; do
		printf 'static int\nmend_roof(void)\n{\n}\n' \
			>>"$tree/lib/base/$file.c"
	done
	run -1 scripts/check-names "$tree"
	[[ $output == *'mend_roof() is defined in 3 files: lib/base/buf.c'* ]]
}

@test "HACKING.md that names what is gone is found" {
	ln -s "$PWD/scripts" "$PWD/tests" "$tree"
	cp HACKING.md "$tree"
	run -0 scripts/check-hacking "$tree"
	rm "$tree/lib/mail/smtp/retry.c"
	mkdir "$tree/lib/mail/attic"
	echo 'int attic;' >"$tree/lib/mail/attic/attic.c"
	sed -i 's/^struct roster_row {/struct row_of_roster {/' \
		"$tree/lib/mail/roster/roster_row.h"
	rejects check-hacking retry.c 'is not there'
	[[ $output == *'retry_judge() is not there'* ]]
	[[ $output == *'struct roster_row is not there'* ]]
	[[ $output == *'lib/mail/attic has no row'* ]]
}
