#!/bin/sh
# SPDX-License-Identifier: MIT
# In a VM: tests, as TAP, of tsmctl load and unload; see load.sh.

put=$PWD
release=$(uname -r)
known=$(uname -r | sed 's/[.+]/\\&/g')	# for a regular expression
configfs=/sys/kernel/config
report=$configfs/tsm/report
knobs=/sys/module/tsm_emu/parameters
case $TSM_TEE in
tdx) own=tdx_guest device=/dev/tdx_guest ;;
snp) own=sev_guest device=/dev/sev-guest ;;
esac
own_file=/lib/modules/$release/${own%_*}-guest.ko

# shellcheck source=load-guest-tap.sh
. ./load-guest-tap.sh

loaded()
{
	[ "$(cat /sys/module/"$1"/initstate 2>/dev/null)" = live ]
}

# answers NAME: asks it as clients do
answers()
{
	mkdir "$report"/test && [ "$(cat "$report"/test/provider)" = "$own" ] &&
		rmdir "$report"/test && [ -c "$device" ]
}

# serves ours|own|none
serves()
{
	case $1 in
	ours) loaded tsm_guest && ! loaded "$own" && ! loaded tsm &&
		! loaded tsm_report && answers ;;
	own) loaded "$own" && ! loaded tsm_guest && answers ;;
	none) ! loaded tsm_guest && ! loaded "$own" ;;
	esac
}

served()
{
	serves "$1"
	result "$2" $?
}

# What of the system must be the same again: but for sizes and addresses
snapshot()
{
	lsmod | awk '{ print $1, $3 }' | sort
	sort /proc/misc
	cut -d ' ' -f 1-3 /proc/mounts
	ls "$configfs"/tsm/*
	# but for the lock, which is made when it is wanted first
	for entry in /run/*; do
		[ "$entry" = /run/tsmctl.state ] || echo "$entry"
	done
	cat "$knobs"/stat_shared_pages "$knobs"/stat_violations
	cat /proc/[0-9]*/comm 2>/dev/null | grep -c tsmctl
}

# same SENTENCE: since 'snapshot >before'
same()
{
	snapshot >after 2>&1
	diff before after >changes
	result "$1" $?
	sed 's/^/# /' changes
}

# configure LINE: of modprobe.d
configure()
{
	echo "$*" >>/etc/modprobe.d/test.conf
}

install_ours()
{
	cp "$TSM_MODULE" /lib/modules/"$release"/tsm_guest.ko
	"$put"/depmod
}

# --- the ways there and back

take_over()
{
	snapshot >before
	run load --dry-run -f "$TSM_MODULE"
	expect 0 "load --dry-run says that it could be done"
	prints "it names the driver that would go" "^unload $own +would"
	same "and changes nothing"

	run load
	expect 1 "load: ours is not installed"
	says "it says for which kernel" "tsm_guest: no such module for Linux $known"
	says "and by what it would be" 'install it: the package is tsm-guest-dkms'
	same "and changes nothing"

	run load -v -f "$TSM_MODULE"
	expect 0 "load: ours takes the place of the kernel's driver"
	served ours "ours serves, and what the other one needed is gone"
	prints "the steps are told" "^unload $own +done"
	prints "and the checks" "^check tsm/report +done +$own"
	snapshot >before
	run load
	expect 0 "load: once more there is nothing to do"
	prints "which is said" '^tsm_guest serves already: nothing to do'
	same "and nothing is done"
	run load log_max_kb=1024
	expect 0 "load: nor with a parameter that it has"
	run load log_max_kb=7
	expect 1 "load: another value is not had by loading it again"
	same "which changes nothing, either"

	run unload -v
	expect 0 "unload: the kernel's driver takes the place of ours"
	served own "it serves"
	prints "the steps are told" "^load $own +done"
	run unload
	expect 0 "unload: once more there is nothing to do"
	run unload --no-intree
	expect 0 "unload --no-intree: nor if the kernel's is not wanted"
	served own "which is not unloaded for that"
	run load -f "$put/broken/tsm_guest-renamed.ko"
	expect 0 "load: what the file is called does not matter"
	run unload
	expect 0 "unload: nor for unloading it"
}

