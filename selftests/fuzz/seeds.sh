#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes what the harnesses begin with: real evidence where there is some, and
# that of the emulator. Nothing of it is part of the project.

set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)

usage()
{
	cat <<-END
	usage: seeds.sh BUILD

	Fills BUILD/fuzz/seeds/NAME for each harness. Takes BUILD/fuzz/make_seeds,
	BUILD/bin/tsm-emud and its PKI BUILD/pki, which is made if it is not there,
	and real evidence from \$TSM_DATA, if it is set, or ../shared/data beside
	the repository.
	END
}

[ $# = 1 ] || { usage >&2; exit 2; }
[ "$1" != --help ] || { usage; exit 0; }
build=$1
fuzz=$build/fuzz
data=${TSM_DATA-$top/../shared/data}

# put HARNESS BYTES FILE...: an input is a knob of two bytes, here of two that
# fail early and late, perhaps other bytes, and then the evidence.
put()
{
	local harness=$1 prefix=$2 file dir

	shift 2
	dir=$fuzz/seeds.new/$harness
	mkdir -p "$dir"
	for file; do
		[ -f "$file" ] || continue
		number=$((number + 1))
		{
			# shellcheck disable=SC2086 # a list of numbers
			bytes $((number % 4)) 0 $prefix
			cat "$file"
		} >"$dir/$number-${file##*/}"
	done
}

# emud FILE ARGUMENT...
emud()
{
	local out=$1

	shift
	"$build/bin/tsm-emud" -o "$out" "$@"
}

# signed: signatures as DKMS makes them, with and without the certificate
signed()
{
	local certs

	openssl req -new -x509 -nodes -days 2 -newkey rsa:2048 \
		-subj "/CN=DKMS module signing key" -keyout "$made/key" \
		-out "$made/signer.pem" 2>/dev/null
	for certs in -nocerts ''; do
		# shellcheck disable=SC2086 # an option, or none
		openssl cms -sign -binary $certs -noattr -outform DER \
			-md sha256 -signer "$made/signer.pem" \
			-inkey "$made/key" -in "$made/key" \
			-out "$made/signature$certs"
	done
}

# Made once for a PKI: signatures are others each time.
emulated()
{
	local v

	[ ! "$made/emulated" -nt "$build/pki/root.key" ] || return 0
	rm -f "$made"/*
	for v in 4 5; do
		emud "$made/tdreport-$v" --tdreport --version $v
		emud "$made/quote-$v" --pki "$build/pki" --version $v \
			--quote "$made/tdreport-$v"
	done
	for v in 2 3 5; do
		emud "$made/snp-$v" --pki "$build/pki" --snp --version $v
		emud "$made/snp-$v-vlek" --pki "$build/pki" --snp \
			--version $v --vlek
		emud "$made/table-$v" --pki "$build/pki" --snp-certs \
			--version $v
		emud "$made/table-$v-vlek" --pki "$build/pki" --snp-certs \
			--version $v --vlek
	done
	touch "$made/emulated"
}

# bytes NUMBER...
bytes()
{
	local n

	for n; do
		# shellcheck disable=SC2059 # octal is what the format is for
		printf "\\$(printf %o "$n")"
	done
}

# section TYPE FILE...: as fuzz_verify.c reads them
section()
{
	local type=$1 file size

	shift
	for file; do
		size=$(stat -c %s "$file")
		bytes "$type" $((size % 256)) $((size / 256))
		cat "$file"
	done
}

# whole NAME FLAGS TIME SECTIONS...: something for tsm_verify(), and what of it
# is not to be rejected, should its time be right. SECTIONS are words that
# section takes, with a + before each type.
whole()
{
	local name=$1 flags=$2 at=$3 type='' file dir=$fuzz/seeds.new/verify

	shift 3
	mkdir -p "$dir" "$fuzz/good"
	at=$(date -u -d "$at" +%s)
	{
		bytes 0 0 "$flags" $((at & 255)) $((at >> 8 & 255)) \
			$((at >> 16 & 255)) $((at >> 24 & 255))
		for file; do
			case $file in
			+*) type=${file#+}; continue ;;
			esac
			[ -f "$file" ] || continue
			section "$type" "$file"
			[ "$type" != 0 ] || cp "$file" \
				"$fuzz/good/$(sha256sum <"$file" | head -c 32)"
		done
	} >"$dir/$name"
}

# Logs in a large area, most of which is fill: just the beginning of that.
cut_logs()
{
	local file number=0

	for file; do
		[ -s "$file" ] || continue
		number=$((number + 1))
		head -c 24576 "$file" >"$made/log-$number-${file##*/}"
	done
}

