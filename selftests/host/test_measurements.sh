#!/bin/sh
# SPDX-License-Identifier: MIT
# tsmctl measurements on a machine: where the values come from, and their names.
#
# Functions are called through check:
# shellcheck disable=SC2317
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=faked_rtmrs.sh
. ./faked_rtmrs.sh

sysfs=$dir/machine/sysfs
names="rtmr0:sha384 rtmr1:sha384 rtmr2:sha384 rtmr3:sha384 mrtd:sha384 \
mrconfigid mrowner mrownerconfig "

# fill FILE OCTAL COUNT
fill() {
	# shellcheck disable=SC2059
	head -c "$3" /dev/zero | tr '\000' "\\$2" >"$1"
}

# RTMR n is n + 1 all over, the others have letters.
new_registers() {
	new_machine
	for n in 0 1 2 3; do
		fill "$dir/machine/value.$n" 00$((n + 1)) 48
		: >"$sysfs/rtmr$n:sha384"
	done
	fill "$sysfs/mrtd:sha384" 141 48
	fill "$sysfs/mrconfigid" 142 48
	fill "$sysfs/mrowner" 143 48
	fill "$sysfs/mrownerconfig" 144 48
}

# said NAMES: the names of the last output, in its order
said() {
	[ "$(cut -d' ' -f1 "$dir/out" | tr '\n' ' ')" = "$1" ]
}

# value NAME HEX-BYTE COUNT
value() {
	grep -Eq "^$1 ($2){$3}\$" "$dir/out"
}

echo "TAP version 13"
new_registers
run measurements
check "registers are read" exits 0
check "by the names of Linux, in its order" said "$names"
check "with the value of an RTMR" value rtmr2:sha384 03 48
check "and of what cannot be extended" value mrownerconfig 64 48
run measurements mrowner rtmr3 mrtd:sha384
check "those asked for come in that order" \
	said "mrowner rtmr3:sha384 mrtd:sha384 "
run FAKE_EUID=1000 measurements
check "nobody needs to be root" exits 0

fill "$sysfs/new:sha512" 145 64
fill "$sysfs/agile:sha384" 146 48
fill "$sysfs/agile:sha256" 147 32
run measurements
check "others that the kernel has come behind, by the alphabet" \
	said "${names}agile:sha256 agile:sha384 new:sha512 "
check "with as many bytes as their algorithm has" value agile:sha256 67 32
run measurements agile
check "a name without algorithm is that of all" \
	said "agile:sha256 agile:sha384 "
run measurements agile:sha384
check "one with it is that of one" said "agile:sha384 "
fill "$sysfs/huge" 145 65
run measurements
check "a value too long for a digest is an error" \
	[ "$status" -eq 1 ] && [ ! -s "$dir/out" ]
rm "$sysfs/huge" "$sysfs/rtmr3:sha384"
run measurements rtmr3
check "a register that the kernel does not have is an error" exits 1
check "which names it" grep -q 'rtmr3: not known from this source, sysfs' \
	"$dir/err"
for name in rtmr4 '' rtmr rtmr3:sha256 ../sysfs/mrowner . ..; do
	run measurements "$name"
	check "'$name' is wrong usage" exits 2
done

# An extend shows.
new_registers
run extend rtmr3 --data hello
run measurements rtmr3
new=$(od -An -v -tx1 "$dir/machine/value.3" | tr -d ' \n')
check "an extend shows" [ "$(cat "$dir/out")" = "rtmr3:sha384 $new" ]

# --- where there is no sysfs
new_registers
run FAKE_HAS=tee,report measurements
check "without sysfs a TDREPORT is asked for" said "$names"
check "with the value of an RTMR in it" value rtmr2:sha384 03 48
run FAKE_HAS=tee,configfs measurements
check "without that, entries of tsm/rtmrs are read" \
	said "rtmr0:sha384 rtmr1:sha384 rtmr2:sha384 rtmr3:sha384 "
check "with the value of an RTMR there" value rtmr0:sha384 01 48
check "nothing is left there" no_entries
entry theirs 2
run FAKE_HAS=tee,configfs,event,last measurements rtmr2
check "entries of others are read" value rtmr2:sha384 03 48
check "and stay" [ "$(ls "$dir/machine/rtmrs")" = theirs ]
rmdir "$dir/machine/rtmrs/theirs"
run FAKE_HAS=tee,configfs measurements mrtd
check "what they do not have is an error" exits 1
run FAKE_HAS=tee measurements
check "without a driver it is an error" exits 1
check "which says so" grep -q 'no driver serves this guest' "$dir/err"
run FAKE_HAS=tee,configfs FAKE_MKDIR=13 FAKE_EUID=1000 measurements
check "who may not is told to be root" grep -q 'try with sudo' "$dir/err"
run FAKE_HAS=none measurements
check "without a TEE it exits with 4" exits 4

# --- JSON
if command -v jq >/dev/null; then
	for has in sysfs report configfs; do
		run "FAKE_HAS=tee,$has" measurements --json rtmr1
		jq -r '.source, .measurements[0].name, .measurements[0].value' \
			"$dir/out" | tr '\n' ' ' >"$dir/json"
		source=$has
		[ $has != report ] || source=tdreport
		check "JSON says that it is from $source" [ "$(cat "$dir/json")" = \
			"$source rtmr1:sha384 $(printf '%048d' 0 | sed 's/0/02/g') " ]
	done
else
	tap_skip "JSON says where it is from" "no jq"
fi
tap_done
