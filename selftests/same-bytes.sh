#!/bin/bash
# SPDX-License-Identifier: MIT
# Tests, as TAP, that sysfs measurements are those of Linux 7.3's own driver.
#
# usage: same-bytes.sh KERNEL
#
# The same script runs in two VMs: Linux 7.3 with its own driver, and KERNEL
# with ours. What it prints, modes, errors and every byte, must be the same.

set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$here")
cd "$top" || exit 1
# shellcheck source=checks/tap.bash
. selftests/checks/tap.bash

reference=7.3
[ $# = 1 ] || { echo "usage: same-bytes.sh KERNEL" >&2; exit 2; }
kernel=$1
if [ ! -e "build/kernels/$reference/release" ]; then
	echo "TAP version 13"
	echo "1..0 # SKIP Linux $reference was not fetched, and only that has" \
		"measurements to compare with"
	exit 4
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# ask KERNEL DRIVER: what it prints goes to a file of their names
ask()
{
	local out=$work/$1-$2

	selftests/vm/run.sh -k "$1" -d "$2" -p selftests/same-bytes-guest.sh \
		-- ./same-bytes-guest.sh >"$out" 2>"$out.err" ||
		{ echo "$1, $2: run.sh: $?"; cat "$out" "$out.err"; }
}

# 10 times all registers, and 40 times one; 10 writes are refused, and 5 opens
is_complete()
{
	local out=$work/$reference-intree

	[ "$(grep -cE '(^| )[0-9a-f]{96}$' "$out")" = $((10 * 8 + 40)) ] ||
		echo "not as many values as there should be"
	[ "$(grep -c ': Invalid argument$' "$out")" = 10 ] ||
		echo "not as many writes refused as there should be"
	[ "$(grep -c ': Permission denied$' "$out")" = 5 ] ||
		echo "not as many files refused as there should be"
	[ "$(sort -u "$out" | grep -c '^rtmr[0-3]:sha384 644')" = 15 ] ||
		echo "not as many different values as there should be"
}

is_the_same()
{
	diff -U 2 "$work/$reference-intree" "$work/$kernel-tsm_guest"
}

tap_start 4
tap_quiet "Linux $reference and its driver run the script" \
	ask "$reference" intree
tap_quiet "Linux $kernel and tsm_guest run it" ask "$kernel" tsm_guest
tap_quiet "the script has got values and errors" is_complete
tap_quiet "sysfs measurements of both are the same, byte for byte" is_the_same
exit "$tap_failed"