number=0
rm -rf "$fuzz/seeds.new"
mkdir -p "$fuzz/seeds.new"
made=$fuzz/made
mkdir -p "$made"

"$build/bin/tsm-emud" --pki "$build/pki" --init
emulated
[ -s "$made/signature" ] || signed
"$fuzz/make_seeds" "$made/log"
shopt -s nullglob globstar
cut_logs "$data"/**/CCEL_data* "$data"/**/ccel_data.dat \
	"$data"/**/cos-113-intel-tdx-dupe-separator.bin

put quote '' "$made"/quote-* "$made"/tdreport-* "$data"/**/*quote* \
	"$data"/**/*td*report*
put report '' "$made"/snp-* "$data"/**/*report*.bin \
	"$data"/**/attestation.bin "$data"/**/*.outblob.bin
put table '' "$made"/table-* "$data"/**/*.auxblob.bin "$build"/pki/*.pem \
	"$build"/pki/snp/*/*.pem "$data"/**/*.der "$data"/**/*.pem
# split FILE...: each certificate of a PEM chain, in DER
split()
{
	local file n

	for file; do
		[ -f "$file" ] || continue
		n=$(grep -c -- '-----BEGIN CERT' "$file") || continue
		while [ "$n" -gt 0 ]; do
			number=$((number + 1))
			awk -v n="$n" '/-----BEGIN CERT/ { at++ } at == n' \
				"$file" | openssl x509 -outform DER \
				-out "$made/cert-$number.der" 2>/dev/null || :
			n=$((n - 1))
		done
	done
}

split "$build"/pki/*.pem "$build"/pki/snp/*/*.pem "$data"/**/*.pem
put x509 '' "$made"/cert-*.der "$data"/**/*vcek*.der "$data"/**/*vlek*.der \
	"$data"/**/*.testcer
put signer '' "$made"/signature*
put crl '' "$build"/pki/*.der "$build"/pki/snp/*/crl.der \
	"$data"/**/*[cC]rl*
put pem '' "$made"/table-*-vlek "$build"/pki/*.pem "$build"/pki/*.der \
	"$build"/pki/snp/Milan/*.pem "$data"/**/*.pem "$data"/**/pckcrl
# Any bytes do for keys and messages; each way to make up a signature once.
for how in 0 2 4 6 8 10 12 14 16 32 128 1 3 5 7 9 17 33 49 65 129; do
	put crypto $how "$top/selftests/fuzz/crypto_input.h"
done
# 53 SVNs: none, some, all that there can be.
for svn in 0 4 255; do
	put tcb "$(yes $svn | head -n 53 | xargs)" "$build"/pki/*.json \
		"$build/pki/tcbSignChain.pem" "$build/pki/rootCaCrl.der" \
		"$data"/**/*collateral.json "$data"/**/sample_*esponse* \
		"$data"/**/sampleData/tdx/*.json
done
put policy '' "$top"/selftests/fuzz/seeds/policy-*.json
put json '' "$top"/selftests/fuzz/seeds/*.json "$build"/pki/*.json
for how in 254 255 85; do
	put ccel "$how" "$made"/log* "$data"/**/CCEL_unpadded*
	put cel "$how" "$made"/log* "$data"/**/CCEL_unpadded*
done
put ccel '' "$data"/**/ccel_table.dat

