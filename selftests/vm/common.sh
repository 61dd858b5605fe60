# SPDX-License-Identifier: MIT
# What the scripts of selftests/vm share: paths and messages.
# shellcheck shell=bash disable=SC2016,SC2034

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=$TOP/build
VM=$TOP/selftests/vm
KERNELS=(6.1 6.12 7.3)
TEES=(tdx snp)

# Where depmod and modprobe are; a plain user's PATH may lack it.
PATH=$PATH:/usr/sbin:/sbin

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

# needs_chroot K: 7.3 asks for gcc 13; where the host lacks the gcc 12 of the
# others, the chroot's is near enough.
needs_chroot()
{
	[ "$1" = 7.3 ] || ! command -v gcc-12 >/dev/null
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
