# SPDX-License-Identifier: MIT
# Debian's own modprobe and udevd for run.sh's VM, which has busybox's; sourced.
# shellcheck shell=bash

# What of Debian a stage has; all else stays busybox's.
STAGE_PROGRAMS=(bash cat cut dash getent grep kmod mkdir rm sed sleep stat udevadm
	uname)

# need_parts K: ends the test as a skip, where it cannot be run
need_parts()
{
	local why=""

	[ "$(id -u)" = 0 ] || why="needs root, for chroots"
	[ -e "$BUILD/mod/$1-cloud/tsm_guest.ko" ] &&
		[ -e "$BUILD/emu/$1/tsm_emu.ko" ] ||
		why="'make vm KERNEL=$1' was not run"
	[ -z "$why" ] || {
		echo "1..0 # SKIP $why"
		exit 4
	}
}

# base_of RELEASE: prints where a Debian with udev and initramfs-tools is.
base_of()
{
	local base=$BUILD/system/$1/base

	if [ ! -d "$base" ]; then
		[ -x "$TOP/selftests/system/root.sh" ] ||
			die 4 "no ${base#"$TOP/"}"
		"$TOP/selftests/system/root.sh" -r "$1" -b >&2
	fi
	realpath "$base"
}

# What the programs of a root want of libraries, in it.
stage_libraries()
{
	local base=$1

	shift
	chroot "$base" ldd "$@" | grep -o '/[^ ]*\.so[^ ]*' | sort -u
	# those of groups and of modules may not be linked
	(cd "$base" && find usr/lib/*/ -name libnss_files.so.2 -printf '/%p\n' \
		-o -name libkmod.so.2 -printf '/%p\n')
}

# make_stage BASE DIR: DIR becomes a small root, in the folders of a merged /usr.
make_stage()
{
	local base=$1 dir=$2 programs=("${STAGE_PROGRAMS[@]/#//usr/bin/}") path

	mkdir -p "$dir"/usr/{bin,lib,lib64,lib/systemd,lib/udev/rules.d} \
		"$dir"/usr/lib/modprobe.d "$dir"/{etc,dev,proc,sys,run,tmp}
	ln -s usr/bin "$dir/bin"
	ln -s usr/bin "$dir/sbin"
	ln -s usr/lib "$dir/lib"
	ln -s usr/lib64 "$dir/lib64"
	ln -s bin "$dir/usr/sbin"
	stage_libraries "$base" "${programs[@]}" | while read -r path; do
		mkdir -p "$dir/${path%/*}"
		cp -L "$base$path" "$dir$path"
	done
	for path in "${programs[@]}"; do
		cp -L "$base$path" "$dir$path"
	done
	for path in modprobe rmmod lsmod depmod modinfo; do
		ln -s kmod "$dir/usr/bin/$path"
	done
	ln -s dash "$dir/usr/bin/sh"
	ln -s ../../bin/udevadm "$dir/usr/lib/systemd/systemd-udevd"
	cp "$base"/etc/{passwd,group,nsswitch.conf} "$dir/etc"
	cp "$base"/lib/udev/rules.d/{50-udev-default,80-drivers}.rules \
		"$dir/usr/lib/udev/rules.d"
	cp "$TOP"/packaging/modprobe.d/*.conf "$dir/usr/lib/modprobe.d"
	cp "$TOP"/packaging/udev/*.rules "$dir/usr/lib/udev/rules.d"
}