# 0 evidence, 1 its certificates, 2 more of them, 3 lists, 4 collateral, 5
# policy, 6 log, 7 report data, 8 roots
p=$build/pki
for v in 4 5; do
	whole "quote-$v" 0 now +0 "$made/quote-$v" +8 "$p/trustedRootCaCert.pem"
	whole "quote-$v-all" 12 now +0 "$made/quote-$v" \
		+8 "$p/trustedRootCaCert.pem" +3 "$p/rootCaCrl.der" \
		"$p/intermediateCaCrl.der" +4 "$p/tcbInfo.json" \
		"$p/qeIdentity.json" "$p/tcbSignChain.pem"
	whole "quote-$v-policy" 4 now +0 "$made/quote-$v" \
		+8 "$p/trustedRootCaCert.pem" +6 "$made/log" \
		+5 "$top/selftests/fuzz/seeds/policy-tdx.json"
done
for v in 2:Milan 3:Genoa 5:Turin; do
	for key in '' -vlek; do
		whole "snp-${v%:*}$key" 4 now +0 "$made/snp-${v%:*}$key" \
			+1 "$made/table-${v%:*}$key" \
			+8 "$p/snp/${v#*:}/ark.pem"
		whole "snp-${v%:*}$key-all" 12 now +0 "$made/snp-${v%:*}$key" \
			+1 "$made/table-${v%:*}$key" \
			+8 "$p/snp/${v#*:}/ark.pem" \
			+3 "$p/snp/${v#*:}/crl.der"
		whole "snp-${v%:*}$key-policy" 4 now \
			+0 "$made/snp-${v%:*}$key" \
			+1 "$made/table-${v%:*}$key" \
			+8 "$p/snp/${v#*:}/ark.pem" \
			+5 "$top/selftests/fuzz/seeds/policy-snp.json"
	done
done
# no evidence, but taken for some now and then
whole tdreport 0 now +0 "$made/tdreport-4"
whole table 0 now +0 "$made/table-3"
t=$data/google__go-tdx-guest/testing/testdata
whole gcp 0 2024-10-01 +0 "$t/ccel/cos-113-tdx-quote.dat" +7 "$t/ccel/nonce.dat"
whole spr 8 2023-07-01 +0 "$t/tdx_prod_quote_SPR_E4.dat" +3 "$t/pckcrl" \
	"$t/rootcrl.der"
whole v5 0 2026-02-10 +0 "$t/quote_v5_sample.dat" \
	+4 "$t/sample_tcbinfo_response_v5"
t=$data/Phala-Network__dcap-qvl/sample
whole dcap 0 2025-07-01 +0 "$t/tdx_quote" +4 "$t/tdx_quote_collateral.json"
t=$data/intel__SGX-TDX-DCAP-QuoteVerificationLibrary/Src/AttestationApp/sampleData/tdx
whole qvl 4 2024-01-01 +0 "$t/quote.dat" +2 "$t/pckCert.pem" \
	"$t/pckSignChain.pem" +8 "$t/trustedRootCaCert.pem" \
	+4 "$t/tcbInfo.json" "$t/qeIdentity.json" "$t/tcbSignChain.pem" \
	+3 "$t/rootCaCrl.der" "$t/intermediateCaCrl.der"
t=$data/google__go-sev-guest/verify
whole milan 2 2024-01-01 +0 "$t/testdata/attestation.bin" \
	+2 "$t/testdata/vcek.testcer" "$t/trust/ask_ark_milan.pem"
whole genoa 0 2025-10-01 +0 "$data/derived/snp/genoa-v3-tsm.outblob.bin" \
	+1 "$data/derived/snp/genoa-v3-tsm.auxblob.bin"
whole turin 0 2025-10-01 +0 "$data/derived/snp/turin-v5-oak.report.bin" \
	+2 "$data/derived/snp/turin-v5-oak.vcek.der" \
	"$t/trust/ask_ark_turin_vcek.pem"
t2=$data/confidential-containers__trustee/deps/verifier/test_data/snp
whole vlek 0 2025-10-01 +0 "$t2/test-vlek-report.bin" +2 "$t2/test-vlek.der" \
	"$t/trust/ask_ark_milan_vlek.pem"
rm -rf "$fuzz/seeds"
mv "$fuzz/seeds.new" "$fuzz/seeds"
