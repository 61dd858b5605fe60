#!/bin/bash
# SPDX-License-Identifier: MIT
# Fetches Debian kernels, a trixie chroot and the kernel's selftests to build/.
#
# Nothing is installed on the host: packages come through an apt state of our
# own, are checked against Debian's archive keys and are unpacked.

# shellcheck disable=SC2016 # variables of make, not of the shell
set -eu
. "$(dirname "$0")/common.sh"
. "$VM/apt.bash"

usage()
{
	cat <<-END
	usage: kernels.sh [6.1|6.12|7.3|chroot|ksrc|ksrc-6.12]...

	Fetches what is named, or all of it:
	  6.1 6.12 7.3   build/kernels/K: newest Debian kernel of that series,
	                 cloud image, headers of the cloud and generic flavours,
	                 and the chroot, if a module for it is built there; the
	                 newest 7.x, where the mirror has no 7.3 any more
	  chroot         build/chroot/trixie: the compiler that 7.3 asks for
	  ksrc           build/ksrc: kselftest and checkpatch of Linux 7.3
	  ksrc-6.12      build/ksrc-6.12: the selftest for TDX of Linux 6.12

	What is there already is left alone; remove it to fetch it anew.
	DEBIAN_MIRROR=URL names a mirror where apt knows none of Debian's.
	END
}

# fetch DIR PACKAGE...: unpacks the packages under DIR.
fetch()
{
	local dir=$1 debs=$1.debs deb

	shift
	mkdir -p "$dir" "$debs"
	(cd "$debs" && apt get download "$@")
	for deb in "$debs"/*.deb; do
		dpkg-deb -x "$deb" "$dir"
		rm "$deb"
	done
	rmdir "$debs"
}

# The packages of a kernel: 7.3's image is split, 6.12's kbuild has its version.
packages_of()
{
	local abi=$1
	local names="linux-image-$abi-cloud-amd64 linux-headers-$abi-amd64
		linux-headers-$abi-cloud-amd64"

	# shellcheck disable=SC2086 # a list of words
	{
		printf '%s\n' $names
		apt cache depends $names | awk '/Depends:/ { print $2 }' |
			grep -E '^linux-(base|binary|modules|headers|kbuild)-[0-9]'
	} | grep -v -E -- "^linux-(base|modules|binary)-$abi-amd64\$" | sort -u
}

# Header packages expect to lie in /usr/src; let them work where they are.
relocate_headers()
{
	sed -i -e 's,^KBUILD_OUTPUT=,KBUILD_OUTPUT:=,' \
		-e 's,/usr/src/,$(dir $(realpath $(lastword $(MAKEFILE_LIST))))../,' \
		"$1"/usr/src/linux-headers-*amd64/Makefile
}

fetch_kernel()
{
	local k=$1 dir=$BUILD/kernels/$1 tmp=$BUILD/kernels/.$1.tmp abi modules

	[ ! -e "$dir/release" ] || return 0
	apt_update
	abi=$(abi_for "$k")
	say "Linux $k: $abi"
	rm -rf "$tmp" "$tmp.debs" "$dir"
	# shellcheck disable=SC2046 # a list of words
	fetch "$tmp/root" $(packages_of "$abi")
	relocate_headers "$tmp/root"
	modules=lib/modules/$abi-cloud-amd64
	[ -d "$tmp/root/$modules/kernel" ] || modules=usr/$modules
	ln -s "root/$modules" "$tmp/modules"
	depmod -b "$tmp/root/${modules%lib/modules/*}" "$abi-cloud-amd64"
	ln "$tmp/root/boot/vmlinuz-$abi-cloud-amd64" "$tmp/vmlinuz" 2>/dev/null ||
		ln "$tmp/modules/vmlinuz" "$tmp/vmlinuz"
	echo "$abi-cloud-amd64" >"$tmp/release"
	mkdir -p "$BUILD/kdir"
	ln -sfn "../kernels/$k/root/usr/src/linux-headers-$abi-cloud-amd64" \
		"$BUILD/kdir/$k-cloud"
	ln -sfn "../kernels/$k/root/usr/src/linux-headers-$abi-amd64" \
		"$BUILD/kdir/$k-generic"
	mv "$tmp" "$dir"
}

fetch_chroot()
{
	local dir=$BUILD/chroot/trixie tmp=$BUILD/chroot/.trixie.tmp

	[ ! -d "$dir" ] || return 0
	[ "$(id -u)" = 0 ] || die 4 "the chroot needs root: sudo make deps"
	apt_update
	say "trixie chroot (a minute or so)"
	rm -rf "$tmp"
	mkdir -p "$BUILD/chroot"
	mmdebstrap --quiet --mode=root --variant=essential --arch=amd64 \
		--include=gcc,make,libc6-dev,libelf1t64,libssl3t64,pahole,sparse \
		--dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		--dpkgopt='path-exclude=/usr/share/doc/*' \
		trixie "$tmp" "$(grep ' trixie main' "$APT/sources.list")"
	mv "$tmp" "$dir"
}

# The sources of 7.3, or of the newest 7.x, as with the kernel itself.
source_package()
{
	local package=linux-source-7.3

	if ! apt cache show $package >/dev/null 2>&1; then
		package=$(apt cache pkgnames linux-source-7. |
			grep -xE 'linux-source-7\.[0-9]+' | sort -rV | head -n 1)
		[ -n "$package" ] || die 1 "no linux-source-7.x in the mirror's" \
			"lists (kept in ${APT#"$TOP/"})"
		say "the mirror has no linux-source-7.3 any more: taking $package"
	fi
	echo "$package"
}

# fetch_source PACKAGE DIR PATTERN...: unpacks what matches of a kernel's sources.
fetch_source()
{
	local package=$1 dir=$2 tmp=${2%/*}/.${2##*/}.tmp

	shift 2
	rm -rf "$tmp" "$tmp.deb"
	mkdir -p "$tmp" "$tmp.deb"
	(cd "$tmp.deb" && apt get download "$package")
	dpkg-deb --fsys-tarfile "$tmp.deb"/*.deb |
		tar -xO --wildcards './usr/src/linux-source-*.tar.*' |
		xz -dc -T0 |
		tar -x -C "$tmp" --strip-components=1 --wildcards \
			--no-wildcards-match-slash "$@"
	rm -rf "$tmp.deb"
	mv "$tmp" "$dir"
}

fetch_ksrc()
{
	local dir=$BUILD/ksrc package

	[ ! -d "$dir" ] || return 0
	apt_update
	package=$(source_package)
	say "kselftest and checkpatch of $package (half a minute)"
	fetch_source "$package" "$dir" \
		'*/tools/testing/selftests' \
		'*/tools/scripts' '*/scripts/subarch.include' \
		'*/scripts/checkpatch.pl' '*/scripts/checker-valid.sh' '*/scripts/spelling.txt' \
		'*/scripts/const_structs.checkpatch'
}

