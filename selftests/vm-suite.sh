#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs the kselftests in VMs with one kernel, one driver and one emulated TEE.
#
# usage: [TEE=tdx|snp] vm-suite.sh KERNEL DRIVER [TEST]...
#
#   KERNEL   6.1, 6.12 or 7.3: what vm/run.sh takes
#   DRIVER   tsm_guest: everything, in a few boots (the driver loaded, under an
#            SVSM, not loaded, and no TEE), the emulator's own test, and the
#            scripts that boot VMs themselves; intree: what the kernel's own
#            driver has in common with ours
#   TEST     only these programs, such as report_test or 'ioctl_test -f tdcall';
#            emu_probe is the emulator's own test; verify has tsmctl judge
#            evidence in the VM; event-log, load, same-bytes, status and
#            snp-same-bytes are those scripts
#
# Tests whose names start with snp_ or sev_ (module_snp_ for those that load the
# driver themselves) are for TEE=snp, the others for TEE=tdx, the default.
#
# Needs what vm/run.sh needs (`make vm KERNEL=...`) and KSRC (default: what
# `make deps` unpacks). Installs the tests into build/selftests, writes their
# TAP to vm-KERNEL-TEE-DRIVER.tap in CHECK_DIR (default: build/check), and
# prints what failed and the totals. Exit status: 0 if nothing failed, 1 if
# anything did, 2 usage, 4 if something is not built.

set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$here")
folder=$top/build/selftests

usage()
{
	sed -n 's/^# \{0,1\}//; 4,26p' "$0" >&2
	exit 2
}

install_tests()
{
	make -s -C "$here" install INSTALL_PATH="$folder" ${KSRC:+KSRC="$KSRC"}
	"$here/mainline-tdx.sh" "$folder"
}

