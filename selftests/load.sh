#!/bin/bash
# SPDX-License-Identifier: MIT
# Tests, as TAP, that tsmctl load and unload swap drivers in a live guest.
#
# usage: [TEE=tdx|snp] load.sh KERNEL
#
# A VM boots with the kernel's own driver, or none on Linux 6.1, which has none,
# and load-guest.sh does the rest in it. It gets our module, broken and forged
# ones made of it, and kmod's depmod, for busybox's makes no index for libkmod.

set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$here")
cd "$top" || exit 1

[ $# = 1 ] || { echo "usage: [TEE=tdx|snp] load.sh KERNEL" >&2; exit 2; }
kernel=$1 tee=${TEE:-tdx}
module=build/mod/$kernel-cloud/tsm_guest.ko
sign=build/kdir/6.12-cloud/scripts/sign-file	# of any kernel
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Same kernel, other options: only the kernel itself can tell.
make_broken()
{
	mkdir -p "$work/broken"
	LC_ALL=C sed 's/SMP preempt/SMP xreempt/' "$module" \
		>"$work/broken/magic.ko"
	head -c 20000 "$module" >"$work/broken/cut.ko"
	cp "$module" "$work/broken/tsm_guest-renamed.ko"
}

# The kernel's driver, which the kernel refuses.
make_own()
{
	local name=tdx-guest

	[ "$tee" = tdx ] || name=sev-guest
	find build/kernels/"$kernel"/modules/ -name "$name.ko*" -exec \
		xz -dcf {} \; | LC_ALL=C sed 's/SMP preempt/SMP xreempt/' \
		>"$work/broken/own.ko"
	[ -s "$work/broken/own.ko" ]
}

# By a key that no machine trusts.
make_forged()
{
	openssl req -new -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=nobody \
		-keyout "$work/key" -out "$work/cert" 2>/dev/null &&
		"$sign" sha256 "$work/key" "$work/cert" "$module" \
			"$work/broken/forged.ko"
}

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
make_broken
[ $driver = none ] || make_own ||
	skip_all "no driver of the kernel's own in build/kernels/$kernel: run make deps"
make_forged || skip_all "no $sign, or it does not work: run make deps"

status=0
selftests/vm/run.sh -k "$kernel" -t "$tee" -d $driver -T 300 \
	-p selftests/load-guest.sh -p selftests/load-guest-tap.sh \
	-p "$work/broken" -p "$depmod" \
	-p packaging/modprobe.d/tsm-guest.conf -- \
	./load-guest.sh >"$work/tap" || status=$?
cat "$work/tap"
# 0 and 1 are the tests' own
[ $status -le 1 ] || echo "not ok - load: run.sh ended with status $status"
exit $status
