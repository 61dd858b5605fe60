#!/bin/sh
# SPDX-License-Identifier: MIT
# tsmctl verify with real evidence: what options make of verdicts.
#
# Functions are called through check:
# shellcheck disable=SC2317
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh

echo "TAP version 13"
data=${TSM_DATA:-}
if [ ! -e "$data/MANIFEST.tsv" ]; then
	tap_skip "real evidence gets its verdict from the command" "no TSM_DATA"
	tap_done
fi

ctl=${BUILD:?}/bin/tsmctl
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT

# run ARGUMENT...: tsmctl verify; sets status; out and err are files
run() {
	ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99 \
		"$ctl" verify "$@" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
}

# check SENTENCE STATUS PATTERN: of the last run
check() {
	[ "$status" -eq "$2" ] && grep -Eq -e "$3" "$dir/out"
	result=$?
	[ $result -eq 0 ] || sed "s/^/# $status: /" "$dir/out" "$dir/err"
	tap_result $result "$1"
}

# json SENTENCE FILTER EXPECTED
json() {
	if ! command -v jq >/dev/null; then
		tap_skip "$1" "no jq"
		return
	fi
	found=$(jq -c "$2" "$dir/out")
	[ "$found" = "$3" ] || echo "# $found"
	[ "$found" = "$3" ]
	tap_result $? "$1"
}

quote=$data/Phala-Network__dcap-qvl/sample/tdx_quote
late=$data/Phala-Network__dcap-qvl/sample/tdx_quote_outdated
google=$data/google__go-tdx-guest/testing/testdata
boot=$google/ccel
debug=$data/confidential-containers__trustee/deps/verifier/test_data/tdx_quote_4.dat
snp=$data/derived/snp/turin-v5-oak
amd=$data/google__go-sev-guest/verify/trust
intel=$data/intel__SGX-TDX-DCAP-QuoteVerificationLibrary/Src/AttestationApp/sampleData/tdx

# --- what is accepted, and what that does not cover
run "$quote" --at 2025-06-20
check "a real quote is accepted: 0" 0 ': accepted; not checked: report data \(no -d\), TCB status \(no --collateral\), revocation \(no --crl\), policy \(no --policy\)$'
run "$quote" --at 2025-06-20T10:00:00Z --collateral "${quote}_collateral.json"
check "with collateral, its TCB is judged, and with the lists in it, revocation" \
	0 ': accepted; not checked: report data \(no -d\), policy \(no --policy\)$'
check "the status is told" 0 '^TCB status +UpToDate$'
check "with its date" 0 '^TCB date +2024-03-13T00:00:00Z$'
run --json "$quote" --at @1750413600 --collateral "${quote}_collateral.json"
json "in JSON, too" '.files[0]|[.verdict,.tcb_status,.emulated]' \
	'["accepted","UpToDate",false]'
json "where no check failed" \
	'[.files[0].checks[]|select(.verdict=="fail")]' '[]'
run "$quote" --collateral "${quote}_collateral.json"
check "today that collateral is old: 3" 3 ': REJECTED: '
run "$quote" --at 2025-06-20 --collateral "$data/google__go-tdx-guest/verify/trusted_root.pem"
check "collateral that says nothing of the TCB is not enough: 3" 3 \
	': REJECTED: tcb_info: there is no TCB info'
while read -r at told; do
	run "$quote" --at "$at"
	grep -Eq "^validity .* (at|it is) $told" "$dir/out"
	tap_result $? "--at $at is $told"
done <<END
@0 1970-01-01T00:00:00Z
@1750413600 2025-06-20T10:00:00Z
1970-01-01 1970-01-01T00:00:00Z
2024-02-29 2024-02-29T00:00:00Z
2000-03-01T00:00:00Z 2000-03-01T00:00:00Z
2025-06-20T10:00:00+00:00 2025-06-20T10:00:00Z
2100-03-01 2100-03-01T00:00:00Z
9999-12-31T23:59:59Z 9999-12-31T23:59:59Z
END
run "$quote" --at 2025-06-20 --crl "$google"
check "lists of another time do not do for --crl" 3 ': REJECTED: revocation: '
run "$late" --at 2026-03-01 --collateral "${late}_collateral.json"
check "a TCB below every level is rejected" 3 '^tcb_status +FAIL'
run --strict "$quote" --at 2025-06-20
check "--strict rejects what follows a quote" 3 \
	'^trailing_bytes +FAIL +70 follow'

# --- debug
run "$debug" --at 2023-06-20
check "a debug TD is rejected" 3 ': REJECTED: debug: '
run "$debug" --at 2023-06-20 --allow-debug
check "--allow-debug lets it pass" 0 ': accepted; '
echo '{"tdx": {"allow_debug": true}}' >"$dir/debug"
run "$debug" --at 2023-06-20 --policy "$dir/debug"
check "a policy, too" 0 ': accepted; '
echo '{"tdx": {}, "snp": {"allow_debug": true}}' >"$dir/debug"
run "$debug" --at 2023-06-20 --policy "$dir/debug"
check "but not that of another TEE" 3 ': REJECTED: debug: '

