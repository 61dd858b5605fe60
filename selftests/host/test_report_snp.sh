#!/bin/sh
# SPDX-License-Identifier: MIT
# tsmctl report in an SEV-SNP guest: privilege levels, certificates, an SVSM and
# its manifest, and what the driver's errors are said to mean.
#
# Functions are called through check:
# shellcheck disable=SC2317
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=faked.sh
. ./faked.sh

# Offsets: SEV-SNP firmware ABI, ATTESTATION_REPORT.
report_data_at=80
vmpl_at=48
make_snp "$dir/snp" 3
file=$dir/file
printf 'a manifest' >"$dir/manifest"
{ head -c 24 /dev/zero; } >"$dir/table"
guid=c476f1eb-0123-45a5-9641-b4e7dde5bfe3

# snp [VARIABLE=VALUE...] ARGUMENT-OF-REPORT...: in an SNP guest; what it wrote
# to options is in $dir/options
snp() {
	rm -f "$dir/options" "$file"
	run FAKE_TEE=snp FAKE_PROVIDER=sev_guest FAKE_OUTBLOB="$dir/snp" \
		FAKE_NONCE_AT=$report_data_at FAKE_VMPL_AT=$vmpl_at \
		FAKE_FLOOR=0 FAKE_OPTIONS="$dir/options" \
		FAKE_AUXBLOB="$dir/table" "$@"
}

# data_of FILE: its report data in hex
data_of() {
	tail -c +$((report_data_at + 1)) "$1" | head -c 64 | od -An -v -tx1 |
		tr -d ' \n'
}

# wrote TEXT: to the options
wrote() {
	[ "$(cat "$dir/options" 2>&-)" = "$1" ]
}

# usage SENTENCE ARGUMENT...
usage() {
	sentence=$1
	shift
	snp "$@"
	check "$sentence" exits 2
}

# unwritten WORD...: exit code 3, no file, and the complaint has the words
unwritten() {
	[ "$status" -eq 3 ] && [ ! -e "$file" ] && [ ! -s "$dir/out" ] &&
		grep -q "$*" "$dir/err"
}

echo "TAP version 13"

snp -d "$nonce" -o "$file"
check "a report is kept" exits 0
check "it has the report data" [ "$(data_of "$file")" = "$nonce" ]
check "the summary says what it is" grep -Eq '^type +SNP report$' "$dir/out"
check "and that its report data was compared" \
	grep -Eq '^report data +as asked for$' "$dir/out"
check "no option was written" wrote ''
snp -d "$nonce"
check "a report goes to a pipe" [ "$(data_of "$dir/out")" = "$nonce" ]
check "nothing else is said" [ ! -s "$dir/err" ]
snp FAKE_NONCE_AT=-1 -d "$nonce" -o "$file"
check "a report of other report data exits with 3" \
	unwritten 'the report does not carry the report data that was asked for'
head -c 1184 /dev/zero >"$dir/nothing"
snp FAKE_OUTBLOB="$dir/nothing" FAKE_NONCE_AT=-1 -d "$nonce" -o "$file"
check "zeros in place of a report are an error" exits 1
check "which is said" grep -q 'no whole SNP report: SNP report: version 0' \
	"$dir/err"
head -c 1183 "$dir/snp" >"$dir/short"
snp FAKE_OUTBLOB="$dir/short" -d "$nonce" -o "$file"
check "a report cut short is an error" exits 1

# --- privilege levels
for level in 0 1 2 3; do
	snp --vmpl $level -d "$nonce" -o "$file"
	check "--vmpl $level gives a report" exits 0
	check "it was asked for" wrote "privlevel $level"
	check "and is said" grep -Eq "^vmpl +$level\$" "$dir/out"
done
usage "--vmpl takes no more than 3" --vmpl 4
usage "--vmpl takes no name" --vmpl high
usage "--vmpl takes no empty value" --vmpl ''
usage "--vmpl takes no negative number" --vmpl -1
snp FAKE_VMPL_AT=-1 --vmpl 2 -d "$nonce" -o "$file"
check "a report for another level exits with 3" \
	unwritten 'the report is for VMPL 0, not for 2 as asked for'
snp FAKE_FLOOR=2 --vmpl 1 -d "$nonce" -o "$file"
check "a level below the guest's own is an error" exits 1
check "which says what helps" grep -q 'privlevel_floor in tsmctl status' \
	"$dir/err"

# --- certificates
snp --certs "$dir/certs" -d "$nonce" -o "$file"
check "--certs keeps the host's table" cmp "$dir/certs" "$dir/table"
: >"$dir/none"
snp FAKE_AUXBLOB="$dir/none" --certs "$dir/certs" -d "$nonce" -o "$file"
check "a host without certificates gives a report" exits 0
check "and no certificates" [ ! -s "$dir/certs" ]

