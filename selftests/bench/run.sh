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
	"generation" while another item quotes. Then what \$EXTENDS (default
	100000) extends of rtmr3 through sysfs cost, where the driver has that
	file: ours also logs them. Raw figures stay in build/bench.
	END
}

# Linux 6.12 cannot extend a register.
can_extend=/sys/class/misc/tdx_guest/measurements/rtmr3:sha384

measure()	# KERNEL DRIVER
{
	local log=$out/$1-$2.txt

	echo "bench: measuring $2 on $1 ..." >&2
	"$top/selftests/vm/run.sh" -k "$1" -t tdx -d "$2" -T 900 \
		-p "$out/quote_bench" -p "$out/extend_bench" \
		-e "quote_delay_ms=$DELAY_MS" -- "
			/put/quote_bench $QUOTES $ROUNDS $READS || exit
			[ ! -e $can_extend ] || /put/extend_bench $EXTENDS
		" >"$log.new" ||
		{ echo "bench: $2 on $1 failed: see $log.new" >&2; exit 1; }
	mv "$log.new" "$log"
}

value()		# KERNEL DRIVER NAME
{
	awk -v name="$3" '$1 == name { print $2 }' "$out/$1-$2.txt"
}

row()		# KERNEL TITLE NAME [DIVISOR]
{
	awk -v kernel="$1" -v title="$2" -v ours="$(value "$1" tsm_guest "$3")" \
		-v theirs="$(value "$1" intree "$3")" -v by="${4-1000}" 'BEGIN {
		printf "%-6s %-32s %12.2f ", kernel, title, ours / by
		if (theirs == "")
			printf "%12s\n", "-"
		else
			printf "%12.2f %9.2fx\n", theirs / by, theirs / ours
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

extend_table()	# KERNEL
{
	row "$1" "one extend, p50"		extend_ns_p50
	row "$1" "one extend, p99"		extend_ns_p99
	row "$1" "the first 500, p50"		first_ns_p50
	row "$1" "the last 500, p50"		last_ns_p50
	row "$1" "bytes in the log"		log_bytes 1
	row "$1" "bytes of memory"	memory_bytes 1
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
EXTENDS=${EXTENDS:-100000}

mkdir -p "$out"
for program in quote_bench extend_bench; do
	"${CC:-gcc}" -std=gnu11 -O2 -Wall -Wextra -static -pthread \
		-o "$out/$program" "$here/$program.c"
done

for kernel; do
	measure "$kernel" tsm_guest
	measure "$kernel" intree
done

echo "host takes $DELAY_MS ms for a quote; $QUOTES quotes, $ROUNDS rounds of 8, $READS reads; milliseconds"
printf '%-6s %-32s %12s %12s %10s\n' kernel what tsm_guest in-tree ratio
for kernel; do
	table "$kernel"
done

echo
echo "$EXTENDS extends of rtmr3 through sysfs; microseconds, or bytes for each extend"
printf '%-6s %-32s %12s %12s %10s\n' kernel what tsm_guest in-tree ratio
for kernel; do
	extend_table "$kernel"
done
