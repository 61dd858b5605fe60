#!/bin/bash
# SPDX-License-Identifier: MIT
# Installs the DKMS package where all kernels are out of its range. Runs in a
# chroot; run.sh makes it.
#
# usage: range.sh RELEASE

export RELEASE=$1
OLD=5.10.0-99-amd64
NEW=7.4.0+deb13-amd64
EARLY=6.1.20-amd64	# in range, but without what SNP needs
cd "$(dirname "$0")" || exit 1
# shellcheck source=common.bash
. ./common.bash

# The kernel here calls itself another one; in every other respect it is real.
dress_kernels()
{
	local real

	real=$(kernels | head -n 1)
	cp -al "/lib/modules/$real" "/lib/modules/$NEW" &&
		cp -al "/lib/modules/$real" "/lib/modules/$EARLY" &&
		mv "/lib/modules/$real" "/lib/modules/$OLD" &&
		dress_early "/lib/modules/$EARLY" &&
		depmod $OLD && depmod $NEW && depmod $EARLY
}

# dress_early DIR: its headers are those of a kernel that tells less.
dress_early()
{
	local sev_h=arch/x86/include/asm/sev.h

	mkdir -p "/usr/src/early/${sev_h%/*}"
	sed -E 's/snp_(send_guest_request|guest_request_ioctl)/none/g' \
		"$1/source/$sev_h" >/usr/src/early/$sev_h
	rm -f "$1/source"
	ln -s /usr/src/early "$1/source"
}

# told_once KERNEL WHAT: in one line
told_once()
{
	cat /tmp/said.log
	[ "$(grep -cF "tsm-guest: Linux $1 $2: no module for it, its own drivers stay" \
		/tmp/said.log)" = 1 ]
}

only_known()
{
	dkms status tsm-guest | diff - <(echo "tsm-guest/$VERSION: added") &&
		[ ! -e "/var/lib/dkms/tsm-guest/$VERSION/$OLD" ] &&
		[ ! -e "/var/lib/dkms/tsm-guest/$VERSION/$NEW" ] &&
		[ ! -e "/var/lib/dkms/tsm-guest/$VERSION/$EARLY" ]
}

# What a kernel package runs when it is installed.
kernel_hooks()
{
	local hook

	for hook in /etc/kernel/postinst.d/dkms \
		/etc/kernel/header_postinst.d/dkms; do
		$hook $NEW || return
	done
}

VERSION=$(dpkg-deb -f "$DEBS"/tsm-guest-dkms_*.deb Version)
dress_kernels || exit 1
system_state >/tmp/before
modules_state >/tmp/modules
point "kernels out of range: the package installs" \
	apt_quietly install "$DEBS"/tsm-guest-dkms_*.deb
point "too old a kernel is told in one line" \
	told_once $OLD "is outside 6.1 to 7.3"
point "too new a kernel is told in one line" \
	told_once $NEW "is outside 6.1 to 7.3"
point "one without what SNP needs is told in one line" \
	told_once $EARLY "is older than 6.1.28, 6.2.15 or 6.3.2"
point "dkms knows the source, and nothing is built" only_known
point "all that kernels have is as before" same_as /tmp/modules modules_state
point "such a kernel can be installed later, too" kernel_hooks
point "nothing is built then, either" only_known
point "the package is removed" apt_quietly remove tsm-guest-dkms
point "the system is what it was before" same_as /tmp/before system_state
echo end
