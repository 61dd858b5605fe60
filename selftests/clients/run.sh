#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs attestation clients as they are, with our driver and with the in-tree one.

set -eu
. "$(dirname "$0")/../vm/common.sh"
. "$VM/session.bash"
. "$(dirname "$0")/judge.bash"

HERE=$TOP/selftests/clients
OUT=$BUILD/clients
ABSENT=$HERE/absent.txt
LIMIT=600	# seconds for all clients in one VM

usage()
{
	cat <<-END
	usage: [KERNEL='K...'] [TEE='T...'] run.sh [CLIENT]...

	Builds the clients, boots one VM for each kernel, TEE and driver, runs them
	all in it, and prints TAP with a table: what worked with which driver. What
	fails with our driver is a failed test; what the in-tree drivers do is told,
	not judged. Linux 6.1 has no driver of its own, and is no TD.

	A client is a folder beside this script:

	  CLIENT/build.sh OUT    on the host: puts what is needed to run into the
	                         folder OUT; exits with 4 if it cannot, and says why
	                         in its last line
	  CLIENT/host.sh         if it is there: on the host, once; rows as below, but
	                         "-" is always accepted, and none is in the table
	  CLIENT/guest.sh TEE    in the VM, in a folder that has what build.sh made,
	                         with tdx or snp: prints a line ROW<TAB>RESULT for
	                         each operation that it tries, where RESULT is ok, or
	                         "no: REASON", or "-: REASON" for an interface that
	                         is not there. What else it prints is shown if the
	                         row fails. An exit status that is not 0 fails, too,
	                         and a row that only some of the VMs of a TEE get. It
	                         starts from a TEE that other clients have used, and
	                         leaves one that others can use.

	"-" with our driver is a failure where absent.txt does not expect it.
	What was printed is in build/clients/out, the table in build/clients/table.
	END
}

# build CLIENT: what goes into the VM is then in build/clients/put/CLIENT.
build()
{
	local name=$1 put=$OUT/put/$1 log=$OUT/out/build-$1 status=0

	rm -rf "$put"
	mkdir -p "$put"
	say "building $name"
	attend "$HERE/$name/build.sh" "$put" >"$log" 2>&1 || status=$?
	case $status in
	0)
		cp "$HERE/$name/guest.sh" "$put"
		BUILT+=("$name")
		tap_ok "$name: is built" ;;
	4)
		rm -rf "$put"
		tap_skip "$name: is built" "$(tail -n 1 "$log")" ;;
	*)
		rm -rf "$put"
		tap_not_ok "$name: is built" "$(tail -n 40 "$log")" ;;
	esac
}

# host CLIENT: its rows need no VM, or boot one themselves.
host()
{
	local name=$1 log=$OUT/out/host-$1 row result status=0

	[ -x "$HERE/$name/host.sh" ] || return 0
	say "$name on the host ..."
	attend "$HERE/$name/host.sh" >"$log" 2>&1 || status=$?
	while IFS=$'\t' read -r row result; do
		case $result in
		ok)	tap_ok "host: $name: $row" ;;
		"-: "*)	tap_skip "host: $name: $row" "${result#-: }" ;;
		*)	tap_not_ok "host: $name: $row" "$result"
			tail -n 40 "$log" | sed 's/^/#   | /' ;;
		esac
	done < <({ cat "$log"; printf 'EXIT\t%s\n' "$status"; } |
		awk -f "$HERE/rows.awk")
}

# boot KERNEL TEE DRIVER: the lines of all clients, with their names before them,
# are then in build/clients/out/KERNEL-TEE-DRIVER.
boot()
{
	local log=$OUT/out/$1-$2-$3 status=0 options=()

	say "$1 $2 $3 ..."
	[ "$2" != tdx ] || options=(-c "$OUT/boot.log")
	attend "$VM/run.sh" -k "$1" -t "$2" -d "$3" -T "$LIMIT" \
		"${options[@]}" -p "$HERE/run-guest.sh" -p "$OUT/put" \
		-- ./run-guest.sh "$2" >"$log" 2>"$log.err" || status=$?
	add_results "$@"
	if [ "$status" = 0 ]; then
		[ "$3" = intree ] || tap_ok "$1 $2 $3: the VM and its kernel log"
	elif [ "$3" = intree ]; then
		echo "# $1 $2 $3: run.sh ended with status $status"
		sed 's/^/#   /' "$log.err"
	else
		tap_not_ok "$1 $2 $3: the VM and its kernel log" \
			"status $status"$'\n'"$(tail -n 40 "$log.err")"
	fi
}