# --- report data, log and policy
run "$boot/cos-113-tdx-quote.dat" --at 2025-01-01 -d "@$boot/nonce.dat" \
	--log "$boot/ccel_data.dat"
check "report data are compared" 0 '^report_data +pass'
check "and an event log is replayed" 0 '^event_log +pass'
check "and then nothing is said to be missing" 0 \
	'not checked: TCB status \(no --collateral\), revocation \(no --crl\), policy'
run "$boot/cos-113-tdx-quote.dat" --at 2025-01-01 --pad -d 01
check "other report data are rejected" 3 ': REJECTED: report_data: '
run "$boot/cos-113-tdx-quote.dat" --at 2025-01-01 \
	--log "$data/google__go-eventlog/testdata/eventlogs/ccel/cos-113-intel-tdx-dupe-separator.bin"
check "a log with a record too many is rejected" 3 ': REJECTED: event_log: '
sed 's/Calling EFI Application/FORGED! EFI Application/' "$boot/ccel_data.dat" \
	>"$dir/forged"
run "$boot/cos-113-tdx-quote.dat" --at 2025-01-01 --log "$dir/forged"
check "so is one that says what was not measured" 3 \
	': REJECTED: event_log: record 15 does not say what was measured'
{ head -c -20 "$boot/ccel_data.dat"; echo "behind the end mark"; } >"$dir/hidden"
run "$boot/cos-113-tdx-quote.dat" --at 2025-01-01 --log "$dir/hidden"
check "what is hidden behind an end mark is told" 0 \
	'^event_log +pass .*; 20 bytes behind an end mark'
run "$boot/cos-113-tdx-quote.dat" --at 2025-01-01 --log "$dir/hidden" --strict
check "and --strict rejects it" 3 '^event_log +FAIL +20 bytes behind'
mrtd=$("$ctl" measurements -f "$quote" mrtd | sed 's/.* //')
cat >"$dir/policy" <<END
{"tdx": {"mrtd": "$mrtd",
	 "td_attributes": {"required": ["SEPT_VE_DISABLE"], "forbidden": ["DEBUG"]},
	 "minimum_qe_svn": 6}}
END
run "$quote" --at 2025-06-20 --policy "$dir/policy"
check "a policy that is met" 0 '^policy +pass +3 demands are met$'
check "is not among what was not checked" 0 'not checked: report data \(no -d\), TCB status \(no --collateral\), revocation \(no --crl\)$'
sed "s/$mrtd/$(echo "$mrtd" | tr 0-9 1-90)/" "$dir/policy" >"$dir/other"
run "$quote" --at 2025-06-20 --policy "$dir/other"
check "one that is not" 3 ': REJECTED: policy\.mrtd: .*, not '
run "$snp.report.bin" --certs "$snp.vcek.der" --certs "$amd" \
	--at 2025-12-01 --policy "$dir/policy"
check "a policy on TDs accepts no report" 3 \
	'^policy +FAIL +the policy says nothing about SNP'

# --- certificates
run "$snp.report.bin" --at 2025-12-01
check "a report without certificates is rejected" 3 ': REJECTED: certificates: '
run "$snp.report.bin" --certs "$snp.vcek.der" --certs "$amd" --at 2025-12-01
check "with those that it needs, in files and directories, it is accepted" 0 \
	': accepted; not checked: report data'
check "and who signed it is told" 0 '^signer +AMD VCEK Turin$'
run --json "$snp.report.bin" --certs "$snp.vcek.der" --certs "$amd" \
	--roots "$amd" --at 2025-12-01
json "a vendor's root is none that was added" \
	'.files[0]|[.verdict,.emulated]' '["accepted",false]'

# --- other roots
run "$intel/quote.dat" --certs "$intel" --at 2025-01-01
check "a root that nobody trusts is rejected" 3 ': REJECTED: root: '
run "$intel/quote.dat" --certs "$intel" --roots "$intel" --at 2025-01-01
check "under a root that was added, it is EMULATED: 3" 3 \
	': EMULATED: .*--allow-emulated$'
run --json "$intel/quote.dat" "$quote" --certs "$intel" --roots "$intel" \
	--at 2025-06-20
json "so it is in JSON" '[.files[]|[.verdict,.emulated]],.emulated' \
	"$(printf '[["emulated",true],["accepted",false]]\n1')"
run "$intel/quote.dat" --certs "$intel" --roots "$intel" --at 2025-01-01 \
	--allow-emulated
check "--allow-emulated accepts it, and says so" 0 \
	': accepted, EMULATED; not checked: '

# --- several
run "$quote" "$debug" "$intel/quote.dat" "$snp.report.bin" --at 2025-12-01 \
	--certs "$snp.vcek.der" --certs "$amd" --certs "$intel" --roots "$intel"
check "each of several has its verdict" 3 \
	'^4 files: 2 accepted, 1 rejected, 1 EMULATED$'
[ "$(sed 's/: \([a-zA-Z]*\)[;:].*/ \1/; s/.* //' "$dir/out" | head -4 |
	tr '\n' ' ')" = "accepted REJECTED EMULATED accepted " ]
tap_result $? "in the order of the arguments"
tap_done
