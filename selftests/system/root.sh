#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes disks of whole Debian systems, with our packages installed by apt.

# shellcheck disable=SC2016 # expanded by the inner shell
set -eu
. "$(dirname "$0")/common.bash"
. "$VM/apt.bash"

usage()
{
	cat <<-END
	usage: root.sh [-r bookworm|trixie] [-b]

	Makes, in build/system/RELEASE (default trixie):
	  base       Debian with systemd, udev, initramfs-tools, DKMS and its
	             cloud kernel with headers; kept from run to run, anew only
	             if other packages are asked for, or when it was removed
	  later      the packages of a later kernel; kept as well
	  disk       base with our packages installed, which build/deb holds ('make
	             deb'), and tsm-emud enabled, for boot.sh to boot
	  packages   a disk with a repository of our packages and the later kernel's

	  -b  makes base and later only
	END
}

# jq, openssl and zstd: for tests, for DKMS to sign with, for a quick initramfs.
# libjansson4: as nothing is fetched when our packages are installed.
INCLUDE=systemd-sysv,udev,kmod,initramfs-tools,zstd,openssl,jq,libjansson4
INCLUDE+=,dkms,linux-image-cloud-amd64,linux-headers-cloud-amd64

parse_options()
{
	local opt

	BASE_ONLY="" R=trixie
	[ "${1-}" != --help ] || { usage; exit 0; }
	while getopts r:bh opt; do
		case $opt in
		r) R=$OPTARG ;;
		b) BASE_ONLY=y ;;
		h) usage; exit 0 ;;
		*) usage >&2; exit 2 ;;
		esac
	done
	shift $((OPTIND - 1))
	[ $# = 0 ] || { usage >&2; exit 2; }
	use_release "$R"
}

check_parts()
{
	local tool

	[ "$(id -u)" = 0 ] || die 4 "making a root file system needs root"
	for tool in mmdebstrap mke2fs dpkg-scanpackages unshare; do
		command -v $tool >/dev/null ||
			die 4 "no $tool: run 'sudo make deps' first"
	done
	[ -n "$BASE_ONLY" ] || ls "$BUILD"/deb/tsm-guest-dkms_*.deb \
		>/dev/null 2>&1 ||
		die 4 "no packages in build/deb: run 'make deb' first"
}

# release_sources SUITE-PATTERN: the lines of $APT/sources.list for this release
release_sources()
{
	grep -E " $R($1)? main\$" "$APT/sources.list"
}

make_base()
{
	local key=$DIR/base.key tmp=$DIR/.base.tmp

	[ "$(cat "$key" 2>/dev/null)" != "$INCLUDE" ] || return 0
	with_lock fetch apt_update
	say "$NAME without our packages (a minute or so)"
	rm -rf "$tmp" "$DIR/base" "$DIR/later" "$key"
	mkdir -p "$DIR"
	release_sources -security |
		mmdebstrap --quiet --mode=root --variant=apt --arch=amd64 \
		--include="$INCLUDE" --dpkgopt=force-unsafe-io \
		--dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		--dpkgopt='path-exclude=/usr/share/doc/*' "$R" "$tmp" -
	mv "$tmp" "$DIR/base"
	echo "$INCLUDE" >"$key"
}

# What this system lacks of the later kernel, as apt sees it from outside.
make_later()
{
	local tmp=$DIR/.later.tmp abi from=()

	[ ! -d "$DIR/later" ] || return 0
	apt_update
	abi=$(abi_for "$UPGRADE")
	say "$NAME: packages of Linux $abi"
	rm -rf "$tmp"
	mkdir -p "$tmp/partial"
	release_sources '-security|-backports' >"$DIR/later.list"
	[ "$UPGRADE" != 7.3 ] || from=(-t "$R-backports")
	apt get "${from[@]}" -o Dir::State::status="$DIR/base/var/lib/dpkg/status" \
		-o Dir::Etc::sourcelist="$DIR/later.list" \
		-o Dir::Cache::archives="$tmp" --download-only -y \
		--no-install-recommends install \
		"linux-image-$abi-cloud-amd64" \
		"linux-headers-$abi-cloud-amd64" >/dev/null
	rm -rf "$tmp/partial" "$tmp/lock" "$DIR/later.list"
	echo "$abi-cloud-amd64" >"$tmp/release"
	mv "$tmp" "$DIR/later"
}

