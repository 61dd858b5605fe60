#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs parts of the tests, keeps their TAP in build/check, prints the total.
#
# A part that fails does not keep the next from running; the total tells.

set -u
. "$(dirname "$0")/common.sh"
. "$VM/session.bash"

OUT=$BUILD/check
LIMIT=2400	# seconds for one suite

usage()
{
	cat <<-END
	usage: check.sh PART...

	  deps     packages, kernels, chroot, kernel sources
	  build    the module on every kernel and flavour, with W=1 and sparse;
	           tools, emulator, kselftests
	  host     parsers and command line, without a VM
	  fuzz     parsers and verifiers fed with libFuzzer's inventions, 20 s each
	  style    source checks
	  vm-6.1 vm-6.12 vm-7.3
	           the suite in VMs of that kernel, ours and in-tree drivers, for
	           each TEE of \$TEE (default: tdx snp), with the emulator's own
	           test and that of boot logs
	  clients  clients of others in VMs, with our driver and the in-tree one;
	           prints a table
	deb      the Debian packages: built, judged, and installed in chroots of
	         Debian 12 and 13
	system   our packages in whole Debian systems, which are booted, upgraded
	         and cleaned

	deps and build are about the kernels that \$KERNEL lists (default: all).

	Logs and TAP are in build/check; exits with 0 only if nothing failed.
	END
}

# fresh FILE...: what an earlier run left must never be taken for this one's.
fresh()
{
	rm -f "$@" || die 1 "cannot remove what an earlier run left: $*"
}

# point NAME COMMAND...: one TAP line; its output is shown only if it failed.
point()
{
	local name=$1 log status=0

	shift
	points=$((points + 1))
	log=$OUT/log/${name//[^A-Za-z0-9._-]/_}
	fresh "$log"
	say "$name ..."
	attend "$@" >"$log" 2>&1 || status=$?
	if [ $status = 0 ]; then
		echo "ok $points - $name"
	else
		echo "not ok $points - $name"
		tail -n 40 "$log" | sed 's/^/# /'
		echo "# status $status; log: ${log#"$TOP/"}"
	fi
	return $status
}

part_deps()
{
	local what

	point "Debian packages are installed" "$VM/deps.sh"
	for what in "${WANTED[@]}"; do
		point "Linux $what is fetched" "$VM/kernels.sh" "$what"
	done
	point "kernel selftests are fetched" "$VM/kernels.sh" ksrc ksrc-6.12
}

part_build()
{
	local k flavour

	for k in "${WANTED[@]}"; do
		for flavour in cloud generic; do
			point "tsm_guest.ko builds without a warning on $k $flavour" \
				"$VM/build-clean.sh" "$TOP" "$k" $flavour \
				"$BUILD/mod/$k-$flavour"
		done
		point "tsm_emu.ko and its probe build without a warning on $k" \
			"$VM/build-clean.sh" "$TOP/selftests/emu" "$k" cloud \
			"$BUILD/emu/$k"
	done
	point "tsmctl, tsm-emud and the VM's init build" \
		make -C "$TOP" vm KERNEL=
}

# The TAP of a suite; host keeps one file for each of its programs.
taps_of()
{
	ls "$OUT/$1.tap" 2>/dev/null
	[ "$1" != host ] || ls "$OUT"/host-*.tap 2>/dev/null
}

# suite NAME COMMAND...: a command that writes build/check/NAME.tap, or prints
# it. Its end is a point, too, if its TAP does not explain the status.
suite()
{
	local name=$1 log=$OUT/log/$1 status=0 taps

	shift
	say "$name ..."
	mapfile -t taps < <(taps_of "$name")
	fresh "$log" "$log.out" "${taps[@]}"
	attend timeout -k 5 "$LIMIT" "$@" >"$log.out" 2>"$log" || status=$?
	mapfile -t taps < <(taps_of "$name")
	if [ ${#taps[@]} = 0 ]; then
		taps=("$OUT/$name.tap")
		mv "$log.out" "${taps[0]}" ||
			die 1 "$name: cannot keep its TAP in ${OUT#"$TOP/"}"
	fi
	explained "$status" "${taps[@]}" ||
		explain "$name" "$status" >>"${taps[0]}" ||
		die 1 "$name: cannot write to ${taps[0]#"$TOP/"}"
	grep -h -B 6 -A 6 '^not ok' "${taps[@]}"
	TAPS+=("${taps[@]}")
}

# explain NAME STATUS: a failed point for an end that no test tells of.
explain()
{
	printf 'TAP version 13\n1..1\nnot ok 1 %s ended with status %s\n' "$@" &&
		tail -n 40 "$OUT/log/$1" | sed 's/^/# /'
}

# explained STATUS TAP...
explained()
{
	local status=$1

	shift
	case $status in
	0)	;;
	4)	cat "$@" | grep -q '^1\.\.0 # SKIP' ;;
	*)	cat "$@" | grep -q '^not ok' ;;
	esac
}