fetch_ksrc_612()
{
	local dir=$BUILD/ksrc-6.12

	[ ! -d "$dir" ] || return 0
	apt_update
	say "the selftest for TDX of linux-source-6.12 (half a minute)"
	fetch_source linux-source-6.12 "$dir" \
		'*/tools/testing/selftests/tdx' \
		'*/tools/testing/selftests/lib.mk' \
		'*/tools/testing/selftests/kselftest*.h' \
		'*/tools/scripts' '*/scripts/subarch.include'
}

# Debian's headers leave out a script that 7.3's Makefile runs for C=.
complete_headers()
{
	local kbuild script=scripts/checker-valid.sh

	[ -e "$BUILD/ksrc/$script" ] || return 0
	for kbuild in "$BUILD"/kernels/7.3/root/usr/lib/linux-kbuild-*; do
		[ ! -d "$kbuild" ] || [ -e "$kbuild/$script" ] ||
			cp "$BUILD/ksrc/$script" "$kbuild/$script"
	done
}

main()
{
	local what

	for what; do
		case $what in
		6.1 | 6.12 | 7.3)
			fetch_kernel "$what"
			! needs_chroot "$what" || fetch_chroot ;;
		chroot)	fetch_chroot ;;
		ksrc)	fetch_ksrc ;;
		ksrc-6.12)
			fetch_ksrc_612 ;;
		-h | --help)
			usage ;;
		*)	usage >&2; exit 2 ;;
		esac
	done
	complete_headers
}

[ $# -gt 0 ] || set -- "${KERNELS[@]}" chroot ksrc ksrc-6.12
with_lock fetch main "$@"
