#!/bin/sh
# SPDX-License-Identifier: MIT
# Loads tsm_emu_probe.ko, which lies beside it, and prints the TAP it leaves.
#
# usage: emu_probe.sh
#
# Needs root, a machine with tsm_emu.ko and a serving tsm-emud, and no driver.

cd "$(dirname "$0")" || exit 1
log=$(insmod ./tsm_emu_probe.ko && cat /sys/kernel/debug/tsm_emu_probe/tap &&
	rmmod tsm_emu_probe) || {
	printf 'TAP version 13\n1..1\nnot ok 1 - %s\n' "the probe comes and goes"
	exit 1
}
echo "$log"
case $log in
*"
not ok "*)	exit 1 ;;
esac
