# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Evidence made by hand for the tests of the command line: to be sourced.

# A TD quote of version 4, all 0 but what makes it one: without authentication
# data and certificates, 1226 bytes.
make_quote() {
	printf '\004\000\002\000\201\000\000\000'
	head -c $((40 + 584)) /dev/zero
	printf '\116\002\000\000'	# 590 bytes of signature data
	head -c 128 /dev/zero
	printf '\006\000\310\001\000\000'	# QE report and so on, 456
	head -c $((384 + 64 + 2)) /dev/zero
	printf '\001\000\000\000\000\000'
}

# poke FILE OFFSET OCTAL...: bytes
poke() {
	poke_file=$1
	poke_at=$2
	shift 2
	for octal in "$@"; do
		# shellcheck disable=SC2059
		printf "\\$octal" | dd of="$poke_file" bs=1 seek="$poke_at" \
			conv=notrunc status=none
		poke_at=$((poke_at + 1))
	done
}

# make_snp FILE VERSION: an SNP report of a Genoa, all 0 but what makes it one,
# 1184 bytes. SEV-SNP firmware ABI, ATTESTATION_REPORT.
make_snp() {
	head -c 1184 /dev/zero >"$1"
	poke "$1" 0 "00$2"
	poke "$1" $((0xa)) 003	# POLICY: SMT, and a bit that is always 1
	poke "$1" $((0x34)) 001	# ECDSA P-384 with SHA-384
	[ "$2" -lt 3 ] || poke "$1" $((0x188)) 031 021 001
}
