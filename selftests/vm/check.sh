#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs parts of the tests, keeps their TAP in build/check, prints the total.
#
# A part that fails does not keep the next from running; the total tells.

set -u
. "$(dirname "$0")/common.sh"

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
	  style    source checks
	  vm-6.1 vm-6.12 vm-7.3
	           the suite in a VM of that kernel, ours and in-tree drivers

	Logs and TAP are in build/check; exits with 0 only if nothing failed.
	END
}

# point NAME COMMAND...: one TAP line; its output is shown only if it failed.
point()
{
	local name=$1 log status=0

	shift
	points=$((points + 1))
	log=$OUT/log/${name//[^A-Za-z0-9._-]/_}
	say "$name ..."
	"$@" >"$log" 2>&1 </dev/null || status=$?
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
	for what in "${KERNELS[@]}"; do
		point "Linux $what is fetched" "$VM/kernels.sh" "$what"
	done
	point "a trixie chroot is made" "$VM/kernels.sh" chroot
	point "kernel selftests are fetched" "$VM/kernels.sh" ksrc
}

# Warnings count where they point at our files; kernel headers have their own.
warnings()
{
	grep -E '(^|[ /])[^ ]+\.[chS]:[0-9:]+ (warning|error)|WARNING: modpost' |
		grep -v '/linux-headers-'
}

# A build from nothing: what was compiled before would not warn again.
build_clean()
{
	local out=$4 status

	rm -rf "$out"
	"$VM/build-module.sh" "$1" "$2" "$3" "$out" C=2 2>&1 | tee "$out.log"
	status=${PIPESTATUS[0]}
	if warnings <"$out.log" >/dev/null; then
		echo "there are warnings"
		status=1
	fi
	rm -f "$out.log"
	return "$status"
}

part_build()
{
	local k flavour

	for k in "${KERNELS[@]}"; do
		for flavour in cloud generic; do
			point "tsm_guest.ko builds without a warning on $k $flavour" \
				build_clean "$TOP" "$k" $flavour \
				"$BUILD/mod/$k-$flavour"
		done
		point "tsm_emu.ko builds without a warning on $k" \
			build_clean "$TOP/selftests/emu" "$k" cloud \
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
	taps_of "$name" | xargs -r rm
	timeout -k 5 "$LIMIT" "$@" </dev/null >"$log.out" 2>"$log" || status=$?
	[ -n "$(taps_of "$name")" ] || mv "$log.out" "$OUT/$name.tap"
	mapfile -t taps < <(taps_of "$name")
	explained "$status" "${taps[@]}" || {
		printf 'TAP version 13\n1..1\nnot ok 1 %s ended with status %s\n' \
			"$name" "$status"
		tail -n 40 "$log" | sed 's/^/# /'
	} >>"${taps[0]}"
	grep -h -B 6 -A 6 '^not ok' "${taps[@]}"
	TAPS+=("${taps[@]}")
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
	local k=$1 driver

	if [ ! -e "$BUILD/kernels/$k/release" ]; then
		suite "vm-$k" echo "1..0 # SKIP Linux $k was not fetched"
		return
	fi
	for driver in tsm_guest intree; do
		suite "vm-$k-$driver" \
			"$TOP/selftests/vm-suite.sh" "$k" "$driver"
	done
}

# points PART: what part_PART has to say, one TAP document.
points()
{
	local tap=$OUT/$1.tap

	points=0
	{
		echo "TAP version 13"
		part_"$1"
		echo "1..$points"
	} >"$tap"
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
		host | style)
			part_"$part" ;;
		vm-*)	part_vm "${part#vm-}" ;;
		*)	usage >&2; exit 2 ;;
		esac
	done
}

[ $# -gt 0 ] || { usage >&2; exit 2; }
[ "$1" != --help ] || { usage; exit 0; }
[ "${TEE:-tdx}" = tdx ] || die 2 "TEE=$TEE: only tdx is emulated"
mkdir -p "$OUT/log"
TAPS=()
main "$@"
exec "$TOP/selftests/checks/tap-total.sh" "${TAPS[@]}"
