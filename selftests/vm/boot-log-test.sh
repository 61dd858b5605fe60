#!/bin/bash
# SPDX-License-Identifier: MIT
# Tests run.sh -c: that a VM finds the boot log, and the registers it replays to.
#
# usage: boot-log-test.sh KERNEL     6.1, 6.12 or 7.3; prints TAP

set -u
. "$(dirname "$0")/common.sh"
. "$TOP/selftests/checks/tap.bash"

K=${1:?usage: boot-log-test.sh KERNEL}
DIR=$(mktemp -d)
trap 'rm -rf "$DIR"' EXIT
LOG=$DIR/log

# in_vm COMMAND: no driver, which might extend registers
in_vm()
{
	"$VM/run.sh" -k "$K" -d none -c "$LOG" -e rtmr3="$RTMR3" -- "$1"
}

# The third is what firmware's log leaves alone, so that -e may say it.
RTMR3=$(printf '%096x' 3)
expected()
{
	"$VM/eventlog.py" replay "$LOG" | sed -n 's/^rtmr[012] //p'
	echo "$RTMR3"
}

same()
{
	diff "$DIR/want" "$DIR/$1"
}

# 2 for TDX, 0, two bytes reserved; LAML and LASA of 8 bytes, little-endian
check_table()
{
	[ "$(wc -c <"$DIR/table")" = 56 ] &&
		[ "$(head -c 4 "$DIR/table")" = CCEL ] || echo "no CCEL"
	od -A n -t x1 -j 36 -v "$DIR/table" | tr -d ' \n' |
		grep -x "0200000000000100000000000000001100000000" >/dev/null ||
		od -A n -t x1 -j 36 "$DIR/table"
}

# refused WORDS OPTION...: run.sh says so, and boots nothing
refused()
{
	local words=$1 said status=0

	shift
	said=$("$VM/run.sh" -k "$K" "$@" -- true 2>&1) || status=$?
	[ "$status" = 2 ] && [[ $said == *"$words"* ]] || echo "$status: $said"
}

# A log that is not as long as its area: what follows in memory is 0xff, too.
"$VM/eventlog.py" boot -o "$DIR/full" &&
	head -c 60000 "$DIR/full" >"$LOG" || exit 1
tap_start 7

# shellcheck disable=SC2016 # for the shell in the VM
in_vm 'base64 /sys/firmware/acpi/tables/CCEL; echo end
	cat /sys/module/tsm_emu/parameters/rtmr?; echo end
	dd if=/dev/mem bs=64k skip=$((0x1100)) count=1 2>/dev/null | sha256sum
	echo end; [ ! -e /sys/firmware/acpi/tables/data/CCEL ] ||
		sha256sum </sys/firmware/acpi/tables/data/CCEL' >"$DIR/out" ||
	echo "# run.sh: status $?"
sed '/^end$/,$d' "$DIR/out" | base64 -d >"$DIR/table"
awk '/^end$/ { part++; next } part == 1' "$DIR/out" >"$DIR/registers"
awk '/^end$/ { part++; next } part == 2' "$DIR/out" >"$DIR/memory"
awk '/^end$/ { part++; next } part == 3' "$DIR/out" >"$DIR/file"

tap_quiet "table CCEL says TDX, 64 KiB, and where" check_table
expected >"$DIR/want"
tap_quiet "the TD starts with what the log replays to, or -e says" \
	same registers
sha256sum <"$DIR/full" >"$DIR/want"
tap_quiet "the log is in memory, filled up with 0xff" same memory
if [ "$K" = 6.1 ]; then
	tap_skip "data/CCEL is the log, byte by byte" \
		"Linux 6.1 does not offer this file"
else
	tap_quiet "data/CCEL is the log, byte by byte" same file
fi
: >"$DIR/empty"
head -c 100 "$DIR/full" >"$DIR/cut"
tap_quiet "an empty file is a usage error" \
	refused "an empty file" -c "$DIR/empty"
tap_quiet "a log that cannot be replayed is a usage error" \
	refused "cannot be replayed" -c "$DIR/cut"
tap_quiet "a log for a guest without RTMRs is a usage error" \
	refused "an SNP guest has no registers" -t snp -c "$LOG"
exit $tap_failed
