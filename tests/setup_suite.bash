# Once before all suites: what they test must have been built.
# shellcheck shell=bash

setup_suite() {
	local root bin

	root=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
	bin=${BM_BIN:-build/bin}
	case $bin in
	/*) ;;
	*) bin=$root/$bin ;;
	esac
	if ! compgen -G "$bin/bm-*" >/dev/null; then
		echo "no programs in $bin: run make first" >&2
		return 1
	fi
}
