#!/bin/bash
# SPDX-License-Identifier: MIT
# Tests, as TAP, that the logs of a VM explain its registers to everybody.
#
# usage: event-log.sh KERNEL
#
# A VM boots with a boot log; its registers are extended in every way. Then
# tsmctl, the reader in vm/eventlog.py and tpm2_eventlog must come from the logs
# to the values that the registers have, and tsmctl verify accept a quote by
# them. Twice: with a boot log made for this, and with that of a real TD, where
# ../shared has it.

set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$here")
cd "$top" || exit 1
# shellcheck source=checks/tap.bash
. selftests/checks/tap.bash

[ $# = 1 ] || { echo "usage: event-log.sh KERNEL" >&2; exit 2; }
kernel=$1
real=../shared/data/google__go-tdx-guest/testing/testdata/ccel/ccel_data.dat
reader=selftests/vm/eventlog.py
tsmctl=build/bin/tsmctl
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
log="" dir=""	# of the boot log that it is about now

# The VM, and what the guest's script packed.
run_guest()
{
	cp "$1" "$dir/boot-log" || return
	selftests/vm/run.sh -k "$kernel" -c "$dir/boot-log" -p "$dir/boot-log" \
		-p selftests/event-log-guest.sh -- ./event-log-guest.sh \
		>"$dir/packed" 2>"$dir/err" ||
		{ echo "run.sh: $?"; cat "$dir/err"; }
	# the clock of a VM under emulation may be ahead of ours
	base64 -d "$dir/packed" | tar -xzm -C "$dir" || tail "$dir/packed"
}

# done_with NAME STATUS: what NAME said, unless it ended so
done_with()
{
	[ "$(cat "$dir/$1.status")" = "$2" ] ||
		{ echo "$1: status $(cat "$dir/$1.status")"
		  cat "$dir/$1.txt"; }
}

extends_work()
{
	local file

	for file in "$dir"/extend-*.status; do
		file=${file##*/}
		done_with "${file%.status}" 0
	done
	[ ! -s "$dir/entries" ] || echo "left behind: $(cat "$dir/entries")"
}

# What became of each extend: register and type, and event data in hex.
hex()
{
	printf %s "$1" | od -A n -t x1 -v | tr -d ' \n'
}

records_tell()
{
	cat >"$dir/want" <<-END
	4 0x0000000d $(hex 'app started')
	3 0x0000000d $(od -A n -t x1 -v "$dir/big" | tr -d ' \n')
	4 0x00000006 4d00000006000000$(hex tagged)
	4 0x00000006 4c4541411a000000$(hex 'example.org load sha256:01')
	4 0x0000000c -
	3 0x0000000c -
	1 0x0000000c -
	2 0x0000000c -
	3 0x0000000c -
	4 0x00000006 $(hex 'by hand')
	4 0x0000000c -
	END
	$reader list "$dir/runtime" | sed 1d |
		cut -d ' ' -f 2,3,5 >"$dir/have"
	diff "$dir/want" "$dir/have" | cut -c 1-100
}

# tsmctl's "rtmr0:sha384 HEX" as eventlog.py prints it
registers()
{
	sed 's/:sha384//' "$dir/$1.txt"
}

tsmctl_is_content()
{
	local name

	for name in replay replay-json replay-quote; do
		done_with "$name" 0
	done
	[ "$(grep -c '^rtmr[0-3]  *equal' "$dir/replay.txt")" = 4 ] ||
		cat "$dir/replay.txt"
	jq -e '.explained and ([.registers[] | .explained] | all) and
		(.registers | length == 4)' "$dir/replay-json.txt" \
		>/dev/null || cat "$dir/replay-json.txt"
}

# Version 4: the TD's report follows 48 bytes of header, RTMR0 328 of it.
quote_has_registers()
{
	local i

	for i in 0 1 2 3; do
		echo "rtmr$i $(od -A n -t x1 -v -j $((376 + 48 * i)) -N 48 \
			"$dir/quote" | tr -d ' \n')"
	done | diff - <(registers registers)
}

verify_is_content()
{
	done_with verify 0
	grep -Eq '^event_log +pass .* lead to RTMR0 to RTMR3' \
		"$dir/verify.txt" || cat "$dir/verify.txt"
}

# reader_agrees FILE...: options of eventlog.py, too
reader_agrees()
{
	diff <($reader replay "$@" 2>&1) <(registers registers)
}

# Its PCR n + 1 is RTMR n; PCR 0, where there is one, is nobody's.
tpm2_agrees()
{
	tpm2_eventlog "$dir/tcg" >"$dir/yaml" 2>"$dir/yaml.err" ||
		cat "$dir/yaml.err"
	sed -n '/^pcrs:/,$s/^ *\([1-4]\) *: 0x/\1 /p' "$dir/yaml" |
		awk '{ print "rtmr" $1 - 1, $2 }' |
		diff - <(registers registers)
}

# judge NAME WORDS: tsmctl's verdict of "$dir/NAME" must be 3, with these words,
# and no quote is accepted with it
judge()
{
	local status=0

	$tsmctl log replay --ccel "$dir/boot" --runtime "$dir/$1" \
		--quote "$dir/quote" >"$dir/$1.txt" 2>&1 || status=$?
	if [ "$status" != 3 ] || ! grep -q "$2" "$dir/$1.txt"; then
		echo "$1: status $status"
		cat "$dir/$1.txt"
	fi
	status=0
	$tsmctl verify --roots build/pki --allow-emulated --log "$dir/boot" \
		--log "$dir/$1" "$dir/quote" >"$dir/$1.txt" 2>&1 || status=$?
	if [ "$status" != 3 ] || ! grep -q '^event_log *FAIL' "$dir/$1.txt"; then
		echo "$1: verify: status $status"
		cat "$dir/$1.txt"
	fi
}

# from_to FILE OFFSET END: those bytes
from_to()
{
	tail -c +$(($2 + 1)) "$1" | head -c $(($3 - $2))
}

# eventlog.py does not list the first record of a log, and tsmctl numbers those
# of both logs from 0 on, without the first of ours.
tampering_shows()
{
	local log=$dir/runtime offset n

	mapfile -t offset < <($reader list "$log" | cut -d ' ' -f 1)
	offset+=("$(stat -c %s "$log")")
	n=$(($($reader list "$dir/boot" | wc -l) + ${#offset[@]} - 1))

	# a byte of the digest in the record of 'app started'
	cp "$log" "$dir/flipped"
	printf '\377' | dd of="$dir/flipped" bs=1 conv=notrunc status=none \
		seek=$((offset[1] + 14))
	judge flipped "^rtmr3  *MISMATCH"

	from_to "$log" 0 "${offset[-2]}" >"$dir/cut"
	judge cut "^rtmr3  *MISMATCH"

	# all is well until the first of the two
	{ cat "$log"; from_to "$log" "${offset[-2]}" "${offset[-1]}"; } \
		>"$dir/doubled"
	judge doubled "up to record $n "

	# those of 'tagged' and of the agent's line, both for RTMR 3
	{ from_to "$log" 0 "${offset[3]}"
	  from_to "$log" "${offset[4]}" "${offset[5]}"
	  from_to "$log" "${offset[3]}" "${offset[4]}"
	  from_to "$log" "${offset[5]}" "${offset[-1]}"; } >"$dir/swapped"
	judge swapped "^rtmr3  *MISMATCH"
}

gap_shows()
{
	local status=0

	done_with foreign 3
	grep -q '^rtmr2  *GAP' "$dir/foreign.txt" || cat "$dir/foreign.txt"
	[ "$(grep -c '^rtmr[013]  *equal' "$dir/foreign.txt")" = 3 ] ||
		cat "$dir/foreign.txt"
	done_with foreign-verify 3
	grep -Eq '^event_log +FAIL .*RTMR2 was extended outside' \
		"$dir/foreign-verify.txt" || cat "$dir/foreign-verify.txt"
	done_with foreign-export 0
	$reader replay "$dir/foreign" >"$dir/have" 2>/dev/null || status=$?
	[ "$status" = 3 ] || echo "eventlog.py: status $status"
	diff "$dir/have" <(registers foreign-registers)
}

# With RTMR 0 to 2 of a boot log that is $1, whose name is $log.
test_log()
{
	local format

	dir=$work/$log
	mkdir "$dir"
	tap_quiet "$log: a VM with it runs" run_guest "$1"
	tap_quiet "$log: every way to extend works and leaves nothing" \
		extends_work
	tap_quiet "$log: the runtime log has a record of each" records_tell
	tap_quiet "$log: tsmctl explains all registers" tsmctl_is_content
	tap_quiet "$log: a quote has the same registers" quote_has_registers
	tap_quiet "$log: tsmctl verify accepts it with both logs" \
		verify_is_content
	tap_quiet "$log: eventlog.py replays both logs to them" \
		reader_agrees "$dir/boot" "$dir/runtime"
	for format in tcg cel-tlv cel-json; do
		done_with export-$format 0
	done >"$dir/exports"
	tap_quiet "$log: tsmctl exports them in three formats" \
		cat "$dir/exports"
	tap_quiet "$log: eventlog.py replays the TCG log" \
		reader_agrees "$dir/tcg"
	tap_quiet "$log: eventlog.py replays the CEL-TLV" \
		reader_agrees --cel-tlv "$dir/cel-tlv"
	tap_quiet "$log: eventlog.py replays the CEL-JSON" \
		reader_agrees --cel-json "$dir/cel-json"
	if command -v tpm2_eventlog >/dev/null; then
		tap_quiet "$log: tpm2_eventlog replays the TCG log" tpm2_agrees
	else
		tap_skip "$log: tpm2_eventlog replays the TCG log" \
			"no tpm2_eventlog: run make deps"
	fi
	tap_quiet "$log: a runtime log that was tampered with shows" \
		tampering_shows
	tap_quiet "$log: a register moved by somebody else shows" gap_shows
}

POINTS=14

if ! command -v python3 >/dev/null || ! command -v jq >/dev/null; then
	echo "TAP version 13"
	echo "1..0 # SKIP no python3 or no jq: run make deps"
	exit 4
fi
if [ ! -x "$tsmctl" ]; then
	echo "TAP version 13"
	echo "1..0 # SKIP no $tsmctl: run make tools"
	exit 4
fi
tap_start $((2 * POINTS))
log="synthetic boot log"
$reader boot -o "$work/synthetic" || exit 1
test_log "$work/synthetic"
log="real boot log"
if [ -e "$real" ]; then
	test_log "$real"
else
	for ((point = 1; point <= POINTS; point++)); do
		tap_skip "$log: point $point" "no ${real%%/google*}"
	done
fi
exit "$tap_failed"
