#!/bin/bash
# SPDX-License-Identifier: MIT
# Tests, as TAP, that what tsmctl status finds wrong in a live guest is wrong, and
# that the commands it prints mend it as they stand.
#
# usage: [TEE=tdx|snp] status.sh KERNEL
#
# A VM boots with the kernel's own driver, or none on Linux 6.1, which has none,
# and status-guest.sh does the rest in it. It gets kmod's depmod, for busybox's
# makes no index for libkmod.

set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$here")
cd "$top" || exit 1

[ $# = 1 ] || { echo "usage: [TEE=tdx|snp] status.sh KERNEL" >&2; exit 2; }
kernel=$1 tee=${TEE:-tdx}
module=build/mod/$kernel-cloud/tsm_guest.ko

skip_all()
{
	echo "TAP version 13"
	echo "1..0 # SKIP $1"
	exit 4
}

[ -e "$module" ] || skip_all "no $module: run make vm KERNEL=$kernel"
depmod=$(PATH=$PATH:/usr/sbin:/sbin command -v depmod) ||
	skip_all "no depmod: run make deps"
driver=intree
[ "$kernel" != 6.1 ] || driver=none

status=0
tap=$(selftests/vm/run.sh -k "$kernel" -t "$tee" -d $driver -T 300 \
	-p selftests/status-guest.sh -p "$depmod" -- ./status-guest.sh) ||
	status=$?
echo "$tap"
# 0 and 1 are the tests' own
[ $status -le 1 ] || echo "not ok - status: run.sh ended with status $status"
exit $status
