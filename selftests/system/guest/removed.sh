#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: removed.sh remove|purge: apt takes the driver's package away.

. ./lib.sh

# Wherever it may be that the kernel, modprobe or udev look. What there is for
# initramfs-tools comes with tsmctl, which stays.
nothing_is_left()
{
	! find /lib/modules /usr/src /var/lib/dkms \
		/etc/modprobe.d /usr/lib/modprobe.d /etc/udev /usr/lib/udev \
		\( -name '*tsm-guest*' -o -name '*tsm_guest*' \) | grep .
}

nothing_is_in_the_initramfs()
{
	for file in /boot/initrd.img-*; do
		! lsinitramfs "$file" | grep tsm_guest || return
	done
}

no_module_is_known()
{
	! grep tsm_guest /lib/modules/*/modules.dep /lib/modules/*/modules.alias
}

check "apt $1s tsm-guest-dkms" quietly apt-get -q -y "$1" tsm-guest-dkms
check "nothing of it is left for any kernel" nothing_is_left
check "no kernel knows the module any more" no_module_is_known
check "no initramfs holds it" nothing_is_in_the_initramfs
