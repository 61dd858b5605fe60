#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: removed.sh remove|purge: apt takes the driver's package away.

. ./lib.sh

# Wherever it may be that the kernel, modprobe, udev or the initramfs look.
nothing_is_left()
{
	! find /lib/modules /usr/src /var/lib/dkms \
		/etc/modprobe.d /usr/lib/modprobe.d /run/modprobe.d \
		/etc/udev /usr/lib/udev /etc/initramfs-tools \
		/usr/share/initramfs-tools \( -name '*tsm-guest*' \
		-o -name '*tsm_guest*' \) | grep .
}

no_module_is_known()
{
	! grep tsm_guest /lib/modules/*/modules.dep /lib/modules/*/modules.alias
}

check "apt $1s tsm-guest-dkms" quietly apt-get -q -y "$1" tsm-guest-dkms
check "nothing of it is left for any kernel" nothing_is_left
check "no kernel knows the module any more" no_module_is_known
