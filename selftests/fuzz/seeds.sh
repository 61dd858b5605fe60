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

# put HARNESS PREFIX FILE...: an input is a knob of two bytes, here of two that
# fail early and late, what else comes before the evidence, in octal, and that.
put()
{
	local harness=$1 prefix=$2 file dir

	shift 2
	dir=$fuzz/seeds.new/$harness
	mkdir -p "$dir"
	for file; do
		[ -f "$file" ] || continue
		number=$((number + 1))
		# shellcheck disable=SC2059 # octal is what the format is for
		{ printf "\\$((number % 4))\\0$prefix"; cat "$file"; } \
			>"$dir/$number-${file##*/}"
	done
}

# emud FILE ARGUMENT...
emud()
{
	local out=$1

	shift
	"$build/bin/tsm-emud" -o "$out" "$@"
}

emulated()
{
	local v

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
	"$fuzz/make_seeds" "$made/log"
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
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT

"$build/bin/tsm-emud" --pki "$build/pki" --init
emulated
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
put crl '' "$build"/pki/*.der "$build"/pki/snp/*/crl.der \
	"$data"/**/*[cC]rl*
put pem '' "$made"/table-*-vlek "$build"/pki/*.pem "$build"/pki/*.der \
	"$build"/pki/snp/Milan/*.pem "$data"/**/*.pem "$data"/**/pckcrl
for how in '\376' '\377' '\125'; do
	put ccel "$how" "$made"/log* "$data"/**/CCEL_unpadded*
	put cel "$how" "$made"/log* "$data"/**/CCEL_unpadded*
done
put ccel '' "$data"/**/ccel_table.dat

rm -rf "$fuzz/seeds"
mv "$fuzz/seeds.new" "$fuzz/seeds"
