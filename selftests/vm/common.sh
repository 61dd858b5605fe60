# SPDX-License-Identifier: MIT
# What the scripts of selftests/vm share: paths and messages.
# shellcheck shell=bash disable=SC2016,SC2034

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=$TOP/build
VM=$TOP/selftests/vm
KERNELS=(6.1 6.12 7.3)

say()
{
	echo "${0##*/}: $*" >&2
}

# die STATUS MESSAGE...
die()
{
	local status=$1

	shift
	say "$@"
	exit "$status"
}

# with_lock NAME COMMAND...: two makes at once must not write the same tree.
with_lock()
{
	local name=$1

	shift
	mkdir -p "$BUILD/.lock"
	exec {lock}>"$BUILD/.lock/$name"
	flock -n "$lock" || {
		say "waiting for another run that prepares $name"
		flock "$lock"
	}
	"$@"
	exec {lock}>&-
}
