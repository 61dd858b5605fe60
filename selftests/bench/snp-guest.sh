#!/bin/sh
# SPDX-License-Identifier: MIT
# The part of the bench that runs in an emulated SNP guest without a driver.
#
# usage: snp-guest.sh PASSES REPORTS
#
# Both drivers take turns in the same VM, so that whatever else the host does
# slows down both of them.

set -eu

bench()
{
	case $1 in
	ours)	insmod "$TSM_MODULE" ;;
	theirs)	modprobe sev-guest ;;
	esac
	./snp_bench "$1" "$2"
	case $1 in
	ours)	rmmod tsm_guest ;;
	theirs)	rmmod sev-guest
		rmmod tsm_report 2>/dev/null || rmmod tsm ;;
	esac
}

for pass in $(seq "$1"); do
	if [ $((pass % 2)) = 1 ]; then
		bench ours "$2"
		bench theirs "$2"
	else
		bench theirs "$2"
		bench ours "$2"
	fi
done
