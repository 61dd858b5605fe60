#!/bin/sh
# SPDX-License-Identifier: MIT
# What tsmctl report makes of the host's answers: quotes with other report data,
# quotes cut short, formats that nobody knows yet.
#
# Functions are called through check:
# shellcheck disable=SC2317
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=faked.sh
. ./faked.sh
file=$dir/file

# as_v5 TYPE SIZE: the quote of version 4 as one of version 5, with the body
# descriptor of A.4 and a body that is longer behind REPORTDATA
as_v5() {
	printf '\005\000'
	head -c 48 "$dir/evidence" | tail -c 46
	# shellcheck disable=SC2059
	printf "$1\000$2\000\000"
	head -c 632 "$dir/evidence" | tail -c 584
	head -c "$3" /dev/zero
	tail -c +633 "$dir/evidence"
}

# unwritten: no file, no standard output, one line of complaint
unwritten() {
	[ ! -e "$file" ] && [ ! -s "$dir/out" ] &&
		[ "$(wc -l <"$dir/err")" -eq 1 ]
}

# rejected WHAT VARIABLE=VALUE...
rejected() {
	what=$1
	shift
	run "$@" -d "$nonce" -o "$file"
	check "$what of other report data exits with 3" exits 3
	check "it is kept nowhere" unwritten
	check "and both are named" grep -q \
		"does not carry the report data that was asked for: [0-9a-f]\{128\}, not $nonce\$" \
		"$dir/err"
	rm -f "$file"
}

echo "TAP version 13"

run -d "$nonce" -o "$file"
check "a quote with the report data is kept" cmp "$file" "$dir/expected"
check "the summary says so" grep -Eq '^report data +as asked for$' "$dir/out"
check "and what it is" grep -Eq '^type +TD quote$' "$dir/out"
rm -f "$file"

rejected "a quote" FAKE_NONCE_AT=-1
rejected "a quote whose report data is one byte off" FAKE_NONCE_AT=567
as_v5 '\002' '\110\002' 0 >"$dir/v5"
rejected "a quote of version 5" FAKE_OUTBLOB="$dir/v5" FAKE_NONCE_AT=569
as_v5 '\004' '\165\003' 301 >"$dir/v5ex"
rejected "a quote of the longest body" FAKE_OUTBLOB="$dir/v5ex" FAKE_NONCE_AT=569
{ printf '\004\000\003'; tail -c +4 "$dir/evidence"; } >"$dir/p384"
rejected "a quote with an unknown key" FAKE_OUTBLOB="$dir/p384" FAKE_NONCE_AT=-1
run FAKE_NONCE_AT=-1 -d "$nonce"
check "to a pipe it does not go either" exits 3
check "not a byte of it" unwritten
run FAKE_NONCE_AT=-1 -d "$nonce" --json
check "nor into JSON" unwritten
for v5 in v5 v5ex; do
	run FAKE_OUTBLOB="$dir/$v5" FAKE_NONCE_AT=574 -d "$nonce" -o "$file"
	check "a quote like $v5 with the report data is kept" exits 0
	check "and compared" grep -q 'as asked for' "$dir/out"
	rm -f "$file"
done
run FAKE_OUTBLOB="$dir/p384" -d "$nonce" --json
check "a quote with an unknown key is kept if it has the report data" exits 0

for size in 8 47 48 600 632 700 1225; do
	head -c $size "$dir/expected" >"$dir/cut"
	run FAKE_OUTBLOB="$dir/cut" FAKE_NONCE_AT=-1 -d "$nonce" -o "$file"
	check "a quote cut to $size bytes exits with 1" exits 1
	check "it is kept nowhere" unwritten
done

# unknown WHAT FILE: kept, and what could not be done is said
unknown() {
	run FAKE_OUTBLOB="$2" FAKE_NONCE_AT=-1 -d "$nonce" -o "$file"
	check "$1 is kept" exits 0
	check "byte by byte" cmp "$file" "$2"
	check "the summary says that it is unknown" \
		grep -Eq '^type +unknown format$' "$dir/out"
	check "and that report data was not compared" \
		grep -Eq '^report data +could not be compared$' "$dir/out"
	rm -f "$file"
}
head -c 3000 /dev/urandom | sed '1s/^./\xd2/' >"$dir/cwt"
unknown "a CWT" "$dir/cwt"
{ printf '\006'; tail -c +2 "$dir/evidence"; } >"$dir/v6"
unknown "a quote of version 6" "$dir/v6"
{ printf '\201\000\001\000'; head -c 1020 /dev/zero; } >"$dir/tdreport"
unknown "a TDREPORT, which is no quote," "$dir/tdreport"
run FAKE_OUTBLOB="$dir/cwt" FAKE_NONCE_AT=-1 -d "$nonce"
check "an unknown format goes to a pipe" cmp "$dir/out" "$dir/cwt"
check "and is told of beside it" grep -q 'unknown format' "$dir/err"
run FAKE_PROVIDER=arm_cca_guest FAKE_OUTBLOB="$dir/cwt" FAKE_NONCE_AT=-1 \
	-d "$nonce" -o "$file"
check "evidence of another TEE is kept" cmp "$file" "$dir/cwt"
check "nothing is said of its format" [ -z "$(grep '^type' "$dir/out")" ]
tap_done
