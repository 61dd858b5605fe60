#!/bin/sh
# SPDX-License-Identifier: MIT
# tsmctl measurements of SEV-SNP guests: from sysfs, from a report, from a file.
#
# Functions are called through check:
# shellcheck disable=SC2317
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=faked.sh
. ./faked.sh
sys=$dir/sys
measured=$sys/sys/class/misc/sev-guest/measurements
names="measurement host_data id_key_digest author_key_digest report_id \
family_id image_id "

# Offsets: SEV-SNP firmware ABI, ATTESTATION_REPORT. Each field begins with a
# number of its own, and ends with it plus 8.
make_snp "$dir/snp" 3
mark=1
for at in 0x90:48 0xc0:32 0xe0:48 0x110:48 0x140:32 0x10:16 0x20:16; do
	poke "$dir/snp" $((${at%:*})) 00$mark
	poke "$dir/snp" $((${at%:*} + ${at#*:} - 1)) "$(printf %03o $((mark + 8)))"
	mark=$((mark + 1))
done
mkdir -p "$sys/sys/class/misc/sev-guest"

# measure [VARIABLE=VALUE...] ARGUMENT...: in an SNP guest, sets status
measure() {
	variables=
	while [ $# -gt 0 ]; do
		case $1 in
		FAKE_*) variables="$variables $1"; shift ;;
		*) break ;;
		esac
	done
	# shellcheck disable=SC2086
	(faked FAKE_TEE=snp FAKE_SYS="$sys" FAKE_PROVIDER=sev_guest \
		FAKE_OUTBLOB="$dir/snp" FAKE_NONCE_AT=80 FAKE_FLOOR=0 \
		$variables "$ctl" measurements "$@") >"$dir/out" 2>"$dir/err" \
		</dev/null
	status=$?
}

# said NAMES: the names of the last output, in its order
said() {
	[ "$(cut -d' ' -f1 "$dir/out" | tr '\n' ' ')" = "$1" ]
}

# marked: every value is the one of its field, and as long
marked() {
	[ "$(sed 's/^\([^ ]*\) \(..\)0*\(..\)$/\1 \2 \3/' "$dir/out" |
		tr '\n' ,)" = "measurement 01 09,host_data 02 0a,\
id_key_digest 03 0b,author_key_digest 04 0c,report_id 05 0d,family_id 06 0e,\
image_id 07 0f," ] && [ "$(awk '{ print length($2) }' "$dir/out" |
		tr '\n' ' ')" = "96 64 96 96 64 32 32 " ]
}

echo "TAP version 13"

# --- from a file
run_file() {
	(faked "$ctl" measurements -f "$@") >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
}
run_file "$dir/snp"
check "measurements reads an SNP report" exits 0
check "its fields are read at their offsets" marked
run_file "$dir/snp" report_id measurement
check "those asked for come in that order" said "report_id measurement "
run_file "$dir/snp" mrtd
check "a register of a TD is not in it" exits 1
run_file "$dir/evidence" host_data
check "nor is what is in it in a quote" exits 1
head -c 1183 "$dir/snp" >"$dir/short"
run_file "$dir/short"
check "a report cut short is an error" exits 1

# --- from a report
measure
check "without sysfs a report is asked for" exits 0
check "its fields are what is printed" marked
if command -v jq >/dev/null; then
	measure --json family_id
	check "JSON says where it is from" [ "$(jq -r '.source,
		.measurements[0].name' "$dir/out" | tr '\n' ' ')" = \
		"report family_id " ]
fi
measure FAKE_ERRNO=5
check "an error of the firmware is one" exits 1
head -c 1184 /dev/zero >"$dir/zero"
measure FAKE_OUTBLOB="$dir/zero" FAKE_NONCE_AT=-1
check "so is an answer without a report" exits 1

# --- from sysfs
mkdir "$measured"
head -c 48 /dev/zero | tr '\000' '\021' >"$measured/measurement"
head -c 32 /dev/zero | tr '\000' '\022' >"$measured/host_data"
head -c 48 /dev/zero | tr '\000' '\023' >"$measured/id_key_digest"
head -c 48 /dev/zero | tr '\000' '\024' >"$measured/author_key_digest"
head -c 32 /dev/zero | tr '\000' '\025' >"$measured/report_id"
head -c 16 /dev/zero | tr '\000' '\026' >"$measured/family_id"
head -c 16 /dev/zero | tr '\000' '\027' >"$measured/image_id"
measure FAKE_ERRNO=5
check "with sysfs no report is asked for" exits 0
check "it has the same names in the same order" said "$names"
check "and other values" grep -q '^image_id \(17\)\{16\}$' "$dir/out"
head -c 16 /dev/zero >"$measured/another"
measure
check "others that the kernel has come behind" said "${names}another "
measure another
check "and can be asked for" said "another "
measure rtmr0
check "a register of a TD is not there" exits 1
measure nothing
check "a name that nobody knows is wrong usage" exits 2
tap_done