installed()
{
	install_ours
	mkdir -p /etc/modprobe.d
	# what the package has there turns each wish for them into one for ours
	cp "$put"/tsm-guest.conf /etc/modprobe.d
	run load
	expect 0 "load: with what the package has in modprobe.d"
	run unload
	expect 0 "unload: the kernel's driver is not mistaken for ours then"
	served own "it serves"
	rm /etc/modprobe.d/tsm-guest.conf

	configure options tsm_guest log_max_kb=77
	configure blacklist tsm_guest
	configure "install $own /bin/false"
	configure "alias $own tsm_guest"
	run load rtmr_mask=0x7
	expect 0 "load: installed, it is found, whatever modprobe.d has against it"
	[ "$(cat /sys/module/tsm_guest/parameters/log_max_kb)" = 77 ]
	result "it has the parameters of modprobe.d" $?
	[ "$(cat /sys/module/tsm_guest/parameters/rtmr_mask)" = 7 ]
	result "and those of the command line" $?
	run unload
	expect 0 "unload: the kernel's driver is found, whatever modprobe.d has against it"
	served own "it serves"
	rm /etc/modprobe.d/test.conf
}

no_configfs()
{
	run load
	run unload --no-intree
	expect 0 "unload --no-intree leaves no driver"
	served none "none"
	umount "$configfs"
	rmmod configfs
	run load -v
	expect 0 "load: where configfs is neither loaded nor mounted"
	prints "it is mounted, which is told" '^mount configfs +done'
	grep -q "^configfs $configfs configfs .*nosuid" /proc/mounts
	result "and true" $?
	served ours "ours serves"
	run unload --no-intree
	run unload
	expect 0 "unload: where nothing serves the kernel's driver is loaded"
	served own "it serves"
}

# --- who is in the way

# hold FILE: a process that has it open, until release
hold()
{
	sleep 1000 3<"$1" &
	holder=$!
	until [ "$(readlink "/proc/$holder/fd/3")" = "$1" ] &&
	      [ "$(cat "/proc/$holder/comm")" = sleep ]; do
		usleep 10000
	done
}

release()
{
	kill "$holder"
	wait "$holder" 2>/dev/null
}

in_use()
{
	snapshot >before
	numbers=$(cat /sys/class/misc/"${device##*/}"/dev)
	mknod /tmp/other c "${numbers%:*}" "${numbers#*:}"
	hold /tmp/other
	run load
	expect 1 "load: a descriptor is in the way"
	says "its process is named, whatever the node is called" \
		"^tsmctl: $own is in use: process $holder \\(sleep\\) has /tmp/other open"
	last "and that nothing was changed" 'nothing was changed'
	release
	same "which is so"
	rm /tmp/other

	mkdir "$report"/mine
	run load
	expect 1 "load: a report item is in the way"
	says "it is named" "is in use: report item $report/mine exists"
	rmdir "$report"/mine
	same "and nothing was changed"

	run load
	snapshot >before
	hold "$device"
	mkdir "$report"/mine
	run unload
	expect 1 "unload: descriptor and report item are in the way"
	says "the process is named" \
		"tsm_guest is in use: process $holder \\(sleep\\) has $device open"
	says "and the item" "tsm_guest is in use: report item $report/mine exists"
	release
	rmdir "$report"/mine
	if [ "$TSM_TEE" = tdx ]; then
		mkdir "$configfs"/tsm/rtmrs/mine
		hold /sys/kernel/security/tsm_guest/binary_runtime_measurements
		run unload
		expect 1 "unload: entries and readers of the log are in the way"
		says "the entry is named" \
			"entry for a register $configfs/tsm/rtmrs/mine exists"
		says "and the process" "process $holder \\(sleep\\) has /sys/kernel/security"
		release
		rmdir "$configfs"/tsm/rtmrs/mine
	fi
	same "nothing was changed"
	run unload
	expect 0 "unload: when they are gone it can be done"
}

# unseen MODULE COMMAND...: with a module that says it is not in use
unseen()
{
	find /sys/module/"$1"/holders -type l | wc -l >/tmp/count
	count=/sys/module/$1/refcnt
	mount --bind /tmp/count "$count"
	shift
	"$@"
	umount "$count"
}

# Ours was loaded by somebody else after we looked
overtaken()
{
	umount "$configfs"
	mount -t tmpfs none /sys/module/tsm_guest
	mkdir /sys/module/tsm_guest/parameters
	echo 1024 >/sys/module/tsm_guest/parameters/log_max_kb
	run load log_max_kb=7
	expect 1 "load: others load it just now, with other parameters"
	says "it says so" 'is loaded, but not with log_max_kb=7: tsmctl unload first'
	umount "$configfs"
	run load -v log_max_kb=1024
	expect 0 "load: or with the same"
	prints "of which it takes note" '^load tsm_guest +done +was loaded already'
	umount /sys/module/tsm_guest
	served ours "ours serves"
}

