#!/bin/bash
# SPDX-License-Identifier: MIT
# Installs a DKMS package where kernels are that it is for, and removes it. Runs
# in a chroot; run.sh makes it.
#
# usage: dkms.sh RELEASE [emu] [upgrade]
#
# emu: the emulator's package, too; upgrade: to the next version in between

export RELEASE=$1
shift
cd "$(dirname "$0")" || exit 1
# shellcheck source=common.bash
. ./common.bash
# shellcheck source=signature.bash
. ./signature.bash

PACKAGES=(tsm-guest-dkms)
STEPS=" $* "

# module_of NAME KERNEL: where DKMS put it
module_of()
{
	ls "/lib/modules/$2/updates/dkms/$1".ko*
}

# steps WORD: it is one of those asked for
steps()
{
	[[ $STEPS = *" $1 "* ]]
}

# found NAME KERNEL: modprobe would take the module that DKMS built, which is for
# this kernel
found()
{
	local name=$1 kernel=$2 file

	file=$(module_of "$name" "$kernel") &&
		modinfo -F vermagic "$file" | grep "^$kernel " &&
		modinfo -F name "$file" | grep -x "$name" &&
		[ "$(realpath "$(modinfo -k "$kernel" -n "$name")")" = \
			"$(realpath "$file")" ]
}

# registered NAME VERSION: with every kernel here, and as no other version
registered()
{
	local kernel

	dkms status "$1" 2>/dev/null >/tmp/status
	cat /tmp/status
	for kernel in $(kernels); do
		grep -xF "$1/$2, $kernel, x86_64: installed" /tmp/status || return
	done >/dev/null
	[ "$(wc -l </tmp/status)" = "$(kernels | wc -l)" ]
}

# make says what it does in a log that dkms keeps
no_warnings()
{
	local log

	for log in /var/lib/dkms/"$1"/*/"$2"/x86_64/log/make.log; do
		grep -E '(CC|LD) ' "$log" >/dev/null || {
			echo "$log: nothing was built"
			return 1
		}
		! grep -iE '(warning|error|skipping)' "$log" || return
	done
}

# dkms 3.0 looks for the compiler in a vmlinux, and finds a part of one.
nothing_is_wrong()
{
	! grep -v "^readelf: Warning: Section '.comment' was not dumped" \
		/tmp/said.log | grep -iE 'warn|error|fail|cannot|skipp'
}

module_version()
{
	local kernel

	for kernel in $(kernels); do
		modinfo -F version "$(module_of tsm_guest "$kernel")" |
			grep -x "$1" || return
	done
}

# What a kernel package runs when one comes that is out of range, while others have
# the module.
stranger_comes()
{
	local kernel=7.4.0-amd64 status=0

	mkdir -p /lib/modules/$kernel
	cp -a "/lib/modules/$(kernels | head -n 1)/build" /lib/modules/$kernel
	/etc/kernel/postinst.d/dkms $kernel || status=$?
	[ ! -e /lib/modules/$kernel/updates ] || status=1
	rm -r /lib/modules/$kernel
	return $status
}

in_tree_modules()
{
	find /lib/modules/*/kernel -type f -exec sha256sum {} + | sort -k 2
}

# key_of_this_machine: one that the owner has already, and told dkms of
key_of_this_machine()
{
	openssl req -new -x509 -nodes -days 100 -subj /CN=ours -newkey rsa:2048 \
		-keyout /root/ours.key -outform DER -out /root/ours.der &&
		printf '%s\n' mok_signing_key=/root/ours.key \
			mok_certificate=/root/ours.der >>/etc/dkms/framework.conf
}

signature_points()
{
	local kernel=$1 module=/tmp/module.ko

	plain "$(module_of tsm_guest "$kernel")" $module
	point "$kernel: the module is signed with DKMS's key" \
		signed_by /var/lib/dkms/mok.pub $module
	with_a_flipped_bit $module.content $module.flipped
	tail -c +$(($(stat -c %s $module.content) + 1)) $module \
		>>$module.flipped
	point "$kernel: with one bit of it flipped, it is not" \
		refused signed_by /var/lib/dkms/mok.pub $module.flipped
}

owner_points()
{
	local kernel=$1 module=/tmp/module.ko

	plain "$(module_of tsm_guest "$kernel")" $module
	point "$kernel: the owner's key signs, where dkms is told of one" \
		signed_by /root/ours.der $module
	point "$kernel: and that is not taken for DKMS's" \
		refused signed_by /var/lib/dkms/mok.pub $module
}

package_points()
{
	local package=$1 module=${1%-dkms} kernel

	module=${module/-/_}
	point "$package installs" \
		apt_quietly install "$DEBS/$package"_*.deb
	point "and reports no trouble" nothing_is_wrong
	point "${package%-dkms} is registered with every kernel" \
		registered "${package%-dkms}" "$VERSION"
	for kernel in $(kernels); do
		point "$kernel: modprobe finds $module" found "$module" "$kernel"
		point "$kernel: it was built without a warning" \
			no_warnings "${package%-dkms}" "$kernel"
	done
}

next_version()
{
	local version

	version=$(dpkg-deb -f "$NEXT"/tsm-guest-dkms_*.deb Version)
	key_of_this_machine >/dev/null 2>&1
	point "the next version replaces this one" \
		apt_quietly install "$NEXT"/tsm-guest-dkms_*.deb
	point "tsm-guest is registered as version $version alone" \
		registered tsm-guest "$version"
	point "tsm_guest is of version $version" module_version "$version"
	point "no source of the old version stays" \
		test ! -e "/usr/src/tsm-guest-$VERSION"
	owner_points "$(kernels | tail -n 1)"
	rm /root/ours.*
	cp -a /tmp/framework.conf /etc/dkms/framework.conf
}

# Not only for the kernel that happens to run this.
echo autoinstall_all_kernels=yes >>/etc/dkms/framework.conf
install_kernels >/tmp/kernels.log 2>&1 || {
	tail -n 20 /tmp/kernels.log
	exit 1
}
VERSION=$(dpkg-deb -f "$DEBS"/tsm-guest-dkms_*.deb Version)
cp -a /etc/dkms/framework.conf /tmp/framework.conf
in_tree_modules >/tmp/in-tree
system_state >/tmp/before

package_points tsm-guest-dkms
point "tsm_guest is of version $VERSION" module_version "$VERSION"
signature_points "$(kernels | tail -n 1)"
if steps emu; then
	PACKAGES+=(tsm-emu-dkms)
	package_points tsm-emu-dkms
fi
point "the kernels' own drivers are what they were" \
	same_as /tmp/in-tree in_tree_modules
point "a kernel out of range can be installed beside them" stranger_comes
! steps upgrade || next_version
point "${PACKAGES[*]}: can be removed" apt_quietly remove "${PACKAGES[@]}"
point "the system is what it was before" same_as /tmp/before system_state
echo end
