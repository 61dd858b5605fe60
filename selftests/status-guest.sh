#!/bin/sh
# SPDX-License-Identifier: MIT
# In a VM: spoils something, has tsmctl status find it, does what that says, and
# looks whether it is found no more; see status.sh.

put=$PWD
number=0
failed=0
release=$(uname -r)
updates=/lib/modules/$release/updates/dkms
configfs=/sys/kernel/config
report_module=$(cd /sys/module && ls -d tsm tsm_report 2>/dev/null)
case $TSM_TEE in
tdx) own=tdx_guest device=tdx_guest ;;
snp) own=sev_guest device=sev-guest ;;
esac

# busybox's own, which its shell takes first, makes no index for libkmod
depmod()
{
	"$put/depmod" "$@"
}

# result SENTENCE STATUS
result()
{
	number=$((number + 1))
	if [ "$2" = 0 ]; then
		echo "ok $number $1"
		return
	fi
	failed=1
	echo "not ok $number $1"
	sed 's/^/# /' json
}

status()
{
	tsmctl status --json >json 2>err
}

# found KEY: prints the command, or that there is none
found()
{
	awk -v key="\"$1\"," '
		$1 == "\"key\":" { this = $2 == key; if (this) seen = 1 }
		this && $1 == "\"command\":" {
			sub(/^ *"command": "/, ""); sub(/"$/, "")
			gsub(/\\\\/, "\\"); command = $0
		}
		END { if (seen) print command ? command : "no command"
		      exit !seen }' json
}

# finds STATUS KEY SENTENCE
finds()
{
	: >todo
	status
	ret=$?
	[ $ret = "$1" ] && found "$2" >todo
	result "$3 is found: $2" $?
}

# mends KEY: by doing what is printed
mends()
{
	# shellcheck disable=SC1091
	[ -s todo ] && (. ./todo) >log 2>&1
	ret=$?
	sed 's/^/# /' log
	echo "# $(cat todo)"
	status
	[ $ret = 0 ] && ! found "$1" >/dev/null
	result "and mended by its command: $1" $?
}

# clean SENTENCE
clean()
{
	status && ! grep -q '"key":' json && grep -q '"notes": \[\]' json
	result "$1: nothing is found" $?
}

echo "TAP version 13"

# --- from the kernel's driver, or none, to ours
if [ "$TSM_DRIVER" = intree ]; then
	finds 0 intree_driver "a driver that could do more"
else
	finds 1 no_driver "no driver"
fi
grep -q 'install the package tsm-guest-dkms' json
result "with the package as the way out" $?
mkdir -p "$updates"
cp "$TSM_MODULE" "$updates/tsm_guest.ko"
depmod "$release"
mv "/lib/modules/$release/modules.dep" full
grep -v tsm_guest full >"/lib/modules/$release/modules.dep"
status
found not_indexed >todo
result "a module that modprobe does not find is found: not_indexed" $?
mends not_indexed
if [ "$TSM_DRIVER" = intree ]; then
	finds 0 intree_driver "then only that it is not loaded"
	mends intree_driver
else
	finds 1 no_driver "then only that it is not loaded"
	mends no_driver
fi
clean "with our driver"

# --- what is mounted
umount "$configfs"
finds 1 no_configfs "configfs that is not mounted"
mends no_configfs
mount -o remount,ro "$configfs"
finds 1 configfs_read_only "configfs that cannot be changed"
mends configfs_read_only
if [ "$TSM_TEE" = tdx ]; then
	umount /sys/kernel/security
	finds 0 no_securityfs "securityfs that is not mounted"
	mends no_securityfs
fi
clean "with all mounted"

# --- devices and drivers
rm "/dev/$device"
finds 1 no_device "a device that is gone"
mends no_device
tsmctl unload >log 2>&1
rmmod "$own" 2>/dev/null
if [ -n "$report_module" ]; then
	status
	found no_driver >todo && grep -q "$report_module, which is loaded" json
	result "a tsm/report without a driver is found: no_driver" $?
	mends no_driver
	tsmctl unload >log 2>&1
	rmmod "$own" "$report_module"
fi
finds 1 no_driver "no driver at all"
mends no_driver
clean "with our driver again"

# --- parameters, and lists of what is not wanted
if [ "$TSM_TEE" = tdx ]; then
	tsmctl unload >log 2>&1 && tsmctl load rtmr_mask=3 >log 2>&1
	finds 0 rtmr_mask "a mask for registers"
	mends rtmr_mask
	echo 0 >/sys/module/tsm_guest/parameters/log_max_kb
	finds 1 log_full "a log without room"
	mends log_full
fi
mkdir -p /etc/modprobe.d
printf 'blacklist tsm-guest\noptions tsm_guest log_max_kb=64\n' \
	>/etc/modprobe.d/mine.conf
finds 0 blacklisted "a line in modprobe.d"
mends blacklisted
grep -q '^options' /etc/modprobe.d/mine.conf
result "which leaves other lines" $?
rm /etc/modprobe.d/mine.conf
clean "in the end"

# --- a kernel that takes signed modules only, from now on; ours is not signed
refused=1
[ "$TSM_DRIVER" != intree ] || refused=0
tsmctl unload >log 2>&1
if echo Y >/sys/module/module/parameters/sig_enforce 2>/dev/null; then
	finds $refused unsigned "a module that nobody signed"
	[ "$TSM_DRIVER" != intree ] || rmmod "$own"
	! insmod "$TSM_MODULE" 2>/dev/null
	result "which the kernel refuses indeed" $?
	[ "$TSM_DRIVER" != intree ] || modprobe "$own"
	finds $refused load_refused "what it says then"
	grep -q 'Loading of unsigned module is rejected' json
	result "with its words" $?
else
	for point in "a module that nobody signed is found: unsigned" \
		     "which the kernel refuses indeed" \
		     "what it says then is found: load_refused" "with its words"
	do
		number=$((number + 1))
		echo "ok $number $point # SKIP sig_enforce cannot be set here"
	done
fi
echo "1..$number"
exit $failed
