#!/bin/bash
# SPDX-License-Identifier: MIT
# Measures our driver and the in-tree one in the same VM, and our verifier against
# OpenSSL alone, and prints tables.

set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
out=$top/build/bench

usage()
{
	cat <<-END
	usage: selftests/bench/run.sh [KERNEL]...

	Measures on each kernel (default: 6.12 7.3) what \$TEE lists (default: tdx
	snp verify), and prints tables. Raw figures stay in build/bench.

	tdx boots a VM with an emulated TD twice, once with tsm_guest and once with
	the in-tree driver: what the reader of a report waits for while the host
	takes \$DELAY_MS (default 20) for a quote. \$QUOTES (default 50) quotes one
	after the other, \$ROUNDS (default 5) rounds of 8 at once, \$READS (default
	100) reads of "generation" while another item quotes. Then what \$EXTENDS
	(default 100000) extends of rtmr3 through sysfs cost, where the driver has
	that file: ours also logs them.

	snp boots an emulated SNP guest in which both drivers take turns, \$PASSES
	(default 20) times each: what the reader of a report waits for, in each turn
	\$REPORTS (default 25) times, and how many pages are made shared or private
	for it. Most of the time is that of the emulated processor, which signs;
	so the same for a derived key by ioctl, which nobody signs.

	verify needs neither VM nor kernel: quotes judged in a second, against the
	same number of P-256 signatures, five for a quote, that OpenSSL verifies with
	a key in hand; and \$RUNS (default 500) times tsmctl verify of one quote,
	against a program that gets OpenSSL ready and ends.
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

measure_snp()	# KERNEL
{
	local log=$out/$1-snp.txt

	echo "bench: measuring SNP on $1 ..." >&2
	"$top/selftests/vm/run.sh" -k "$1" -t snp -d none -T 900 \
		-p "$out/snp_bench" -p "$here/snp-guest.sh" -- \
		./snp-guest.sh "$PASSES" "$REPORTS" >"$log.new" ||
		{ echo "bench: SNP on $1 failed: see $log.new" >&2; exit 1; }
	mv "$log.new" "$log"
}

# Nearest rank: the smallest sample that this share of all does not exceed.
percentile()	# KERNEL NAME PERCENT
{
	awk -v name="$2" '$1 == name { print $2 }' "$out/$1-snp.txt" |
		sort -n | awk -v percent="$3" '{ sample[NR] = $1 }
		END {
			rank = int((NR * percent + 99) / 100)
			print sample[rank ? rank : 1]
		}'
}

pages()		# KERNEL DRIVER: for each report
{
	awk -v name="$2_pages" -v reports=$((PASSES * REPORTS)) '
		$1 == name { sum += $2 } END { print sum / reports }' \
		"$out/$1-snp.txt"
}

snp_row()	# KERNEL TITLE OURS THEIRS DIVISOR
{
	awk -v kernel="$1" -v title="$2" -v ours="$3" -v theirs="$4" \
		-v by="$5" 'BEGIN {
		printf "%-6s %-32s %12.2f %12.2f", kernel, title, ours / by,
		       theirs / by
		if (ours > 0)
			printf " %9.2fx", theirs / ours
		print ""
	}'
}

spread()	# KERNEL TITLE NAME
{
	local percent name

	for percent in 0 50 99; do
		name=p$percent
		[ $percent != 0 ] || name=min
		snp_row "$1" "$2, $name" \
			"$(percentile "$1" "ours_$3" $percent)" \
			"$(percentile "$1" "theirs_$3" $percent)" 1000000
	done
}