# What comes into use after we looked
races()
{
	snapshot >before
	hold "$device"
	unseen "$own" run load
	expect 1 "load: a descriptor was opened just now"
	says "it says so" "$own came into use just now: try again"
	last "and that nothing was changed" "nothing was changed: $own serves as before"
	[ ! -s /run/tsmctl.state ]
	result "of which nothing is kept for later runs" $?
	release
	same "which is so"

	# an item that is gone while its file is open holds tsm, and does not show
	core=tsm
	loaded tsm || core=tsm_report
	mkdir "$report/gone"
	hold "$report/gone/provider"
	rmdir "$report/gone"
	unseen "$core" run load
	expect 1 "load: an item was used just now"
	says "it says so" "$core came into use just now: try again"
	last "the driver, which was gone, was put back" "$own was put back, and answers"
	release
	same "all is as it was"

	run load
	overtaken
	snapshot >before
	hold "$device"
	unseen tsm_guest run unload
	expect 1 "unload: a descriptor was opened just now"
	last "nothing was changed" 'nothing was changed'
	release
	same "which is so"
	run unload
}

# --- ours fails

# fails SENTENCE REGEX ARGUMENT...: load does, and the other driver is put back
fails()
{
	sentence=$1 regex=$2
	shift 2
	run load "$@"
	[ "$status" = 1 ] && serves own
	result "load: $sentence, and the kernel's driver serves again" $?
	says "it says why: $regex" "$regex"
}

broken()
{
	# with a parameter that is not the usual one
	if [ "$TSM_TEE" = snp ]; then
		rmmod "$own"
		modprobe "$own" vmpck_id=1
	fi
	snapshot >before
	fails "a file that is cut short" 'cut\.ko: ' -f "$put/broken/cut.ko"
	fails "another configuration of the kernel" 'version magic' \
		-f "$put/broken/magic.ko"
	last "which is said in the end" "^tsmctl: $own was put back, and answers"
	fails "a parameter that it has not" 'has no parameter nothing' nothing=1
	fails "a value that is no number" \
		"the kernel says: tsm_guest: .x' invalid for parameter" \
		log_max_kb=x
	case $TSM_TEE in
	tdx)	fails "a value that it refuses" \
			'quote_slots=0: must be 1 to 256' quote_slots=0 ;;
	snp)	fails "a value that it refuses" \
			"9' invalid for parameter .vmpck_id" vmpck_id=9
		[ "$(cat /sys/module/"$own"/parameters/vmpck_id)" = 1 ]
		result "the kernel's driver has its parameters again" $? ;;
	esac
	mount -t tmpfs none /sys/class/misc
	run load
	umount /sys/class/misc
	expect 1 "load: without measurements ours does not answer"
	says "it says so" 'tsm_guest is loaded, but does not answer: no measurements'
	served own "and the kernel's driver serves again"
	same "all is as it was"
	[ "$TSM_TEE" = snp ] || return
	run load
	[ "$(cat /sys/module/tsm_guest/parameters/vmpck_id)" = 1 ]
	result "load: ours takes the VMPCK that the kernel's driver had" $?
	run unload
	[ "$(cat /sys/module/"$own"/parameters/vmpck_id)" = 1 ]
	result "unload: the kernel's driver has the parameters that it had before" $?
	rmmod "$own"
	configure options sev_guest vmpck_id=2
	run load
	[ "$(cat /sys/module/tsm_guest/parameters/vmpck_id)" = 2 ]
	result "load: or that modprobe.d has for it" $?
	run unload --no-intree
	configure options tsm_guest vmpck_id=0
	run load
	[ "$(cat /sys/module/tsm_guest/parameters/vmpck_id)" = 0 ]
	result "load: but what modprobe.d has for ours comes first" $?
	run unload --no-intree
	rm /etc/modprobe.d/test.conf
	modprobe "$own"
}

both_broken()
{
	mount -t tmpfs none /dev
	run load
	umount /dev
	expect 1 "load: neither driver answers"
	last "the last line says so" "^tsmctl: $own was put back, but does not answer"
	served own "it was put back, though"
	mv "$own_file" /tmp
	run load log_max_kb=x
	mv /tmp/"${own_file##*/}" "$own_file"
	expect 1 "load: ours fails and the kernel's driver is gone"
	last "the last line says so" 'could not be put back: NO driver serves'
	run unload
	expect 0 "unload: brings it when it is there again"
	served own "it serves"

	run load
	mv "$own_file" /tmp
	head -c 9999 /tmp/"${own_file##*/}" >"$own_file"
	run unload
	expect 1 "unload: the file of the kernel's driver is broken"
	last "nothing was changed" 'nothing was changed'
	served ours "ours serves"
	cp "$put/broken/own.ko" "$own_file"
	run unload
	expect 1 "unload: the kernel's driver cannot be loaded"
	last "ours was put back, which is said in the end" 'tsm_guest was put back, and answers'
	served ours "and serves"
	rm "$own_file"
	run unload
	expect 0 "unload: where the kernel has no driver, ours goes all the same"
	prints "it says that none serves" "this kernel has no $own: no driver serves now"
	mv /tmp/"${own_file##*/}" "$own_file"
	run unload
}