# --- an SVSM
# svsm ARGUMENT...
svsm() {
	snp FAKE_MANIFEST="$dir/manifest" --service svsm "$@"
}
want=$({ cat "$dir/nonce"; cat "$dir/manifest"; } | sha512sum | cut -c-128)
svsm -d "$nonce" -o "$file" --manifest "$dir/kept"
check "--service svsm gives a report" exits 0
check "the service is asked for" wrote "service_provider svsm"
check "its report data is SHA-512 of nonce and manifest" \
	[ "$(data_of "$file")" = "$want" ]
check "the manifest is kept" cmp "$dir/kept" "$dir/manifest"
check "the summary says how it was compared" grep -Eq \
	'^report data +as asked for: SHA-512 of nonce and manifest$' "$dir/out"
svsm -d "$nonce" -o "$file" --service-guid $guid --manifest-version 3
check "one service gives a report" exits 0
check "its GUID and version are asked for" wrote "service_provider svsm
service_guid $guid
service_manifest_version 3"
snp FAKE_MANIFEST="$dir/manifest" -d "$nonce" -o "$file"
check "without --service the TEE makes the report" \
	[ "$(data_of "$file")" = "$nonce" ]
if command -v jq >/dev/null; then
	svsm --json -d "$nonce"
	jq -r .manifestblob "$dir/out" | base64 -d >"$dir/decoded"
	check "--json has the manifest in base64" \
		cmp "$dir/decoded" "$dir/manifest"
fi
snp FAKE_MANIFEST="$dir/manifest" FAKE_NONCE_AT=-1 --service svsm -d "$nonce" \
	-o "$file" --manifest "$dir/kept2"
check "a report that does not cover the manifest exits with 3" \
	unwritten 'the report does not carry the report data'
check "and the manifest is not kept" [ ! -e "$dir/kept2" ]
snp --service svsm -d "$nonce" -o "$file"
check "without an SVSM it is an error" exits 1
check "which says so" grep -q 'no SVSM serves this guest' "$dir/err"
usage "another service provider is wrong usage" --service tpm
usage "--service-guid goes with --service" --service-guid $guid
usage "--manifest goes with --service" --manifest "$dir/x"
usage "--manifest-version goes with --service-guid" --service svsm \
	--manifest-version 1
usage "--vmpl does not go with --service" --service svsm --vmpl 1
usage "--manifest does not write to standard output" --service svsm --manifest -
usage "-o and --manifest may not be one file" --service svsm \
	--manifest "$dir/x" -o "$dir/x"
usage "nor --certs and --manifest" --service svsm --manifest "$dir/x" \
	--certs "$dir/x"
for bad in '' c476f1eb c476f1eb-0123-45a5-9641-b4e7dde5bfe \
	   c476f1eb-0123-45a5-9641-b4e7dde5bfe30 \
	   c476f1eb00123-45a5-9641-b4e7dde5bfe3 \
	   g476f1eb-0123-45a5-9641-b4e7dde5bfe3; do
	usage "'$bad' is no GUID" --service svsm --service-guid "$bad"
done
for bad in '' -1 x 4294967296; do
	usage "'$bad' is no version" --service svsm --service-guid $guid \
		--manifest-version "$bad"
done
svsm --service-guid $guid --manifest-version 4294967295 -d "$nonce" -o "$file"
check "4294967295 is one" exits 0

# --- errno, driver, and a word of what is said to mend it
while read -r number name driver word; do
	snp FAKE_ERRNO="$number" FAKE_DRIVER="$driver" -d "$nonce" -o "$file"
	check "$name of $driver is explained" grep -q -e "$word" "$dir/err"
	check "$name of $driver exits with 1 and leaves no file" \
		[ "$status$(ls "$dir/items")$(ls "$file" 2>&-)" = 1 ]
done <<END
5 EIO tsm_guest dmesg.*VMPCK in tsmctl status
5 EIO sev_guest gave up its key
74 EBADMSG tsm_guest is not the firmware's answer.*ask again
74 EBADMSG sev_guest another vmpck_id
25 ENOTTY tsm_guest /sys/module/tsm_guest/parameters/vmpck_id
25 ENOTTY sev_guest another vmpck_id, or tsm_guest
110 ETIMEDOUT tsm_guest snp_timeout_ms
110 ETIMEDOUT sev_guest a minute
22 EINVAL tsm_guest --vmpl must not be below
22 EINVAL sev_guest under an SVSM this driver needs --vmpl
16 EBUSY tsm_guest ask again
61 ENODATA tsm_guest how much room its certificates take
28 ENOSPC tsm_guest more room for its certificates
END

# --- in a TD
run --vmpl 1 -d "$nonce" -o "$file"
check "in a TD, --vmpl is an error" exits 1
check "which says so" grep -q 'are of SEV-SNP guests alone' "$dir/err"
tap_done