# The programs for a machine whose driver is loaded, mainline's among them.
loaded_tests()
{
	local name

	for name in "$here"/*_test.c; do
		name=$(basename "$name" .c)
		case $tee:$name in
		*:module_*) ;;
		snp:snp_* | snp:sev_*) echo "$name" ;;
		*:snp_* | *:sev_* | snp:*) ;;
		*) echo "$name" ;;
		esac
	done
	[ "$tee" != tdx ] || echo tdx_guest_test
}

# boot NAME RUN-OPTIONS -- TEST...: one VM, whose kernel log is a test too.
boot()
{
	local name=$1 status=0 result=ok why="" options=()

	shift
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	set -- "${@/#emu_probe/../emu_probe.sh}"
	set -- "${@/#verify/../verify-guest.sh}"
	echo "vm $kernel $tee $driver: $name" >&2
	"$here/vm/run.sh" -k "$kernel" -t "$tee" -T 900 -p "$folder" \
		-p "$here/verify-guest.sh" "${options[@]}" -- \
		/put/selftests/run-tests.sh "$@" >>"$log" || status=$?
	# 0 and 1 are the tests' own, and TAP tells which of them failed.
	case $status in
	0 | 1) ;;
	2 | 4) exit "$status" ;;
	124) result="not ok" why=": out of time" ;;
	125) result="not ok" why=": it tells of a bug" ;;
	126) result="not ok" why=": the VM did not get that far" ;;
	*) result="not ok" why=": run.sh exited with status $status" ;;
	esac
	printf 'TAP version 13\n1..1\n%s 1 %s\n' "$result" \
		"kernel log of $kernel, $tee, $driver, $name$why" >>"$log"
}

# boot_unloaded NAME RUN-OPTIONS -- TEST...: no driver, so that tests load
# theirs, and that the emulator's own is alone with it. That one breaks the
# host's rules on purpose, and like the others asserts how often it was noticed.
boot_unloaded()
{
	boot "$1" -d none -W 'tsm_emu: violation' \
		-p "$here/emu/probe/emu_probe.sh" \
		-p "$top/build/emu/$kernel/probe/tsm_emu_probe.ko" \
		"${@:2}"
}

# script NAME: one that boots VMs itself, and prints TAP.
script()
{
	local status=0

	echo "vm $kernel $tee $driver: $1.sh" >&2
	"$here/$1.sh" "$kernel" >>"$log" || status=$?
	echo "# exit status $status: $1.sh" >>"$log"
}

run_tdx_tsm_guest()
{
	local tests

	mapfile -t tests < <(loaded_tests)
	boot "driver loaded" -d tsm_guest -- "${tests[@]}" verify
	boot_unloaded "driver to be loaded" -- emu_probe module_test \
		module_registers_test "module_conflict_test -F no_tee"
	boot "no TEE" -t none -- "module_conflict_test -f no_tee"
	script same-bytes
	script event-log
	script load
	script status
}

# All but the long ones about what a host may do to a message, to which the VMPL
# makes no difference.
svsm_tests()
{
	loaded_tests | grep -vxE 'snp_(crowd|hostile|storm|throttle)_test'
}

run_snp_tsm_guest()
{
	local tests

	mapfile -t tests < <(loaded_tests)
	boot "driver loaded" -d tsm_guest -- "${tests[@]}" verify
	mapfile -t tests < <(cd "$here" && ls module_snp_*_test.c)
	boot_unloaded "driver to be loaded" -- "${tests[@]%.c}"
	# It uses an IV twice, to see that this shows: in a VM of its own, as
	# others look whether anybody ever did.
	boot_unloaded "emulator alone" -- emu_probe
	script snp-same-bytes
	script load
	script status
	# Linux 6.1 knows of no VMPL, and then of no SVSM.
	[ "$kernel" != 6.1 ] || return 0
	mapfile -t tests < <(svsm_tests)
	boot "under an SVSM" -d tsm_guest -e snp_vmpl=2 -- "${tests[@]}" \
		verify
	boot_unloaded "emulator with an SVSM" -e snp_vmpl=2 -- emu_probe
}

# What tsm/report came with, and a driver for both TEEs with it.
has_intree()
{
	[ "$kernel" != 6.1 ] || printf 'TAP version 13\n1..0 # SKIP %s\n' \
		"Linux 6.1 has no driver for tsm/report" >>"$log"
	[ "$kernel" != 6.1 ]
}

run_tdx_intree()
{
	local tests

	has_intree || return 0
	mapfile -t tests < <(loaded_tests)
	boot "driver loaded" -d intree -- "${tests[@]}"
}

run_snp_intree()
{
	local tests

	has_intree || return 0
	mapfile -t tests < <(loaded_tests)
	boot "driver loaded" -d intree -- "${tests[@]}"
	mapfile -t tests < <(svsm_tests)
	boot "under an SVSM" -d intree -e snp_vmpl=2 -- "${tests[@]}"
}

run_named()
{
	local line loaded=() unloaded=()

	for line; do
		case $line in
		emu_probe) boot_unloaded "emulator by name" -- "$line" ;;
		module_*) unloaded+=("$line") ;;
		event-log | load | same-bytes | snp-same-bytes | status)
			script "$line" ;;
		*) loaded+=("$line") ;;
		esac
	done
	[ ${#loaded[@]} = 0 ] ||
		boot "tests by name" -d "$driver" -- "${loaded[@]}"
	[ ${#unloaded[@]} = 0 ] ||
		boot_unloaded "module tests by name" -- "${unloaded[@]}"
}

[ $# -ge 2 ] || usage
kernel=$1 driver=$2 tee=${TEE:-tdx}
shift 2
case $tee:$driver in
tdx:tsm_guest | tdx:intree | snp:tsm_guest | snp:intree) ;;
*) usage ;;
esac

log=${CHECK_DIR:-$top/build/check}/vm-$kernel-$tee-$driver.tap
mkdir -p "${log%/*}"
: >"$log"
install_tests
if [ $# -gt 0 ]; then
	run_named "$@"
else
	"run_${tee}_$driver"
fi
"$here/checks/tap-total.sh" "$log"