# --- again and again

# repeated TIMES
repeated()
{
	run load
	run unload
	snapshot >before
	i=0
	while [ "$i" -lt "$1" ]; do
		run load
		[ "$status" = 0 ] || break
		run unload
		[ "$status" = 0 ] || break
		i=$((i + 1))
	done
	[ "$i" = "$1" ]
	result "$1 times there and back" $?
	same "leak nothing"
}

# Hundredths of a second since the VM booted
now()
{
	cut -d ' ' -f 1 /proc/uptime | tr -d .
}

# How long a load takes, in microseconds
duration()
{
	begin=$(now)
	tsmctl load >out 2>err
	echo $((($(now) - begin) * 10000))
}

# killed SIGNAL TIMES: in the middle of load, later each time
killed()
{
	i=0 without=0 ours=0
	while [ "$i" -lt "$2" ]; do
		tsmctl load >out 2>err &
		usleep $((takes * i / $2))
		kill -"$1" $!
		wait $!
		if serves ours; then
			ours=$((ours + 1))
		elif ! serves own; then
			without=$((without + 1))
			[ "$1" = KILL ] || return
		fi
		run load
		[ "$status" = 0 ] || return
		run unload
		[ "$status" = 0 ] || return
		i=$((i + 1))
	done 2>/dev/null
	echo "# $1: ours served after $ours of $i, nothing after $without"
}

interrupted()
{
	snapshot >before
	takes=$(duration)
	run unload
	# sh has what it runs in the background ignore SIGINT
	killed TERM 5
	[ "$i" = 5 ]
	result "SIGTERM never leaves the guest without a driver" $?
	killed KILL 8
	[ "$i" = 8 ]
	result "what SIGKILL leaves, load and unload mend" $?
	same "nothing is left behind"

	# two at a time: the second one waits, and then has nothing to do
	tsmctl load >out1 2>err1 &
	first=$!
	run load
	wait "$first" && [ "$status" = 0 ]
	result "two at the same time both come to a good end" $?
	served ours "ours serves"
	run unload
}

# For good: a kernel that wants signatures goes on wanting them.
secure_boot()
{
	snapshot >before
	echo 1 >/sys/module/module/parameters/sig_enforce
	run load
	expect 1 "load: where signatures are enforced ours, without one, is refused"
	says "it says so" 'not signed, and this kernel loads nothing that is not'
	fails "a signature by a key that is not trusted" \
		'signature is of a key that this machine does not trust' \
		-f "$put/broken/forged.ko"
	same "all is as it was"
}

# --- a kernel without a driver of its own

no_intree()
{
	install_ours
	library=$(find / -xdev -name libkmod.so.2 | head -n 1)
	mv "$library" /tmp
	run load
	expect 1 "load: without libkmod"
	says "it says what to install" 'libkmod\.so\.2: .*: install libkmod2$'
	run status
	prints "other commands do without" '^tee  *(AMD SEV-SNP|Intel TDX)$'
	mv /tmp/libkmod.so.2 "$library"
	run load --dry-run
	expect 0 "load --dry-run says that it could be done"
	run load
	expect 0 "load: where the kernel has no driver"
	served ours "ours serves"
	run unload
	expect 0 "unload: leaves none"
	prints "which is said" "this kernel has no $own: no driver serves now"
	served none "none serves"
	run load vmpck_id=9
	expect 1 "load: ours is refused a parameter"
	last "nothing served, and nothing does" 'no driver served before, and none'
	run load vmpck_id=1
	expect 0 "load: but not another one"
	run unload
}

# timed FUNCTION [ARGUMENT]
timed()
{
	began=$(now)
	"$@"
	echo "# $1: $(($(now) - began)) / 100 s"
}

echo "TAP version 13"
cd /tmp || exit 1
if [ "$TSM_DRIVER" = intree ]; then
	timed take_over
	timed installed
	timed no_configfs
	timed in_use
	timed races
	timed broken
	timed both_broken
	case $TSM_TEE:$TSM_KERNEL in
	tdx:*)	timed repeated 20 ;;
	*)	timed repeated 5 ;;
	esac
	# it is about tsmctl, and takes long
	[ "$TSM_TEE:$TSM_KERNEL" != tdx:6.12 ] || timed interrupted
	timed secure_boot
else
	timed no_intree
fi
echo "1..$number"
exit $failed
