# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Machines that are described by files, and what tsmctl status says of them:
# source it after tap.sh.

ctl=${BUILD:?}/bin/tsmctl
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
machine=$dir/machine
export report=$machine/sys/kernel/config/tsm/report
module=$machine/sys/module
misc=$machine/sys/class/misc

# A machine with configfs, whose CPU has these FLAGs besides.
plain_machine() {
	rm -rf "$machine"
	mkdir -p "$machine/proc" "$module" "$machine/sys/kernel/config" \
		"$machine/dev" "$misc"
	printf 'processor\t: 0\nflags\t\t: fpu %s sse\n\nprocessor\t: 1\n' \
		"$*" >"$machine/proc/cpuinfo"
	echo 'configfs /sys/kernel/config configfs rw,relatime 0 0' \
		>"$machine/proc/mounts"
}

# loaded_for DEVICE MODULE...: one of them a driver that made this device
loaded_for() {
	device=$1
	shift
	for name in "$@"; do
		mkdir -p "$module/$name"
	done
	mkdir -p "$misc/$device"
	: >"$machine/dev/$device"
}

kernel=6.12.3-cloud-amd64
modules=$machine/lib/modules/$kernel

# has_ours NAME: its file for the kernel that runs, and where modprobe looks
has_ours() {
	mkdir -p "$modules/updates/dkms" "$machine/proc/sys/kernel"
	echo $kernel >"$machine/proc/sys/kernel/osrelease"
	printf 'MODULE' >"$modules/updates/dkms/$1"
	echo "updates/dkms/$1: kernel/fs/configfs/configfs.ko" \
		>>"$modules/modules.dep"
}

# from_hex DIGITS: the bytes, without xxd
from_hex() {
	for byte in $(echo "$1" | sed 's/../& /g'); do
		# shellcheck disable=SC2059
		printf "\\$(printf %03o "0x$byte")"
	done
}

# le32 NUMBER: as hex digits
le32() {
	printf '%02x%02x%02x%02x' $(($1 & 255)) $(($1 >> 8 & 255)) \
		$(($1 >> 16 & 255)) $(($1 >> 24 & 255))
}

# record FILE SIZE NUMBER HEX: in a file that stands for a device
record() {
	mkdir -p "${1%/*}"
	from_hex "$4" >"$dir/record"
	dd if="$dir/record" of="$1" bs="$2" seek=$(($3)) conv=notrunc \
		status=none
}

# status_is STATUS SENTENCE
status_is() {
	ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99 \
		"$ctl" status --sysroot "$machine" >"$dir/out" 2>"$dir/err"
	status=$?
	[ $status -eq "$1" ] || echo "# status $status, expected $1"
	[ $status -eq "$1" ]
	tap_result $? "$2"
}

# says SENTENCE REGEX: in the last status
says() {
	grep -Eq -- "$2" "$dir/out" || sed 's/^/# /' "$dir/out"
	grep -Eq -- "$2" "$dir/out"
	tap_result $? "$1"
}

# silent SENTENCE REGEX
silent() {
	! grep -E -- "$2" "$dir/out"
	tap_result $? "$1"
}

# json_is SENTENCE FILTER WORDS: what jq makes of the status, line by line
json_is() {
	if ! command -v jq >/dev/null; then
		tap_skip "$1" "no jq"
		return
	fi
	"$ctl" status --json --sysroot "$machine" >"$dir/json"
	got=$(jq -r "$2" "$dir/json" | tr '\n' ' ')
	[ "$got" = "$3 " ] || echo "# got '$got', expected '$3 '"
	[ "$got" = "$3 " ]
	tap_result $? "$1"
}
