#!/bin/bash
# SPDX-License-Identifier: MIT
# Installs tool and library, and runs the packages' own test of them. Runs in a
# chroot; run.sh makes it.
#
# usage: tools.sh RELEASE

export RELEASE=$1
SOURCE=/srv/source	# as the package's source is laid out
PACKAGES=(tsmctl libtsmguest1 libtsmguest-dev tsm-emud)
cd "$(dirname "$0")" || exit 1
# shellcheck source=common.bash
. ./common.bash

# packages DIR: the files of PACKAGES
packages()
{
	local package

	for package in "${PACKAGES[@]}"; do
		ls "$1/$package"_*.deb
	done
}

# As autopkgtest does: in the source, with a folder for what is made.
smoke()
{
	mkdir -p /tmp/smoke
	cd $SOURCE && AUTOPKGTEST_TMP=/tmp/smoke debian/tests/smoke
}

# They are made anew when a package with a hook comes or goes.
initramfs_lists()
{
	local image

	for image in /boot/initrd.img-*; do
		lsinitramfs "$image" | sort
	done
}

no_service_runs()
{
	local link

	for link in /etc/systemd/system/*.wants/tsm-emud.service; do
		[ ! -L "$link" ] || return
	done
	[ -e /lib/systemd/system/tsm-emud.service ]
}

apt_quietly install /srv/compiler/*.deb >/dev/null || { cat /tmp/said.log; exit 1; }
system_state >/tmp/before
initramfs_lists >/tmp/initramfs
mapfile -t files < <(packages "$DEBS")
point "tool, library and emulator install" apt_quietly install "${files[@]}"
point "the emulator is off" no_service_runs
point "the tool runs, and a program is linked with the library" smoke
point "all of them are removed" apt_quietly purge "${PACKAGES[@]}"
point "the system is what it was before" same_as /tmp/before system_state
point "each initramfs has the files that it had" \
	same_as /tmp/initramfs initramfs_lists
echo end
