#!/bin/sh
# SPDX-License-Identifier: MIT
# Each header of uapi compiles alone, in C11 and in C++17, with all warnings.
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh

uapi=../../uapi

# compiles COMPILER LANGUAGE STANDARD HEADER
compiles() {
	printf '#include "%s"\n#include "%s"\n' "$4" "$4" |
		"$1" -x "$2" -std="$3" -I "$uapi" -Wall -Wextra -Wpedantic \
		-Werror -fsyntax-only - 2>&1 | sed 's/^/# /'
}

echo "TAP version 13"
for path in "$uapi"/*/*.h; do
	header=${path#"$uapi"/}
	for way in "${CC:-cc} c c11" "c++ c++ c++17" "clang c c11" \
		   "clang++ c++ c++17"; do
		# shellcheck disable=SC2086
		set -- $way
		sentence="$header compiles alone with $1 in $3"
		if ! command -v "$1" >/dev/null; then
			tap_skip "$sentence" "no $1"
			continue
		fi
		complaints=$(compiles "$1" "$2" "$3" "$header")
		[ -z "$complaints" ] || echo "$complaints"
		[ -z "$complaints" ]
		tap_result $? "$sentence"
	done

	# an ioctl's number needs <linux/ioctl.h>
	others=$(grep '^#include' "$path" | grep -v \
		'^#include <linux/\(types\|ioctl\)\.h>$')
	[ -z "$others" ]
	tap_result $? "$header includes <linux/types.h> or <linux/ioctl.h> only"
done
tap_done
