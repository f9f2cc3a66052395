#!/usr/bin/env bats
# Building, installing, packing and the test runner itself.

load helper

setup() {
	cd "$ROOT" || return
	tmp=$BATS_TEST_TMPDIR
}

# A copy of the runner with tests of its own: runner FILE...
runner() {
	mkdir -p "$tmp/tree/scripts" "$tmp/tree/tests/unit"
	cp "$ROOT/scripts/run-tests" "$tmp/tree/scripts"
	ends "$1" env -u BM_BUILD "$tmp/tree/scripts/run-tests"
}

@test "install puts the programs and pages, uninstall takes them away" {
	mkdir -p "$tmp/root/usr/bin"
	touch "$tmp/root/usr/bin/other"
	make -s install DESTDIR="$tmp/root" PREFIX=/usr
	for program in cmd/*.c; do
		program=$(basename "$program" .c)
		"$tmp/root/usr/bin/$program" --version
	done
	for page in man/*.[1-8]; do
		cmp "$page" "$tmp/root/usr/share/man/man${page##*.}/${page#man/}"
	done
	make -s uninstall DESTDIR="$tmp/root" PREFIX=/usr
	same "$tmp/root/usr/bin/other" "$(find "$tmp/root" -type f)"
}

@test "dist makes the same tarball each time, and it builds by itself" {
	make -s dist
	cp build/bm-*.tar.gz "$tmp/first.tar.gz"
	make -s dist
	cmp build/bm-*.tar.gz "$tmp/first.tar.gz"
	tar -C "$tmp" -xf "$tmp/first.tar.gz"
	cd "$tmp"/bm-*/
	make -s -j2 OPT=-O0 all
	build/bin/bm-batch --version
	[ "$(find scripts tests .ci -type f | sort)" = \
		"$(cd "$ROOT" && find scripts tests .ci -type f | sort)" ]
}

@test "run-tests counts, shows failures and ends with the sum" {
	mkdir -p "$tmp/tree/tests"
	printf '@test "good" { true; }\n@test "bad" { echo why; false; }\n' \
		>"$tmp/tree/tests/a.bats"
	runner 1
	[[ $output == *'not ok 2 bad'*'# why'* ]]
	same '1 passed, 1 failed' "${lines[-1]}"
}

@test "run-tests takes a skipped test for a failed one" {
	mkdir -p "$tmp/tree/tests"
	printf '@test "a" { skip; }\n@test "b" { true; }\n' \
		>"$tmp/tree/tests/a.bats"
	runner 1
	same '1 passed, 1 failed' "${lines[-1]}"
}

@test "run-tests takes a program that says less than it planned for failed" {
	mkdir -p "$tmp/tree/tests/unit" "$tmp/tree/build/tests"
	touch "$tmp/tree/tests/unit/short.c"
	printf '#!/bin/sh\necho ok 1 - one\necho 1..2\n' \
		>"$tmp/tree/build/tests/short"
	chmod +x "$tmp/tree/build/tests/short"
	runner 1
	same '1 passed, 1 failed' "${lines[-1]}"
}

@test "run-tests takes a program that dies after its last test for failed" {
	mkdir -p "$tmp/tree/tests/unit" "$tmp/tree/build/tests"
	touch "$tmp/tree/tests/unit/dies.c"
	# shellcheck disable=SC2016 # the script's own
	printf '#!/bin/sh\necho ok 1 - one\necho 1..1\nkill -9 $$\n' \
		>"$tmp/tree/build/tests/dies"
	chmod +x "$tmp/tree/build/tests/dies"
	runner 1
	same '1 passed, 1 failed' "${lines[-1]}"
}

@test "run-tests does not pass when there is nothing to run" {
	runner 1
	same '0 passed, 1 failed' "${lines[-1]}"
}

@test "setup lists what is missing and installs nothing with --check" {
	mkdir -p "$tmp/bin"
	# shellcheck disable=SC2016 # the script's own
	printf '#!/bin/sh\n[ "$4" != jq ] && [ "$4" != make ] && echo installed\n' \
		>"$tmp/bin/dpkg-query"
	printf '#!/bin/sh\ntouch "%s/called"\n' "$tmp" >"$tmp/bin/apt-get"
	chmod +x "$tmp/bin/"*
	PATH=$tmp/bin:$PATH ends 1 scripts/setup --check
	same make
	PATH=$tmp/bin:$PATH ends 1 scripts/setup --check --bench
	same $'jq\nmake'
	mkdir -p "$tmp/tree/scripts"
	cp scripts/setup "$tmp/tree/scripts"
	PATH=$tmp/bin:$PATH ends 1 "$tmp/tree/scripts/setup" --check --bench
	same 'jq
make
build/postfix (unpacked, not installed)
build/servers (unpacked, not installed)
build/node (npm, not installed)
build/cmark-gfm (source, not installed)'
	printf '#!/bin/sh\necho installed\n' >"$tmp/bin/dpkg-query"
	PATH=$tmp/bin:$PATH ends 0 scripts/setup --check --bench
	same ''
	[ ! -e "$tmp/called" ]
	ends 2 scripts/setup --no-such-option
}

@test "the sample course is the same each time, 300 learners and more" {
	scripts/sample-course "$tmp/a"
	scripts/sample-course "$tmp/b"
	diff -r "$tmp/a" "$tmp/b"
	/usr/bin/python3 - "$tmp/a/learners.csv" <<-'END'
		import csv, sys, unicodedata
		rows = list(csv.DictReader(open(sys.argv[1], newline="")))
		assert len(rows) == 304
		names = "".join(r["name"] for r in rows)
		seen = {unicodedata.name(c, "?").split()[0] for c in names}
		assert seen >= {"LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW",
		    "DEVANAGARI", "CJK", "HANGUL", "THAI"}, seen
		assert any(ord(c) > 0x1F300 for c in names)
		assert {r["cohort"] for r in rows} == {"Blue", "Green"}
		assert all(r["email"].endswith(".example") for r in rows[:300])
	END
}

# The flags of programs that are built by others are theirs.
@test "a program without a hardening flag is found, those of this build have all" {
	[ -z "${BM_BUILD-}" ] || [ "$BM_BUILD" = build ] ||
		[[ $BM_BUILD != *san* && $BM_BUILD != *memcheck* ]] || return 0
	cd "$BATS_TEST_TMPDIR"
	"$ROOT/scripts/check-hardening" "$BM_BIN/bm-send" "$BM_BIN/bm-optout"
	printf '%s\n' '#include <stdio.h>' '#include <string.h>' \
		'int main(int c, char **v) { char b[99]; strcpy(b, v[c - 1]); return puts(b); }' >p.c
	gcc -g -O2 -no-pie -Wl,-z,lazy,-z,norelro,-z,execstack -fcf-protection=none \
		-fno-stack-protector -U_FORTIFY_SOURCE -o p p.c 2>/dev/null
	ends 1 "$ROOT/scripts/check-hardening" p
	for lack in 'no PIE' 'binds lazily' 'no RELRO' \
		'an executable stack' 'no stack protector' 'no _FORTIFY_SOURCE' \
		stack-clash auto-var-init cf-protection; do
		[[ $output == *"p: "*"$lack"* ]]
	done
}
