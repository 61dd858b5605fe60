#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs a command as root in a VM that has one of the kernels and an emulated TEE.

set -eu
. "$(dirname "$0")/common.sh"
. "$VM/image.bash"
. "$VM/boot-log.bash"
. "$VM/qemu.bash"

# Where tsm_emu.ko looks for the secrets page of an SNP guest by default: any
# page that the kernel does not use by then, as it is told to keep off.
SECRETS_PAGE=0x10000000

usage()
{
	cat <<-END
	usage: run.sh [OPTION]... -- COMMAND [ARGUMENT]...

	Boots a throw-away VM (no KVM, no disk, no network), runs COMMAND in it as
	root, passes on what it prints, and exits with its status. One word is
	taken as a line of shell; several are a program and its arguments.

	  -k KERNEL   6.1, 6.12 or 7.3 (default 6.12)
	  -t TEE      tdx: emulated Intel TDX (default); snp: emulated AMD SEV-SNP;
	              none: a plain machine
	  -d DRIVER   tsm_guest: ours (default); intree: the kernel's own, which
	              6.1 has none of; none
	  -p PATH     puts a file or folder under /put, where COMMAND starts
	  -e PARAMS   parameters for tsm_emu.ko, as in -e 'quote_delay_ms=200'
	  -c FILE     a boot log, for the VM to find where firmware would leave
	              it (ACPI table CCEL), as a multiple of 64 KiB, filled up
	              with 0xff; the TD starts with the RTMRs that it replays to
	  -T SECONDS  ends the VM after so long (default 120, at least 1)
	  -W REGEX    lets kernel warnings pass in which a line matches
	  -a ACCEL    tcg (default) or kvm
	  -v          shows the kernel's console on stderr while it runs

	-p and -e may be repeated. In the VM: busybox, tsmctl, the emulator's knobs
	under /sys/module/tsm_emu/parameters, and TSM_KERNEL, TSM_TEE, TSM_DRIVER
	and TSM_MODULE (path of tsm_guest.ko) in the environment.

	Exit status: that of COMMAND, or
	  2    usage                     125  the kernel log tells of a bug
	  4    something is not built    126  no boot, or no TEE, or no driver
	  124  out of time               128+N  COMMAND died of signal N
	After a failure the console log stays, and its path is printed. A kernel
	that dies before it ran anything is booted again, twice at most; the earlier
	consoles are kept as console.1 and console.2, even if all goes well then.

	  run.sh -- tsmctl status
	  run.sh -k 7.3 -d intree -p ./my-test -- ./my-test --fast
	  run.sh -e quote_delay_ms=500 -- 'cd /sys/kernel/config; find tsm'
	  run.sh -t snp -e 'snp_vmpl=2 snp_report_v=5' -- tsmctl report -o /dev/null
	END
}

need()
{
	[ -e "$1" ] || die 4 "no ${1#"$TOP/"}: run '$2' first"
}

parse_options()
{
	K=6.12 TEE=tdx DRIVER=tsm_guest ACCEL=tcg LIMIT=120
	ALLOW="" EMU_PARAMS="" PUT=() VERBOSE=""
	BOOT_LOG="" BOOT_LOG_ARGS=() RESERVE=""

	[ "${1-}" != --help ] || { usage; exit 0; }
	while getopts k:t:d:p:e:c:T:W:a:vh opt; do
		case $opt in
		k) K=$OPTARG ;;
		t) TEE=$OPTARG ;;
		d) DRIVER=$OPTARG ;;
		p) PUT+=("$OPTARG") ;;
		e) EMU_PARAMS+=" $OPTARG" ;;
		c) BOOT_LOG=$OPTARG ;;
		T) LIMIT=$OPTARG ;;
		W) ALLOW=$OPTARG ;;
		a) ACCEL=$OPTARG ;;
		v) VERBOSE=y ;;
		h) usage; exit 0 ;;
		*) usage >&2; exit 2 ;;
		esac
	done
	shift $((OPTIND - 1))
	COMMAND=("$@")
}

