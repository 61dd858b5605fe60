#!/bin/bash
# SPDX-License-Identifier: MIT
# Tests that the folder works inside a kernel tree, as kernel CI would use it.
#
# The tree is a copy of KSRC (default: what `make deps` unpacks). The tests are
# built and installed there by the kernel's own rules and run by its own
# run_kselftest.sh; on a machine without a TEE every one of them must skip.

set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top" || exit 1
# shellcheck source=tap.bash
. selftests/checks/tap.bash

KSRC=${KSRC:-build/ksrc}
if [ ! -e "$KSRC/tools/testing/selftests/lib.mk" ]; then
	echo "TAP version 13"
	echo "1..0 # SKIP no kernel selftests under $KSRC: run make deps"
	exit 4
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/linux/tools/testing/selftests
installed=$work/installed
programs=(selftests/*_test.c)

copy_tree()
{
	mkdir -p "$tree/tsm_guest" "$work/linux/scripts" &&
	cp -r "$KSRC/tools/testing/selftests/"{kselftest,*.h,lib.mk,Makefile} \
		"$KSRC/tools/testing/selftests/"*.sh "$tree" &&
	cp selftests/{Makefile,config,settings,*.c,*.h,run-tests.sh} \
		"$tree/tsm_guest" &&
	printf 'SUBARCH := x86\n' >"$work/linux/scripts/subarch.include"
}

# Quiet, unless something is wrong; KSRC must not be needed here.
make_install()
{
	(unset KSRC OUTPUT MAKEFLAGS MAKELEVEL
	 make -s -C "$tree" TARGETS=tsm_guest install \
		INSTALL_PATH="$installed" KSFT_INSTALL_PATH="$installed" \
		FORCE_TARGETS=1) >"$work/log" 2>&1 || cat "$work/log"
}

all_installed()
{
	local program

	for program in "${programs[@]}"; do
		program=$(basename "$program" .c)
		[ -x "$installed/tsm_guest/$program" ] ||
			echo "$program is not installed"
		grep -qx "tsm_guest:$program" "$installed/kselftest-list.txt" ||
			echo "$program is not in kselftest-list.txt"
	done
	[ -e "$installed/tsm_guest/config" ] || echo "no config"
	[ -e "$installed/tsm_guest/settings" ] || echo "no settings"
}

no_shared_libraries()
{
	local program

	for program in "${programs[@]}"; do
		program=$installed/tsm_guest/$(basename "$program" .c)
		! ldd "$program" >/dev/null 2>&1 || echo "$program is dynamic"
	done
}

# "ok 1 selftests: tsm_guest: report_test", with its tests as comments above.
# Through a pipe: the kernel's runner reopens /dev/stdout, and in a file it
# would write over itself.
run_all()
{
	set -o pipefail
	(cd "$installed" && TSM_DRIVER=none ./run_kselftest.sh -c tsm_guest) \
		2>&1 | cat >"$work/tap" || echo "run_kselftest.sh failed"
	grep -q "^1\.\.${#programs[@]}$" "$work/tap" ||
		echo "no plan for ${#programs[@]} programs"
	[ "$(grep -c '^ok .*selftests: tsm_guest: ' "$work/tap")" = \
		"${#programs[@]}" ] || cat "$work/tap"
}

totals_agree()
{
	local total

	total=$(selftests/checks/tap-total.sh "$work/tap" | tail -n 1)
	case $total in
	"0 passed, 0 failed, "[1-9]*) ;;
	*) echo "$total" ;;
	esac
}

tap_start 6
tap_quiet "a kernel tree with the folder is made" copy_tree
tap_quiet "the kernel's rules build and install it" make_install
tap_quiet "every program is installed and listed" all_installed
tap_quiet "every program runs without a C library" no_shared_libraries
tap_quiet "run_kselftest.sh runs them" run_all
if [ -e /sys/kernel/config/tsm ] || [ -e /dev/tdx_guest ]; then
	tap_skip "without a TEE they skip, and tap-total.sh counts that" \
		"this machine has a driver"
else
	tap_quiet "without a TEE they skip, and tap-total.sh counts that" \
		totals_agree
fi
exit "$tap_failed"
