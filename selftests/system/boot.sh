#!/bin/bash
# SPDX-License-Identifier: MIT
# Boots a whole Debian system from a disk of root.sh, and runs a command in it.

# shellcheck disable=SC2016,SC2034 # ALLOW and so on are read by what is sourced
set -eu
. "$(dirname "$0")/common.bash"
. "$VM/image.bash"
. "$VM/qemu.bash"

# A page that the emulator may take for the secrets page of an SNP guest: the
# kernel is told to keep off, and what else plays a TEE does not mind.
SECRETS='memmap=4K$0x10000000'

usage()
{
	cat <<-END
	usage: boot.sh [OPTION]... -- COMMAND [ARGUMENT]...

	Boots a Debian with systemd and our packages (no KVM, no network), waits
	until it is up, runs COMMAND in it as root, passes on what it prints,
	powers off, and exits with its status. One word is taken as a line of
	shell; several are a program and its arguments.

	  -r RELEASE  bookworm or trixie (default trixie)
	  -i DISK     keeps what is changed, in this copy of the release's disk;
	              without it, changes are thrown away
	  -k KERNEL   as in 6.12 (default: the newest of the disk)
	  -a APPEND   adds to the kernel's command line
	  -p PATH     puts a file or folder where COMMAND starts; may be repeated
	  -T SECONDS  ends it after so long (default 600)
	  -W REGEX    lets kernel warnings pass in which a line matches
	  -v          shows the console on stderr while it runs

	In the system, what root.sh put in, and TSM_STATE: what systemd says of its
	start ("running", or "degraded" where a unit failed). Where tsm-emud is
	enabled, /etc/default/tsm-emud names the TEE that the next boot has.

	Exit status: that of COMMAND, or
	  2    usage                     125  the kernel log tells of a bug
	  4    something is not built    126  the system did not come up
	  124  out of time
	After a failure the console log stays, and its path is printed.

	  boot.sh -- tsmctl status
	  boot.sh -r bookworm -k 6.1 -v -- 'systemctl status; journalctl -b'
	END
}

parse_options()
{
	local opt

	R=trixie DISK="" K="" APPEND="" PUT=() LIMIT=600 ALLOW="" VERBOSE=""
	[ "${1-}" != --help ] || { usage; exit 0; }
	while getopts r:i:k:a:p:T:W:vh opt; do
		case $opt in
		r) R=$OPTARG ;;
		i) DISK=$OPTARG ;;
		k) K=$OPTARG ;;
		a) APPEND+=" $OPTARG" ;;
		p) PUT+=("$OPTARG") ;;
		T) LIMIT=$OPTARG ;;
		W) ALLOW=$OPTARG ;;
		v) VERBOSE=y ;;
		h) usage; exit 0 ;;
		*) usage >&2; exit 2 ;;
		esac
	done
	shift $((OPTIND - 1))
	COMMAND=("$@")
	[ $# -gt 0 ] || die 2 "no command; see boot.sh --help"
	[ "$LIMIT" -gt 0 ] 2>/dev/null ||
		die 2 "-T $LIMIT: not a number of seconds that can pass"
	use_release "$R"
}

check_parts()
{
	local tool path

	for tool in qemu-system-x86_64 debugfs awk timeout; do
		command -v $tool >/dev/null ||
			die 4 "no $tool: run 'sudo make deps' first"
	done
	for path in "$DIR/disk" "$DIR/packages"; do
		[ -e "$path" ] || die 4 "no ${path#"$TOP/"}: run" \
			"'sudo selftests/system/root.sh -r $R' first"
	done
	[ -n "$DISK" ] || SNAPSHOT=on
	[ -e "${DISK:=$DIR/disk}" ] || die 2 "-i $DISK: no such file"
	for path in "${PUT[@]}"; do
		[ -e "$path" ] || die 2 "-p $path: no such file or folder"
	done
}

# of_disk REQUEST: debugfs has much to say, but it is the result that tells.
of_disk()
{
	debugfs -R "$1" "$DISK" 2>/dev/null
}

# What a boot loader would do: the newest kernel that the disk holds.
take_kernel()
{
	local pattern="" name

	[ -z "$K" ] || pattern="^${K//./\\.}([^0-9]|$)"
	name=$(of_disk "ls -p /boot" | sed -n 's,^.*/vmlinuz-\([^/]*\)/.*,\1,p' |
		grep -E "$pattern" | sort -V | tail -n 1)
	[ -n "$name" ] || die 126 "no kernel $K in ${DISK#"$TOP/"}"
	of_disk "dump /boot/vmlinuz-$name $WORK/vmlinuz"
	of_disk "dump /boot/initrd.img-$name $WORK/initrd"
}

# A tar on a disk of its own: to be read without a file system.
pack_steps()
{
	local path

	mkdir -p "$WORK/steps/put"
	for path in "${PUT[@]}"; do
		cp -rL "$path" "$WORK/steps/put"
	done
	write_command >"$WORK/steps/command"
	tar -c -C "$WORK/steps" -b 2048 . >"$WORK/steps.tar"
}

# drive FILE OPTION... : its arguments, in the order of /dev/vda, vdb...
drive()
{
	local file=$1 device=virtio-blk-pci

	shift
	DRIVES=$((${DRIVES:-0} + 1))
	[ $DRIVES != 3 ] || device+=,serial=steps
	ARGS+=(-drive "if=none,id=d$DRIVES,format=raw,file=$file,$*"
		-device "$device,drive=d$DRIVES")
}

# One processor: with two, software emulation lets a kernel die now and then
# while it patches its own code (see vm/run.sh), and two systems that boot side
# by side use two as well. ioeventfd=off: what is written is in the file.
start_qemu()
{
	local name

	ARGS=()
	drive "$DISK" "cache=unsafe,snapshot=${SNAPSHOT-off}"
	drive "$DIR/packages" readonly=on
	drive "$WORK/steps.tar" readonly=on
	for name in out err verdict; do
		: >"$WORK/$name"
		ARGS+=(-chardev "file,id=$name,path=$WORK/$name,append=on"
			-device "virtserialport,chardev=$name,name=tsm.$name")
	done
	: >"$WORK/console"
	timeout --foreground -k 2 "$LIMIT" qemu-system-x86_64 -machine q35 \
		-accel tcg -cpu max -smp 1 -m 2048 -nodefaults -display none \
		-no-reboot -kernel "$WORK/vmlinuz" -initrd "$WORK/initrd" \
		-append "root=LABEL=system console=ttyS0 panic=-1 $SECRETS$APPEND" \
		-serial "file:$WORK/console" \
		-device virtio-serial-pci,ioeventfd=off "${ARGS[@]}" \
		</dev/null >"$WORK/qemu" 2>&1 &
	QEMU=$!
}

prepare()
{
	mkdir -p "$DIR/run"
	find "$DIR/run" -maxdepth 1 -name 'boot.*' -mmin +1440 -exec rm -rf {} +
	trap 'stop 130' INT
	trap 'stop 143' TERM HUP
	trap 'stop 4' EXIT
	WORK=$(mktemp -d "$DIR/run/boot.XXXXXX")
	take_kernel
	pack_steps
	trap 'stop $?' EXIT
}

main()
{
	local ended=0 status=0

	parse_options "$@"
	check_parts
	prepare
	run_vm || ended=$?
	judge $ended || status=$?
	[ $status != 0 ] || [ $ended = 0 ] || {
		status=126
		say "the system did not power off"
	}
	[ $status = 0 ] || { say "status $status"; keep_consoles; }
	stop $status
}

main "$@"
