#!/bin/bash
# SPDX-License-Identifier: MIT
# Tests modprobe.d and the udev rules with the kmod and udevd of a Debian.

set -eu
. "$(dirname "$0")/../vm/common.sh"
. "$(dirname "$0")/stage.bash"

usage()
{
	cat <<-END
	usage: modprobe-test.sh RELEASE KERNEL TEE

	Boots KERNEL with an emulated TEE, and in it lets modprobe and udevd of
	RELEASE (bookworm or trixie) load drivers, as packaging/modprobe.d tells
	them, and give devices to groups, as packaging/udev does. Prints TAP.
	END
}

[ "${1-}" != --help ] || { usage; exit 0; }
[ $# = 3 ] || { usage >&2; exit 2; }

need_parts "$2"
DIR=$(mktemp -d)
trap 'rm -rf "$DIR"' EXIT
base=$(base_of "$1")
make_stage "$base" "$DIR/root"
cp "$TOP/selftests/deb/guest/modprobe.sh" "$DIR/root/tmp/test.sh"
tar -c -C "$DIR/root" -f "$DIR/stage.tar" .
rm -rf "$DIR/root"

# The module is put where DKMS would, by the test itself.
# shellcheck disable=SC2016 # for the shell in the VM
"$VM/run.sh" -k "$2" -t "$3" -d none -T 300 -p "$DIR/stage.tar" \
	-p "$BUILD/mod/$2-cloud/tsm_guest.ko" -- '
	mkdir /stage && mount -t tmpfs none /stage &&
	tar -x -C /stage -f stage.tar && rm stage.tar || exit
	mkdir -p "/stage/lib/modules/$(uname -r)" &&
	cp -r "/lib/modules/$(uname -r)" /stage/lib/modules &&
	mv tsm_guest.ko /stage/tmp || exit
	for dir in dev proc sys run; do
		mount --bind /$dir /stage/$dir || exit
	done
	exec chroot /stage /bin/bash /tmp/test.sh "$TSM_TEE"'
