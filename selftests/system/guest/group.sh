#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: group.sh tdx|snp: who is in the group tsm may use the device, nobody else.

. ./lib.sh

DEVICE=$(device_of "$1")

# So small a system has no groupadd.
make_group()
{
	echo "tsm:x:990:member" >>/etc/group
	printf '%s:x:%s:65534::/:/bin/sh\n' member 2001 stranger 2002 >>/etc/passwd
	udevadm trigger --action=change --settle --sysname-match="${DEVICE#/dev/}"
}

# may USER: whether he can open the device
may()
{
	setpriv --reuid "$1" --regid nogroup --init-groups sh -c ": <>$DEVICE"
}

is_groups()
{
	stat -c '%U:%G %a' "$DEVICE" | tee /dev/stderr | grep -qx 'root:tsm 660'
}

check "a group tsm is made" make_group
check "the device is the group's" is_groups
check "a member opens it" may member
check "somebody else does not" refuses 2 may stranger
check "the group is gone from the next boot on" sed -i '/^tsm:/d' /etc/group