snp_table()	# KERNEL
{
	spread "$1" "one report" report_ns
	spread "$1" "one derived key" key_ns
	snp_row "$1" "pages converted for a report" \
		"$(pages "$1" ours)" "$(pages "$1" theirs)" 1
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

head_of_table()
{
	printf '%-6s %-32s %12s %12s %10s\n' kernel what tsm_guest in-tree ratio
}

bench_tdx()	# KERNEL...
{
	local kernel

	for kernel; do
		measure "$kernel" tsm_guest
		measure "$kernel" intree
	done
	echo "TDX: host takes $DELAY_MS ms for a quote; $QUOTES quotes, $ROUNDS rounds of 8, $READS reads; milliseconds"
	head_of_table
	for kernel; do
		table "$kernel"
	done

	echo
	echo "TDX: $EXTENDS extends of rtmr3 through sysfs; microseconds, or bytes for each extend"
	head_of_table
	for kernel; do
		extend_table "$kernel"
	done
}

bench_snp()	# KERNEL...
{
	local kernel

	for kernel; do
		measure_snp "$kernel"
	done
	echo "SNP: $PASSES times $REPORTS reports and keys with each driver, in turns; milliseconds, or pages"
	head_of_table
	for kernel; do
		snp_table "$kernel"
	done
}

verify_value()	# NAME
{
	awk -v name="$1" '$1 == name { print $2 }' "$out/verify.txt"
}

verify_row()	# TITLE OURS THEIRS [DIVISOR]
{
	awk -v title="$1" -v ours="$(verify_value "$2")" \
		-v theirs="$(verify_value "$3")" -v by="${4-1}" 'BEGIN {
		printf "%-39s %12.2f %12.2f %9.2fx\n", title, ours / by,
		       theirs / by, ours / theirs
	}'
}

# The tool and the library as they are built for users
build_verify()
{
	make --no-print-directory -C "$top/tools" O="$top/build" >&2
	"${CC:-gcc}" -std=gnu11 -O2 -Wall -Wextra -pthread -I "$top/uapi" \
		-o "$out/verify_bench" "$here/verify_bench.c" \
		"$top"/selftests/host/forge*.c "$top/build/lib/libtsmguest.a" \
		-lcrypto
	"${CC:-gcc}" -std=gnu11 -O2 -Wall -Wextra -o "$out/openssl_init" \
		"$here/openssl_init.c" -lcrypto
}

# One run needs a root of its own for what is forged, a file more to read.
measure_start()
{
	local real=${TSM_DATA:-$top/../shared/data}/google__go-tdx-guest/testing/testdata/quote_v5_sample.dat

	if [ -e "$real" ]; then
		set -- --at 2026-02-15 "$real"
	else
		set -- --at 2025-06-01 --roots "$out/root.pem" \
			--allow-emulated "$out/quote.bin"
	fi
	"$out/verify_bench" start "$RUNS" "$out/openssl_init" \
		"$top/build/bin/tsmctl" verify "$@"
}

bench_verify()
{
	local log=$out/verify.txt

	build_verify
	"$out/verify_bench" forge "$out/quote.bin" "$out/root.pem"
	echo "bench: measuring the verifier ..." >&2
	{
		"$out/verify_bench" rates
		measure_start
	} >"$log.new" || { echo "bench: verify failed: see $log.new" >&2; exit 1; }
	mv "$log.new" "$log"
	echo "verify: quotes with their whole chain, against as many raw signatures of P-256; $RUNS runs of tsmctl"
	printf '%-39s %12s %12s %10s\n' what tsm OpenSSL ratio
	verify_row "quotes in a second, 1 thread" ours_per_s_1 raw_per_s_1
	verify_row "quotes in a second, 2 threads" ours_per_s_2 raw_per_s_2
	verify_row "2 threads against 1" ours_per_s_2 ours_per_s_1
	verify_row "one run, against getting ready, ms" ours_us init_us 1000
	verify_row "one run, against a digest, too, ms" ours_us fetch_us 1000
	verify_row "peak memory, MiB" ours_kib init_kib 1024
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
PASSES=${PASSES:-20}
REPORTS=${REPORTS:-25}
RUNS=${RUNS:-500}

mkdir -p "$out"
for program in quote_bench extend_bench snp_bench; do
	"${CC:-gcc}" -std=gnu11 -O2 -Wall -Wextra -static -pthread \
		-I "$top/uapi" \
		-o "$out/$program" "$here/$program.c"
done

for tee in ${TEE:-tdx snp verify}; do
	case $tee in
	tdx | snp | verify) "bench_$tee" "$@" ;;
	*) echo "bench: TEE=$tee: not one of tdx snp verify" >&2; exit 2 ;;
	esac
	echo
done
