#!/bin/bash
# SPDX-License-Identifier: MIT
# Measures our driver and the in-tree one in the same VM, and prints a table.

set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
out=$top/build/bench

usage()
{
	cat <<-END
	usage: selftests/bench/run.sh [KERNEL]...

	For each kernel (default: 6.12 7.3) boots a VM with an emulated TD twice,
	once with tsm_guest and once with the in-tree driver, and prints what the
	reader of a report waits for while the host takes \$DELAY_MS (default 20)
	for a quote. \$QUOTES (default 50) quotes one after the other, \$ROUNDS
	(default 5) rounds of 8 at once, \$READS (default 100) reads of
	"generation" while another item quotes. Raw figures stay in build/bench.
	END
}

measure()	# KERNEL DRIVER
{
	local log=$out/$1-$2.txt

	echo "bench: measuring $2 on $1 ..." >&2
	"$top/selftests/vm/run.sh" -k "$1" -t tdx -d "$2" -T 900 \
		-p "$out/quote_bench" -e "quote_delay_ms=$DELAY_MS" -- \
		/put/quote_bench "$QUOTES" "$ROUNDS" "$READS" >"$log.new" ||
		{ echo "bench: $2 on $1 failed: see $log.new" >&2; exit 1; }
	mv "$log.new" "$log"
}

value()		# KERNEL DRIVER NAME
{
	awk -v name="$3" '$1 == name { print $2 }' "$out/$1-$2.txt"
}

row()		# KERNEL TITLE NAME
{
	awk -v kernel="$1" -v title="$2" -v ours="$(value "$1" tsm_guest "$3")" \
		-v theirs="$(value "$1" intree "$3")" 'BEGIN {
		printf "%-6s %-32s %12.2f %12.2f %9.1fx\n", kernel, title,
			ours / 1000, theirs / 1000, theirs / ours
	}'
}

table()		# KERNEL
{
	row "$1" "one quote, min"		quote_us_min
	row "$1" "one quote, p50"		quote_us_p50
	row "$1" "one quote, p99"		quote_us_p99
	row "$1" "8 quotes at once, p50"	at_once_us_p50
	row "$1" "8 quotes at once, max"	at_once_us_max
	row "$1" "generation of another, p50"	bystander_us_p50
	row "$1" "generation of another, p99"	bystander_us_p99
	row "$1" "generation of another, max"	bystander_us_max
}

case ${1-} in
-h|--help)
	usage
	exit 0
	;;
esac
[ $# -gt 0 ] || set -- 6.12 7.3
DELAY_MS=${DELAY_MS:-20}
QUOTES=${QUOTES:-50}
ROUNDS=${ROUNDS:-5}
READS=${READS:-100}

mkdir -p "$out"
"${CC:-gcc}" -std=gnu11 -O2 -Wall -Wextra -static -pthread \
	-o "$out/quote_bench" "$here/quote_bench.c"

for kernel; do
	measure "$kernel" tsm_guest
	measure "$kernel" intree
done

echo "host takes $DELAY_MS ms for a quote; $QUOTES quotes, $ROUNDS rounds of 8, $READS reads; milliseconds"
printf '%-6s %-32s %12s %12s %10s\n' kernel what tsm_guest in-tree ratio
for kernel; do
	table "$kernel"
done
