# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Event logs and registers made by hand for tests of the command line: to be
# sourced. Layouts: TCG PC Client Platform Firmware Profile 1.05, 10.2, 10.4.
#
# Files are in $dir, which the script makes:
# shellcheck disable=SC2154

# byte NUMBER
byte() {
	# shellcheck disable=SC2059
	printf "\\$(printf %03o "$1")"
}

# le32 NUMBER
le32() {
	byte $(($1 & 255))
	byte $(($1 >> 8 & 255))
	byte $(($1 >> 16 & 255))
	byte $(($1 >> 24 & 255))
}

# zeros NUMBER
zeros() {
	head -c "$1" /dev/zero
}

sha384() {
	openssl dgst -sha384 -binary
}

# A header for SHA-384 alone: 65 bytes.
log_header() {
	le32 0
	le32 3
	zeros 20
	le32 33
	printf 'Spec ID Event03\000\000\000\000\000\000\002\000\002'
	printf '\001\000\000\000\014\000\060\000\000'
}

# log_event MRINDEX TYPE DIGEST-FILE DATA-FILE
log_event() {
	le32 "$1"
	le32 "$2"
	le32 1
	printf '\014\000'
	cat "$3"
	le32 "$(wc -c <"$4")"
	cat "$4"
}

# measured_data MRINDEX TYPE: an event whose digest is that of file data. It
# extends the register in file reg$MRINDEX, too. All in $dir.
measured_data() {
	sha384 <"$dir/data" >"$dir/digest"
	log_event "$1" "$2" "$dir/digest" "$dir/data"
	cat "$dir/reg$1" "$dir/digest" | sha384 >"$dir/reg.new"
	mv "$dir/reg.new" "$dir/reg$1"
}

# measured MRINDEX TYPE TEXT
measured() {
	printf %s "$3" >"$dir/data"
	measured_data "$1" "$2"
}

# aael MRINDEX TEXT: as CoCo's attestation agent does it
aael() {
	{
		printf LEAA
		le32 ${#2}
		printf %s "$2"
	} >"$dir/data"
	measured_data "$1" 6
}

# told HEAD-MRINDEX REASON MRINDEX...: values of registers, as tsm_guest tells
# them; reasons: 0 at load, 1 a gap
told() {
	zeros 48 >"$dir/digest"
	mr=$1
	{
		printf 'tsm_guest state\000'
		byte "$2"
		byte $(($# - 2))
		zeros 2
		shift 2
		for i; do
			le32 "$i"
			cat "$dir/reg$i"
		done
	} >"$dir/data"
	log_event "$mr" 3 "$dir/digest" "$dir/data"
}

# fresh_registers: as a TD begins
fresh_registers() {
	for i in 1 2 3 4; do
		zeros 48 >"$dir/reg$i"
	done
}

# A TDREPORT with the registers of $dir, TDX Module ABI, TDREPORT_STRUCT: RTMR0
# at 720. Its hashes and its MAC are of no interest here.
make_registers() {
	printf '\201\000\001\000'
	zeros 716
	cat "$dir/reg1" "$dir/reg2" "$dir/reg3" "$dir/reg4"
	zeros 112
}

# hex_of FILE
hex_of() {
	od -An -v -tx1 "$1" | tr -d ' \n'
}
