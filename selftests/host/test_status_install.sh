#!/bin/sh
# SPDX-License-Identifier: MIT
# tsmctl status of TDs where drivers are installed, or half installed, or not:
# what keeps which from being loaded, and the command that mends it.
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=status_machine.sh
. ./status_machine.sh

source=$machine/usr/src/tsm-guest-0.1.0

# running RELEASE: a TD without a driver, under this kernel
running() {
	plain_machine tdx_guest
	mkdir -p "$machine/proc/sys/kernel" "$machine/lib/modules/$1"
	echo "$1" >"$machine/proc/sys/kernel/osrelease"
}

# The kernel's own driver is there, but not loaded.
has_intree() {
	printf 'kernel/fs/ext4/ext4.ko.xz: kernel/lib/crc16.ko.xz\n%s\n' \
		kernel/drivers/virt/coco/tdx-guest/tdx-guest.ko.xz: \
		>>"$modules/modules.dep"
}

# It serves.
intree_serves() {
	loaded_for tdx_guest tdx_guest tsm
	mkdir -p "$report"
}

has_source() {
	mkdir -p "$source"
	: >"$source/dkms.conf"
}

has_headers() {
	mkdir -p "$machine/usr/src/linux-headers-$kernel"
	: >"$machine/usr/src/linux-headers-$kernel/Makefile"
	ln -s /usr/src/linux-headers-$kernel "$modules/build"
}

echo "TAP version 13"

# --- nothing serves
running $kernel
json_is "nothing is installed" '.problems[] | .key, .command' \
	"no_driver null"
has_intree
json_is "but the kernel's own driver is there" '.problems[] | .key, .command' \
	"no_driver modprobe tdx_guest"
status_is 1 "so it is in text"
says "it says that ours is not" \
	"^  mend +the kernel's own driver is there, tsm_guest is not installed$"
says "with the command" '^  command +modprobe tdx_guest$'
has_ours tsm_guest.ko
json_is "if ours is there, too, it is the one" '.problems[] | .key, .command' \
	"no_driver tsmctl load"
for name in tsm_guest.ko.xz tsm_guest.ko.zst tsm-guest.ko; do
	running $kernel
	has_ours $name
	json_is "it may be called $name" '.problems[].command' "tsmctl load"
done
for name in tsm_guest.kox xtsm_guest.ko tsm_guest2.ko tsm_gues.ko tsm_guest; do
	running $kernel
	has_ours $name
	mv "$modules/updates" "$modules/gone"
	json_is "but not $name" '.problems[].command' null
done

# --- the package is there, the module is not
running $kernel
has_source
status_is 1 "without headers DKMS builds nothing"
says "it says so" \
	'^problem: tsm_guest 0\.1\.0 is installed, but not for this kernel: DKMS needs'
says "with the command" "^  mend +apt install linux-headers-$kernel$"
says "to which the other problem points" \
	'^  mend +what keeps tsm_guest away is told below$'
json_is "their keys" '.problems[] | .key, .command' \
	"no_driver null no_headers apt install linux-headers-$kernel"
has_intree
json_is "until then the kernel's own could serve" \
	'.problems[] | .key, .command' "no_driver modprobe tdx_guest \
no_headers apt install linux-headers-$kernel"
intree_serves
status_is 0 "if it does, the machine is ready"
says "what ours lacks is a remark" '^note: tsm_guest 0\.1\.0 is installed, but not'
json_is "so are their keys" '.notes[] | .key, .command' \
	"intree_driver null no_extend null no_headers apt install linux-headers-$kernel"
has_headers
status_is 0 "so it is with headers"
says "it says that it was not built" \
	'^note: tsm_guest 0\.1\.0 is installed, but not built for this kernel$'
says "with the command" "^  advice +dkms autoinstall -k $kernel$"
mkdir -p "$machine/var/lib/dkms/tsm-guest/0.1.0/build"
: >"$machine/var/lib/dkms/tsm-guest/0.1.0/build/make.log"
status_is 0 "so it is if that was tried"
says "it says who knows why" \
	'^  advice +build it; .* /var/lib/dkms/tsm-guest/0\.1\.0/build/make\.log'
json_is "its key" '.notes[2] | .key, .command' \
	"not_built dkms autoinstall -k $kernel"
mkdir "$machine/usr/src/tsm-guest-0.2.0"
status_is 0 "of several versions"
says "the last one is told" 'tsm_guest 0\.2\.0 is installed, but not built'

for release in 5.10.0-30-amd64 6.0.12 7.4.0+deb14-amd64 8.1.0; do
	running $release
	has_source
	status_is 1 "$release is no kernel for ours"
	says "it says so" \
		"^problem: tsm_guest is made for Linux 6\.1 to 7\.3, and this is ${release%%+*}"
done
json_is "its key" '.problems[] | .key, .command' \
	"no_driver null kernel_range null"
for release in 6.1.0-56-amd64 6.10 7.0.1 7.3.4+deb13-amd64; do
	running $release
	has_source
	json_is "$release is one" '.problems[1].key' no_headers
done

range=$(sed -n 's/^BUILD_EXCLUSIVE_KERNEL="\(.*\)"$/\1/p' \
	../../packaging/dkms.conf)
for release in 5.19.0 6.0.9 6.1 6.1.0-1 6.9 6.10 6.99 7.0 7.3.9 7.4 7.30 8.1; do
	running $release
	has_source
	if echo $release | grep -Eq "$range"; then
		json_is "DKMS builds for $release" '.problems[1].key' no_headers
	else
		json_is "DKMS does not build for $release" \
			'.problems[1].key' kernel_range
	fi
done

running $kernel
has_ours tsm_guest.ko
rm "$modules/modules.dep"
status_is 1 "a module of which depmod does not know"
says "is not found by modprobe" \
	"^problem: /lib/modules/$kernel/updates/dkms/tsm_guest\.ko is there, but modprobe"
json_is "depmod mends it" '.problems[] | .key, .command' \
	"no_driver null not_indexed depmod $kernel"

# --- a kernel without a name, or with one that is none
running $kernel
has_source
rm "$machine/proc/sys/kernel/osrelease"
status_is 1 "if the kernel's release is unknown, so is what is installed for it"
json_is "our package may be" '.problems[].key' no_driver
# shellcheck disable=SC2016
for release in '6.1;reboot' '../../etc' '$(reboot)' '-k' '6.1 x' "6.1'"; do
	running $kernel
	has_source
	echo "$release" >"$machine/proc/sys/kernel/osrelease"
	status_is 1 "a release '$release' is none"
	silent "and gets into no command" 'reboot|etc|-k|6\.1'
done
running $kernel
mkdir -p "$machine/usr/src/tsm-guest-;reboot"
json_is "nor does a version that is none" '.problems[].command' \
	null
tap_done
