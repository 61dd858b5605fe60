#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs a command in a Debian that nothing of ours was installed in.
#
# What it writes is kept in memory and gone afterwards; it has no network, and
# the mounts are those of a private namespace.

set -eu
. "$(dirname "$0")/../vm/common.sh"

usage()
{
	cat <<-END
	usage: chroot.sh RELEASE [FOLDER=PLACE]... -- COMMAND [ARGUMENT]...

	RELEASE is bookworm or trixie, as selftests/system/root.sh -b makes it.
	Each FOLDER is seen, read only, at PLACE, which begins with a slash.
	END
}

[ "${1-}" != --help ] || { usage; exit 0; }
[ $# -ge 3 ] || { usage >&2; exit 2; }
[ "$(id -u)" = 0 ] || die 4 "a chroot needs root: use sudo"
[ -d "$BUILD/system/$1/base" ] ||
	die 4 "no $1: run selftests/system/root.sh -r $1 -b"
BASE=$(realpath "$BUILD/system/$1/base")
shift
BINDS=()
while [ "$1" != -- ]; do
	BINDS+=("$(realpath "${1%=*}")=${1##*=}")
	shift
done
shift
WORK=$(mktemp -d "${TMPDIR:-/tmp}/deb-root.XXXXXX")
trap 'rmdir "$WORK"' EXIT

# shellcheck disable=SC2016 # expanded by the inner shell
WORK=$WORK BASE=$BASE BINDS=${BINDS[*]} \
	unshare -m -n -p -f --propagation private bash -eu -c '
	mount -t tmpfs -o size=3g,mode=755 tmpfs "$WORK"
	mkdir "$WORK/new" "$WORK/work" "$WORK/root"
	mount -t overlay overlay "$WORK/root" \
		-o "lowerdir=$BASE,upperdir=$WORK/new,workdir=$WORK/work"
	cd "$WORK/root"
	for bind in $BINDS; do
		place=.${bind##*=}
		mkdir -p "$place"
		mount --bind "${bind%=*}" "$place"
		mount -o remount,ro,bind "$place"
	done
	mount -t proc proc proc
	mount -t tmpfs tmpfs tmp
	mount --rbind /dev dev
	unset WORK BASE BINDS
	export LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
	export DEBIAN_FRONTEND=noninteractive INITRD=No
	exec chroot . "$@"' bash "$@" </dev/null
