#!/bin/bash
# SPDX-License-Identifier: MIT
# Tests the initramfs hook: makes initramfs with initramfs-tools, and boots them.

set -eu
. "$(dirname "$0")/../vm/common.sh"
. "$(dirname "$0")/stage.bash"
. "$TOP/selftests/checks/tap.bash"

K=6.12
CONF=etc/tsm-guest/measure.conf

usage()
{
	cat <<-END
	usage: initramfs-test.sh RELEASE

	Makes initramfs for Linux $K with the initramfs-tools of RELEASE (bookworm
	or trixie): as installed, and with measuring enabled. Boots them in an
	emulated TD with a root of its own, and looks at the log. Prints TAP.
	END
}

# The base as it is, and above it what a test adds: nothing of it is changed.
# in_root COMMAND...
in_root()
{
	# shellcheck disable=SC2016 # for the inner shell
	unshare -m --propagation private bash -eu -c '
		mount -t overlay -o "lowerdir=$1,upperdir=$2,workdir=$3" none "$4"
		mount -t proc proc "$4/proc"
		mount -t devtmpfs none "$4/dev"
		root=$4
		shift 4
		export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
		exec chroot "$root" "$@"' sh \
		"$BASE" "$DIR/upper" "$DIR/work" "$DIR/root" "$@"
}

# What packages would have put there, and a driver for virtio's disk.
make_upper()
{
	local up=$DIR/upper modules

	REL=$(cat "$BUILD/kernels/$K/release")
	modules=usr/lib/modules/$REL
	mkdir -p "$up/usr/bin" "$up/etc/tsm-guest" "$up/etc/initramfs-tools" \
		"$up/$modules/updates/dkms" "$up/usr/share/initramfs-tools" \
		"$up/usr/lib/modprobe.d" "$up/boot" "$DIR/work" "$DIR/root"
	cp "$BUILD/bin/tsmctl" "$up/usr/bin"
	cp -r "$TOP"/packaging/initramfs/{hooks,scripts} \
		"$up/usr/share/initramfs-tools"
	cp "$TOP/packaging/initramfs/measure.conf" "$up/$CONF"
	# not tsm-emu.conf, which keeps tsm_emu from what loads it here
	cp "$TOP/packaging/modprobe.d/tsm-guest.conf" "$up/usr/lib/modprobe.d"
	cp "$BUILD/kernels/$K"/modules/modules.{order,builtin*} "$up/$modules"
	(cd "$BUILD/kernels/$K/modules/" && cp -r --parents kernel/crypto \
		kernel/arch/x86/crypto kernel/drivers/{block,virtio,virt} \
		kernel/fs/configfs kernel/lib \
		"$up/$modules")
	cp "$BUILD/mod/$K-cloud/tsm_guest.ko" "$BUILD/emu/$K/tsm_emu.ko" \
		"$up/$modules/updates/dkms"
	cp "$BUILD/kernels/$K/root/boot/config-$REL" "$up/boot"
	printf '%s\n' MODULES=list BUSYBOX=auto COMPRESS=gzip \
		>"$up/etc/initramfs-tools/initramfs.conf"
	printf '%s\n' virtio_blk tsm_emu \
		>"$up/etc/initramfs-tools/modules"
}

# configure LINE...: the file says these and nothing else
configure()
{
	printf '%s\n' "$@" >"$DIR/upper/$CONF"
}

# A link of the root may lead anywhere: into what is not of the root, too.
make_disk()
{
	local root=$DIR/disk.d

	mkdir -p "$root"/{bin,dev,proc,sys,run,etc}
	cp "$(command -v busybox)" "$root/bin"
	echo "to be measured" >"$root/etc/file"
	ln -s file "$root/etc/link"
	ln -s /proc/version "$root/etc/out"
	cp "$BUILD/bin/tsmctl" "$root/bin"
	ldd "$BUILD/bin/tsmctl" | grep -o '/[^ ]*\.so[^ ]*' |
	while read -r lib; do
		mkdir -p "$root${lib%/*}"
		cp -L "$lib" "$root$lib"
	done
	cat >"$root/init" <<-'END'
	#!/bin/busybox sh
	PATH=/bin
	busybox mount -t configfs none /sys/kernel/config
	busybox mount -t securityfs none /sys/kernel/security
	busybox mount -t devtmpfs none /dev 2>/dev/null
	exec >/dev/ttyS1 2>&1
	echo "root switched"
	tsmctl log show
	tsmctl log replay
	busybox poweroff -f
	END
	chmod +x "$root/init"
	mke2fs -q -t ext4 -d "$root" "$DIR/disk" 64M >/dev/null 2>&1
	UUID=$(blkid -o value -s UUID "$DIR/disk")
}