part_host()
{
	suite host make -s -C "$TOP/selftests/host" check
}

part_fuzz()
{
	suite fuzz "$TOP/selftests/fuzz/run.sh" -s 20
}

part_style()
{
	local check

	for check in "$TOP"/selftests/checks/*.sh; do
		case ${check##*/} in
		tap-total.sh) ;;
		*) suite "check-$(basename "$check" .sh)" "$check" ;;
		esac
	done
}

part_vm()
{
	local k=$1 tee driver

	if [ ! -e "$BUILD/kernels/$k/release" ]; then
		suite "vm-$k" echo "1..0 # SKIP Linux $k was not fetched"
		return
	fi
	for tee in "${WANTED_TEES[@]}"; do
		for driver in tsm_guest intree; do
			suite "vm-$k-$tee-$driver" env TEE="$tee" \
				"$TOP/selftests/vm-suite.sh" "$k" "$driver"
		done
		[ "$tee" != tdx ] ||
			suite "vm-$k-boot-log" "$VM/boot-log-test.sh" "$k"
	done
}

part_clients()
{
	local table=$BUILD/clients/table

	fresh "$table"
	suite clients env KERNEL="${WANTED[*]}" TEE="${WANTED_TEES[*]}" \
		"$TOP/selftests/clients/run.sh"
	[ ! -e "$table" ] || cat "$table"
}

# The packages' rules for modprobe and udev, and their initramfs hook, are tried
# in VMs, with Debian's tools.
part_deb()
{
	local args

	suite deb "$TOP/selftests/deb/run.sh"
	for args in "bookworm 6.1 snp" "bookworm 6.12 tdx" "trixie 7.3 snp"; do
		# shellcheck disable=SC2086 # a list of words
		suite "deb-modprobe-${args// /-}" \
			"$TOP/selftests/deb/modprobe-test.sh" $args
	done
	suite deb-initramfs "$TOP/selftests/deb/initramfs-test.sh" trixie
}

part_system()
{
	suite system "$TOP/selftests/system/run.sh"
}

# points PART: what part_PART has to say, one TAP document.
points()
{
	local tap=$OUT/$1.tap

	points=0
	fresh "$tap"
	{
		echo "TAP version 13"
		part_"$1"
		echo "1..$points"
	} >"$tap" || die 1 "cannot write to ${tap#"$TOP/"}"
	cat "$tap"
	TAPS+=("$tap")
}

main()
{
	local part

	for part; do
		case $part in
		deps | build)
			points "$part" ;;
		host | fuzz | style | clients | deb | system)
			part_"$part" ;;
		vm-*)	part_vm "${part#vm-}" ;;
		*)	usage >&2; exit 2 ;;
		esac
	done
}

# wanted_kernels [KERNEL]...
wanted_kernels()
{
	local k

	[ $# -gt 0 ] || set -- "${KERNELS[@]}"
	for k; do
		case " ${KERNELS[*]} " in
		*" $k "*) ;;
		*) die 2 "KERNEL=$*: $k is not one of ${KERNELS[*]}" ;;
		esac
	done
	WANTED=("$@")
}

# wanted_tees [TEE]...
wanted_tees()
{
	local tee

	[ $# -gt 0 ] || set -- "${TEES[@]}"
	for tee; do
		case " ${TEES[*]} " in
		*" $tee "*) ;;
		*) die 2 "TEE=$*: $tee is not one of ${TEES[*]}" ;;
		esac
	done
	WANTED_TEES=("$@")
}

can_write_in()
{
	local probe

	mkdir -p "$1" || return
	probe=$(mktemp "$1/.probe.XXXXXX") || return
	echo "to be found here" >"$probe" || return
	rm "$probe"
}

# Before anything runs for minutes and then cannot say how it ended.
need_place_for_results()
{
	local dir

	for dir in "$OUT" "$OUT/log"; do
		can_write_in "$dir" ||
			die 4 "cannot write to ${dir#"$TOP/"}: if another" \
				"user made it, remove it"
	done
}

[ $# -gt 0 ] || { usage >&2; exit 2; }
[ "$1" != --help ] || { usage; exit 0; }
# shellcheck disable=SC2086 # lists of words
{ wanted_kernels ${KERNEL-}; wanted_tees ${TEE-}; }
need_place_for_results
TAPS=()
main "$@"
exec "$TOP/selftests/checks/tap-total.sh" "${TAPS[@]}"
