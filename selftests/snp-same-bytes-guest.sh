#!/bin/sh
# SPDX-License-Identifier: MIT
# Asks for reports in an SNP guest by configfs and by ioctl, and prints all it
# gets but what is random: signatures, and derived keys.
#
# The sequence has nothing in it on which mainline and tsm_guest differ on
# purpose, so that what two drivers make of it can be compared as text.

report=/sys/kernel/config/tsm/report
emulator=/sys/module/tsm_emu/parameters
errors=/tmp/errors
floor=$(cat "$emulator/snp_vmpl")

# put ENTRY ATTRIBUTE TEXT: one write, and its error
put()
{
	printf %s "$3" 2>"$errors" | dd of="$report/$1/$2" bs=4096 \
		conv=notrunc 2>"$errors" ||
		echo "$2 $3: $(sed -n 's/.*: //p' "$errors")"
}

# get ENTRY BLOB LENGTH: that much of it, its length, and its error
get()
{
	if cat "$report/$1/$2" >/tmp/blob 2>"$errors"; then
		echo "$2 $(stat -c %s /tmp/blob):"
		head -c "$3" /tmp/blob | xxd -p -c 64
	else
		echo "$2: $(sed -n 's/.*: //p' "$errors")"
	fi
}

show()
{
	echo "$2:"
	echo "generation $(cat "$report/$1/generation")"
	get "$1" outblob 672
	get "$1" auxblob 32768
}

mkdir "$report/one" "$report/two"
stat -c '%A %u:%g' "$report/one"
for file in "$report/one"/*; do
	stat -c '%n %a %u:%g %s' "$file"
done
cat "$report/one/provider" "$report/one/privlevel_floor"
show one "a new entry"

nonce=$(printf '%064d' 7)
for level in $(seq "$floor" 3); do
	put one privlevel "$level"
	put one inblob "$nonce"
	show one "privlevel $level"
done
for level in 4 -1 0x3 256 4294967296 one; do
	put one privlevel "$level"
done
for len in 1 32 63 64; do
	put two privlevel "$floor"
	put two inblob "$(printf "%0${len}d" 5)"
	show two "inblob of $len"
done
for version in 2 5 3; do
	echo $version >"$emulator/snp_report_v"
	put two inblob "$nonce"
	show two "report of version $version"
done
# In a new entry: mainline reads from NULL where an older one had certificates.
mkdir "$report/three"
put three privlevel "$floor"
put three inblob "$nonce"
echo 0 >"$emulator/snp_certs"
show three "no certificates"
echo 1 >"$emulator/snp_certs"
put three inblob "$nonce"
show three "certificates again"
rmdir "$report/one" "$report/two" "$report/three"

# Beside this script, or in a folder of installed tests.
cd "$(dirname "$0")" || exit 1
for calls in ./sev_calls selftests/sev_calls; do
	[ ! -x $calls ] || { $calls; exit; }
done
