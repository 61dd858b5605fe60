#!/bin/bash
# SPDX-License-Identifier: MIT
# Builds a module from nothing, with sparse; any warning about it is a failure.
#
# usage: build-clean.sh SRCDIR K FLAVOUR OUTDIR   as build-module.sh
#        build-clean.sh --warnings <LOG           prints what would count
#
# Exit status: 0 built, and nothing said; 1 otherwise (grep's, for --warnings).

set -u
. "$(dirname "$0")/common.sh"

# Whoever gives it, compiler, sparse, objtool, linker or modpost: what is not
# about a place in the kernel's own headers is about us.
warnings()
{
	grep -iE '(^|[^[:alnum:]_-])(warning|error):' |
		grep -vE '^([^ ]*/linux-headers-|\./(arch/x86/)?include/)[^ :]*:[0-9]+:'
}

if [ "${1-}" = --warnings ]; then
	warnings
	exit
fi
[ $# = 4 ] || die 2 "usage: build-clean.sh SRCDIR K FLAVOUR OUTDIR"

# What was compiled before would not warn again.
out=$4
rm -rf "$out" || exit 1
mkdir -p "${out%/*}" || exit 1	# for the log, in a fresh clone
"$VM/build-module.sh" "$1" "$2" "$3" "$out" C=2 2>&1 | tee "$out.log"
ends=("${PIPESTATUS[@]}")
[ "${ends[1]}" = 0 ] || die 1 "cannot keep ${out#"$TOP/"}.log"
status=${ends[0]}
if warnings <"$out.log" >/dev/null; then
	echo "there are warnings"
	status=1
fi
rm -f "$out.log"
exit "$status"
