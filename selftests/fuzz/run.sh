#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs the harnesses for some seconds each, two at a time, and prints TAP.

set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$top/build
fuzz=$build/fuzz
seconds=60

usage()
{
	cat <<-END
	usage: run.sh [-s SECONDS] [-b BUILD] [HARNESS...]

	Builds the harnesses that it is told, or all, and runs each for SECONDS
	[60], as many at a time as there are processors, at most two. What they
	learnt is kept in BUILD/fuzz/corpus, inputs that broke a claim in
	BUILD/fuzz/crashes.

	Exits with 0 if nothing broke, 1 if something did, 4 without clang.
	END
}

skip()
{
	echo "TAP version 13"
	echo "1..0 # SKIP $*"
	exit 4
}

# has_fuzzer: the library is a package of its own.
has_fuzzer()
{
	echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long s)
		{ (void)d; (void)s; return 0; }' |
		clang -fsanitize=fuzzer -x c - -o /dev/null 2>/dev/null
}

# dict_of HARNESS: the words that its inputs have, if there are some
dict_of()
{
	local name=$1

	case $name in
	cel) name=ccel ;;
	crl | signer) name=x509 ;;
	esac
	ls "$top/selftests/fuzz/dict/$name.dict" 2>/dev/null
}

# one HARNESS: runs it; its log is $fuzz/log/HARNESS, its status ...status.
one()
{
	local name=$1 dict status=0
	local options=(-max_total_time="$seconds" -print_final_stats=1
		-timeout=20 -rss_limit_mb=1024 -malloc_limit_mb=256
		-max_len=32768 -artifact_prefix="$fuzz/crashes/$name-")

	! dict=$(dict_of "$name") || options+=(-dict="$dict")
	mkdir -p "$fuzz/corpus/$name"
	"$fuzz/fuzz_$name" "${options[@]}" "$fuzz/corpus/$name" \
		"$fuzz/seeds/$name" >"$fuzz/log/$name" 2>&1 || status=$?
	echo $status >"$fuzz/log/$name.status"
}

# stat NAME FILE: a number of libFuzzer's last words
stat()
{
	sed -n "s/^stat::$1: *//p" "$2" | tail -n 1
}

# report NUMBER HARNESS
report()
{
	local number=$1 name=$2 log=$fuzz/log/$2 status artifact edges

	status=$(cat "$log.status" 2>/dev/null)
	edges=$(sed -n 's/^#.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
	if [ "$status" = 0 ]; then
		echo "ok $number - $name: $(stat number_of_executed_units "$log")" \
			"executions, ${edges:-no} edges, $seconds seconds"
		sed -n 's/^told: /# /p' "$log"
		return 0
	fi
	echo "not ok $number - $name: status ${status:-unknown}"
	artifact=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
	grep -E -m 1 'does not hold|SUMMARY|ERROR:|runtime error' "$log" |
		sed 's/^/# /'
	echo "# log: ${log#"$top/"}"
	[ -z "$artifact" ] || echo "# reproduce: ${fuzz#"$top/"}/fuzz_$name" \
		"${artifact#"$top/"}"
	return 1
}

# Waits for any that runs, and reports it.
finish_one()
{
	local pid

	wait -n -p pid "${!running[@]}"
	number=$((number + 1))
	report $number "${running[$pid]}" || failed=1
	unset "running[$pid]"
}

while getopts s:b:h option; do
	case $option in
	s) seconds=$OPTARG ;;
	b) build=$OPTARG fuzz=$OPTARG/fuzz ;;
	h) usage; exit 0 ;;
	*) usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
at_once=$(nproc)
[ "$at_once" -le 2 ] || at_once=2
case $seconds in
'' | *[!0-9]* | 0) echo "-s takes seconds, not '$seconds'" >&2; exit 2 ;;
esac

if [ $# = 0 ]; then
	for file in "$top"/selftests/fuzz/fuzz_*.c; do
		name=${file##*/fuzz_}
		set -- "$@" "${name%.c}"
	done
fi
has_fuzzer || skip "no clang with libFuzzer: run make deps"

mkdir -p "$fuzz/log" "$fuzz/crashes"
{
	make -s -C "$top/selftests/fuzz" O="$build" &&
		make -s -C "$top/selftests/emu" O="$build" &&
		"$top/selftests/fuzz/seeds.sh" "$build"
} >"$fuzz/log/build" 2>&1 || {
	echo "Bail out! harnesses or seeds cannot be built"
	tail -n 20 "$fuzz/log/build" | sed 's/^/# /'
	exit 1
}

echo "TAP version 13"
echo "1..$#"
declare -A running=()
number=0 failed=0
trap 'kill "${!running[@]}" 2>/dev/null' EXIT
for name; do
	[ ${#running[@]} -lt "$at_once" ] || finish_one
	rm -f "$fuzz/log/$name" "$fuzz/log/$name.status"
	one "$name" &
	running[$!]=$name
done
while [ ${#running[@]} -gt 0 ]; do
	finish_one
done
exit $failed
