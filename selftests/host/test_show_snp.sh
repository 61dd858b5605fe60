#!/bin/sh
# SPDX-License-Identifier: MIT
# tsmctl show of SNP reports, of certificate tables and of certificates.
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=evidence.sh
. ./evidence.sh

ctl=${BUILD:?}/bin/tsmctl
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT

# run ARGUMENT...: sets status; out and err are files
run() {
	ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99 \
		"$ctl" "$@" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
}

# expect STATUS SENTENCE: what the last run must have given
expect() {
	[ "$status" -eq "$1" ] || {
		echo "# status $status, expected $1"
		sed 's/^/# /' "$dir/err"
	}
	[ "$status" -eq "$1" ]
	tap_result $? "$2"
}

# says SENTENCE REGEX: in the last output
says() {
	grep -Eq -- "$2" "$dir/out" || sed 's/^/# /' "$dir/out"
	grep -Eq -- "$2" "$dir/out"
	tap_result $? "$1"
}

# silent SENTENCE REGEX
silent() {
	! grep -E -- "$2" "$dir/out"
	tap_result $? "$1"
}

echo "TAP version 13"
report=$dir/report

# --- reports
make_snp "$report" 3
run show "$report"
expect 0 "show decodes an SNP report"
says "it says what it is" '^type +SNP report$'
says "and that nothing was verified" '^authenticity +not verified$'
says "and the generation" '^generation +Genoa$'
says "a version that it knows needs no remark" '^version +3$'
silent "a version that it knows is not remarked upon" 'decoded as'
silent "version 3 has no mitigation vectors" 'MIT_VECTOR'
"$ctl" show - <"$report" >"$dir/out2"
cmp -s "$dir/out" "$dir/out2"
tap_result $? "show - reads it from standard input"
{ cat "$report"; echo secret; } >"$dir/long"
run show "$dir/long"
says "bytes behind it are remarked upon" \
	'NO: 7 bytes that are not zero: not part of the report$'
head -c 1183 "$report" >"$dir/short"
run show "$dir/short"
expect 1 "one byte less is no report"
grep -q 'SNP report: 1183 bytes, expected 1184' "$dir/err" &&
	[ ! -s "$dir/out" ]
tap_result $? "which is said, and nothing else"

for version in 1 2 4 5 6; do
	make_snp "$dir/other" $version
	run show "$dir/other"
	[ $version -gt 1 ]
	expect $? "version $version is $([ $version -gt 1 ] || echo not )decoded"
	case $version in
	1) grep -q 'version 1 is not supported' "$dir/err"
	   tap_result $? "which is said" ;;
	2) says "without a CPUID there is a choice" \
		'^generation +Milan or Genoa$'
	   silent "and no CPUID is shown" CPUID ;;
	4) silent "it has no mitigation vectors" MIT_VECTOR ;;
	5) says "it has mitigation vectors" \
		'^  LAUNCH_MIT_VECTOR +0x0000000000000000$'
	   silent "and is not remarked upon" 'decoded as' ;;
	6) says "it is decoded as version 5, which is said" \
		'^decoded as version +5 \(the newest known here' ;;
	esac
done

# A field of its own for each: offset, octal bytes, what is shown.
while read -r at bytes line; do
	make_snp "$dir/other" 5
	# shellcheck disable=SC2046,SC2086
	poke "$dir/other" $((at)) $(echo "$bytes" | tr , ' ')
	run show "$dir/other"
	says "0x$(printf %x $((at))) shows as $line" "^ *$line\$"
