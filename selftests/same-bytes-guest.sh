#!/bin/sh
# SPDX-License-Identifier: MIT
# Writes to and reads from sysfs measurements in a VM, and prints all it gets.
#
# The sequence has nothing in it on which mainline and tsm_guest differ on
# purpose, so that what two drivers make of it can be compared as text.

measurements=/sys/devices/virtual/misc/tdx_guest/measurements
emulator=/sys/module/tsm_emu/parameters
errors=/tmp/errors
hex=$(printf '%096d' 5)

show()
{
	echo "$1:"
	for file in "$measurements"/*; do
		printf '%s %s %s\n' "${file##*/}" \
			"$(stat -c '%a %u:%g %s' "$file")" \
			"$(xxd -p -c 64 "$file")"
	done
}

# put NAME BYTES [SEEK]: one write at that offset, and its error
put()
{
	printf %s "$2" | dd of="$measurements/$1" bs=4096 seek="${3:-0}" \
		oflag=seek_bytes conv=notrunc 2>"$errors" ||
		echo "$1: ${#2} bytes at ${3:-0}: $(sed -n 's/.*: //p' "$errors")"
}

bytes()
{
	printf "%0$1d" "$2"
}

stat -c '%A %u:%g' "$measurements"
echo "3 $hex" >"$emulator/rtmr_foreign"
show "extended by somebody else before the first read"
for n in 0 1 2 3; do
	put "rtmr$n:sha384" "$(bytes 48 "$n")"
	show "after RTMR $n"
done

for len in 1 2 16 24 32 46 47; do
	put rtmr2:sha384 "$(bytes "$len" 7)"
done
for n in 1 16 47; do
	put rtmr2:sha384 "$(bytes 48 7)" "$n"
done
for name in mrtd:sha384 mrconfigid mrowner mrownerconfig none; do
	put "$name" "$(bytes 48 9)"
done
show "after what was refused"

echo "3 $hex" >"$emulator/rtmr_foreign"
show "extended by somebody else, cached"
put rtmr0:sha384 "$(bytes 48 11)"
show "extended by somebody else, after an extend"
put rtmr3:sha384 "$(bytes 48 12)"
echo "3 $hex" >"$emulator/rtmr_foreign"
show "extended by somebody else between extend and read"

for skip in 0 1 7 24 47 48 60; do
	dd if="$measurements/rtmr3:sha384" bs=1 skip="$skip" count=20 \
		2>/dev/null | xxd -p
done

for n in $(seq 1 40); do
	put "rtmr$((n % 4)):sha384" "$(bytes 48 "$n")"
	xxd -p -c 64 "$measurements/rtmr$((n / 3 % 4)):sha384"
done
show "at last"