check_options()
{
	local path

	case " ${KERNELS[*]} " in
	*" $K "*) ;;
	*) die 2 "-k $K: not one of ${KERNELS[*]}" ;;
	esac
	case $TEE in
	tdx) INTREE=tdx-guest ;;
	snp) INTREE=sev-guest ;;
	none) INTREE="" DRIVER=none ;;
	*) die 2 "-t $TEE: not one of tdx snp none" ;;
	esac
	case $DRIVER in
	tsm_guest | intree | none) ;;
	*) die 2 "-d $DRIVER: not one of tsm_guest intree none" ;;
	esac
	case $LIMIT in
	"" | *[!0-9]*) die 2 "-T $LIMIT: not a number of seconds" ;;
	esac
	# 0 would be no limit for timeout(1)
	[ "$LIMIT" -gt 0 ] 2>/dev/null ||
		die 2 "-T $LIMIT: not a number of seconds that can pass"
	for path in "${PUT[@]}"; do
		[ -e "$path" ] || die 2 "-p $path: no such file or folder"
	done
	[ -z "$BOOT_LOG" ] || [ "$TEE" != snp ] ||
		die 2 "-c $BOOT_LOG: an SNP guest has no registers for it"
	[ -z "$BOOT_LOG" ] || check_boot_log
	[ ${#COMMAND[@]} -gt 0 ] || die 2 "no command; see run.sh --help"
}

has_intree()
{
	find "$BUILD/kernels/$K/modules/" -name "$INTREE.ko*" | grep -q .
}

check_parts()
{
	local tool

	for tool in qemu-system-x86_64 busybox cpio modprobe depmod unxz ldd \
		awk timeout; do
		command -v $tool >/dev/null ||
			die 4 "no $tool: run 'sudo make deps' first"
	done
	need "$BUILD/kernels/$K/release" "sudo make deps"
	need "$BUILD/bin/init" "make vm KERNEL=$K"
	MODULE=$BUILD/mod/$K-cloud/tsm_guest.ko
	[ "$DRIVER" != tsm_guest ] || need "$MODULE" "make vm KERNEL=$K"
	[ "$DRIVER" != intree ] || has_intree ||
		die 126 "Linux $(cat "$BUILD/kernels/$K/release") comes" \
			"without $INTREE"
	[ "$TEE" = none ] || {
		need "$BUILD/emu/$K/tsm_emu.ko" "make vm KERNEL=$K"
		need "$BUILD/bin/tsm-emud" "make vm KERNEL=$K"
		need "$BUILD/pki/snp" "make vm KERNEL=$K"
	}
	[ -e "$BUILD/bin/tsmctl" ] ||
		say "note: no tsmctl in the VM, since 'make tools' was not run"
}

# Regular files as ports: QEMU's writes never block, so nothing can be lost.
start_qemu()
{
	local name args=()

	for name in out err verdict; do
		: >"$WORK/$name"
		args+=(-chardev "file,id=$name,path=$WORK/$name,append=on"
			-device "virtserialport,chardev=$name,name=tsm.$name")
	done
	: >"$WORK/console"
	# ioeventfd=off: a write in the guest is in the file when it returns.
	timeout --foreground -k 2 "$LIMIT" qemu-system-x86_64 -machine q35 -accel "$ACCEL" \
		-cpu max -smp 2 -m 512 -nodefaults -display none -no-reboot \
		-kernel "$BUILD/kernels/$K/vmlinuz" -initrd "$WORK/initrd" \
		-append "console=ttyS0 panic=-1 tsc=reliable rdinit=/init$RESERVE" \
		"${BOOT_LOG_ARGS[@]}" \
		-serial "file:$WORK/console" \
		-device virtio-serial-pci,ioeventfd=off "${args[@]}" \
		</dev/null >"$WORK/qemu" 2>&1 &
	QEMU=$!
}

# Under software emulation with two CPUs a kernel dies now and then while it
# patches its own code: one CPU runs into the other's breakpoint. Before /init
# nothing of ours ran; while init loads modules, only that very death counts.
died_of_emulation()
{
	[ "$1" != 124 ] || return 1
	grep -q 'Run /init as init process' "$WORK/console" || return 0
	! grep -q 'init: the command starts' "$WORK/console" &&
		grep -q 'Oops: int3' "$WORK/console"
}

# What goes wrong here is that something is missing, not that a test failed.
prepare()
{
	BASE=$BUILD/vm/base-$K.cpio
	mkdir -p "$BUILD/vm"
	find "$BUILD/vm" -maxdepth 1 -name 'run.*' -mmin +1440 \
		-exec rm -rf {} +	# kept logs, a day old
	trap 'stop 130' INT
	trap 'stop 143' TERM HUP
	trap 'stop 4' EXIT
	WORK=$(mktemp -d "$BUILD/vm/run.XXXXXX") ||
		die 4 "cannot write to ${BUILD#"$TOP/"}/vm: if another user" \
			"made it, remove it"
	[ -z "$BOOT_LOG" ] || add_boot_log
	[ "$TEE" != snp ] || RESERVE=" memmap=4K\$$SECRETS_PAGE"
	make_base
	make_initramfs
	trap 'stop $?' EXIT
}

main()
{
	local status=0 deaths=0

	parse_options "$@"
	check_options
	check_parts
	prepare
	run_vm || status=$?
	while [ $deaths -lt 2 ] && died_of_emulation $status; do
		deaths=$((deaths + 1))
		say "the kernel died of the emulation before the command, trying again; it said:"
		tail -n 3 "$WORK/console" >&2
		mv "$WORK/console" "$WORK/console.$deaths"
		status=0
		run_vm || status=$?
	done
	judge $status || status=$?
	[ $status = 0 ] || say "status $status"
	[ "$status$deaths" = 00 ] || keep_consoles
	stop $status
}

main "$@"
