#!/bin/bash
# SPDX-License-Identifier: MIT
# On the host: runs the blocks of README.md that are about building and the test
# bed as they stand, and says of the others why they are not run.
#
# Those of "copy" run in a copy of the tree, in a mount namespace in which a Debian
# kernel's headers are those of the kernel that runs, and /usr/local and
# /lib/modules are empty, so that `make install` leaves nothing behind.

set -eu
. "$(dirname "$0")/../../vm/common.sh"

MODULES=/lib/modules	# a container may have none

work=$(mktemp -d)
made=""
trap 'rm -rf "$work"; [ -z "$made" ] || rmdir "$made"' EXIT

report()
{
	printf '%s\t%s\n' "$(cat "${block%.*}.name")" "$1"
}

# The kernels that it names must be among those that are asked for.
missing_kernel()
{
	local k

	for k in "${KERNELS[@]}"; do
		grep -qE "\\b${k//./\\.}\\b" "$block" || continue
		case " ${KERNEL:-${KERNELS[*]}} " in
		*" $k "*) [ -e "$BUILD/kernels/$k/release" ] || echo "$k" ;;
		*) echo "$k" ;;
		esac
	done
}

# ended STATUS
ended()
{
	cat "$work/log"
	if [ "$1" = 0 ]; then
		report ok
	else
		report "no: $(grep . "$work/log" | tail -n 1 | tr '\t' ' ')"
	fi
}

in_tree()
{
	local status=0 missing

	missing=$(missing_kernel | xargs)
	if [ -n "$missing" ]; then
		report "-: it is about Linux $missing, too"
		return
	fi
	(cd "$TOP" && bash -ex "$block") >"$work/log" 2>&1 || status=$?
	ended $status
}

copy_tree()
{
	local file

	mkdir -p "$work/tree"
	list_project
	for file in "${PROJECT[@]}"; do
		[ ! -f "$file" ] || echo "$file"
	done | cpio --quiet -pd "$work/tree"
}

# One whose module the host's own compiler can build, as the block expects.
headers()
{
	local k

	for k in 6.12 6.1; do
		needs_chroot $k || [ ! -e "$BUILD/kdir/$k-cloud/Makefile" ] ||
			{ realpath "$BUILD/kdir/$k-cloud"; return; }
	done
}

# shellcheck disable=SC2016 # expanded by the inner shell
in_copy()
{
	local status=0 kdir

	kdir=$(headers)
	if [ "$(id -u)" != 0 ] || [ -z "$kdir" ]; then
		report "-: needs root, and headers of a kernel for the host's compiler"
		return
	fi
	[ -d $MODULES ] || { mkdir $MODULES; made=$MODULES; }
	(cd "$TOP" && copy_tree)
	mkdir -p "$work/bin"
	printf '#!/bin/sh\nexec "$@"\n' >"$work/bin/sudo"
	chmod +x "$work/bin/sudo"
	PATH=$work/bin:$PATH MAKEFLAGS=-j2 unshare -m --propagation private sh -eu -c '
		unset KERNEL TEE
		mount -t tmpfs none /usr/local
		mount -t tmpfs none /lib/modules
		mkdir "/lib/modules/$(uname -r)"
		ln -s "$1" "/lib/modules/$(uname -r)/build"
		cd "$2"
		bash -ex "$3"
		command -v tsmctl
		find /lib/modules -name "tsm_guest.ko*" | grep .
		' sh "$kdir" "$work/tree" "$block" >"$work/log" 2>&1 || status=$?
	ended $status
}

. "$TOP/selftests/checks/tap.bash"
mkdir "$work/blocks"
"$TOP/selftests/clients/readme/blocks.py" "$TOP/README.md" "$work/blocks"
sed 's/\t/\t-: /' "$work/blocks/not-run"
for block in "$work"/blocks/*.copy; do
	[ ! -e "$block" ] || in_copy
done
for block in "$work"/blocks/*.tree; do
	[ ! -e "$block" ] || in_tree
done