# results: TEE, kernel, driver, client, row and result, with tabs between.
add_results()
{
	local name rows

	printf '%s\t%s\t%s\n' "$2" "$1" "$3" >>"$OUT/results"
	for name in "${BUILT[@]}"; do
		rows=$(sed -n "s/^$name	//p" "$OUT/out/$1-$2-$3" |
			awk -f "$HERE/rows.awk")
		[ -z "$rows" ] || awk -v OFS='\t' -v place="$2	$1	$3	$name" \
			'{ print place, $0 }' <<<"$rows"
	done >>"$OUT/results"
}

# A client may have rows for one TEE only, and TEE= may ask for the other.
skip_the_idle()
{
	local client

	for client in "${BUILT[@]}"; do
		cut -f 4 "$OUT/complete" | grep -qx "$client" ||
			tap_skip "$client" "has nothing to try here"
	done
}

# combinations: each (kernel, TEE, driver) that there is, in words
combinations()
{
	local k tee

	# shellcheck disable=SC2086 # lists of words
	for tee in ${TEE:-${TEES[*]}}; do
		for k in ${KERNEL:-${KERNELS[*]}}; do
			[ "$k:$tee" != 6.1:tdx ] || continue
			echo "$k $tee tsm_guest"
			[ "$k" = 6.1 ] || echo "$k $tee intree"
		done
	done
}

all_clients()
{
	local script

	for script in "$HERE"/*/guest.sh; do
		script=${script%/guest.sh}
		echo "${script##*/}"
	done
}

check_settings()
{
	local word

	for word in ${KERNEL-}; do
		case " ${KERNELS[*]} " in
		*" $word "*) ;;
		*) die 2 "KERNEL=$KERNEL: $word is not one of ${KERNELS[*]}" ;;
		esac
	done
	for word in ${TEE-}; do
		case " ${TEES[*]} " in
		*" $word "*) ;;
		*) die 2 "TEE=$TEE: $word is not one of ${TEES[*]}" ;;
		esac
	done
	for word in "${CLIENTS[@]}"; do
		[ -x "$HERE/$word/guest.sh" ] || die 2 "$word: no such client"
	done
}

prepare()
{
	rm -rf "$OUT"
	mkdir -p "$OUT/out" "$OUT/put"
	: >"$OUT/results"
	"$VM/eventlog.py" boot -o "$OUT/boot.log"
}

run_all()
{
	local k tee driver client

	for client in "${CLIENTS[@]}"; do
		build "$client"
	done
	[ ${#BUILT[@]} -gt 0 ] || return 0
	for client in "${BUILT[@]}"; do
		host "$client"
	done
	while read -r k tee driver; do
		if [ -e "$BUILD/kernels/$k/release" ]; then
			boot "$k" "$tee" "$driver"
		else
			tap_skip "$k $tee $driver" "Linux $k was not fetched"
		fi
	done < <(combinations)
	awk -f "$HERE/complete.awk" "$OUT/results" >"$OUT/complete"
	judge_all
	skip_the_idle
	awk -f "$HERE/table.awk" "$OUT/complete" >"$OUT/table"
	sed 's/^/# /' "$OUT/table"
}

# Two at once would write the same files.
main()
{
	prepare
	echo "TAP version 13"
	run_all
	echo "1..$tap_number"
}

[ "${1-}" != --help ] || { usage; exit 0; }
BUILT=()
CLIENTS=("$@")
[ $# -gt 0 ] || mapfile -t CLIENTS < <(all_clients)
check_settings
. "$TOP/selftests/checks/tap.bash"
with_lock clients main
exit "$tap_failed"