done <<'END'
0x04 001,002 GUEST_SVN +513
0x08 005,001 POLICY_ABI +1\.5
0x08 005,001 POLICY +0x0000000000030105 \(SMT, RESERVED_ONE\)
0x10 252 FAMILY_ID +aa0{30}
0x20 253 IMAGE_ID +ab0{30}
0x30 003 VMPL +3
0x30 377,377,377,377 VMPL +4294967295 \(asked for by the host\)
0x34 002 SIGNATURE_ALGO +2 \(unknown\)
0x38 012,013,000,000,000,000,014,015 value +0x0d0c000000000b0a
0x48 003 FLAGS +0x0000000000000003 \(AUTHOR_KEY_EN, MASK_CHIP_KEY\)
0x48 004 SIGNING_KEY +1 \(VLEK\)
0x48 034 SIGNING_KEY +7 \(none: not signed\)
0x48 010 SIGNING_KEY +2 \(unknown\)
0x48 050 FLAGS +0x0000000000000028 \(unnamed 0x20\)
0x50 001 REPORT_DATA +010{126}
0x90 002 MEASUREMENT +020{94}
0xc0 003 HOST_DATA +030{62}
0xe0 004 ID_KEY_DIGEST +040{94}
0x110 005 AUTHOR_KEY_DIGEST +050{94}
0x140 006 REPORT_ID +060{62}
0x160 007 REPORT_ID_MA +070{62}
0x188 032,002,003 CPUID_STEP +3
0x188 032,002,003 generation +Turin
0x188 032,377,003 generation +unknown
0x1a0 010 CHIP_ID +080{126}
0x1e8 050,067,001 CURRENT_VERSION +1\.55\.40
0x1ec 025,066,001 COMMITTED_VERSION +1\.54\.21
0x1f8 001,000,000,000,000,000,000,200 LAUNCH_MIT_VECTOR +0x8000000000000001
0x200 002 CURRENT_MIT_VECTOR +0x0000000000000002
0x2a0 011 R +090{142}
0x2e8 012 S +0a0{142}
0x208 001 reserved zero +NO: bytes that this version reserves are not 0
END

# parts FILE: numbers in the section REPORTED_TCB
parts() {
	"$ctl" show "$1" | sed -n '/^REPORTED_TCB/,/^$/p' |
		sed -n 's/^  \([A-Z_]*\) *\([0-9]*\)$/\1=\2/p' | tr '\n' ' '
}
make_snp "$dir/other" 3
poke "$dir/other" $((0x180)) 001 002 003 004 005 006 007 010
[ "$(parts "$dir/other")" = "BOOT_LOADER=1 TEE=2 SNP=7 MICROCODE=8 " ]
tap_result $? "the TCB of a Genoa has its components"
poke "$dir/other" $((0x188)) 032 002
[ "$(parts "$dir/other")" = "FMC=1 BOOT_LOADER=2 TEE=3 SNP=4 MICROCODE=8 " ]
tap_result $? "that of a Turin has others"

# Every bit by its name: offset of the field, bit, name.
while read -r at bit name; do
	make_snp "$dir/other" 5
	byte=$((at + bit / 8))
	old=$(tail -c +$((byte + 1)) "$dir/other" | head -c 1 | od -An -tu1)
	poke "$dir/other" $byte "$(printf %03o $((old | 1 << bit % 8)))"
	run show "$dir/other"
	says "bit $bit at $at is $name" "[(, ]${name}[,)]"
done <<'END'
8 16 SMT
8 17 RESERVED_ONE
8 18 MIGRATE_MA
8 19 DEBUG
8 20 SINGLE_SOCKET
8 21 CXL_ALLOW
8 22 MEM_AES_256_XTS
8 23 RAPL_DIS
8 24 CIPHERTEXT_HIDING_DRAM
8 25 PAGE_SWAP_DISABLE
8 26 unnamed 0x4000000
8 63 unnamed 0x8000000000000000
64 0 SMT_EN
64 1 TSME_EN
64 2 ECC_EN
64 3 RAPL_DIS
64 4 CIPHERTEXT_HIDING_DRAM_EN
64 5 ALIAS_CHECK_COMPLETE
64 6 IOMMU_WRITE_SAFE
64 7 TIO_EN
64 8 unnamed 0x100
72 0 AUTHOR_KEY_EN
72 1 MASK_CHIP_KEY
END

