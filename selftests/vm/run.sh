#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs a command as root in a VM that has one of the kernels and an emulated TEE.

set -eu
. "$(dirname "$0")/common.sh"

usage()
{
	cat <<-END
	usage: run.sh [OPTION]... -- COMMAND [ARGUMENT]...

	Boots a throw-away VM (no KVM, no disk, no network), runs COMMAND in it as
	root, passes on what it prints, and exits with its status. One word is
	taken as a line of shell; several are a program and its arguments.

	  -k KERNEL   6.1, 6.12 or 7.3 (default 6.12)
	  -t TEE      tdx: emulated Intel TDX (default); none: a plain machine
	  -d DRIVER   tsm_guest: ours (default); intree: the kernel's own; none
	  -p PATH     puts a file or folder under /put, where COMMAND starts
	  -e PARAMS   parameters for tsm_emu.ko, as in -e 'quote_delay_ms=200'
	  -T SECONDS  ends the VM after so long (default 120)
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
	After a failure the console log stays, and its path is printed.

	  run.sh -- tsmctl status
	  run.sh -k 7.3 -d intree -p ./my-test -- ./my-test --fast
	  run.sh -e quote_delay_ms=500 -- 'cd /sys/kernel/config; find tsm'
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

	[ "${1-}" != --help ] || { usage; exit 0; }
	while getopts k:t:d:p:e:T:W:a:vh opt; do
		case $opt in
		k) K=$OPTARG ;;
		t) TEE=$OPTARG ;;
		d) DRIVER=$OPTARG ;;
		p) PUT+=("$OPTARG") ;;
		e) EMU_PARAMS+=" $OPTARG" ;;
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
	tdx) ;;
	none) DRIVER=none ;;
	*) die 2 "-t $TEE: not one of tdx none" ;;
	esac
	case $DRIVER in
	tsm_guest | intree | none) ;;
	*) die 2 "-d $DRIVER: not one of tsm_guest intree none" ;;
	esac
	case $LIMIT in
	"" | *[!0-9]*) die 2 "-T $LIMIT: not a number of seconds" ;;
	esac
	for path in "${PUT[@]}"; do
		[ -e "$path" ] || die 2 "-p $path: no such file or folder"
	done
	[ ${#COMMAND[@]} -gt 0 ] || die 2 "no command; see run.sh --help"
}

check_parts()
{
	local tool

	for tool in qemu-system-x86_64 busybox cpio; do
		command -v $tool >/dev/null ||
			die 4 "no $tool: run 'sudo make deps' first"
	done
	need "$BUILD/kernels/$K/release" "sudo make deps"
	need "$BUILD/bin/init" "make vm KERNEL=$K"
	MODULE=$BUILD/mod/$K-cloud/tsm_guest.ko
	[ "$DRIVER" != tsm_guest ] || need "$MODULE" "make vm KERNEL=$K"
	[ "$TEE" = none ] || {
		need "$BUILD/emu/$K/tsm_emu.ko" "make vm KERNEL=$K"
		need "$BUILD/bin/tsm-emud" "make vm KERNEL=$K"
		need "$BUILD/pki" "make vm KERNEL=$K"
	}
	[ -e "$BUILD/bin/tsmctl" ] ||
		say "note: no tsmctl in the VM, since 'make tools' was not run"
}

pack()
{
	(cd "$1" && find . -print0 | LC_ALL=C sort -z |
		cpio --quiet -0 -o -H newc -R 0:0)
}

# The in-tree modules that a VM may want, with what they depend on.
copy_modules()
{
	local root=$1 release name path

	release=$(cat "$BUILD/kernels/$K/release")
	mkdir -p "$root/lib/modules/$release"
	cp "$BUILD/kernels/$K/modules"/modules.{order,builtin*} \
		"$root/lib/modules/$release"
	for name in virtio_pci virtio_console configfs tsm tsm_report \
		tdx-guest sev-guest gcm ctr ghash-generic sha512_generic; do
		modprobe -d "$BUILD/kernels/$K/modules/../../.." -S "$release" \
			--show-depends "$name" 2>/dev/null || true
	done | awk '$1 == "insmod" { print $2 }' | sort -u |
	while read -r path; do
		cp "$path" "$root/lib/modules/$release"
	done
	unxz -f "$root/lib/modules/$release"/*.ko.xz 2>/dev/null || true
	depmod -b "$root" "$release"
}

# What stays the same from run to run is packed once: busybox and modules.
make_base()
{
	local root

	[ "$BASE" -ot "$BUILD/kernels/$K/release" ] ||
		[ "$BASE" -ot "$VM/run.sh" ] || return 0
	root=$(mktemp -d "$BUILD/vm/base.XXXXXX")
	mkdir -p "$root"/{bin,sbin,usr,dev,proc,sys,run,tmp,put,root,etc,tsm}
	ln -s ../bin ../sbin "$root/usr"
	cp "$(command -v busybox)" "$root/bin/busybox"
	busybox --list | while read -r applet; do
		ln -s busybox "$root/bin/$applet" 2>/dev/null || true
	done
	ln -s ../bin/busybox "$root/sbin/modprobe"
	copy_modules "$root"
	pack "$root" >"$root.cpio"
	mv "$root.cpio" "$BASE"
	rm -rf "$root"
}

# The shared libraries of the programs given, at the paths they are looked for.
copy_libraries()
{
	local root=$1

	shift
	ldd "$@" 2>/dev/null | grep -o '/[^ ]*\.so[^ ]*' | sort -u |
	while read -r lib; do
		mkdir -p "$root${lib%/*}"
		cp -L "$lib" "$root$lib"
	done
}

write_command()
{
	if [ ${#COMMAND[@]} = 1 ]; then
		printf '%s\n' "${COMMAND[0]}"
	else
		printf 'exec'
		printf " '%s'" "${COMMAND[@]//\'/\'\\\'\'}"
		echo
	fi
}

write_environment()
{
	cat <<-END
	PATH=/usr/bin:/bin:/usr/sbin:/sbin
	HOME=/root
	TSM_KERNEL=$K
	TSM_TEE=$TEE
	TSM_DRIVER=$DRIVER
	TSM_MODULE=/tsm/tsm_guest.ko
	TSM_EMU_PARAMS=tee=$TEE$EMU_PARAMS
	END
}

make_initramfs()
{
	local root=$WORK/root file programs=()

	mkdir -p "$root"/{tsm,put,usr/bin,etc/tsm-emu}
	cp "$BUILD/bin/init" "$root/init"
	for file in "$MODULE" "$BUILD/emu/$K/tsm_emu.ko"; do
		[ ! -e "$file" ] || cp "$file" "$root/tsm"
	done
	for file in "$BUILD"/bin/{tsmctl,tsm-emud}; do
		[ ! -e "$file" ] || cp "$file" "$root/usr/bin"
	done
	[ ! -d "$BUILD/pki" ] || cp -r "$BUILD/pki" "$root/etc/tsm-emu/pki"
	for file in "${PUT[@]}"; do
		cp -rL "$file" "$root/put"
	done
	write_command >"$root/tsm/command"
	write_environment >"$root/tsm/env"

	mapfile -t programs < <(find "$root" -type f -perm /111)
	copy_libraries "$root" "${programs[@]}"
	{ cat "$BASE"; pack "$root"; } >"$WORK/initrd"
	rm -rf "$root"
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
	timeout -k 2 "$LIMIT" qemu-system-x86_64 -machine q35 -accel "$ACCEL" \
		-cpu max -smp 2 -m 512 -nodefaults -display none -no-reboot \
		-kernel "$BUILD/kernels/$K/vmlinuz" -initrd "$WORK/initrd" \
		-append "console=ttyS0 panic=-1 tsc=reliable rdinit=/init" \
		-serial "file:$WORK/console" \
		-device virtio-serial-pci,ioeventfd=off "${args[@]}" \
		</dev/null >"$WORK/qemu" 2>&1 &
	QEMU=$!
}

# tail -f ends by itself once QEMU has, having read all.
follow()
{
	tail -q -c +1 -s 0.05 -f --pid="$QEMU" "$1"
}

stop()
{
	trap - EXIT INT TERM HUP
	[ -z "${QEMU-}" ] || kill "$QEMU" 2>/dev/null || true
	wait
	[ -z "${WORK-}" ] || rm -rf "$WORK"
	exit "$1"
}

run_vm()
{
	local followers=()

	start_qemu
	follow "$WORK/out" & followers+=($!)
	follow "$WORK/err" >&2 & followers+=($!)
	[ -z "$VERBOSE" ] || { follow "$WORK/console" >&2 & followers+=($!); }
	status=0
	wait "$QEMU" || status=$?
	QEMU=""
	wait "${followers[@]}"
	return "$status"
}

# Under software emulation with two CPUs a kernel dies now and then while it
# patches its own code, before it ran anything of ours. Once more is enough.
died_before_init()
{
	[ "$1" != 124 ] &&
		! grep -q 'Run /init as init process' "$WORK/console"
}

# judge QEMU-STATUS: prints what went wrong, returns run.sh's exit status.
judge()
{
	local word rest status complaints

	read -r word rest <"$WORK/verdict" || word=""
	case $word in
	exit) status=$rest ;;
	signal) status=$((128 + rest)) ;;
	fail) status=126; say "$rest" ;;
	*)
		status=126
		[ "$1" != 124 ] || status=124
		if [ $status = 124 ]; then
			say "no verdict within $LIMIT seconds"
		else
			say "the VM ended without a verdict"
		fi
		cat "$WORK/qemu" >&2 ;;
	esac
	complaints=$(awk -v allow="$ALLOW" -f "$VM/klog.awk" "$WORK/console")
	if [ -n "$complaints" ]; then
		say "the kernel log tells of a bug:"
		echo "$complaints" >&2
		[ "$status" != 0 ] || status=125
	fi
	return "$status"
}

main()
{
	local status=0

	parse_options "$@"
	check_options
	check_parts
	BASE=$BUILD/vm/base-$K.cpio
	mkdir -p "$BUILD/vm"
	find "$BUILD/vm" -maxdepth 1 -name 'run.*' -mmin +1440 \
		-exec rm -rf {} +	# kept logs, a day old
	make_base
	WORK=$(mktemp -d "$BUILD/vm/run.XXXXXX")
	trap 'stop 130' INT
	trap 'stop 143' TERM HUP
	trap 'stop $?' EXIT
	make_initramfs
	run_vm || status=$?
	if died_before_init $status; then
		say "the kernel died before /init ran, trying once more; it said:"
		tail -n 3 "$WORK/console" >&2
		status=0
		run_vm || status=$?
	fi
	judge $status || status=$?
	if [ $status != 0 ]; then
		find "$WORK" -type f ! -name console -delete
		say "status $status; console log: ${WORK#"$TOP/"}/console"
		WORK=""
	fi
	stop $status
}

main "$@"