# boot [NAME]: with the initramfs of that name; what is said is in $DIR/out
boot()
{
	: >"$DIR/out"
	timeout 120 qemu-system-x86_64 -machine q35 -accel tcg -cpu max -smp 2 \
		-m 512 -nodefaults -display none -no-reboot \
		-kernel "$BUILD/kernels/$K/vmlinuz" -initrd "$DIR/initrd" \
		-append "console=ttyS0 panic=-1 tsc=reliable root=/dev/vda ro init=/init" \
		-drive "file=$DIR/disk,format=raw,if=virtio,snapshot=on" \
		-serial "file:$DIR/console" -serial "file:$DIR/out" \
		</dev/null >"$DIR/qemu" 2>&1 || echo "# QEMU: status $?"
	tr -d '\r' <"$DIR/out" >"$DIR/said"
	sed 's/^\[[ 0-9.]*\] //' "$DIR/console" | tr -d '\r' >"$DIR/kernel"
}

make_initramfs()
{
	in_root mkinitramfs -o /initrd "$REL" 2>&1 &&
		mv "$DIR/upper/initrd" "$DIR/initrd"
}

listed()
{
	in_root lsinitramfs /initrd
}

# says FILE LINE...: each of them is in it
says()
{
	local file=$1 line

	shift
	for line; do
		grep -qF -- "$line" "$DIR/$file" || echo "$file lacks: $line"
	done
}

# silent FILE PATTERN
silent()
{
	! grep -E -- "$2" "$DIR/$1" || return
}

parts()
{
	cp "$DIR/initrd" "$DIR/upper/initrd"
	listed | grep -oE '(tsmctl|sha384sum|measure\.conf|tsm_guest\.ko|/tsm\.ko|tdx-guest\.ko|init-bottom/tsm-guest)(\.[a-z]*)?$' |
		sed 's,^/,,; s/\.ko\..*/.ko/' | sort -u | xargs
	rm "$DIR/upper/initrd"
}

test_disabled()
{
	tap_quiet "initramfs is made with what is installed" make_initramfs
	tap_quiet "and holds nothing of ours but the script" \
		test "$(parts)" = init-bottom/tsm-guest
}

SUM_FILE=$(echo "to be measured" | sha384sum | cut -d ' ' -f 1)

test_enabled()
{
	configure enable=yes measure=cmdline measure=root file=/etc/link \
		"initramfs_file=/$CONF"
	tap_quiet "initramfs is made with measuring" make_initramfs
	tap_quiet "and holds what that takes" test "$(parts)" = \
		"init-bottom/tsm-guest measure.conf sha384sum tdx-guest.ko tsm.ko tsm_guest.ko tsmctl"
	boot
	tap_quiet "the root is switched to" says said "root switched"
	tap_quiet "each thing is an event of its own, in order" \
		says said "kernel_cmdline: console=ttyS0" \
		"root: UUID=$UUID TYPE=ext4" \
		"file: /etc/link sha384:${SUM_FILE:0:20}" \
		"initramfs: /$CONF sha384:"
	tap_quiet "the register is explained by them" says said \
		"equal, 4 records" "yes, all of them"
	tap_quiet "nothing is complained of" silent kernel "NOT MEASURED"
}

test_failure()
{
	configure enable=yes register=rtmr2 file=/etc/nothing file=/etc/out \
		measure=root
	tap_quiet "initramfs is made with what cannot be measured" \
		make_initramfs
	boot
	tap_quiet "the boot goes on" says said "root switched"
	tap_quiet "what is missing is complained of" says kernel \
		"tsm-guest: NOT MEASURED: file: /etc/nothing: no such file" \
		"tsm-guest: NOT MEASURED: file: /etc/out: leads out of the root"
	tap_quiet "what is there is measured, into the register that is named" \
		says said "rtmr2                  equal, 1 record"
	configure enable=yes required=yes file=/etc/nothing
	make_initramfs >/dev/null
	boot
	tap_quiet "with required=yes the machine goes down instead" \
		says kernel "required=yes in measure.conf: this machine is powered off"
	tap_quiet "and the root is not switched to" silent said .
}

# refused WHAT WORDS: no initramfs is made, and that is why
refused()
{
	rm -f "$DIR/initrd"
	make_initramfs >"$DIR/said" || :
	tap_quiet "no initramfs is made $1" test ! -e "$DIR/initrd"
	tap_quiet "which is told" says said "$2"
}

test_nonsense()
{
	local ours=$DIR/upper/usr/lib/modules/$REL/updates/dkms/tsm_guest.ko

	configure enable=yes measures=root
	refused "of what nobody understands" \
		"'measures=root' is nothing that it may say"
	configure "enable=yes " required=yes
	refused "of a word with a blank behind it" \
		"'enable=yes ' is nothing that it may say"
	configure enable=yes required=yes measure=root
	mv "$ours" "$DIR/tsm_guest.ko"
	refused "that could not measure, but must" \
		"required=yes, but there is no tsm_guest for Linux $REL"
	mv "$DIR/tsm_guest.ko" "$ours"
}

[ "${1-}" != --help ] || { usage; exit 0; }
[ $# = 1 ] || { usage >&2; exit 2; }
need_parts "$K"
DIR=$(mktemp -d)
trap 'rm -rf "$DIR"' EXIT
BASE=$(base_of "$1")
make_upper
make_disk
tap_start 20
test_disabled
test_nonsense
test_enabled
test_failure
exit "$tap_failed"
