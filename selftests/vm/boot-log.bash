# SPDX-License-Identifier: MIT
# A boot log where a TD's firmware would leave it; part of run.sh.
# shellcheck shell=bash disable=SC2034,SC2154 # BOOT_LOG and so on are run.sh's

# Any place in the 512 MiB of the VM that nothing else uses; the kernel is told
# to keep off.
BOOT_LOG_ADDRESS=$((0x11000000))
BOOT_LOG_UNIT=$((64 * 1024))
BOOT_LOG_MAX=$((16 * 1024 * 1024))

# le BYTES NUMBER: little-endian
le()
{
	local i

	for ((i = 0; i < $1; i++)); do
		printf '%b' "\\x$(printf %02x $(($2 >> 8 * i & 255)))"
	done
}

# boot_log_area FILE: bytes of the area that it is in
boot_log_area()
{
	local size

	size=$(stat -L -c %s "$1")
	echo $(((size + BOOT_LOG_UNIT - 1) / BOOT_LOG_UNIT * BOOT_LOG_UNIT))
}

# The registers come first in the emulator's parameters: one of -e wins.
check_boot_log()
{
	local registers

	[ -f "$BOOT_LOG" ] || die 2 "-c $BOOT_LOG: no such file"
	[ -s "$BOOT_LOG" ] || die 2 "-c $BOOT_LOG: an empty file"
	[ "$(boot_log_area "$BOOT_LOG")" -le "$BOOT_LOG_MAX" ] ||
		die 2 "-c $BOOT_LOG: more than $BOOT_LOG_MAX bytes"
	command -v python3 >/dev/null ||
		die 4 "no python3: run 'sudo make deps' first"
	registers=$("$VM/eventlog.py" replay "$BOOT_LOG") ||
		die 2 "-c $BOOT_LOG: cannot be replayed"
	EMU_PARAMS="$(awk '{ printf " %s=%s", $1, $2 }' <<<"$registers")$EMU_PARAMS"
}

add_boot_log()
{
	local area

	area=$(boot_log_area "$BOOT_LOG")
	head -c "$area" /dev/zero | tr '\0' '\377' >"$WORK/boot-log"
	dd if="$BOOT_LOG" of="$WORK/boot-log" conv=notrunc status=none
	# [CC] 38.4.1: the body of CCEL; TDX is type 2
	{ le 1 2; le 1 0; le 2 0; le 8 "$area"; le 8 "$BOOT_LOG_ADDRESS"; } \
		>"$WORK/ccel"
	BOOT_LOG_ARGS=(-acpitable "sig=CCEL,data=$WORK/ccel" -device
		"loader,file=$WORK/boot-log,addr=$BOOT_LOG_ADDRESS,force-raw=on")
	RESERVE=" memmap=$area\$$BOOT_LOG_ADDRESS"
}
