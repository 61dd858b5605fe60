# SPDX-License-Identifier: MIT
# What modprobe-test.sh tests, in a VM: which driver comes, and who may use it.
# shellcheck shell=bash

set -u
TEE=$1
MODULES=/lib/modules/$(uname -r)
OURS=$MODULES/updates/dkms/tsm_guest.ko
UNWANTED=/etc/modprobe.d/no-tsm-guest.conf
MASK=/etc/modprobe.d/tsm-guest.conf
LOG=/run/udevd.log
# there is no other root to take this one for a part of
export SYSTEMD_IGNORE_CHROOT=1

case $TEE in
tdx) INTREE=tdx_guest NODE=tdx_guest ;;
snp) INTREE=sev_guest NODE=sev-guest ;;
esac

number=0

# point NAME WANT GOT
point()
{
	number=$((number + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $number $1"
	else
		echo "not ok $number $1"
		printf '# %s: %s\n' wanted "$2" got "$3"
	fi
}

skip()
{
	number=$((number + 1))
	echo "ok $number $1 # SKIP $2"
}

# drivers: those that are loaded, in a line
drivers()
{
	local name found=

	for name in tsm tsm_report tdx_guest sev_guest tsm_guest; do
		[ ! -d "/sys/module/$name" ] || found+=" $name"
	done
	echo "${found:- none}"
}

unload()
{
	local name

	for name in tsm_guest tdx_guest sev_guest tsm_report tsm; do
		[ ! -d "/sys/module/$name" ] || rmmod "$name"
	done
}

# What happens by itself as devices are found. udevd looks for changed files of
# modules every few seconds only.
announce()
{
	udevadm control --reload
	udevadm trigger --action=add --subsystem-match=cpu
	udevadm trigger --action=add --subsystem-match=platform
	udevadm settle
}

modalias()
{
	case $TEE in
	tdx) cat /sys/devices/system/cpu/modalias ;;
	snp) cat /sys/bus/platform/devices/sev-guest/modalias ;;
	esac
}

# ours [gone]: whether there is a module of ours for this kernel
ours()
{
	mkdir -p "${OURS%/*}"
	if [ $# = 0 ]; then
		cat /tmp/tsm_guest.ko >"$OURS"
	else
		rm -f "$OURS"
	fi
	depmod
}

# what COMMAND...: its status and the drivers that are there then
what()
{
	local status=0

	"$@" || status=$?
	echo "$status$(drivers)"
	unload
}

test_ours()
{
	ours
	point "udev loads ours, and ours alone" "0 tsm_guest" "$(what announce)"
	point "so does modprobe by alias" "0 tsm_guest" \
		"$(what modprobe "$(modalias)")"
	point "so does modprobe by the name of the kernel's driver" \
		"0 tsm_guest" "$(what modprobe "$INTREE")"
	modprobe tsm_guest
	point "the kernel's name is right for ours when it is loaded" \
		"0 tsm_guest" "$(what modprobe "$INTREE")"
	modprobe tsm_guest
	point "udev leaves it alone when CPUs come again" "0 tsm_guest" \
		"$(what announce)"
	modprobe tsm_guest
	# its status tells of modules for SHA-384, too, which are in use
	modprobe -r tsm_guest
	point "modprobe -r unloads ours" "0 none" "$(what true)"
	point "modprobe of what the kernel's drivers share loads nothing" \
		"0 none" "$(what modprobe -a -q tsm tsm_report)"
}

test_options()
{
	[ "$TEE" = snp ] || return
	modprobe sev_guest vmpck_id=2
	point "parameters of sev_guest go to ours" 2 \
		"$(cat /sys/module/tsm_guest/parameters/vmpck_id)"
	unload
	echo "options tsm_guest vmpck_id=1" >/etc/modprobe.d/vmpck.conf
	announce
	point "those of modprobe.d are ours" 1 \
		"$(cat /sys/module/tsm_guest/parameters/vmpck_id)"
	rm /etc/modprobe.d/vmpck.conf
	unload
}

# in_kernel MODULE: whether it was built with this kernel
in_kernel()
{
	grep -Eq "^([^:]*/)?$1\.ko" "$MODULES/modules.dep"
}

# Which of the two it is that they share depends on the kernel.
share()
{
	if in_kernel tsm_report; then
		echo tsm_report
	else
		echo tsm
	fi
}

test_intree()
{
	local want name

	want="0 $(share) $INTREE"
	for name in "ours is not there" "ours is refused" \
		"ours is not wanted"; do
		case $name in
		*there)	ours gone ;;
		*refused) ours && echo broken >"$OURS" ;;
		*)	ours
			: >"$MASK"
			echo "blacklist tsm_guest" >"$UNWANTED" ;;
		esac
		in_kernel "${INTREE/_/-}" || {
			skip "udev loads the kernel's if $name" \
				"there is none in this kernel"
			continue
		}
		point "udev loads the kernel's if $name" "$want" \
			"$(what announce)"
		# its status may be that of ours, which comes after
		modprobe -q "$(modalias)"
		point "so does modprobe by alias" "$want" "$(what true)"
		point "so does modprobe by name" "$want" \
			"$(what modprobe "$INTREE")"
		modprobe -q "$INTREE"
		point "modprobe -r unloads that" "0 none" \
			"$(what modprobe -r "$INTREE")"
	done
	rm -f "$UNWANTED" "$MASK"
	ours
	in_kernel "${INTREE/_/-}" || return
	modprobe --ignore-install -q -a tsm tsm_report "$INTREE"
	point "the kernel's can be had in spite of ours" "$want" \
		"$(what true)"
}

owner()
{
	stat -c '%U:%G %a' "/dev/$NODE"
}

test_group()
{
	local words='60-tsm-guest|Unknown group|Failed to resolve|exit code'

	modprobe tsm_guest
	udevadm settle
	point "the device is root's alone" "root:root 600" "$(owner)"
	unload
	echo "tsm:x:321:daemon" >>/etc/group
	modprobe tsm_guest
	udevadm settle
	point "the group tsm has it where there is one" "root:tsm 660" \
		"$(owner)"
	unload
	modprobe -q "$INTREE"
	udevadm settle
	point "whatever is loaded" "root:tsm 660" "$(owner)"
	unload
	sed -i '/^tsm:/d' /etc/group
	point "udevd had nothing to say of any of it" "" \
		"$(grep -E "$words" "$LOG")"
	if udevadm verify --help >/dev/null 2>&1; then
		point "udevadm verify finds nothing in the rules" 0 \
			"$(udevadm verify --no-summary \
			/lib/udev/rules.d/60-tsm-guest.rules >&2; echo $?)"
	else
		skip "udevadm verify finds nothing in the rules" \
			"this udevadm cannot"
	fi
}

# Nothing of ours may ever load the emulator.
test_emulator()
{
	point "tsm_emu is on the black list" "blacklist tsm_emu" \
		"$(modprobe -c | grep tsm_emu)"
}

mkdir -p /etc/modprobe.d
SYSTEMD_LOG_LEVEL=info /lib/systemd/systemd-udevd >"$LOG" 2>&1 &
udevd=$!
until udevadm control --ping 2>/dev/null; do
	sleep 0.1
done
echo "TAP version 13"
test_ours
test_options
test_intree
test_group
test_emulator
echo "1..$number"
kill $udevd
wait $udevd