# make_disk NAME LABEL FOLDER SIZE: no mount is needed for that, and the file is
# sparse.
make_disk()
{
	rm -f "$DIR/$1.tmp"
	mke2fs -q -t ext4 -L "$2" -d "$3" -E no_copy_xattrs "$DIR/$1.tmp" "$4"
	mv "$DIR/$1.tmp" "$DIR/$1"
}

make_repository()
{
	local repo=$DIR/.repo.tmp

	rm -rf "$repo"
	mkdir -p "$repo"
	cp "$BUILD"/deb/*.deb "$DIR"/later/*.deb "$repo"
	cp "$DIR/later/release" "$repo/later"
	(cd "$repo" && dpkg-scanpackages -m . >Packages 2>/dev/null)
}

# What a test needs in a system, all of it in places that are the owner's.
add_test()
{
	local root=$1

	cp "$SYSTEM/guest/tsm-steps.service" "$root/etc/systemd/system"
	install "$SYSTEM/guest/tsm-steps" "$root/usr/local/sbin"
	mkdir -p "$root$PACKAGES"
	cat >"$root/etc/fstab" <<-END
	LABEL=system / ext4 defaults 0 1
	LABEL=packages $PACKAGES ext4 ro,nofail 0 2
	END
	echo "$R" >"$root/etc/hostname"
	rm -f "$root"/etc/apt/sources.list.d/* "$root/etc/resolv.conf"
	echo "deb [trusted=yes] file:$PACKAGES ./" \
		>"$root/etc/apt/sources.list"
	chroot "$root" systemctl -q enable tsm-steps
}

# in_root COMMAND...: as in the making of an image: no network, no services, and
# of this machine's only what a chroot always has.
in_root()
{
	unshare -m -p -n -f --propagation private bash -eu -c '
		mount --bind "$1" "$2$3"
		mount -t proc proc "$2/proc"
		root=$2
		shift 3
		export LC_ALL=C DEBIAN_FRONTEND=noninteractive
		export PATH=/usr/sbin:/usr/bin:/sbin:/bin
		cd "$root"
		exec chroot . "$@"' sh \
		"$DIR/.repo.tmp" "$DIR/.root.tmp" "$PACKAGES" "$@"
}

# install_in_root PACKAGE...
install_in_root()
{
	in_root apt-get -q -y --no-install-recommends install "$@"
}

# The emulator is there for tests only, so it is set up from outside. Its keys are
# made here, since that takes it much longer under software emulation.
set_up_emulator()
{
	local root=$DIR/.root.tmp

	in_root systemctl enable tsm-emud
	sed -i "s/^#* *TEE=.*/TEE=$TEE/" "$root/etc/default/tsm-emud"
	grep -qx "TEE=$TEE" "$root/etc/default/tsm-emud"
	install -d -m 700 "$root/var/lib/tsm-emu"
	in_root tsm-emud --pki /var/lib/tsm-emu --init
}

# The kernel is upgraded as DKMS expects it, headers and all.
install_all()
{
	install_in_root tsm-guest-dkms tsmctl tsm-emu-dkms tsm-emud
	install_in_root "linux-image-$LATER" "linux-headers-$LATER"
}

# The kernel is upgraded without headers, but the emulator is there for it: then
# a system without ours can be seen, and which builds it itself once it has them.
install_without_headers()
{
	install_in_root tsm-emu-dkms tsm-emud
	install_in_root "linux-image-$LATER" "linux-headers-$LATER"
	in_root apt-get -q -y remove "linux-headers-$LATER"
	install_in_root tsm-guest-dkms tsmctl
}

make_system()
{
	local root=$DIR/.root.tmp

	say "$NAME with our packages"
	rm -rf "$root"
	cp -a "$DIR/base" "$root"
	add_test "$root"
	make_repository
	LATER=$(cat "$DIR/later/release")
	in_root apt-get -q -q update
	case $R in
	bookworm) install_without_headers ;;
	trixie) install_all ;;
	esac
	set_up_emulator
	make_disk disk system "$root" 4G
	make_disk packages packages "$DIR/.repo.tmp" 1G
	rm -rf "$root" "$DIR/.repo.tmp"
}

main()
{
	parse_options "$@"
	check_parts
	make_base
	with_lock fetch make_later
	[ -n "$BASE_ONLY" ] || make_system
}

main "$@"
