#!/bin/bash
# SPDX-License-Identifier: MIT
# Counts which lines of the parsers and verifiers of tools/lib are run by the
# tests of selftests/host and by the harnesses.

set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$top/build
cov=$build/coverage
seconds=5
least=95
# as selftests/host/Makefile has it; without it those tests skip that need it
shared=$(cd "$top/../shared/data" 2>/dev/null && pwd)
export TSM_DATA=${TSM_DATA-$shared}
[ -n "$TSM_DATA" ] || unset TSM_DATA
counted="clang -fprofile-instr-generate -fcoverage-mapping"

# What talks to the kernel or writes files is not fed with anybody's bytes.
NOT_PARSERS="configfs device error extend file rtmr rtmr_extend snp_key system"
NOT_PARSERS+=" module module_state module_users system_blacklist system_file"
NOT_PARSERS+=" system_install system_log system_signing tee"

usage()
{
	cat <<-END
	usage: coverage.sh [-s SECONDS] [-o FILE]

	Builds tools/lib, the tests of selftests/host and the harnesses with
	clang's counters under build/coverage, runs the tests, and each harness
	for SECONDS [5] on top of its seeds. Prints lines by file, and those that
	nothing ran; with -o a summary of it goes to FILE, too.

	Exits with 0 if at least $least % of lines were run, 1 if not, 4 without
	clang.
	END
}

# Sources whose lines count.
sources()
{
	local file name

	for file in "$top"/tools/lib/*.c; do
		name=${file##*/}
		case " $NOT_PARSERS " in
		*" ${name%.c} "*) ;;
		*) echo "$file" ;;
		esac
	done
}

quietly()
{
	"$@" >"$cov/log" 2>&1 || {
		tail -n 20 "$cov/log" >&2
		echo "coverage.sh: $* failed" >&2
		exit 1
	}
}

build()
{
	quietly make -s -C "$top/selftests/host" O="$cov" CC="$counted" all
	quietly make -s -C "$top/selftests/fuzz" O="$cov" COVERAGE=1
	# seeds are those of every other run, made by what counts nothing
	quietly make -s -C "$top/selftests/fuzz" O="$build"
	quietly make -s -C "$top/selftests/emu" O="$build"
	quietly "$top/selftests/fuzz/seeds.sh" "$build"
	rm -rf "$cov/fuzz/good"
	cp -r "$build/fuzz/good" "$cov/fuzz"
}

# Those that flip each bit of evidence run for minutes, and where others do.
tests()
{
	local test

	for test in "$cov"/host/test_* "$top"/selftests/host/test_*.sh; do
		case ${test##*/} in
		*_bits | *_bits.sh | *valgrind*) ;;
		*) [ ! -x "$test" ] || echo "$test" ;;
		esac
	done
}

run_tests()
{
	cd "$top/selftests/host" || exit 1
	tests | BUILD="$cov/host" CC="$counted" xargs -n 1 -P 2 \
		./run-tap.sh "$cov/check" >"$cov/tests" 2>&1 ||
		echo "coverage.sh: some tests failed: ${cov#"$top/"}/tests" >&2
}

run_harnesses()
{
	local program name

	for program in "$cov"/fuzz/fuzz_*; do
		name=${program##*/fuzz_}
		rm -rf "$cov/corpus"
		mkdir -p "$cov/corpus"
		"$program" -max_total_time="$seconds" -max_len=32768 \
			-artifact_prefix="$cov/" "$cov/corpus" \
			"$build/fuzz/seeds/$name" >"$cov/log" 2>&1 ||
			echo "coverage.sh: $name broke, see make fuzz" >&2
	done
}

# export OPTION...: of all that ran, as llvm-cov has it
export_counts()
{
	local object objects=()

	for object in "$cov"/host/test_* "$cov/host/bin/tsmctl" \
		"$cov"/fuzz/fuzz_*; do
		[ ! -x "$object" ] || [ -d "$object" ] || objects+=(-object "$object")
	done
	mapfile -t files < <(sources)
	llvm-cov export "${objects[@]:1}" -instr-profile="$cov/profile" "$@" \
		"${files[@]}"
}

# lcov's records as "file covered lines" and, with -v all=1, uncovered ones
table()
{
	awk -F '[:,]' '
		/^SF:/ { file = $0; sub(".*/", "", file) }
		/^DA:/ { n[file]++; hit[file] += $3 > 0 }
		END {
			for (file in n) {
				printf "%-24s %5d of %5d  %5.1f %%\n", file,
					hit[file], n[file], 100 * hit[file] / n[file]
				all += n[file]
				run += hit[file]
			}
			printf "%-24s %5d of %5d  %5.1f %%\n", "zz", run, all,
				100 * run / all
		}' "$cov/lcov" | sort | sed 's/^zz   /total/'
}

# The lines that nothing ran, each once, without numbers, which move.
missed()
{
	awk -F '[:,]' '
		/^SF:/ { file = $0; sub("^SF:", "", file); short = file
			sub(".*/", "", short); n = 0
			while ((getline line < file) > 0)
				text[++n] = line
			close(file) }
		/^DA:/ && $3 == 0 {
			line = text[$2]
			gsub("^[ \t]+|[ \t]+$", "", line)
			if (line ~ "[A-Za-z]")
				print short ": " line
		}' "$cov/lcov"
}

# reasons: of what missed prints, by what stands there
reasons()
{
	awk '
		{ why = "a case that no test and no seed has" }
		/ENOMEM|no_memory|no memory|out of memory/ {
			why = "memory runs out; tried by injection, not at this very place" }
		/: return ret;$|: (goto|free|memset)/ {
			why = "passes on a failure, most often of memory" }
		/: return ("[a-z ]*"|NULL|false|0);$|: (default:|break;|continue;|return;)$/ {
			why = "no value of its callers leads there" }
		/too many|more than|MAX|at most|EFBIG/ {
			why = "a limit that takes megabytes to reach" }
		{ list[why] = list[why] "\n  " $0 }
		END {
			for (why in list)
				print "\n" why ":" list[why]
		}'
}

summary()
{
	cat <<-END
	Lines of tools/lib that the tests of selftests/host and the harnesses of
	selftests/fuzz run, $1:

	    selftests/fuzz/coverage.sh -s $seconds -o selftests/fuzz/COVERAGE

	What talks to the kernel or to files is not counted: $NOT_PARSERS.

	END
	table
	printf '\nNot run:\n'
	missed | reasons
}

out=
while getopts s:o:h option; do
	case $option in
	s) seconds=$OPTARG ;;
	o) out=$OPTARG ;;
	h) usage; exit 0 ;;
	*) usage >&2; exit 2 ;;
	esac
done
command -v clang llvm-cov llvm-profdata >/dev/null || {
	echo "coverage.sh: clang, llvm-cov or llvm-profdata is missing: make deps" >&2
	exit 4
}

mkdir -p "$cov"
build
rm -rf "$cov/raw"
export LLVM_PROFILE_FILE=$cov/raw/%m.profraw
run_tests
run_harnesses
unset LLVM_PROFILE_FILE
quietly llvm-profdata merge -sparse -o "$cov/profile" "$cov"/raw/*.profraw
export_counts -format=lcov >"$cov/lcov" || exit 1
data=${TSM_DATA+with}
data=${data:-without}
data+=" real evidence at hand"
summary "$data" | tee ${out:+"$out"}
share=$(table | sed -n 's/^total.* \([0-9]*\)\..*/\1/p')
[ "${share:-0}" -ge $least ]
