#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: served.sh tdx|snp: our driver has come by itself and serves this system.

. ./lib.sh

TEE=$1

# Of all that configures a system, only modprobe's own settings name it.
nobody_asks()
{
	! grep -rls tsm_guest /etc/modules /etc/modules-load.d /usr/lib/modules-load.d \
		/etc/initramfs-tools/modules /etc/systemd /usr/lib/systemd \
		/proc/cmdline
}

all_units_run()
{
	[ "$TSM_STATE" = running ] || {
		systemctl --failed
		journalctl -b -p err --no-pager
		return 1
	}
}

# The kernel's word for it, as udev hands it to libkmod.
alias_is_ours()
{
	case $TEE in
	tdx) modalias=$(cat /sys/devices/system/cpu/modalias) ;;
	snp) modalias=$(cat /sys/devices/platform/sev-guest/modalias) ;;
	esac
	modprobe -R "$modalias" | grep -x tsm_guest
}

is_roots()
{
	[ "$(stat -c '%U:%G %a' "$1")" = 'root:root 600' ] || {
		stat "$1"
		return 1
	}
}

check "no unit has failed" all_units_run
check "tsm_guest is loaded" loaded tsm_guest
check "nobody asked for it by name" nobody_asks
check "its alias is that of this TEE" alias_is_ours
# shellcheck disable=SC2086 # a list of words
check "the kernel's own drivers are not loaded" none_loaded $INTREE
check "tsmctl status finds the TEE and our driver" status_says \
	'.ready == true and .driver.served_by == "tsm_guest"'
check "tsmctl status has no problem to tell of, and no note" status_says \
	'(.problems // []) + (.notes // []) | length == 0'
check "the device is there, and root's alone" is_roots "$(device_of "$TEE")"
