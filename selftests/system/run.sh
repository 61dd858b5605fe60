#!/bin/bash
# SPDX-License-Identifier: MIT
# Whole Debian systems with our packages: used, upgraded and cleaned, as TAP.
#
# Each release has a disk that goes from boot to boot. What a boot is to show are
# the scripts of guest/, which run in it one after the other.

set -eu
. "$(dirname "$0")/common.bash"
. "$VM/session.bash"

# Seconds for a boot, in one of which DKMS compiles.
LIMIT=1500

usage()
{
	cat <<-END
	usage: run.sh [-n] [bookworm|trixie]...

	Makes our packages, as 'make deb' does, and disks (root.sh), boots these
	(boot.sh) and prints TAP. Both releases at a time, unless only one is named.
	Needs root. What was printed in a boot is in build/system/RELEASE/log.*.

	  bookworm  SNP on 6.1, then 6.12 without headers, then with them, then
	            TDX there, then without our driver
	  trixie    TDX on 6.12 and 7.3, SNP on 7.3, then 7.3 that asks for
	            signatures, then without our driver

	  -n  takes disks and packages as they are
	END
}

# point WORD NAME: a result of the release's, still without its number
point()
{
	echo "$1 - $NAME${BOOT:+, $BOOT}: $2" >>"$DIR/tap"
}

# steps "SCRIPT [ARGUMENT]..."...: a command that runs these scripts of guest/.
steps()
{
	local words

	echo "set -e"
	for words; do
		read -ra words <<<"$words"
		echo "sh ./${words[0]}.sh ${words[*]:1}"
	done
}

# boot NAME [-k KERNEL] "SCRIPT [ARGUMENT]..."...: boots once, for these scripts.
# What came after a boot that failed would only tell the same again.
boot()
{
	local log status=0 kernel=()

	BOOT=$1
	shift
	[ "$1" != -k ] || { kernel=("$1" "$2"); shift 2; }
	log=$DIR/log.${BOOT//[^A-Za-z0-9.]/_}
	say "$NAME, $BOOT ..."
	"$SYSTEM/boot.sh" -r "$R" -i "$DIR/work" -T "$LIMIT" "${kernel[@]}" \
		"${GUEST[@]}" -- "$(steps "$@")" >"$log" 2>&1 || status=$?
	sed -nE "s/^(ok|not ok) - /\1 - $NAME, $BOOT: /p; /^#/p" "$log" >>"$DIR/tap"
	if [ $status = 0 ]; then
		point ok "comes up, goes down, and the kernel does not complain"
	else
		point "not ok" "comes up, goes down, and the kernel does not complain"
		tail -n 30 "$log" | sed 's/^/# /' >>"$DIR/tap"
	fi
	return $status
}

scenario_bookworm()
{
	boot "Linux 6.1, SNP" -k 6.1 "kernel 6.1" "served snp" "evidence snp" "group snp"
	boot "Linux 6.12 without headers, SNP" "kernel 6.12" "intree snp" \
		headers load "evidence snp" "next tdx"
	boot "Linux 6.12, TDX" "served tdx" "evidence tdx" "removed remove"
	boot "Linux 6.12 without tsm_guest, TDX" "intree tdx" "removed purge"
}

scenario_trixie()
{
	boot "Linux 6.12, TDX" -k 6.12 "kernel 6.12" "served tdx" \
		"evidence tdx" unload load "group tdx"
	boot "Linux 7.3, TDX" "kernel 7" "served tdx" "evidence tdx" unload \
		load "next snp"
	boot "Linux 7.3, SNP" "served snp" "evidence snp" "next tdx" enforce
	boot "Linux 7.3 that asks for signatures, TDX" refused "intree tdx" \
		"removed remove"
	boot "Linux 7.3 without tsm_guest, TDX" "intree tdx" "removed purge"
}

make_disk()
{
	local name="apt installs our packages where a system is made"

	"$SYSTEM/root.sh" -r "$R" >"$DIR/log.root" 2>&1 || {
		point "not ok" "$name"
		tail -n 40 "$DIR/log.root" | sed 's/^/# /' >>"$DIR/tap"
		return 1
	}
	point ok "$name"
}

# release NAME: runs by itself, and leaves $DIR/tap.
release()
{
	local script

	use_release "$1"
	mkdir -p "$DIR"
	: >"$DIR/tap"
	BOOT="" GUEST=()
	for script in "$SYSTEM"/guest/*.sh; do
		GUEST+=(-p "$script")
	done
	[ -n "${TSM_DISKS_ARE_MADE-}" ] || make_disk || return
	cp --sparse=always "$DIR/disk" "$DIR/work"
	"scenario_$R"
	rm -f "$DIR/work"
}

# number: TAP of all releases as one document
number()
{
	echo "TAP version 13"
	awk '/^(ok|not ok) - /{ n++; sub(/ok - /, "ok " n " - ") } { print }
		END { print "1.." n + 0 }'
}

# Both at a time, each in a session of its own; see session.bash.
stop()
{
	local session

	trap '' INT TERM HUP
	for session in ${child-} "${CHILDREN[@]}"; do
		end_session "$session"
	done
	exit "$1"
}

main()
{
	local r failed=0

	[ "$(id -u)" = 0 ] || die 4 "whole systems are made by root"
	[ -n "${TSM_DISKS_ARE_MADE-}" ] ||
		attend "$TOP/packaging/deb.sh" >/dev/null || exit
	for r; do
		setsid "$SYSTEM/run.sh" --alone "$r" </dev/null &
		CHILDREN+=($!)
	done
	for r in "${CHILDREN[@]}"; do
		wait "$r" || failed=1
	done
	for r; do
		cat "$BUILD/system/$r/tap"
	done | number
	for r; do
		! grep -q '^not ok' "$BUILD/system/$r/tap" || failed=1
	done
	return $failed
}

CHILDREN=()
case ${1-} in
-h | --help)
	usage ;;
--alone)
	release "$2" ;;
*)	[ "${1-}" != -n ] || { export TSM_DISKS_ARE_MADE=y; shift; }
	[ $# -gt 0 ] || set -- "${RELEASES[@]}"
	for r; do
		use_release "$r"
	done
	main "$@" ;;
esac
