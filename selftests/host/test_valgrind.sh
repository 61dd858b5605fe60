#!/bin/sh
# SPDX-License-Identifier: MIT
# What AddressSanitizer does not see, valgrind does: values that were never set,
# and what OpenSSL is given of ours. tsmctl verify as it is shipped, good and bad
# evidence, one file and many.
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=emud.sh
. ./emud.sh

if ! command -v valgrind >/dev/null; then
	echo "1..0 # SKIP no valgrind: run make deps"
	exit 0
fi

tsmctl=$BUILD/plain/bin/tsmctl

# memcheck SENTENCE STATUS ARGUMENT...: of tsmctl verify
memcheck() {
	sentence=$1 want=$2
	shift 2
	valgrind -q --error-exitcode=98 --leak-check=full \
		--errors-for-leak-kinds=definite,indirect,possible \
		--log-file="$dir/valgrind" "$tsmctl" verify "$@" \
		>"$dir/said" 2>&1
	status=$?
	[ $status -eq "$want" ] ||
		sed "s/^/# status $status: /" "$dir/said" "$dir/valgrind"
	[ $status -eq "$want" ] && [ ! -s "$dir/valgrind" ]
	tap_result $? "$sentence"
}

# damaged FILE: the same with its 200th byte another
damaged() {
	cp "$1" "$1.bad"
	printf '\252\125' | dd of="$1.bad" bs=1 seek=200 conv=notrunc \
		status=none
	echo "$1.bad"
}

# Valgrind and sanitizers do not go together.
make -s -C ../../tools O="$BUILD/plain" CC="${CC:-cc}" \
	"$BUILD/plain/bin/tsmctl" >"$dir/made" 2>&1 || cat "$dir/made" >&2
[ -x "$tsmctl" ]
tap_result $? "tsmctl builds without sanitizers"
build_emud
"$emud" --pki "$pki" --init

for v in 4 5; do
	"$emud" --tdreport -o "$dir/tdreport" --version $v
	"$emud" --pki "$pki" --quote "$dir/tdreport" -o "$dir/quote-$v" \
		--version $v
done
for v in 2 3 5; do
	"$emud" --pki "$pki" --snp --version $v -o "$dir/snp-$v"
	"$emud" --pki "$pki" --snp-certs --version $v -o "$dir/table-$v"
	"$emud" --pki "$pki" --snp --vlek --version $v -o "$dir/snp-$v-vlek"
	"$emud" --pki "$pki" --snp-certs --vlek --version $v \
		-o "$dir/table-$v-vlek"
done
echo '{ "tdx": { "minimum_pcesvn": 1, "minimum_qe_svn": 1,
	"tcb_statuses": ["UpToDate"] }, "snp": { "vmpl": [0] } }' >"$dir/policy"
echo '{ "tdx": {}, "tdx": {} }' >"$dir/policy.bad"
# so that they are looked for in --certs
set -- "$dir"/quote-? "$dir"/snp-? "$dir"/snp-?-vlek

memcheck "a quote, its chain, lists and collateral" 0 "$dir/quote-5" \
	--roots "$pki" --allow-emulated --collateral "$pki" --crl "$pki"
memcheck "a report and its certificates" 0 "$dir/snp-3" --roots "$pki" \
	--allow-emulated --certs "$dir/table-3" --crl "$pki/snp/Genoa/crl.der"
memcheck "a quote under no root" 3 "$dir/quote-4"
memcheck "a report without certificates" 3 "$dir/snp-5"
memcheck "a quote with other bytes" 3 "$(damaged "$dir/quote-4")" \
	--roots "$pki" --allow-emulated
memcheck "a report with other bytes" 3 "$(damaged "$dir/snp-2")" \
	--roots "$pki" --certs "$dir/table-2" --allow-emulated
memcheck "a quote that is cut short, and a text" 3 "$dir/policy" "$dir/tdreport"
memcheck "a policy that is no policy" 1 "$dir/quote-4" \
	--policy "$dir/policy.bad"
memcheck "many files in two threads" 3 -j 2 --json "$@" "$dir"/*.bad \
	--roots "$pki" --allow-emulated --certs "$dir/table-2" \
	--certs "$dir/table-3-vlek" --policy "$dir/policy" \
	--collateral "$pki" -d 00 --pad

if [ -n "${TSM_DATA-}" ]; then
	# every file with such a name, whatever is in it
	find "$TSM_DATA" -type f \( -name '*quote*' -o -name '*report*' -o \
		-name '*.dat' \) ! -name '*.json' -size -64k >"$dir/list"
	set --
	while read -r file; do
		set -- "$@" "$file"
	done <"$dir/list"
	memcheck "real evidence, two threads" 3 -j 2 --at 2025-07-01 "$@" \
		--certs "$TSM_DATA" --collateral "$TSM_DATA"
else
	tap_skip "real evidence, two threads" "TSM_DATA is not set"
fi
tap_done