# --- certificate tables
# entry OFFSET LENGTH: of the VCEK's GUID, in the order of UEFI
entry() {
	printf '\215\165\332\143\144\346\144\105\255\305\364\271\073\350\254\315'
	for number in "$1" "$2"; do
		# shellcheck disable=SC2059
		printf "\\$(printf %03o $((number % 256)))"
		# shellcheck disable=SC2059
		printf "\\$(printf %03o $((number / 256)))\\000\\000"
	done
}
{ entry 48 5; head -c 24 /dev/zero; echo none; } >"$dir/table"
run show "$dir/table"
expect 0 "show decodes a certificate table"
says "it says what it is" '^type +SNP certificate table$'
says "by the GUID in the order of UEFI" '^guid order +UEFI$'
says "an entry has its slot" '^entry 0: VCEK$'
says "and its GUID" '^  guid +63da758d-e664-4564-adc5-f4b93be8accd$'
says "what is no certificate hides nothing else" '^  certificate error +certif'
{ entry 48 6; head -c 24 /dev/zero; echo none; } >"$dir/table"
run show "$dir/table"
expect 1 "an entry that ends behind the table is an error"
grep -q 'entry 0 has 6 bytes at offset 48, but the table ends at 53' "$dir/err"
tap_result $? "which says where"
entry 0 0 >"$dir/table"
run show "$dir/table"
expect 1 "a table without an end is an error"
{ entry 72 5; entry 74 3; head -c 24 /dev/zero; echo none; } >"$dir/table"
run show "$dir/table"
says "entries that overlap are remarked upon" 'NO: shares some of its bytes'

# --- what machines gave
data=${TSM_DATA:-}/derived/snp
trustee=${TSM_DATA:-}/confidential-containers__trustee/deps/verifier/test_data
if [ -e "$data" ]; then
	run show "$data/turin-v5-oak.report.bin"
	expect 0 "a Turin's report is decoded"
	says "by its generation" '^generation +Turin$'
	[ "$(parts "$data/turin-v5-oak.report.bin")" = \
		"FMC=0 BOOT_LOADER=1 TEE=0 SNP=2 MICROCODE=71 " ]
	tap_result $? "its TCB is that of the manifest"
	run show "$trustee/snp/test-vlek-report.bin"
	says "a VLEK is told from a VCEK" '^  SIGNING_KEY +1 \(VLEK\)$'
	run show "$data/genoa-v3-tsm.auxblob.bin"
	says "a host's table has three certificates" '^entries +3$'
	says "with their subjects" '^    subject +CN=SEV-Genoa,'
	says "and validity" '^    not after +2032-04-20 '
	says "and keys" '^    key bits +4096$'
	says "and what AMD put into them" '^    UCODE_SPL +84$'
	run show "$trustee/snp/test-vlek.der"
	says "a certificate alone is decoded, too" '^type +certificates$'
	says "with whom it was given to" '^  CSP_ID +CN=cc-us-east-2\.amazonaws'
	size=$(wc -c <"$trustee/snp/test-vlek.der")
	{ entry 48 "$size"; head -c 24 /dev/zero
	  cat "$trustee/snp/test-vlek.der"; } >"$dir/table"
	run show "$dir/table"
	says "a VLEK in the slot of the VCEK is told" '^  holds +VLEK$'
	if command -v jq >/dev/null; then
		run show --json "$data/genoa-v3-tsm.outblob.bin"
		[ "$(jq -r '.type, .version, .reported_tcb.snp,
			.guest.policy.bits[0], .signature.signing_key_name' \
			"$dir/out" | tr '\n' ' ')" = "SNP report 3 23 SMT VCEK " ]
		tap_result $? "JSON keys of a report are where scripts expect them"
		run show --json "$data/genoa-v3-tsm.auxblob.bin"
		[ "$(jq -r '.table[2].slot, .table[2].certificates[0].key_type,
			.table[2].certificates[0].snp_spl' "$dir/out" |
			tr '\n' ' ')" = "VCEK P-384 23 " ]
		tap_result $? "and those of a table"
	fi
else
	tap_skip "what machines gave is decoded" "TSM_DATA is not set"
fi
tap_done
