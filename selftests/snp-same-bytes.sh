#!/bin/bash
# SPDX-License-Identifier: MIT
# Tests, as TAP, that an SNP guest gets from ours what Linux's own driver gives.
#
# usage: snp-same-bytes.sh KERNEL
#
# The same script runs in two VMs: KERNEL with its own driver (6.12 where it has
# none), and KERNEL with ours. What it prints, modes, errors, exitinfo2 and every
# byte that is not random, must be the same.

set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$here")
cd "$top" || exit 1
# shellcheck source=checks/tap.bash
. selftests/checks/tap.bash

[ $# = 1 ] || { echo "usage: snp-same-bytes.sh KERNEL" >&2; exit 2; }
kernel=$1 reference=$1
[ "$kernel" != 6.1 ] || reference=6.12
if [ ! -e "build/kernels/$reference/release" ]; then
	echo "TAP version 13"
	echo "1..0 # SKIP Linux $reference was not fetched, and only that has" \
		"a driver to compare with"
	exit 4
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build_calls()
{
	make -s -C selftests install INSTALL_PATH="$work/selftests" \
		${KSRC:+KSRC="$KSRC"} >"$work/log" 2>&1 || cat "$work/log"
	[ -x "$work/selftests/sev_calls" ] || echo "no sev_calls"
}

# ask NAME KERNEL DRIVER [OPTION]...: what it prints goes to a file of that name
ask()
{
	local out=$work/$1 kernel=$2 driver=$3

	shift 3
	selftests/vm/run.sh -k "$kernel" -t snp -d "$driver" "$@" \
		-p selftests/snp-same-bytes-guest.sh \
		-p "$work/selftests/sev_calls" \
		-- ./snp-same-bytes-guest.sh >"$out" 2>"$out.err" ||
		{ echo "$kernel, $driver: run.sh: $?"; cat "$out" "$out.err"; }
}

# is_complete NAME: there are reports, keys and errors to compare
is_complete()
{
	local out=$work/$1

	[ "$(grep -c '^outblob 1184:$' "$out")" -ge 6 ] ||
		echo "not as many reports as there should be"
	[ "$(grep -c ': Invalid argument$' "$out")" -ge 8 ] ||
		echo "not as many refusals as there should be"
	[ "$(grep -c '^report.*signature some' "$out")" -ge 9 ] ||
		echo "not as many reports by ioctl as there should be"
	[ "$(grep -c '^key .* errno 0 ' "$out")" -ge 12 ] ||
		echo "not as many keys as there should be"
	[ "$(grep -c '^certificates: errno 5 exitinfo2 0x100000000 ' "$out")" \
		-ge 10 ] || echo "the host wanted more room too rarely"
	grep -q ' 0 refused, 0 with an IV of another$' "$out" ||
		echo "the firmware had to refuse something"
}

is_the_same()
{
	diff -U 2 "$work/$1" "$work/$2"
}

tap_start 7
tap_quiet "the program that calls the device is built" build_calls
tap_quiet "Linux $reference and its driver run the script" \
	ask reference "$reference" intree
tap_quiet "Linux $kernel and tsm_guest run it" ask ours "$kernel" tsm_guest
tap_quiet "the script has got reports, keys and errors" is_complete reference
tap_quiet "what both got is the same, byte for byte" is_the_same reference ours
if [ "$kernel" = 6.1 ]; then
	tap_skip "under an SVSM both run the script" "Linux 6.1 knows no SVSM"
	tap_skip "and get the same there" "Linux 6.1 knows no SVSM"
else
	ask_both()
	{
		ask svsm-reference "$reference" intree -e snp_vmpl=2
		ask svsm-ours "$kernel" tsm_guest -e snp_vmpl=2
	}
	tap_quiet "under an SVSM both run the script" ask_both
	tap_quiet "and get the same there" is_the_same svsm-reference svsm-ours
fi
exit "$tap_failed"
